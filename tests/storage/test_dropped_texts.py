"""Articles whose text was dropped keep what was found in them, and are neither new nor unread."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

import duckdb
import pytest

from storage import Reading, Warehouse, exchange, rows, statement_id, text_hash
from storage.lake import load
from storage.schema import new_database

NOON = datetime(2026, 1, 1, 12)
DAY = timedelta(days=1)
SECRET = "Zanzibar quagmire"
TEXT = f"{SECRET}. Said.\n\nThe rest of it."
DOCS = Path(__file__).parents[2] / "docs" / "sharing.md"


def article(key: str, stored_at: datetime = NOON) -> rows.Article:
    return rows.Article(key, "A", "en", f"https://a.example/{key}", "Title", TEXT, NOON, "file", stored_at)


def reading(key: str) -> Reading:
    said = rows.Statement(
        statement_id(key, 0, "Said."), key, 0, 0, 5, "Said.", text_hash("Said."), None, None, None, False
    )
    return Reading(key, [said], [], [])


@pytest.fixture(params=["file", "lake"])
def warehouse(request: pytest.FixtureRequest, tmp_path: Path) -> Warehouse:
    """An old article and one that is a day younger, both read, and an old one that is not."""
    place = tmp_path / "test.duckdb" if request.param == "file" else f"ducklake:{tmp_path}/test.ducklake"
    made = Warehouse(place, wait=1)
    made.write_coverage([article("old"), article("young", NOON + DAY), article("unread")])
    made.write_readings("v1", [reading("old"), reading("young")])
    return made


def with_text(warehouse: Warehouse) -> list[str]:
    return [key for (key,) in warehouse.query("SELECT article_id FROM articles WHERE text <> '' ORDER BY 1").rows]


def test_only_texts_of_read_articles_stored_before_are_dropped_and_their_statements_stay(warehouse: Warehouse) -> None:
    assert warehouse.drop_texts(NOON) == 0
    assert warehouse.drop_texts(NOON + DAY) == 1
    assert with_text(warehouse) == ["unread", "young"]
    assert warehouse.query("SELECT count(*) FROM told").rows == [(2,)]
    assert warehouse.drop_texts(NOON + DAY) == 0


def test_an_article_without_its_text_is_not_new_when_it_comes_again(warehouse: Warehouse) -> None:
    warehouse.drop_texts(NOON + DAY)
    assert warehouse.write_coverage([article("old")]) == 0
    assert with_text(warehouse) == ["unread", "young"]


def test_other_rules_do_not_read_it_again_and_it_is_counted(warehouse: Warehouse) -> None:
    warehouse.drop_texts(NOON + DAY)
    assert (warehouse.count_unread("v1"), warehouse.count_unreadable("v1")) == (1, 0)
    assert [text.key for text in warehouse.unread("v2", 10)] == ["unread", "young"]
    assert (warehouse.count_unread("v2"), warehouse.count_unreadable("v2")) == (2, 1)


def test_a_file_of_the_version_before_can_drop_texts_too(tmp_path: Path) -> None:
    with new_database(tmp_path / "test.duckdb", 14) as old:
        old.execute(
            "INSERT INTO articles SELECT 'a', 'A', 'en', NULL, 'Title', $1, $2, 'file', $2, 'v1', NULL", [TEXT, NOON]
        )
    warehouse = Warehouse(tmp_path / "test.duckdb")
    assert (with_text(warehouse), warehouse.drop_texts(NOON + DAY), with_text(warehouse)) == (["a"], 1, [])


def test_neither_a_copy_for_readers_nor_an_import_of_an_export_holds_the_bytes(tmp_path: Path) -> None:
    warehouse = Warehouse(tmp_path / "test.duckdb")
    warehouse.write_coverage([article("old")])
    warehouse.write_readings("v1", [reading("old")])
    held = {}
    for when in ("before", "after"):
        folder, copy, back = (tmp_path / f"{when}{kind}" for kind in ("", "-copy.duckdb", "-back.duckdb"))
        folder.mkdir()
        warehouse.publish(copy)
        warehouse.export_all(folder)
        exchange.load(folder, back)
        held[when] = [SECRET.encode() in path.read_bytes() for path in (copy, back)]
        warehouse.drop_texts(NOON + DAY)
    assert held == {"before": [True, True], "after": [False, False]}


def test_a_lake_keeps_the_text_in_its_past_until_what_the_page_says_is_done(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lake = Warehouse(f"ducklake:{tmp_path}/levant.ducklake", wait=1)
    # So many that DuckLake lays them in a Parquet file, and a few that it keeps in its catalog.
    for keys in (range(50), range(50, 53)):
        lake.write_coverage([article(f"a{key}") for key in keys])
        lake.write_readings("v1", [reading(f"a{key}") for key in keys])
    ((then,),) = lake.query("SELECT now()::TIMESTAMP").rows
    assert lake.drop_texts(NOON + DAY) == 53
    assert len(with_text(Warehouse(lake.place, as_of=then))) == 53
    assert texts_in_files(tmp_path) >= 50
    monkeypatch.chdir(tmp_path)
    forget()
    Path("new.ducklake").replace("levant.ducklake")
    assert texts_in_files(tmp_path) == 0
    assert lake.query("SELECT count(*), count(text) FROM articles").rows == [(53, 0)]
    assert SECRET.encode() not in (tmp_path / "levant.ducklake").read_bytes()


def texts_in_files(folder: Path) -> int:
    sql = "SELECT count(*) FROM read_parquet(?) WHERE text LIKE ?"
    found = [duckdb.execute(sql, [str(path), f"{SECRET}%"]).fetchall() for path in folder.rglob("articles/*.parquet")]
    return sum(rows[0][0] for rows in found)


def forget() -> None:
    """What the page tells whoever wants a lake without the dropped texts, in its folder."""
    page = DOCS.read_text("utf-8")
    script = next(part for part in page.split("```sql\n")[1:] if "ducklake_rewrite_data_files" in part).split("```")[0]
    with duckdb.connect() as connection:
        load(connection, "ducklake")
        connection.execute(script)
