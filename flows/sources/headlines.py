"""The headline of a page: as its readers see it, without the name of the site."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import islice

from lxml.etree import _Element

from flows.sources.page_head import Head
from flows.sources.page_lines import comparable, text_of
from flows.sources.records import clean_line

AGREEING = 0.6  # of the words of the shorter
LONGEST = 300
MOST_HEADS = 10
PARTED = re.compile(r"\s+[|\u2013\u2014\u2022·»:ـ-]{1,2}\s+|\s*\|\s*")
SHORTEST_NAME = 4  # words that the name of a site has at most, and a headline at least


def find_headline(tree: _Element, head: Head, described: str, publisher: str, lines: Sequence[str]) -> str:
    """The h1 that agrees with what the head says, else what the head says, without the site's name.

    described, publisher: what JSON-LD says; lines: the lines of the page, among which the headline may be, unmarked.
    """
    said = [title for title in (described, head.value("og:title"), head.value("twitter:title"), head.title) if title]
    heads = [text for text in map(_shown, islice(tree.iter("h1"), MOST_HEADS)) if text and len(text) <= LONGEST]
    if not said:
        return heads[0] if heads else ""
    agreeing = [(agreement(text, said), -index, text) for index, text in enumerate(heads)]
    if agreeing and max(agreeing)[0] >= AGREEING and comparable(max(agreeing)[2]) != comparable(publisher):
        return max(agreeing)[2]
    return described or _without_site(
        said, {head.value("og:site_name"), head.value("application-name"), publisher}, lines
    )


def agreement(text: str, said: Sequence[str]) -> float:
    """How many of its words stand in one of the titles, or of the title's in it: the share of the shorter's."""
    own = set(comparable(text).split())
    return max((_share(own, set(comparable(title).split())) for title in said), default=0.0)


def _share(one: set[str], other: set[str]) -> float:
    shorter = min(len(one), len(other))
    if not shorter:
        return 0.0
    share = len(one & other) / shorter
    return share * (1 if shorter > 2 or one == other else 0.5) * (0.5 + 0.5 * shorter / max(len(one), len(other)))


def _without_site(said: Sequence[str], names: set[str], lines: Sequence[str]) -> str:
    shown = {comparable(line): line for line in lines if len(line) <= LONGEST}
    sites = {comparable(name) for name in names if name}
    for title in said:
        for part in _parts(title):
            line = shown.get(comparable(part))
            if line and comparable(part) not in sites and 2 * len(part) >= len(title):
                return line
    title = said[0]
    for part in _parts(title):
        rest = comparable(title.replace(part, "", 1))
        if rest in sites:
            return part
    cuts = list(PARTED.finditer(title))
    if cuts and len(title[cuts[-1].end() :].split()) <= SHORTEST_NAME <= len(title[: cuts[-1].start()].split()):
        return title[: cuts[-1].start()]
    return title


def _parts(title: str) -> Iterator[str]:
    """The title, then what remains where it is cut at its end or at its start, the longest first."""
    cuts = list(PARTED.finditer(title))[:8]
    yield title
    yield from sorted(
        (*(title[: cut.start()] for cut in cuts), *(title[cut.end() :] for cut in cuts)), key=len, reverse=True
    )


def _shown(element: _Element) -> str:
    return clean_line(text_of(element)[: 2 * LONGEST])
