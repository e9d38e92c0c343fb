"""What a run says while it works: to the Prefect UI and, through the same log records, to the terminal."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import cast
from uuid import UUID

from prefect.artifacts import create_progress_artifact, update_progress_artifact
from prefect.logging import get_run_logger
from prefect.runtime import flow_run

EVERY = 2.0  # seconds
LONG = 5.0
"""Seconds from which on a stage has a bar in the Prefect UI."""
MEGABYTE = 1_000_000


def report(stage: str, done: int, total: int, note: str = "") -> None:
    """Say how far a stage is. The record carries `stage`, `done`, `total` and `note` for whoever draws a bar."""
    message = f"{stage}: {done} of {total}" + (f" ({note})" if note else "")
    get_run_logger().info(message, extra={"stage": stage, "done": done, "total": total, "note": note})
    _show(stage, done, total)


@dataclass
class _Bar:
    """A stage's bar in the Prefect UI, once it is drawn."""

    begun: float = field(default_factory=time.monotonic)
    told: float = 0.0
    artifact: UUID | None = None


_bars: dict[tuple[str, str], _Bar] = {}


def _show(stage: str, done: int, total: int) -> None:
    """Draw a long stage's progress in the Prefect UI; a run is not lost for want of it."""
    key = str(flow_run.id), stage
    bar, now, is_over = _bars.setdefault(key, _Bar()), time.monotonic(), done >= total
    if is_over:
        del _bars[key]
    if not total or now - bar.begun < LONG or (not is_over and now - bar.told < EVERY):
        return
    bar.told, percent = now, 100 * done / total
    try:
        if bar.artifact is None:
            told = f"How far the stage `{stage}` is"
            bar.artifact = cast(UUID, create_progress_artifact(percent, f"progress-{stage}", told))
        else:
            update_progress_artifact(bar.artifact, percent)
    except Exception as error:  # the API is the outside world: it may be gone by now
        get_run_logger().debug("progress not shown: %s", error)


def note(message: str) -> None:
    """Say once what was chosen or found."""
    get_run_logger().info(message, extra={"noted": True})


def warn(message: str) -> None:
    """Say what went wrong without stopping the run."""
    get_run_logger().warning(message)


class Downloads:
    """Says now and then how far the downloads of models are; to be given to `flows.hub.watched_by`."""

    def __init__(self) -> None:
        self._told = 0.0

    def __call__(self, what: str, done: int, total: int) -> None:
        """done, total: in bytes; a total of 0 is of work whose amount is not known, told once."""
        now = time.monotonic()
        if not total:
            note(what)
        elif done >= total or now - self._told >= EVERY:
            self._told = now
            report("fetch", done // MEGABYTE, total // MEGABYTE, f"{what}, in MB")
