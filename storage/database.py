"""One DuckDB file: opened for a moment, waited for while another process has it, migrated when it is older."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, fields
from hashlib import blake2b
from importlib import resources
from pathlib import Path
from typing import Any

import duckdb


class WarehouseError(Exception):
    """The warehouse cannot be used as it is; the message says why and what to do."""


@dataclass(frozen=True, slots=True)
class Result:
    """What a query gives: column names, and a tuple a row."""

    columns: list[str]
    rows: list[tuple[Any, ...]]


class Database:
    """Opens `path` for reading or writing, a connection a batch, so that analysts and flows can take turns.

    DuckDB lets one process write or many read a file. Whoever comes second waits up to `wait` seconds, then gets a
    `WarehouseError` that names the process holding the file.
    """

    def __init__(self, path: str | Path, wait: float = 30.0) -> None:
        self.path = Path(path)
        self.wait = wait
        self._migrated = False

    @contextmanager
    def reading(self) -> Iterator[duckdb.DuckDBPyConnection]:
        """A read-only connection."""
        if not self.path.exists():
            raise WarehouseError(f"{self.path}: no such warehouse; `rashomon run CONFIG.yaml` makes one")
        connection = self._open(read_only=True)
        try:
            if not self._migrated:
                _check_version(connection, self.path)
            yield connection
        finally:
            connection.close()

    @contextmanager
    def writing(self) -> Iterator[duckdb.DuckDBPyConnection]:
        """A connection inside one transaction: committed as a whole, or not at all."""
        if not self.path.absolute().parent.is_dir():
            raise WarehouseError(f"{self.path}: the folder {self.path.absolute().parent} does not exist; make it first")
        connection = self._open(read_only=False)
        try:
            if not self._migrated:
                _migrate(connection, self.path)
                self._migrated = True
            connection.begin()
            try:
                yield connection
            except BaseException:
                connection.rollback()
                raise
            connection.commit()
        finally:
            connection.close()

    def run(
        self, connection: duckdb.DuckDBPyConnection, sql: str, parameters: Sequence[Any] | dict[str, Any] = ()
    ) -> Result:
        """Run SQL that a user may have written: DuckDB's errors become a `WarehouseError` with its message."""
        try:
            cursor = connection.execute(sql, parameters)
            if cursor is None:
                raise WarehouseError("the query holds no statement")
            return Result([column[0] for column in cursor.description or ()], cursor.fetchall())
        except duckdb.Error as error:
            raise WarehouseError(str(error)) from error

    def _open(self, read_only: bool) -> duckdb.DuckDBPyConnection:
        deadline = time.monotonic() + self.wait
        while True:
            try:
                return duckdb.connect(str(self.path), read_only=read_only)
            except duckdb.IOException as error:
                holder = re.search(r"lock is held in .*?\(PID (\d+)\)", str(error))
                if holder is None:
                    raise WarehouseError(f"{self.path}: {_first_line(error)}") from error
                if time.monotonic() > deadline:
                    raise WarehouseError(
                        f"{self.path} is in use by process {holder[1]}; waited {self.wait:g} s. "
                        "Close it there, or run again later: nothing is lost."
                    ) from error
                time.sleep(0.05)
            except duckdb.InternalException as error:
                if "replaying WAL" not in str(error) or not self._replay():
                    raise WarehouseError(f"{self.path}: {_first_line(error)}") from error
            except duckdb.Error as error:
                raise WarehouseError(f"{self.path}: {_first_line(error)}") from error

    def _replay(self) -> bool:
        """Take in what a killed process left in the write-ahead log. Returns whether that went well.

        DuckDB 1.5 cannot replay a view while it opens a file, but while it attaches one to another database it can.
        """
        try:
            with duckdb.connect() as connection:
                connection.execute(f"ATTACH '{quoted(self.path)}' AS warehouse")
                connection.execute("CHECKPOINT warehouse")
        except duckdb.Error:
            return False
        return True


def quoted(path: Path) -> str:
    """A path for a string in SQL."""
    return str(path).replace("'", "''")


def insert(connection: duckdb.DuckDBPyConnection, table: str, rows: Sequence[Any], conflict: str = "") -> None:
    """Insert dataclass rows, a field a column. `conflict` is `OR IGNORE`, `OR REPLACE` or nothing."""
    if not rows:
        return
    names = [field.name for field in fields(rows[0])]
    columns = [[getattr(row, name) for row in rows] for name in names]
    values = ", ".join(f"unnest(${n})" for n in range(1, len(names) + 1))
    connection.execute(f"INSERT {conflict} INTO {table} ({', '.join(names)}) SELECT {values}", columns)


