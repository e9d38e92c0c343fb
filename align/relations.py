"""Which claim of a story denies which: what two claims have to do with each other, weighed by a logistic regression.

Every feature is a matrix of shape (m, m) over the m claims of a story: a row is the claim that may deny, a column the
one that may be denied. All is read in the originals, so a translation changes nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from align.denials import alleges, disputes, negates
from align.pairs import Knowledge, Statements, Weights
from align.wording import Matrix, consonants, content_words, word_overlaps

MIN_PROBABILITY = 0.3
"""The least probability of a denial that is told.

By the rule for claims it would be half the F1 that can be reached: 0.25 for claims as they are found, 0.38 for gold
ones.
"""

METHOD = "learned denials 1"
"""Changes whenever the same claims and weights would give other denials."""

MOST_MEMBERS = 12
"""The statements of a claim that are read: copies of one sentence without end tell no more."""

Members = Sequence[Sequence[int]]
Shares = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Denial:
    """One claim denies or contradicts another; both by their place among the claims of the story."""

    claim: int
    denied: int
    probability: float


def find_denials(
    statements: Statements,
    speakers: Sequence[str | None],
    claims: Members,
    weights: Weights,
    knowledge: Knowledge,
    min_probability: float = MIN_PROBABILITY,
) -> list[Denial]:
    """For each claim the one it denies, where there is one; a claim may be denied by several.

    statements, speakers: of one story, n each, in the order of articles and places in them; claims: the rows of each
    claim's statements.
    """
    if len(claims) < 2:
        return []
    log_odds = np.full((len(claims), len(claims)), weights.intercept)
    for name, matrix in denial_features(statements, speakers, claims, knowledge).items():
        log_odds += weights.weights.get(name, 0.0) * matrix
    probabilities = 1 / (1 + np.exp(-np.clip(log_odds, -30, 30)))
    np.fill_diagonal(probabilities, 0.0)
    found = []
    for claim, denied in enumerate(np.argmax(probabilities, axis=1)):
        chance = probabilities[claim, denied]
        # Of two claims that may deny each other the likelier direction holds.
        if chance >= max(min_probability, probabilities[denied, claim]):
            found.append(Denial(claim, int(denied), round(float(chance), 4)))
    return found


def denial_features(
    statements: Statements, speakers: Sequence[str | None], claims: Members, knowledge: Knowledge
) -> dict[str, Matrix]:
    """All features by name, each of shape (claims, claims)."""
    claims = [members[:MOST_MEMBERS] for members in claims]
    shares = _shares(claims, len(statements))
    disputing = _told(disputes, statements, shares)
    alleging = _told(alleges, statements, shares)
    size = (len(claims), len(claims))
    return {
        "disputing": np.broadcast_to(disputing[:, None], size),
        "denied disputing": np.broadcast_to(disputing[None, :], size),
        "negating": np.broadcast_to(_told(negates, statements, shares)[:, None], size),
        "both alleging": alleging[:, None] * alleging[None, :],
        "likeness": _likeness(statements, claims, knowledge),
        "follows": _follows(statements.articles, shares),
        "same speaker": _same_speaker(speakers, statements.languages, shares),
    }


def _shares(claims: Members, count: int) -> Shares:
    """The part each statement has in each claim, shape (claims, statements): rows sum to one."""
    shares = np.zeros((len(claims), count), dtype=np.float32)
    for claim, rows in enumerate(claims):
        shares[claim, list(rows)] = 1 / len(rows)
    return shares


def _told(has: Callable[[str, str], bool], statements: Statements, shares: Shares) -> Shares:
    """The share of each claim's statements that have a kind of word."""
    marks = [has(text, language) for text, language in zip(statements.texts, statements.languages, strict=True)]
    told: Shares = shares @ np.asarray(marks, dtype=np.float32)
    return told


def _likeness(statements: Statements, claims: Members, knowledge: Knowledge) -> Matrix:
    """How alike two claims are: the mean, both ways, of each statement's best match in the other claim.

    Two statements are as alike as the mean of their vectors' cosine and of what they have in common word by word.
    """
    rows = [row for members in claims for row in members]
    starts = np.cumsum([0, *(len(members) for members in claims)])[:-1]
    vectors = statements.vectors[rows]
    words = [content_words(statements.texts[row], statements.languages[row]) for row in rows]
    (shared,) = word_overlaps([words], lambda some: knowledge.vocabulary.likeness(some, by_concept=False))
    alike = (np.clip(vectors @ vectors.T, 0.0, 1.0) + shared) / 2
    best = np.maximum.reduceat(alike, starts, axis=1)
    sizes = np.diff([*starts, len(rows)])
    mean = np.add.reduceat(best, starts, axis=0) / sizes[:, None]
    likeness: Matrix = ((mean + mean.T) / 2).astype(np.float32)
    np.fill_diagonal(likeness, 0.0)
    return likeness


def _follows(articles: Sequence[str], shares: Shares) -> Matrix:
    """The share of a claim's statements that stand right after one of the other's; half where one is between them."""
    own, belongs = np.asarray(articles, dtype=object), shares > 0
    follows = np.zeros((len(shares), len(shares)), dtype=np.float32)
    for step, weight in ((1, 1.0), (2, 0.5)):
        same = own[step:] == own[:-step]
        follows += weight * (shares[:, step:] * same) @ belongs[:, :-step].T
    np.fill_diagonal(follows, 0.0)
    clipped: Matrix = np.minimum(follows, 1.0)
    return clipped


def _same_speaker(speakers: Sequence[str | None], languages: Sequence[str], shares: Shares) -> Matrix:
    """Of the statements with a speaker, the share of pairs whose speakers have a word in common, in any script.

    Nobody denies what they say themselves.
    """
    told = np.flatnonzero(shares.any(axis=0)).tolist()
    shares = shares[:, told]
    names = [
        {bones for word in content_words(speakers[row] or "", languages[row]) if len(bones := consonants(word)) > 2}
        for row in told
    ]
    places = {name: place for place, name in enumerate(sorted(set().union(*names)))}
    table = np.zeros((len(names), len(places)), dtype=np.float32)
    for row, some in enumerate(names):
        table[row, [places[name] for name in some]] = 1
    weights = shares * table.any(axis=1)
    totals = weights.sum(axis=1)
    pairs = weights @ (table @ table.T > 0) @ weights.T
    same: Matrix = (pairs / np.maximum(np.outer(totals, totals), 1e-6)).astype(np.float32)
    return same
