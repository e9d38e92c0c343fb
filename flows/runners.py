"""Where batches are computed: in this process, or on a Dask cluster of other processes and machines.

The run alone reads and writes the warehouse; what computes gets texts and gives back what it made of them.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from functools import lru_cache
from typing import Any, Generic, TypeVar, cast

from prefect import Task
from prefect.task_runners import TaskRunner, ThreadPoolTaskRunner

from align.cores import cores
from flows.errors import UserError
from flows.settings import Settings
from flows.workers import work_in_order

K = TypeVar("K")
R = TypeVar("R")
T = TypeVar("T")


TOGETHER = 8
"""Batches that a Dask worker gets as one: Prefect takes a third of a second to start each there."""


class Loaded(Generic[T]):
    """Something large, such as a model: it travels as the way to make it, and each process makes it once."""

    def __init__(self, make: Callable[..., T], *arguments: Any, made: T | None = None) -> None:
        """made: the thing itself, where this process has it already."""
        self._make, self._arguments, self._made = make, arguments, made
        self._making = threading.Lock()

    def __call__(self) -> T:
        with self._making:
            if self._made is None:
                self._made = self._make(*self._arguments)
            return self._made

    def __reduce__(self) -> tuple[Any, ...]:
        return _known, (self._make, self._arguments)


@lru_cache(maxsize=4)
def _known(make: Callable[..., T], arguments: tuple[Any, ...]) -> Loaded[T]:
    return Loaded(make, *arguments)


class Runner:
    """Computes batches one by one or several at once, in the order they come in."""

    def __init__(self, runner: TaskRunner[Any], ahead: int, together: int = 1) -> None:
        """ahead: how many batches may wait, or their results, so that no worker is idle and memory stays level.

        together: how many usual batches make one, where handing one over takes its time.
        """
        self._runner, self._ahead, self.together = runner, ahead, together

    def in_order(self, work: Callable[..., R], batches: Iterable[tuple[K, dict[str, Any]]]) -> Iterator[tuple[K, R]]:
        """The result of each batch with its key, which stays here; `batches` are keys and arguments of the task `work`.

        Raises what `work` raises, and `UserError` where a cluster gives a batch up.
        """
        task = cast("Task[..., R]", work)
        try:
            yield from work_in_order(lambda arguments: self._runner.submit(task, arguments), batches, self._ahead)
        except Exception as error:
            if not type(error).__module__.startswith("distributed"):
                raise
            told = f"dask: {' '.join(str(error).split())[:200] or type(error).__name__}"
            raise UserError(f"{told}; what was done is stored, run again for what is left") from error


@contextmanager
def started(settings: Settings) -> Iterator[Runner]:
    """The runner that the config asks for. Raises `UserError` where it is not installed or cannot be reached."""
    if settings.runner == "threads":
        with ThreadPoolTaskRunner[Any](max_workers=1) as runner:
            yield Runner(runner, ahead=1)
        return
    workers = settings.dask.workers or cores()
    with _dask(settings, workers) as runner:
        yield Runner(runner, ahead=2 * workers, together=TOGETHER)


def _dask(settings: Settings, workers: int) -> TaskRunner[Any]:
    try:
        import dask
        from prefect_dask.task_runners import DaskTaskRunner
    except ImportError as error:
        raise UserError("runner: dask is not installed; `pip install 'rashomon[dask]'`") from error
    if settings.dask.scheduler:
        _check_reachable(settings.dask.scheduler)
        return DaskTaskRunner(address=settings.dask.scheduler)
    # Workers that are daemons could not start the processes that Firefox's models need.
    dask.config.set({"distributed.worker.daemon": False})
    each = os.environ | {"RASHOMON_CORES": str(max(1, cores() // workers))}
    cluster = {"n_workers": workers, "threads_per_worker": 1, "dashboard_address": None, "env": each}
    return DaskTaskRunner(cluster_kwargs=cluster)


def _check_reachable(scheduler: str) -> None:
    import distributed

    client: Any = distributed.Client
    try:
        client(scheduler, timeout=10, set_as_default=False).close()
    except (OSError, ValueError) as error:
        raise UserError(f"dask.scheduler: {scheduler} cannot be reached: {error}") from error
