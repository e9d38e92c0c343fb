"""Which claims deny which, with the shipped weights."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from align.encoders import EmbeddedEncoder
from align.pairs import Statements, Weights
from align.relations import Denial, denial_features, find_denials
from flows.lexicons import load_knowledge
from flows.weights import load_weights

ENCODER = EmbeddedEncoder()
KNOWLEDGE = load_knowledge(ENCODER.encode)
WEIGHTS = load_weights().denials
Line = tuple[str, str, str, str | None]  # article, language, text, speaker
STORY: list[Line] = [
    ("a", "en", "Lurania accused Borduria of shelling the port of Selim on Monday.", "Lurania"),
    ("a", "en", "Borduria rejected the accusation that it had shelled Selim as a lie.", "Borduria"),
    ("a", "en", "Wheat prices rose by a tenth.", None),
    ("b", "ru", "Лурания обвинила Бордурию в обстреле порта Селим.", "Лурания"),
    ("b", "ru", "В Бордурии обвинения в обстреле порта отвергли как ложь.", "Бордурия"),
    ("b", "ru", "Цены на пшеницу выросли на десять процентов.", None),
]
CLAIMS = [[0, 3], [1, 4], [2, 5]]


def statements(story: Sequence[Line]) -> Statements:
    articles, languages, texts, _ = zip(*story, strict=True) if story else ((), (), (), ())
    figures: list[set[float]] = [set() for _ in story]  # which denials are not told by
    depths = [0.0] * len(story)
    return Statements(texts, texts, figures, languages, articles, articles, depths, ENCODER.encode(list(texts)))


def found(story: Sequence[Line], claims: Sequence[Sequence[int]] = CLAIMS) -> list[Denial]:
    return find_denials(statements(story), [line[3] for line in story], claims, WEIGHTS, KNOWLEDGE)


def features(story: Sequence[Line], claims: Sequence[Sequence[int]] = CLAIMS) -> dict[str, np.ndarray]:
    return denial_features(statements(story), [line[3] for line in story], claims, KNOWLEDGE)


def test_a_denial_is_linked_with_what_it_denies_and_not_the_other_way_round() -> None:
    (denial,) = found(STORY)
    assert (denial.claim, denial.denied) == (1, 0) and 0.5 < denial.probability <= 1


def test_the_order_of_claims_does_not_matter() -> None:
    (denial,) = found(STORY, [[2, 5], [1, 4], [0, 3]])
    assert (denial.claim, denial.denied) == (1, 2)


def test_nobody_denies_what_they_say_themselves() -> None:
    same = [(article, language, text, speaker and "Borduria") for article, language, text, speaker in STORY]
    assert features(same)["same speaker"][1, 0] == 1 and features(STORY)["same speaker"][1, 0] == 0
    assert WEIGHTS.weights["same speaker"] < 0


def test_features_are_shares_by_hand() -> None:
    made = features(STORY)
    assert made["disputing"][:, 0].tolist() == [0, 1, 0] and made["denied disputing"][0].tolist() == [0, 1, 0]
    assert made["both alleging"][1, 0] == 1 and made["both alleging"][2, 0] == 0
    # Each denial follows its accusation; the prices follow the denial, with the accusation one before it.
    assert made["follows"].tolist() == [[0, 0, 0], [1, 0, 0], [0.5, 1, 0]]
    assert made["likeness"][0, 1] == made["likeness"][1, 0] > made["likeness"][0, 2]


def test_follows_counts_no_statement_of_another_article() -> None:
    apart = [(str(place), *line[1:]) for place, line in enumerate(STORY)]
    assert not features(apart)["follows"].any()


@pytest.mark.parametrize("claims", [[], [[0, 3]]])
def test_where_there_are_no_two_claims_none_denies_another(claims: list[list[int]]) -> None:
    assert found(STORY, claims) == []
    assert found([], []) == []


def test_shipped_weights_are_of_the_features_there_are() -> None:
    assert list(features(STORY)) == list(WEIGHTS.weights)


@settings(deadline=None, max_examples=40)
@given(
    st.lists(
        st.tuples(
            st.sampled_from("ab"),
            st.sampled_from(["en", "ru", "ar", "xx"]),
            st.text(max_size=20),
            st.none() | st.text(max_size=5),
        ),
        min_size=2,
        max_size=8,
    ),
    st.integers(1, 4),
)
def test_of_any_statements_each_claim_denies_at_most_one_other(story: list[Line], each: int) -> None:
    claims = [list(range(start, min(start + each, len(story)))) for start in range(0, len(story), each)]
    always = Weights(0.0, WEIGHTS.weights)
    denials = find_denials(statements(story), [line[3] for line in story], claims, always, KNOWLEDGE, 0.0)
    assert len({denial.claim for denial in denials}) == len(denials)
    assert all(denial.claim != denial.denied and 0 <= denial.probability <= 1 for denial in denials)
