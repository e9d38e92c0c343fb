"""Scored pairs of statements to claims: groups that hold together as groups, not as chains of pairs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from align.neighbours import Matrix

MIN_SCORE = 0.48
"""The least mean score between two groups that are joined, fitted on the four gold events (`fit_min_score`)."""

METHOD = "whole and wording, average linkage 2"
"""Changes whenever the same vectors and settings would give other claims."""

CANDIDATES = np.round(np.arange(0.30, 0.70, 0.02), 2)

# Two statements of one outlet in a claim cost it as much as a hopeless pair: an outlet seldom says a thing twice.
SAME_OUTLET = -1.0


@dataclass(frozen=True, slots=True)
class Claim:
    """Statements, by row, of two outlets or more that say the same.

    `scores` holds for each member the mean score with the members of other outlets; `gist` is the member with the
    highest, which stands for the claim; `score` is their mean.
    """

    members: tuple[int, ...]
    scores: tuple[float, ...]
    gist: int
    score: float


def find_claims(scores: Matrix, outlets: Sequence[str], min_score: float = MIN_SCORE) -> list[Claim]:
    """Group the statements of one story into claims, by average linkage.

    scores: of `pair_scores`, shape (n, n); outlets: n names. Statements that no other outlet makes are in no claim.
    """
    if len(set(outlets)) < 2:
        return []
    names = np.asarray(outlets, dtype=object)
    labels = _average_linkage(scores, names, min_score)
    order = np.argsort(labels, kind="stable")
    groups = np.split(order, np.flatnonzero(np.diff(labels[order])) + 1)
    return [_claim(group, scores, names) for group in groups if len(set(names[group])) > 1]


def fit_min_score(events: Sequence[tuple[Matrix, Sequence[str], Sequence[str]]]) -> float:
    """The `min_score` with the best mean pairwise F1 over events of (scores, outlets, gold claim of each statement).

    Statements without a claim carry a label of their own.
    """
    # Imported here: evaluation scores what this module makes.
    from align.evaluation import score_groups

    def mean_f1(min_score: float) -> float:
        f1 = []
        for scores, outlets, gold in events:
            claims = find_claims(scores, outlets, min_score)
            f1.append(score_groups(gold, labels_of(claims, len(gold)), outlets).pairs.f1)
        return float(np.mean(f1))

    return float(max(CANDIDATES, key=lambda candidate: (round(mean_f1(float(candidate)), 6), candidate)))


def labels_of(claims: Sequence[Claim], count: int) -> list[str]:
    """The label of each of `count` statements: its claim's, or one of its own."""
    labels = [f"alone-{row}" for row in range(count)]
    for number, claim in enumerate(claims):
        for row in claim.members:
            labels[row] = f"claim-{number}"
    return labels


def _average_linkage(scores: Matrix, names: NDArray[np.object_], min_score: float) -> NDArray[np.int_]:
    # Imported here: scipy takes longer to load than most commands to run.
    from scipy.cluster.hierarchy import fcluster, linkage
    from scipy.spatial.distance import squareform

    distances = 1.0 - scores.astype(np.float64)
    distances[names[:, None] == names[None, :]] = 1.0 - SAME_OUTLET
    np.fill_diagonal(distances, 0.0)
    tree = linkage(squareform(distances, checks=False), "average")
    return fcluster(tree, 1.0 - min_score, "distance").astype(np.int_)


def _claim(group: NDArray[np.int_], scores: Matrix, names: NDArray[np.object_]) -> Claim:
    others = names[group][:, None] != names[group][None, :]
    within = scores[np.ix_(group, group)]
    means = (within * others).sum(axis=1) / np.maximum(others.sum(axis=1), 1)
    return Claim(
        members=tuple(int(row) for row in group),
        scores=tuple(round(float(mean), 4) for mean in means),
        gist=int(group[int(np.argmax(np.round(means, 4)))]),
        score=round(float(means.mean()), 4),
    )
