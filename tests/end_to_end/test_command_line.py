"""The command line: help, exit codes, errors without tracebacks, and a quick start."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from datetime import datetime
from pathlib import Path

import pytest
from commands import Command

from flows.cli import main
from storage import Warehouse, rows

SAMPLE = Path(__file__).parents[2] / "configs" / "sample.yaml"
HEAVY = {
    "duckdb",
    "httpx",
    "jinja2",
    "numpy",
    "prefect",
    "pydantic",
    "rich",
    "scipy",
    "torch",
    "trafilatura",
    "transformers",
    "yaml",
}


def imported(*arguments: str, folder: Path) -> set[str]:
    """The heavy modules that a command loads, in a process of its own."""
    code = (
        "import sys, json\nfrom flows.cli import main\n"
        f"try: main({list(arguments)!r})\nexcept SystemExit: pass\n"
        f"print(json.dumps(sorted({HEAVY!r} & set(sys.modules))), file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=folder, capture_output=True, text=True, check=True)
    return set(json.loads(done.stderr.splitlines()[-1]))


@pytest.mark.parametrize("arguments", [["--help"], ["--version"], *([name, "--help"] for name in main.commands)])
def test_help_loads_nothing_heavy(arguments: list[str], tmp_path: Path) -> None:
    assert imported(*arguments, folder=tmp_path) == set()


def test_sql_loads_no_model_and_no_prefect(demo: tuple[Command, object]) -> None:
    command, _ = demo
    light = imported("sql", "select 1", folder=command.folder)
    assert "duckdb" in light and not light & {"torch", "prefect", "transformers", "scipy", "httpx", "trafilatura"}


def test_report_loads_no_model_and_no_prefect(demo: tuple[Command, object]) -> None:
    command, _ = demo
    light = imported("report", folder=command.folder)
    assert not light & {"torch", "prefect", "transformers", "scipy", "httpx", "trafilatura"}


@pytest.mark.parametrize("name", list(main.commands))
def test_every_command_has_help_with_an_example(name: str, rashomon: Command) -> None:
    told = rashomon(name, "--help").stdout
    assert "Example" in told and f"rashomon {name}" in told


@pytest.mark.parametrize(
    ("arguments", "code", "expected"),
    [
        (["nonsense"], 2, "No such command"),
        (["run"], 2, "Missing argument"),
        (["run", "none.yaml"], 2, "does not exist"),
        (["report", "--format", "pdf"], 2, "'pdf' is not one of"),
        (["report"], 1, "no such warehouse"),
        (["sql", "select 1"], 1, "no such warehouse"),
        (["stories"], 1, "no such warehouse"),
    ],
)
def test_errors_are_a_line_and_an_exit_code(arguments: list[str], code: int, expected: str, rashomon: Command) -> None:
    assert expected in rashomon(*arguments, code=code).stderr


def test_a_wrong_config_is_told_with_line_and_key(rashomon: Command) -> None:
    (rashomon.folder / "run.yaml").write_text("sources:\n  - {kind: jsonl, pth: a.jsonl}\n")
    told = rashomon("run", "run.yaml", code=1).stderr
    assert "run.yaml, line 2: sources[0].pth: unknown key; did you mean 'path'?" in told


def test_a_run_whose_every_source_is_missing_fails_and_says_why(rashomon: Command) -> None:
    (rashomon.folder / "run.yaml").write_text("sources:\n  - {kind: jsonl, path: none.jsonl}\n")
    told = rashomon("run", "run.yaml", code=1).stderr
    assert "no source could be read" in told and "none.jsonl" in told


def test_sql_that_is_wrong_is_told_in_duckdbs_words(demo: tuple[Command, object]) -> None:
    command, _ = demo
    assert "does not exist" in command("sql", "select * from claimz", code=1).stderr


def test_a_warehouse_may_come_from_the_environment(demo: tuple[Command, object], tmp_path: Path) -> None:
    command, _ = demo
    away = Command(tmp_path, command.environment | {"RASHOMON_WAREHOUSE": str(command.folder / "rashomon.duckdb")})
    assert "Idlib" in away("stories").stdout


def test_a_query_without_a_statement_is_an_error(demo: tuple[Command, object]) -> None:
    command, _ = demo
    assert "holds no statement" in command("sql", "/* nothing */", code=1).stderr


@pytest.mark.parametrize("kind", ["", "ducklake:"])
def test_the_demo_keeps_out_of_a_warehouse_with_coverage_of_ones_own(rashomon: Command, kind: str) -> None:
    Warehouse(f"{kind}{rashomon.folder / 'own'}").write_coverage(
        [rows.Article("a", "A", "en", None, "Title", "Text.", datetime(2026, 1, 1), "file", datetime(2026, 1, 1))]
    )
    assert "holds coverage of your own" in rashomon("demo", "--warehouse", f"{kind}own", code=1).stderr


def test_a_server_that_does_not_answer_is_named_with_what_to_do(rashomon: Command) -> None:
    (rashomon.folder / "run.yaml").write_text("sources:\n  - {kind: jsonl, path: none.jsonl}\n")
    watched = Command(rashomon.folder, rashomon.environment | {"PREFECT_API_URL": "http://127.0.0.1:9/api"})
    told = watched("run", "run.yaml", code=1).stderr
    assert "the Prefect server at http://127.0.0.1:9/api does not answer" in told and "prefect server start" in told


def test_a_proxy_in_the_environment_does_not_come_between_a_run_and_its_own_api(alone: Command) -> None:
    proxied = Command(alone.folder, alone.environment | {"HTTP_PROXY": "http://127.0.0.1:9"})
    proxied("run", str(SAMPLE), "--warehouse", "here.duckdb")


@pytest.mark.parametrize("encoding", ["cp1252", "ascii", "cp1251"])
def test_a_terminal_without_arabic_shows_question_marks(encoding: str, demo: tuple[Command, object]) -> None:
    command, _ = demo
    narrow = Command(command.folder, command.environment | {"PYTHONIOENCODING": encoding})
    assert "Northgate Wire" in narrow("report").stdout
    assert "outlet" in narrow("sql", "select outlet from comparison").stdout


def test_an_interrupted_run_says_so_and_is_recorded(rashomon: Command) -> None:
    process = rashomon.start("run", str(SAMPLE), "--warehouse", "here.duckdb")
    assert process.stderr is not None
    for line in process.stderr:
        if line.startswith("read"):
            break
    process.send_signal(signal.SIGINT)
    _, told = process.communicate(timeout=60)
    assert process.returncode == 1 and "Traceback" not in told and "Crash" not in told
    states = Warehouse(rashomon.folder / "here.duckdb").query("SELECT state, finished_at IS NOT NULL FROM runs").rows
    assert states == [("interrupted", True)]
