"""Scores against gold: segmentation, claims and what they have to do with each other, attribution and names."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Hashable, Iterable, Sequence, Set
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Pairs = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Counts:
    """Of what was found, how much is right; of what there is, how much was found."""

    right: float
    found: float
    wanted: float

    @property
    def precision(self) -> float:
        return self.right / self.found if self.found else 0.0

    @property
    def recall(self) -> float:
        return self.right / self.wanted if self.wanted else 0.0

    @property
    def f1(self) -> float:
        return 2 * self.right / (self.found + self.wanted) if self.found + self.wanted else 0.0


@dataclass(frozen=True, slots=True)
class BCubed:
    """Mean precision and recall of each item's group (Bagga and Baldwin 1998), and their harmonic mean."""

    precision: float
    recall: float

    @property
    def f1(self) -> float:
        both = self.precision + self.recall
        return 2 * self.precision * self.recall / both if both else 0.0


@dataclass(frozen=True, slots=True)
class GroupScores:
    """How well groups of statements match gold claims.

    `pairs` are pairs of statements of different outlets that share a claim, `cross_language` those of them in two
    languages; `left_out` is the share of the statements with no gold claim that are in no group.
    """

    pairs: Counts
    cross_language: Counts
    b_cubed: BCubed
    left_out: float


def score_groups(
    gold: Sequence[str], found: Sequence[str], outlets: Sequence[str], languages: Sequence[str] | None = None
) -> GroupScores:
    """Score a label a statement against its gold label; a statement in no claim has a label that no other has."""
    return score_pairs(gold, _same(found), outlets, languages)


def score_pairs(
    gold: Sequence[str], same_found: Pairs, outlets: Sequence[str], languages: Sequence[str] | None = None
) -> GroupScores:
    """Score which statements were found to say the same, whether or not they form groups, against gold labels.

    same_found: shape (n, n), symmetric, true for every statement and itself. What a statement is paired with is its
    group; where pairs do form groups, that is what `score_groups` gives.
    """
    same_gold = _same(gold)
    apart = ~_same(outlets)
    foreign = ~_same(languages) if languages is not None else np.zeros_like(apart)
    alone = Counter(gold)
    null = np.array([alone[label] == 1 for label in gold], dtype=bool)
    grouped: Pairs = np.asarray((same_found & apart).any(axis=1))
    return GroupScores(
        pairs=_pairs(same_gold & apart, same_found & apart),
        cross_language=_pairs(same_gold & foreign, same_found & foreign),
        b_cubed=_b_cubed(same_gold, same_found),
        left_out=float((~grouped[null]).mean()) if null.any() else 1.0,
    )


def score_stories(gold: Sequence[str], found: Sequence[str]) -> BCubed:
    """Score a label an article, its story, against its gold label, its event."""
    return _b_cubed(_same(gold), _same(found))


def score_segments(gold: Iterable[tuple[str, int, int]], found: Iterable[tuple[str, int, int]]) -> Counts:
    """Score (article, start, end) of statements: right are those with both ends right."""
    wanted, made = set(gold), set(found)
    return Counts(len(wanted & made), len(made), len(wanted))


def score_presence(gold: Sequence[str | None], found: Sequence[str | None]) -> Counts:
    """Score whether there is anything, where there should be: a speaker, say."""
    right = sum(1 for a, b in zip(gold, found, strict=True) if a and b)
    return Counts(right, sum(map(bool, found)), sum(map(bool, gold)))


def score_tokens(gold: Sequence[str | None], found: Sequence[str | None]) -> Counts:
    """Score the words of spans, each gold span against the one found for the same statement."""
    right = found_count = wanted = 0
    for a, b in zip(gold, found, strict=True):
        left, other = Counter(_words(a)), Counter(_words(b))
        right += (left & other).total()
        wanted += left.total()
        found_count += other.total()
    return Counts(right, found_count, wanted)


class Voice(NamedTuple):
    """Who says a statement, by which cue, and whether it quotes directly."""

    speaker: str | None
    cue: str | None
    is_quote: bool


