"""Rows into tables, each key once: by the keys that a file's tables have, by comparison in a lake, which has none."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields
from typing import Any, Literal

import duckdb

from storage.parameters import handing_over
from storage.schema import is_lake, key_of

Conflict = Literal["", "OR IGNORE", "OR REPLACE"]
"""What becomes of a row whose key is there: the statement fails, the row is left out, or it takes the other's place."""


def insert(connection: duckdb.DuckDBPyConnection, table: str, rows: Sequence[Any], conflict: Conflict = "") -> None:
    """Insert dataclass rows, a field a column."""
    if not rows:
        return
    names = [field.name for field in fields(rows[0])]
    columns = [[getattr(row, name) for row in rows] for name in names]
    values = ", ".join(f"unnest(${n}) AS {name}" for n, name in enumerate(names, start=1))
    with handing_over(columns):
        insert_selected(connection, table, names, f"SELECT {values}", columns, conflict)


def insert_selected(
    connection: duckdb.DuckDBPyConnection,
    table: str,
    columns: Sequence[str],
    select: str,
    parameters: Sequence[Any],
    conflict: Conflict = "",
) -> None:
    """Insert what a query gives, its columns named as the table's."""
    into = f"INTO {table} ({', '.join(columns)})"
    if not conflict or not is_lake(connection):
        connection.execute(f"INSERT {conflict} {into} {select}", parameters)
        return
    key = ", ".join(key_of(table))
    connection.execute(
        f"CREATE OR REPLACE TEMP TABLE new_rows AS SELECT DISTINCT ON ({key}) * FROM ({select})", parameters
    )
    if conflict == "OR REPLACE":
        connection.execute(f"DELETE FROM {table} WHERE ({key}) IN (SELECT ({key}) FROM new_rows)")
    known = f"ANTI JOIN (SELECT {key} FROM {table}) USING ({key})" if conflict == "OR IGNORE" else ""
    connection.execute(f"INSERT {into} SELECT {', '.join(columns)} FROM new_rows {known}")
    connection.execute("DROP TABLE new_rows")
