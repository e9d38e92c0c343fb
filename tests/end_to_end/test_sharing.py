"""A warehouse on DuckLake with its catalog in PostgreSQL: two flows write to it at once while a third process reads."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from commands import Command, command_in
from interrupted import GOLD
from postgres import postgres, programs

from storage import Warehouse, WarehouseError

pytestmark = pytest.mark.skipif(not programs(), reason="no PostgreSQL is installed")
GROUPS = {"west": ("en",), "east": ("ru", "ar")}
KEYS = {
    "articles": "article_id",
    "outlets": "outlet",
    "statements": "statement_id",
    "translations": "text_hash, engine, model, revision",
    "vectors": "text_hash, model",
    "stories": "story_id",
    "story_articles": "article_id",
    "claims": "claim_id",
    "claim_statements": "statement_id",
    "copies": "statement_id",
    "speakers": "story_id, form, language",
    "runs": "run_id",
}


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Warehouse, dict[str, Command], datetime]]:
    """Two flows have run at once, each with a Prefect of its own; and a time between them and a third."""
    folder = tmp_path_factory.mktemp("shared")
    articles = [json.loads(line) for line in (GOLD / "enclave" / "articles.jsonl").read_text("utf-8").splitlines()]
    with postgres() as parameters:
        place = f"ducklake:postgres:{parameters}"
        commands = {}
        for name, languages in GROUPS.items():
            home = folder / name
            home.mkdir()
            chosen = [article for article in articles if article["language"] in languages]
            _configure(home, name, place, folder / "files", chosen)
            commands[name] = command_in(home, home / "prefect")
        running = {name: command.start("run", f"{name}.yaml") for name, command in commands.items()}
        seen = _read_until_over(Warehouse(place), list(running.values()))
        for name, process in running.items():
            out, err = process.communicate()
            assert process.returncode == 0, f"{name}\n{out}\n{err}"
        assert seen and seen == sorted(seen), "articles went, or nobody could read meanwhile"
        time.sleep(0.1)
        then = datetime.now(UTC)
        extra = folder / "extra"
        extra.mkdir()
        late = {**articles[0], "url": "https://late.example/1", "outlet": "Latecomer"}
        _configure(extra, "extra", place, folder / "files", [late])
        commands["extra"] = command_in(extra, folder / "west" / "prefect")
        commands["extra"]("run", "extra.yaml")
        yield Warehouse(place), commands, then


def _configure(home: Path, name: str, place: str, files: Path, articles: list[dict[str, Any]]) -> None:
    lines = "".join(json.dumps(article, ensure_ascii=False) + "\n" for article in articles)
    (home / "articles.jsonl").write_text(lines, encoding="utf-8")
    memory = f"{{engines: [memory], memory: [{GOLD}/enclave/statements.jsonl]}}"
    (home / f"{name}.yaml").write_text(
        f"name: {name}\nwarehouse: '{place}'\nwarehouse_files: {files}\n"
        f"sources: [{{kind: jsonl, path: articles.jsonl}}]\ntranslate: {memory}\n",
        encoding="utf-8",
    )


def _read_until_over(warehouse: Warehouse, processes: list[Any]) -> list[int]:
    """What a third process sees: how many articles there are, from when there is a warehouse on."""
    seen: list[int] = []
    while any(process.poll() is None for process in processes):
        try:
            seen.append(warehouse.query("SELECT count(*) FROM articles").rows[0][0])
        except WarehouseError:
            assert not seen, "it was there, and cannot be read"
        time.sleep(0.2)
    return seen


def test_all_that_both_took_in_is_there_once(shared: tuple[Warehouse, dict[str, Command], datetime]) -> None:
    warehouse, _, _ = shared
    assert warehouse.query("SELECT count(*), count(DISTINCT outlet) FROM articles").rows == [(10, 10)]
    for table, key in KEYS.items():
        doubled = warehouse.query(f"SELECT {key} FROM {table} GROUP BY {key} HAVING count(*) > 1").rows
        assert doubled == [], table


def test_what_both_took_in_is_worked_on_as_a_whole(shared: tuple[Warehouse, dict[str, Command], datetime]) -> None:
    warehouse, _, _ = shared
    assert warehouse.query("SELECT count(*) FROM stories").rows == [(1,)]
    told = warehouse.query(
        "SELECT count(DISTINCT language) AS n FROM comparison GROUP BY claim_id ORDER BY n DESC LIMIT 1"
    )
    assert told.rows == [(3,)]
    assert warehouse.query("SELECT count(*) FROM told WHERE english IS NULL").rows == [(0,)]
    assert warehouse.query("SELECT DISTINCT state FROM runs").rows == [("completed",)]


def test_a_report_shows_a_time_before(shared: tuple[Warehouse, dict[str, Command], datetime]) -> None:
    warehouse, commands, then = shared
    now = commands["west"]("report", "--warehouse", warehouse.place, "--format", "json")
    before = commands["west"](
        "report", "--warehouse", warehouse.place, "--format", "json", "--as-of", then.strftime("%Y-%m-%d %H:%M:%S.%f")
    )
    assert "Latecomer" in now.stdout
    assert "Latecomer" not in before.stdout
    assert {row["outlet"] for row in json.loads(before.stdout)} < {row["outlet"] for row in json.loads(now.stdout)}
