"""A warehouse on DuckLake: what one in a file does, with the past kept, and for several writers with PostgreSQL."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from postgres import postgres, programs

from storage import Reading, Warehouse, WarehouseError, exchange, rows, statement_id, text_hash

NOON = datetime(2026, 1, 1, 12)


@pytest.fixture(scope="session")
def server() -> Iterator[str]:
    with postgres() as parameters:
        yield parameters


with_postgres = pytest.mark.skipif(not programs(), reason="no PostgreSQL is installed")
BOTH = ["file", pytest.param("postgres", marks=with_postgres)]
"""Where the catalog is."""


def new(catalog: str, folder: Path, request: pytest.FixtureRequest) -> Warehouse:
    if catalog == "file":
        return Warehouse(f"ducklake:{folder}/test.ducklake", wait=0.2)
    return Warehouse(address(request.getfixturevalue("server")), wait=5, files=folder / "files")


@pytest.fixture(params=BOTH)
def lake(request: pytest.FixtureRequest, tmp_path: Path) -> Warehouse:
    """A new one."""
    return new(request.param, tmp_path, request)


@pytest.fixture(scope="module", params=BOTH)
def filled(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Warehouse:
    """One to be read."""
    lake = new(request.param, tmp_path_factory.mktemp("filled"), request)
    fill(lake)
    return lake


def address(server: str) -> str:
    """That of a new and empty database."""
    import duckdb

    from storage.lake import load

    name = f"lake_{time.monotonic_ns()}"
    with duckdb.connect() as connection:
        load(connection, "postgres_scanner")
        connection.execute(f"ATTACH '{server}' AS catalog (TYPE postgres)")
        connection.execute(f"CALL postgres_execute('catalog', 'CREATE DATABASE {name}', use_transaction => false)")
    return f"ducklake:postgres:{server.replace('dbname=postgres', f'dbname={name}')}"


def article(key: str, outlet: str = "A") -> rows.Article:
    return rows.Article(key, outlet, "ru", f"https://a.example/{key}", "Title", "One. Two.", NOON, "file", NOON)


def reading(key: str, *texts: str) -> Reading:
    statements = [
        rows.Statement(statement_id(key, n, text), key, n, 0, 3, text, text_hash(text), None, None, None, False)
        for n, text in enumerate(texts)
    ]
    return Reading(key, statements, [], [])


def fill(warehouse: Warehouse) -> None:
    """Something of all that stages write, most of it twice."""
    for _ in range(2):
        warehouse.write_outlets([rows.Outlet("A", "RU", "ru", "state")])
        warehouse.write_coverage(
            [article("a1"), article("a1"), article("a2", "B")], [rows.Reject("s", "1", "no", NOON)]
        )
        warehouse.write_readings("r", [reading("a1", "One.", "Two."), reading("a2", "One.")])
        warehouse.write_vectors("m", [text_hash("One."), text_hash("Two.")], np.eye(2, 4, dtype=np.float32))
        warehouse.write_translations([rows.Translation(text_hash("One."), "memory", "f", "1", "Eins.", NOON)])
    warehouse.write_stories([rows.Story("s1", "Title")], [rows.StoryArticle(key, "s1") for key in ("a1", "a2")])
    one, other = statement_id("a1", 0, "One."), statement_id("a2", 0, "One.")
    for probability in (0.5, 0.9):
        members = [rows.ClaimStatement(one, "c1", probability), rows.ClaimStatement(other, "c1", probability)]
        warehouse.write_claims("s1", "fingerprint", [rows.Claim("c1", "s1", one, probability)], members)


def content(warehouse: Warehouse) -> dict[str, list[tuple[Any, ...]]]:
    tables = (
        "outlets",
        "articles",
        "rejects",
        "statements",
        "vectors",
        "translations",
        "stories",
        "claims",
        "comparison",
    )
    return {table: sorted(warehouse.query(f"FROM {table}").rows, key=repr) for table in tables}


def test_holds_what_a_file_does(filled: Warehouse, tmp_path: Path) -> None:
    file = Warehouse(tmp_path / "file.duckdb")
    fill(file)
    assert content(filled) == content(file)
    assert len(content(filled)["comparison"]) == 2


def test_has_the_tables_views_columns_and_comments_of_a_file(filled: Warehouse, tmp_path: Path) -> None:
    file = Warehouse(tmp_path / "file.duckdb")
    fill(file)
    told = []
    for warehouse in (filled, file):
        told.append(
            warehouse.query(
                """
                SELECT table_name, column_name, table_name NOT IN (SELECT view_name FROM duckdb_views()), comment
                FROM duckdb_columns() WHERE database_name = current_database() AND NOT internal ORDER BY ALL
                """
            ).rows
        )
    assert [row[:2] for row in told[0]] == [row[:2] for row in told[1]]
    # DuckLake has no comments on columns of views
    assert [row for row in told[0] if row[2] and row[3] is None] == []


def test_gives_vectors_as_they_were(filled: Warehouse) -> None:
    (found,) = filled.groupable(["a1"], "m", 4, 1.0)[:1]
    assert found.vectors.tolist() == [[1, 0, 0, 0], [0, 1, 0, 0]]
    assert filled.unencoded("m", 10) == []
    assert {text.text for text in filled.unencoded("n", 10)} == {"One.", "Two."}


def test_a_batch_that_fails_leaves_nothing(lake: Warehouse) -> None:
    lake.write_coverage([article("a1")])
    with pytest.raises(AttributeError):
        lake.write_coverage([article("a9")], [article("a8")])  # type: ignore[list-item]
    assert lake.query("SELECT article_id FROM articles").rows == [("a1",)]


def test_shows_what_it_held_at_a_time(lake: Warehouse) -> None:
    lake.write_coverage([article("a1")])
    time.sleep(0.05)
    then = datetime.now(UTC)
    time.sleep(0.05)
    lake.write_coverage([article("a2")])
    past = Warehouse(lake.place, as_of=then.replace(tzinfo=None))
    assert past.query("SELECT article_id FROM articles").rows == [("a1",)]
    assert len(lake.query("FROM articles").rows) == 2
    with pytest.raises(WarehouseError, match="the past cannot be written"):
        past.write_coverage([article("a3")])


def test_a_time_before_all_is_told(lake: Warehouse) -> None:
    lake.write_coverage([article("a1")])
    with pytest.raises(WarehouseError, match=r"(?i)snapshot"):
        Warehouse(lake.place, as_of=NOON - timedelta(days=9)).query("FROM articles")


def test_a_file_has_no_past(tmp_path: Path) -> None:
    with pytest.raises(WarehouseError, match=r"keeps no past.*ducklake"):
        Warehouse(tmp_path / "test.duckdb", as_of=NOON)


def test_where_there_is_none_yet_says_what_makes_one(lake: Warehouse) -> None:
    with pytest.raises(WarehouseError, match=r"no such warehouse; `rashomon run CONFIG\.yaml` makes one"):
        lake.query("FROM articles")


def test_publishes_and_exports_as_a_file_does(filled: Warehouse, tmp_path: Path) -> None:
    filled.publish(tmp_path / "snapshot.duckdb")
    snapshot = content(Warehouse(tmp_path / "snapshot.duckdb"))
    assert snapshot | {"vectors": []} == content(filled) | {"vectors": []}
    (tmp_path / "export").mkdir()
    assert filled.export_all(tmp_path / "export")["statements"] == 3
    exchange.load(tmp_path / "export", tmp_path / "back.duckdb")
    assert content(Warehouse(tmp_path / "back.duckdb")) == content(filled)


def test_a_catalog_in_a_file_is_written_by_one_process_at_a_time(tmp_path: Path) -> None:
    lake = Warehouse(f"ducklake:{tmp_path}/test.ducklake", wait=0.2)
    fill(lake)
    hold = f"""
