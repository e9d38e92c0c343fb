"""The result of a query in the terminal: a table where it fits, else a record a row."""

from __future__ import annotations

from typing import Any

from rich.cells import cell_len
from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from flows.reports.output import write_text
from flows.reports.standard_output import StandardOutput
from flows.reports.tables import render_csv, render_json
from flows.reports.texts import clean
from storage import Result

_LEAST_WIDTH = 14  # of a column that is to be read


def print_result(result: Result, form: str, console: Console | None = None) -> None:
    """Print rows to standard output. `form` is `table`, `csv` or `json`; the console is for tables alone."""
    if form == "csv":
        write_text(render_csv(result), None)
    elif form == "json":
        write_text(render_json(result), None)
    else:
        _print_table(result, console or StandardOutput())


def _print_table(result: Result, console: Console) -> None:
    rows = [[_shown(value) for value in row] for row in result.rows]
    if not rows:
        console.print(Text("no rows", "dim"))
        return
    widths = [
        max(cell_len(column), *map(cell_len, cells))
        for column, cells in zip(result.columns, zip(*rows, strict=True), strict=True)
    ]
    if sum(min(width, _LEAST_WIDTH) + 2 for width in widths) > console.width:
        _print_records(result.columns, rows, console)
        return
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="bold")
    for column, values in zip(result.columns, zip(*result.rows, strict=True), strict=True):
        is_number = all(isinstance(value, int | float) for value in values)
        table.add_column(Text(column), justify="right" if is_number else "left", overflow="fold")
    for row in rows:
        table.add_row(*map(Text, row))
    console.print(table)


def _print_records(columns: list[str], rows: list[list[str]], console: Console) -> None:
    for number, row in enumerate(rows, 1):
        console.print(Text(f"row {number}", "bold"))
        grid = Table.grid(padding=(0, 2, 0, 0))
        grid.add_column(no_wrap=True)
        grid.add_column(ratio=1, overflow="fold")
        for column, value in zip(columns, row, strict=True):
            grid.add_row(Text(column, "dim"), Text(value))
        console.print(Padding(grid, (0, 0, 1, 2)))


def _shown(value: Any) -> str:
    if isinstance(value, float):
        return f"{value:.6g}"
    return "" if value is None else clean(str(value))
