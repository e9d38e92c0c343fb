"""Sitemaps, also those for news and indexes of sitemaps (https://www.sitemaps.org/protocol.html)."""

from __future__ import annotations

import io
import zlib
from collections.abc import Iterator
from datetime import datetime
from urllib.parse import urlsplit

from flows.fetching import Answer, Fetcher, FetchError, FetchState
from flows.outlets import Outlets, Publisher
from flows.settings import SitemapSource
from flows.sources import Article, Reject, Settled
from flows.sources.linked import Known, Link, read_links
from flows.sources.records import Unfit, clean_line, known_language, parse_moment
from flows.sources.urls import is_web_address
from storage import WHOLE_SOURCE

MOST_SITEMAPS = 50
MOST_LINKS = 50_000  # of a sitemap, by the protocol
LARGEST = 50_000_000  # bytes, decompressed, by the protocol


def read_sitemap(
    source: SitemapSource, fetcher: Fetcher, known: Known, outlets: Outlets
) -> Iterator[Article | Reject | Settled | FetchState]:
    """The articles of the newest pages of a sitemap that are not known yet, and what to remember.

    Of an index, its sitemaps on the same host are read. What cannot be read is rejected: the first as a whole, another
    one as an item.
    """
    name = str(source.url)
    try:
        links, rejects = _gather(source, fetcher, outlets)
    except (FetchError, Unfit) as reason:
        yield Reject(name, WHOLE_SOURCE, str(reason))
        return
    yield Settled(name, (name,))
    yield from rejects
    links.sort(key=lambda link: link.published_at.timestamp() if link.published_at else 0.0, reverse=True)
    if len(links) > source.newest:
        yield Reject(name, name, f"{len(links)} pages; only the newest {source.newest} are read (`newest`)")
    numbered = ((link.address, link) for link in links[: source.newest])
    yield from read_links(name, numbered, fetcher, known, again=False)


def _gather(source: SitemapSource, fetcher: Fetcher, outlets: Outlets) -> tuple[list[Link], list[Reject]]:
    """The links of a sitemap, or of those that an index names. Raises FetchError and Unfit where the first is none."""
    name, host = str(source.url), urlsplit(str(source.url)).hostname
    found, more = _parse(source, fetcher.fetch(name), outlets)
    links, rejects = list(found), []
    for address in more[:MOST_SITEMAPS]:
        if urlsplit(address).hostname != host:
            rejects.append(Reject(name, address, "a sitemap of another host"))
            continue
        try:
            found, _ = _parse(source, fetcher.fetch(address), outlets)
            links += found
        except (FetchError, Unfit) as reason:
            rejects.append(Reject(name, address, str(reason)))
    if len(more) > MOST_SITEMAPS:
        rejects.append(Reject(name, name, f"{len(more)} sitemaps; only the first {MOST_SITEMAPS} are read"))
    return links, rejects


def _parse(source: SitemapSource, answer: Answer, outlets: Outlets) -> tuple[list[Link], list[str]]:
    """The links and the sitemaps that a sitemap names. Raises Unfit if it is none."""
    from lxml import etree

    document = io.BytesIO(_plain(answer.body))
    links: list[Link] = []
    more: list[str] = []
    kind = ""
    try:
        # Entities stay as they are, so that none can expand without end; nothing is fetched.
        events = etree.iterparse(
            document, events=("start", "end"), resolve_entities=False, no_network=True, recover=True, huge_tree=False
        )
        for event, element in events:
            tag = etree.QName(element).localname if isinstance(element.tag, str) else ""
            if not kind:
                kind = tag
            if event == "end" and tag in ("url", "sitemap"):
                said = _said(element)
                element.clear()
                if tag == "sitemap" and is_web_address(said.get("loc", "")):
                    more.append(said["loc"])
                elif tag == "url" and len(links) < MOST_LINKS and is_web_address(said.get("loc", "")):
                    links.append(_link(source, said, outlets))
    except etree.XMLSyntaxError as error:
        raise Unfit(f"not a sitemap: {' '.join(str(error).split())[:200]}") from error
    if not links and not more and len(events.error_log):
        raise Unfit(f"not a sitemap: {' '.join(events.error_log[0].message.split())[:200]}")
    if kind not in ("urlset", "sitemapindex"):
        raise Unfit("not a sitemap; is it the address of a page?")
    return links, more


def _plain(body: bytes) -> bytes:
    """Sitemaps are often gzip files, whatever their type says. Raises Unfit for one that is too large or broken."""
    if not body.startswith(b"\x1f\x8b"):
        return body
    inflate = zlib.decompressobj(wbits=zlib.MAX_WBITS + 16)
    try:
        plain = inflate.decompress(body, LARGEST + 1)
    except zlib.error as error:
        raise Unfit("compressed wrongly") from error
    if len(plain) > LARGEST:
        raise Unfit(f"larger than {LARGEST} bytes")
    return plain


def _said(element: object) -> dict[str, str]:
    """The texts within an entry by their names without namespace; of several with one name the first."""
    said: dict[str, str] = {}
    for child in element.iter():  # type: ignore[attr-defined]
        if isinstance(child.tag, str) and child.text:
            said.setdefault(child.tag.rpartition("}")[2], clean_line(child.text[:2000]))
    return said


def _link(source: SitemapSource, said: dict[str, str], outlets: Outlets) -> Link:
    named = said.get("name")  # of a publication, in sitemaps for news
    publisher = (
        Publisher(source.outlet)
        if source.outlet
        else outlets.at(said["loc"], Publisher(named, "sitemap") if named else None)
    )
    return Link(
        said["loc"],
        publisher,
        said.get("title", ""),
        source.language or _language(said.get("language", "")),
        _moment(said.get("publication_date") or said.get("lastmod") or ""),
    )


def _language(code: str) -> str | None:
    try:
        return known_language(code) if code else None
    except Unfit:
        return None


def _moment(value: str) -> datetime | None:
    try:
        return parse_moment(value)
    except Unfit:
        return None
