"""A warehouse on DuckLake: Parquet files, and a catalog of them in a file or in PostgreSQL, which keeps the past."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext, suppress
from datetime import UTC, datetime
from importlib import resources
from itertools import count
from pathlib import Path

import duckdb

from storage.database import Database, check_folder, first_line
from storage.errors import WarehouseError
from storage.parameters import quoted

PREFIX = "ducklake:"
_POSTGRES = "postgres:"
_WRITE, _WORK = 1, 2
"""The advisory locks: of whoever writes a batch, and of the run that works on what others have taken in."""


class Lake(Database):
    """`ducklake:FILE` with the catalog in a DuckDB file, or `ducklake:postgres:PARAMETERS` with it in PostgreSQL.

    name: the address, PARAMETERS as libpq takes them (https://www.postgresql.org/docs/current/libpq-connect.html);
    files: the folder of the Parquet files, which a catalog in PostgreSQL needs when it is made, while that of a file
    has them in `FILE.files`; as_of: read what it held then (naive is UTC).

    Of a file, one process writes or many read. With PostgreSQL all can at once: whoever writes a batch holds an
    advisory lock, so that no key is there twice, though DuckLake has none.
    """

    def __init__(
        self, address: str, wait: float, files: str | Path | None = None, as_of: datetime | None = None
    ) -> None:
        super().__init__(address, wait)
        self._catalog = address.removeprefix(PREFIX)
        self._files, self._as_of = files, as_of
        self._empty: duckdb.DuckDBPyConnection | None = None
        self._attached: dict[int, str] = {}
        self._numbers = count()
        self.is_shared = self._catalog.startswith(_POSTGRES)
        self.path = None if self.is_shared else Path(self._catalog)

    def alone(self, waiting: Callable[[], object]) -> AbstractContextManager[object]:
        return self._locked(_WORK, None, waiting) if self.is_shared else nullcontext()

    def _before_others(self) -> AbstractContextManager[object]:
        return self._locked(_WRITE, self.wait) if self.is_shared else nullcontext()

    def _is_made(self) -> bool:
        return self.path is None or self.path.exists()

    def _check_place(self) -> None:
        if self._as_of:
            raise WarehouseError(f"{self.name}: the past cannot be written")
        if self.path:
            check_folder(self.path)

    def _connect(self, read_only: bool) -> duckdb.DuckDBPyConnection:
        options = ["READ_ONLY", "CREATE_IF_NOT_EXISTS false"] if read_only else []
        if self._files and not read_only:
            options.append(f"DATA_PATH '{quoted(self._files)}'")
        if self._as_of:
            moment = self._as_of if self._as_of.tzinfo else self._as_of.replace(tzinfo=UTC)
            options.append(f"SNAPSHOT_TIME '{moment.isoformat(sep=' ')}'")
        alias = f"warehouse_{next(self._numbers)}"
        connection = self._loaded().cursor()
        try:
            chosen = f" ({', '.join(options)})" if options else ""
            connection.execute(f"ATTACH '{quoted(self.name)}' AS {alias}{chosen}")
            self._attached[id(connection)] = alias
            connection.execute(f"USE {alias}")
        except BaseException as error:
            self._close(connection)
            if "creating a new DuckLake is explicitly disabled" in str(error):
                raise self._missing() from error
            if "data_path" in str(error).lower() and not self._files:
                raise WarehouseError(f"{self.name}: name the folder of its Parquet files: `warehouse_files`") from error
            raise
        return connection

    def _close(self, connection: duckdb.DuckDBPyConnection) -> None:
        """Whatever went wrong before, or does now, is no reason to keep it."""
        alias = self._attached.pop(id(connection), None)
        with suppress(duckdb.Error):  # there is no transaction where all went well
            connection.rollback()
        with suppress(duckdb.Error):
            connection.execute(f"USE memory; DETACH {alias}")
        connection.close()

    def _loaded(self) -> duckdb.DuckDBPyConnection:
        """An empty database with the extensions, which take longer to load than a batch to write."""
        if self._empty is None:
            self._empty = duckdb.connect()
            for extension in ("ducklake", "postgres_scanner") if self.is_shared else ("ducklake",):
                load(self._empty, extension)
        return self._empty

    @contextmanager
    def _locked(self, lock: int, wait: float | None, waiting: Callable[[], object] = lambda: None) -> Iterator[None]:
        """Hold an advisory lock of the catalog's database; PostgreSQL frees it where the connection ends.

        wait: seconds until it is a `WarehouseError`; None: for ever. It asks again and again: a request that waited in
        PostgreSQL could not be taken back.
        """
        alias = f"catalog_{next(self._numbers)}"
        connection = self._loaded().cursor()
        self._attached[id(connection)] = alias
        deadline = None if wait is None else time.monotonic() + wait
        try:
            parameters = quoted(self._catalog.removeprefix(_POSTGRES))
            connection.execute(f"ATTACH '{parameters}' AS {alias} (TYPE postgres)")
            connection.begin()
            patient = "SET LOCAL idle_in_transaction_session_timeout = 0"
            connection.execute(f"CALL postgres_execute('{alias}', '{patient}')")
            take = f"SELECT pg_try_advisory_xact_lock(hashtext(''rashomon''), {lock}) AS taken"
            told = False
            while not connection.execute(f"SELECT taken FROM postgres_query('{alias}', '{take}')").fetchall()[0][0]:
                if deadline and time.monotonic() > deadline:
                    raise WarehouseError(
                        f"{self.name} is being written by another run; waited {wait:g} s. Run again: nothing is lost."
                    )
                if not told:
                    waiting()
                    told = True
                time.sleep(0.05)
        except BaseException as error:
            self._close(connection)
            if isinstance(error, duckdb.Error):
                raise WarehouseError(f"{self.name}: {first_line(error)}") from error
            raise
        try:
            yield
        finally:
            self._close(connection)


def load(connection: duckdb.DuckDBPyConnection, extension: str) -> None:
    """Load an extension of DuckDB's: from its Python package, or as DuckDB gets it. Raises `WarehouseError`."""
    with suppress(ModuleNotFoundError, duckdb.Error):
        files = resources.files(f"duckdb_extension_{extension}") / "extensions" / f"v{duckdb.__version__}"
        connection.execute(f"LOAD '{quoted(str(files / f'{extension}.duckdb_extension'))}'")
        return
    try:
        connection.execute(f"INSTALL {extension}; LOAD {extension}")
    except duckdb.Error as error:
        raise WarehouseError(
            f"DuckDB's extension {extension} is not installed; `pip install 'rashomon[ducklake]'`"
        ) from error
