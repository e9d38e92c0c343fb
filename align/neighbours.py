"""How alike statements of different outlets are, scored so that any pair of languages and outlets compares."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from align.wording import Encode, word_overlap
from align.wording import Matrix as Matrix

WORD_SHARE = 0.7
"""What the wording counts against the statements' vectors; benchmarks/wording_share.py shows what others would give."""


def pair_scores(
    vectors: Matrix, texts: Sequence[str], languages: Sequence[str], outlets: Sequence[str], encode: Encode
) -> Matrix:
    """Score every pair of statements, 0 to 1; 0 within an outlet, since an outlet does not corroborate itself.

    A pair is scored by what its statements mean as a whole, the cosine of their vectors, and by the words they have in
    common, each set against what the two have in common with other outlets' statements (`contrasted`).

    vectors: unit rows, shape (n, dimensions); texts, languages, outlets: n each; encode: words to unit vectors. Returns
    shape (n, n), symmetric.
    """
    whole = contrasted(np.clip(vectors @ vectors.T, 0.0, 1.0), outlets)
    wording = contrasted(word_overlap(texts, languages, encode), outlets)
    scores: Matrix = (1 - WORD_SHARE) * whole + WORD_SHARE * wording
    return scores


def contrasted(likeness: Matrix, outlets: Sequence[str]) -> Matrix:
    """Likeness times the square root of its ratio margin, 0 to 1; 0 within an outlet.

    The margin is the likeness of a pair over the mean likeness of both with their nearest neighbour in each other
    outlet. It is that of bitext mining (Artetxe and Schwenk 2019, "Margin-based Parallel Corpus Mining with
    Multilingual Sentence Embeddings"), and takes out what one pair of languages, or one much-repeated topic, has in
    likeness over another. A neighbour an outlet, rather than the k nearest of all, keeps an outlet with many similar
    statements from filling the neighbourhood.
    """
    names, codes = np.unique(np.asarray(outlets, dtype=object), return_inverse=True)
    if len(names) < 2:
        return np.zeros_like(likeness)
    likeness = np.where(codes[:, None] == codes[None, :], 0.0, likeness).astype(np.float32)
    # Within its own outlet a statement's best is the 0 just set, so summing over all outlets sums over the others.
    best = np.stack([likeness[:, codes == code].max(axis=1) for code in range(len(names))])
    usual = best.sum(axis=0) / (len(names) - 1)
    margin = 2 * likeness / np.maximum(usual[:, None] + usual[None, :], 1e-6)
    scores: Matrix = np.clip(likeness * np.sqrt(margin), 0.0, 1.0)
    return scores
