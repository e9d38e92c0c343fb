"""What a run says in the terminal drives no terminal, whatever a source is called or says."""

from __future__ import annotations

import io
import logging

import pytest
from click.testing import CliRunner
from rich.console import Console

from flows.cli import Group
from flows.console import progress
from flows.errors import UserError

HOSTILE = "http://a.example/\x1b[2J\x9b31m\u202e[red]: 1 rejected"


@pytest.mark.parametrize("extra", [{}, {"noted": True}, {"stage": "ingest", "done": 1, "total": 2, "note": HOSTILE}])
def test_a_warning_a_note_or_a_stage(extra: dict[str, object]) -> None:
    stream = io.StringIO()
    logger = logging.getLogger("prefect")
    record = logger.makeRecord("prefect.flow_runs", logging.WARNING, "", 0, HOSTILE, (), None, extra=extra)
    with progress(Console(file=stream, width=200)):
        logger.handle(record)
    assert stream.getvalue().strip().endswith("http://a.example/[2J31m[red]: 1 rejected")
    assert not set("\x1b\x9b\u202e") & set(stream.getvalue())


def test_an_error_of_several_lines() -> None:
    commands = Group("rashomon")

    @commands.command()
    def fail() -> None:
        raise UserError(f"no source could be read:\n{HOSTILE}")

    told = CliRunner().invoke(commands, ["fail"])
    assert told.exit_code == 1
    assert told.output == "Error: no source could be read:\nhttp://a.example/[2J31m[red]: 1 rejected\n"
