"""The command itself, run as a user runs it: another process, a folder of its own, a Prefect home of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from prefect_server import Server


@dataclass(frozen=True, slots=True)
class Command:
    """Runs `rashomon` in `folder`."""

    folder: Path
    environment: dict[str, str]

    def watched_by(self, server: Server) -> Command:
        """The same, with a Prefect server to report to."""
        return Command(self.folder, self.environment | {"PREFECT_API_URL": server.api})

    def start(self, *arguments: str) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [str(Path(sys.executable).with_name("rashomon")), *arguments],
            cwd=self.folder,
            env=self.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            encoding="utf-8",
            errors="replace",
            start_new_session=True,
        )

    def __call__(self, *arguments: str, code: int = 0) -> subprocess.CompletedProcess[str]:
        process = self.start(*arguments)
        out, err = process.communicate(timeout=300)
        assert process.returncode == code, f"{arguments} ended with {process.returncode}, not {code}\n{out}\n{err}"
        assert "Traceback" not in out + err
        return subprocess.CompletedProcess(arguments, process.returncode, out, err)


def command_in(folder: Path, prefect_home: Path) -> Command:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PREFECT_", "RASHOMON_"))}
    return Command(folder, kept | {"PREFECT_HOME": str(prefect_home), "HF_HUB_OFFLINE": "1", "COLUMNS": "100"})
