"""How far a translation into English can be trusted, estimated without a reference.

A logistic regression over a few named signs that something of the source is not in the translation: likeness of meaning
(cosine of multilingual sentence vectors), length, words without a counterpart, numbers, negations, repetition, and
what was left in the source's script. The kind of faults looked for follows the survey of quality estimation by Specia
et al. (2018); word matching follows BERTScore (Zhang et al. 2020).
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from align.negations import NAMES, compare_negations
from align.numbers import missing_numbers
from align.pairs import Knowledge, Weights
from align.wording import CEILING, FLOOR, content_words
from align.words import WORD, fold

Matrix = NDArray[np.float32]

METHOD = "1"
"""Changes whenever the same weights give other estimates."""

WINDOW = 4
"""Content words of the source in a row that are looked at together: a clause left out."""

SLACK = 0.25
"""How far the logarithm of a length may lie from the usual one and mean nothing."""

DOUBTFUL = 0.5
"""A translation with less quality is doubtful."""

FAULTS: Mapping[str, str] = {
    "meaning lost": "meaning",
    "words lost": "meaning",
    "clause lost": "length",
    "end lost": "length",
    "too short": "length",
    "too long": "length",
    "digits lost": "number",
    "digits added": "number",
    "number words lost": "number",
    "number words added": "number",
    **dict.fromkeys(NAMES, "negation"),
    "repetition": "repetition",
    "foreign letters": "copied",
}


@dataclass(frozen=True, slots=True)
class Judge:
    """What was learned: weights of the signs, what each usually is in a true translation, and `lengths`, by language the
    usual logarithm of the characters of a translation to those of its source."""

    weights: Weights
    usual: Mapping[str, float]
    lengths: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Estimate:
    """`quality`: probability that a translation says what its source says; `doubt`: what speaks most against it, one of
    the values of `FAULTS`, or None where it is not doubtful."""

    quality: float
    doubt: str | None


def signs(
    sources: Sequence[str],
    english: Sequence[str],
    language: str,
    vectors: tuple[Matrix, Matrix],
    lengths: Mapping[str, float],
    knowledge: Knowledge,
) -> dict[str, NDArray[np.float64]]:
    """All signs by name, each of shape (n,), for n sources of a language and their translations.

    vectors: of the sources and of the translations, unit rows of one encoder, each of shape (n, dimensions).
    """
    usual = lengths.get(language, 0.0)
    pairs = list(zip(sources, english, strict=True))
    wordings = [(content_words(source, language), content_words(translation, "en")) for source, translation in pairs]
    knowledge.vocabulary.look_up([word for said, told in wordings for word in (*said, *told)])
    rows = [
        _signs(*pair, language, usual) | _wording(*wording, knowledge)
        for pair, wording in zip(pairs, wordings, strict=True)
    ]
    cosines = (vectors[0] * vectors[1]).sum(axis=1)
    found = {"meaning lost": 1.0 - cosines.astype(np.float64)}
    for name in FAULTS:
        if name not in found:
            found[name] = np.array([row[name] for row in rows], dtype=np.float64)
    return found


def _signs(source: str, english: str, language: str, usual_length: float) -> dict[str, float]:
    longer = length_ratio(source, english) - usual_length
    row = {"too short": max(0.0, -longer - SLACK), "too long": max(0.0, longer - SLACK)}
    lost, added = missing_numbers(source, language, english, "en"), missing_numbers(english, "en", source, language)
    for name, numbers in (("lost", lost), ("added", added)):
        row[f"digits {name}"] = min(2, sum(number.is_digits for number in numbers))
        row[f"number words {name}"] = min(2, sum(not number.is_digits for number in numbers))
    row |= compare_negations(source, language, english)
    row["repetition"] = max(0.0, _repetition(english) - _repetition(source))
    row["foreign letters"] = _foreign(english)
    return row


def length_ratio(source: str, english: str) -> float:
    """The logarithm of how many times as many characters a translation has; a few words more mean little."""
    return math.log((len(english) + 5) / (len(source) + 5))


def _wording(said: Sequence[str], told: Sequence[str], knowledge: Knowledge) -> dict[str, float]:
    """What share of the words said has no counterpart: in all, in the worst few in a row, and in the last ones."""
    if not said or not told:
        return dict.fromkeys(("words lost", "clause lost", "end lost"), float(bool(said)))
    alike = knowledge.vocabulary.likeness([*said, *told], by_concept=False)[: len(said), len(said) :]
    matched = np.clip((alike - FLOOR) / (CEILING - FLOOR), 0.0, 1.0)
    lost = 1.0 - matched.max(axis=1)
    size = min(WINDOW, len(lost))
    runs = np.convolve(lost, np.ones(size) / size, mode="valid")
    return {
        "words lost": float(lost.mean()),
        "clause lost": float(runs.max()),
        "end lost": float(runs[-1]),
    }


def _repetition(text: str) -> float:
    """The share of a text's runs of three words that came before."""
    words = [fold(word) for word in WORD.findall(text)]
    runs = Counter(zip(words, words[1:], words[2:], strict=False))
    return 1.0 - len(runs) / runs.total() if runs else 0.0


def _foreign(english: str) -> float:
    """The share of letters that are no Latin ones."""
    letters = [letter for letter in english if letter.isalpha()]
    return sum(letter > "\u024f" for letter in letters) / len(letters) if letters else 0.0


def judge(found: Mapping[str, NDArray[np.float64]], learned: Judge) -> list[Estimate]:
    """The estimates for signs as `signs` gives them."""
    against = {name: (found[name] - learned.usual[name]) * weight for name, weight in learned.weights.weights.items()}
    log_odds = learned.weights.intercept + sum(found[name] * weight for name, weight in learned.weights.weights.items())
    faults = list(dict.fromkeys(FAULTS.values()))
    blame = np.stack([sum(against[name] for name in against if FAULTS[name] == fault) for fault in faults])
    qualities = 1.0 / (1.0 + np.exp(-np.clip(log_odds, -30, 30)))
    return [
        Estimate(float(quality), faults[worst] if quality < DOUBTFUL else None)
        for quality, worst in zip(qualities, blame.argmin(axis=0), strict=True)
    ]
