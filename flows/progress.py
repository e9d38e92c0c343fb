"""What a run says while it works: to the Prefect UI and, through the same log records, to the terminal."""

from __future__ import annotations

import time

from prefect.logging import get_run_logger

EVERY = 2.0  # seconds
MEGABYTE = 1_000_000


def report(stage: str, done: int, total: int, note: str = "") -> None:
    """Say how far a stage is. The record carries `stage`, `done`, `total` and `note` for whoever draws a bar."""
    message = f"{stage}: {done} of {total}" + (f" ({note})" if note else "")
    get_run_logger().info(message, extra={"stage": stage, "done": done, "total": total, "note": note})


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
