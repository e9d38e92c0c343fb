"""`rashomon` in a folder of its own, and in one where the demo has run."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from commands import Command, command_in
from prefect_server import Server, prefect_server


@pytest.fixture(scope="session")
def prefect_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One Prefect home for all runs of the session: its database is made once."""
    return tmp_path_factory.mktemp("prefect")


@pytest.fixture
def alone(tmp_path: Path, prefect_home: Path) -> Command:
    """Without a Prefect server, so that each run starts one for itself."""
    return command_in(tmp_path, prefect_home)


@pytest.fixture
def rashomon(alone: Command, server: Server) -> Command:
    """With a Prefect server, which spares each run the start of one."""
    return alone.watched_by(server)


@pytest.fixture(scope="session")
def demo(
    tmp_path_factory: pytest.TempPathFactory, prefect_home: Path
) -> tuple[Command, subprocess.CompletedProcess[str]]:
    """A folder where `rashomon demo` has run, and what it printed."""
    command = command_in(tmp_path_factory.mktemp("demo"), prefect_home)
    return command, command("demo")


@pytest.fixture
def covered(rashomon: Command, demo: tuple[Command, object]) -> Command:
    """`rashomon` in a folder with what the demo made, as `coverage.duckdb`, which spares a run."""
    shutil.copy(demo[0].folder / "rashomon.duckdb", rashomon.folder / "coverage.duckdb")
    return rashomon


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with prefect_server(tmp_path_factory.mktemp("server")) as server:
        yield server
