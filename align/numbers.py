"""Numbers of a text that a text in another language lacks, whatever they count or are part of.

Wider than `align.figures`, which takes what is counted: years, dates, clock times and numbers inside names are read
too, since a translation has to keep them all.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from align.figures import digits_value, numbers_in_words, scale_after
from align.number_words import ARABIC_DUAL, HINTS
from align.words import WORD

_WESTERN = str.maketrans("٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹٫٬", "01234567890123456789.,")
_SPACE = "[ \u00a0\u202f\u2009]"
_DIGITS = re.compile(rf"\d{{1,3}}(?:{_SPACE}\d{{3}}(?!\d))+(?:[.,]\d+)?|\d+(?:[.,]\d+|،\d{{3}}(?!\d))*")
_LONGEST = 24  # characters of a number; what is longer is a code
_CLOCK = re.compile(r"(\d{1,2})(?:[:.]\d\d(?!\d)|\s?[ap]\.?m\b)")
_ROMAN = re.compile(r"\b(?=[IVX])X{0,2}(?:IX|IV|V?I{0,3})\b")
_ROMAN_DIGITS = {"I": 1, "V": 5, "X": 10}


@dataclass(frozen=True, slots=True)
class Number:
    """A number at `start` to `end` of a text, in digits or in words, with all the values it may be read as."""

    start: int
    end: int
    values: frozenset[float]
    is_digits: bool


def find_numbers(text: str, language: str) -> list[Number]:
    """The numbers of a text in digits, and those in words of the three languages other than "one"."""
    shown = text.translate(_WESTERN)
    numbers = [_in_digits(shown, match, language) for match in _DIGITS.finditer(shown) if len(match[0]) <= _LONGEST]
    # The million of "2 million" is counted with its digits.
    counted = [(number.start, number.end) for number in numbers]
    numbers += [
        Number(start, end, frozenset({value}), False)
        for start, end, value in numbers_in_words(text, language)
        if value != 1 and not any(first < end and start < last for first, last in counted)
    ]
    return sorted(numbers, key=lambda number: number.start)


def missing_numbers(text: str, language: str, other: str, other_language: str) -> list[Number]:
    """The numbers of a text that the other does not give: neither as such nor in a word such as "both" or "decade"."""
    wanted = find_numbers(text, language)
    there = set(_hinted(other, other_language)) if wanted else set()
    return [number for number in wanted if not number.values & there]


def _in_digits(text: str, match: re.Match[str], language: str) -> Number:
    values = set(_readings(match[0], language))
    end, scale = scale_after(text, match.end(), language)
    return Number(match.start(), end, frozenset(values | {value * scale for value in values}), True)


def _readings(digits: str, language: str) -> Iterator[float]:
    """What digits may stand for, their separators read by the rules of the language and of others."""
    bare = re.sub(f"{_SPACE}|،", "", digits)
    yield digits_value(bare, language)
    yield float(re.sub("[.,]", "", bare))
    parts = re.split("[.,]", bare)
    if len(parts) == 2:
        yield float(".".join(parts))
        yield from (float(part) for part in parts if len(parts[1]) == 2)  # "5.30 pm"


def _hinted(text: str, language: str) -> Iterator[float]:
    """All numbers that a text gives or hints at: by clock times, decades, Roman digits, ordinals, "twice"."""
    shown = text.translate(_WESTERN)
    for value in [*_in_parts(text, language), *(v for number in find_numbers(text, language) for v in number.values)]:
        yield value
        if value in range(10, 100, 10):  # the eighties are the 1980s
            yield value + 1900
        if value in range(1900, 2100):  # 1950-53
            yield value % 100
    for clock in _CLOCK.finditer(shown):
        yield from (float(int(clock[1]) % 12), float(int(clock[1]) % 12 + 12), 0.0)
    for digits in _ROMAN.finditer(shown):
        values = [_ROMAN_DIGITS[digit] for digit in digits[0]]
        yield float(sum(-a if a < b else a for a, b in pairwise([*values, 0])))


def _in_parts(text: str, language: str) -> Iterator[float]:
    """The numbers of single words and of two beside each other: "twenty-first", القرن التاسع عشر."""
    before: list[float] = []
    for word in WORD.findall(text):
        for part in word.split("-"):
            values = [float(value) for value in HINTS.of(part)]
            yield from values
            yield from (first + second for first in before for second in values)
            yield from (first * second for first in before for second in values)
            before = values
    if language == "ar" and ARABIC_DUAL.search(text):
        yield 2.0
