"""Processes that read pages: what a page does to its reader costs that page alone."""

from __future__ import annotations

import asyncio
import os
import signal
from pathlib import Path
from time import monotonic, sleep

import pytest

from flows import page_workers
from flows.page_workers import PageWorkers, ReaderLost


def read(page: int) -> tuple[int, int]:
    """The page and who read it; some pages are not good for their readers."""
    if page == BAD:
        raise ValueError("no article")
    if page == DEADLY:
        os.kill(os.getpid(), signal.SIGKILL)
    if page == ENDLESS:
        sleep(600)
    return page, os.getpid()


BAD, DEADLY, ENDLESS = -1, -2, -3


def processes() -> set[int]:
    """Those that this one has started and that are still there."""
    listed = Path("/proc/self/task").glob("*/children")
    return {int(child) for path in listed for child in path.read_text().split()}


async def read_all(*pages: int) -> list[object]:
    async with PageWorkers() as workers:
        return await asyncio.gather(*(workers.run(read, page) for page in pages), return_exceptions=True)


def test_pages_are_read_elsewhere() -> None:
    found = asyncio.run(read_all(*range(20)))
    assert [page for page, _ in found] == list(range(20))  # type: ignore[misc]
    assert os.getpid() not in {reader for _, reader in found}  # type: ignore[misc]


def test_what_reading_raises_comes_back() -> None:
    error, (page, _) = asyncio.run(read_all(BAD, 7))  # type: ignore[misc]
    assert (str(error), page) == ("no article", 7)


def test_a_page_that_ends_its_reader_is_lost_and_no_other() -> None:
    *before, lost, one, other = asyncio.run(read_all(*range(40), DEADLY, 40, 41))
    assert [page for page, _ in (*before, one, other)] == [*range(42)]  # type: ignore[misc]
    assert isinstance(lost, ReaderLost) and str(lost) == "the process that read it ended"


def test_a_page_that_is_never_read_to_its_end_is_lost_and_no_other(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(page_workers, "LONGEST", 5.0)
    lost, (page, reader) = asyncio.run(read_all(ENDLESS, 1))  # type: ignore[misc]
    assert isinstance(lost, ReaderLost) and str(lost) == "reading it took longer than 5 seconds"
    assert page == 1
    with pytest.raises(ProcessLookupError):  # nobody is left who reads on
        os.kill(reader, 0)


@pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="needs Linux to list processes")
def test_whoever_gives_up_leaves_no_process_and_nothing_that_is_read_on() -> None:
    before = processes()

    async def given_up() -> None:
        async with PageWorkers() as workers, asyncio.TaskGroup() as group:
            for page in (*range(100), *[ENDLESS] * 100):
                group.create_task(workers.run(read, page))
            await workers.run(read, 0)
            raise KeyError("enough")

    with pytest.raises(ExceptionGroup):
        asyncio.run(asyncio.wait_for(given_up(), 30))
    deadline = monotonic() + 10
    while processes() - before and monotonic() < deadline:
        sleep(0.1)
    assert processes() <= before


def test_where_no_process_can_be_started_each_page_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    def start(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(page_workers, "start_workers", start)
    assert [str(error) for error in asyncio.run(read_all(1, 2))] == ["[Errno 28] No space left on device"] * 2
