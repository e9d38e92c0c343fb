"""What sources bring into the warehouse."""

from __future__ import annotations

from pathlib import Path

from flows.outlets import Outlets
from flows.sources import Reject
from flows.stages.store import store
from storage import Warehouse


def test_a_reason_in_characters_that_no_database_holds_is_stored_without_them(tmp_path: Path) -> None:
    warehouse = Warehouse(tmp_path / "coverage.duckdb")
    store([Reject("s", "page", "not a page but text/\udcd0\x1b[31m\nred")], warehouse, Outlets({}))
    assert warehouse.query("SELECT reason FROM rejects").rows == [("not a page but text/\ufffd[31m red",)]
