"""How coverage comes in: a module for each kind of source, all giving the same stream of articles and rejects."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

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
    from flows.fetching import Fetcher, FetchState
    from flows.outlets import Outlets


@dataclass(frozen=True, slots=True)
class Article:
    """One published text. `url` is canonical or None, `published_at` aware and in UTC, `language` one we can read.

    `named_by` tells what the outlet was named after where no list of outlets has it: domain, channel, feed ...
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

    Those of one source, or where it is None of any; of the items named, or where they are None of all.
    """

    source: str | None = None
    items: tuple[str, ...] | None = None


def source_name(source: Source) -> str:
    """What a source is called in articles and rejects: its path, or its address."""
    return str(source.url) if isinstance(source, FeedSource | SitemapSource) else str(source.path)


def read_source(
    source: Source,
    *,
    outlets: Outlets,
    fetcher: Fetcher | None = None,
    known: Callable[[str], FetchState | None] = lambda url: None,
) -> Iterator[Article | Reject | Settled | FetchState]:
    """Read everything a source has, item by item; a bad item is a Reject and the rest goes on.

    What is fetched needs `fetcher`; it, and pages in archives, ask `known` what earlier runs have had. The FetchState
    items in the stream are for storing: each stands behind the items it vouches for, so whoever stores the stream in
    order may stop anywhere. So are its Settled items, which never stand behind the Reject of an item they name. Tables,
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
    if isinstance(source, WebArchiveSource):
        from flows.sources.web_archives import read_archive

        return read_archive(source, known, outlets)
    if fetcher is None:
        raise ValueError("a source on the web is read with a fetcher")
    return _fetched(source, outlets, fetcher, known)


def is_whole(source: Source) -> bool:
    """Whether it is read as a whole each time, and not only for what is new."""
    return isinstance(source, TableSource | FolderSource | TelegramSource)


def _fetched(
    source: Source, outlets: Outlets, fetcher: Fetcher, known: Callable[[str], FetchState | None]
) -> Iterator[Article | Reject | Settled | FetchState]:
    if isinstance(source, SitemapSource):
        from flows.sources.sitemaps import read_sitemap

        return read_sitemap(source, fetcher, known, outlets)
    if isinstance(source, OpmlSource):
        from flows.sources.opml import read_feeds

        return read_feeds(source, fetcher, known, outlets)
    if isinstance(source, ListSource):
        from flows.sources.address_lists import read_list

        return read_list(source, fetcher, known, outlets)
    if isinstance(source, FeedSource):
        from flows.sources.feeds import read_feed

        return read_feed(source, fetcher, known, outlets)
    raise TypeError(source)
