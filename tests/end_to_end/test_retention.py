"""`keep_text`: runs that drop texts, and all that goes on without them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from commands import Command

from storage import Warehouse

CONFIGS = Path(__file__).parents[2] / "configs"
VIEWS = ("comparison", "coverage", "omissions", "naming", "attribution", "discrepancies", "denials", "framing", "told")
NAMES = """
referents:
  truce: {en: {neutral: [truce]}}
"""


def configure(folder: Path, more: str = "", *events: str) -> None:
    """The sample, and other gold events beside it, into `coverage.duckdb`."""
    sample = (CONFIGS / "sample.yaml").read_text("utf-8").replace("gold/", f"{CONFIGS}/gold/")
    added = "".join(f"\n  - {{kind: jsonl, path: '{CONFIGS}/gold/{event}/articles.jsonl'}}" for event in events)
    sample = sample.replace("sources:", f"sources:{added}", 1)
    (folder / "coverage.yaml").write_text(f"{sample}warehouse: coverage.duckdb\n{more}", "utf-8")


def rows(rashomon: Command, sql: str) -> list[tuple[Any, ...]]:
    return Warehouse(rashomon.folder / "coverage.duckdb").query(sql).rows


def shown(rashomon: Command, story: str) -> dict[str, list[str]]:
    """What is told of a story, line by line; only of the report is their order told too."""
    views = {view: sorted(map(str, rows(rashomon, f"FROM {view} WHERE story_id = '{story}'"))) for view in VIEWS}
    report = rashomon("report", "--warehouse", "coverage.duckdb", "--story", story, "--format", "markdown").stdout
    return views | {"report": report.partition("## How this was made")[0].splitlines()}


def test_claims_and_reports_stay_without_the_texts_and_new_coverage_joins_them(covered: Command) -> None:
    ((story,),) = rows(covered, "SELECT DISTINCT story_id FROM claims")
    before = shown(covered, story)

    configure(covered.folder, "keep_text: 0\n")
    told = covered("run", "coverage.yaml").stderr
    assert "texts dropped, stored over 0 days ago" in told
    texts = "SELECT count(*), count(text), count(read_as) FROM articles"
    assert rows(covered, texts) == [(9, 0, 9)]
    dropped = "(counts->'retain'->>'texts dropped')::INT"
    counts = f"SELECT {dropped} FROM runs WHERE {dropped} IS NOT NULL ORDER BY started_at"
    assert rows(covered, counts) == [(9,)]
    assert shown(covered, story) == before

    # Other rules of reading, and articles that are new.
    (covered.folder / "names.yaml").write_text(NAMES)
    configure(covered.folder, "keep_text: 1\nnames: [names.yaml]\n", "oil")
    told = covered("run", "coverage.yaml").stderr
    assert "9 articles stay as other rules have read them" in " ".join(told.split())
    assert rows(covered, texts) == [(18, 9, 18)]
    assert rows(covered, counts) == [(9,), (0,)]
    assert shown(covered, story) == before
