"""The tables and views of a warehouse: made, checked, and brought up to date by numbered migrations."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from hashlib import blake2b
from importlib import resources
from pathlib import Path

import duckdb

from storage.errors import WarehouseError
from storage.parameters import quoted

ROW_GROUP = 8192
"""Rows: the last group of each table that a batch adds to is written anew. DuckDB's own 122,880 are for few writes."""

_TABLE = re.compile(r"CREATE TABLE (\w+) \((.*?)\n\);", re.DOTALL)
_COLUMN_KEY = re.compile(r"(\w+) (\w+) PRIMARY KEY")
_TABLE_KEY = re.compile(r",\s*PRIMARY KEY \(([^)]*)\)")
_VIEW = re.compile(r"CREATE (?:OR REPLACE )?VIEW (\w+)")
_COLUMN_COMMENT = re.compile(r"COMMENT ON COLUMN (\w+)\.\w+ IS '(?:[^']|'')*';")


def is_lake(connection: duckdb.DuckDBPyConnection) -> bool:
    """Whether the tables are DuckLake's, which has no keys and no arrays of fixed size."""
    sql = "SELECT type FROM duckdb_databases() WHERE database_name = current_database()"
    return connection.execute(sql).fetchall() == [("ducklake",)]


@cache
def key_of(table: str) -> tuple[str, ...]:
    """The columns that name a row of a table."""
    if table.startswith("vectors_"):
        return ("text_hash", "model")
    columns = next(found[2] for _, script in _scripts() for found in _TABLE.finditer(script) if found[1] == table)
    if of_table := _TABLE_KEY.search(columns):
        return tuple(column.strip() for column in of_table[1].split(","))
    if of_column := _COLUMN_KEY.search(columns):
        return (of_column[1],)
    raise KeyError(table)


def fitted(script: str, connection: duckdb.DuckDBPyConnection) -> str:
    """A script that makes tables and views, as what holds them takes it.

    DuckLake has no keys (`storage.inserts` sees to it that they stay unique there), no arrays of fixed size, no default
    that is a list, and no comments on columns of views.
    """
    if not is_lake(connection):
        return script
    views = set(_VIEW.findall(script))
    script = _TABLE_KEY.sub("", _COLUMN_KEY.sub(r"\1 \2 NOT NULL", script)).replace(" DEFAULT []", "")
    script = re.sub(r"FLOAT\[\d+\]", "FLOAT[]", script)
    return _COLUMN_COMMENT.sub(lambda found: "" if found[1] in views else found[0], script)


def tables(connection: duckdb.DuckDBPyConnection) -> list[str]:
    """The names of the warehouse's own tables, sorted."""
    sql = "SELECT table_name FROM duckdb_tables() WHERE database_name = current_database() ORDER BY table_name"
    return [table for (table,) in connection.execute(sql).fetchall()]


def check_version(connection: duckdb.DuckDBPyConnection, name: str) -> None:
    """Raise `WarehouseError` where it is no warehouse, or one of a newer version. name: how the user calls it."""
    version, _ = _version(connection)
    newest = _scripts()[-1][0]
    if version == 0 and not tables(connection):
        raise WarehouseError(f"{name} is empty yet; `rashomon run CONFIG.yaml` fills it")
    if version == 0:
        raise WarehouseError(f"{name} is a DuckDB database, but no warehouse of rashomon")
    if version > newest:
        raise WarehouseError(
            f"{name} was made by a newer rashomon (schema {version}, this one knows {newest}); upgrade"
        )


def open_file(path: Path) -> duckdb.DuckDBPyConnection:
    """A connection that writes to a file, which is made where there is none. Raises duckdb.Error."""
    connection = duckdb.connect()
    try:
        connection.execute(f"ATTACH '{quoted(path)}' AS warehouse (ROW_GROUP_SIZE {ROW_GROUP})")
        connection.execute("USE warehouse")
    except duckdb.Error:
        connection.close()
        raise
    return connection


