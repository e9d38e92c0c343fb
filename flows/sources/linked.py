"""Pages that something links to: a feed, a sitemap or a list. Each is fetched once, and its article extracted."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from urllib.parse import urlsplit

from flows.fetching import Answer, FetchError, FetchState
from flows.outlets import Publisher
from flows.page_workers import ReaderLost
from flows.sources import Article, Item, Reject, Settled
from flows.sources.crawling import Crawl, each
from flows.sources.extraction import Page, extract_page
from flows.sources.records import Unfit, make_article
from flows.sources.urls import canonical_url, is_front_page

AT_ONCE = 1000
"""Pages of a source that wait for their hosts: many, for the next ones in a list may all be of one host."""
A_TIME = 500
"""Links whose states are asked for together."""
PAGE_TYPES = {None, "text/html", "application/xhtml+xml", "application/xml", "text/xml", "text/plain"}

Known = Callable[[Sequence[str]], Mapping[str, FetchState]]


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


async def read_links(source: str, links: Iterable[tuple[str, Link | Unfit]], crawl: Crawl, *, again: bool) -> bool:
    """Give the articles of pages that are not known yet, and what to remember. Returns whether none failed for now.

    links: each with what to call it in a reject where it is no link; again: also ask for a page once more that gave no
    article, since it may be there by now. Pages come in no order; the state of each follows right behind its article,
    or behind the reject that will not change. A page that gives an article settles its address, whatever it was
    rejected in.
    """
    failed = 0

    async def page(found: tuple[str, Link]) -> None:
        nonlocal failed
        address, link = found
        try:
            answer = await crawl.fetcher.fetch(link.address)
        except FetchError as error:
            reject = Reject(source, address, str(error))
            failed += error.temporary
            await crawl.give([reject] if error.temporary else [reject, FetchState(address, None, None, error.status)])
        except Exception as error:
            failed += 1
            await crawl.give([_unexpected(source, address, error)])
        else:
            with crawl.in_hand():
                items = await _read(source, link, address, answer, crawl)
                failed += not isinstance(items[-1], FetchState)
                await crawl.give(items)
        crawl.done += 1

    await each(AT_ONCE, page, _new(source, links, crawl, again=again))
    return not failed


async def _new(
    source: str, links: Iterable[tuple[str, Link | Unfit]], crawl: Crawl, *, again: bool
) -> AsyncIterator[tuple[str, Link]]:
    """The links that are to be followed, with their canonical addresses; a reject is given for what is none."""
    remaining = iter(links)
    while some := list(islice(remaining, A_TIME)):
        items = [Reject(source, item, str(link)) for item, link in some if isinstance(link, Unfit)]
        if items:
            await crawl.give(items)
        found: dict[str, Link] = {}
        for _, link in some:
            if isinstance(link, Link):
                found.setdefault(canonical_url(link.address), link)
        states = await crawl.known(list(found))
        for address, link in found.items():
            state = states.get(address)
            if address not in crawl.seen and (state is None or (state.status != 200 and again)):
                crawl.seen.add(address)
                yield address, link


async def _read(source: str, link: Link, address: str, answer: Answer, crawl: Crawl) -> list[Item]:
    """The article or reject of a page, and its state, unless reading it failed."""
    state = FetchState(address, answer.etag, answer.last_modified, answer.status)
    try:
        if answer.content_type not in PAGE_TYPES:
            raise Unfit(f"not a page but {answer.content_type}")
        publisher = link.publisher or crawl.outlets.at(answer.url)
        article = await crawl.workers.run(_article, source, link, publisher, answer)
        return [article, Settled(items=(address,)), state]
    except (Unfit, ReaderLost) as reason:
        return [Reject(source, address, str(reason)), state]
    except Exception as error:
        return [_unexpected(source, address, error)]


def _unexpected(source: str, address: str, error: Exception) -> Reject:
    """Of one page in thousands; the rest goes on."""
    told = f"{type(error).__name__}: {' '.join(str(error).split())[:200]}"
    return Reject(source, address, f"reading it failed unexpectedly: {told}")


def _article(source: str, link: Link, publisher: Publisher, answer: Answer) -> Article:
    page = extract_page(answer.body, answer.charset)
    return make_article(
        source=source,
        outlet=publisher.name,
        named_by=publisher.named_by,
        authors=page.authors,
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
