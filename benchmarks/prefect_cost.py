"""What the frame around the stages costs: a run watched by a Prefect server, beside its functions called plainly.

    python benchmarks/prefect_cost.py configs/gold/* --statements 10000

The coverage is made (see archive.py), five days of it. Both take turns, each in a process and with a warehouse of its
own; what is compared are the seconds of the stages, start-up aside. Then the same run once more, with nothing new.
"""

from __future__ import annotations

import json
import multiprocessing
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager, nullcontext
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from typing import Any

import click
import httpx
from rich.table import Table

DAYS = 5


def watched(folder: Path) -> dict[str, float]:
    """The seconds of each stage of a run."""
    from flows.console import quiet_prefect
    from flows.settings import load_settings

    quiet_prefect()
    from flows import run_record
    from flows.coverage import compare_coverage

    show, taken = run_record._show, []

    def timed(*arguments: Any) -> None:
        start = time.perf_counter()
        show(*arguments)
        taken.append(time.perf_counter() - start)

    run_record._show = timed
    seconds = _seconds(compare_coverage(load_settings(folder / "run.yaml")))
    return seconds | {"artifacts": taken[0]}


def plain(folder: Path) -> dict[str, float]:
    """The same without Prefect: its decorators, its loggers and its records are replaced by nothing."""
    import flows.stages

    def nothing(*_: object, **__: object) -> None:
        pass

    def undecorated(*_: object, **__: object) -> Callable[[Any], Any]:
        return lambda function: function

    flows.stages.batch_task = undecorated
    from flows import coverage, denial_events, progress, run_record, runners
    from flows.settings import load_settings

    progress.report = progress.note = progress.warn = nothing
    for module in [module for name, module in sys.modules.items() if name.startswith("flows.")]:
        for name in ("report", "note", "warn"):
            if hasattr(module, name):
                setattr(module, name, nothing)
    run_record.flow_run = type("run", (), {"id": "plain", "name": "plain"})  # type: ignore[assignment]
    denial_events.emit_event = nothing  # type: ignore[assignment]
    run_record._show = nothing

    from flows.stages import align, assess, encode, frame, group, ingest, read, trace, translate

    for stage in (align, assess, encode, frame, group, ingest, read, trace, translate):
        assert not any(type(value).__name__ == "Task" for value in vars(stage).values()), stage

    class Here(runners.Runner):
        def __init__(self) -> None:
            self.together = 1

        def in_order(self, work: Callable[..., Any], batches: Any) -> Iterator[tuple[Any, Any]]:
            return ((key, work(**arguments)) for key, arguments in batches)

    coverage.started = lambda _: nullcontext(Here())  # type: ignore[assignment,return-value]
    return _seconds(coverage._compare(load_settings(folder / "run.yaml"))) | {"artifacts": 0.0}


def _seconds(counts: Any) -> dict[str, float]:
    return {stage: did["seconds"] for stage, did in counts.items()}


@contextmanager
def server(home: Path) -> Iterator[str]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    process = subprocess.Popen(
        [str(Path(sys.executable).with_name("prefect")), "server", "start", "--host", "127.0.0.1", "--port", str(port)],
        env=os.environ | {"PREFECT_HOME": str(home), "PREFECT_SERVER_ANALYTICS_ENABLED": "false"},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    api = f"http://127.0.0.1:{port}/api"
    try:
        while process.poll() is None:
            try:
                httpx.get(f"{api}/health").raise_for_status()
                break
            except httpx.HTTPError:
                time.sleep(0.5)
        yield api
    finally:
        os.killpg(process.pid, signal.SIGTERM)
        process.wait()


def alone(way: Callable[[Path], dict[str, float]], folder: Path) -> dict[str, float]:
    with ProcessPoolExecutor(1, multiprocessing.get_context("spawn")) as pool:
        return pool.submit(way, folder).result()


@click.command(help=(__doc__ or "").partition("\n")[0])
@click.argument("gold", type=click.Path(path_type=Path, exists=True, file_okay=False), nargs=-1, required=True)
@click.option("--statements", type=click.IntRange(min=100), default=10_000, show_default=True)
@click.option("--turns", type=click.IntRange(min=1), default=3, show_default=True)
def main(gold: Sequence[Path], statements: int, turns: int) -> None:
    import archive  # here, since it imports stages, which `plain` changes before

    with tempfile.TemporaryDirectory() as scratch, server(Path(scratch) / "server") as api:
        os.environ["PREFECT_API_URL"] = api
        coverage = Path(scratch) / "articles.jsonl"
        days = archive.articles(archive.made(gold, statements // DAYS), range(DAYS), datetime(2026, 3, 2, tzinfo=UTC))
        coverage.write_text("".join(json.dumps(each, ensure_ascii=False) + "\n" for each in days), "utf-8")
        found: list[tuple[dict[str, float], ...]] = []
        for turn in range(turns):
            rows = []
            for way in (plain, watched):
                folder = Path(scratch) / f"{way.__name__}-{turn}"
                folder.mkdir()
                source = f"sources: [{{kind: jsonl, path: {coverage}}}]"
                (folder / "run.yaml").write_text(f"warehouse: coverage.duckdb\n{source}\ntranslate: {{engines: []}}\n")
                rows.append(alone(way, folder))
            rows.append(alone(watched, folder))
            found.append(tuple(rows))
            told = ", ".join(f"{sum(row.values()):.1f} s" for row in rows)
            click.echo(f"turn {turn + 1} of {turns}: plain, watched, again: {told}", err=True)
    table = Table("stage", "plain, s", "watched, s", "ratio", "again, s")
    for stage in found[0][0]:
        each = [[row[stage] for row in rows] for rows in found]
        table.add_row(stage, *_cells(each))
    table.add_row("all", *_cells([[sum(row.values()) for row in rows] for rows in found]))
    from flows.reports.standard_output import StandardOutput

    StandardOutput().print(table)
    again = median(sum(rows[2].values()) / sum(rows[1].values()) for rows in found)
    click.echo(f"{statements:,} statements; with nothing new {again:.1%} of the first run's time")


def _cells(turns: Sequence[Sequence[float]]) -> list[str]:
    plain, watched, again = (median(row[column] for row in turns) for column in range(3))
    ratio = median(row[1] / row[0] for row in turns) if all(row[0] for row in turns) else 1
    return [f"{plain:.2f}", f"{watched:.2f}", f"{ratio:.2f}", f"{again:.2f}"]


if __name__ == "__main__":
    main()
