"""A Dask cluster encodes and translates: what comes out is what one process makes, also where a worker dies."""

from __future__ import annotations

import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from commands import Command, command_in
from interrupted import Content, config, content, differing
from prefect_server import Server

EVENTS = ("enclave",)


def folder(place: Path, server: Server, prefect_home: Path, runner: str = "") -> Command:
    place.mkdir()
    small = config(*EVENTS).replace("batch_size: 16", "batch_size: 1") if runner else config(*EVENTS)
    (place / "run.yaml").write_text(small + runner, encoding="utf-8")
    return command_in(place, prefect_home).watched_by(server)


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory, server: Server, prefect_home: Path) -> Content:
    """What a run without a cluster leaves."""
    command = folder(tmp_path_factory.mktemp("runners") / "threads", server, prefect_home)
    command("run", "run.yaml")
    return content(command.folder)


@pytest.fixture
def cluster() -> Iterator[tuple[str, list[subprocess.Popen[bytes]]]]:
    """The address of a scheduler, and the processes of its two workers."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        address = f"tcp://127.0.0.1:{free.getsockname()[1]}"

    def start(program: str, *arguments: str) -> subprocess.Popen[bytes]:
        return subprocess.Popen(
            [sys.executable, "-m", f"distributed.cli.dask_{program}", *arguments, "--no-dashboard"],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )

    scheduler = start("scheduler", "--host", "127.0.0.1", "--port", address.rpartition(":")[2])
    workers = [start("worker", address, "--nthreads", "1", "--no-nanny") for _ in range(2)]
    yield address, workers
    for process in (*workers, scheduler):
        process.kill()
        process.wait()


def test_a_cluster_on_this_machine_makes_the_same_tables(
    whole: Content, tmp_path: Path, server: Server, prefect_home: Path
) -> None:
    command = folder(tmp_path / "dask", server, prefect_home, "runner: dask\ndask: {workers: 4}\n")
    command("run", "run.yaml")
    assert differing(content(command.folder), whole) == []


def test_a_worker_that_is_killed_costs_only_its_batch(
    whole: Content,
    cluster: tuple[str, list[subprocess.Popen[bytes]]],
    tmp_path: Path,
    server: Server,
    prefect_home: Path,
) -> None:
    address, workers = cluster
    command = folder(
        tmp_path / "dask", server, prefect_home, f"runner: dask\ndask: {{scheduler: '{address}', workers: 2}}\n"
    )
    process = command.start("run", "run.yaml", "--log", "json")
    assert process.stderr
    told = []
    for line in process.stderr:
        told.append(line)
        if '"encode: ' in line and workers[0].poll() is None:
            workers[0].send_signal(signal.SIGKILL)
            workers[0].wait()
    assert process.wait(120) == 0, "".join(told)
    assert workers[1].poll() is None
    assert sum('"encode: ' in line for line in told) > 10, "it was killed after all was done"
    assert differing(content(command.folder), whole) == []


def test_a_scheduler_that_is_not_there_is_told(tmp_path: Path, server: Server, prefect_home: Path) -> None:
    command = folder(tmp_path / "none", server, prefect_home, "runner: dask\ndask: {scheduler: 'tcp://127.0.0.1:9'}\n")
    start = time.monotonic()
    failed = command("run", "run.yaml", code=1)
    assert "dask.scheduler: tcp://127.0.0.1:9 cannot be reached" in failed.stderr
    assert time.monotonic() - start < 60
