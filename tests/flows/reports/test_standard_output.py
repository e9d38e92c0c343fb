"""Standard output of the command: readers that go away, and encodings without our letters."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from storage import Warehouse

REPORT = "write_report(Warehouse(sys.argv[1]), sys.argv[2])"
QUERY = "print_result(Warehouse(sys.argv[1]).query('SELECT outlet FROM articles'), sys.argv[2])"
STARTUP = """
import sys
from flows.reports import write_report
from flows.reports.results import print_result
from storage import Warehouse
sys.stdout.reconfigure(errors="replace")
"""


def command(code: str, warehouse: Warehouse, format: str) -> list[str]:
    return [sys.executable, "-c", STARTUP + code, str(warehouse.place), format]


@pytest.mark.parametrize(
    ("code", "format"),
    [
        *((REPORT, format) for format in ("terminal", "markdown", "json", "csv")),
        *((QUERY, format) for format in ("table", "json", "csv")),
    ],
)
def test_a_reader_that_goes_away_is_no_failure(enclave: Warehouse, code: str, format: str) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    with os.fdopen(writing, "wb") as pipe:
        done = subprocess.run(command(code, enclave, format), stdout=pipe, stderr=subprocess.PIPE, timeout=60)
    assert (done.returncode, done.stderr) == (0, b"")


@pytest.mark.parametrize("encoding", ["cp1252", "ascii"])
def test_a_terminal_without_our_letters_shows_the_others(enclave: Warehouse, encoding: str) -> None:
    text = output(command(REPORT, enclave, "terminal"), encoding).decode(encoding)
    assert text.startswith("-----") and "Army ready for Idlib" in text and "???" in text


@pytest.mark.parametrize("format", ["markdown", "json", "csv"])
def test_what_other_programs_read_is_utf_8_in_any_encoding(enclave: Warehouse, format: str) -> None:
    assert "Отечественная" in output(command(REPORT, enclave, format), "ascii").decode("utf-8")


def output(command: list[str], encoding: str) -> bytes:
    environment = os.environ | {"PYTHONIOENCODING": encoding}
    return subprocess.run(command, env=environment, stdout=subprocess.PIPE, timeout=60, check=True).stdout
