"""Runs that take turns, say how they went, and leave copies for others."""

from __future__ import annotations

import json
import re
import time
from pathlib import Path

import pytest
from commands import Command
from filelock import FileLock

from storage import Warehouse

CONFIGS = Path(__file__).parents[2] / "configs"


def config(folder: Path, more: str = "") -> Path:
    """The sample, into `coverage.duckdb`."""
    sample = (CONFIGS / "sample.yaml").read_text("utf-8").replace("gold/", f"{CONFIGS}/gold/")
    path = folder / "coverage.yaml"
    path.write_text(f"{sample}warehouse: coverage.duckdb\n{more}", "utf-8")
    return path


def test_a_run_is_skipped_or_waits_while_another_one_works(rashomon: Command) -> None:
    config(rashomon.folder, "schedule: {when_busy: skip}\n")
    lock = FileLock(rashomon.folder / "coverage.duckdb.lock")
    with lock:
        assert "Skipped: another run works on " in rashomon("run", "coverage.yaml").stdout
        config(rashomon.folder)
        process = rashomon.start("run", "coverage.yaml")
        assert process.stderr
        line = next(line for line in process.stderr if "another run" in line)
        assert line.endswith("coverage.duckdb; waiting until it has ended\n")
        assert process.poll() is None
    process.communicate(timeout=120)
    assert process.returncode == 0


def test_a_place_where_no_run_can_lock_the_warehouse_is_told(rashomon: Command) -> None:
    config(rashomon.folder)
    told = rashomon("run", "coverage.yaml", "--warehouse", "nowhere/coverage.duckdb", code=1).stderr
    assert "nowhere does not exist; make it first" in told
    (rashomon.folder / "coverage.duckdb.lock").mkdir()
    assert "coverage.duckdb.lock cannot be made: Is a directory" in rashomon("run", "coverage.yaml", code=1).stderr


def test_the_log_can_be_json(rashomon: Command) -> None:
    config(rashomon.folder)
    told = [json.loads(line) for line in rashomon("run", "coverage.yaml", "--log", "json").stderr.splitlines()]
    encoded = next(line for line in told if line.get("stage") == "encode" and line["done"])
    assert (encoded["done"], encoded["total"], encoded["flow_run_name"]) == (122, 122, "sample")


def test_status_tells_of_runs_and_of_what_waits(covered: Command) -> None:
    config(covered.folder)
    border = f"{{kind: jsonl, path: '{CONFIGS}/gold/border/articles.jsonl'}}"
    (covered.folder / "other.yaml").write_text(
        f"name: other\nwarehouse: coverage.duckdb\nsources: [{border}, {{kind: jsonl, path: missing.jsonl}}]\n"
        "translate: {engines: [memory]}\n"
    )
    (covered.folder / "wrong.yaml").write_text(
        "name: wrong\nwarehouse: coverage.duckdb\nsources: [{kind: jsonl, path: missing.jsonl}]\n"
    )
    covered("run", "other.yaml")
    covered("run", "wrong.yaml", code=1)
    told = " ".join(covered("status", "--warehouse", "coverage.duckdb").stdout.split())
    assert re.search(r"wrong +failed.*no source could be read", told)
    assert re.search(r"other +completed.*sample +completed", told)
    assert "statements to translate" in told and "no engine that is usable" in told
    assert "items rejected" in told and "missing.jsonl" in told
    assert "to encode" not in told
    sql = "select (counts->'encode'->>'seconds')::double as seconds from runs where name = 'sample'"
    told = covered("sql", sql, "--warehouse", "coverage.duckdb", "--format", "json").stdout
    assert json.loads(told)[0]["seconds"] > 0


