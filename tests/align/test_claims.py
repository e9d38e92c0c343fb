"""Claims from the probabilities of pairs, on made ones whose right answer is plain."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy.sparse import csr_array

from align.claims import Claim, find_claims, labels_of
from align.pairs import PairProbabilities


def unit(*rows: list[float]) -> np.ndarray:
    matrix = np.array(rows, dtype=np.float32)
    return matrix / np.linalg.norm(matrix, axis=1, keepdims=True)


def claims(probabilities: np.ndarray, outlets: list[str], min_probability: float = 0.4) -> list[Claim]:
    """Claims of statements whose texts all differ."""
    pairs = PairProbabilities(np.arange(len(outlets)), csr_array(probabilities))
    return find_claims(pairs, outlets, min_probability)


# Two facts, told by three outlets; the last statement is of a third matter.
FACTS = unit([1, 0.1, 0], [0.1, 1, 0], [1, 0, 0.1], [0, 1, 0.1], [1, 0.1, 0.1], [0, 0.1, 1])
OUTLETS = ["a", "a", "b", "b", "c", "c"]
ALIKE = FACTS @ FACTS.T


def test_statements_of_different_outlets_that_say_the_same_make_a_claim() -> None:
    found = claims(ALIKE, OUTLETS)
    assert sorted(claim.members for claim in found) == [(0, 2, 4), (1, 3)]


def test_a_claim_carries_probabilities_and_a_member_that_stands_for_it() -> None:
    claim = max(claims(ALIKE, OUTLETS), key=lambda claim: len(claim.members))
    assert claim.gist in claim.members
    assert claim.probabilities[claim.members.index(claim.gist)] == max(claim.probabilities)
    assert claim.probability == pytest.approx(np.mean(claim.probabilities), abs=1e-3)


def test_an_outlet_alone_makes_no_claim() -> None:
    for count in (0, 1, 3):
        ones = np.ones((count, count), dtype=np.float32)
        assert claims(ones, ["a"] * count) == []


def test_statements_with_nothing_alike_make_no_claim() -> None:
    nothing = np.zeros((4, 4), dtype=np.float32)
    assert claims(nothing, ["a", "b", "a", "b"]) == []


def test_a_chain_of_pairs_is_no_claim() -> None:
    """Each is near the next, the first and the last are far apart: one group would say they agree."""
    angles = np.radians([0, 40, 80, 120])
    chain = np.stack([np.cos(angles), np.sin(angles)], axis=1).astype(np.float32)
    found = claims(np.clip(chain @ chain.T, 0, 1), list("abcd"), min_probability=0.6)
    assert all(len(claim.members) < 4 for claim in found)


@settings(deadline=None, max_examples=50)
@given(
    arrays(np.float32, st.tuples(st.integers(0, 12), st.just(4)), elements=st.floats(-1, 1, width=32)),
    st.lists(st.sampled_from("abc"), min_size=12, max_size=12),
)
def test_whatever_the_vectors_each_statement_is_in_one_claim_at_most(vectors: np.ndarray, names: list[str]) -> None:
    norms = np.linalg.norm(vectors, axis=1, keepdims=True)
    rows = (vectors / np.where(norms == 0, 1, norms)).astype(np.float32)
    outlets = names[: len(vectors)]
    found = claims(np.clip(rows @ rows.T, 0, 1), outlets)
    members = [member for claim in found for member in claim.members]
    assert len(members) == len(set(members))
    assert all(len({outlets[member] for member in claim.members}) > 1 for claim in found)
    assert all(0 <= score <= 1 for claim in found for score in claim.probabilities)


def test_two_statements_of_one_outlet_weigh_against_a_claim() -> None:
    probabilities = np.array([[0, 0, 0.7], [0, 0, 0.6], [0.7, 0.6, 0]], dtype=np.float32)
    (claim,) = claims(probabilities, ["a", "a", "b"])
    assert claim.members == (0, 2)


def test_labels_tell_claims_and_whoever_is_in_none_apart() -> None:
    labels = labels_of(claims(ALIKE, OUTLETS), len(OUTLETS))
    assert labels[0] == labels[2] == labels[4] != labels[1] == labels[3]
    assert labels.count(labels[5]) == 1


def test_copies_of_a_text_are_one_claim_whatever_their_number() -> None:
    pairs = PairProbabilities(np.array([0] * 10_000 + [1]), csr_array(np.eye(2, dtype=np.float32)))
    outlets = [f"outlet {number % 5_000}" for number in range(10_000)] + ["outlet 0"]
    (claim,) = find_claims(pairs, outlets)
    assert claim.members == tuple(range(10_000))
    assert claim.probability == pytest.approx(1.0)


def test_a_member_agrees_with_each_statement_of_another_outlet_as_likely_as_their_texts_do() -> None:
    by_text = csr_array(np.array([[1, 0.6], [0.6, 1]], dtype=np.float32))
    (claim,) = find_claims(PairProbabilities(np.array([0, 0, 1]), by_text), ["a", "b", "a"])
    assert claim.probabilities == pytest.approx((1.0, 0.8, 0.6))
