"""The result of a query: a table where it fits, else records, or CSV and JSON for other programs."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Callable
from datetime import datetime

import pytest
from rich.console import Console

from flows.reports.lists import list_claims, list_stories
from flows.reports.results import print_result
from flows.reports.status import waiting
from storage import Result, Warehouse, rows

RESULT = Result(["outlet", "statements"], [("Отечественная трибуна", 12), ("\x1b[31m[red]", None)])


def printed(result: Result, width: int) -> str:
    stream = io.StringIO()
    print_result(result, "table", Console(file=stream, width=width, force_terminal=False))
    return stream.getvalue()


def test_rows_that_fit_are_a_table() -> None:
    head, *rows = (line.split() for line in printed(RESULT, 80).splitlines())
    assert head == ["outlet", "statements"]
    assert rows == [["Отечественная", "трибуна", "12"], ["[31m[red]"]]


def test_rows_that_do_not_fit_are_records() -> None:
    wide = Result([f"column_{number}" for number in range(19)], [tuple("a long enough value" for _ in range(19))] * 2)
    lines = printed(wide, 80).splitlines()
    assert [line for line in lines if line.startswith("row")] == ["row 1".ljust(5), "row 2"]
    assert "column_18  a long enough value" in " ".join(lines)
    assert max(map(len, lines)) <= 80


def test_no_rows_are_said_to_be_none() -> None:
    assert printed(Result(["outlet"], []), 80) == "no rows\n"


def test_other_programs_get_csv_or_json(capsys: pytest.CaptureFixture[str]) -> None:
    print_result(Result(["outlet", "n"], [("A", 1)]), "csv")
    print_result(Result(["outlet", "n"], [("A", 1)]), "json")
    csv, text = capsys.readouterr().out.split("[", 1)
    assert csv == "outlet,n\nA,1\n"
    assert json.loads("[" + text) == [{"outlet": "A", "n": 1}]


@pytest.mark.parametrize("listed", [list_stories, list_claims, waiting])
def test_what_outlets_write_drives_no_terminal(hostile: Warehouse, listed: Callable[[Warehouse], Result]) -> None:
    reason = "\x1b]0;title\x07 \x9b31m \u202egpj.exe"
    hostile.write_coverage([], [rows.Reject("http://a.example/\x1b[2J", "entry 1", reason, datetime(2024, 1, 1))])
    text = printed(listed(hostile), 80)
    assert text and not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", text)
