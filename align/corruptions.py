"""Translations made wrong on purpose: what doubt is learned from, and what it is measured on."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from random import Random

from align.negations import negated
from align.numbers import find_numbers

_NUMBER_WORDS = ["two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "twelve", "twenty", "fifty"]
_NEGATION = re.compile(r"\bcannot\b|\b\w+n['’]t\b|\b(?:not|never|no|without)\b", re.I)
_AFFIRMED = {"without": "with", "cannot": "can", "can't": "can", "won't": "will", "shan't": "shall"}
_CLAUSE = re.compile(r"[,;] | and | that ")


def halve(text: str, _dice: Random) -> str | None:
    """The first half of the words."""
    words = text.split()
    return " ".join(words[: (len(words) + 1) // 2]) if len(words) > 1 else None


def leave_out_clause(text: str, _dice: Random) -> str | None:
    """All up to the last clause."""
    starts = [match.start() for match in _CLAUSE.finditer(text) if 0.3 < match.start() / len(text) < 0.9]
    return f"{text[: starts[-1]]}." if starts else None


def change_number(text: str, dice: Random) -> str | None:
    """One digit of a number, or the whole of one in words, is another."""
    numbers = find_numbers(text, "en")
    if not numbers:
        return None
    number = dice.choice(numbers)
    if not number.is_digits:
        words = [word for word in _NUMBER_WORDS if word != text[number.start : number.end].lower()]
        return text[: number.start] + dice.choice(words) + text[number.end :]
    digits = [place for place in range(number.start, number.end) if text[place].isdigit()]
    place = dice.choice([digits[0], dice.choice(digits)])  # a first digit changes most
    return text[:place] + dice.choice("123456789".replace(text[place], "")) + text[place + 1 :]


def remove_negation(text: str, dice: Random) -> str | None:
    """One negation is gone: "not", "never", "no", "without" or what ends in "n't"."""
    cues = list(_NEGATION.finditer(text))
    if not cues:
        return None
    cue = dice.choice(cues)
    word = cue[0].lower().replace("’", "'")
    kept = _AFFIRMED.get(word, cue[0][:-3] if word.endswith("n't") else "")
    return " ".join((text[: cue.start()] + kept + text[cue.end() :]).split())


def add_negation(text: str, dice: Random) -> str | None:
    """An auxiliary is negated."""
    with_it = negated(text)
    return dice.choice(with_it) if with_it else None


def repeat(text: str, dice: Random) -> str | None:
    """A few words are said up to three times more."""
    words = text.split()
    if len(words) < 4:
        return None
    first = dice.randrange(len(words) - 2)
    last = first + dice.randint(3, 6)
    return " ".join(words[:last] + words[first:last] * dice.randint(1, 3) + words[last:])


_ALONE: Mapping[str, Callable[[str, Random], str | None]] = {
    "half": halve,
    "number": change_number,
    "negation": remove_negation,
    "negation added": add_negation,
    "clause": leave_out_clause,
    "repeated": repeat,
}
CORRUPTIONS: Mapping[str, str] = {
    "shuffled": "meaning",
    "next": "meaning",
    "half": "length",
    "clause": "length",
    "joined": "length",
    "number": "number",
    "negation": "negation lost",
    "negation added": "negation added",
    "repeated": "repetition",
    "copied": "copied",
}
"""The kinds that `corrupt` knows, and the fault of each."""


def corrupt(kind: str, sources: Sequence[str], english: Sequence[str], dice: Random) -> dict[int, str]:
    """By row, what stands in place of each translation that can be made wrong in this way.

    Shuffled: another one, drawn by chance; next: that of the next source; joined: followed by that; copied: the source
    itself.
    """
    following = [*english[1:], ""] if english else []
    if kind == "shuffled":
        order = dice.sample(range(len(english)), len(english))
        others = dict(zip(order, order[1:] + order[:1], strict=True))
        wrong: Sequence[str | None] = [english[others[row]] for row in range(len(english))]
    elif kind == "next":
        wrong = following
    elif kind == "joined":
        wrong = [f"{text} {other}".strip() for text, other in zip(english, following, strict=True)]
    elif kind == "copied":
        wrong = sources
    else:
        wrong = [_ALONE[kind](text, dice) for text in english]
    return {row: text for row, text in enumerate(wrong) if text and text != english[row]}
