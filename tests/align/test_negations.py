"""Negations of a text and its translation, counted against each other."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from align.negations import NAMES, compare_negations, may_negate, negated

SAME = [
    ("ru", "Он не приехал.", "He did not come."),
    ("ru", "Никто ничего не сказал.", "Nobody said anything."),
    ("ru", "Не только дождь, но и снег.", "Not only rain but snow."),
    ("ru", "Министр отказался отвечать.", "The minister did not answer."),
    ("ar", "لم يحضر الوزير.", "The minister didn't attend."),
    ("ar", "ولا يزال البحث مستمرا.", "The search is still going on."),
    ("ar", "غير معروف", "unknown"),
]
LOST = [
    ("ru", "Он не приехал.", "He came."),
    ("ru", "Переговоров не будет.", "There will be talks."),
    ("ar", "لم يحضر الوزير.", "The minister attended."),
    ("ar", "ولن نقبل ذلك.", "And we will accept that."),
]


@pytest.mark.parametrize(("language", "source", "english"), SAME)
def test_what_is_negated_in_both_is_surely_neither_lost_nor_added(language: str, source: str, english: str) -> None:
    found = compare_negations(source, language, english)
    assert found["negations surely lost"] == found["negations surely added"] == 0


@pytest.mark.parametrize(("language", "source", "english"), LOST)
def test_a_negation_that_is_gone_is_surely_lost(language: str, source: str, english: str) -> None:
    found = compare_negations(source, language, english)
    assert found["negations lost"] == found["negations surely lost"] == 1


def test_a_negation_that_the_source_has_not_is_surely_added() -> None:
    assert compare_negations("Он приехал.", "ru", "He did not come.")["negations surely added"] == 1


def test_vowel_signs_hide_no_negation() -> None:
    assert compare_negations("لَمْ يَحْضُرْ", "ar", "He came.")["negations lost"] == 1


def test_nothing_is_known_of_other_languages() -> None:
    assert compare_negations("Er kam nicht.", "de", "He came.") == dict.fromkeys(NAMES, 0.0)


def test_what_may_negate_is_told_widely() -> None:
    assert may_negate("Министр отсутствовал.", "ru") and may_negate("Er kam.", "de")
    assert not may_negate("Министр приехал.", "ru") and not may_negate("وصل الوزير.", "ar")


def test_not_goes_after_auxiliaries_that_have_none() -> None:
    assert negated("He was there and has not seen it, but will.") == [
        "He was not there and has not seen it, but will.",
        "He was there and has not seen it, but will not.",
    ]
    assert negated("Rain fell.") == []


@given(st.text(), st.sampled_from(["en", "ru", "ar", "de"]), st.text())
def test_any_text_has_counts_of_0_to_2(source: str, language: str, english: str) -> None:
    assert set(compare_negations(source, language, english).values()) <= {0.0, 1.0, 2.0}
