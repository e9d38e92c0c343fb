"""Scored pairs and claims, on made vectors whose right answer is plain, and on gold."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from align.claims import MIN_SCORE, find_claims, fit_min_score, labels_of
from align.encoders import EmbeddedEncoder
from align.evaluation import score_groups
from align.neighbours import contrasted, pair_scores
from flows.evaluation import gold_scores
from flows.gold import shipped_events


def unit(*rows: list[float]) -> np.ndarray:
    matrix = np.array(rows, dtype=np.float32)
    return matrix / np.linalg.norm(matrix, axis=1, keepdims=True)


# Two facts, told by three outlets; the last statement is of a third matter.
FACTS = unit([1, 0.1, 0], [0.1, 1, 0], [1, 0, 0.1], [0, 1, 0.1], [1, 0.1, 0.1], [0, 0.1, 1])
OUTLETS = ["a", "a", "b", "b", "c", "c"]


def test_statements_of_different_outlets_that_say_the_same_make_a_claim() -> None:
    found = find_claims(contrasted(FACTS @ FACTS.T, OUTLETS), OUTLETS)
    assert sorted(claim.members for claim in found) == [(0, 2, 4), (1, 3)]


def test_a_claim_carries_scores_and_a_member_that_stands_for_it() -> None:
    claim = max(find_claims(contrasted(FACTS @ FACTS.T, OUTLETS), OUTLETS), key=lambda claim: len(claim.members))
    assert claim.gist in claim.members
    assert claim.scores[claim.members.index(claim.gist)] == max(claim.scores)
    assert claim.score == pytest.approx(np.mean(claim.scores), abs=1e-3)


def test_an_outlet_alone_makes_no_claim() -> None:
    for count in (0, 1, 3):
        ones = np.ones((count, count), dtype=np.float32)
        assert find_claims(ones, ["a"] * count) == []
        assert not contrasted(ones, ["a"] * count).any()


def test_statements_with_nothing_alike_make_no_claim() -> None:
    nothing = np.zeros((4, 4), dtype=np.float32)
    assert find_claims(contrasted(nothing, ["a", "b", "a", "b"]), ["a", "b", "a", "b"]) == []


def test_a_chain_of_pairs_is_no_claim() -> None:
    """Each is near the next, the first and the last are far apart: one group would say they agree."""
    angles = np.radians([0, 40, 80, 120])
    chain = np.stack([np.cos(angles), np.sin(angles)], axis=1).astype(np.float32)
    found = find_claims(contrasted(np.clip(chain @ chain.T, 0, 1), list("abcd")), list("abcd"), min_score=0.6)
    assert all(len(claim.members) < 4 for claim in found)


def test_a_statement_like_everything_scores_lower_than_one_like_a_single_other() -> None:
    """What the margin is for: the same cosine means less to a statement that is near to all of them."""
    base = unit([1, 0, 0, 0], [0.7, 0.7, 0, 0], [0.7, 0, 0.7, 0], [0, 0, 0, 1], [0, 0, 0.7, 0.7])
    scores = contrasted(base @ base.T, ["a", "b", "c", "a", "c"])
    crowded, lonely = scores[0, 1], scores[3, 4]
    assert base[0] @ base[1] == pytest.approx(base[3] @ base[4], abs=1e-5)
    assert lonely > crowded


@settings(deadline=None, max_examples=50)
@given(
    arrays(np.float32, st.tuples(st.integers(0, 12), st.just(4)), elements=st.floats(-1, 1, width=32)),
    st.lists(st.sampled_from("abc"), min_size=12, max_size=12),
)
def test_whatever_the_vectors_each_statement_is_in_one_claim_at_most(vectors: np.ndarray, names: list[str]) -> None:
    norms = np.linalg.norm(vectors, axis=1, keepdims=True)
    rows = (vectors / np.where(norms == 0, 1, norms)).astype(np.float32)
    outlets = names[: len(vectors)]
    found = find_claims(contrasted(np.clip(rows @ rows.T, 0, 1), outlets), outlets)
    members = [member for claim in found for member in claim.members]
    assert len(members) == len(set(members))
    assert all(len({outlets[member] for member in claim.members}) > 1 for claim in found)
    assert all(0 <= score <= 1 for claim in found for score in claim.scores)


def test_a_pair_is_scored_by_its_vectors_and_its_wording() -> None:
    texts = ["The dam burst.", "Плотину прорвало.", "Talks resume on Friday."]
    encoder = EmbeddedEncoder()
    scores = pair_scores(encoder.encode(texts), texts, ["en", "ru", "en"], ["a", "b", "c"], encoder.encode)
    assert np.allclose(scores, scores.T) and not scores.diagonal().any()
    assert scores[0, 1] > MIN_SCORE > scores[0, 2]


def test_the_shipped_threshold_is_the_one_the_gold_events_give_and_wording_earns_its_place() -> None:
    encoder = EmbeddedEncoder()
    events = [(gold_scores(event, encoder), event.outlets, event.labels) for event in shipped_events()]
    assert fit_min_score(events) == MIN_SCORE
    f1 = [
        score_groups(gold, labels_of(find_claims(scores, outlets), len(gold)), outlets).pairs.f1
        for scores, outlets, gold in events
    ]
    assert np.mean(f1) > 0.75, "vectors alone reach 0.70"
