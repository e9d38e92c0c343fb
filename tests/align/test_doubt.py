"""What the shipped estimates make of translations, true and wrong."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from align.doubt import DOUBTFUL, FAULTS, SIGNS, Estimate, estimate, signs
from align.encoders import EmbeddedEncoder
from flows.lexicons import load_knowledge
from flows.weights import load_weights

ENCODER = EmbeddedEncoder()
KNOWLEDGE = load_knowledge(ENCODER.encode)
LEARNED = load_weights().doubt
RUSSIAN = "Министр не подтвердил, что при взрыве на складе в порту погибли 12 человек, но обещал расследование."
ARABIC = "ولم يؤكد الوزير مقتل ١٢ شخصا في انفجار المستودع في الميناء، لكنه وعد بإجراء تحقيق."
ENGLISH = (
    "The minister did not confirm that 12 people died in the warehouse blast in the port, but promised an inquiry."
)
WRONG = [
    ("length", "The minister did not confirm that 12 people"),
    ("length", f"{ENGLISH} Oil prices rose on Monday, while traders in London waited for news from the producers."),
    ("meaning", "Wheat and barley have become cheaper in the north, farmers told the market newspaper last night."),
    ("number", ENGLISH.replace("12", "72")),
    ("negation lost", ENGLISH.replace("did not confirm", "did confirm")),
    ("negation added", ENGLISH.replace("promised", "did not promise")),
    ("repetition", ENGLISH.replace("in the port", "in the port in the port in the port in the port in the port")),
]


def found(source: str, language: str, english: Sequence[str]) -> list[Estimate]:
    vectors = ENCODER.encode([source] * len(english)), ENCODER.encode(english)
    return estimate([source] * len(english), english, language, vectors, LEARNED, KNOWLEDGE)


@pytest.mark.parametrize(("source", "language"), [(RUSSIAN, "ru"), (ARABIC, "ar")])
def test_a_true_translation_is_not_doubtful_and_better_than_wrong_ones(source: str, language: str) -> None:
    true, *wrong = found(source, language, [ENGLISH, *(text for _, text in WRONG)])
    assert true.quality > 0.8 and true.doubt is None
    assert all(estimate.quality < true.quality for estimate in wrong)


@pytest.mark.parametrize(("fault", "english"), WRONG)
def test_a_wrong_translation_is_doubtful_for_its_fault(fault: str, english: str) -> None:
    (made,) = found(RUSSIAN, "ru", [english])
    assert made.quality < DOUBTFUL and made.doubt == fault


def test_a_source_left_as_it_is_is_copied() -> None:
    assert [made.doubt for made in found(RUSSIAN, "ru", [RUSSIAN])] == ["copied"]


def test_no_translations_have_no_estimates() -> None:
    assert found(RUSSIAN, "ru", []) == []


def test_each_sign_has_a_value_for_each_translation_and_each_fault_its_signs() -> None:
    vectors = ENCODER.encode([RUSSIAN] * 2), ENCODER.encode([ENGLISH, ""])
    table = signs([RUSSIAN] * 2, [ENGLISH, ""], "ru", vectors, LEARNED.lengths, KNOWLEDGE)
    assert list(table) == list(SIGNS) and {values.shape for values in table.values()} == {(2,)}
    assert {fault: tuple(weights.weights) for fault, weights in LEARNED.faults.items()} == dict(FAULTS)
    assert table["words lost"][1] == table["end lost"][1] == 1.0


@settings(max_examples=30, deadline=None)
@given(st.text(max_size=60), st.text(max_size=60), st.sampled_from(["ru", "ar", "de"]))
def test_any_texts_have_an_estimate(source: str, english: str, language: str) -> None:
    (made,) = found(source, language, [english])
    assert 0 <= made.quality <= 1 and (made.doubt in FAULTS) == (made.quality < DOUBTFUL)
