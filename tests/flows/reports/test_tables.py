"""The rows behind a report, for other programs."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest

from flows.errors import UserError
from flows.reports import write_report
from flows.reports.tables import render_csv, render_json, rows_of_view
from storage import Result, Warehouse

COLUMNS = [
    "story_id",
    "story",
    "claim_id",
    "claim",
    "outlet",
    "country",
    "language",
    "article_id",
    "url",
    "published_at",
]


def written(warehouse: Warehouse, format: str, out: Path, story: str | None = None) -> Path:
    write_report(warehouse, format, out=out, story=story)
    return out


def test_json_is_a_list_of_rows(enclave: Warehouse, tmp_path: Path) -> None:
    text = written(enclave, "json", tmp_path / "rows.json").read_text("utf-8")
    rows = json.loads(text)
    assert len(rows) == len(enclave.query("SELECT 1 FROM comparison").rows)
    assert list(rows[0])[:10] == COLUMNS
    assert rows[0]["published_at"].startswith("2018-09-0")
    assert "Отечественная" in text  # not escaped


def test_json_keeps_text_but_cannot_drive_a_terminal(hostile: Warehouse) -> None:
    text = render_json(rows_of_view(hostile, "comparison", None))
    assert not {"\x1b", "\x9b", "\u202e"} & set(text)
    assert any("\x1b[31mred\x07\x9b2J\u202eevil" in row["outlet"] for row in json.loads(text))


def test_columns_of_one_name_are_numbered_in_json() -> None:
    result = Result(["a", "a", "a_1", "a"], [(1, 2, 3, 4)])
    assert json.loads(render_json(result)) == [{"a": 1, "a_2": 2, "a_1": 3, "a_3": 4}]


def test_json_holds_whatever_a_query_gives(enclave: Warehouse) -> None:
    result = enclave.query(
        """
        SELECT 'nan'::DOUBLE AS a, ['-inf'::FLOAT, 0.5] AS b, {'c': 'inf'::DOUBLE, 'd': DATE '2024-03-01'} AS e,
            MAP {DATE '2024-03-01': 1, DATE '2024-03-02': 2} AS f, 1::UTINYINT AS g, true AS h, NULL AS i,
            [1, 2]::INTEGER[2] AS j, 'x'::BLOB AS k, uuid() AS l, INTERVAL 1 DAY AS m
        """
    )
    text = render_json(result)
    (row,) = json.loads(text, parse_constant=pytest.fail)  # NaN and Infinity are no JSON
    assert (row["a"], row["b"], row["e"]) == (None, [None, 0.5], {"c": None, "d": "2024-03-01"})
    assert row["f"] == {"2024-03-01": 1, "2024-03-02": 2}
    assert [row[name] for name in "ghij"] == [1, True, None, [1, 2]]


def test_csv_has_a_header_and_a_line_a_row(enclave: Warehouse, tmp_path: Path) -> None:
    lines = written(enclave, "csv", tmp_path / "rows.csv").read_text("utf-8").splitlines()
    rows = list(csv.DictReader(lines))
    assert lines[0].split(",")[:10] == COLUMNS
    assert len(rows) == len(lines) - 1
    assert rows[0]["published_at"].startswith("2018-09-0")
    assert {row["english"] for row in rows if row["outlet"] == "منارة المشرق"} == {""}


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "＝1"])
def test_csv_cells_are_no_formulas(text: str) -> None:
    (_, row) = csv.reader(io.StringIO(render_csv(Result(["text", "score"], [(text, -0.5)]))))
    assert row == ["'" + text.strip(), "-0.5"]


def test_parquet_has_the_columns_of_the_view(enclave: Warehouse, tmp_path: Path) -> None:
    path = written(enclave, "parquet", tmp_path / "it's.parquet")
    quoted = str(path).replace("'", "''")
    read = enclave.query(f"SELECT * FROM '{quoted}'")
    assert read == rows_of_view(enclave, "comparison", None)


@pytest.mark.parametrize("format", ["json", "csv", "parquet"])
def test_tables_can_be_of_one_story(enclave: Warehouse, tmp_path: Path, format: str) -> None:
    ((story,),) = enclave.query("SELECT story_id FROM stories").rows
    one = written(enclave, format, tmp_path / "one", story).read_bytes()
    everything = written(enclave, format, tmp_path / "all").read_bytes()
    assert one == everything


def test_any_view_can_be_asked_for(enclave: Warehouse, tmp_path: Path) -> None:
    ((story,),) = enclave.query("SELECT story_id FROM stories").rows
    views = [row[0] for row in enclave.query("SELECT view_name FROM duckdb_views() WHERE NOT internal").rows]
    views.remove("vectors")
    assert {"told", "naming", "framing", "divergence"} <= set(views)
    for view in views:
        out = tmp_path / f"{view}.csv"
        write_report(enclave, "csv", story=story, out=out, view=view)
        rows = list(csv.DictReader(out.read_text("utf-8").splitlines()))
        assert len(rows) == len(enclave.query(f"SELECT 1 FROM {view}").rows)  # there is but one story


def test_an_unknown_view_is_answered_with_the_known_ones(enclave: Warehouse, tmp_path: Path) -> None:
    with pytest.raises(UserError, match=r"no view 'name; DROP'.*there are.*naming"):
        write_report(enclave, "parquet", out=tmp_path / "rows.parquet", view="name; DROP")
    with pytest.raises(UserError, match="come as json, csv, parquet, not as html"):
        write_report(enclave, "html", out=tmp_path / "report.html", view="naming")
    assert not list(tmp_path.iterdir())
