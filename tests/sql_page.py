"""docs/sql.md: what the views hold, and queries with what they give on the sample coverage.

`make docs` writes the page anew: under each heading that names a view its comment and columns, under each query its
rows. The rest of the page is written by hand.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from typing import Any

from flows.reports.markdown import escape
from storage import Warehouse

PAGE = Path(__file__).parents[1] / "docs" / "sql.md"
_VIEW = re.compile(r"^### `(\w+)`\n.*?(?=^```sql\n)", re.MULTILINE | re.DOTALL)
_QUERY = re.compile(r"^```sql\n(?P<sql>.*?)^```\n(?:\n(?:\|[^\n]*\n)+)?", re.MULTILINE | re.DOTALL)


def views_told(page: str) -> list[str]:
    return _VIEW.findall(page)


def render(page: str, warehouse: Warehouse) -> str:
    """The page with what the warehouse says now."""
    page = _VIEW.sub(lambda found: _view(found[1], warehouse), page)
    return _QUERY.sub(lambda found: f"```sql\n{found['sql']}```\n\n{_rows(found['sql'], warehouse)}", page)


def _view(view: str, warehouse: Warehouse) -> str:
    comment = warehouse.query("SELECT comment FROM duckdb_views() WHERE view_name = ?", [view]).rows[0][0]
    columns = warehouse.query(
        """
        SELECT column_name, lower(data_type), comment FROM duckdb_columns() WHERE table_name = ? ORDER BY column_index
        """,
        [view],
    ).rows
    named = [[f"`{name}`", kind, _cell(told)] for name, kind, told in columns]
    return f"### `{view}`\n\n{comment}.\n\n{_table(['column', 'type', 'what it holds'], named)}\n"


def _rows(sql: str, warehouse: Warehouse) -> str:
    result = warehouse.query(sql)
    return _table(result.columns, [[_cell(value) for value in row] for row in result.rows])


def _cell(value: Any) -> str:
    if isinstance(value, str):
        return escape(" ".join(value.split()))
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%d %H:%M}"
    return "" if value is None else f"{value:g}" if isinstance(value, float) else str(value).lower()


def _table(head: list[str], rows: Iterable[list[str]]) -> str:
    return "".join(f"| {' | '.join(cells)} |\n" for cells in (head, ["---"] * len(head), *rows))


if __name__ == "__main__":
    PAGE.write_text(render(PAGE.read_text("utf-8"), Warehouse(sys.argv[1])), "utf-8")
