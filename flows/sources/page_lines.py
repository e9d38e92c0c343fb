"""The lines of a page as a reader sees them, and those that stand about its headline: dates and names are read there."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from lxml.etree import _Element, iterwalk

BLOCKS = frozenset(
    "address article aside blockquote body br button center dd details div dl dt fieldset figcaption figure footer form "
    "h1 h2 h3 h4 h5 h6 header hr li main nav ol option p pre section select table tbody td tfoot th thead tr ul".split()
)
UNSEEN = frozenset("script style noscript template svg iframe select textarea head".split())
ASIDE = frozenset(("aside", "nav"))
PARAGRAPH = 160  # characters: a longer line is of the text, none that tells who wrote it and when
BEFORE, AFTER = 6, 12  # lines
MARKS = re.compile("[\u0640\u064b-\u065f\u0670]")


@dataclass(frozen=True, slots=True)
class Line:
    text: str
    element: _Element
    """The block that it begins in."""


def lines(tree: _Element) -> list[Line]:
    """All lines of the page's body, but those of menus and asides."""
    found: list[Line] = []
    pieces: list[str] = []
    holder = tree

    def flush(element: _Element) -> None:
        nonlocal holder
        if text := " ".join("".join(pieces).split()):
            found.append(Line(text, holder))
        pieces.clear()
        holder = element

    walk = iterwalk(tree, events=("start", "end"))
    for event, element in walk:
        tag = element.tag
        if event == "start":
            if not isinstance(tag, str) or tag in UNSEEN or tag in ASIDE:
                walk.skip_subtree()
                continue
            if tag in BLOCKS:
                flush(element)
            if element.text:
                pieces.append(element.text)
        else:
            if tag in BLOCKS:
                parent = element.getparent()
                flush(element if parent is None else parent)
            if element.tail and element is not tree:
                pieces.append(element.tail)
    flush(tree)
    return found


def about_headline(found: Sequence[Line], title: str) -> tuple[list[Line], list[Line]]:
    """The short lines that stand below the headline, up to the text, and those above it, the nearest first."""
    at = headline_at(found, title)
    if at is None:
        return [], []
    below: list[Line] = []
    for line in found[at + 1 : at + 1 + AFTER]:
        if len(line.text) > PARAGRAPH:
            break
        below.append(line)
    above = [line for line in reversed(found[max(0, at - BEFORE) : at]) if len(line.text) <= PARAGRAPH]
    return below, above


def headline_at(found: Sequence[Line], title: str) -> int | None:
    """Which line is the headline: an h1 that says the title, else any line that does, else the only h1."""
    said = comparable(title)
    same = [index for index, line in enumerate(found) if said and comparable(line.text) == said]
    first = [index for index, line in enumerate(found) if is_within_h1(line.element)]
    for candidates in ([index for index in same if index in first], same, first):
        if candidates:
            return candidates[0]
    return None


def is_within_h1(element: _Element) -> bool:
    return element.tag == "h1"


def comparable(text: str) -> str:
    """Words in one case and form, without what is not seen: for telling whether two texts say the same."""
    seen = "".join(c for c in unicodedata.normalize("NFKC", text) if unicodedata.category(c) != "Cf")
    return " ".join(re.findall(r"\w+", MARKS.sub("", seen.casefold())))
