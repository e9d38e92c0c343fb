"""Processes that work for this one: results in order, few jobs ahead, and what stands between them and this process."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from functools import partial
from time import sleep

import pytest

from align.cores import cores
from flows.workers import AHEAD, start_workers, work_in_order


@pytest.fixture(scope="module")
def pool() -> Iterator[ProcessPoolExecutor]:
    with start_workers() as pool:
        yield pool


def test_results_come_in_order_with_keys_that_stay_here(pool: ProcessPoolExecutor) -> None:
    jobs = [(lambda number=number: number, number / 100) for number in (3, 2, 1, 0) * 4]  # functions cannot be sent
    found = list(work_in_order(partial(pool.submit, rest), jobs))
    assert [(key(), result) for key, result in found] == [(key(), seconds) for key, seconds in jobs]


def rest(seconds: float) -> float:
    sleep(seconds)
    return seconds


def test_few_jobs_are_made_before_their_results_are_taken(pool: ProcessPoolExecutor) -> None:
    made: list[int] = []

    def jobs() -> Iterator[tuple[int, float]]:
        for number in range(100):
            made.append(number)
            yield number, 0.0

    next(work_in_order(partial(pool.submit, rest), jobs()))
    assert len(made) == AHEAD * cores() + 1


def test_what_a_job_raises_is_raised_here(pool: ProcessPoolExecutor) -> None:
    with pytest.raises(ValueError, match="non-negative"):
        list(work_in_order(partial(pool.submit, rest), [("bad", -1.0)]))


def test_a_process_that_is_killed_is_told() -> None:
    with start_workers() as pool, pytest.raises(BrokenProcessPool):
        list(work_in_order(partial(pool.submit, end), [("job", signal.SIGKILL)]))


def end(by: signal.Signals) -> None:
    os.kill(os.getpid(), by)


def test_ctrl_c_is_left_to_this_process(pool: ProcessPoolExecutor) -> None:
    assert [result for _, result in work_in_order(partial(pool.submit, end), [("job", signal.SIGINT)])] == [None]
