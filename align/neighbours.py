"""The nearest statements of others within a window, exactly, by matrix products in blocks.

Cost grows with rows times the width of their windows, so with the number of days of an archive, not with its square;
memory with the size of a block alone.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from align.wording import Matrix

Rows = NDArray[np.int64]

DAY = 86_400.0
QUERIES_AT_ONCE = 1024
KEYS_AT_ONCE, FIRST_KEYS = 8192, 1024
FEW = 16
"""Up to this many times k scores a query are sorted, more are partitioned first."""


@dataclass(frozen=True, slots=True)
class Neighbours:
    """The nearest rows of each query, the nearest first: rows, -1 where there are no more, and their similarities.

    Both have the shape (queries, k); the similarity of a neighbour that is not there is 0.
    """

    rows: Rows
    similarities: Matrix


def windows(times: NDArray[np.float64], max_days: float) -> tuple[Rows, Rows]:
    """For each of `times`, in seconds and rising, the first row within `max_days` of it and the one behind the last."""
    reach = max_days * DAY
    return np.searchsorted(times, times - reach, "left"), np.searchsorted(times, times + reach, "right")


def nearest(vectors: Matrix, groups: Rows, first: Rows, last: Rows, k: int, queries: Rows | None = None) -> Neighbours:
    """Find the `k` rows that are most like each query, of other groups than its own, within its window.

    Likeness is the inner product; only what is more than 0 counts, so a row of zeros has no neighbours and is none.
    Of rows equally like, those that come first are taken.

    vectors: shape (n, dimensions); groups: n codes, of outlets or articles, say; queries: the rows that neighbours are
    asked for, all if not given; first, last: a row range for each query. Ranges of queries that follow one another
    should overlap, as those of `windows` do: what is multiplied is the range from the first to the last of a block.
    """
    rows = np.arange(len(vectors)) if queries is None else np.asarray(queries, dtype=np.int64)
    found = Neighbours(np.full((len(rows), k), -1, dtype=np.int64), np.zeros((len(rows), k), dtype=np.float32))
    for start in range(0, len(rows), QUERIES_AT_ONCE):
        block = slice(start, start + QUERIES_AT_ONCE)
        _search(vectors, groups, rows[block], first[block], last[block], found.rows[block], found.similarities[block])
    return found


def _search(
    vectors: Matrix, groups: Rows, queries: Rows, first: Rows, last: Rows, rows: Rows, similarities: Matrix
) -> None:
    """Fill in the neighbours of one block of queries, a block of keys after the other."""
    wanted = np.ascontiguousarray(vectors[queries])
    lowest, highest = int(first.min()), int(last.max())
    # The first block is small: partitioning is slow, and what it finds saves most of it in the others.
    starts = [lowest, *range(lowest + FIRST_KEYS, highest, KEYS_AT_ONCE)]
    for start, stop in pairwise([*starts, highest]):
        scores = wanted @ vectors[start:stop].T
        outside = np.flatnonzero((first > start) | (last < stop))
        keys = np.arange(start, stop)
        scores[outside] *= (keys >= first[outside, None]) & (keys < last[outside, None])
        _merge(scores, start, groups, queries, rows, similarities)


def _merge(scores: Matrix, start: int, groups: Rows, queries: Rows, rows: Rows, similarities: Matrix) -> None:
    """Take what is better than the neighbours found so far; few scores are, once some neighbours are known."""
    k = rows.shape[1]
    places, columns = np.divmod(np.flatnonzero(scores > similarities[:, -1:]), scores.shape[1])
    if len(places) > FEW * k * len(rows):
        scores *= groups[queries, None] != groups[None, start : start + scores.shape[1]]
        best = np.argpartition(scores, -min(k, scores.shape[1]), axis=1)[:, -k:]
        places, columns = np.repeat(np.arange(len(rows)), best.shape[1]), best.ravel()
    better = (scores[places, columns] > similarities[places, -1]) & (groups[columns + start] != groups[queries[places]])
    places, columns = places[better], columns[better]
    changed = np.unique(places)
    known = (rows[changed] >= 0).nonzero()
    place = np.concatenate([changed[known[0]], places])
    row = np.concatenate([rows[changed][known], columns + start])
    score = np.concatenate([similarities[changed][known], scores[places, columns]])
    order = np.lexsort((row, -score, place))
    place, row, score = place[order], row[order], score[order]
    rank = np.arange(len(place)) - np.searchsorted(place, place)
    kept = rank < k
    rows[place[kept], rank[kept]] = row[kept]
    similarities[place[kept], rank[kept]] = score[kept]
