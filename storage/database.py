"""The database that holds a warehouse: opened for a moment, waited for while another process has it."""

from __future__ import annotations

import os
import re
import time
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

from storage.errors import NoWarehouse, WarehouseError
from storage.parameters import handing_over
from storage.schema import check_version, migrate, open_file

UNWRITABLE = (duckdb.IOException, duckdb.TransactionException, duckdb.FatalException, duckdb.OutOfMemoryException)
"""What DuckDB raises where the disk is full, the file may not be written or others are in the way."""


@dataclass(frozen=True, slots=True)
class Result:
    """What a query gives: column names, and a tuple a row."""

    columns: list[str]
    rows: list[tuple[Any, ...]]


class Database(ABC):
    """Opened for reading or writing, a connection a batch, so that analysts and flows can take turns.

    name: how the user calls it; wait: seconds to wait while another process has it, after which a `WarehouseError`
    says who that is.
    """

    is_shared = False
    """Whether several runs may write to it at once."""

    def __init__(self, name: str, wait: float) -> None:
        self.name = name
        self.wait = wait
        self._migrated = False

    @contextmanager
    def reading(self) -> Iterator[duckdb.DuckDBPyConnection]:
        """A read-only connection."""
        if not self._is_made():
            raise self._missing()
        connection = self._open(read_only=True)
        try:
            if not self._migrated:
                check_version(connection, self.name)
            yield connection
        except duckdb.Error as error:
            raise WarehouseError(f"{self.name}: {first_line(error)}{_remedy(error)}") from error
        finally:
            self._close(connection)

    @contextmanager
    def writing(self) -> Iterator[duckdb.DuckDBPyConnection]:
        """A connection inside one transaction: committed as a whole, or not at all."""
        self._check_place()
        with self._before_others():
            connection = self._open(read_only=False)
            try:
                if not self._migrated:
                    migrate(connection, self.name)
                    self._migrated = True
                connection.begin()
                yield connection
                connection.commit()
            except UNWRITABLE as error:
                remedy = _remedy(error) or ". What it held is as it was; run again when there is room"
                raise WarehouseError(f"{self.name} cannot be written: {first_line(error)}{remedy}") from error
            finally:
                self._close(connection)

    def alone(self, waiting: Callable[[], object]) -> AbstractContextManager[object]:
        """Have it to this process for longer; others may read, and write what they write before they ask for this.

        waiting: called once where another process has it first.
        """
        return nullcontext()

    def run(
        self, connection: duckdb.DuckDBPyConnection, sql: str, parameters: Sequence[Any] | dict[str, Any] = ()
    ) -> Result:
        """Run SQL that a user may have written: DuckDB's errors become a `WarehouseError` with its message."""
        try:
            with handing_over(parameters):
                cursor = connection.execute(sql, parameters)
            if cursor is None:
                raise WarehouseError("the query holds no statement")
            return Result([column[0] for column in cursor.description or ()], cursor.fetchall())
        except duckdb.Error as error:
            raise WarehouseError(str(error)) from error

    def _missing(self) -> NoWarehouse:
        return NoWarehouse(f"{self.name}: no such warehouse; `rashomon run CONFIG.yaml` makes one")

    @abstractmethod
    def _is_made(self) -> bool:
        """Whether there is something to read."""

    @abstractmethod
    def _check_place(self) -> None:
        """Raise `WarehouseError` where it cannot be made."""

    @abstractmethod
    def _connect(self, read_only: bool) -> duckdb.DuckDBPyConnection:
        """Raises duckdb.Error."""

    def _close(self, connection: duckdb.DuckDBPyConnection) -> None:
        connection.close()

    def _before_others(self) -> AbstractContextManager[object]:
        """Held while this process writes."""
        return nullcontext()

    def _open(self, read_only: bool) -> duckdb.DuckDBPyConnection:
        deadline = time.monotonic() + self.wait
        while True:
            try:
                return self._connect(read_only)
            except duckdb.Error as error:
                holder = _holder(error)
                if holder is None:
                    raise WarehouseError(f"{self.name}: {first_line(error)}{_remedy(error)}") from error
                if time.monotonic() > deadline:
                    raise WarehouseError(
                        f"{self.name} is in use by process {holder}; waited {self.wait:g} s. "
                        "Close it there, or run again later: nothing is lost."
                    ) from error
                time.sleep(0.05)


class DatabaseFile(Database):
    """One DuckDB file. DuckDB lets one process write or many read it."""

    def __init__(self, path: str | Path, wait: float) -> None:
        super().__init__(str(path), wait)
        self.path = Path(path)

    def _is_made(self) -> bool:
        return self.path.exists()

    def _check_place(self) -> None:
        check_folder(self.path)

    def _connect(self, read_only: bool) -> duckdb.DuckDBPyConnection:
        return duckdb.connect(self.name, read_only=True) if read_only else open_file(self.path)


def check_folder(path: Path) -> None:
    """Raise `WarehouseError` where a file cannot be made since there is no folder for it."""
    if not path.absolute().parent.is_dir():
        raise WarehouseError(f"{path}: the folder {path.absolute().parent} does not exist; make it first")


def first_line(error: Exception) -> str:
    return str(error).splitlines()[0]


def _holder(error: Exception) -> str | None:
    """The process that has the file, where that is why it cannot be opened: another one, or this."""
    if "Unique file handle conflict" in str(error):
        return str(os.getpid())
    held = re.search(r"lock is held in .*?\(PID (\d+)\)", str(error))
    return held and held[1]


def _remedy(error: Exception) -> str:
    """What to do about a file that cannot be opened, where that is known."""
    if re.search("read enough bytes|checksum|[Cc]orrupt", str(error)):
        return ". The file is damaged: bring it back from a backup; `rashomon import` makes one of an export"
    if "Permission denied" in str(error) or "Read-only file system" in str(error):
        return ". Ask for leave to use it, or name another file as the warehouse"
    return ""