def test_what_is_published_replaces_what_was_there(covered: Command) -> None:
    config(covered.folder, "report: out/report.html\npublish: out/published.duckdb\n")
    out = covered.folder / "out"
    told = covered("run", "coverage.yaml").stderr
    assert f"no report: {out / 'report.html'}: the folder {out} does not exist" in told.replace("\n", " ")
    out.mkdir()
    covered("run", "coverage.yaml")
    before = (out / "published.duckdb").stat().st_ino
    covered("run", "coverage.yaml")
    assert sorted(path.name for path in out.iterdir()) == ["published.duckdb", "report.html"]
    assert (out / "published.duckdb").stat().st_ino != before
    assert "Idlib" in covered("claims", "--warehouse", "out/published.duckdb").stdout


def test_whoever_asks_through_a_whole_run_gets_whole_answers(covered: Command) -> None:
    config(covered.folder, "publish: published.duckdb\n")
    covered("run", "coverage.yaml")
    more = f"sources: [{{kind: jsonl, path: '{CONFIGS}/gold/oil/articles.jsonl'}}]\nencode: {{batch_size: 8}}\n"
    (covered.folder / "more.yaml").write_text(f"warehouse: coverage.duckdb\npublish: published.duckdb\n{more}")
    process = covered.start("run", "more.yaml")
    broken = """
        SELECT (SELECT count(*) FROM claims ANTI JOIN claim_statements USING (claim_id))
        + (SELECT count(*) FROM claim_statements ANTI JOIN statements USING (statement_id))
        + (SELECT count(*) FROM (SELECT 1 FROM comparison GROUP BY claim_id HAVING count(DISTINCT outlet) < 2))
        + (SELECT count(*) FROM articles ANTI JOIN statements USING (article_id) WHERE read_as IS NOT NULL),
        (SELECT count(*) FROM claims)
    """
    answers = []
    while process.poll() is None:
        for name in ("coverage", "published"):
            answers.append((name, *Warehouse(covered.folder / f"{name}.duckdb").query(broken).rows[0]))
        time.sleep(0.2)
    process.communicate()
    assert process.returncode == 0
    assert {count for _, count, _ in answers} == {0}
    claims = [found for name, _, found in answers if name == "coverage"]
    assert claims[0] > 0 and claims == sorted(claims) and len(claims) > 10


def test_an_export_comes_back(covered: Command) -> None:
    config(covered.folder)
    covered("export", "backup", "--warehouse", "coverage.duckdb")
    assert "is not empty" in covered("export", "backup", "--warehouse", "coverage.duckdb", code=1).stderr
    assert "9 articles" in covered("import", "backup", "--warehouse", "back.duckdb").stdout
    assert "exists" in covered("import", "backup", "--warehouse", "back.duckdb", code=1).stderr
    reported = {
        covered("report", "--format", "json", "--warehouse", f"{name}.duckdb").stdout for name in ("coverage", "back")
    }
    assert len(reported) == 1
    (covered.folder / "backup" / "claims.parquet").unlink()
    assert "claims.parquet" in covered("import", "backup", "--warehouse", "new.duckdb", code=1).stderr
    assert not (covered.folder / "new.duckdb").exists()


@pytest.mark.parametrize(
    ("schedule", "told"),
    [
        ("{cron: hourly}", "schedule.cron: found 'hourly', expected the five fields of cron"),
        (
            "{timezone: Europe/Lodnon}",
            "schedule.timezone: found 'Europe/Lodnon', expected a time zone.*did you mean 'Europe/London'",
        ),
    ],
)
def test_a_schedule_that_cannot_be_is_told(rashomon: Command, schedule: str, told: str) -> None:
    config(rashomon.folder, f"schedule: {schedule}\n")
    assert re.search(told, " ".join(rashomon("run", "coverage.yaml", code=1).stderr.split()))


def test_serving_needs_a_server_and_names(rashomon: Command) -> None:
    config(rashomon.folder)
    assert "both named 'sample'" in rashomon("serve", "coverage.yaml", "coverage.yaml", code=1).stderr
    alone = Command(rashomon.folder, {k: v for k, v in rashomon.environment.items() if k != "PREFECT_API_URL"})
    assert "prefect server start" in alone("serve", "coverage.yaml", code=1).stderr
