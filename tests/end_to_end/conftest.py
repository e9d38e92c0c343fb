"""`rashomon` in a folder of its own, and in one where the demo has run."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from commands import Command, command_in


@pytest.fixture(scope="session")
def prefect_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One Prefect home for all runs of the session: its database is made once."""
    return tmp_path_factory.mktemp("prefect")


@pytest.fixture
def rashomon(tmp_path: Path, prefect_home: Path) -> Command:
    return command_in(tmp_path, prefect_home)


@pytest.fixture(scope="session")
def demo(
    tmp_path_factory: pytest.TempPathFactory, prefect_home: Path
) -> tuple[Command, subprocess.CompletedProcess[str]]:
    """A folder where `rashomon demo` has run, and what it printed."""
    command = command_in(tmp_path_factory.mktemp("demo"), prefect_home)
    return command, command("demo")


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a `prefect server` with a home of its own."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    home = tmp_path_factory.mktemp("server")
    process = subprocess.Popen(
        [str(Path(sys.executable).with_name("prefect")), "server", "start", "--host", "127.0.0.1", "--port", str(port)],
        env=os.environ | {"PREFECT_HOME": str(home), "PREFECT_SERVER_ANALYTICS_ENABLED": "false"},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    api = f"http://127.0.0.1:{port}/api"
    for _ in range(300):
        try:
            if httpx.get(f"{api}/health").status_code == 200:
                break
        except httpx.TransportError:
            time.sleep(0.2)
    else:
        pytest.fail("prefect server did not start")
    yield api
    os.killpg(process.pid, signal.SIGTERM)
    process.wait(30)
