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

P = ParamSpec("P")
R = TypeVar("R")
Counts = dict[str, int]


def batch_task(name: str) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """A function as a Prefect task, whose arguments are neither hashed nor kept."""

    def decorate(function: Callable[P, R]) -> Callable[P, R]:
        made: Callable[P, R] = task(name=name, cache_policy=NO_CACHE, persist_result=False)(function)
        return made

    return decorate


def timestamp() -> datetime:
    """The time, naive UTC, as the warehouse keeps it."""
    return datetime.now(UTC).replace(tzinfo=None)
