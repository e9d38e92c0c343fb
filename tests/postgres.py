"""A PostgreSQL server of a test's own, from the programs that are installed."""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


def programs() -> Path | None:
    """The folder of PostgreSQL's programs; None where there is none."""
    found = shutil.which("initdb")
    folders = [Path(found).resolve().parent] if found else sorted(Path("/usr/lib/postgresql").glob("*/bin"))
    return folders[-1] if folders else None


@contextmanager
def postgres() -> Iterator[str]:
    """Parameters that a client connects with, to an empty database."""
    folder = programs()
    assert folder, "PostgreSQL is not installed"
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    home = Path(tempfile.mkdtemp(prefix="rashomon-postgres-"))
    user = _owner(home)
    data = str(home / "data")
    subprocess.run(
        [folder / "initdb", "-D", data, "-U", "rashomon", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync"],
        user=user,
        cwd=home,
        check=True,
        capture_output=True,
    )
    options = ["-c", "listen_addresses=127.0.0.1", "-c", f"unix_socket_directories={home}", "-c", "fsync=off"]
    server = subprocess.Popen(
        [folder / "postgres", "-D", data, "-p", str(port), *options],
        user=user,
        cwd=home,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        _wait_for(folder, port)
        yield f"dbname=postgres host=127.0.0.1 port={port} user=rashomon"
    finally:
        server.send_signal(signal.SIGINT)  # which does not wait for clients
        server.wait(30)
        shutil.rmtree(home, ignore_errors=True)


def _owner(home: Path) -> str | None:
    """Whom the server runs as, and give it the folder: PostgreSQL refuses to be root's."""
    if os.geteuid() != 0:
        return None
    names = {entry.pw_name for entry in pwd.getpwall()}
    name = "postgres" if "postgres" in names else "nobody"
    shutil.chown(home, name)
    return name


def _wait_for(folder: Path, port: int) -> None:
    for _ in range(300):
        ready = subprocess.run([folder / "pg_isready", "-q", "-h", "127.0.0.1", "-p", str(port)])
        if ready.returncode == 0:
            return
        time.sleep(0.1)
    raise AssertionError("PostgreSQL did not start")
