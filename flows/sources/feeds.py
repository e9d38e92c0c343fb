"""RSS and Atom feeds: the feed is fetched, then each page it links to that is not known yet."""

from __future__ import annotations

import calendar
import html
import io
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urljoin, urlsplit

from flows.fetching import Answer, Fetcher, FetchError, FetchState
from flows.settings import FeedSource
from flows.sources import Article, Reject, Settled
from flows.sources.encodings import decode
from flows.sources.extraction import Page, extract_page
from flows.sources.records import Unfit, clean_line, make_article, parse_moment, shown
from flows.sources.urls import canonical_url, is_front_page, is_web_address
from storage import WHOLE_SOURCE

MOST_ENTRIES = 500
LONGEST_TITLE = 2_000
PAGE_TYPES = {None, "text/html", "application/xhtml+xml", "application/xml", "text/xml", "text/plain"}

Known = Callable[[str], FetchState | None]


@dataclass(frozen=True, slots=True)
class Entry:
    """What a feed says of a page it links to; `link` is absolute."""

    link: str
    title: str
    published_at: datetime | None


def read_feed(source: FeedSource, fetcher: Fetcher, known: Known) -> Iterator[Article | Reject | Settled | FetchState]:
    """The articles that a feed links to and that are not known yet, and what to remember.

    The state of a page follows right behind its article, or behind the reject that will not change. The state of the
    feed comes last, and only if no page failed for the time being: else the feed has to be read again although it has
    not changed. A page known with status 200 is not fetched again; of a feed that has not changed nothing comes.

    A feed that is read settles what was rejected of its entries before, and a page that gives an article settles its
    address, whichever feed it was rejected in. A feed that cannot be read is rejected as a whole.
    """
    feed_url = str(source.url)
    before = known(feed_url) or FetchState(feed_url, None, None, None)
    try:
        answer = fetcher.fetch(feed_url, etag=before.etag, last_modified=before.last_modified)
        if answer.not_modified:
            return
        found = _entries(answer)
    except (FetchError, Unfit) as reason:
        yield Reject(feed_url, WHOLE_SOURCE, str(reason))
        return
    yield Settled(feed_url, (feed_url, *map(_numbered, range(1, MOST_ENTRIES + 1))))
    if len(found) > MOST_ENTRIES:
        yield Reject(feed_url, feed_url, f"{len(found)} entries; only the first {MOST_ENTRIES} are read")
    complete = True
    seen: set[str] = set()
    for number, entry in enumerate(found[:MOST_ENTRIES], start=1):
        if isinstance(entry, Unfit):
            yield Reject(feed_url, _numbered(number), str(entry))
            continue
        address = canonical_url(entry.link)
        state = known(address)
        if address in seen or (state is not None and state.status == 200):
            continue
        seen.add(address)
        *items, last = _page(source, entry, address, fetcher)
        yield from items
        yield last
        complete = complete and isinstance(last, FetchState)
    if complete:
        yield FetchState(feed_url, answer.etag, answer.last_modified, answer.status)


def _numbered(number: int) -> str:
    """What an entry is called that names no page."""
    return f"entry {number}"


def _page(
    source: FeedSource, entry: Entry, address: str, fetcher: Fetcher
) -> list[Article | Reject | Settled | FetchState]:
    """The article or reject of a page, and its state, unless it failed for the time being."""
    feed_url = str(source.url)
    try:
        answer = fetcher.fetch(entry.link)
    except FetchError as error:
        reject = Reject(feed_url, address, str(error))
        return [reject] if error.temporary else [reject, FetchState(address, None, None, error.status)]
    state = FetchState(address, answer.etag, answer.last_modified, answer.status)
    try:
        return [_article(source, entry, answer), Settled(items=(address,)), state]
    except Unfit as reason:
        return [Reject(feed_url, address, str(reason)), state]


def _article(source: FeedSource, entry: Entry, answer: Answer) -> Article:
    if answer.content_type not in PAGE_TYPES:
        raise Unfit(f"not a page but {answer.content_type}")
    page = extract_page(answer.body, answer.charset)
    return make_article(
        source=str(source.url),
        outlet=source.outlet,
        text=page.text,
        title=page.title or entry.title,
        language=source.language,
        url=_page_address(page, answer.url),
        # many pages say only the day, and then the feed knows better
        published_at=page.published_at if page.to_the_second else entry.published_at or page.published_at,
    )


def _page_address(page: Page, fetched: str) -> str | None:
    """The address a page gives itself, where that is of the same host; None where it was found at a front page."""
    if page.url and urlsplit(page.url).hostname == urlsplit(fetched).hostname:
        return page.url
    return None if is_front_page(fetched) else fetched


def _entries(answer: Answer) -> list[Entry | Unfit]:
    """The entries of a feed, in order. Raises Unfit if it is none."""
    import feedparser

    # Decoded here, since feeds declare wrong encodings too. In a stream, for of bytes feedparser would first try
    # whether they are the name of a file. It drops entity declarations, so none can expand without end.
    document = io.BytesIO(decode(answer.body, answer.charset).encode("utf-8"))
    headers = {"content-type": "application/xml; charset=utf-8", "content-location": answer.url}
    try:
        feed = feedparser.parse(document, response_headers=headers, sanitize_html=False)
    except Exception as error:  # whatever a parser stumbles over in a wild feed, the other feeds go on
        raise Unfit(f"the feed could not be parsed ({type(error).__name__})") from error
    if not feed.get("version"):
        raise Unfit("not an RSS or Atom feed; is it the address of a page?")
    return [_entry(entry, answer.url) for entry in feed.entries]


def _entry(entry: Any, feed_url: str) -> Entry | Unfit:
    if not entry.get("link"):
        return Unfit("no link")
    try:
        link = urljoin(feed_url, entry.link.strip())
    except ValueError:
        link = entry.link
    if not is_web_address(link):
        return Unfit(f"{shown(link)} is not an http or https address")
    moment = _moment(entry.get("published_parsed") or entry.get("updated_parsed"))
    return Entry(link, _plain(entry.get("title", "")), moment)


def _plain(title: str) -> str:
    """The text of a title, which may be HTML."""
    return clean_line(html.unescape(re.sub(r"</?[a-zA-Z][^>]*>", "", title[:LONGEST_TITLE])))


def _moment(parsed: Any) -> datetime | None:
    try:
        return parse_moment(datetime.fromtimestamp(calendar.timegm(parsed), UTC)) if parsed else None
    except (ValueError, OverflowError, OSError):  # Unfit is a ValueError
        return None
