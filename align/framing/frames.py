"""The generic frames that statements show: conflict, human interest and the like, whatever the story is about.

The frames are those of Semetko and Valkenburg (2000, https://doi.org/10.1111/j.1460-2466.2000.tb02843.x) and, of the
Policy Frames Codebook (Boydstun et al. 2014), security, legality and diplomacy. How far a statement shows one is told
from how like the frame's examples it is, in an encoder's space, and whether it has one of the frame's words.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from align.framing.lexicon import LANGUAGES, Keys, as_entries, as_mapping, name_keys, text_keys
from align.wording import Encode, Matrix
from align.words import WORD

METHOD = "frames 1"
WORD_WEIGHT = 1.25
"""How much a word of a frame adds to the score, in the units of likeness."""
LEAST_SCORE = 1.05
"""The least score of a frame that is told: it gives the best F1 on the gold events, over all frames."""
LEAST_F1 = 0.6
"""A frame that is found less well on gold, or was not measured, is experimental."""

Scores = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Frame:
    """A frame: examples in any language, words by language, and the F1 measured on gold, None where it was not."""

    name: str
    examples: tuple[str, ...]
    words: Mapping[str, frozenset[Keys]]
    f1: float | None

    @property
    def is_experimental(self) -> bool:
        return self.f1 is None or self.f1 < LEAST_F1


def read_frames(*mappings: Mapping[str, Any]) -> list[Frame]:
    """The frames that parsed files describe; a later file replaces those that it names again.

    Raises ValueError naming the key that is wrong.
    """
    entries: dict[str, Any] = {}
    for mapping in mappings:
        if unknown := set(as_mapping(mapping, "the file")) - {"frames"}:
            raise ValueError(f"{min(map(str, unknown))}: not a key of a file of frames")
        entries |= as_mapping(mapping.get("frames", {}), "frames")
    return [_frame(name, entry) for name, entry in entries.items()]


def _frame(name: str, entry: Any) -> Frame:
    place = f"frames.{name}"
    if unknown := set(as_mapping(entry, place)) - {"examples", "words", "f1"}:
        raise ValueError(f"{place}.{min(map(str, unknown))}: not a key of a frame; there are examples, words and f1")
    examples = _by_language(entry.get("examples", {}), f"{place}.examples")
    if not any(examples.values()):
        raise ValueError(f"{place}.examples: expected a sentence or more that show the frame, in any language")
    f1 = entry.get("f1")
    if f1 is not None and (isinstance(f1, bool) or not isinstance(f1, int | float) or not 0 <= f1 <= 1):
        raise ValueError(f"{place}.f1: expected a number from 0 to 1, found {f1!r:.200}")
    words = {
        language: frozenset(name_keys(word, language) for word in some)
        for language, some in _by_language(entry.get("words", {}), f"{place}.words").items()
    }
    return Frame(name, tuple(example for some in examples.values() for example in some), words, f1)


def _by_language(value: Any, place: str) -> dict[str, list[str]]:
    for language in as_mapping(value, place):
        if language not in LANGUAGES:
            raise ValueError(f"{place}.{language}: not a language; there are {', '.join(LANGUAGES)}")
    return {language: as_entries(some, f"{place}.{language}") for language, some in value.items()}


class FrameFinder:
    """Finds frames in statements; made once, since it encodes the examples and the background."""

    def __init__(self, frames: Sequence[Frame], encode: Encode, background: Sequence[str]) -> None:
        """frames: two or more; background: texts of varied news, against which likeness is measured."""
        self.names = [frame.name for frame in frames]
        self._words = _indexed(frames)
        usual = encode(background)
        self._mean: Matrix = usual.mean(axis=0)
        middles = np.stack([self._centred(encode(frame.examples)).mean(axis=0) for frame in frames])
        # What all frames have in common is that they are news in whole sentences.
        self._directions: Matrix = _unit(middles - middles.mean(axis=0))
        self._spread = float((self._centred(usual) @ self._directions.T).std()) or 1.0

    def scores(self, texts: Sequence[str], languages: Sequence[str], vectors: Matrix) -> Scores:
        """How far each statement shows each frame, shape (n, frames).

        vectors: the encoder's, shape (n, d). The unit is the standard deviation of likeness in the background, so that
        scores mean about the same with any encoder.
        """
        if not texts:
            return np.zeros((0, len(self.names)))
        likeness = np.asarray(self._centred(vectors) @ self._directions.T, dtype=np.float64) / self._spread
        has_word = [self._has_word(text, language) for text, language in zip(texts, languages, strict=True)]
        return likeness + WORD_WEIGHT * np.array(has_word, dtype=np.float64)

    def _centred(self, vectors: Matrix) -> Matrix:
        """Unit rows in which what all news has in common is gone; a row of zeros, of a blank text, stays one."""
        centred: Matrix = np.where(vectors.any(axis=1, keepdims=True), vectors - self._mean, 0)
        return _unit(centred)

    def _has_word(self, text: str, language: str) -> list[bool]:
        """For each frame whether the text has one of its words."""
        words = self._words.get(language, {})
        keys = [text_keys(word, language) for word in WORD.findall(text)] if words else []
        found = {
            frame
            for at, some in enumerate(keys)
            for first in some
            for entry, frame in words.get(first, ())
            if at + len(entry) <= len(keys) and all(key in keys[at + n] for n, key in enumerate(entry))
        }
        return [frame in found for frame in range(len(self.names))]


def _indexed(frames: Sequence[Frame]) -> dict[str, dict[str, list[tuple[Keys, int]]]]:
    """The words of all frames by language and their first key, each with the number of its frame."""
    index: defaultdict[str, defaultdict[str, list[tuple[Keys, int]]]] = defaultdict(lambda: defaultdict(list))
    for number, frame in enumerate(frames):
        for language, words in frame.words.items():
            for keys in sorted(words):
                index[language][keys[0]].append((keys, number))
    return {language: dict(words) for language, words in index.items()}


def _unit(rows: Matrix) -> Matrix:
    unit: Matrix = rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), np.finfo(np.float32).tiny)
    return unit
