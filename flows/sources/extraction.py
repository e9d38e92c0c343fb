"""The article in an HTML page: its text without menus and advertisements, its title, date, authors and own address."""

from __future__ import annotations

import logging
import re
from dataclasses import dataclass
from datetime import datetime

from lxml.etree import _Element

from flows.sources.boilerplate import close, kept, mark, prune, signature, straighten
from flows.sources.bylines import authors
from flows.sources.encodings import decode
from flows.sources.headlines import find_headline
from flows.sources.json_ld import described
from flows.sources.markup import check_html
from flows.sources.page_dates import published
from flows.sources.page_head import read_head
from flows.sources.page_lines import comparable, find_about, lines
from flows.sources.records import Unfit, clean_line, clean_text

# Short enough for a one-paragraph item of an Arabic agency (Arabic says the same in about a fifth fewer characters
# than English), longer than a cookie notice or "this page has moved".
SHORTEST_ARTICLE = 150
XML_PROLOG = re.compile(r"^\s*<\?xml[^>]*>?")
# References to control characters and to U+FFFE and U+FFFF, which parsed trees hold and their copies refuse.
NO_CHARACTERS = re.compile(
    r"&#(?:0*(?:[1-8]|1[124-9]|2\d|3[01]|6553[45])(?!\d)|x0*(?:[1-8bcef]|1[\da-f]|fff[ef])(?![\da-f]));?", re.IGNORECASE
)
COVERED = 0.6  # of the paragraphs, or of the text in JSON-LD: where less of it was found, the rest is missing

for library in ("trafilatura", "htmldate"):  # what they log of a page, our rejects say better
    logging.getLogger(library).setLevel(logging.CRITICAL)


@dataclass(frozen=True, slots=True)
class Page:
    """What a page holds. `to_the_second` tells whether the date has a time of day, or only a day (midnight UTC).

    `url` is the address it gives itself, unless that is a front page: careless sites name it on each of their pages.
    `authors` are the names of persons, in the page's order.
    """

    title: str
    text: str
    published_at: datetime | None
    to_the_second: bool
    url: str | None
    authors: tuple[str, ...] = ()


def extract_page(data: bytes, charset: str | None = None) -> Page:
    """Extract the article; its paragraphs are parted by blank lines. Raises Unfit if there is none."""
    html = NO_CHARACTERS.sub("", XML_PROLOG.sub("", decode(data, charset)))
    check_html(html)
    try:
        page = _page(html)
    except Exception as error:  # whatever a parser stumbles over in a wild page, the other pages go on
        raise Unfit(f"the page could not be parsed ({type(error).__name__})") from error
    if page is None:
        raise Unfit("no article on the page")
    if len(page.text) < SHORTEST_ARTICLE:
        raise Unfit(f"no article on the page (text of {len(page.text)} characters, {SHORTEST_ARTICLE} are needed)")
    return page


def _page(html: str) -> Page | None:
    from trafilatura import load_html

    tree = load_html(html)
    if tree is None:
        return None
    head = read_head(tree)
    said = described(tree, head.address, (head.value("og:title"), head.title))
    close(tree, said.closed)
    shown = lines(tree)
    title = clean_line(find_headline(tree, head, said.headline, said.publisher, [line.text for line in shown]))
    headline = find_about(shown, title)
    names = authors(tree, head, said.authors, said.publisher, headline, shown)
    date = published(tree, head, said.published, headline)
    paragraphs = _body(tree, said.text, headline.element)
    names = names or tuple(filter(None, (signature(paragraphs),)))
    body = "\n\n".join(kept(paragraphs, title, names))
    at, to_the_second = (date.at, date.to_the_second) if date else (None, False)
    return Page(title, clean_text(body), at, to_the_second, head.address, names)


def _body(tree: _Element, told: str, headline: _Element | None) -> list[str]:
    """The paragraphs of the text; told: what JSON-LD has as text, taken where the page has no or far less."""
    straighten(tree)
    prune(tree)
    whole = mark(tree, headline)
    text = _text(tree, fast=True)
    if len(text) < COVERED * whole:
        text = max(text, _text(tree, fast=False), key=len)
    if len(told) >= SHORTEST_ARTICLE and _covered(told, text) < COVERED:
        text = told
    return [line for line in map(clean_line, text.split("\n")) if line]


def _text(tree: _Element, *, fast: bool) -> str:
    from trafilatura import bare_extraction

    found = bare_extraction(tree, fast=fast, include_comments=False, include_tables=False, with_metadata=False)
    return "" if found is None or isinstance(found, dict) else found.text or ""


def _covered(told: str, text: str) -> float:
    words = set(comparable(told).split())
    return len(words & set(comparable(text).split())) / max(1, len(words))
