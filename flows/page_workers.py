"""Processes that read pages for this one. What a page does to its reader costs that page alone."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import BrokenExecutor, ProcessPoolExecutor
from dataclasses import dataclass
from functools import partial
from typing import Any, ParamSpec, Self, TypeVar

from align.cores import cores
from flows.workers import start_workers

P = ParamSpec("P")
R = TypeVar("R")

Outcome = tuple[Any, Exception | None]
"""What reading a page gave, or what it raised."""

LONGEST = 60.0
"""Seconds that a page may take, those before it included; the usual one takes a hundredth of one."""
AT_A_TIME = 8
"""Pages that a process is handed together at most: to hand one over costs a fifth of what reading it does."""
JOBS = 2
"""Handfuls a process, one of which it reads while the other waits for it."""


class ReaderLost(Exception):
    """A page that its reader did not come back from; str() is one line."""


@dataclass(frozen=True, slots=True)
class _Page:
    read: Callable[[], Any]
    found: asyncio.Future[Any]

    def settle(self, result: Any, error: Exception | None) -> None:
        if self.found.done():  # whoever wanted it is gone
            return
        if error is None:
            self.found.set_result(result)
        else:
            self.found.set_exception(error)


class PageWorkers:
    """As many processes as there are cores to use, started when they are first needed; a context manager."""

    def __init__(self) -> None:
        self._pool: ProcessPoolExecutor | None = None
        self._pool_of_one: ProcessPoolExecutor | None = None
        self._waiting: deque[_Page] = deque()
        self._jobs: set[asyncio.Task[None]] = set()
        self._alone = asyncio.Lock()
        self._closed = False

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        self._closed = True
        self._end(self._pool)
        self._end(self._pool_of_one)
        await asyncio.gather(*self._jobs)

    async def run(self, work: Callable[P, R], *arguments: P.args, **named: P.kwargs) -> R:
        """What `work` gives, done in another process. Raises what it raises, and ReaderLost."""
        found: asyncio.Future[R] = asyncio.get_running_loop().create_future()
        self._waiting.append(_Page(partial(work, *arguments, **named), found))
        self._hand_over()
        return await found

    def _hand_over(self) -> None:
        """Pages come one by one while there are processes to spare, else in handfuls of those that wait."""
        while self._waiting and len(self._jobs) < JOBS * cores():
            pages = [self._waiting.popleft() for _ in range(min(AT_A_TIME, len(self._waiting)))]
            job = asyncio.create_task(self._read(pages))
            self._jobs.add(job)
            job.add_done_callback(self._go_on)

    def _go_on(self, done: asyncio.Task[None]) -> None:
        self._jobs.discard(done)
        if not self._closed:
            self._hand_over()

    async def _read(self, pages: Sequence[_Page]) -> None:
        pool = None
        try:
            pool = self._pool = self._pool or start_workers()
            found = await _done(pool, pages)
        except Exception as error:  # of the processes, or on the way to one and back
            if isinstance(error, TimeoutError | BrokenExecutor):
                self._end(pool)
            for page in pages:  # any of these may be why, or one of another handful
                page.settle(*await self._read_alone(page))
        else:
            for page, outcome in zip(pages, found, strict=True):
                page.settle(*outcome)

    async def _read_alone(self, page: _Page) -> Outcome:
        async with self._alone:
            if self._closed:
                return None, ReaderLost("the run has ended")
            pool = None
            try:
                pool = self._pool_of_one = self._pool_of_one or start_workers(processes=1)
                return (await _done(pool, [page]))[0]
            except (TimeoutError, BrokenExecutor) as error:
                self._end(pool)
                late = isinstance(error, TimeoutError)
                told = f"reading it took longer than {LONGEST:g} seconds" if late else "the process that read it ended"
                return None, ReaderLost(told)
            except Exception as error:
                return None, error

    def _end(self, pool: ProcessPoolExecutor | None) -> None:
        """End it at once, and so what waits for it; a process that is held up would never end by itself."""
        if pool is None:
            return
        self._pool = None if pool is self._pool else self._pool
        self._pool_of_one = None if pool is self._pool_of_one else self._pool_of_one
        for process in list((pool._processes or {}).values()):  # from Python 3.14 on there is kill_workers()
            process.kill()
        pool.shutdown(wait=False)


async def _done(pool: ProcessPoolExecutor, pages: Sequence[_Page]) -> list[Outcome]:
    async with asyncio.timeout(LONGEST):
        return await asyncio.wrap_future(pool.submit(_outcomes, [page.read for page in pages]))


def _outcomes(reads: Sequence[Callable[[], Any]]) -> list[Outcome]:
    """What each gives, or raises."""
    outcomes: list[Outcome] = []
    for read in reads:
        try:
            outcomes.append((read(), None))
        except Exception as error:
            outcomes.append((None, error))
    return outcomes
