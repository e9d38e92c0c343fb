"""Sources on the web to articles: all of them at once, each host one request at a time."""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass, field

from flows.fetching import Asked, Fetcher, FetchState
from flows.outlets import Outlets
from flows.page_workers import PageWorkers
from flows.progress import report, warn
from flows.settings import Settings
from flows.sources import Item, Reject, Settled, WebSource, read_web, source_name
from flows.sources.crawling import Crawl, each, first_error
from flows.stages import Counts, batch_task, timestamp
from flows.stages.store import failed, states, store
from storage import WHOLE_SOURCE, Warehouse, WarehouseError

SOURCES_AT_ONCE = 200
WAITING = 200
"""Pages that wait to be stored, before those who read have to wait."""
A_BATCH = 1000
EVERY = 3.0
"""Seconds between two batches: so much is lost at most when a run is killed. To open the warehouse takes its time."""
TOLD = 3
"""Hosts that are named, of those that failed most."""


@batch_task("fetch pages")
def crawl(
    sources: Sequence[WebSource], settings: Settings, warehouse: Warehouse, outlets: Outlets
) -> tuple[Counts, Counter[str]]:
    """Bring in what is new; a source that cannot be read at all is a reject, and the rest goes on.

    Gives counts, and how many rejects each source has.
    """
    return asyncio.run(_crawl(sources, settings, warehouse, outlets))


async def _crawl(
    sources: Sequence[WebSource], settings: Settings, warehouse: Warehouse, outlets: Outlets
) -> tuple[Counts, Counter[str]]:
    waiting: asyncio.Queue[Sequence[Item] | None] = asyncio.Queue(WAITING)
    desk = _Desk(warehouse, outlets)
    asked_today = warehouse.asked_on(timestamp().date()) if settings.fetch.a_day else {}
    async with Fetcher(settings.fetch, asked_today) as fetcher, PageWorkers() as workers:
        way = Crawl(fetcher, workers, outlets, desk.known, waiting.put)
        with first_error():
            async with asyncio.TaskGroup() as group:
                group.create_task(_read(sources, way, waiting))
                async for batch in _batches(waiting):
                    await desk.store(batch, fetcher.take_asked())
                    desk.tell(way)
        await desk.store([], fetcher.take_asked())
    desk.tell_failures()
    return dict(desk.totals), desk.rejects


async def _read(sources: Sequence[WebSource], way: Crawl, waiting: asyncio.Queue[Sequence[Item] | None]) -> None:
    async def read(source: WebSource) -> None:
        name = source_name(source)
        await way.give([Settled(name, (WHOLE_SOURCE,))])
        try:
            await read_web(source, way)
        except WarehouseError:
            raise
        except Exception as error:
            await way.give([failed(name, error)])

    async def all_of_them() -> AsyncIterator[WebSource]:
        for source in sources:
            yield source

    await each(SOURCES_AT_ONCE, read, all_of_them())
    await waiting.put(None)


async def _batches(waiting: asyncio.Queue[Sequence[Item] | None]) -> AsyncIterator[list[Item]]:
    """What was given, as often as it is to be stored, until None was."""
    going = True
    while going:
        batch: list[Item] = []
        end = None
        while len(batch) < A_BATCH:
            try:
                async with asyncio.timeout_at(end):
                    items = await waiting.get()
            except TimeoutError:
                break
            if items is None:
                going = False
                break
            end = end or asyncio.get_running_loop().time() + EVERY
            batch += items
        if batch:
            yield batch


@dataclass(slots=True)
class _Desk:
    """The only one who uses the warehouse meanwhile, in a thread beside, and who tells how it goes."""

    warehouse: Warehouse
    outlets: Outlets
    turn: asyncio.Lock = field(default_factory=asyncio.Lock)
    asking: list[tuple[Sequence[str], asyncio.Future[Mapping[str, FetchState]]]] = field(default_factory=list)
    begun: float = field(default_factory=time.monotonic)
    totals: Counter[str] = field(default_factory=Counter)
    rejects: Counter[str] = field(default_factory=Counter)
    hosts: dict[str, Asked] = field(default_factory=dict)

    async def known(self, urls: Sequence[str]) -> Mapping[str, FetchState]:
        """Those who ask while the warehouse is in use are answered together: to open it takes longer than to look."""
        answer: asyncio.Future[Mapping[str, FetchState]] = asyncio.get_running_loop().create_future()
        self.asking.append((urls, answer))
        async with self.turn:
            if not answer.done():
                await self._answer()
        return answer.result()

    async def _answer(self) -> None:
        asking, self.asking = self.asking, []
        wanted = list({url for urls, _ in asking for url in urls})
        try:
            found = await asyncio.to_thread(states, self.warehouse, wanted)
        except Exception as error:
            for _, answer in asking:
                answer.set_exception(error)
            return
        for urls, answer in asking:
            answer.set_result({url: found[url] for url in urls if url in found})

    async def store(self, batch: Sequence[Item], asked: Mapping[str, Asked]) -> None:
        async with self.turn:
            self.totals.update(await asyncio.to_thread(store, batch, self.warehouse, self.outlets, asked))
        self.rejects.update(item.source for item in batch if isinstance(item, Reject))
        for host, did in asked.items():
            so_far = self.hosts.setdefault(host, Asked())
            so_far.requests += did.requests
            so_far.failures += did.failures
            so_far.bytes += did.bytes

    def tell(self, way: Crawl) -> None:
        rate = way.done / (time.monotonic() - self.begun)
        note = f"{rate:.0f} a second, {len(self.hosts)} hosts"
        if failures := self._failures():
            note += f", {sum(failures.values())} requests failed, most at {failures.most_common(1)[0][0]}"
        report("pages", way.done, len(way.seen), note)

    def tell_failures(self) -> None:
        failures = self._failures()
        if failures:
            most = [f"{host} ({n} of {self.hosts[host].requests})" for host, n in failures.most_common(TOLD)]
            more = f" and {len(failures) - TOLD} other hosts" if len(failures) > TOLD else ""
            warn(f"{sum(failures.values())} requests failed: at {', '.join(most)}{more}")

    def _failures(self) -> Counter[str]:
        return Counter({host: did.failures for host, did in self.hosts.items() if did.failures})
