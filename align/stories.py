"""Articles to stories: who writes of the same event at the same time.

Two articles are alike as far as they are more alike than news is to news: everything is measured against a background
of sentences from all kinds of news, so that a first day is judged as the hundredth, whatever else is in the archive.
"""

from __future__ import annotations

from bisect import bisect, insort
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from align.cores import libraries
from align.neighbours import DAY, Rows, nearest
from align.wording import Matrix

MIN_SIMILARITY = 0.42
"""The least mean similarity to a story's articles: it parts the four gold events, and most unrelated news from them."""

SHRINKAGE = 1.0
"""How much of the mean variance is added to each direction's: a background is small for the number of dimensions."""

USUAL = 12
"""How many of the background's nearest rows tell how alike anything is to news of its kind."""

ALIKE = 0.6
"""No two statements count as more alike: one that is copied, as stock phrases are, makes no story by itself."""

NEIGHBOURS, STORIES, MEMBERS = 10, 8, 32
"""Nearest articles and statements looked at, stories of theirs that are compared, and articles of each, at most."""


@dataclass(frozen=True, slots=True)
class Background:
    """What news is like in an encoder's vectors.

    mean: shape (d,); whitening: shape (d, d); rows: the background's own, whitened, shape (n, d).
    """

    mean: Matrix
    whitening: Matrix
    rows: Matrix

    def whiten(self, vectors: Matrix) -> Matrix:
        """Unit rows in which what all news has in common is gone; a row of zeros stays one."""
        centred: Matrix = vectors - self.mean
        whitened: Matrix = centred @ self.whitening
        whitened[~vectors.any(axis=1)] = 0.0
        return _unit(whitened)

    def usual(self, rows: Matrix) -> Matrix:
        """How alike each of these whitened rows is to the background's nearest (Conneau et al. 2018, CSLS)."""
        least = max(len(self.rows) - USUAL, 0)
        parts = np.array_split(rows, len(rows) // 4096 + 1)
        means = [np.partition(part @ self.rows.T, least, axis=1)[:, least:].mean(axis=1) for part in parts]
        return np.concatenate(means).astype(np.float32)


def fit_background(vectors: Matrix) -> Background:
    """Learn from unit vectors of varied news, shape (n, d), what all news has in common.

    As in Mu and Viswanath (2018), but all directions are evened out rather than the strongest removed.
    """
    mean: Matrix = vectors.mean(axis=0)
    centred: Matrix = vectors - mean
    variances, directions = np.linalg.eigh(np.cov(centred, rowvar=False, bias=True))
    variances = np.maximum(variances, 0.0)
    whitening: Matrix = (directions / np.sqrt(variances + SHRINKAGE * variances.mean())).astype(np.float32)
    return Background(mean, whitening, _unit(centred @ whitening))


class Articles:
    """Articles ready to be compared.

    vectors: for each its statements' unit rows, shape (statements, d), at least one.
    """

    def __init__(self, vectors: Sequence[Matrix], background: Background) -> None:
        self.ends = np.cumsum([0, *map(len, vectors)])
        self.statements = background.whiten(np.concatenate(vectors))
        self.wholes = _unit(np.add.reduceat(self.statements, self.ends[:-1], axis=0))
        self._half_usual = background.usual(self.statements) / 2
        self._half_usual_whole = background.usual(self.wholes) / 2

    def similarity(self, article: int, others: Rows) -> Matrix:
        """How much more alike than usual an article is to each of the others, about 0 where unrelated, at most 1.

        It is the mean of two: how alike their mean vectors are, and how alike their best-matching statements.
        """
        usual = self._half_usual_whole[others] + self._half_usual_whole[article]
        whole = self.wholes[others] @ self.wholes[article] - usual
        own = slice(self.ends[article], self.ends[article + 1])
        lengths = self.ends[others + 1] - self.ends[others]
        starts = np.cumsum(lengths) - lengths
        rows = np.repeat(self.ends[others] - starts, lengths) + np.arange(lengths.sum())
        matches = self.statements[rows] @ self.statements[own].T
        matches -= self._half_usual[rows, None] + self._half_usual[own]
        best = np.minimum(np.maximum.reduceat(matches.max(axis=1), starts), ALIKE)
        similarity: Matrix = (whole + best) / 2
        return similarity


def join_stories(
    vectors: Sequence[Matrix],
    published: Sequence[float],
    stories: Sequence[str | None],
    background: Background,
    *,
    max_days: float,
    min_similarity: float = MIN_SIMILARITY,
) -> list[str | int]:
    """Give each article without a story (None) one: a known story's id, or the row of the article that opens it.

    New articles are taken one by one in order of time, as in topic detection and tracking (Allan et al. 1998): each
    joins the story to whose articles, within `max_days` of it, it is most similar on average, or opens one. What it is
    compared with are the stories of the nearest articles and statements. No story is ever changed but by joining.

    So articles that arrive in order of time get the same stories however they are split into calls, given that each
    call has the known articles within `max_days` of the new; but for the rounding of matrix products. One that arrives
    late finds the stories of its time as they are by then, and those told meanwhile are not asked again.

    vectors: for each article its statements' unit rows; published: times in seconds; of articles of one time the one
    that is given first comes first.
    """
    if all(story is not None for story in stories):
        return [story for story in stories if story is not None]
    order = sorted(range(len(vectors)), key=lambda row: (stories[row] is None, published[row], row))
    articles = Articles([vectors[row] for row in order], background)
    times = np.array([published[row] for row in order], dtype=np.float64)
    known = sum(story is not None for story in stories)
    hits = _hits(articles, times, known, max_days)
    # Products of one article are too small to be shared out between cores.
    with libraries().limit(limits=1, user_api="blas"):
        found = _take_in(articles, times, hits, [(row, stories[row]) for row in order], max_days, min_similarity)
    places = {row: place for place, row in enumerate(order)}
    return [found[places[row]] for row in range(len(order))]


def _take_in(
    articles: Articles,
    times: NDArray[np.float64],
    hits: Sequence[Sequence[int]],
    stories: Sequence[tuple[int, str | None]],
    max_days: float,
    min_similarity: float,
) -> list[str | int]:
    """The story of each article; `stories` has the row that is to name one it opens, and the story it has already."""
    told: dict[str | int, list[tuple[float, int]]] = {}
    found: list[str | int] = []
    known = len(stories) - len(hits)
    for place, (row, story) in enumerate(stories):
        joined: str | int | None = story
        if story is None:
            near = _near(hits[place - known], found, told, times[place], max_days * DAY)
            joined = _most_similar(articles, place, near, min_similarity)
        found.append(row if joined is None else joined)
        insort(told.setdefault(found[-1], []), (times[place], place))
    return found


def _hits(articles: Articles, times: NDArray[np.float64], known: int, max_days: float) -> list[list[int]]:
    """For each new article the nearest earlier ones as a whole, then those of its nearest statements.

    Articles stand in order of time, the known ones before the new.
    """
    counts = np.diff(articles.ends)
    article_of = np.repeat(np.arange(len(counts)), counts)
    new = np.arange(known, len(times))
    since = times[known:] - max_days * DAY
    first = np.searchsorted(times[:known], since)
    first = np.where(first < known, first, known + np.searchsorted(times[known:], since))
    wholes = nearest(articles.wholes, np.arange(len(times)), first, new, NEIGHBOURS, new)
    queries = np.arange(articles.ends[known], articles.ends[-1])
    starts, stops = (np.repeat(articles.ends[bound], counts[known:]) for bound in (first, new))
    told = nearest(articles.statements, article_of, starts, stops, NEIGHBOURS, queries)
    hits = []
    for place, article in enumerate(new):
        own = slice(articles.ends[article] - queries[0], articles.ends[article + 1] - queries[0])
        rows = told.rows[own].ravel()[np.argsort(-told.similarities[own].ravel(), kind="stable")]
        near = [*wholes.rows[place], *np.where(rows < 0, -1, article_of[rows])]
        hits.append([int(hit) for hit in dict.fromkeys(near) if hit >= 0])
    return hits


def _near(
    hits: Sequence[int],
    found: Sequence[str | int],
    told: dict[str | int, list[tuple[float, int]]],
    time: float,
    reach: float,
) -> dict[str | int, list[int]]:
    """The stories of these articles, and of each the articles nearest in time."""
    near: dict[str | int, list[int]] = {}
    for hit in hits:
        story = found[hit]
        if story in near:
            continue
        members = told[story]
        middle = bisect(members, (time, -1))
        around = members[max(middle - MEMBERS, 0) : middle + MEMBERS]
        around = sorted((abs(when - time), place) for when, place in around if abs(when - time) <= reach)
        if around:
            near[story] = [place for _, place in around[:MEMBERS]]
        if len(near) == STORIES:
            break
    return near


def _most_similar(
    articles: Articles, article: int, near: dict[str | int, list[int]], min_similarity: float
) -> str | int | None:
    if not near:
        return None
    similarity = articles.similarity(article, np.concatenate([np.array(places) for places in near.values()]))
    counts = np.array([len(places) for places in near.values()])
    means = np.add.reduceat(similarity, np.cumsum(counts) - counts) / counts
    best = int(means.argmax())
    return list(near)[best] if means[best] >= min_similarity else None


def _unit(rows: Matrix) -> Matrix:
    lengths = np.linalg.norm(rows, axis=1, keepdims=True)
    unit: Matrix = rows / np.maximum(lengths, np.finfo(np.float32).tiny)
    return unit
