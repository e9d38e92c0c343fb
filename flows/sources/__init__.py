"""How coverage comes in: a module for each kind of source, all giving the same stream of articles and rejects."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Literal, TypeAlias

from flows.settings import (
    FeedSource,
    FolderSource,
    ListSource,
    OpmlSource,
    SitemapSource,
    Source,
    TableSource,
    TelegramSource,
    WebArchiveSource,
)

if TYPE_CHECKING:
    from flows.fetching import FetchState
    from flows.outlets import Outlets
    from flows.sources.crawling import Crawl
    from flows.sources.linked import Known

FileSource = TableSource | FolderSource | TelegramSource | WebArchiveSource
WebSource = FeedSource | SitemapSource | OpmlSource | ListSource


@dataclass(frozen=True, slots=True)
class Article:
    """One published text. `url` is canonical or None, `published_at` aware and in UTC, `language` one we can read.

    `named_by` tells what the outlet was named after where no list of outlets has it: domain, channel, feed ...
    `authors` are the names that its page gives.
    """

    outlet: str
    language: str
    url: str | None
    title: str
    text: str
    published_at: datetime | None
    source: str
    country: str | None = None
    named_by: str | None = None
    authors: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Reject:
    """One item of a source (a line, a file, an address) that gave no article, and why, in one line.

    The item is `storage.WHOLE_SOURCE` where nothing of the source, or nothing further, could be read.
    """

    source: str
    item: str
    reason: str


@dataclass(frozen=True, slots=True)
class Settled:
    """Rejects that earlier runs left behind and that hold no longer; what holds still comes again as a Reject.

    Those of one source, or where it is None of any; of the items named, of all, or of all that are not called by the
    address of a page, for what is known of a page outlives its place in a feed or list.
    """

    source: str | None = None
    items: tuple[str, ...] | Literal["all", "all but pages"] = "all"


Item: TypeAlias = "Article | Reject | Settled | FetchState"


def source_name(source: Source) -> str:
    """What a source is called in articles and rejects: its path, or its address."""
    return str(source.url) if isinstance(source, FeedSource | SitemapSource) else str(source.path)


def read_source(source: FileSource, known: Known, outlets: Outlets) -> Iterator[Item]:
    """Read everything a file or a folder has, item by item; a bad item is a Reject and the rest goes on.

    known: the states that earlier runs left of addresses, which pages in archives are skipped by. The FetchState items
    in the stream are for storing: each stands behind the items it vouches for, so whoever stores the stream in order
    may stop anywhere. So are its Settled items, which never stand behind the Reject of an item they name. Tables,
    folders and channels have neither: they are read as a whole each time, and so settle all that was rejected of them
    before.

    Raises UserError where the source as a whole cannot be read: no such file or folder, no such column.
    """
    if isinstance(source, TableSource):
        from flows.sources.tables import read_table

        return read_table(source)
    if isinstance(source, FolderSource):
        from flows.sources.folders import read_folder

        return read_folder(source)
    if isinstance(source, TelegramSource):
        from flows.sources.telegram import read_channel

        return read_channel(source, outlets)
    from flows.sources.web_archives import read_archive

    return read_archive(source, known, outlets)


async def read_web(source: WebSource, crawl: Crawl) -> None:
    """Read what is new of a source on the web and give it to the crawl, in the way that `read_source` gives items.

    Raises UserError where the source as a whole cannot be read: no such file.
    """
    if isinstance(source, SitemapSource):
        from flows.sources.sitemaps import read_sitemap

        await read_sitemap(source, crawl)
    elif isinstance(source, OpmlSource):
        from flows.sources.opml import read_feeds

        await read_feeds(source, crawl)
    elif isinstance(source, ListSource):
        from flows.sources.address_lists import read_list

        await read_list(source, crawl)
    else:
        from flows.sources.feeds import read_feed

        await read_feed(source, crawl)


def is_whole(source: Source) -> bool:
    """Whether it is read as a whole each time, and not only for what is new."""
    return isinstance(source, TableSource | FolderSource | TelegramSource)
