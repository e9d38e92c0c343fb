"""How coverage comes in: a module for each kind of source, all giving the same stream of articles and rejects."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from flows.settings import FeedSource, FolderSource, Source, TableSource

if TYPE_CHECKING:
    from flows.fetching import Fetcher, FetchState


@dataclass(frozen=True, slots=True)
class Article:
    """One published text. `url` is canonical or None, `published_at` aware and in UTC, `language` one we can read."""

    outlet: str
    language: str
    url: str | None
    title: str
    text: str
    published_at: datetime | None
    source: str
    country: str | None = None


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
    return str(source.url) if isinstance(source, FeedSource) else str(source.path)


def read_source(
    source: Source,
    *,
    fetcher: Fetcher | None = None,
    known: Callable[[str], FetchState | None] = lambda url: None,
) -> Iterator[Article | Reject | Settled | FetchState]:
    """Read everything a source has, item by item; a bad item is a Reject and the rest goes on.

    A feed needs `fetcher`, and asks `known` what earlier runs have fetched. The FetchState items in its stream are for
    storing: each stands behind the items it vouches for, so whoever stores the stream in order may stop anywhere. So
    are its Settled items, which never stand behind the Reject of an item they name. Tables and folders have neither:
    they are read as a whole each time, and so settle all that was rejected of them before.

    Raises UserError where the source as a whole cannot be read: no such file or folder, no such column.
    """
    if isinstance(source, TableSource):
        from flows.sources.tables import read_table

        return read_table(source)
    if isinstance(source, FolderSource):
        from flows.sources.folders import read_folder

        return read_folder(source)
    if fetcher is None:
        raise ValueError("a feed is read with a fetcher")
    from flows.sources.feeds import read_feed

    return read_feed(source, fetcher, known)
