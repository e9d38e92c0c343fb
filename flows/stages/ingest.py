"""Sources to articles."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from itertools import islice
from typing import TYPE_CHECKING

from flows.errors import UserError
from flows.outlets import load_outlets
from flows.progress import report, warn
from flows.settings import FeedSource, Settings, Source
from flows.sources import Article, Reject, read_source, source_name
from flows.stages import Counts, batch_task, timestamp
from storage import WHOLE_SOURCE, Warehouse, article_id, rows

if TYPE_CHECKING:
    from flows.fetching import Fetcher, FetchState

ARTICLES_A_BATCH = 100
# A fetched page is dear: few are lost when a run is killed.
PAGES_A_BATCH = 10


def ingest(settings: Settings, warehouse: Warehouse) -> Counts:
    """Bring in every source's articles; a source that cannot be read at all is a reject, and the rest goes on."""
    from flows.fetching import Fetcher

    warehouse.write_outlets(load_outlets(settings.outlets))
    totals: Counter[str] = Counter({"new articles": 0, "rejects": 0, "failed sources": 0})
    with Fetcher(settings.fetch) as fetcher:
        for number, source in enumerate(settings.sources, start=1):
            report("ingest", number - 1, len(settings.sources), source_name(source))
            totals.update(_attempt(source, warehouse, fetcher))
    report("ingest", len(settings.sources), len(settings.sources), f"{totals['new articles']} new articles")
    if totals["failed sources"] == len(settings.sources):
        raise UserError("no source could be read:\n" + "\n".join(_failures(warehouse, settings.sources)))
    return dict(totals)


def _attempt(source: Source, warehouse: Warehouse, fetcher: Fetcher) -> Counts:
    name = source_name(source)
    try:
        counts = _ingest_source(source, warehouse, fetcher)
    except (UserError, OSError) as error:
        _store([Reject(name, WHOLE_SOURCE, str(error))], warehouse)
        counts = {"rejects": 1, "failed sources": 1}
    if counts["rejects"]:
        warn(f'{name}: {counts["rejects"]} rejected; `rashomon sql "from rejects"` says why')
    return counts


@batch_task("ingest source", retries=2)
def _ingest_source(source: Source, warehouse: Warehouse, fetcher: Fetcher) -> Counts:
    size = PAGES_A_BATCH if isinstance(source, FeedSource) else ARTICLES_A_BATCH
    stream = read_source(source, fetcher=fetcher, known=_known(warehouse))
    totals = Counter({"new articles": 0, "rejects": 0})
    while batch := list(islice(stream, size)):
        totals.update(_store(batch, warehouse))
    return totals


def _known(warehouse: Warehouse) -> Callable[[str], FetchState | None]:
    from flows.fetching import FetchState

    def known(url: str) -> FetchState | None:
        row = warehouse.fetched(url)
        return (
            FetchState(url=row.url, etag=row.etag, last_modified=row.last_modified, status=row.status) if row else None
        )

    return known


def _store(batch: Sequence[Article | Reject | FetchState], warehouse: Warehouse) -> Counts:
    now = timestamp()
    articles = [_article_row(item, now) for item in batch if isinstance(item, Article)]
    rejects = [rows.Reject(item.source, item.item, item.reason, now) for item in batch if isinstance(item, Reject)]
    fetches = [
        rows.Fetch(item.url, item.status, item.etag, item.last_modified, now)
        for item in batch
        if not isinstance(item, Article | Reject)
    ]
    return {"new articles": warehouse.write_coverage(articles, rejects, fetches), "rejects": len(rejects)}


def _article_row(article: Article, now: datetime) -> rows.Article:
    return rows.Article(
        article_id=article_id(article.outlet, article.url, article.title, article.text),
        outlet=article.outlet,
        language=article.language,
        url=article.url,
        title=article.title,
        text=article.text,
        published_at=article.published_at.astimezone(UTC).replace(tzinfo=None) if article.published_at else now,
        source=article.source,
        stored_at=now,
    )


def _failures(warehouse: Warehouse, sources: Sequence[Source]) -> list[str]:
    sql = "SELECT reason FROM rejects WHERE item = $2 AND list_contains($1, source) ORDER BY source"
    return [row[0] for row in warehouse.query(sql, [[source_name(source) for source in sources], WHOLE_SOURCE]).rows]
