"""A warehouse elsewhere has the same rows, or says what is wrong."""

from __future__ import annotations

import json
import stat
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import duckdb
import numpy as np
import pytest

from storage import Warehouse, WarehouseError, exchange
from storage.rows import Article, Outlet, Translation
from storage.schema import new_database

NOW = datetime(2024, 3, 1, 12, 0)
Build = Callable[[], Warehouse]


@pytest.fixture
def warehouse(tmp_path: Path) -> Warehouse:
    made = Warehouse(tmp_path / "it's.duckdb")
    made.write_outlets([Outlet("Пример", "RU", "ru")])
    made.write_coverage([Article("a1", "Пример", "ru", None, "Заголовок", "Текст.\nДалее.", NOW, "test", NOW)])
    made.write_translations([Translation("h1", "memory", "m", "1", 'In "English"\n, too', NOW)])
    made.write_vectors("model@1", ["h1", "h2"], np.array([[1, 0, 0], [0.6, 0.8, 1e-9]], np.float32))
    made.start_run("r1", "run", {"name": "ü"}, {"python": "3"})
    return made


def contents(path: Path) -> dict[str, list[tuple[object, ...]]]:
    with duckdb.connect(str(path), read_only=True) as connection:
        tables = [row[0] for row in connection.execute("SELECT table_name FROM duckdb_tables()").fetchall()]
        return {table: sorted(connection.execute(f"FROM {table}").fetchall(), key=repr) for table in sorted(tables)}


def shape(path: Path) -> list[tuple[object, ...]]:
    """All columns of tables and views with their types and comments."""
    with duckdb.connect(str(path), read_only=True) as connection:
        sql = "SELECT table_name, column_name, data_type, comment FROM duckdb_columns() WHERE NOT internal ORDER BY ALL"
        return connection.execute(sql).fetchall()


def test_an_export_comes_back_exactly(warehouse: Warehouse, tmp_path: Path) -> None:
    folder, back = tmp_path / "expo'rt", tmp_path / "back.duckdb"
    folder.mkdir()
    counts = warehouse.export_all(folder)
    assert (counts["articles"], counts["translations"], counts["vectors_3"]) == (1, 1, 2)
    assert exchange.load(folder, back) == counts
    assert contents(back) == contents(warehouse.place) and shape(back) == shape(warehouse.place)
    assert Warehouse(back).query("SELECT count(*) FROM vectors").rows == [(2,)]


def test_an_export_can_be_read_without_us(warehouse: Warehouse, tmp_path: Path) -> None:
    warehouse.export_all(tmp_path)
    found = duckdb.sql(f"SELECT title FROM '{tmp_path}/articles.parquet'").fetchall()
    assert found == [("Заголовок",)]
    assert "CREATE TABLE articles(" in (tmp_path / "schema.sql").read_text("utf-8")


def test_an_export_of_an_earlier_version_is_brought_up_to_date(warehouse: Warehouse, tmp_path: Path) -> None:
    folder, back = tmp_path / "export", tmp_path / "back.duckdb"
    folder.mkdir()
    warehouse.export_all(folder)
    # As version 9 would have written it: its tables alone, with the columns that they had.
    with new_database(tmp_path / "nine.duckdb", 9) as old:
        tables = [row[0] for row in old.execute("SELECT table_name FROM duckdb_tables()").fetchall()]
        for table in tables:
            columns = [row[0] for row in old.execute(f"DESCRIBE {table}").fetchall()]
            path = folder / f"{table}.parquet"
            old.execute(f"COPY (SELECT {', '.join(columns)} FROM '{path}') TO '{path}.old' (FORMAT parquet)")
            Path(f"{path}.old").replace(path)
    for path in folder.glob("*.parquet"):
        if path.stem not in tables:
            path.unlink()
    told = json.loads((folder / "warehouse.json").read_text())
    told = {"schema": 9, "rows": {table: told["rows"][table] for table in tables}}
    (folder / "warehouse.json").write_text(json.dumps(told))
    exchange.load(folder, back)
    assert contents(back)["articles"] == contents(warehouse.place)["articles"]
    named = {row[:3] for row in shape(warehouse.place) if not str(row[0]).startswith("vectors")}
    assert {row[:3] for row in shape(back) if not str(row[0]).startswith("vectors")} == named


@pytest.mark.parametrize(
    ("spoil", "told"),
    [
        (lambda folder: (folder / "warehouse.json").unlink(), "no whole export: warehouse.json is missing"),
        (
            lambda folder: (folder / "warehouse.json").write_text('{"schema": 999, "rows": {}}'),
            "schema is 999.*upgrade",
        ),
        (
            lambda folder: (folder / "warehouse.json").write_text(
                json.dumps({"schema": 15, "rows": {'outlets" DEFAULT VALUES; DROP TABLE "runs': 0}})
            ),
            "warehouse.json names .*which no warehouse has",
        ),
        (lambda folder: (folder / "articles.parquet").write_bytes(b"PAR1"), "articles.parquet: "),
        (lambda folder: (folder / "articles.parquet").unlink(), "articles.parquet: "),
        (
            lambda folder: (folder / "articles.parquet").write_bytes((folder / "outlets.parquet").read_bytes()),
            "articles.parquet: ",
        ),
        (
            lambda folder: duckdb.sql(f"COPY (FROM '{folder}/fetches.parquet') TO '{folder}/articles.parquet'"),
            "articles.parquet",
        ),
    ],
)
def test_a_damaged_export_is_refused(
    warehouse: Warehouse, tmp_path: Path, spoil: Callable[[Path], object], told: str
) -> None:
    folder = tmp_path / "export"
    folder.mkdir()
    warehouse.export_all(folder)
    spoil(folder)
    with pytest.raises(WarehouseError, match=told):
        exchange.load(folder, tmp_path / "back.duckdb")


def test_a_snapshot_has_all_but_vectors_and_cannot_be_written(warehouse: Warehouse, tmp_path: Path) -> None:
    out = tmp_path / "snap'shot.duckdb"
    warehouse.publish(out)
    wanted = contents(warehouse.place)
    assert contents(out) == wanted | {"vectors_3": []}
    assert shape(out) == shape(warehouse.place)
    assert not out.stat().st_mode & (stat.S_IWUSR | stat.S_IWGRP | stat.S_IWOTH)
    assert Warehouse(out).query("SELECT count(*) FROM comparison").rows == [(0,)]
    assert [path.name for path in tmp_path.iterdir() if path.suffix == ".wal"] == []
