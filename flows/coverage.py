"""The whole pipeline: from sources to claims, its stages in order, by name."""

from __future__ import annotations

from typing import Any

from prefect import flow

from flows.encoders import open_encoder
from flows.lexicons import load_frames
from flows.run_record import recorded
from flows.settings import Settings
from flows.stages.align import align
from flows.stages.assess import assess
from flows.stages.encode import encode
from flows.stages.frame import frame
from flows.stages.group import group
from flows.stages.ingest import ingest
from flows.stages.read import read
from flows.stages.trace import trace
from flows.stages.translate import translate
from storage import Warehouse


@flow(name="compare-coverage", flow_run_name="{settings.name}", validate_parameters=False, persist_result=False)
def compare_coverage(settings: Settings) -> dict[str, Any]:
    """Take coverage from its sources to claims that outlets share.

    Each stage asks the warehouse what is missing and writes batch by batch, so a run goes on where one before it
    stopped. Returns what each stage did.
    """
    warehouse = Warehouse(settings.warehouse)
    with recorded(warehouse, settings) as counts:
        frames = load_frames(settings.frames)  # needed last, but a mistake in the file is told before all the work
        counts["ingest"] = ingest(settings, warehouse)
        counts["read"] = read(settings, warehouse)
        counts["trace"] = trace(settings, warehouse)
        if settings.translate.scope == "all":
            counts["translate"] = translate(settings, warehouse)
        encoder = open_encoder(settings.encode.model)
        counts["encode"] = encode(settings, warehouse, encoder)
        counts["group"] = group(settings, warehouse, encoder)
        counts["align"] = align(settings, warehouse, encoder)
        if settings.translate.scope == "claims":
            counts["translate"] = translate(settings, warehouse)
        counts["assess"] = assess(settings, warehouse, encoder)
        counts["frame"] = frame(frames, warehouse, encoder)
    return counts