import time
from storage import Warehouse
with Warehouse({lake.place!r}).database.writing():
    print("held", flush=True)
    time.sleep(60)
"""
    holder = subprocess.Popen([sys.executable, "-c", hold], stdout=subprocess.PIPE, text=True)
    try:
        assert holder.stdout and holder.stdout.readline() == "held\n"
        with pytest.raises(WarehouseError, match=rf"in use by process {holder.pid}; waited 0.2 s"):
            lake.query("FROM articles")
    finally:
        holder.kill()
        holder.wait()


@with_postgres
class TestWithPostgres:
    def test_several_write_at_once_and_nothing_is_lost_or_doubled(self, server: str, tmp_path: Path) -> None:
        place = address(server)
        writers = [Warehouse(place, files=tmp_path / "files") for _ in range(4)]

        def write(number: int) -> None:
            for batch in range(5):
                articles = [article(f"{number}-{batch}", f"outlet {number}"), article("shared", "all")]
                writers[number].write_coverage(articles)

        with ThreadPoolExecutor(4) as threads:
            list(threads.map(write, range(4)))
        found = writers[0].query("SELECT article_id FROM articles").rows
        assert sorted(found) == sorted([("shared",), *((f"{n}-{batch}",) for n in range(4) for batch in range(5))])
        outlets = writers[0].query("SELECT outlet FROM outlets").rows
        assert sorted(outlets) == [("all",), *((f"outlet {n}",) for n in range(4))]

    def test_one_writes_while_others_read(self, server: str, tmp_path: Path) -> None:
        place = address(server)
        lake = Warehouse(place, files=tmp_path / "files")
        lake.write_coverage([article("a1")])
        with lake.database.writing() as connection:
            connection.execute("DELETE FROM articles")
            assert Warehouse(place).query("SELECT article_id FROM articles").rows == [("a1",)]
        assert Warehouse(place).query("FROM articles").rows == []

    def test_who_waits_too_long_is_told(self, server: str, tmp_path: Path) -> None:
        place = address(server)
        lake = Warehouse(place, files=tmp_path / "files")
        with lake.database.writing(), pytest.raises(WarehouseError, match=r"another run; waited 0\.2 s"):
            Warehouse(place, wait=0.2).write_coverage([article("a1")])

    def test_work_on_what_was_taken_in_is_one_runs_at_a_time(self, server: str, tmp_path: Path) -> None:
        place = address(server)
        order: list[str] = []
        one, other = (Warehouse(place, files=tmp_path / "files") for _ in range(2))

        def work() -> None:
            with other.alone():
                order.append("other")

        with ThreadPoolExecutor(1) as threads:
            with one.alone():
                waiting = threads.submit(work)
                other.write_coverage([article("a1")])  # taking in goes on
                time.sleep(0.3)
                order.append("one")
            waiting.result()
        assert order == ["one", "other"]

    def test_a_server_that_is_not_there_is_told_in_a_line(self) -> None:
        place = "ducklake:postgres:dbname=none host=127.0.0.1 port=9 connect_timeout=2"
        for use in (lambda lake: lake.query("FROM articles"), lambda lake: lake.write_coverage([article("a1")])):
            with pytest.raises(WarehouseError, match="port=9") as raised:
                use(Warehouse(place, wait=1))
            assert "\n" not in str(raised.value)

    def test_who_is_interrupted_while_waiting_leaves_no_lock_behind(self, server: str, tmp_path: Path) -> None:
        place = address(server)
        lake = Warehouse(place, wait=5, files=tmp_path / "files")
        lake.write_coverage([article("a1")])
        code = f"""
from storage import Warehouse
try:
    with Warehouse({place!r}).alone(lambda: print("waiting", flush=True)):
        print("has it")
except KeyboardInterrupt:
    print("interrupted")
"""
        with lake.alone():
            other = subprocess.Popen(
                [sys.executable, "-c", code], stdout=subprocess.PIPE, text=True, preexec_fn=mindful
            )
            assert other.stdout and other.stdout.readline() == "waiting\n"
            other.send_signal(signal.SIGINT)
            assert other.communicate(timeout=20)[0] == "interrupted\n"
        with Warehouse(place).alone(lambda: pytest.fail("somebody still has it")):
            pass


def mindful() -> None:
    """A process that is started in the background would not mind being interrupted."""
    signal.signal(signal.SIGINT, signal.default_int_handler)
