"""How alike statements of different outlets are, scored so that any pair of languages and outlets compares."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

Matrix = NDArray[np.float32]


def pair_scores(vectors: Matrix, outlets: Sequence[str]) -> Matrix:
    """Score every pair of statements, 0 to 1; 0 within an outlet, since an outlet does not corroborate itself.

    The score is cosine times the square root of the ratio margin: the cosine of the pair over the mean cosine of both
    statements with their nearest neighbour in each other outlet. The margin is that of bitext mining (Artetxe and
    Schwenk 2019, "Margin-based Parallel Corpus Mining with Multilingual Sentence Embeddings"): it takes out what one
    pair of languages, or one much-repeated topic, has in cosine over another. A neighbour an outlet, rather than the
    k nearest of all, keeps an outlet with many similar statements from filling the neighbourhood.

    vectors: unit rows, shape (n, dimensions); outlets: n names. Returns shape (n, n), symmetric.
    """
    names, codes = np.unique(np.asarray(outlets, dtype=object), return_inverse=True)
    if len(names) < 2:
        return np.zeros((len(vectors), len(vectors)), dtype=np.float32)
    cosine = np.clip(vectors @ vectors.T, 0.0, 1.0).astype(np.float32)
    cosine[codes[:, None] == codes[None, :]] = 0.0
    # Within its own outlet a statement's best is the 0 just set, so summing over all outlets sums over the others.
    best = np.stack([cosine[:, codes == code].max(axis=1) for code in range(len(names))])
    usual = best.sum(axis=0) / (len(names) - 1)
    margin = 2 * cosine / np.maximum(usual[:, None] + usual[None, :], 1e-6)
    scores: Matrix = np.clip(cosine * np.sqrt(margin), 0.0, 1.0)
    return scores
