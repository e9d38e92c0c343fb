"""A warehouse as a whole, elsewhere: a snapshot for readers, and Parquet files to keep or to carry."""

from __future__ import annotations

import json
from pathlib import Path

import duckdb

from storage.database import Database
from storage.errors import WarehouseError
from storage.parameters import quoted
from storage.schema import new_database, tables
from storage.vectors import vector_table, vector_tables

SCHEMA, CONTENTS = "schema.sql", "warehouse.json"
"""Of an export: the tables and views for whoever reads it without us, and what `load` needs to know."""


def publish(source: Database, out: Path) -> None:
    """Write a compact copy for readers to a new file: all tables and views, but of the vectors none.

    Raises `WarehouseError` where the warehouse cannot be read.
    """
    with source.reading() as connection:
        with new_database(out) as made:
            for table in vector_tables(connection):
                vector_table(made, int(table.removeprefix("vectors_")))
        connection.execute(f"ATTACH '{quoted(out)}' AS snapshot (READ_WRITE)")
        try:
            for table in tables(connection):
                if table != "migrations" and not table.startswith("vectors_"):
                    connection.execute(f'INSERT INTO snapshot."{table}" BY NAME SELECT * FROM "{table}"')
        finally:
            connection.execute("DETACH snapshot")
    out.chmod(0o444)


def export(source: Database, folder: Path) -> dict[str, int]:
    """Write every table as a Parquet file into an empty folder, with the schema. Returns the rows of each.

    Raises `WarehouseError` where the warehouse cannot be read.
    """
    counts = {}
    with source.reading() as connection:
        for table in tables(connection):
            path = quoted(folder / f"{table}.parquet")
            ((counts[table],),) = connection.execute(f"COPY \"{table}\" TO '{path}' (FORMAT parquet)").fetchall()
        version = connection.execute("SELECT version FROM migrations").fetchall()[0][0]
        statements = connection.execute(
            """
            SELECT sql FROM (
                SELECT 1 AS rank, table_oid AS oid, sql FROM duckdb_tables() WHERE database_name = current_database()
                UNION ALL
                SELECT 2, view_oid, sql FROM duckdb_views() WHERE database_name = current_database() AND NOT internal
            ) ORDER BY rank, oid
            """
        ).fetchall()
    (folder / SCHEMA).write_text("\n".join(sql.strip() for (sql,) in statements) + "\n", encoding="utf-8")
    contents = {"schema": version, "rows": counts}  # written last: without it an export is not whole
    (folder / CONTENTS).write_text(json.dumps(contents, indent=1) + "\n", encoding="utf-8")
    return counts


def load(folder: Path, out: Path) -> dict[str, int]:
    """Make a new warehouse of an export, brought up to this version's schema. Returns the rows of each table.

    Raises `WarehouseError` where the folder holds no whole export, one of a newer version, or a file is damaged.
    """
    try:
        contents = json.loads((folder / CONTENTS).read_text("utf-8"))
        version, counts = int(contents["schema"]), dict(contents["rows"])
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise WarehouseError(f"{folder} holds no whole export: {CONTENTS} is missing or damaged") from error
    with new_database(out, version) as connection:
        known = tables(connection)
        for table, rows in counts.items():
            if table != "migrations":
                if table not in known and not table.startswith("vectors_"):
                    raise WarehouseError(f"{folder / CONTENTS} names {table!r}, which no warehouse has")
                _load_table(connection, table, folder / f"{table}.parquet", rows)
    return counts


def _load_table(connection: duckdb.DuckDBPyConnection, table: str, path: Path, rows: int) -> None:
    source = f"read_parquet('{quoted(path)}')"
    try:
        if table.startswith("vectors_"):  # made when first written, as many dimensions as the model has
            vector_table(connection, int(table.removeprefix("vectors_")))
        ((found,),) = connection.execute(f'INSERT INTO "{table}" BY NAME SELECT * FROM {source}').fetchall()
    except (duckdb.Error, ValueError) as error:
        raise WarehouseError(f"{path}: {str(error).splitlines()[0]}") from error
    if found != rows:
        raise WarehouseError(f"{path} has {found:,} rows, not the {rows:,} that were exported")
