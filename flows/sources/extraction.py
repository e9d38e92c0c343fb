"""The article in an HTML page: its text without menus and advertisements, its title, date and own address."""

from __future__ import annotations

import logging
import re
from dataclasses import dataclass
from datetime import datetime

from flows.sources.encodings import decode
from flows.sources.markup import check_html
from flows.sources.records import Unfit, clean_line, clean_text, parse_moment
from flows.sources.urls import is_front_page, is_web_address

# Short enough for a one-paragraph item of an Arabic agency (Arabic says the same in about a fifth fewer characters
# than English), longer than a cookie notice or "this page has moved".
SHORTEST_ARTICLE = 150
DATE_SEARCH = {
    "original_date": True,  # published, not last changed
    "extensive_search": False,  # no guessing from any number in the text
    "deferred_url_extractor": True,  # a date in the address has no time of day: only where nothing says more
    "outputformat": "%Y-%m-%dT%H:%M:%S%z",
}
XML_PROLOG = re.compile(r"^\s*<\?xml[^>]*>?")


@dataclass(frozen=True, slots=True)
class Page:
    """What a page holds. `to_the_second` tells whether the date has a time of day, or only a day (midnight UTC).

    `url` is the address it gives itself, unless that is a front page: careless sites name it on each of their pages.
    """

    title: str
    text: str
    published_at: datetime | None
    to_the_second: bool
    url: str | None


def extract_page(data: bytes, charset: str | None = None) -> Page:
    """Extract the article with trafilatura; paragraphs are parted by blank lines. Raises Unfit if there is none."""
    from trafilatura import bare_extraction

    for library in ("trafilatura", "htmldate"):  # what they log of a page, our rejects say better
        logging.getLogger(library).setLevel(logging.CRITICAL)
    html = XML_PROLOG.sub("", decode(data, charset))
    check_html(html)
    try:
        document = bare_extraction(
            html,
            fast=True,
            favor_precision=True,
            include_comments=False,
            include_tables=False,
            with_metadata=True,
            date_extraction_params=DATE_SEARCH,
        )
    except Exception as error:  # whatever a parser stumbles over in a wild page, the other pages go on
        raise Unfit(f"the page could not be parsed ({type(error).__name__})") from error
    if document is None or isinstance(document, dict):
        raise Unfit("no article on the page")
    title = clean_line(document.title)
    text = _paragraphs(document.text or "", title)
    if len(text) < SHORTEST_ARTICLE:
        raise Unfit(f"no article on the page (text of {len(text)} characters, {SHORTEST_ARTICLE} are needed)")
    moment, to_the_second = _published(document.date)
    return Page(title, text, moment, to_the_second, _own_address(document.url))


def _paragraphs(text: str, title: str) -> str:
    lines = [line for line in map(clean_line, text.split("\n")) if line]
    if lines and lines[0] == title:
        lines = lines[1:]
    return clean_text("\n\n".join(lines))


def _published(found: str | None) -> tuple[datetime | None, bool]:
    try:
        return parse_moment(found), bool(found) and not str(found).endswith("T00:00:00")
    except Unfit:
        return None, False


def _own_address(url: str | None) -> str | None:
    return url if url and is_web_address(url) and not is_front_page(url) else None
