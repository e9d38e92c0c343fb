"""A source on the web or in files, read by itself as a run reads it."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress

from flows.fetching import Fetcher, FetchState
from flows.outlets import Outlets
from flows.page_workers import PageWorkers
from flows.settings import FetchSettings, Source
from flows.sources import Item, WebSource, read_source, read_web
from flows.sources.crawling import Crawl

THREAD = ThreadPoolExecutor(1)


class Stopped(Exception):
    """Nothing further is wanted."""


class WorkersHere(PageWorkers):
    """In this process, which spares each test the start of others, and one page after the other."""

    async def run(self, work, *arguments, **named):
        return await asyncio.wrap_future(THREAD.submit(work, *arguments, **named))


def read(
    source: Source,
    outlets: Outlets | None = None,
    memory: Mapping[str, FetchState] | None = None,
    stop_after: int | None = None,
    **fetch: object,
) -> list[Item]:
    """What a source gives. memory: what earlier runs left; stop_after: items after which the run is stopped."""
    states, outlets = memory or {}, outlets or Outlets({})

    def known(urls: Sequence[str]) -> dict[str, FetchState]:
        return {url: states[url] for url in urls if url in states}

    if isinstance(source, WebSource):
        settings = FetchSettings(**{"allow_private": True, "delay": 0, "timeout": 5, **fetch})
        return asyncio.run(_crawled(source, outlets, known, stop_after, settings))
    return list(read_source(source, known, outlets))


async def _crawled(source, outlets, known, stop_after, settings) -> list[Item]:
    given: list[Item] = []

    async def later(urls: Sequence[str]) -> Mapping[str, FetchState]:
        return known(urls)

    async def give(items: Sequence[Item]) -> None:
        given.extend(items)
        if stop_after and len(given) >= stop_after:
            raise Stopped

    async def at_once(seconds: float) -> None:
        await asyncio.sleep(0)

    async with Fetcher(settings, sleep=at_once) as fetcher, WorkersHere() as workers:
        with suppress(Stopped):
            await read_web(source, Crawl(fetcher, workers, outlets, later, give))
    return given[:stop_after]
