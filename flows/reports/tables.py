"""The rows behind a report, for other programs: JSON, CSV and Parquet of a view."""

from __future__ import annotations

import csv
import io
import json
import math
import re
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any

from flows.errors import UserError
from flows.reports.texts import clean
from storage import Result, Warehouse

# Spreadsheets take a cell that starts so for a formula, also in full-width signs.
_FORMULA = re.compile(r"[=+\-@＝＋－＠]")
# Escaped though JSON need not: they drive terminals and reorder text.
_UNSAFE = re.compile("[\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


VIEW = "comparison"


def rows_of_view(warehouse: Warehouse, view: str, story: str | None) -> Result:
    """The rows of a view: of one story, or of all. Raises `UserError` where there is no such view."""
    return warehouse.query(_select(warehouse, view, story))


def rows_of_claim(warehouse: Warehouse, claim: str) -> Result:
    """The rows of `comparison` of one claim."""
    return warehouse.query(f"SELECT * FROM comparison WHERE claim_id = ? {_ORDER}", [claim])


def rows_of_outlets(warehouse: Warehouse, outlets: Sequence[str], stories: Sequence[str]) -> Result:
    """The rows of `comparison` of these outlets in these stories."""
    where = "WHERE list_contains(?, outlet) AND list_contains(?, story_id)"
    return warehouse.query(f"SELECT * FROM comparison {where} {_ORDER}", [list(outlets), list(stories)])


def render_json(result: Result) -> str:
    """A list with an object a row; times in ISO 8601, those without a zone are UTC.

    What JSON has no number for is null; a column named like one before it is numbered: `a`, `a_1`.
    """
    columns = list(_distinct(result.columns))
    rows = [dict(zip(columns, map(_json, row), strict=True)) for row in result.rows]
    text = json.dumps(rows, ensure_ascii=False, indent=1, allow_nan=False)
    return _UNSAFE.sub(lambda match: f"\\u{ord(match[0]):04x}", text) + "\n"


def render_csv(result: Result) -> str:
    """A header and a line a row, UTF-8.

    Text is put on one line without control characters, and an apostrophe goes before a cell that a spreadsheet would
    take for a formula (https://owasp.org/www-community/attacks/CSV_Injection). JSON and Parquet keep text as it is.
    """
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(result.columns)
    writer.writerows([_cell(value) for value in row] for row in result.rows)
    return stream.getvalue()


def export_parquet(warehouse: Warehouse, view: str, story: str | None, path: Path) -> None:
    """Write the rows of a view to a Parquet file, as `rows_of_view` gives them."""
    warehouse.export(f"({_select(warehouse, view, story)})", path)


def _select(warehouse: Warehouse, view: str, story: str | None) -> str:
    views = dict(warehouse.query(_VIEWS).rows)
    if view not in views:
        raise UserError(f"no view {clean(view)!r} in the warehouse; there are {', '.join(views)}")
    chosen = "" if story is None else "story_id = '{}'".format(story.replace("'", "''"))
    if chosen and not views[view]:
        chosen = f"article_id IN (SELECT article_id FROM story_articles WHERE {chosen})"
    where = chosen and f"WHERE {chosen}"
    return f"SELECT * FROM {view} {where} {_ORDER if view == VIEW else ''}"


# With whether they name the story; the others name the article, but for the vectors, which are no report.
_VIEWS = """
    SELECT view_name, bool_or(column_name = 'story_id')
    FROM duckdb_views() JOIN duckdb_columns() ON table_name = view_name
    WHERE NOT duckdb_views.internal AND view_name <> 'vectors' GROUP BY view_name ORDER BY view_name
"""
_ORDER = "ORDER BY story, story_id, claim_id, published_at, outlet, position, statement_id"


def _distinct(columns: Sequence[str]) -> Iterator[str]:
    given: set[str] = set()
    for column in columns:
        name, number = column, 0
        while name in given or (number and name in columns):
            number += 1
            name = f"{column}_{number}"
        given.add(name)
        yield name


def _json(value: Any) -> Any:
    """The value as JSON can hold it, and so all that is in it."""
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, dict):
        return {key if isinstance(key, str) else _plain(key): _json(held) for key, held in value.items()}
    if isinstance(value, list | tuple):
        return [_json(held) for held in value]
    return value if value is None or isinstance(value, str | int) else _plain(value)


def _plain(value: Any) -> str:
    return value.isoformat() if isinstance(value, date | datetime) else str(value)


def _cell(value: Any) -> Any:
    if isinstance(value, str):
        text = clean(value)
        return f"'{text}" if _FORMULA.match(text) else text
    return _plain(value) if isinstance(value, date | datetime) else value
