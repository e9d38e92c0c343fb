"""`keep_text`: runs that drop texts, and all that goes on without them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from commands import Command
from prefect_server import Server

CONFIGS = Path(__file__).parents[2] / "configs"
VIEWS = ("comparison", "coverage", "omissions", "naming", "attribution", "discrepancies", "denials", "framing", "told")
NAMES = """
referents:
  truce: {en: {neutral: [truce]}}
"""


@pytest.fixture
def rashomon(rashomon: Command, server: Server) -> Command:
    """With a server, which spares each run the start of one."""
    return rashomon.watched_by(server)


def configure(folder: Path, more: str = "", *events: str) -> None:
    """The sample, and other gold events beside it, into `coverage.duckdb`."""
    sample = (CONFIGS / "sample.yaml").read_text("utf-8").replace("gold/", f"{CONFIGS}/gold/")
    added = "".join(f"\n  - {{kind: jsonl, path: '{CONFIGS}/gold/{event}/articles.jsonl'}}" for event in events)
    sample = sample.replace("sources:", f"sources:{added}", 1)
    (folder / "coverage.yaml").write_text(f"{sample}warehouse: coverage.duckdb\n{more}", "utf-8")


def rows(rashomon: Command, sql: str) -> list[dict[str, Any]]:
    told = rashomon("sql", sql, "--warehouse", "coverage.duckdb", "--format", "json").stdout
    found: list[dict[str, Any]] = json.loads(told)
    return found


def shown(rashomon: Command, story: str) -> dict[str, list[str]]:
    """What is told of a story, line by line; only of the report is their order told too."""
    asked = ("report", "--warehouse", "coverage.duckdb", "--story", story, "--format")
    views = {view: sorted(rashomon(*asked, "csv", "--view", view).stdout.splitlines()) for view in VIEWS}
    report = rashomon(*asked, "markdown").stdout.partition("## How this was made")[0]
    return views | {"report": report.splitlines()}


def test_claims_and_reports_stay_without_the_texts_and_new_coverage_joins_them(rashomon: Command) -> None:
    configure(rashomon.folder)
    rashomon("run", "coverage.yaml")
    ((story,),) = [each.values() for each in rows(rashomon, "SELECT DISTINCT story_id FROM claims")]
    before = shown(rashomon, story)

    configure(rashomon.folder, "keep_text: 1\n")
    assert "retain" in rashomon("run", "coverage.yaml").stderr
    texts = "SELECT count(*) AS articles, count(text) AS texts, count(read_as) AS read FROM articles"
    assert rows(rashomon, texts) == [{"articles": 9, "texts": 9, "read": 9}]

    configure(rashomon.folder, "keep_text: 0\n")
    told = rashomon("run", "coverage.yaml").stderr
    assert "texts dropped, stored over 0 days ago" in told
    assert rows(rashomon, texts) == [{"articles": 9, "texts": 0, "read": 9}]
    counts = "SELECT (counts->'retain'->>'texts dropped')::INT AS dropped FROM runs ORDER BY started_at"
    assert [each["dropped"] for each in rows(rashomon, counts)] == [None, 0, 9]
    assert shown(rashomon, story) == before

    # Other rules of reading, and articles that are new.
    (rashomon.folder / "names.yaml").write_text(NAMES)
    configure(rashomon.folder, "keep_text: 1\nnames: [names.yaml]\n", "oil")
    told = rashomon("run", "coverage.yaml").stderr
    assert "9 articles stay as other rules have read them" in " ".join(told.split())
    assert rows(rashomon, texts) == [{"articles": 18, "texts": 9, "read": 18}]
    assert [each["dropped"] for each in rows(rashomon, counts)] == [None, 0, 9, 0]
    assert shown(rashomon, story) == before
