"""What those who read the web have at hand."""

from __future__ import annotations

import asyncio

from crawls import WorkersHere

from flows.fetching import Fetcher
from flows.outlets import Outlets
from flows.settings import FetchSettings
from flows.sources import Article, crawling
from flows.sources.linked import Link, read_links

PAGES = 6


def test_no_more_is_asked_for_than_there_is_room_for_what_is_not_stored(site, web_page, gold_articles, monkeypatch):
    monkeypatch.setattr(crawling, "IN_HAND", 2)
    site.add("/robots.txt", "")
    links = [
        (f"entry {n}", Link(site.add(f"/{n}", web_page(gold_articles[n] | {"url": f"{site.address}/{n}"})), None))
        for n in range(PAGES)
    ]

    async def crawled() -> tuple[list[str], list[object]]:
        stored, given = asyncio.Event(), []

        async def known(urls):
            return {}

        async def give(items):
            await stored.wait()
            given.extend(items)

        settings = FetchSettings(allow_private=True, delay=0, timeout=5)
        async with Fetcher(settings) as fetcher, WorkersHere() as workers:
            way = crawling.Crawl(fetcher, workers, Outlets({}), known, give)
            reading = asyncio.create_task(read_links("list", links, way, again=False))
            async with asyncio.timeout(20):
                while way._in_hand < crawling.IN_HAND:
                    await asyncio.sleep(0.01)
            await asyncio.sleep(0.2)  # in which the other pages would have been asked for
            asked = site.asked()
            stored.set()
            await reading
        return asked, given

    asked, given = asyncio.run(crawled())
    assert len(asked) == 2
    assert sum(isinstance(item, Article) for item in given) == PAGES
