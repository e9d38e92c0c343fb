"""The stages of the pipeline: each asks the warehouse what is missing and writes a batch in one transaction.

A batch is a Prefect task: large enough that Prefect's own cost does not show, small enough that little is lost when a
run is stopped. Everything a batch makes can be made again from what the warehouse holds, so tasks cache nothing.
"""

from __future__ import annotations

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


def batch_task(name: str, retries: int = 0) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """A function as a Prefect task, whose arguments are neither hashed nor kept.

    retries: how often it is tried again after an error of the operating system, such as a network file that is gone
    for a moment; other errors would only come again.
    """

    def decorate(function: Callable[P, R]) -> Callable[P, R]:
        made: Callable[P, R] = task(
            name=name,
            tags=[name.split()[0]],
            cache_policy=NO_CACHE,
            persist_result=False,
            retries=retries,
            retry_delay_seconds=RETRY_DELAYS[:retries],
            retry_condition_fn=_is_outside if retries else None,
        )(function)
        return made

    return decorate


def timestamp() -> datetime:
    """The time, naive UTC, as the warehouse keeps it."""
    return datetime.now(UTC).replace(tzinfo=None)


def _is_outside(_task: object, _run: object, state: State[object]) -> bool:
    return isinstance(state.result(raise_on_failure=False), OSError)
