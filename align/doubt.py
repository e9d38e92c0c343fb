"""How far a translation into English can be trusted, estimated without a reference.

For each kind of fault a logistic regression over a few named signs gives the probability that a translation is free of
it; the quality is the probability that it is free of all. The signs are likeness of meaning (cosine of multilingual
sentence vectors), words without a counterpart, length, numbers, negations, repetition, and letters that are not Latin.
The kinds of faults follow the survey of quality estimation by Specia et al. (2018); word matching follows BERTScore
(Zhang et al. 2020).
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from align.negations import compare_negations, may_negate, negated
from align.numbers import missing_numbers
from align.pairs import Knowledge, Weights
from align.wording import CEILING, FLOOR, content_words
from align.words import WORD, fold

Matrix = NDArray[np.float32]

METHOD = "1"
"""Changes whenever the same weights give other estimates."""

DOUBTFUL = 0.65
"""A translation of less quality is doubtful."""

WINDOW = 4
"""Content words of the source in a row that are looked at together: a clause left out."""

SLACK = 0.25
"""How far the logarithm of a length may lie from the usual one and mean nothing."""

FAULTS: Mapping[str, tuple[str, ...]] = {
    "meaning": ("meaning lost", "words lost", "clause lost"),
    "length": ("meaning lost", "clause lost", "end lost", "too short", "too long"),
    "number": ("digits lost", "digits added", "number words lost", "number words added"),
    "negation lost": ("negations lost", "negations surely lost", "wide negations lost", "nearer negated"),
    "negation added": ("negations surely added",),
    "repetition": ("repetition", "too long"),
    "copied": ("foreign letters",),
}
"""The kinds of faults, each with its signs."""

SIGNS = tuple(dict.fromkeys(sign for some in FAULTS.values() for sign in some))


@dataclass(frozen=True, slots=True)
class Judge:
    """What was learned: for each fault the weights of its signs, and by language the usual logarithm of the length of a
    translation, in characters, to that of its source."""

    faults: Mapping[str, Weights]
    lengths: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Estimate:
    """`quality`: probability that a translation says what its source says; `doubt`: its likeliest fault, where it is
    doubtful."""

    quality: float
    doubt: str | None


def estimate(
    sources: Sequence[str],
    english: Sequence[str],
    language: str,
    vectors: tuple[Matrix, Matrix],
    learned: Judge,
    knowledge: Knowledge,
) -> list[Estimate]:
    """Estimates for n sources of one language and their translations, n of each; vectors: see `signs`."""
    found = signs(sources, english, language, vectors, learned.lengths, knowledge)
    log_odds = np.stack([_weigh(found, weights) for weights in learned.faults.values()])
    free = 1.0 / (1.0 + np.exp(-np.clip(log_odds, -30, 30)))
    faults = list(learned.faults)
    return [
        Estimate(float(quality), faults[worst] if quality < DOUBTFUL else None)
        for quality, worst in zip(free.prod(axis=0), free.argmin(axis=0), strict=True)
    ]


def _weigh(found: Mapping[str, NDArray[np.float64]], weights: Weights) -> NDArray[np.float64]:
    """The log-odds that translations are free of a fault, shape (n,)."""
    table = np.stack([found[name] for name in weights.weights])
    log_odds: NDArray[np.float64] = weights.intercept + np.array(list(weights.weights.values())) @ table
    return log_odds


def signs(
    sources: Sequence[str],
    english: Sequence[str],
    language: str,
    vectors: tuple[Matrix, Matrix],
    lengths: Mapping[str, float],
    knowledge: Knowledge,
) -> dict[str, NDArray[np.float64]]:
    """All signs by name, each of shape (n,), for n sources of a language and their translations.

    vectors: of the sources and of the translations, unit rows of the encoder, each of shape (n, dimensions).
    """
    from threadpoolctl import threadpool_limits

    pairs = list(zip(sources, english, strict=True))
    wordings = [(content_words(source, language), content_words(translation, "en")) for source, translation in pairs]
    knowledge.vocabulary.look_up([word for said, told in wordings for word in (*said, *told)])
    with threadpool_limits(1, "blas"):  # the products of two texts are too small to be shared out between cores
        rows = [
            _signs(*pair, language, lengths.get(language, 0.0)) | _wording(*wording, knowledge)
            for pair, wording in zip(pairs, wordings, strict=True)
        ]
    cosines = (vectors[0] * vectors[1]).sum(axis=1).astype(np.float64)
    variants = [negated(translation) if may_negate(source, language) else [] for source, translation in pairs]
    whole = {"meaning lost": 1.0 - cosines, "nearer negated": _nearer(variants, vectors[0], cosines, knowledge)}
    return {
        name: whole[name] if name in whole else np.array([row[name] for row in rows], dtype=np.float64)
        for name in SIGNS
    }


def length_ratio(source: str, english: str) -> float:
    """The logarithm of how many times as many characters a translation has; a few more of them mean little."""
    return math.log((len(english) + 5) / (len(source) + 5))


def _nearer(
    variants: Sequence[Sequence[str]], sources: Matrix, cosines: NDArray[np.float64], knowledge: Knowledge
) -> NDArray[np.float64]:
    """How much nearer its source than each translation the best of its variants is in meaning, 0 where none is."""
    rows = [row for row, some in enumerate(variants) for _ in some]
    nearer = np.zeros(len(cosines))
    if rows:
        vectors = knowledge.encode([text for some in variants for text in some])
        np.maximum.at(nearer, rows, (sources[rows] * vectors).sum(axis=1) - cosines[rows])
    return nearer


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


def _wording(said: Sequence[str], told: Sequence[str], knowledge: Knowledge) -> dict[str, float]:
    """What share of the words said has no counterpart: in all, in the worst few in a row, and in the last ones."""
    if not said or not told:
        return dict.fromkeys(("words lost", "clause lost", "end lost"), float(bool(said)))
    alike = knowledge.vocabulary.likeness([*said, *told], by_concept=False)[: len(said), len(said) :]
    lost = 1.0 - np.clip((alike.max(axis=1) - FLOOR) / (CEILING - FLOOR), 0.0, 1.0)
    size = min(WINDOW, len(lost))
    runs = np.convolve(lost, np.ones(size) / size, mode="valid")
    return {"words lost": float(lost.mean()), "clause lost": float(runs.max()), "end lost": float(runs[-1])}


def _repetition(text: str) -> float:
    """The share of a text's runs of three words that came before."""
    words = [fold(word) for word in WORD.findall(text)]
    runs = Counter(zip(words, words[1:], words[2:], strict=False))
    return 1.0 - len(runs) / runs.total() if runs else 0.0


def _foreign(english: str) -> float:
    """The share of letters that are no Latin ones."""
    letters = [letter for letter in english if letter.isalpha()]
    return sum(letter > "\u024f" for letter in letters) / len(letters) if letters else 0.0
