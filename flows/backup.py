"""A warehouse written to a folder as Parquet files, and read back."""

from __future__ import annotations

from pathlib import Path

from flows.errors import UserError
from flows.reports.output import replacing
from storage import Warehouse, exchange
from storage.lake import PREFIX


def export(warehouse: Warehouse, folder: Path) -> dict[str, int]:
    """Write every table into a new or empty folder. Returns the rows of each.

    Raises `UserError` where the folder holds something or cannot be written.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        if any(folder.iterdir()):
            raise UserError(f"{folder} is not empty; name a new folder")
        return warehouse.export_all(folder)
    except OSError as error:
        raise UserError(f"{folder} cannot be written: {error.strerror or error}") from error


def load(folder: Path, warehouse: str) -> dict[str, int]:
    """Make a new warehouse of an export, whole or not at all. Returns the rows of each table.

    Raises `UserError` where there is a file already, and `WarehouseError` where the export is not whole.
    """
    if warehouse.startswith(PREFIX):
        raise UserError(f"{warehouse}: `rashomon import` makes a DuckDB file; name one with --warehouse")
    out = Path(warehouse)
    if out.exists():
        raise UserError(f"{out} exists; name a new file with --warehouse")
    with replacing(out) as part:
        return exchange.load(folder, part)
