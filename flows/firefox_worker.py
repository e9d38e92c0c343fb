"""What the processes do that translate with Firefox's models. Imports little: they start soon and stay small.

Processes, since a Translator of fxtranslate belongs to the thread that made it and lets no other run beside it.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from functools import cache
from pathlib import Path

from fxtranslate import Translator

Files = tuple[Path, Path, Path, Path | None]
"""Weights, vocabularies of source and target, and the shortlist of likely translations."""


def be_quiet() -> None:
    """Let this process say nothing: the engine prints the stack where a file is damaged."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), 2)


def translate(files: Files, texts: Sequence[str]) -> list[str]:
    """Raises ValueError where a file is damaged or the engine fails."""
    try:
        translator = _translator(*files)
        return [translator.translate(text) for text in texts]
    except BaseException as error:  # where Rust panics it is no Exception
        raise ValueError(str(error)) from None


@cache
def _translator(weights: Path, source: Path, target: Path, shortlist: Path | None) -> Translator:
    likely = shortlist.read_bytes() if shortlist else None
    return Translator(weights.read_bytes(), source.read_bytes(), target.read_bytes(), likely)
