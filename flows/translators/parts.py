"""Texts in parts that a model can take, and back: lines apart, long sentences cut at clauses, nothing left out."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

_LINE_BREAK = re.compile(r"(\s*\n\s*)")
_FIXED = re.compile(r"((?:https?://|www\.)[^\s<>\"»”]*[^\s<>\"»”.,;:!?،؛؟)\]])")
_CLAUSE_END = re.compile(r"[.!?…؟۔;؛:،,»)\]][\"”»)]*\s+|\s+[—–-]\s+")
_SPACE = re.compile(r"\s+")


@dataclass(frozen=True, slots=True)
class Parts:
    """A text in parts.

    texts: what is to be translated; between: what stands before, between and behind them and stays as it is.
    """

    texts: Sequence[str]
    between: Sequence[str]

    def joined(self, translations: Sequence[str]) -> str:
        """The translations of `texts` with what stands between them."""
        said = [self.between[0]]
        for text, space in zip(translations, self.between[1:], strict=True):
            said += [text, space]
        return "".join(said).strip()


def split(text: str, fits: Callable[[str], bool], *, around_fixed: bool) -> Parts:
    """Split a text at its line breaks, and further at its clauses until each part fits.

    around_fixed: take addresses on the web out too, so that they stay as they are.
    """
    raise NotImplementedError
