"""Scored pairs of statements to claims: groups that hold together as groups, not as chains of pairs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from align.pairs import PairProbabilities
from align.wording import Matrix

if TYPE_CHECKING:
    from scipy.sparse import csr_array

Codes = NDArray[np.int_]

MIN_PROBABILITY = 0.4
"""The least mean probability between two groups that are joined.

Whoever wants the best F1 of calibrated probabilities cuts them at half the F1 that can be reached (Lipton, Elkan and
Naryanaswamy 2014, "Optimal Thresholding of Classifiers to Maximize F1 Measure"), here 0.8 and more.
"""

METHOD = "learned probability, average linkage 4"
"""Changes whenever the same vectors and settings would give other claims."""

# Two statements of one outlet in a claim cost it more than a hopeless pair: an outlet seldom says a thing twice.
SAME_OUTLET = -0.5
# A claim of two statements rests on one pair. Where others could bear it out and none does, it must be surer by this
# share of what is wanting to certainty.
ONE_PAIR, FEW_OUTLETS = 1 / 3, 3
# Pairs that may still be parts of a claim: its mean over all pairs is what counts.
LIKELY = 0.05
# Texts that are grouped in one call, where they are in parts with no more.
TOGETHER = 256


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


def find_claims(
    pairs: PairProbabilities, outlets: Sequence[str], min_probability: float = MIN_PROBABILITY
) -> list[Claim]:
    """Group the statements of one story into claims, by average linkage of their texts.

    outlets: a name a statement. Statements that no other outlet makes are in no claim.
    """
    if len(set(outlets)) < 2:
        return []
    codes = np.unique(np.asarray(outlets, dtype=object), return_inverse=True)[1]
    members = np.split(np.argsort(pairs.rows, kind="stable"), np.cumsum(np.bincount(pairs.rows))[:-1])
    alone = np.array([codes[some[0]] if len(set(codes[some])) == 1 else -1 for some in members])
    surer = ONE_PAIR if len(set(outlets)) > FEW_OUTLETS else 0.0
    least = min_probability + surer * (1 - min_probability)
    claims = []
    for part, likely in _parts(pairs.by_text, min_probability):
        for texts in _groups(likely, alone[part], min_probability):
            if len(texts) == 1 and alone[part[texts[0]]] >= 0:
                continue
            said = [members[part[text]] for text in texts]
            claim = _claim(said, likely[np.ix_(texts, texts)], codes)
            if len(claim.members) > 2 or claim.probability >= least:
                claims.append(claim)
    return sorted(claims, key=lambda claim: claim.members)


def labels_of(claims: Sequence[Claim], count: int) -> list[str]:
    """The label of each of `count` statements: its claim's, or one of its own."""
    labels = [f"alone-{row}" for row in range(count)]
    for number, claim in enumerate(claims):
        for row in claim.members:
            labels[row] = f"claim-{number}"
    return labels


def _parts(by_text: csr_array[np.float32], min_probability: float) -> Iterator[tuple[Codes, Matrix]]:
    """Texts of which none is ever joined to one of another part, and how likely each two of them say the same.

    What no chain of likely pairs connects is never joined. Small parts are taken together, which saves calls.
    """
    # Imported here: scipy takes longer to load than most commands to run.
    from scipy.sparse.csgraph import connected_components

    likely = by_text.multiply(by_text >= min(min_probability, LIKELY))
    labels = connected_components(likely, directed=False)[1]
    sizes = np.bincount(labels)
    together = ((np.cumsum(sizes) - sizes) // TOGETHER)[labels]
    for part in _split(together):
        yield part, by_text[part][:, part].toarray()


def _groups(likely: Matrix, outlets: Codes, min_probability: float) -> list[Codes]:
    """Texts that hold together. outlets: the number of the one outlet that has a text, -1 where several have."""
    from scipy.cluster.hierarchy import fcluster, linkage
    from scipy.spatial.distance import squareform

    if len(likely) < 2:
        return [np.arange(len(likely))]
    distances = 1.0 - likely.astype(np.float64)
    distances[(outlets[:, None] == outlets[None, :]) & (outlets[:, None] >= 0)] = 1.0 - SAME_OUTLET
    np.fill_diagonal(distances, 0.0)
    tree = linkage(squareform(distances, checks=False), "average")
    return _split(fcluster(tree, 1.0 - min_probability, "distance").astype(np.int_))


def _split(labels: Codes) -> list[Codes]:
    """The places of each label, in order."""
    order = np.argsort(labels, kind="stable")
    return np.split(order, np.flatnonzero(np.diff(labels[order])) + 1)


def _claim(said: Sequence[Codes], likely: Matrix, outlets: Codes) -> Claim:
    """The claim of these statements: each agrees with those of other outlets, as likely as their texts do.

    said: those of each text; likely: how likely each two texts say the same.
    """
    group = np.concatenate(said)
    order = np.argsort(group)
    group, rows = group[order], np.repeat(np.arange(len(said)), list(map(len, said)))[order]
    names, codes = np.unique(outlets[group], return_inverse=True)
    counts = np.zeros((len(said), len(names)))
    np.add.at(counts, (rows, codes), 1.0)
    # Of each text: what it has in common with all statements, less that with the statements of one outlet.
    within = likely @ counts
    means = (within.sum(axis=1)[rows] - within[rows, codes]) / (len(group) - counts.sum(axis=0)[codes])
    return Claim(
        members=tuple(group.tolist()),
        probabilities=tuple(np.round(means, 4).tolist()),
        gist=int(group[int(np.argmax(np.round(means, 4)))]),
        probability=round(float(means.mean()), 4),
    )
