"""OPML lists of feeds, as feed readers export them (http://opml.org/spec2.opml)."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator

from pydantic import ValidationError

from flows.errors import UserError
from flows.outlets import Outlets, Publisher
from flows.settings import FeedSource, OpmlSource
from flows.sources import Reject, Settled
from flows.sources.crawling import Crawl, each
from flows.sources.feeds import read_feed
from flows.sources.files import read_whole
from flows.sources.records import clean_line, language_or_none, shown
from flows.sources.urls import is_web_address
from storage import WHOLE_SOURCE

LARGEST = 10_000_000  # bytes
AT_ONCE = 200  # feeds


async def read_feeds(source: OpmlSource, crawl: Crawl) -> None:
    """Give the articles of every feed in the list; a feed that cannot be read is a reject under its own address.

    A feed's outlet is known by the domain of the site or of the feed, else it is named after what the list calls it.
    Raises UserError if the file is missing or no OPML.
    """

    async def read(found: tuple[FeedSource, Publisher]) -> None:
        await crawl.give([Settled(str(found[0].url), (WHOLE_SOURCE,))])
        await read_feed(found[0], crawl, found[1])

    await each(AT_ONCE, read, _feeds(source, crawl))


async def _feeds(source: OpmlSource, crawl: Crawl) -> AsyncIterator[tuple[FeedSource, Publisher]]:
    """Each feed once, and who publishes it; a reject is given for what is no feed's address."""
    outlines = list(_outlines(source))
    await crawl.give([Settled(str(source.path), "all but pages")])
    feeds: set[str] = set()
    for number, (address, site, title, language) in enumerate(outlines, start=1):
        item = f"feed {number}"
        if address in feeds:
            continue
        feeds.add(address)
        publisher = _publisher(address, site, clean_line(title), crawl.outlets)
        try:
            feed = FeedSource.model_validate(
                {"kind": "feed", "url": address, "outlet": publisher.name, "language": source.language or language}
            )
        except ValidationError:
            await crawl.give([Reject(str(source.path), item, f"{shown(address)} is not an http or https address")])
            continue
        yield feed, publisher


def _publisher(address: str, site: str, title: str, outlets: Outlets) -> Publisher:
    at_feed = outlets.at(address)
    at_site = outlets.at(site) if is_web_address(site) else at_feed
    for publisher in (at_site, at_feed):
        if publisher.named_by is None:
            return publisher
    return Publisher(title, "feed") if title else at_site


def _outlines(source: OpmlSource) -> Iterator[tuple[str, str, str, str | None]]:
    """Of each feed its address, that of its site, its title and its language, where we can read that."""
    from lxml import etree

    data = read_whole(source, LARGEST, "split it")
    parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False)
    try:
        root = etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise UserError(f"{source.path}: not OPML: {clean_line(str(error))[:200]}") from error
    if root.tag != "opml":
        raise UserError(f"{source.path}: not OPML: its root is <{root.tag:.80}>")
    for outline in root.iter("outline"):
        if address := (outline.get("xmlUrl") or "").strip():
            title = outline.get("title") or outline.get("text") or ""
            language = language_or_none(outline.get("language") or "")
            yield address, (outline.get("htmlUrl") or "").strip(), title, language
