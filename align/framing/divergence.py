"""A map of outlets in two dimensions: the nearer two are, the more alike is how they cover a story.

Classical multidimensional scaling (Torgerson 1952, https://doi.org/10.1007/BF02288916): the eigenvectors of the doubly
centred squared distances that have the largest eigenvalues.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

METHOD = "map 1"

Distances = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class OutletMap:
    """Where each outlet lies, points of shape (n, 2) about the origin.

    stress: how far the map's distances are off those given, the root of the summed squares of the one as a share of
    the other's: 0 for a perfect map.
    """

    outlets: list[str]
    points: Distances
    stress: float


def distance_matrix(pairs: Mapping[tuple[str, str], float]) -> tuple[list[str], Distances]:
    """The distances of outlets, shape (n, n), symmetric, 0 from each to itself.

    pairs: the distance of two outlets, either way round. Of outlets whose distance is not known, the one of which
    fewest are known is left out, the last by name among equals, until all are.
    """
    known = {frozenset(pair): far for pair, far in pairs.items()}
    outlets = sorted({outlet for pair in known for outlet in pair})
    while True:
        ways = {one: sum(frozenset((one, other)) in known for other in outlets if other != one) for one in outlets}
        if all(count == len(outlets) - 1 for count in ways.values()):
            break
        outlets.remove(min(reversed(outlets), key=lambda outlet: ways[outlet]))
    far = [[0.0 if one == other else known[frozenset((one, other))] for other in outlets] for one in outlets]
    return outlets, np.array(far, dtype=np.float64).reshape(len(outlets), len(outlets))


def map_outlets(pairs: Mapping[tuple[str, str], float]) -> OutletMap:
    """The map of the outlets between which the distances are known; see `distance_matrix`."""
    outlets, distances = distance_matrix(pairs)
    points = _scaled(distances)
    shown = np.sqrt(((points[:, None] - points[None]) ** 2).sum(axis=2))
    size = float((distances**2).sum())
    stress = float(np.sqrt(((shown - distances) ** 2).sum() / size)) if size else 0.0
    return OutletMap(outlets, points, stress)


def _scaled(distances: Distances) -> Distances:
    count = len(distances)
    points = np.zeros((count, 2))
    if count < 2:
        return points
    centring = np.eye(count) - 1 / count
    values, vectors = np.linalg.eigh(-centring @ distances**2 @ centring / 2)
    for axis, place in enumerate(np.argsort(-values, kind="stable")[:2]):
        if values[place] > 1e-12:
            # An eigenvector's sign is arbitrary: its first large entry is made positive, so that a map stays as it is.
            vector = vectors[:, place]
            first = vector[np.argmax(np.abs(vector) > np.abs(vector).max() / 2)]
            points[:, axis] = vector * np.sign(first) * np.sqrt(values[place])
    return points
