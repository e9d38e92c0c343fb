"""RSS and Atom feeds: the feed is fetched, then each page it links to that is not known yet."""

from __future__ import annotations

import calendar
import html
import io
import re
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urljoin

from flows.fetching import Answer, FetchError, FetchState
from flows.outlets import Publisher
from flows.page_workers import ReaderLost
from flows.settings import FeedSource
from flows.sources import Reject, Settled
from flows.sources.crawling import Crawl
from flows.sources.encodings import decode
from flows.sources.linked import Link, read_links
from flows.sources.markup import check_xml
from flows.sources.records import Unfit, clean_line, parse_moment, shown
from flows.sources.urls import is_web_address
from storage import WHOLE_SOURCE

MOST_ENTRIES = 500
ENTRIES = "its entries"
LONGEST_TITLE = 2_000
ENTRY = re.compile(r"<((?:[\w-]+:)?(?:item|entry))[\s/>]", re.IGNORECASE)
# feedparser looks for addresses in the names of persons, which takes the square of their length; we need none.
PERSON = re.compile(
    r"(</?)(?:[\w-]+:)?(?:author|contributor|creator|managingeditor|owner|publisher|webmaster)\b", re.IGNORECASE
)


async def read_feed(source: FeedSource, crawl: Crawl, publisher: Publisher | None = None) -> None:
    """Give the articles that a feed links to and that are not known yet, and what to remember.

    publisher: who publishes it, where that is not the source's outlet. The state of the feed comes last, and only if no
    page failed for the time being: else the feed has to be read again although it has not changed. A page known with
    status 200 is not fetched again; of a feed that has not changed nothing comes.

    A feed that is read settles what was rejected of its entries before. A feed that cannot be read is rejected as a
    whole.
    """
    feed_url = str(source.url)
    before = (await crawl.known([feed_url])).get(feed_url) or FetchState(feed_url, None, None, None)
    try:
        answer = await crawl.fetcher.fetch(feed_url, etag=before.etag, last_modified=before.last_modified)
        if answer.not_modified:
            return
        named = publisher or Publisher(source.outlet)
        found, total = await crawl.workers.run(_entries, answer, named, source.language)
    except (FetchError, Unfit, ReaderLost) as reason:
        await crawl.give([Reject(feed_url, WHOLE_SOURCE, str(reason))])
        return
    await crawl.give([Settled(feed_url, "all but pages")])
    if total > MOST_ENTRIES:
        too_many = f"{total}; only the first {MOST_ENTRIES} are read"
        await crawl.give([Reject(feed_url, ENTRIES, too_many)])
    links = ((f"entry {number}", entry) for number, entry in enumerate(found, start=1))
    if await read_links(feed_url, links, crawl, again=True):
        await crawl.give([FetchState(feed_url, answer.etag, answer.last_modified, answer.status)])


def _entries(answer: Answer, publisher: Publisher, language: str | None) -> tuple[list[Link | Unfit], int]:
    """The first entries of a feed, in order, and how many it has in all. Raises Unfit if it is none."""
    import feedparser

    text, total = _shortened(decode(answer.body, answer.charset))
    check_xml(text)
    # Decoded here, since feeds declare wrong encodings too. In a stream, for of bytes feedparser would first try
    # whether they are the name of a file. It drops entity declarations, so none can expand without end.
    document = io.BytesIO(PERSON.sub(r"\1person", text).encode("utf-8"))
    headers = {"content-type": "application/xml; charset=utf-8", "content-location": answer.url}
    try:
        feed = feedparser.parse(document, response_headers=headers, sanitize_html=False, resolve_relative_uris=False)
    except Exception as error:  # whatever a parser stumbles over in a wild feed, the other feeds go on
        raise Unfit(f"the feed could not be parsed ({type(error).__name__})") from error
    if not feed.get("version"):
        raise Unfit("not an RSS or Atom feed; is it the address of a page?")
    return [_entry(entry, answer.url, publisher, language) for entry in feed.entries[:MOST_ENTRIES]], total


def _shortened(text: str) -> tuple[str, int]:
    """The text of a feed without the entries that are too many, and how many it has in all."""
    entries = list(ENTRY.finditer(text))
    if len(entries) <= MOST_ENTRIES:
        return text, len(entries)
    first, closing = entries[MOST_ENTRIES], f"</{entries[MOST_ENTRIES][1]}>"
    end = text.rfind(closing, first.start())
    rest = "" if end < 0 else text[end + len(closing) :]
    return text[: first.start()] + rest, len(entries)


def _entry(entry: Any, feed_url: str, publisher: Publisher, language: str | None) -> Link | Unfit:
    if not entry.get("link"):
        return Unfit("no link")
    try:
        link = urljoin(feed_url, entry.link.strip())
    except ValueError:
        link = entry.link
    if not is_web_address(link):
        return Unfit(f"{shown(link)} is not an http or https address")
    moment = _moment(entry.get("published_parsed") or entry.get("updated_parsed"))
    return Link(link, publisher, _plain(entry.get("title", "")), language, moment)


def _plain(title: str) -> str:
    """The text of a title, which may be HTML."""
    return clean_line(html.unescape(re.sub(r"</?[a-zA-Z][^>]*>", "", title[:LONGEST_TITLE])))


def _moment(parsed: Any) -> datetime | None:
    try:
        return parse_moment(datetime.fromtimestamp(calendar.timegm(parsed), UTC)) if parsed else None
    except (ValueError, OverflowError, OSError):  # Unfit is a ValueError
        return None
