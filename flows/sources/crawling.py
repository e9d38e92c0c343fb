"""What those who read the web have at hand, and how they work on much at once without holding much."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterable, Awaitable, Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeVar

from flows.outlets import Outlets
from flows.page_workers import PageWorkers

if TYPE_CHECKING:
    from flows.fetching import Fetcher, FetchState
    from flows.sources import Item

T = TypeVar("T")

IN_HAND = 200
"""Pages that are there and not given yet, before no further request is begun: each may be as large as pages may be."""


@dataclass(slots=True)
class Crawl:
    """One run's way through the web.

    known: the states that earlier runs left of these addresses, by address; give: takes items, which are stored in the
    order they are given in, and waits where storing does not keep up; seen: pages that this run has
    been at; done: how many of them it is through with.
    """

    fetcher: Fetcher
    workers: PageWorkers
    outlets: Outlets
    known: Callable[[Sequence[str]], Awaitable[Mapping[str, FetchState]]]
    give: Callable[[Sequence[Item]], Awaitable[None]]
    seen: set[str] = field(default_factory=set)
    done: int = 0
    _in_hand: int = field(default=0, init=False)

    @contextmanager
    def in_hand(self) -> Iterator[None]:
        """While a page is worked on. Where those who read or store do not keep up, those who fetch wait."""
        self._count(1)
        try:
            yield
        finally:
            self._count(-1)

    def _count(self, more: int) -> None:
        self._in_hand += more
        if self._in_hand < IN_HAND:
            self.fetcher.go_on.set()
        else:
            self.fetcher.go_on.clear()


async def each(most: int, work: Callable[[T], Awaitable[object]], things: AsyncIterable[T]) -> None:
    """Work on things as they come, on so many at once. What `work` or `things` raises ends it and is raised."""
    room = asyncio.Semaphore(most)

    async def one(thing: T) -> None:
        try:
            await work(thing)
        finally:
            room.release()

    with first_error():
        async with asyncio.TaskGroup() as group:
            async for thing in things:
                await room.acquire()
                group.create_task(one(thing))


@contextmanager
def first_error() -> Iterator[None]:
    """Raises the first error of a group of them in its stead."""
    try:
        yield
    except BaseExceptionGroup as errors:
        raise errors.exceptions[0] from None
