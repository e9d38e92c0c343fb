"""Processes that work for this one, as many as there are cores to use."""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from typing import Protocol, TypeVar

from align.cores import cores

K = TypeVar("K")
J = TypeVar("J")
R = TypeVar("R", covariant=True)

AHEAD = 4
"""Jobs a process that wait or whose results do, so that none is idle and memory stays level."""


class Outcome(Protocol[R]):
    """What a job will have given."""

    def result(self) -> R:
        """Waits for it; raises what the job raised."""
        ...


def start_workers(also: Callable[[], None] | None = None, processes: int | None = None) -> ProcessPoolExecutor:
    """The processes, one a core where it is not said how many.

    Each leaves Ctrl-C to this one, ends when this one does, and first calls `also`.

    They start anew rather than as forks, since a fork of a process with threads, as Prefect and torch have, may hang.
    """
    return ProcessPoolExecutor(processes or cores(), get_context("spawn"), _start, (also,))


def work_in_order(
    submit: Callable[[J], Outcome[R]], jobs: Iterable[tuple[K, J]], ahead: int | None = None
) -> Iterator[tuple[K, R]]:
    """The result of each job, in their order, few jobs ahead of what is taken; a key stays here.

    submit: has a job done elsewhere. Raises what a job raises, and BrokenProcessPool where a process has ended.
    """
    most = AHEAD * cores() if ahead is None else ahead
    waiting: deque[tuple[K, Outcome[R]]] = deque()
    for key, job in jobs:
        waiting.append((key, submit(job)))
        if len(waiting) > most:
            first, result = waiting.popleft()
            yield first, result.result()
    for first, result in waiting:
        yield first, result.result()


def _start(also: Callable[[], None] | None) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, daemon=True).start()
    if also:
        also()


def _end_with_parent() -> None:
    if parent := multiprocessing.parent_process():
        parent.join()
        os._exit(1)
