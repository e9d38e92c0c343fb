"""Many sources of the web at once: nothing is lost, what fails stands alone, hosts are counted."""

from __future__ import annotations

import pytest
from prefect import flow
from prefect.testing.utilities import prefect_test_harness

from flows.settings import Settings
from flows.stages import crawl
from flows.stages.ingest import ingest
from storage import WHOLE_SOURCE, Warehouse, WarehouseError


@pytest.fixture(scope="module", autouse=True)
def prefect():
    with prefect_test_harness(server_startup_timeout=120):
        yield


@pytest.fixture
def warehouse(tmp_path):
    return Warehouse(tmp_path / "coverage.duckdb")


@pytest.fixture
def bring(warehouse):
    def bring(*sources, **fetch):
        fetch = {"allow_private": True, "delay": 0, "retries": 0, "timeout": 5, **fetch}
        return flow(ingest, validate_parameters=False)(Settings(sources=sources, fetch=fetch), warehouse)

    return bring


@pytest.fixture
def feed(site, web_page, gold_articles):
    """Puts a feed of so many pages on the site. Gives its source."""

    def add(name: str, pages: int):
        for number in range(pages):
            path = f"/{name}/{number}"
            site.add(path, web_page(gold_articles[number % len(gold_articles)] | {"url": site.address + path}))
        items = "".join(f"<item><link>/{name}/{number}</link></item>" for number in range(pages))
        url = site.add(f"/{name}", f'<rss version="2.0"><channel>{items}</channel></rss>', ETag='"1"')
        return {"kind": "feed", "url": url, "outlet": name}

    return add


def test_each_source_gives_all_it_has_and_no_page_is_asked_for_twice(bring, warehouse, site, feed):
    sources = [feed(name, 12) for name in ("North", "South", "East")]
    assert bring(*sources) == {"new articles": 36, "rejects": 0, "failed sources": 0}
    counted = "SELECT outlet, count(*) FROM articles GROUP BY outlet ORDER BY outlet"
    assert warehouse.query(counted).rows == [("East", 12), ("North", 12), ("South", 12)]
    assert len(site.asked()) == len(set(site.asked())) == 39
    site.requests.clear()
    assert bring(*sources)["new articles"] == 0
    assert len(site.asked()) == 3  # the feeds, which have not changed


def test_a_source_that_fails_in_an_unexpected_way_is_a_reject_and_the_others_go_on(bring, warehouse, feed, monkeypatch):
    read_web = crawl.read_web

    async def read(source, way):
        if source.outlet == "Odd":
            raise AttributeError("no such\nthing")
        await read_web(source, way)

    monkeypatch.setattr(crawl, "read_web", read)
    assert bring(feed("Odd", 1), feed("North", 2)) == {"new articles": 2, "rejects": 1, "failed sources": 1}
    ((reason,),) = warehouse.query("SELECT reason FROM rejects WHERE item = $1", [WHOLE_SOURCE]).rows
    assert reason.endswith("/Odd: reading it failed unexpectedly: AttributeError: no such thing")


def test_a_warehouse_that_cannot_be_written_ends_the_run(bring, feed, monkeypatch):
    def write(*_):
        raise WarehouseError("in use by process 7")

    source = feed("North", 3)
    monkeypatch.setattr(crawl, "store", write)
    with pytest.raises(WarehouseError, match="in use by process 7"):
        bring(source)


def test_who_stores_slowly_is_waited_for(bring, warehouse, feed, monkeypatch):
    """With room for one page and a batch each time something comes, all arrives all the same."""
    monkeypatch.setattr(crawl, "WAITING", 1)
    monkeypatch.setattr(crawl, "A_BATCH", 1)
    assert bring(feed("North", 9))["new articles"] == 9


def test_hosts_are_counted_by_day_and_left_alone_once_they_were_asked_enough(bring, warehouse, site, feed):
    source = feed("North", 6)
    counted = "SELECT host, requests, failures, bytes > 1000 FROM host_days"
    bring(source, a_day=4)  # robots.txt, which it does not have, the feed and two pages
    assert warehouse.query(counted).rows == [("127.0.0.1", 4, 1, True)]
    left = "SELECT count(*) FROM rejects WHERE reason LIKE '%was asked 4 times today%'"
    assert warehouse.query(left).rows == [(4,)]
    bring(source, a_day=7)  # robots.txt, the feed, which is read again, and one more page
    assert warehouse.query(counted).rows == [("127.0.0.1", 7, 2, True)]
    assert warehouse.query("SELECT count(*) FROM articles").rows == [(3,)]
    bring(source)
    assert warehouse.query("SELECT count(*), (SELECT count(*) FROM rejects) FROM articles").rows == [(6, 0)]


def test_what_failed_is_told_by_host(bring, site, feed, caplog):
    source = feed("North", 2)
    site.pages["/North/1"].clear()
    site.add("/North/1", status=500)
    bring(source)
    (told,) = (record.getMessage() for record in caplog.records if "requests failed: at" in record.getMessage())
    assert told == "2 requests failed: at 127.0.0.1 (2 of 4)"  # it has no robots.txt either
    assert any(record.getMessage().startswith("pages: 2 of 2 (") for record in caplog.records)
