"""Sources to articles."""

from __future__ import annotations

import os
import shlex
from collections import Counter
from collections.abc import Callable, Iterator, Sequence, Set
from datetime import UTC, datetime
from itertools import chain, islice
from pathlib import Path
from typing import TYPE_CHECKING

from prefect.logging import get_run_logger

from flows.errors import UserError
from flows.outlets import Outlets
from flows.progress import report, warn
from flows.settings import Settings, Source, warehouse_place
from flows.sources import Article, Reject, Settled, is_whole, read_source, source_name
from flows.stages import Counts, batch_task, may_pass, timestamp
from storage import WHOLE_SOURCE, Warehouse, WarehouseError, article_id, rows

if TYPE_CHECKING:
    from flows.fetching import Fetcher, FetchState

    Item = Article | Reject | Settled | FetchState

ARTICLES_A_BATCH = 100
# A fetched page is dear: few are lost when a run is killed.
PAGES_A_BATCH = 10


def ingest(settings: Settings, warehouse: Warehouse) -> Counts:
    """Bring in every source's articles; a source that cannot be read at all is a reject, and the rest goes on."""
    from flows.fetching import Fetcher

    outlets = Outlets(settings.outlets)
    warehouse.write_outlets([outlets.rows[name] for name in settings.outlets])
    totals: Counter[str] = Counter({"new articles": 0, "rejects": 0, "failed sources": 0})
    begun: set[Settled] = set()
    with Fetcher(settings.fetch) as fetcher:
        for number, source in enumerate(settings.sources, start=1):
            report("ingest", number - 1, len(settings.sources), source_name(source))
            settled = {_settled(source)} - begun  # two sources may read one folder
            totals.update(_attempt(source, settled, warehouse, fetcher, outlets))
            begun |= settled
    report("ingest", len(settings.sources), len(settings.sources), f"{totals['new articles']} new articles")
    failures = _failures(warehouse, settings.sources) if totals["failed sources"] else []
    if len(failures) == len(set(map(source_name, settings.sources))) and not totals["new articles"]:
        raise UserError("no source could be read:\n" + "\n".join(failures))
    return dict(totals)


def _attempt(source: Source, settled: Set[Settled], warehouse: Warehouse, fetcher: Fetcher, outlets: Outlets) -> Counts:
    name = source_name(source)
    try:
        counts = _ingest_source(source, settled, warehouse, fetcher, outlets)
    except OSError as error:  # one that may pass, but has not
        counts = _store([*settled, Reject(name, WHOLE_SOURCE, _told(name, error))], warehouse, outlets)
    if counts["rejects"]:
        warn(f"{name}: {counts['rejects']} rejected; `{_query('from rejects', warehouse.place)}` says why")
    return counts


@batch_task("ingest source", retries=2)
def _ingest_source(
    source: Source, settled: Set[Settled], warehouse: Warehouse, fetcher: Fetcher, outlets: Outlets
) -> Counts:
    size = ARTICLES_A_BATCH if is_whole(source) else PAGES_A_BATCH
    items = read_source(source, outlets=outlets, fetcher=fetcher, known=_known(warehouse))
    stream = chain(settled, _up_to_failure(source_name(source), items))
    totals = Counter({"new articles": 0, "rejects": 0, "failed sources": 0})
    while batch := list(islice(stream, size)):
        totals.update(_store(batch, warehouse, outlets))
    return totals


def _settled(source: Source) -> Settled:
    """What no longer holds of a source that is read: all of it where it is read as a whole, else that it failed.

    Stored with the first batch, so that a run that is killed before leaves what was rejected, and one that is killed
    behind it finds the rest again.
    """
    return Settled(source_name(source), None if is_whole(source) else (WHOLE_SOURCE,))


def _up_to_failure(name: str, items: Iterator[Item]) -> Iterator[Item]:
    """What comes from a source and, where reading it fails, a reject of the whole, so that other sources go on.

    Raises what has nothing to do with the source, and an OSError that may pass.
    """
    try:
        yield from items
    except WarehouseError:
        raise
    except UserError as error:
        yield Reject(name, WHOLE_SOURCE, str(error))
    except Exception as error:
        if may_pass(error):
            raise
        if not isinstance(error, OSError):
            get_run_logger().exception("%s: reading it failed", name)
        yield Reject(name, WHOLE_SOURCE, _told(name, error))


def _told(name: str, error: Exception) -> str:
    """What failed, in one line that names the file or the source."""
    if isinstance(error, OSError):
        return f"{error.filename or name}: cannot be read: {error.strerror or type(error).__name__}"
    return f"{name}: reading it failed unexpectedly: {type(error).__name__}: {' '.join(str(error).split())[:200]}"


def _query(sql: str, warehouse: str) -> str:
    """The command that runs the SQL on the warehouse, as a shell takes it."""
    taken = os.environ.get("RASHOMON_WAREHOUSE", "rashomon.duckdb")  # where the command does not say
    is_taken = warehouse_place(taken, Path.cwd()) == warehouse_place(warehouse, Path.cwd())
    named = "" if is_taken else f" --warehouse {shlex.quote(warehouse)}"
    return f'rashomon sql "{sql}"{named}'


def _known(warehouse: Warehouse) -> Callable[[str], FetchState | None]:
    from flows.fetching import FetchState

    def known(url: str) -> FetchState | None:
        row = warehouse.fetched(url)
        return (
            FetchState(url=row.url, etag=row.etag, last_modified=row.last_modified, status=row.status) if row else None
        )

    return known


def _store(batch: Sequence[Item], warehouse: Warehouse, outlets: Outlets) -> Counts:
    now = timestamp()
    found = [item for item in batch if isinstance(item, Article)]
    publishers = [
        outlets.rows.get(item.outlet) or rows.Outlet(item.outlet, item.country, item.language, named_by=item.named_by)
        for item in found
    ]
    rejects = [rows.Reject(item.source, item.item, item.reason, now) for item in batch if isinstance(item, Reject)]
    fetches = [
        rows.Fetch(item.url, item.status, item.etag, item.last_modified, now)
        for item in batch
        if not isinstance(item, Article | Reject | Settled)
    ]
    new = warehouse.write_coverage(
        [_article_row(item, now) for item in found],
        rejects,
        fetches,
        list(dict.fromkeys(publishers)),
        [(item.source, item.items) for item in batch if isinstance(item, Settled)],
    )
    failed = sum(reject.item == WHOLE_SOURCE for reject in rejects)
    return {"new articles": new, "rejects": len(rejects), "failed sources": failed}


def _article_row(article: Article, now: datetime) -> rows.Article:
    return rows.Article(
        article_id=article_id(article.outlet, article.url, article.title, article.text),
        outlet=article.outlet,
        language=article.language,
        url=article.url,
        title=article.title,
        text=article.text,
        published_at=article.published_at.astimezone(UTC).replace(tzinfo=None) if article.published_at else now,
        source=article.source,
        stored_at=now,
    )


def _failures(warehouse: Warehouse, sources: Sequence[Source]) -> list[str]:
    sql = "SELECT source, reason FROM rejects WHERE item = $2 AND list_contains($1, source) ORDER BY source"
    failures = warehouse.query(sql, [[source_name(source) for source in sources], WHOLE_SOURCE]).rows
    return [reason if reason.startswith(source) else f"{source}: {reason}" for source, reason in failures]