@dataclass(frozen=True, slots=True)
class AttributionScores:
    """Whether there is a speaker, the words of speakers and of cues; `quotes`: the share whose `is_quote` is right."""

    attributed: Counts
    speaker: Counts
    cue: Counts
    quotes: float


def score_attribution(gold: Sequence[Voice], found: Sequence[Voice]) -> AttributionScores:
    """Score the voice found for each statement, at least one, against its gold voice."""
    speakers = [voice.speaker for voice in gold], [voice.speaker for voice in found]
    right = sum(a.is_quote == b.is_quote for a, b in zip(gold, found, strict=True))
    return AttributionScores(
        attributed=score_presence(*speakers),
        speaker=score_tokens(*speakers),
        cue=score_tokens([voice.cue for voice in gold], [voice.cue for voice in found]),
        quotes=right / len(gold),
    )


def score_sets(gold: Set[Hashable], found: Set[Hashable]) -> Counts:
    """Score things that are right where gold has the same one."""
    return Counts(len(gold & found), len(found), len(gold))


def matching_claims(gold: Sequence[str | None], found: Sequence[str | None]) -> dict[str, str]:
    """For each found claim the gold claim that more than half of its statements make, where there is one.

    gold, found: the claim of each statement, None where it makes none.
    """
    made: dict[str, Counter[str | None]] = {}
    for right, claim in zip(gold, found, strict=True):
        if claim is not None:
            made.setdefault(claim, Counter())[right] += 1
    most = {claim: counts.most_common(1)[0] for claim, counts in made.items()}
    return {claim: right for claim, (right, n) in most.items() if right is not None and 2 * n > made[claim].total()}


@dataclass(frozen=True, slots=True)
class NamedSpan:
    """A name in a statement: where it stands, whom it names, how it judges."""

    statement: str
    start: int
    end: int
    referent: str
    valence: str


def score_names(gold: Sequence[NamedSpan], found: Sequence[NamedSpan]) -> tuple[Counts, Counts]:
    """Score names, right where they overlap a gold name of the same referent; and the valence of those right."""
    right = judged = 0
    open_spans = list(gold)
    for span in found:
        match = next((other for other in open_spans if _names_the_same(span, other)), None)
        if match is not None:
            open_spans.remove(match)
            right += 1
            judged += match.valence == span.valence
    return Counts(right, len(found), len(gold)), Counts(judged, right, right)


def _names_the_same(a: NamedSpan, b: NamedSpan) -> bool:
    return a.statement == b.statement and a.referent == b.referent and a.start < b.end and b.start < a.end


def _same(labels: Sequence[str]) -> Pairs:
    _, codes = np.unique(np.asarray(labels, dtype=object), return_inverse=True)
    equal: Pairs = codes[:, None] == codes[None, :]
    return equal


def _b_cubed(gold: Pairs, found: Pairs) -> BCubed:
    both = (gold & found).sum(axis=1)
    return BCubed(float((both / found.sum(axis=1)).mean()), float((both / gold.sum(axis=1)).mean()))


def _pairs(gold: Pairs, found: Pairs) -> Counts:
    # Each pair stands twice in the matrices.
    return Counts(int((gold & found).sum()) // 2, int(found.sum()) // 2, int(gold.sum()) // 2)


def _words(span: str | None) -> list[str]:
    return re.findall(r"\w+", span.casefold()) if span else []


def calibration_error(probabilities: Sequence[float], outcomes: Sequence[float], bins: int = 10) -> float:
    """Expected calibration error (Naeini et al. 2015): how far probabilities lie from what came true, on average.

    outcomes: for each probability the share that came true, 0 to 1. Bins are of equal width; 0 where nothing is given.
    """
    if not probabilities:
        return 0.0
    told, true = np.asarray(probabilities, dtype=float), np.asarray(outcomes, dtype=float)
    places = np.minimum((told * bins).astype(int), bins - 1)
    gaps = np.bincount(places, told, bins) - np.bincount(places, true, bins)
    return float(np.abs(gaps).sum() / len(told))
