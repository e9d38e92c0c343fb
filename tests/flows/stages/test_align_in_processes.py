"""Claims of many stories are found in other processes, and are the same."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from typing import Any

import pytest
from prefect import flow
from prefect.testing.utilities import prefect_test_harness

from align.encoders import EmbeddedEncoder
from flows import claim_worker
from flows.coverage import compare_coverage
from flows.errors import UserError
from flows.gold import shipped_events
from flows.settings import Settings, TableSource
from flows.stages import align as stage
from storage import Warehouse

TABLES = ("claims", "claim_statements", "pairs", "relations", "speakers")


@pytest.fixture(scope="module")
def covered(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Settings]:
    """The settings of a warehouse with the claims of the shipped events, found in this process."""
    folder = tmp_path_factory.mktemp("align")
    sources: Any = [TableSource(kind="jsonl", path=event.folder / "articles.jsonl") for event in shipped_events()]
    settings = Settings(warehouse=folder / "w.duckdb", sources=sources)
    with prefect_test_harness(server_startup_timeout=120):
        compare_coverage(settings)
        yield settings


def tables(warehouse: Warehouse) -> dict[str, list[Any]]:
    return {table: sorted(warehouse.query(f"SELECT * FROM {table}").rows, key=repr) for table in TABLES}


def test_the_same_is_found(covered: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stage, "FEW", 0)
    warehouse = Warehouse(covered.warehouse)
    expected = tables(warehouse)
    assert len(expected["claims"]) > 50
    other = covered.model_copy(update={"align": covered.align.model_copy(update={"min_probability": 0.41})})
    assert align(other, warehouse)["stories"] == 4
    assert align(covered, warehouse)["stories"] == 4
    assert tables(warehouse) == expected


def test_a_process_that_is_killed_costs_no_story(covered: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    warehouse = Warehouse(covered.warehouse)
    expected = tables(warehouse)
    monkeypatch.setattr(stage, "FEW", 0)
    other = covered.model_copy(update={"align": covered.align.model_copy(update={"min_probability": 0.41})})
    with monkeypatch.context() as broken, pytest.raises(UserError, match=r"ended.*run again"):
        broken.setattr(stage, "find_as_shipped", end)
        align(other, warehouse)
    assert tables(warehouse) == expected
    assert align(covered, warehouse)["stories"] == 0


def end(min_probability: float, job: claim_worker.Job) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


@flow
def align(settings: Settings, warehouse: Warehouse) -> dict[str, Any]:
    return dict(stage.align(settings, warehouse, EmbeddedEncoder()))
