"""Reading Parquet files row by row."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import duckdb

BATCH_ROWS = 1000


class ParquetError(Exception):
    """The file is not Parquet, or lacks a column; str() is one line that says so."""


def column_names(path: Path) -> list[str]:
    """The names of a Parquet file's columns, in order. Raises ParquetError."""
    import duckdb

    with duckdb.connect(":memory:") as connection:
        return list(_columns(connection, path))


def read_parquet(path: Path, columns: Sequence[str]) -> Iterator[dict[str, Any]]:
    """The rows, each a mapping of the given columns, in the order of the file, a batch in memory at a time.

    Timestamps come as datetimes without a zone; those that have one in the file are turned to UTC. Raises ParquetError.
    """
    import duckdb

    with duckdb.connect(":memory:") as connection:
        present = _columns(connection, path)
        if missing := [column for column in columns if column not in present]:
            raise ParquetError(f"no column {_listed(missing)}; the file has {_listed(present)}")
        chosen = ", ".join(_selected(column, present[column]) for column in columns)
        try:
            rows = connection.execute(f"select {chosen} from read_parquet($path)", {"path": _literal(path)})
            while batch := rows.fetchmany(BATCH_ROWS):
                yield from (dict(zip(columns, row, strict=True)) for row in batch)
        except (duckdb.Error, UnicodeDecodeError) as error:
            raise _unreadable(error) from error


def _columns(connection: duckdb.DuckDBPyConnection, path: Path) -> dict[str, str]:
    """The names of the columns and DuckDB's names of their types."""
    import duckdb

    try:
        rows = connection.execute("select * from read_parquet($path) limit 0", {"path": _literal(path)})
        return {name: str(kind) for name, kind, *_ in rows.description or []}
    except (duckdb.Error, UnicodeDecodeError) as error:  # DuckDB hands on names of columns as they are
        raise _unreadable(error) from error


def _selected(column: str, kind: str) -> str:
    quoted = '"' + column.replace('"', '""') + '"'
    # DuckDB needs a further package to hand over a moment with a zone; as microseconds in UTC it does not
    return f"make_timestamp(epoch_us({quoted}))" if kind == "TIMESTAMP WITH TIME ZONE" else quoted


def _listed(columns: Iterable[str]) -> str:
    return f"{', '.join(map(repr, columns)):.1000}"


def _literal(path: Path) -> str:
    """The path as DuckDB reads it: one file, with no character of its name meaning several."""
    return "".join(f"[{character}]" if character in "*?[" else character for character in str(path))


def _unreadable(error: Exception) -> ParquetError:
    return ParquetError(f"cannot be read as Parquet: {str(error).splitlines()[0]:.300}")
