"""A run that is killed goes on where it was: the end is as if nothing had happened."""

from __future__ import annotations

import signal
from pathlib import Path
from typing import Any

import duckdb
import pytest
from commands import Command, command_in

GOLD = Path(__file__).parents[2] / "configs" / "gold"
STAGES = ["ingest", "read", "trace", "translate", "encode", "group", "align", "assess", "frame"]

# Small batches: each stage then has a middle to be killed in. Two events, as two sources.
CONFIG = f"""
sources:
  - {{kind: jsonl, path: {GOLD}/enclave/articles.jsonl}}
  - {{kind: jsonl, path: {GOLD}/oil/articles.jsonl}}
translate:
  engines: [memory]
  memory: [{GOLD}/enclave/statements.jsonl, {GOLD}/oil/statements.jsonl]
  batch_size: 2
encode: {{batch_size: 16}}
"""

TABLES = {
    "articles": "* EXCLUDE (stored_at)",
    "statements": "*",
    "translations": "* EXCLUDE (translated_at) REPLACE (quality IS NOT NULL AS quality)",  # its last places vary
    "mentions": "*",
    "figures": "*",
    "copies": "*",
    "stories": "*",
    "story_articles": "*",
    "claims": "* REPLACE (round(probability, 3) AS probability)",
    "claim_statements": "* REPLACE (round(probability, 3) AS probability)",
    "speakers": "*",
    "keyness": "* REPLACE (round(z, 3) AS z, round(log_odds, 3) AS log_odds)",
    "outlet_map": "* REPLACE (round(x, 3) AS x, round(y, 3) AS y)",
    "statement_frames": "* REPLACE (round(score, 3) AS score)",
    "rejects": "* EXCLUDE (rejected_at)",
}


def content(folder: Path) -> dict[str, list[tuple[Any, ...]]]:
    with duckdb.connect(str(folder / "rashomon.duckdb"), read_only=True) as connection:
        return {
            table: connection.sql(f"SELECT {what} FROM {table} ORDER BY ALL").fetchall()
            for table, what in TABLES.items()
        }


@pytest.fixture(scope="module")
def undisturbed(
    tmp_path_factory: pytest.TempPathFactory, prefect_home: Path, server: str
) -> dict[str, list[tuple[Any, ...]]]:
    command = command_in(tmp_path_factory.mktemp("undisturbed"), prefect_home).watched_by(server)
    (command.folder / "run.yaml").write_text(CONFIG, encoding="utf-8")
    command("run", "run.yaml")
    return content(command.folder)


@pytest.mark.parametrize("stage", STAGES)
def test_a_run_killed_in_a_stage_ends_as_if_it_had_not_been(
    stage: str, rashomon: Command, server: str, undisturbed: dict[str, list[tuple[Any, ...]]]
) -> None:
    command = rashomon.watched_by(server)
    (rashomon.folder / "run.yaml").write_text(CONFIG, encoding="utf-8")
    process = command.start("run", "run.yaml")
    assert process.stderr is not None
    for line in process.stderr:
        if line.startswith(stage):
            break
    process.send_signal(signal.SIGKILL)
    process.wait()
    process.communicate()
    assert process.returncode == -signal.SIGKILL, "the run ended before it could be killed"

    command("run", "run.yaml")

    assert content(rashomon.folder) == undisturbed
    assert sorted(path.name for path in rashomon.folder.iterdir()) == ["rashomon.duckdb", "run.yaml"]
