"""Nearest statements of others: what blocks find is what one look at all of them finds."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from align import neighbours
from align.neighbours import DAY, nearest, windows


@pytest.fixture(
    params=[(1024, 1024, 159, 0.02), (7, 29, 159, 0.02), (7, 29, 7, 0.02), (7, 29, 7, 1.0)],
    ids=["one block", "many blocks", "bounds", "bounds alone"],
)
def _blocks(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    queries, keys, directions, candidates = request.param
    monkeypatch.setattr(neighbours, "QUERIES_AT_ONCE", queries)
    monkeypatch.setattr(neighbours, "KEYS_AT_ONCE", keys)
    monkeypatch.setattr(neighbours, "DIRECTIONS", directions)
    monkeypatch.setattr(neighbours, "MANY", 0)
    monkeypatch.setattr(neighbours, "CANDIDATES", candidates)


def unit(count: int, dimensions: int = 16, seed: int = 0) -> np.ndarray:
    rows = np.random.default_rng(seed).standard_normal((count, dimensions)).astype(np.float32)
    return rows / np.linalg.norm(rows, axis=1, keepdims=True)


def all_rows(count: int) -> tuple[np.ndarray, np.ndarray]:
    return np.zeros(count, dtype=np.int64), np.full(count, count)


@pytest.mark.usefixtures("_blocks")
def test_the_nearest_of_other_groups_within_the_window_are_found() -> None:
    count, k = 300, 5
    vectors, groups = unit(count), np.random.default_rng(1).integers(0, 12, count)
    times = np.sort(np.random.default_rng(2).uniform(0, 10 * DAY, count))
    found = nearest(vectors, groups, *windows(times, 1.5), k)
    for row in range(count):
        near = (np.abs(times - times[row]) <= 1.5 * DAY) & (groups != groups[row])
        scores = np.where(near, vectors @ vectors[row], 0.0)
        best = np.argsort(-scores)[:k]
        assert found.rows[row].tolist() == best.tolist()
        assert np.allclose(found.similarities[row], scores[best], atol=1e-6)


@pytest.mark.usefixtures("_blocks")
def test_queries_may_be_some_of_the_rows_with_ranges_of_their_own() -> None:
    vectors, queries = unit(200), np.arange(150, 200)
    found = nearest(vectors, np.arange(200), queries - 100, queries, 3, queries)
    for place, query in enumerate(queries):
        scores = vectors[query - 100 : query] @ vectors[query]
        assert found.rows[place].tolist() == (np.argsort(-scores)[:3] + query - 100).tolist()


@pytest.mark.usefixtures("_blocks")
def test_one_sentence_ten_thousand_times_has_neighbours_all_alike() -> None:
    count = 10_000 if neighbours.QUERIES_AT_ONCE > 100 else 200
    found = nearest(np.repeat(unit(1), count, axis=0), np.arange(count) % 50, *all_rows(count), 4)
    assert (found.rows >= 0).all() and np.allclose(found.similarities, 1.0, atol=1e-5)
    assert (found.rows % 50 != np.arange(count)[:, None] % 50).all()


@pytest.mark.usefixtures("_blocks")
def test_what_has_no_neighbours_is_told_so() -> None:
    alone = nearest(unit(60), np.zeros(60, dtype=np.int64), *all_rows(60), 3)
    blank = nearest(np.zeros((60, 16), dtype=np.float32), np.arange(60), *all_rows(60), 3)
    nothing = nearest(np.zeros((0, 16), dtype=np.float32), np.arange(0), *all_rows(0), 3)
    for found in (alone, blank, nothing):
        assert (found.rows == -1).all() and not found.similarities.any()
    assert nothing.rows.shape == (0, 3)


def test_fewer_others_than_asked_for_leave_places_empty() -> None:
    vectors = np.repeat(unit(1), 3, axis=0)
    found = nearest(vectors, np.array([0, 0, 1]), *all_rows(3), 2)
    assert found.rows.tolist() == [[2, -1], [2, -1], [0, 1]]


@settings(deadline=None)
@given(
    seed=st.integers(0, 2**32 - 1),
    count=st.integers(1, 120),
    rank=st.integers(1, 12),
    noise=st.sampled_from([0.0, 1e-6, 0.05, 1.0]),
    k=st.integers(1, 8),
)
def test_directions_rule_out_no_neighbour(seed: int, count: int, rank: int, noise: float, k: int) -> None:
    """Of rows that lie nearly in a few directions, with copies, blank rows and rows of other lengths among them."""
    dice = np.random.default_rng(seed)
    flat = dice.standard_normal((count, rank)) @ dice.standard_normal((rank, 16))
    vectors = (flat + noise * dice.standard_normal((count, 16))).astype(np.float32)
    vectors[dice.integers(0, count, count // 4)] = vectors[dice.integers(0, count)]
    vectors[dice.integers(0, count, count // 8)] = 0.0
    vectors *= dice.choice([1e-3, 1.0, 30.0], (count, 1)).astype(np.float32)
    groups, first = dice.integers(0, 5, count), np.sort(dice.integers(0, count, count))
    last = np.maximum(first, np.sort(dice.integers(0, count + 1, count)))
    with pytest.MonkeyPatch.context() as patch:
        sizes = {"QUERIES_AT_ONCE": 7, "KEYS_AT_ONCE": 13, "DIRECTIONS": 5, "MANY": 0, "CANDIDATES": 1.0}
        for name, size in sizes.items():
            patch.setattr(neighbours, name, size)
        found = nearest(vectors, groups, first, last, k)
    rows = np.arange(count)
    near = (rows >= first[:, None]) & (rows < last[:, None]) & (groups[:, None] != groups)
    scores = np.where(near, vectors.astype(np.float64) @ vectors.T, 0.0)
    for row in rows:
        best = np.sort(scores[row])[::-1][:k].clip(min=0.0)
        least = 1e-5 * np.linalg.norm(vectors[row]) * np.linalg.norm(vectors, axis=1).max()
        assert np.allclose(found.similarities[row][: len(best)], best, rtol=0, atol=least)
        here = found.rows[row] >= 0
        assert np.allclose(scores[row, found.rows[row][here]], found.similarities[row][here], rtol=0, atol=least)
        assert len(set(found.rows[row][here])) == here.sum()
