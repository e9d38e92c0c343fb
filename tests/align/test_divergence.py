"""The map of outlets: distances that fit into a plane come back; what does not fit is told."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from align.framing.divergence import distance_matrix, map_outlets

PLACES = {"A": (0.0, 0.0), "B": (3.0, 0.0), "C": (3.0, 4.0), "D": (0.5, 2.0)}
FLAT = {(a, b): math.dist(PLACES[a], PLACES[b]) for a in PLACES for b in PLACES if a < b}

distances = st.lists(st.floats(0, 1), min_size=10, max_size=10).map(
    lambda far: dict(zip([(a, b) for a in "ABCDE" for b in "ABCDE" if a < b], far, strict=True))
)


def test_distances_of_a_plane_are_all_shown() -> None:
    made = map_outlets(FLAT)
    points = dict(zip(made.outlets, made.points, strict=True))
    shown = {(a, b): math.dist(points[a], points[b]) for a, b in FLAT}
    assert made.outlets == ["A", "B", "C", "D"]
    assert shown == pytest.approx(FLAT)
    assert made.stress == pytest.approx(0, abs=1e-9)


def test_what_does_not_fit_into_a_plane_is_told_as_stress() -> None:
    """Four outlets as far from each other as from any: a tetrahedron of edge 1, of which two axes are shown."""
    made = map_outlets({(a, b): 1.0 for a in "ABCD" for b in "ABCD" if a < b})
    shown = [math.dist(made.points[i], made.points[j]) for i in range(4) for j in range(i)]
    assert made.stress == pytest.approx(math.sqrt(sum((far - 1) ** 2 for far in shown) / 6))
    assert 0.1 < made.stress < 0.6


@given(distances)
def test_the_matrix_is_symmetric_and_the_map_is_centred_whichever_way_round_pairs_are(
    pairs: dict[tuple[str, str], float],
) -> None:
    outlets, far = distance_matrix(pairs)
    assert outlets == list("ABCDE") and np.array_equal(far, far.T) and not far.diagonal().any()
    made, turned = map_outlets(pairs), map_outlets({(b, a): far for (a, b), far in pairs.items()})
    assert np.isfinite(made.points).all() and made.points.sum(axis=0) == pytest.approx([0, 0], abs=1e-6)
    assert np.array_equal(made.points, turned.points) and made.stress >= 0


def test_an_outlet_of_unknown_distance_is_left_out() -> None:
    assert map_outlets(FLAT | {("A", "E"): 1.0}).outlets == ["A", "B", "C", "D"]
    assert map_outlets({("A", "B"): 0.5, ("C", "D"): 0.5}).outlets == ["A", "B"]


def test_the_same_outlets_are_one_point_and_none_are_no_map() -> None:
    made = map_outlets({("A", "B"): 0.0})
    assert (made.points.tolist(), made.stress) == ([[0, 0], [0, 0]], 0)
    assert map_outlets({}).outlets == []
