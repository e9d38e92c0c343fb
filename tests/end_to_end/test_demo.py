"""What a new user does first: the demo, then looking around in what it made."""

from __future__ import annotations

import csv
import io
import json
import subprocess

import duckdb
from commands import Command

Demo = tuple[Command, subprocess.CompletedProcess[str]]


def test_the_demo_takes_nine_articles_to_a_comparison_in_the_terminal_and_a_report(demo: Demo) -> None:
    command, done = demo
    assert "Northgate Wire" in done.stdout and "Степной телеграф" in done.stdout and "منارة المشرق" in done.stdout
    assert (command.folder / "rashomon-report.html").read_text("utf-8").startswith("<!doctype html>")
    with duckdb.connect(str(command.folder / "rashomon.duckdb"), read_only=True) as connection:
        assert connection.sql("SELECT count(*), count(DISTINCT outlet) FROM articles").fetchall() == [(9, 9)]
        assert connection.sql("SELECT count(*) FROM stories").fetchall() == [(1,)]
        assert connection.sql("SELECT count(*) FROM told WHERE english IS NULL").fetchall() == [(0,)]
        assert connection.sql("SELECT count(*) >= 10 FROM claims").fetchall() == [(True,)]
        assert connection.sql("SELECT state FROM runs").fetchall() == [("completed",)]


def test_progress_is_a_line_a_stage_and_nothing_of_the_machinery(demo: Demo) -> None:
    _, done = demo
    stages = [line.split()[0] for line in done.stderr.splitlines()]
    in_order = ["ingest", "read", "trace", "translate", "encode", "group", "align", "assess", "frame"]
    assert list(dict.fromkeys(stages)) == in_order


def test_a_second_demo_makes_nothing_anew(demo: Demo) -> None:
    command, _ = demo
    tables = """
        SELECT (SELECT list(s ORDER BY s) FROM statements s), (SELECT list(c ORDER BY c) FROM claims c),
               (SELECT list(t ORDER BY t) FROM translations t)
    """

    def content() -> list[tuple[object, ...]]:
        with duckdb.connect(str(command.folder / "rashomon.duckdb"), read_only=True) as connection:
            return connection.sql(tables).fetchall()

    before = content()
    command("demo")
    assert content() == before
    counts = json.loads(
        json.loads(
            command("sql", "select counts from runs order by started_at desc limit 1", "--format", "json").stdout
        )[0]["counts"]
    )
    assert counts["ingest"]["new articles"] == counts["read"]["articles"] == counts["translate"]["translated"] == 0
    assert counts["encode"]["texts"] == counts["group"]["articles"] == counts["align"]["stories"] == 0
    assert counts["frame"]["stories"] == 0


def test_sql_prints_a_table_csv_or_json(demo: Demo) -> None:
    command, _ = demo
    query = "select outlet, english, speaker from comparison order by outlet limit 5"
    assert "outlet" in command("sql", query).stdout
    rows = list(csv.DictReader(io.StringIO(command("sql", query, "--format", "csv").stdout)))
    assert len(rows) == 5 and set(rows[0]) == {"outlet", "english", "speaker"}
    assert [row["outlet"] for row in json.loads(command("sql", query, "--format", "json").stdout)] == [
        row["outlet"] for row in rows
    ]


def test_sql_cannot_write(demo: Demo) -> None:
    command, _ = demo
    assert "read-only" in command("sql", "delete from articles", code=1).stderr


def test_stories_and_claims_are_listed(demo: Demo) -> None:
    command, _ = demo
    listed = command("stories").stdout
    ((story,),) = (
        duckdb.connect(str(command.folder / "rashomon.duckdb"), read_only=True)
        .sql("SELECT story_id FROM stories")
        .fetchall()
    )
    assert story in listed
    assert "Tehran" in command("claims", "--story", story).stdout


def test_reports_come_in_every_format(demo: Demo) -> None:
    command, _ = demo
    assert "Northgate Wire" in command("report").stdout
    assert command("report", "--format", "markdown").stdout.startswith("# ")
    assert json.loads(command("report", "--format", "json").stdout)[0]["outlet"]
    assert command("report", "--format", "csv").stdout.startswith("story_id,")
    command("report", "--format", "parquet", "--out", "claims.parquet")
    assert duckdb.sql(f"SELECT count(*) > 20 FROM '{command.folder}/claims.parquet'").fetchall() == [(True,)]


def test_doctor_says_what_works_offline(demo: Demo) -> None:
    command, _ = demo
    told = command("doctor").stdout
    assert "use-multilingual-v3" in told and "usable offline" in told
    assert "--  translator opus-mt ru" in told
    assert "9 articles, 1 stories" in told
