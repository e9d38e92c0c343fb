"""Sources to articles."""

from __future__ import annotations

import os
import shlex
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence, Set
from itertools import chain, islice
from pathlib import Path
from typing import TYPE_CHECKING

from flows.errors import UserError
from flows.outlets import Outlets
from flows.progress import report, warn
from flows.settings import Settings, warehouse_place
from flows.sources import FileSource, Settled, WebSource, is_whole, read_source, source_name
from flows.stages import Counts, batch_task, may_pass
from flows.stages.store import failed, states, store
from storage import WHOLE_SOURCE, Warehouse, WarehouseError

if TYPE_CHECKING:
    from flows.fetching import FetchState
    from flows.settings import Source
    from flows.sources import Item

A_BATCH = 100
TOLD = 5
"""Sources whose rejects are told of, one by one."""


def ingest(settings: Settings, warehouse: Warehouse) -> Counts:
    """Bring in every source's articles; a source that cannot be read at all is a reject, and the rest goes on."""
    outlets = Outlets(settings.outlets)
    warehouse.write_outlets([outlets.rows[name] for name in settings.outlets])
    totals: Counter[str] = Counter({"new articles": 0, "rejects": 0, "failed sources": 0})
    rejects: Counter[str] = Counter()
    begun: set[Settled] = set()
    web: list[WebSource] = []
    for number, source in enumerate(settings.sources, start=1):
        if isinstance(source, WebSource):
            web.append(source)
            continue
        report("ingest", number - 1, len(settings.sources), source_name(source))
        settled = {_settled(source)} - begun  # two sources may read one folder
        counts = _attempt(source, settled, warehouse, outlets)
        totals.update(counts)
        rejects[source_name(source)] += counts["rejects"]
        begun |= settled
    if web:
        from flows.stages.crawl import crawl

        counts, of_the_web = crawl(web, settings, warehouse, outlets)
        totals.update(counts)
        rejects.update(of_the_web)
    report("ingest", len(settings.sources), len(settings.sources), f"{totals['new articles']} new articles")
    _tell(rejects, warehouse)
    failures = _failures(warehouse, settings.sources) if totals["failed sources"] else []
    if len(failures) == len(set(map(source_name, settings.sources))) and not totals["new articles"]:
        raise UserError("no source could be read:\n" + "\n".join(failures))
    return dict(totals)


def _tell(rejects: Counter[str], warehouse: Warehouse) -> None:
    told = [(name, count) for name, count in rejects.items() if count]
    for name, count in told[:TOLD]:
        warn(f"{name}: {count} rejected; `{_query('from rejects', warehouse.place)}` says why")
    if len(told) > TOLD:
        warn(f"{sum(count for _, count in told[TOLD:])} more rejected, of {len(told) - TOLD} other sources")


def _attempt(source: FileSource, settled: Set[Settled], warehouse: Warehouse, outlets: Outlets) -> Counts:
    name = source_name(source)
    try:
        return _ingest_source(source, settled, warehouse, outlets)
    except OSError as error:  # one that may pass, but has not
        return store([*settled, failed(name, error)], warehouse, outlets)


@batch_task("ingest source", retries=2)
def _ingest_source(source: FileSource, settled: Set[Settled], warehouse: Warehouse, outlets: Outlets) -> Counts:
    def known(urls: Sequence[str]) -> Mapping[str, FetchState]:
        return states(warehouse, urls)

    stream = chain(settled, _up_to_failure(source_name(source), read_source(source, known, outlets)))
    totals = Counter({"new articles": 0, "rejects": 0, "failed sources": 0})
    while batch := list(islice(stream, A_BATCH)):
        totals.update(store(batch, warehouse, outlets))
    return totals


def _settled(source: FileSource) -> Settled:
    """What no longer holds of a source that is read: all of it where it is read as a whole, else that it failed.

    Stored with the first batch, so that a run that is killed before leaves what was rejected, and one that is killed
    behind it finds the rest again.
    """
    return Settled(source_name(source), "all" if is_whole(source) else (WHOLE_SOURCE,))


def _up_to_failure(name: str, items: Iterator[Item]) -> Iterator[Item]:
    """What comes from a source and, where reading it fails, a reject of the whole, so that other sources go on.

    Raises what has nothing to do with the source, and an OSError that may pass.
    """
    try:
        yield from items
    except WarehouseError:
        raise
    except Exception as error:
        if may_pass(error):
            raise
        yield failed(name, error)


def _query(sql: str, warehouse: str) -> str:
    """The command that runs the SQL on the warehouse, as a shell takes it."""
    taken = os.environ.get("RASHOMON_WAREHOUSE", "rashomon.duckdb")  # where the command does not say
    is_taken = warehouse_place(taken, Path.cwd()) == warehouse_place(warehouse, Path.cwd())
    named = "" if is_taken else f" --warehouse {shlex.quote(warehouse)}"
    return f'rashomon sql "{sql}"{named}'


def _failures(warehouse: Warehouse, sources: Sequence[Source]) -> list[str]:
    sql = "SELECT source, reason FROM rejects WHERE item = $2 AND list_contains($1, source) ORDER BY source"
    failures = warehouse.query(sql, [[source_name(source) for source in sources], WHOLE_SOURCE]).rows
    return [reason if reason.startswith(source) else f"{source}: {reason}" for source, reason in failures]
