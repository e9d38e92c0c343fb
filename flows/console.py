"""What a person sees of a run in the terminal: a line or a bar a stage, warnings, and nothing of the machinery."""

from __future__ import annotations

import logging
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.filesize import decimal
from rich.markup import escape
from rich.progress import (
    BarColumn,
    DownloadColumn,
    MofNCompleteColumn,
    Progress,
    TaskID,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
    TransferSpeedColumn,
)

from flows import hub
from flows.errors import UserError
from flows.reports.texts import harmless

# What Prefect reads when it is first imported; what a user has set stays.
QUIET = {
    "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
    "PREFECT_LOGGING_HANDLERS_CONSOLE_LEVEL": "CRITICAL",  # its records are drawn here instead
    "PREFECT_CLI_PROMPT": "false",
    "DO_NOT_TRACK": "1",
    "PREFECT_SERVER_EPHEMERAL_STARTUP_TIMEOUT_SECONDS": "120",
}


# In place of bars: Prefect's own log, a JSON object a line, with the run, and the stage and its counts if it has any.
JSON_LOG = {"PREFECT_LOGGING_HANDLERS_CONSOLE_LEVEL": "INFO", "PREFECT_LOGGING_HANDLERS_CONSOLE_FORMATTER": "json"}


def quiet_prefect(json_log: bool = False) -> None:
    """Keep Prefect's own log off the terminal and its usage reports off the network; to be called before its import.

    json_log: have it write JSON to standard error instead, also in the processes that it starts.
    """
    for name, value in (QUIET | (JSON_LOG if json_log else {})).items():
        os.environ.setdefault(name, value)
    # A newsroom's proxy must not come between a run and the API that it starts on this machine.
    for name in ("NO_PROXY", "no_proxy"):
        os.environ[name] = ",".join(filter(None, [os.environ.get(name), "127.0.0.1", "localhost"]))


def check_prefect() -> None:
    """Raise `UserError` where the Prefect server that the settings name does not answer."""
    import httpx
    from prefect.settings import PREFECT_API_URL

    address = PREFECT_API_URL.value()
    if not address:
        return
    try:
        httpx.get(f"{address}/health", timeout=10).raise_for_status()
    except httpx.HTTPError as error:
        raise UserError(
            f"the Prefect server at {address} does not answer ({error}); start it with `prefect server start`, or run "
            "without one: unset PREFECT_API_URL, and `prefect config unset PREFECT_API_URL`"
        ) from error


@contextmanager
def progress(console: Console) -> Iterator[None]:
    """Draw the progress of the flow that runs inside: bars on a terminal, plain lines elsewhere."""
    columns = (TextColumn("{task.description:<10}"), BarColumn(24), MofNCompleteColumn(), TimeElapsedColumn())
    note = TextColumn("[dim]{task.fields[note]}")
    with Progress(*columns, note, console=console, disable=not console.is_terminal) as bars:
        handler = _Handler(console, bars)
        logger = logging.getLogger("prefect")
        logger.addHandler(handler)
        try:
            yield
        finally:
            logger.removeHandler(handler)


@contextmanager
def downloads(console: Console) -> Iterator[None]:
    """Draw the downloads of models inside: bars on a terminal, a line now and then elsewhere."""
    columns = (TextColumn("{task.description}"), BarColumn(24), DownloadColumn(), TransferSpeedColumn())
    bars = Progress(*columns, TimeRemainingColumn(), console=console, disable=not console.is_terminal)
    with bars, hub.watched_by(_Bars(bars) if console.is_terminal else _Lines(console)):
        yield


class _Bars:
    """A bar a model, from where its download begins."""

    def __init__(self, bars: Progress) -> None:
        self.bars = bars
        self.tasks: dict[str, TaskID] = {}

    def __call__(self, name: str, done: int, total: int) -> None:
        if name not in self.tasks:
            self.tasks[name] = self.bars.add_task(escape(name), total=total or None, completed=done)
        self.bars.update(self.tasks[name], completed=done)


class _Lines:
    """A line where the download of a model begins, every ten seconds, and at its end."""

    EVERY = 10.0  # seconds

    def __init__(self, console: Console) -> None:
        self.console = console
        self.begun: dict[str, tuple[float, int]] = {}
        self.told = 0.0

    def __call__(self, name: str, done: int, total: int) -> None:
        if not total:
            self.console.print(name, highlight=False, markup=False, soft_wrap=True)
            return
        now = time.monotonic()
        is_first = name not in self.begun
        since, before = self.begun.setdefault(name, (now, done))
        if is_first or done == total or now - self.told >= self.EVERY:
            self.told = now
            rate = "" if is_first else f", {decimal(int((done - before) / max(now - since, 1e-3)))}/s"
            line = f"{name}: {decimal(done)} of {decimal(total)}{rate}"
            self.console.print(line, highlight=False, markup=False, soft_wrap=True)


# The end of a run that failed is told once, by the command.
ENDINGS = ("Finished in state", "Encountered exception", "Task run failed", "Crash detected")


class _Handler(logging.Handler):
    """Draws the records of `flows.progress`, and warnings of the run itself."""

    def __init__(self, console: Console, bars: Progress) -> None:
        super().__init__()
        self.console = console
        self.bars = bars
        self.stages: dict[str, TaskID] = {}

    def emit(self, record: logging.LogRecord) -> None:
        stage = getattr(record, "stage", None)
        if stage is not None:
            self._stage(stage, record)
        elif hasattr(record, "noted"):
            self.console.print(harmless(record.getMessage()), highlight=False, markup=False, soft_wrap=True)
        elif _is_warning(record):
            self.console.print(f"[yellow]! {escape(harmless(record.getMessage()))}", highlight=False, soft_wrap=True)

    def _stage(self, stage: str, record: logging.LogRecord) -> None:
        done, total, note = (getattr(record, name) for name in ("done", "total", "note"))
        note = harmless(note)
        if self.bars.disable:
            line = f"{stage:<10} {done}/{total}" + (f"  {note}" if note else "")
            self.console.print(line, highlight=False, markup=False, soft_wrap=True)
            return
        if stage not in self.stages:
            self.stages[stage] = self.bars.add_task(stage, total=total, note="")
        self.bars.update(self.stages[stage], completed=done, total=total, note=escape(note))


def _is_warning(record: logging.LogRecord) -> bool:
    """Whether a record is a warning of the run itself, and not of the machinery around it."""
    own = record.name.startswith(("prefect.flow_runs", "prefect.task_runs"))
    ending = record.exc_info or record.getMessage().startswith(ENDINGS)
    return own and record.levelno >= logging.WARNING and not ending
