"""What docs/sql.md tells of views and queries is what the sample coverage gives."""

from __future__ import annotations

import subprocess

from commands import Command
from sql_page import PAGE, render, views_told

from storage import Warehouse

Demo = tuple[Command, subprocess.CompletedProcess[str]]


def test_the_page_shows_what_the_sample_gives(demo: Demo) -> None:
    page = PAGE.read_text("utf-8")
    assert render(page, Warehouse(demo[0].folder / "rashomon.duckdb")) == page, "run `make docs`"


def test_every_view_is_told_with_a_comment_for_each_column(demo: Demo) -> None:
    warehouse = Warehouse(demo[0].folder / "rashomon.duckdb")
    views = warehouse.query("SELECT view_name FROM duckdb_views() WHERE NOT internal").rows
    assert sorted(views_told(PAGE.read_text("utf-8"))) == sorted(name for (name,) in views)
    bare = "SELECT table_name, column_name FROM duckdb_columns() WHERE NOT internal AND comment IS NULL"
    assert warehouse.query(bare).rows == []


def test_twelve_questions_are_answered_each_with_one_query() -> None:
    asked = PAGE.read_text("utf-8").split("## Twelve questions")[1].split("## The views")[0].split("\n### ")[1:]
    assert len(asked) == 12 and all(question.count("```sql") == 1 for question in asked)
