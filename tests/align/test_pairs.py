"""The probability that two statements say the same, with the shipped weights."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from align.claims import MIN_PROBABILITY
from align.encoders import EmbeddedEncoder
from align.pairs import Statements, Weights, features, pair_probabilities
from flows.weights import load_weights

ENCODER = EmbeddedEncoder()
SCORER = load_weights().scorer
STORY = [
    ("a", "en", "The dam above the town burst on Sunday night."),
    ("a", "en", "At least 40 people are missing, the mayor said."),
    ("a", "en", "Schools will stay closed all week."),
    ("b", "ru", "В ночь на воскресенье прорвало плотину над городом."),
    ("b", "ru", "По словам мэра, пропали без вести не менее 40 человек."),
    ("b", "ru", "Президент выразил соболезнования."),
    ("c", "ar", "انهار السد الواقع فوق البلدة ليلة الأحد."),
    ("c", "ar", "وقال العمدة إن 40 شخصا على الأقل في عداد المفقودين."),
    ("c", "ar", "ولا تزال الطرق المؤدية إلى المنطقة مقطوعة."),
]


def statements(story: Sequence[tuple[str, str, str]], english: Sequence[str] | None = None) -> Statements:
    outlets, languages, texts = (list(column) for column in zip(*story, strict=True)) if story else ([], [], [])
    depths = [place / len(story) for place in range(len(story))]
    return Statements(texts, languages, outlets, outlets, depths, ENCODER.encode(texts), english)


def probabilities(story: Sequence[tuple[str, str, str]], english: Sequence[str] | None = None) -> np.ndarray:
    return pair_probabilities(statements(story, english), SCORER, ENCODER.encode)


def test_statements_that_say_the_same_in_three_scripts_are_likelier_than_any_others() -> None:
    found = probabilities(STORY)
    same = [(0, 3), (0, 6), (3, 6), (1, 4), (1, 7), (4, 7)]
    others = [(i, j) for i in range(9) for j in range(i) if (j, i) not in same]
    assert min(found[pair] for pair in same) > 5 * max(found[pair] for pair in others)
    assert min(found[0, 3], found[0, 6], found[3, 6], found[1, 4]) > MIN_PROBABILITY


def test_translations_are_used_where_all_statements_have_one() -> None:
    english = [text for _, _, text in STORY[:3]] * 3
    names = [name for name, _ in features(statements(STORY, english), ENCODER.encode)]
    assert sorted(names) == sorted(SCORER.translated.weights)
    assert sorted(name for name, _ in features(statements(STORY), ENCODER.encode)) == sorted(SCORER.originals.weights)
    assert probabilities(STORY, english)[2, 5] > probabilities(STORY)[2, 5]


def test_a_denial_is_not_what_it_denies() -> None:
    def with_last(text: str) -> float:
        return float(probabilities([*STORY, ("d", "en", text)])[0, -1])

    assert with_last("The dam above the town has burst.") > with_last(
        "Officials denied that the dam above the town burst."
    )


def test_within_an_outlet_nothing_corroborates() -> None:
    found = probabilities(STORY)
    outlets = np.array([outlet for outlet, _, _ in STORY])
    assert not found[outlets[:, None] == outlets[None, :]].any()
    assert np.allclose(found, found.T)


@pytest.mark.parametrize(
    "story",
    [
        [],
        [("a", "en", "One.")],
        [("a", "en", ""), ("b", "ru", " "), ("c", "xx", "\u200f")],
        [("a", "en", "The same."), ("a", "en", "The same.")],
        [("a", "en", "Only 3."), ("b", "en", "Only 3."), ("c", "en", "Only 3.")],
    ],
    ids=["none", "one", "blank", "one outlet", "one language"],
)
def test_odd_stories_have_probabilities_too(story: list[tuple[str, str, str]]) -> None:
    found = probabilities(story)
    assert found.shape == (len(story), len(story))
    assert np.isfinite(found).all() and ((found >= 0) & (found <= 1)).all()


@settings(deadline=None, max_examples=25)
@given(
    st.lists(
        st.tuples(st.sampled_from("abc"), st.sampled_from(["en", "ru", "ar", "de"]), st.text(max_size=60)), max_size=8
    )
)
def test_whatever_the_texts_features_are_finite_and_symmetric(story: list[tuple[str, str, str]]) -> None:
    if story:
        for name, matrix in features(statements(story, [text for _, _, text in story]), ENCODER.encode):
            assert np.isfinite(matrix).all(), name
            assert np.allclose(matrix, matrix.T, atol=1e-4), name


def test_weights_are_of_a_logistic_regression() -> None:
    certain = Weights(30.0, {})
    scorer = type(SCORER)(certain, certain)
    found = pair_probabilities(statements(STORY), scorer, ENCODER.encode)
    assert found[0, 3] == pytest.approx(1.0) and found[0, 1] == 0
