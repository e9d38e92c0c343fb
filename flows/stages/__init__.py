"""The stages of the pipeline: each asks the warehouse what is missing and writes a batch in one transaction.

A batch is a Prefect task: large enough that Prefect's own cost does not show, small enough that little is lost when a
run is stopped. Everything a batch makes can be made again from what the warehouse holds, so tasks cache nothing.
"""

from __future__ import annotations

import errno
from collections.abc import Callable
from datetime import UTC, datetime
from typing import ParamSpec, TypeVar

from prefect import task
from prefect.cache_policies import NO_CACHE
from prefect.client.schemas.objects import State

P = ParamSpec("P")
R = TypeVar("R")
Counts = dict[str, int]

RETRY_DELAYS = [1.0, 10.0]  # seconds
LASTING = (FileNotFoundError, PermissionError, IsADirectoryError, NotADirectoryError)


def batch_task(name: str, retries: int = 0) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """A function as a Prefect task, whose arguments are neither hashed nor kept.

    It has no tags: for those of a task Prefect asks its server for leave each time, which takes longer than a batch.

    retries: how often it is tried again after an error that may pass, such as a network drive that hangs for a moment;
    other errors would only come again.
    """

    def decorate(function: Callable[P, R]) -> Callable[P, R]:
        made: Callable[P, R] = task(
            name=name,
            cache_policy=NO_CACHE,
            persist_result=False,
            retries=retries,
            retry_delay_seconds=RETRY_DELAYS[:retries],
            retry_condition_fn=_failed_for_now if retries else None,
        )(function)
        return made

    return decorate


def timestamp() -> datetime:
    """The time, naive UTC, as the warehouse keeps it."""
    return datetime.now(UTC).replace(tzinfo=None)


def may_pass(error: BaseException) -> bool:
    """Whether an error is one of the operating system that may be gone a moment later."""
    return isinstance(error, OSError) and not isinstance(error, LASTING) and error.errno != errno.ENAMETOOLONG


def _failed_for_now(_task: object, _run: object, state: State[object]) -> bool:
    error = state.result(raise_on_failure=False)
    return isinstance(error, BaseException) and may_pass(error)
