"""OPML lists of feeds, as feed readers export them (http://opml.org/spec2.opml)."""

from __future__ import annotations

from collections.abc import Iterator

from pydantic import ValidationError

from flows.errors import UserError
from flows.fetching import Fetcher, FetchState
from flows.outlets import Outlets, Publisher
from flows.settings import FeedSource, OpmlSource
from flows.sources import Article, Reject, Settled
from flows.sources.feeds import read_feed
from flows.sources.files import read_whole
from flows.sources.linked import Known
from flows.sources.records import clean_line, language_or_none, shown
from flows.sources.urls import is_web_address
from storage import WHOLE_SOURCE

LARGEST = 10_000_000  # bytes


def read_feeds(
    source: OpmlSource, fetcher: Fetcher, known: Known, outlets: Outlets
) -> Iterator[Article | Reject | Settled | FetchState]:
    """The articles of every feed in the list; a feed that cannot be read is a reject under its own address.

    A feed's outlet is known by the domain of the site or of the feed, else it is named after what the list calls it.
    Raises UserError if the file is missing or no OPML.
    """
    seen: set[str] = set()
    feeds: set[str] = set()
    for number, (address, site, title, language) in enumerate(_outlines(source), start=1):
        item = f"feed {number}"
        yield Settled(str(source.path), (item,))
        if address in feeds:
            continue
        feeds.add(address)
        publisher = _publisher(address, site, clean_line(title), outlets)
        try:
            feed = FeedSource.model_validate(
                {"kind": "feed", "url": address, "outlet": publisher.name, "language": source.language or language}
            )
        except ValidationError:
            yield Reject(str(source.path), item, f"{shown(address)} is not an http or https address")
            continue
        yield Settled(str(feed.url), (WHOLE_SOURCE,))
        yield from read_feed(feed, fetcher, known, outlets, publisher, seen)


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
        raise UserError(f"{source.path}: not OPML: its root is <{clean_line(root.tag)[:80]}>")
    for outline in root.iter("outline"):
        if address := (outline.get("xmlUrl") or "").strip():
            title = outline.get("title") or outline.get("text") or ""
            language = language_or_none(outline.get("language") or "")
            yield address, (outline.get("htmlUrl") or "").strip(), title, language
