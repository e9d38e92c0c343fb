"""The whole pipeline: from sources to claims, its stages in order, by name."""

from __future__ import annotations

from typing import Any

from prefect import flow
from prefect.client.schemas.objects import State
from prefect.context import TagsContext
from prefect.states import Completed

from flows.denial_events import new_denials
from flows.encoders import open_encoder
from flows.lexicons import load_frames
from flows.progress import note
from flows.publishing import publish
from flows.run_record import recorded
from flows.runners import started
from flows.settings import Settings
from flows.stages.align import align
from flows.stages.assess import assess
from flows.stages.encode import encode
from flows.stages.frame import frame
from flows.stages.group import group
from flows.stages.ingest import ingest
from flows.stages.read import read
from flows.stages.retain import retain
from flows.stages.trace import trace
from flows.stages.translate import translate
from flows.turns import turn
from storage import Warehouse

Counts = dict[str, Any]


@flow(name="compare-coverage", flow_run_name="{settings.name}", persist_result=False)
def compare_coverage(settings: Settings) -> Counts | State[Counts]:
    """Take coverage from its sources to claims that outlets share.

    Each stage asks the warehouse what is missing and writes batch by batch, so a run goes on where one before it
    stopped. Returns what each stage did. Where a source could not be read, the run ends in the state `Warnings`; where
    another run works on the warehouse and the config says so, in `Skipped`.

    Args:
        settings: The run: where coverage comes from, how it is worked on, where the result lies
    """
    # Tasks would inherit the run's tags, and for a task's tags Prefect asks its server for leave each time.
    with TagsContext(current_tags=set()), turn(settings) as is_ours:
        if not is_ours:
            return Completed(name="Skipped", message=f"another run works on {settings.warehouse}", data={})
        counts = _compare(settings)
    if failed := counts["ingest"]["failed sources"]:
        message = f"{failed} {'source' if failed == 1 else 'sources'} could not be read; the table rejects says why"
        return Completed(name="Warnings", message=message, data=counts)
    return counts


def _waiting() -> None:
    note("another run works on what was taken in; waiting until it has ended")


def _compare(settings: Settings) -> Counts:
    warehouse = Warehouse(settings.warehouse, files=settings.warehouse_files)
    with recorded(warehouse, settings) as run, new_denials(warehouse):
        frames = load_frames(settings.frames)  # needed last, but a mistake in the file is told before all the work
        run("ingest", ingest, settings, warehouse)
        with warehouse.alone(_waiting), started(settings) as runner:
            run("read", read, settings, warehouse)
            run("trace", trace, settings, warehouse)
            if settings.translate.scope == "all":
                run("translate", translate, settings, warehouse, runner)
            encoder = open_encoder(settings.encode.model)
            run("encode", encode, settings, warehouse, encoder, runner)
            run("group", group, settings, warehouse, encoder)
            run("align", align, settings, warehouse, encoder)
            if settings.translate.scope == "claims":
                run("translate", translate, settings, warehouse, runner)
            run("assess", assess, settings, warehouse, encoder)
            run("frame", frame, frames, warehouse, encoder)
            if settings.keep_text is not None:
                run("retain", retain, settings.keep_text, warehouse)
            run("publish", publish, settings, warehouse)
    return run.counts
