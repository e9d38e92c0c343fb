"""Statements to the earliest ones that they repeat."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

from align.copies import METHOD, Link, Order, Passage, earliest, find_links
from flows.progress import report
from flows.settings import Settings
from flows.stages import Counts, batch_task
from storage import TraceableStatement, Warehouse, rows

ARTICLES_A_BATCH = 1000


def trace(settings: Settings, warehouse: Warehouse) -> Counts:
    """Compare the statements of new articles with those of a few days around, and trace copies to their source."""
    traced_as = f"{settings.align.story_days} {METHOD}"
    warehouse.forget_copies_unless(traced_as)
    total = warehouse.count_untraced()
    done = copies = 0
    while batch := warehouse.untraced(ARTICLES_A_BATCH):
        copies += _trace_batch(batch, traced_as, settings.align.story_days, warehouse)
        done += len(batch)
        report("trace", done, total, f"{copies} copies")
    return {"articles": done, "copies": copies}


def trace_batch(batch: Sequence[str], traced_as: str, max_days: float, warehouse: Warehouse) -> int:
    """Trace the copies of these articles, and of those near them in time. Returns how many sources were found."""
    statements = warehouse.traceable(batch, max_days)
    known = {statement.statement_id: statement.source_id for statement in statements}
    links = [*find_links([_passage(statement) for statement in statements], max_days), *_known_links(statements)]
    sources = earliest(links, _order(statements))
    copies = [
        rows.Copy(key, source, similarity)
        for key, (source, similarity) in sorted(sources.items())
        if known.get(key) != source
    ]
    warehouse.write_copies(batch, copies, traced_as)
    return len(copies)


_trace_batch = batch_task("trace copies")(trace_batch)


def _passage(statement: TraceableStatement) -> Passage:
    return Passage(
        key=statement.statement_id,
        article=statement.article_id,
        position=statement.position,
        language=statement.language,
        text=statement.text,
        published=_seconds(statement.published_at),
    )


def _known_links(statements: Sequence[TraceableStatement]) -> list[Link]:
    """What earlier batches found; the source may be too far back to be compared with now."""
    return [
        Link(statement.statement_id, statement.source_id, statement.similarity or 0.0)
        for statement in statements
        if statement.source_id
    ]


def _order(statements: Sequence[TraceableStatement]) -> dict[str, Order]:
    order: dict[str, Order] = {}
    for s in statements:
        order[s.statement_id] = (_seconds(s.published_at), s.article_id, s.position)
        if s.source_id and s.source_published_at and s.source_article_id is not None and s.source_position is not None:
            order[s.source_id] = (_seconds(s.source_published_at), s.source_article_id, s.source_position)
    return order


def _seconds(moment: datetime) -> float:
    """Seconds since 1970 of a time that is naive UTC."""
    return moment.replace(tzinfo=UTC).timestamp()