def _scripts() -> list[tuple[int, str]]:
    folder = resources.files("storage") / "migrations"
    names = sorted(entry.name for entry in folder.iterdir() if entry.name.endswith(".sql"))
    return [(int(name.split("_")[0]), (folder / name).read_text("utf-8")) for name in names]


def _version(connection: duckdb.DuckDBPyConnection) -> tuple[int, str]:
    """The last migration applied, and the fingerprint of the views; (0, "") in a new file."""
    known = connection.execute("SELECT 1 FROM duckdb_tables() WHERE table_name = 'migrations'").fetchone()
    row = connection.execute("SELECT version, views FROM migrations").fetchone() if known else None
    return (row[0], row[1]) if row else (0, "")


def _check_version(connection: duckdb.DuckDBPyConnection, path: Path) -> None:
    version, _ = _version(connection)
    newest = _scripts()[-1][0]
    if version == 0:
        raise WarehouseError(f"{path} is a DuckDB file, but no warehouse of rashomon")
    if version > newest:
        raise WarehouseError(
            f"{path} was made by a newer rashomon (schema {version}, this one knows {newest}); upgrade"
        )


@contextmanager
def old_database(path: Path, version: int) -> Iterator[duckdb.DuckDBPyConnection]:
    """A new file with the tables of an earlier version, filled in one transaction and then brought up to date.

    Raises `WarehouseError` where this version knows no such schema.
    """
    newest = _scripts()[-1][0]
    if not 1 <= version <= newest:
        raise WarehouseError(f"the schema is {version}, this rashomon knows 1 to {newest}; upgrade")
    with duckdb.connect(str(path)) as connection:
        connection.begin()
        for number, migration in _scripts():
            if number <= version:
                connection.execute(migration)
        connection.execute("CREATE TABLE migrations AS SELECT ?::INTEGER AS version, '' AS views", [version])
        yield connection
        connection.commit()
        _migrate(connection, path)


def _migrate(connection: duckdb.DuckDBPyConnection, path: Path) -> None:
    """Bring the schema up to date in one transaction; do nothing where it is."""
    version, views = _version(connection)
    scripts = _scripts()
    if version == 0 and connection.execute("SELECT 1 FROM duckdb_tables() LIMIT 1").fetchone():
        raise WarehouseError(f"{path} is a DuckDB file with other tables; name another file as the warehouse")
    if version > scripts[-1][0]:
        _check_version(connection, path)
    script = (resources.files("storage") / "views.sql").read_text("utf-8")
    fingerprint = blake2b(script.encode(), digest_size=8).hexdigest()
    if (version, views) == (scripts[-1][0], fingerprint):
        return
    connection.begin()
    for number, migration in scripts:
        if number > version:
            connection.execute(migration)
    connection.execute(script)
    _inherit_comments(connection)
    connection.execute(
        "CREATE OR REPLACE TABLE migrations AS SELECT ?::INTEGER AS version, ? AS views", [scripts[-1][0], fingerprint]
    )
    connection.execute("COMMENT ON TABLE migrations IS 'Which schema this file has'")
    connection.execute("COMMENT ON COLUMN migrations.version IS 'The last migration applied'")
    connection.execute("COMMENT ON COLUMN migrations.views IS 'Fingerprint of the views'")
    connection.commit()


def _inherit_comments(connection: duckdb.DuckDBPyConnection) -> None:
    """A view's column without a comment of its own takes that of a table's column of the same name, or a view's."""
    missing = connection.execute(
        """
        SELECT v.table_name, v.column_name, coalesce(
            min(t.comment) FILTER (t.table_name IN (SELECT table_name FROM duckdb_tables())), min(t.comment)
        )
        FROM duckdb_columns() v
        JOIN duckdb_columns() t ON t.column_name = v.column_name AND t.comment IS NOT NULL
        WHERE NOT v.internal AND v.comment IS NULL
        GROUP BY ALL
        """
    ).fetchall()
    for table, column, comment in missing:
        quoted = comment.replace("'", "''")
        connection.execute(f'COMMENT ON COLUMN "{table}"."{column}" IS \'{quoted}\'')


def _first_line(error: Exception) -> str:
    return str(error).splitlines()[0]
