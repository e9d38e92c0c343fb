"""A run that is killed goes on where it was: the end is as if nothing had happened."""

from __future__ import annotations

import signal
from pathlib import Path

import pytest
from commands import Command, command_in
from interrupted import Content, config, content, differing
from prefect_server import Server

STAGES = ["translate", "align", "frame"]  # tests/stress.py kills at any moment


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory, prefect_home: Path, server: Server) -> Content:
    command = command_in(tmp_path_factory.mktemp("undisturbed"), prefect_home).watched_by(server)
    (command.folder / "run.yaml").write_text(config("enclave", "oil"), encoding="utf-8")
    command("run", "run.yaml")
    return content(command.folder)


@pytest.mark.parametrize("stage", STAGES)
def test_a_run_killed_in_a_stage_ends_as_if_it_had_not_been(
    stage: str, rashomon: Command, undisturbed: Content
) -> None:
    (rashomon.folder / "run.yaml").write_text(config("enclave", "oil"), encoding="utf-8")
    process = rashomon.start("run", "run.yaml")
    assert process.stderr is not None
    for line in process.stderr:
        if line.startswith(stage):
            break
    process.send_signal(signal.SIGKILL)
    process.wait()
    process.communicate()
    assert process.returncode == -signal.SIGKILL, "the run ended before it could be killed"

    rashomon("run", "run.yaml")

    assert differing(content(rashomon.folder), undisturbed) == []
    assert sorted(path.name for path in rashomon.folder.iterdir()) == [
        "rashomon.duckdb",
        "rashomon.duckdb.lock",
        "run.yaml",
    ]
