"""What a run leaves for others at its end: the HTML report, and a snapshot of the warehouse."""

from __future__ import annotations

from flows.errors import UserError
from flows.progress import note, warn
from flows.reports import write_report
from flows.reports.output import replacing
from flows.settings import Settings
from flows.stages import Counts
from storage import Warehouse, WarehouseError


def publish(settings: Settings, warehouse: Warehouse) -> Counts:
    """Write what the config asks for, each in place of the one before; what cannot be written is a warning."""
    counts = {}
    if settings.report:
        try:
            write_report(warehouse, "html", out=settings.report)
            counts["reports"] = 1
            note(f"written: {settings.report}")
        except UserError as error:
            warn(f"no report: {error}")
    if settings.publish:
        try:
            with replacing(settings.publish) as part:
                warehouse.publish(part)
            counts["snapshots"] = 1
            note(f"written: {settings.publish}")
        except (UserError, WarehouseError) as error:
            warn(f"no snapshot: {error}")
    return counts
