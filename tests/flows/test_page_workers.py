"""Processes that read pages: what a page does to its reader costs that page alone."""

from __future__ import annotations

import asyncio
import os
import signal
from time import sleep

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
