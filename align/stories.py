"""Articles to stories: who writes of the same event at the same time."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from align.wording import Matrix

MIN_SIMILARITY = 0.45
"""The least mean similarity of articles in a story: it parts the four gold events."""

DAY = 86_400.0
BEST_MATCHES = 3


def article_similarity(articles: Sequence[Matrix]) -> Matrix:
    """How alike articles are, 0 to 1: what they are about as a whole, and the statements they share.

    It is the mean of two cosines: that of the articles' mean vectors, and that of their three best-matching statements.
    The whole alone takes two wars for one; shared statements alone part a wire report from a witness's account.

    articles: for each its statements' unit rows, shape (statements, dimensions). Returns shape (n, n), symmetric.
    """
    count = len(articles)
    centres: Matrix = np.stack([_unit(rows.sum(axis=0)) for rows in articles])
    similarity: Matrix = centres @ centres.T
    for a in range(count):
        for b in range(a):
            cosine = articles[a] @ articles[b].T
            matches = (_best(cosine.max(axis=1)) + _best(cosine.max(axis=0))) / 2
            similarity[a, b] = similarity[b, a] = (similarity[a, b] + matches) / 2
    np.fill_diagonal(similarity, 1.0)
    return np.clip(similarity, 0.0, 1.0).astype(np.float32)


def join_stories(
    similarity: Matrix,
    published: Sequence[float],
    stories: Sequence[str | None],
    *,
    max_days: float,
    min_similarity: float = MIN_SIMILARITY,
) -> list[str | int]:
    """Give each article without a story (None) one: a known story's id, or the row of the article that opens it.

    New articles are grouped by average linkage; a group joins the known story it is nearest to on average, or opens
    one named after its earliest article. So a new day's articles join or open stories and the past stays as it was.
    Articles more than `max_days` apart count as nothing alike.

    similarity: shape (n, n); published: n times in seconds; stories: n ids or None.
    """
    times = np.asarray(published, dtype=np.float64)
    near = np.where(np.abs(times[:, None] - times[None, :]) <= max_days * DAY, similarity, 0.0)
    known = {
        story: [row for row, other in enumerate(stories) if other == story] for story in stories if story is not None
    }
    found: list[str | int] = [-1 if story is None else story for story in stories]
    for group in _groups(near, [row for row, story in enumerate(stories) if story is None], min_similarity):
        story = _nearest(near, group, known, min_similarity)
        for row in group:
            found[row] = min(group, key=lambda row: (times[row], row)) if story is None else story
    return found


def _groups(near: NDArray[np.float64], rows: list[int], min_similarity: float) -> list[list[int]]:
    if len(rows) < 2:
        return [[row] for row in rows]
    from scipy.cluster.hierarchy import fcluster, linkage
    from scipy.spatial.distance import squareform

    distances = 1.0 - near[np.ix_(rows, rows)].astype(np.float64)
    np.fill_diagonal(distances, 0.0)
    labels = fcluster(linkage(squareform(distances, checks=False), "average"), 1.0 - min_similarity, "distance")
    groups: dict[int, list[int]] = {}
    for row, label in zip(rows, labels, strict=True):
        groups.setdefault(int(label), []).append(row)
    return list(groups.values())


def _nearest(
    near: NDArray[np.float64], group: list[int], known: dict[str, list[int]], min_similarity: float
) -> str | None:
    means = {story: float(near[np.ix_(group, rows)].mean()) for story, rows in known.items()}
    best = max(means, key=lambda story: (means[story], story), default=None)
    return best if best is not None and means[best] >= min_similarity else None


def _best(cosines: Matrix) -> float:
    return float(np.sort(cosines)[::-1][:BEST_MATCHES].mean())


def _unit(vector: NDArray[np.float32]) -> NDArray[np.float32]:
    norm = np.linalg.norm(vector)
    unit: NDArray[np.float32] = vector / norm if norm else vector
    return unit
