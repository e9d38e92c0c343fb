"""The lines of a page as a reader sees them, and those about its headline, where dates and names are."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import takewhile
from typing import cast

from lxml.etree import _Element, iterwalk

from align import visible


def words_of(text: str) -> frozenset[str]:
    return frozenset(text.split())


BLOCKS = words_of(
    "address article aside blockquote body br button center dd details div dl dt fieldset figcaption figure footer "
    "form h1 h2 h3 h4 h5 h6 header hr li main nav ol option p pre section select table tbody td tfoot th thead tr ul"
)
UNSEEN = words_of("script style noscript template svg iframe select textarea head")
OTHER_TAGS = frozenset(("aside", "nav", "li"))
OTHERS = re.compile(
    r"related|comment|sidebar|recommend|popular|teaser|read-?more|latest|\b(?:bio|about|more)\b", re.IGNORECASE
)
ASIDE = frozenset(("aside", "nav"))
LONGEST = 500  # characters of a headline
PARAGRAPH = 160  # characters: a longer line is of the text, none that tells who wrote it and when
BEFORE, AFTER = 6, 12  # lines
MARKS = re.compile("[\u0640\u064b-\u065f\u0670]")
NO_WIDTH = re.compile(f"[{visible.UNSEEN}]")


@dataclass(frozen=True, slots=True)
class Line:
    text: str
    element: _Element
    """The block that it begins in."""


@dataclass(frozen=True, slots=True)
class Headline:
    """The block that the headline is, the short lines below it up to the text, and those above, the nearest first."""

    element: _Element | None
    below: Sequence[Line]
    above: Sequence[Line]
    holders: frozenset[_Element]
    """The block, and all that it stands in."""


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


def find_about(found: Sequence[Line], title: str) -> Headline:
    """What stands about the headline: an h1 that says the title, else any line that does, else the first h1."""
    said = comparable(title)
    first = [index for index, line in enumerate(found) if line.element.tag == "h1"]
    same = [index for index, line in enumerate(found) if said and comparable(line.text[:LONGEST]) == said]
    at = next(iter([index for index in same if found[index].element.tag == "h1"] or same or first), None)
    if at is None:
        return Headline(None, [], [], frozenset())
    below = list(takewhile(lambda line: len(line.text) <= PARAGRAPH, found[at + 1 : at + 1 + AFTER]))
    holders = frozenset((found[at].element, *found[at].element.iterancestors()))
    above = [
        line
        for line in reversed(found[max(0, at - BEFORE) : at])
        if len(line.text) <= PARAGRAPH and not _is_among_others((line.element, *line.element.iterancestors()), holders)
    ]
    return Headline(found[at].element, below, above, holders)


def is_of_others(element: _Element, headline: Headline) -> bool:
    """Whether it stands in an aside, or in what is called one; not in what also holds the headline."""
    return _is_among_others(element.iterancestors(), headline.holders)


def _is_among_others(elements: Iterable[_Element], holders: frozenset[_Element]) -> bool:
    return any(
        element.tag in OTHER_TAGS or OTHERS.search(f"{element.get('class', '')} {element.get('id', '')}")
        for element in elements
        if element not in holders and element.tag not in ("body", "html")
    )


def text_of(element: _Element) -> str:
    return "".join(cast("Iterator[str]", element.itertext()))


def marked(tree: _Element, path: str, most: int) -> list[_Element]:
    """The first elements that an XPath leads to."""
    return cast("list[_Element]", tree.xpath(path))[:most]


def comparable(text: str) -> str:
    """Words in one case and form, without what is not seen: for telling whether two texts say the same."""
    seen = NO_WIDTH.sub("", unicodedata.normalize("NFKC", text))
    return " ".join(re.findall(r"\w+", MARKS.sub("", seen.casefold())))
