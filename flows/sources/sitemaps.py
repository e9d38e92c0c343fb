"""Sitemaps, also those for news and indexes of sitemaps (https://www.sitemaps.org/protocol.html)."""

from __future__ import annotations

import io
import zlib
from dataclasses import dataclass
from heapq import nlargest
from typing import Any

from flows.fetching import Answer, FetchError
from flows.outlets import Outlets, Publisher, host_of
from flows.page_workers import ReaderLost
from flows.settings import SitemapSource
from flows.sources import Reject, Settled
from flows.sources.crawling import Crawl
from flows.sources.linked import Link, read_links
from flows.sources.records import Unfit, clean_line, language_or_none, moment_or_none
from flows.sources.urls import is_web_address
from storage import WHOLE_SOURCE

MOST_SITEMAPS = 50
SITEMAPS = "its sitemaps"
LARGEST = 50_000_000  # bytes, unpacked, by the protocol
MOST_ELEMENTS = 1_000_000  # of a sitemap, which has 50,000 entries at most


@dataclass(frozen=True, slots=True)
class Sitemap:
    """What a sitemap names: pages, and other sitemaps, the newest first."""

    links: list[Link]
    sitemaps: list[str]


async def read_sitemap(source: SitemapSource, crawl: Crawl) -> None:
    """Give the articles of the newest pages of a sitemap that are not known yet, and what to remember.

    Of an index, its newest sitemaps on the same host are read. What cannot be read is rejected: the first as a whole,
    another one under its address.
    """
    name = str(source.url)
    try:
        answer = await crawl.fetcher.fetch(name)
        first = await crawl.workers.run(_parse, source, answer, crawl.outlets)
    except (FetchError, Unfit, ReaderLost) as reason:
        await crawl.give([Reject(name, WHOLE_SOURCE, str(reason))])
        return
    links = first.links
    await crawl.give([Settled(name, (SITEMAPS, *first.sitemaps))])
    for address in first.sitemaps[:MOST_SITEMAPS]:
        try:
            if host_of(address) != host_of(answer.url):
                raise Unfit("a sitemap of another host")
            found = await crawl.workers.run(_parse, source, await crawl.fetcher.fetch(address), crawl.outlets)
            if found.sitemaps:
                raise Unfit("an index within an index")
            links = _newest(source, links + found.links)
        except (FetchError, Unfit, ReaderLost) as reason:
            await crawl.give([Reject(name, address, str(reason))])
    if len(first.sitemaps) > MOST_SITEMAPS:
        too_many = f"{len(first.sitemaps)}; only the newest {MOST_SITEMAPS} are read"
        await crawl.give([Reject(name, SITEMAPS, too_many)])
    numbered = ((link.address, link) for link in links)
    await read_links(name, numbered, crawl, again=False)


def _newest(source: SitemapSource, links: list[Link]) -> list[Link]:
    return nlargest(source.newest, links, key=lambda link: link.published_at.timestamp() if link.published_at else 0.0)


def _parse(source: SitemapSource, answer: Answer, outlets: Outlets) -> Sitemap:
    """What a sitemap names, no more pages than are wanted. Raises Unfit if it is none."""
    from lxml import etree

    links: list[Link] = []
    sitemaps: list[tuple[str, str]] = []
    kind = ""
    # Entities stay as they are, so that none can expand without end; nothing is fetched.
    events = etree.iterparse(
        io.BytesIO(_plain(answer.body)),
        events=("start", "end"),
        resolve_entities=False,
        no_network=True,
        recover=True,
        huge_tree=False,
    )
    try:
        for number, (event, element) in enumerate(events):
            if number > 2 * MOST_ELEMENTS:
                raise Unfit(f"more than {MOST_ELEMENTS} elements")
            kind = kind or _name(element)
            if event == "end" and element.getparent() is not None and element.getparent().getparent() is None:
                said = _said(element)
                if _name(element) == "sitemap" and is_web_address(said.get("loc", "")):
                    sitemaps.append((said.get("lastmod", ""), said["loc"]))
                elif _name(element) == "url" and is_web_address(said.get("loc", "")):
                    links.append(_link(source, said, outlets))
                element.getparent().remove(element)
                if len(links) > 2 * source.newest:
                    links = _newest(source, links)
    except (etree.XMLSyntaxError, ValueError) as error:
        if isinstance(error, Unfit):
            raise
        raise Unfit(f"not a sitemap: {clean_line(str(error))[:200]}") from error
    if not links and not sitemaps and len(events.error_log):
        raise Unfit(f"not a sitemap: {clean_line(events.error_log[0].message)[:200]}")
    if kind not in ("urlset", "sitemapindex"):
        raise Unfit("not a sitemap; is it the address of a page?")
    return Sitemap(_newest(source, links), [address for _, address in sorted(sitemaps, reverse=True)])


def _name(element: Any) -> str:
    """The name of an element without its namespace, also where that was never declared."""
    return element.tag.rpartition("}")[2].rpartition(":")[2] if isinstance(element.tag, str) else ""


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


def _said(entry: Any) -> dict[str, str]:
    """Address and date of an entry, and what its part for news says; pictures have addresses and titles too."""
    parts = [(_name(child), child) for child in entry]
    said = {name: child.text for name, child in parts if name in ("loc", "lastmod") and child.text}
    for _, news in (part for part in parts if part[0] == "news"):
        said |= {_name(child): child.text for child in news.iter() if child.text and _name(child) not in said}
    return {name: clean_line(text[:2000]) for name, text in said.items()}


def _link(source: SitemapSource, said: dict[str, str], outlets: Outlets) -> Link:
    named = said.get("name")  # of a publication, in sitemaps for news; anybody could say the name of one that is listed
    publisher = Publisher(source.outlet) if source.outlet else None
    if not publisher and named and named not in outlets.rows:
        publisher = outlets.at(said["loc"], Publisher(named, "sitemap"))
    return Link(
        said["loc"],
        publisher,
        said.get("title", ""),
        source.language or language_or_none(said.get("language", "")),
        moment_or_none(said.get("publication_date") or said.get("lastmod") or ""),
    )
