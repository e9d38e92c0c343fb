"""A real Prefect server of a test's own, and what its API says."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import pytest

QUICK = {
    "PREFECT_RUNNER_POLL_FREQUENCY": "1",
    "PREFECT_SERVER_SERVICES_SCHEDULER_LOOP_SECONDS": "5",
    "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
}
PATIENCE = 60  # seconds for an answer: the server shares the machine's cores with the runs
Record = dict[str, Any]


def until(holds: Callable[[], Any], what: str, seconds: float = 180) -> Any:
    """Wait until something holds. Returns what it gives."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if found := holds():
            return found
        time.sleep(0.2)
    pytest.fail(f"waited {seconds:g} s in vain until {what}")


@dataclass
class Server:
    """A `prefect server` that can be stopped and started again; `home` is where it keeps what it is told."""

    home: Path
    port: int
    process: subprocess.Popen[bytes] | None = field(default=None)

    @property
    def api(self) -> str:
        return f"http://127.0.0.1:{self.port}/api"

    def start(self) -> None:
        command = [str(Path(sys.executable).with_name("prefect")), "server", "start", "--host", "127.0.0.1"]
        self.process = subprocess.Popen(
            [*command, "--port", str(self.port)],
            env=os.environ | QUICK | {"PREFECT_HOME": str(self.home)},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        until(self._answers, "the server answers")

    def stop(self) -> None:
        assert self.process
        os.killpg(self.process.pid, signal.SIGTERM)
        self.process.wait(60)

    def _answers(self) -> bool:
        try:
            return self.get("health").status_code == 200
        except httpx.TransportError:
            return False

    def get(self, path: str) -> httpx.Response:
        return httpx.get(f"{self.api}/{path}", timeout=PATIENCE)

    def post(self, path: str, body: Record) -> httpx.Response:
        return httpx.post(f"{self.api}/{path}", json=body, timeout=PATIENCE)

    def ask(self, what: str, **body: Any) -> list[Record]:
        answer = self.post(f"{what}/filter", body)
        answer.raise_for_status()
        found: list[Record] = answer.json()
        return found


@contextmanager
def prefect_server(home: Path) -> Iterator[Server]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    server = Server(home, port)
    server.start()
    try:
        yield server
    finally:
        server.stop()
