"""Texts in parts that a model can take, and back: lines apart, long ones cut at clauses, nothing left out."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from align.survival import FIXED

_LINE_BREAK = re.compile(r"([\n\r\v\f\x85\u2028\u2029]+)")
_WORD = re.compile(r"[^\W_]")
# Of the space behind a clause or word just the first character, and few marks: longer runs would be read anew from each
# of their characters.
_CLAUSE_END = re.compile(r"[.!?…؟۔;؛:،,»)\]][\"”»)]{0,3}\s|\s[—–-]\s")
_WORD_END = re.compile(r"(?<!\d)\s|\s(?!\d)")  # not within "10 000"
_JOINERS = "\u200d\ufe0f"  # of emoji


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
        for text, after in zip(translations, self.between[1:], strict=True):
            # Behind nothing no space either, but the line goes on being one.
            said += [text, after] if text or after.strip() or _LINE_BREAK.search(after) else []
        return "".join(said).strip()


def split(text: str, fits: Callable[[str], bool], *, around_fixed: bool) -> Parts:
    """Split a text at its line breaks, and further at its clauses until each part fits; spaces stand between parts.

    What has neither letters nor digits, or is all an address, is no part. A single character is one even if it does not
    fit.

    around_fixed: take all addresses out, so that they stay as they are.
    """
    texts: list[str] = []
    between = [""]
    for piece, is_text in _pieces(text, around_fixed):
        for part in _cut_to_fit(piece, fits) if is_text else (piece,):
            if is_text and part.strip():
                bare = part.strip()
                start = part.index(bare)
                between[-1] += part[:start]
                texts.append(bare)
                between.append(part[start + len(bare) :])
            else:
                between[-1] += part
    return Parts(texts, between)


def _pieces(text: str, around_fixed: bool) -> Iterator[tuple[str, bool]]:
    """Lines, breaks, addresses and what stands around them, each with whether it is to be translated."""
    for place, line in enumerate(_LINE_BREAK.split(text)):
        if place % 2:
            yield line, False
        elif around_fixed:
            for turn, piece in enumerate(FIXED.split(line)):
                yield piece, turn % 2 == 0 and bool(_WORD.search(piece))
        else:
            yield line, bool(_WORD.search(FIXED.sub("", line)))


def _cut_to_fit(text: str, fits: Callable[[str], bool]) -> Iterator[str]:
    """The text cut in two, and each half again, until all fit or are single characters."""
    bare = text.strip()
    if len(bare) < 2 or fits(bare):
        yield text
        return
    middle = text.index(bare) + _cut(bare)
    yield from _cut_to_fit(text[:middle], fits)
    yield from _cut_to_fit(text[middle:], fits)


def _cut(text: str) -> int:
    """Where to cut a text in two: after the clause, else the word, that ends nearest to the middle, else anywhere.

    The text neither begins nor ends with a space, so that there is something on both sides.
    """
    middle, margin = len(text) // 2, len(text) // 8
    for pattern in (_CLAUSE_END, _WORD_END):
        ends = (found.end() for found in pattern.finditer(text))
        if inner := [end for end in ends if margin <= end <= len(text) - margin]:
            return min(inner, key=lambda end: abs(end - middle))
    cut = middle
    while cut and _is_one(text[cut - 1], text[cut]):
        cut -= 1
    return cut or middle


def _is_one(first: str, second: str) -> bool:
    """Whether two characters are one sign for the reader: a letter and its accent, parts of an emoji."""
    return first in _JOINERS or second in _JOINERS or unicodedata.category(second)[0] == "M" or "🏻" <= second <= "🏿"
