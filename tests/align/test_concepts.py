"""Concepts: words of three languages that mean alike in news."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from align.concepts import Concepts

CONCEPTS = Concepts.from_mapping(
    {
        "die": {"en": "kill die$ died$", "ru": "погиб убит", "ar": "قتل قتيل استشه"},
        "army": {"en": "army$ armies$", "ru": "арми", "ar": "جيش"},
        "stage": {"en": "killjoy staged", "ru": "постанов", "ar": "مسرح"},
    }
)


@pytest.mark.parametrize("word", ["killed", "KILLING", "die", "погибли", "Убитых", "قتلى", "وقتل", "اِسْتَشْهَدَ", "واستشهد"])
def test_a_word_is_known_by_its_beginning_whatever_its_case_signs_and_what_is_attached(word: str) -> None:
    assert CONCEPTS.of(word) == {"die"}


def test_an_arabic_word_loses_several_attached_parts() -> None:
    assert CONCEPTS.of("وللجيش") == CONCEPTS.of("بالجيش") == {"army"}


def test_whole_words_are_no_beginnings() -> None:
    assert CONCEPTS.of("dies") == CONCEPTS.of("armyworm") == frozenset()


def test_a_word_may_stand_for_two_concepts() -> None:
    assert CONCEPTS.of("killjoy") == {"die", "stage"}


@given(st.text(max_size=30))
def test_whatever_the_word_its_concepts_are_known_ones(word: str) -> None:
    assert CONCEPTS.of(word) <= {"die", "army", "stage"}
