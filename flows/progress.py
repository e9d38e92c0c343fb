"""What a run says while it works: to the Prefect UI and, through the same log records, to the terminal."""

from __future__ import annotations

from prefect.logging import get_run_logger


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
