"""What the Prefect UI has of a run, read from a real server through its API."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from commands import Command

SAMPLE = Path(__file__).parents[2] / "configs" / "sample.yaml"


@pytest.fixture(scope="module")
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


def ask(api: str, what: str, **body: Any) -> list[dict[str, Any]]:
    answer = httpx.post(f"{api}/{what}/filter", json=body)
    answer.raise_for_status()
    found: list[dict[str, Any]] = answer.json()
    return found


def test_a_run_shows_its_stages_its_log_and_its_artifacts(server: str, rashomon: Command) -> None:
    watched = Command(rashomon.folder, rashomon.environment | {"PREFECT_API_URL": server})
    done = watched("run", str(SAMPLE), "--warehouse", "here.duckdb")
    assert "server" not in done.stderr

    (run,) = ask(server, "flow_runs")
    assert (run["name"], run["state_type"]) == ("sample", "COMPLETED")
    tasks = {task["name"].rsplit("-", 1)[0] for task in ask(server, "task_runs")}
    assert tasks == {
        "store coverage",
        "read articles",
        "translate statements",
        "encode statements",
        "group articles",
        "align story",
    }
    artifacts = {artifact["key"]: artifact for artifact in ask(server, "artifacts")}
    assert set(artifacts) == {"coverage-summary", "claims"}
    assert "| articles | 9 |" in artifacts["coverage-summary"]["data"]
    assert "Idlib" in artifacts["claims"]["data"]
    messages = [entry["message"] for entry in ask(server, "logs", limit=200)]
    assert any(message.startswith("encode: 122 of 122") for message in messages)
