"""Numbers of a text that its translation lacks, whichever way each is written."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from align.numbers import find_numbers, missing_numbers

KEPT = [
    ("ru", "В 2018 году приехали 1 450 человек.", "In 2018 some 1,450 people came."),
    ("ru", "Цена выросла на 2,5 процента.", "The price rose by 2.5 percent."),
    ("ru", "Двадцать пять тысяч жителей.", "25,000 residents."),
    ("ru", "3,4 млн евро", "3.4 million euros"),
    ("ru", "Оба дома сгорели дважды.", "Both houses burnt twice."),
    ("ru", "в XIX веке", "in the nineteenth century"),
    ("ru", "в 14:30", "at 2.30 p.m."),
    ("ar", "قتل ١٢ شخصا عام ٢٠١٨", "12 people were killed in 2018"),
    ("ar", "بعد يومين", "after two days"),
    ("ar", "ثلاثة آلاف لاجئ", "3,000 refugees"),
    ("ar", "خلال ثمانينيات القرن العشرين", "during the 1980s"),
]
CHANGED = [
    ("ru", "В 2018 году", "In 2019"),
    ("ru", "Двадцать пять человек", "Thirty people"),
    ("ru", "1 450 человек", "1,540 people"),
    ("ar", "قتل ١٢ شخصا", "21 people were killed"),
]


@pytest.mark.parametrize(("language", "text", "english"), KEPT)
def test_numbers_that_are_kept_are_not_missing(language: str, text: str, english: str) -> None:
    assert missing_numbers(text, language, english, "en") == missing_numbers(english, "en", text, language) == []


@pytest.mark.parametrize(("language", "text", "english"), CHANGED)
def test_a_number_that_differs_is_missing_on_both_sides(language: str, text: str, english: str) -> None:
    assert missing_numbers(text, language, english, "en")
    assert missing_numbers(english, "en", text, language)


def test_a_number_has_its_place_and_whether_it_is_in_digits() -> None:
    text = "Some 2 million people in three towns"
    (digits, words) = find_numbers(text, "en")
    assert (text[digits.start : digits.end], digits.is_digits) == ("2 million", True) and 2e6 in digits.values
    assert (text[words.start : words.end], words.is_digits, words.values) == ("three", False, frozenset({3.0}))


def test_a_long_code_is_no_number() -> None:
    assert find_numbers("4" * 30, "en") == []


@given(st.text(), st.sampled_from(["en", "ru", "ar", "de"]))
def test_any_text_lacks_nothing_of_itself(text: str, language: str) -> None:
    assert missing_numbers(text, language, text, language) == []
