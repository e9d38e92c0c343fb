"""The probability that two statements say the same, with the shipped weights."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from align.claims import MIN_PROBABILITY, find_claims
from align.encoders import EmbeddedEncoder
from align.figures import figure_values
from align.pairs import AT_ONCE, Statements, Weights, features, find_contents, pair_probabilities
from flows.lexicons import load_knowledge
from flows.weights import load_weights

ENCODER = EmbeddedEncoder()
KNOWLEDGE = load_knowledge(ENCODER.encode)
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
    contents = find_contents(texts, languages, outlets, KNOWLEDGE.reporting)
    figures = list(map(figure_values, texts, languages))
    return Statements(texts, contents, figures, languages, outlets, outlets, depths, ENCODER.encode(texts), english)


def probabilities(story: Sequence[tuple[str, str, str]], english: Sequence[str] | None = None) -> np.ndarray:
    found = pair_probabilities(statements(story, english), SCORER, KNOWLEDGE)
    between = found.by_text.toarray()[np.ix_(found.rows, found.rows)]
    assert np.allclose(between, between.T)
    return between


def test_statements_that_say_the_same_in_three_scripts_are_likelier_than_any_others() -> None:
    found = probabilities(STORY)
    same = [(0, 3), (0, 6), (3, 6), (1, 4), (1, 7), (4, 7)]
    others = [(i, j) for i in range(9) for j in range(i) if (j, i) not in same]
    assert min(found[pair] for pair in same) > 5 * max(found[pair] for pair in others)
    assert min(found[0, 3], found[0, 6], found[3, 6], found[1, 4]) > MIN_PROBABILITY


def test_translations_are_used_where_all_statements_have_one() -> None:
    english = [text for _, _, text in STORY[:3]] * 3
    names = [name for name, _ in features(statements(STORY, english), KNOWLEDGE)]
    assert sorted(names) == sorted(SCORER.translated.weights)
    assert sorted(name for name, _ in features(statements(STORY), KNOWLEDGE)) == sorted(SCORER.originals.weights)
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
    within = (outlets[:, None] == outlets[None, :]) & ~np.eye(len(STORY), dtype=bool)
    assert not found[within].any()


def test_ten_thousand_copies_of_a_sentence_are_one_text() -> None:
    story = [(f"outlet {copy % 7}", "en", "The dam above the town burst.") for copy in range(10_000)]
    found = pair_probabilities(statements([*story, *STORY]), SCORER, KNOWLEDGE)
    assert found.by_text.shape == (10, 10)
    largest = max(find_claims(found, [outlet for outlet, _, _ in [*story, *STORY]]), key=lambda c: len(c.members))
    assert len(largest.members) >= 10_000


def test_a_story_too_long_to_compare_at_once_is_compared_with_what_is_near() -> None:
    told = [(f"outlet {n % 5}", "en", f"Road {n * 37} was closed in village {n * 91} at noon.") for n in range(AT_ONCE)]
    again = [("far", "ru", "В ночь на воскресенье прорвало плотину над городом.")]
    dam = STORY[0]
    found = pair_probabilities(statements([dam, *told, *again, dam]), SCORER, KNOWLEDGE)
    assert found.by_text.shape == (AT_ONCE + 2, AT_ONCE + 2)
    assert found.by_text[0, AT_ONCE + 1] == 0
    near = pair_probabilities(statements([*told, dam, *again]), SCORER, KNOWLEDGE)
    assert near.by_text[AT_ONCE, AT_ONCE + 1] > MIN_PROBABILITY


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
        for name, matrix in features(statements(story, [text for _, _, text in story]), KNOWLEDGE):
            assert np.isfinite(matrix).all(), name
            assert np.allclose(matrix, matrix.T, atol=1e-4), name


def test_weights_are_of_a_logistic_regression() -> None:
    certain = Weights(30.0, {})
    scorer = type(SCORER)(certain, certain, certain, certain)
    found = pair_probabilities(statements(STORY), scorer, KNOWLEDGE).by_text
    assert found[0, 3] == pytest.approx(1.0) and found[0, 1] == 0
