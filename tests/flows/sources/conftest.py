"""A run that reads one source of any kind, and remembers what it has had as later runs would."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

import pytest
from crawls import read
from pydantic import TypeAdapter

from flows.fetching import FetchState
from flows.outlets import Outlets
from flows.settings import OutletSettings, Source
from flows.sources import Article, Reject

OUTLETS = {
    "Example Wire": OutletSettings(domains=["wire.example"], channels=["1500", "Линия"]),
    "Loopback": OutletSettings(domains=["127.0.0.1"]),
}


@pytest.fixture
def bring():
    """Gives the articles and the rejects of a source, the latter as pairs of item and reason."""
    memory: dict[str, FetchState] = {}

    def run(listed: bool = True, fetch: Mapping[str, object] = MappingProxyType({}), **source):
        settings = TypeAdapter(Source).validate_python(source)
        stream = read(settings, Outlets(OUTLETS if listed else {}), memory, **fetch)
        memory.update({item.url: item for item in stream if isinstance(item, FetchState)})
        articles = [item for item in stream if isinstance(item, Article)]
        return articles, [(item.item, item.reason) for item in stream if isinstance(item, Reject)]

    return run


@pytest.fixture
def pages(site, gold_articles, web_page):
    """Three pages on the site, one a language; gives their addresses."""
    chosen = (gold_articles[0], gold_articles[4], gold_articles[8])
    return [site.add(f"/page-{number}", web_page(article)) for number, article in enumerate(chosen)]
