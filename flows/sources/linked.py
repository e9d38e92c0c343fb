"""Pages that something links to: a feed, a sitemap or a list. Each is fetched once, and its article extracted."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit

from flows.fetching import Answer, Fetcher, FetchError, FetchState
from flows.outlets import Outlets, Publisher
from flows.sources import Article, Reject, Settled
from flows.sources.extraction import Page, extract_page
from flows.sources.records import Unfit, make_article
from flows.sources.urls import canonical_url, is_front_page

PAGE_TYPES = {None, "text/html", "application/xhtml+xml", "application/xml", "text/xml", "text/plain"}

Known = Callable[[str], FetchState | None]
Items = Generator[Article | Reject | Settled | FetchState, None, bool]


@dataclass(frozen=True, slots=True)
class Link:
    """An absolute address, and what is said of its page where it is linked to; a blank title and None where nothing.

    publisher: None where it is whoever publishes at the address that the page is found at.
    """

    address: str
    publisher: Publisher | None
    title: str = ""
    language: str | None = None
    published_at: datetime | None = None


def read_links(
    source: str,
    links: Iterable[tuple[str, Link | Unfit]],
    fetcher: Fetcher,
    known: Known,
    outlets: Outlets,
    *,
    again: bool,
    seen: set[str] | None = None,
) -> Items:
    """The articles of pages that are not known yet, and what to remember. Returns whether none failed for now.

    links: each with what to call it in a reject where it is no link; again: also ask for a page once more that gave no
    article, since it may be there by now; seen: addresses that this run has been at, which are added to. The state of a
    page follows right behind its article, or behind the reject that will not change. A page that gives an article
    settles its address, whatever it was rejected in.
    """
    complete = True
    seen = set() if seen is None else seen
    for item, link in links:
        if isinstance(link, Unfit):
            yield Reject(source, item, str(link))
            continue
        address = canonical_url(link.address)
        state = known(address)
        if address in seen or (state is not None and (state.status == 200 or not again)):
            continue
        seen.add(address)
        *items, last = _page(source, link, address, fetcher, outlets)
        yield from items
        yield last
        complete = complete and isinstance(last, FetchState)
    return complete


def _page(
    source: str, link: Link, address: str, fetcher: Fetcher, outlets: Outlets
) -> list[Article | Reject | Settled | FetchState]:
    """The article or reject of a page, and its state, unless it failed for the time being."""
    try:
        answer = fetcher.fetch(link.address)
    except FetchError as error:
        reject = Reject(source, address, str(error))
        return [reject] if error.temporary else [reject, FetchState(address, None, None, error.status)]
    state = FetchState(address, answer.etag, answer.last_modified, answer.status)
    try:
        return [_article(source, link, answer, outlets), Settled(items=(address,)), state]
    except Unfit as reason:
        return [Reject(source, address, str(reason)), state]


def _article(source: str, link: Link, answer: Answer, outlets: Outlets) -> Article:
    if answer.content_type not in PAGE_TYPES:
        raise Unfit(f"not a page but {answer.content_type}")
    page = extract_page(answer.body, answer.charset)
    publisher = link.publisher or outlets.at(answer.url)
    return make_article(
        source=source,
        outlet=publisher.name,
        named_by=publisher.named_by,
        text=page.text,
        title=page.title or link.title,
        language=link.language,
        url=page_address(page, answer.url),
        # many pages say only the day, and then who links to them knows better
        published_at=page.published_at if page.to_the_second else link.published_at or page.published_at,
    )


def page_address(page: Page, fetched: str) -> str | None:
    """The address a page gives itself, where that is of the same host; None where it was found at a front page."""
    if page.url and urlsplit(page.url).hostname == urlsplit(fetched).hostname:
        return page.url
    return None if is_front_page(fetched) else fetched
