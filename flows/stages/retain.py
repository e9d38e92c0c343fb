"""Texts of articles that are kept no longer."""

from __future__ import annotations

from datetime import timedelta

from flows.progress import report
from flows.stages import Counts, timestamp
from storage import Warehouse


def retain(keep_days: int, warehouse: Warehouse) -> Counts:
    """Drop the texts of read articles that were stored more than so many days ago; all that was found in them stays."""
    dropped = warehouse.drop_texts(timestamp() - timedelta(days=keep_days))
    report("retain", dropped, dropped, f"texts dropped, stored over {keep_days} days ago")
    return {"texts dropped": dropped}
