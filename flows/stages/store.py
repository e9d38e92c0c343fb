"""What sources bring into the warehouse, and what it knows of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from prefect.logging import get_run_logger

from flows.errors import UserError
from flows.outlets import Outlets
from flows.sources import Article, Reject, Settled
from flows.sources.records import clean_line
from flows.stages import Counts, timestamp
from storage import WHOLE_SOURCE, Warehouse, article_id, rows

if TYPE_CHECKING:
    from flows.fetching import Asked, FetchState
    from flows.sources import Item


def store(
    batch: Sequence[Item], warehouse: Warehouse, outlets: Outlets, asked: Mapping[str, Asked] | None = None
) -> Counts:
    """Store a batch in one transaction. asked: what was asked of hosts meanwhile."""
    now = timestamp()
    found = [item for item in batch if isinstance(item, Article)]
    publishers = [
        outlets.rows.get(item.outlet) or rows.Outlet(item.outlet, item.country, item.language, named_by=item.named_by)
        for item in found
    ]
    rejects = [
        rows.Reject(item.source, item.item, clean_line(item.reason), now) for item in batch if isinstance(item, Reject)
    ]
    fetches = [
        rows.Fetch(item.url, item.status, item.etag, item.last_modified, now)
        for item in batch
        if not isinstance(item, Article | Reject | Settled)
    ]
    new = warehouse.write_coverage(
        [_article_row(item, now) for item in found],
        rejects,
        fetches,
        list(dict.fromkeys(publishers)),
        [(item.source, item.items) for item in batch if isinstance(item, Settled)],
        [rows.HostDay(host, now.date(), did.requests, did.failures, did.bytes) for host, did in (asked or {}).items()],
    )
    failed = sum(reject.item == WHOLE_SOURCE for reject in rejects)
    return {"new articles": new, "rejects": len(rejects), "failed sources": failed}


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
        authors=article.authors,
    )


def states(warehouse: Warehouse, urls: Sequence[str]) -> dict[str, FetchState]:
    """What earlier runs left of those of the addresses that they were at."""
    from flows.fetching import FetchState

    found = warehouse.fetched(urls)
    return {row.url: FetchState(row.url, row.etag, row.last_modified, row.status) for row in found}


def failed(name: str, error: Exception) -> Reject:
    """The reject of a source that reading it failed of, in one line that names the file or the source."""
    if isinstance(error, UserError):
        return Reject(name, WHOLE_SOURCE, str(error))
    if isinstance(error, OSError):
        told = f"{error.filename or name}: cannot be read: {error.strerror or type(error).__name__}"
        return Reject(name, WHOLE_SOURCE, told)
    get_run_logger().error("%s: reading it failed", name, exc_info=error)
    told = f"{type(error).__name__}: {' '.join(str(error).split())[:200]}"
    return Reject(name, WHOLE_SOURCE, f"{name}: reading it failed unexpectedly: {told}")
