"""Processes that read pages for this one. What a page does to its reader costs that page alone."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import BrokenExecutor, ProcessPoolExecutor
from typing import ParamSpec, Self, TypeVar

from align.cores import cores
from flows.workers import AHEAD, start_workers

P = ParamSpec("P")
R = TypeVar("R")

LONGEST = 60.0
"""Seconds that a page may take, those before it included; the usual one takes a hundredth of one."""


class ReaderLost(Exception):
    """A page that its reader did not come back from; str() is one line."""


class PageWorkers:
    """As many processes as there are cores to use, started when they are first needed; a context manager."""

    def __init__(self) -> None:
        self._pool: ProcessPoolExecutor | None = None
        self._room = asyncio.Semaphore(AHEAD * cores())
        self._alone = asyncio.Lock()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        self._end(self._pool)

    async def run(self, work: Callable[P, R], *arguments: P.args, **named: P.kwargs) -> R:
        """What `work` gives, done in another process. Raises what it raises, and ReaderLost."""
        async with self._room:
            pool = self._pool = self._pool or start_workers()
            try:
                return await _done(pool, work, *arguments, **named)
            except (TimeoutError, BrokenExecutor):
                self._end(pool)
            # This page may have ended the processes or held them up, or another one, so each is read again by itself.
            async with self._alone:
                pool = start_workers(processes=1)
                try:
                    return await _done(pool, work, *arguments, **named)
                except TimeoutError as error:
                    raise ReaderLost(f"reading it took longer than {LONGEST:g} seconds") from error
                except BrokenExecutor as error:
                    raise ReaderLost("the process that read it ended") from error
                finally:
                    self._end(pool)

    def _end(self, pool: ProcessPoolExecutor | None) -> None:
        """End it at once: a process that is held up would never end by itself."""
        if pool is None:
            return
        if pool is self._pool:
            self._pool = None
        processes = list((pool._processes or {}).values())  # from Python 3.14 on there is kill_workers()
        pool.shutdown(wait=False, cancel_futures=True)
        for process in processes:
            process.kill()


async def _done(pool: ProcessPoolExecutor, work: Callable[P, R], *arguments: P.args, **named: P.kwargs) -> R:
    async with asyncio.timeout(LONGEST):
        return await asyncio.wrap_future(pool.submit(work, *arguments, **named))