@contextmanager
def new_database(path: Path, version: int | None = None) -> Iterator[duckdb.DuckDBPyConnection]:
    """A new file with the tables of this or an earlier version, filled in one transaction and then brought up to date.

    Raises `WarehouseError` where this version knows no such schema.
    """
    newest = _scripts()[-1][0]
    version = newest if version is None else version
    if not 1 <= version <= newest:
        raise WarehouseError(f"the schema is {version}, this rashomon knows 1 to {newest}; upgrade")
    with open_file(path) as connection:
        connection.begin()
        for number, migration in _scripts():
            if number <= version:
                connection.execute(migration)
        connection.execute("CREATE TABLE migrations AS SELECT ?::INTEGER AS version, '' AS views", [version])
        yield connection
        connection.commit()
        migrate(connection, str(path))


def migrate(connection: duckdb.DuckDBPyConnection, name: str) -> None:
    """Bring the schema up to date; do nothing where it is.

    In one transaction where there are no tables yet. Else in one a migration, since DuckDB adds no column to a table
    that the same transaction has updated; what is interrupted goes on from the last.
    """
    version, views = _version(connection)
    scripts = _scripts()
    if version == 0 and tables(connection):
        raise WarehouseError(f"{name} is a DuckDB database with other tables; name another one as the warehouse")
    if version > scripts[-1][0]:
        check_version(connection, name)
    script = (resources.files("storage") / "views.sql").read_text("utf-8")
    fingerprint = blake2b(script.encode(), digest_size=8).hexdigest()
    if (version, views) == (scripts[-1][0], fingerprint):
        return
    connection.begin()
    for number, migration in scripts:
        if number > version:
            connection.execute(fitted(migration, connection))
            if version:
                _record(connection, number, "")
                connection.commit()
                connection.begin()
    connection.execute(fitted(script, connection))
    if not is_lake(connection):
        _inherit_comments(connection)
    _record(connection, scripts[-1][0], fingerprint)
    connection.commit()


def _record(connection: duckdb.DuckDBPyConnection, version: int, views: str) -> None:
    connection.execute(
        "CREATE OR REPLACE TABLE migrations AS SELECT ?::INTEGER AS version, ? AS views", [version, views]
    )
    connection.execute("COMMENT ON TABLE migrations IS 'Which schema this file has'")
    connection.execute("COMMENT ON COLUMN migrations.version IS 'The last migration applied'")
    connection.execute("COMMENT ON COLUMN migrations.views IS 'Fingerprint of the views'")


@cache
def _scripts() -> list[tuple[int, str]]:
    folder = resources.files("storage") / "migrations"
    names = sorted(entry.name for entry in folder.iterdir() if entry.name.endswith(".sql"))
    return [(int(name.split("_")[0]), (folder / name).read_text("utf-8")) for name in names]


def _version(connection: duckdb.DuckDBPyConnection) -> tuple[int, str]:
    """The last migration applied, and the fingerprint of the views; (0, "") where there are no tables yet."""
    if "migrations" not in tables(connection):
        return 0, ""
    row = connection.execute("SELECT version, views FROM migrations").fetchone()
    return (row[0], row[1]) if row else (0, "")


def _inherit_comments(connection: duckdb.DuckDBPyConnection) -> None:
    """A view's column without a comment of its own takes that of a table's column of the same name, or a view's."""
    missing = connection.execute(
        """
        WITH named AS (FROM duckdb_columns() WHERE database_name = current_database() AND NOT internal)
        SELECT v.table_name, v.column_name, coalesce(
            min(t.comment) FILTER (list_contains($tables, t.table_name)), min(t.comment)
        )
        FROM named v
        JOIN named t ON t.column_name = v.column_name AND t.comment IS NOT NULL
        WHERE v.comment IS NULL
        GROUP BY ALL
        """,
        {"tables": tables(connection)},
    ).fetchall()
    for table, column, comment in missing:
        quoted = comment.replace("'", "''")
        connection.execute(f'COMMENT ON COLUMN "{table}"."{column}" IS \'{quoted}\'')
