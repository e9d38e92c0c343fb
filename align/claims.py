"""Scored pairs of statements to claims: groups that hold together as groups, not as chains of pairs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from align.wording import Matrix

MIN_PROBABILITY = 0.43
"""The least mean probability between two groups that are joined.

Whoever wants the best F1 of calibrated probabilities cuts them at half the F1 that can be reached (Lipton, Elkan and
Naryanaswamy 2014, "Optimal Thresholding of Classifiers to Maximize F1 Measure"), here about 0.86.
"""

METHOD = "learned probability, average linkage 1"
"""Changes whenever the same vectors and settings would give other claims."""

# Two statements of one outlet in a claim cost it more than a hopeless pair: an outlet seldom says a thing twice.
SAME_OUTLET = -0.5


@dataclass(frozen=True, slots=True)
class Claim:
    """Statements, by row, of two outlets or more that say the same.

    `probabilities` holds for each member the mean probability that it says the same as the members of other outlets;
    `gist` is the member with the highest, which stands for the claim; `probability` is their mean.
    """

    members: tuple[int, ...]
    probabilities: tuple[float, ...]
    gist: int
    probability: float


def find_claims(probabilities: Matrix, outlets: Sequence[str], min_probability: float = MIN_PROBABILITY) -> list[Claim]:
    """Group the statements of one story into claims, by average linkage.

    probabilities: of `pair_probabilities`, shape (n, n); outlets: n names. Statements that no other outlet makes are in
    no claim.
    """
    if len(set(outlets)) < 2:
        return []
    names = np.asarray(outlets, dtype=object)
    labels = _average_linkage(probabilities, names, min_probability)
    order = np.argsort(labels, kind="stable")
    groups = np.split(order, np.flatnonzero(np.diff(labels[order])) + 1)
    return [_claim(group, probabilities, names) for group in groups if len(set(names[group])) > 1]


def labels_of(claims: Sequence[Claim], count: int) -> list[str]:
    """The label of each of `count` statements: its claim's, or one of its own."""
    labels = [f"alone-{row}" for row in range(count)]
    for number, claim in enumerate(claims):
        for row in claim.members:
            labels[row] = f"claim-{number}"
    return labels


def _average_linkage(probabilities: Matrix, names: NDArray[np.object_], min_probability: float) -> NDArray[np.int_]:
    # Imported here: scipy takes longer to load than most commands to run.
    from scipy.cluster.hierarchy import fcluster, linkage
    from scipy.spatial.distance import squareform

    distances = 1.0 - probabilities.astype(np.float64)
    distances[names[:, None] == names[None, :]] = 1.0 - SAME_OUTLET
    np.fill_diagonal(distances, 0.0)
    tree = linkage(squareform(distances, checks=False), "average")
    return fcluster(tree, 1.0 - min_probability, "distance").astype(np.int_)


def _claim(group: NDArray[np.int_], probabilities: Matrix, names: NDArray[np.object_]) -> Claim:
    others = names[group][:, None] != names[group][None, :]
    within = probabilities[np.ix_(group, group)]
    means = (within * others).sum(axis=1) / np.maximum(others.sum(axis=1), 1)
    return Claim(
        members=tuple(int(row) for row in group),
        probabilities=tuple(round(float(mean), 4) for mean in means),
        gist=int(group[int(np.argmax(np.round(means, 4)))]),
        probability=round(float(means.mean()), 4),
    )
