"""The nearest statements of others within a window, exactly, by matrix products in blocks.

Cost grows with rows times the width of their windows, so with the number of days of an archive, not with its square;
memory with the size of a block, and a third of that of the vectors.

Most of what a sentence encoder tells lies in few directions. So a product over those alone, and the most that the
others can add to it, tells of nearly all pairs that they are not among the nearest; the few others are multiplied
wholly.
"""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from align.cores import cores, libraries
from align.wording import Matrix

Rows = NDArray[np.int64]
Pairs = tuple[Rows, Rows]
Mask = NDArray[np.bool_]
Scored = tuple[Rows, Rows, Matrix]
"""Which query each of the new rows is for, the rows, and their similarities."""

DAY = 86_400.0
QUERIES_AT_ONCE, KEYS_AT_ONCE = 1024, 1024
FEW = 16
"""Up to this many times k scores a query are sorted, more are partitioned first."""

DIRECTIONS = 159
"""How many directions are multiplied first, of vectors that have more than twice as many."""

MANY = 20_000_000
"""Pairs from which it pays to find the directions."""

SAMPLE = 8192
"""Vectors that the directions are learned from, at most."""

SLACK = 1e-4
"""More than rounding can take from a product, as a share of the lengths."""

CANDIDATES = 0.02
"""Of a block with a larger share of candidates all is multiplied at once."""

WAITING = 0.5
"""New neighbours are taken in when there are this many times as many as are asked for: each time takes a while."""


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
    Of rows equally like, any are taken.

    vectors: shape (n, dimensions); groups: n codes, of outlets or articles, say; queries: the rows that neighbours are
    asked for, all if not given; first, last: a row range for each query. Ranges of queries that follow one another
    should overlap, as those of `windows` do: what is multiplied is the range from the first to the last of a block.
    """
    rows = np.arange(len(vectors)) if queries is None else np.asarray(queries, dtype=np.int64)
    found = Neighbours(np.full((len(rows), k), -1, dtype=np.int64), np.zeros((len(rows), k), dtype=np.float32))
    bounds = _bounds(vectors) if int((last - first).sum()) > MANY else None

    def search(start: int) -> None:
        block = slice(start, start + QUERIES_AT_ONCE)
        part = Neighbours(found.rows[block], found.similarities[block])
        _search(vectors, bounds, groups, rows[block], first[block], last[block], part)

    starts = range(0, len(rows), QUERIES_AT_ONCE)
    if len(starts) < 2:
        for start in starts:
            search(start)
        return found
    # A core takes a block: shared out by the library, products this small leave cores waiting for each other.
    with libraries().limit(limits=1, user_api="blas"), ThreadPoolExecutor(cores()) as pool:
        list(pool.map(search, starts))
    return found


def _bounds(vectors: Matrix) -> Matrix | None:
    """Rows whose inner products are no less than those of the vectors, shape (n, `DIRECTIONS` + 1).

    They are the vectors in the directions of most of their variation, and the length of the rest: by Cauchy and Schwarz
    the rest adds no more than the product of its lengths. None where there are too few directions to save any.
    """
    if vectors.shape[1] <= 2 * DIRECTIONS:
        return None
    sample = vectors[:: len(vectors) // SAMPLE + 1]
    directions = np.linalg.eigh(sample.T @ sample)[1][:, -DIRECTIONS:]
    bounds = np.empty((len(vectors), DIRECTIONS + 1), dtype=np.float32)
    bounds[:, :-1] = vectors @ directions
    squares = np.einsum("ij,ij->i", vectors, vectors)
    rest = squares - np.einsum("ij,ij->i", bounds[:, :-1], bounds[:, :-1])
    bounds[:, -1] = np.sqrt(np.maximum(rest, 0) + SLACK * squares)
    return bounds


def _search(
    vectors: Matrix, bounds: Matrix | None, groups: Rows, queries: Rows, first: Rows, last: Rows, found: Neighbours
) -> None:
    """Fill in the neighbours of one block of queries, a block of keys after the other."""
    wanted, most = vectors[queries], None if bounds is None else bounds[queries]
    highest = int(last.max())
    starts = range(int(first.min()), highest, KEYS_AT_ONCE)
    # What lies around the queries comes first: of the same time, it is the likeliest to be near, and saves looking.
    around = sorted(starts, key=lambda start: abs(start + KEYS_AT_ONCE / 2 - queries.mean()))
    waiting: list[Scored] = []
    for start in around:
        keys = slice(start, min(start + KEYS_AT_ONCE, highest))
        pairs: Pairs | None = None
        if bounds is not None and most is not None and start != around[0]:
            pairs = _greater(_within(most @ bounds[keys].T, start, first, last), found)
        if pairs is not None and len(pairs[0]) <= CANDIDATES * len(queries) * (keys.stop - start):
            places, columns = pairs
            scores = np.einsum("ij,ij->i", wanted[places], vectors[start + columns])
        else:
            product = _within(wanted @ vectors[keys].T, start, first, last)
            places, columns = _best(product, groups[queries, None] != groups[keys], found)
            scores = product[places, columns]
        rows = start + columns
        better = (scores > found.similarities[places, -1]) & (groups[rows] != groups[queries[places]])
        waiting.append((places[better], rows[better], scores[better]))
        if sum(len(new) for _, new, _ in waiting) >= WAITING * found.rows.size or start == around[-1]:
            _merge(waiting, found)
            waiting = []


def _within(product: Matrix, start: int, first: Rows, last: Rows) -> Matrix:
    """The product of queries and of the keys from `start` on, 0 where a key is out of the range of a query."""
    keys = np.arange(start, start + product.shape[1])
    outside = np.flatnonzero((first > keys[0]) | (last <= keys[-1]))
    product[outside] *= (keys >= first[outside, None]) & (keys < last[outside, None])
    return product


def _greater(product: Matrix, found: Neighbours) -> Pairs:
    """Where the product is greater than the least of the neighbours found so far."""
    return np.divmod(np.flatnonzero(product > found.similarities[:, -1:]), product.shape[1])


def _best(product: Matrix, apart: Mask, found: Neighbours) -> Pairs:
    """Where the greatest products may be; few are greater than those found, once some neighbours are known."""
    k = found.rows.shape[1]
    places, columns = _greater(product, found)
    if len(places) <= FEW * k * len(product):
        return places, columns
    best = np.argpartition(product * apart, -min(k, product.shape[1]), axis=1)[:, -k:]
    return np.repeat(np.arange(len(product)), best.shape[1]), best.ravel()


def _merge(waiting: Sequence[Scored], found: Neighbours) -> None:
    """Take in what is better than the neighbours found so far."""
    changed = np.unique(np.concatenate([places for places, _, _ in waiting]))
    known = (found.rows[changed] >= 0).nonzero()
    before = changed[known[0]], found.rows[changed][known], found.similarities[changed][known]
    place, row, score = (np.concatenate(parts) for parts in zip(before, *waiting, strict=True))
    order = np.lexsort((row, -score, place))
    place, row, score = place[order], row[order], score[order]
    rank = np.arange(len(place)) - np.searchsorted(place, place)
    kept = rank < found.rows.shape[1]
    found.rows[place[kept], rank[kept]] = row[kept]
    found.similarities[place[kept], rank[kept]] = score[kept]
