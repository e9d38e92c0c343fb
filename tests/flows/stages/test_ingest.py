"""What sources bring into the warehouse, run by run, and what is said of those that fail."""

from __future__ import annotations

import errno
import gzip
import io
import json
import zipfile
from itertools import pairwise, zip_longest
from pathlib import Path

import pytest
from prefect import flow
from prefect.testing.utilities import prefect_test_harness

from flows.errors import UserError
from flows.outlets import Outlets
from flows.settings import Settings
from flows.stages import ingest as stage
from flows.stages import may_pass
from storage import WHOLE_SOURCE, Warehouse, WarehouseError

ROW = {"outlet": "Wire", "language": "en", "title": "Truce", "text": "A truce took hold."}
SHIPPED = "Meridian Wire"  # an outlet that the shipped list knows


@pytest.fixture(scope="module", autouse=True)
def prefect():
    with prefect_test_harness(server_startup_timeout=120):
        yield


@pytest.fixture
def warehouse(tmp_path):
    return Warehouse(tmp_path / "coverage.duckdb")


@pytest.fixture
def bring(warehouse, monkeypatch):
    """Runs the stage with these sources."""
    monkeypatch.setattr(stage, "_ingest_source", stage._ingest_source.with_options(retry_delay_seconds=0))
    run = flow(stage.ingest, validate_parameters=False)

    def bring(*sources, **settings):
        fetch = {"allow_private": True, "delay": 0, "retries": 0, "timeout": 5} | settings.pop("fetch", {})
        return run(Settings(sources=sources, fetch=fetch, **settings), warehouse)

    return bring


@pytest.fixture
def table(tmp_path):
    def write(*lines, name="a.jsonl"):
        text = "".join((line if isinstance(line, str) else json.dumps(line)) + "\n" for line in lines)
        (tmp_path / name).write_text(text, encoding="utf-8")
        return {"kind": "jsonl", "path": tmp_path / name}

    return write


def rejected(warehouse: Warehouse) -> list[str]:
    return [Path(item).name for (item,) in warehouse.query("SELECT item FROM rejects ORDER BY item").rows]


class TestRejects:
    def test_of_a_table_are_those_of_its_last_reading(self, bring, warehouse, table):
        bring(table("{not json", ROW, "{not json either"))
        assert rejected(warehouse) == ["line 1", "line 3"]
        bring(table(ROW, "{not json"))
        assert rejected(warehouse) == ["line 2"]
        bring(table())
        assert rejected(warehouse) == []

    def test_of_a_folder_are_those_of_its_last_reading_also_where_two_sources_read_it(self, bring, warehouse, tmp_path):
        (tmp_path / "a.txt").write_text("")
        (tmp_path / "b.html").write_text("")
        sources = [{"kind": kind, "path": tmp_path, "outlet": "Wire", "language": "en"} for kind in ("texts", "pages")]
        for _ in range(2):
            bring(*sources)
            assert rejected(warehouse) == ["a.txt", "b.html"]
        (tmp_path / "a.txt").write_text("Truce\nA truce took hold.")
        (tmp_path / "b.html").unlink()
        bring(*sources)
        assert rejected(warehouse) == []

    def test_of_a_source_that_has_gone_are_one(self, bring, warehouse, table, tmp_path):
        good, bad = table(ROW), table("{not json", ROW, name="b.jsonl")
        bring(good, bad)
        (tmp_path / "b.jsonl").rename(tmp_path / "c.jsonl")
        bring(good, bad)
        assert rejected(warehouse) == [WHOLE_SOURCE]
        (tmp_path / "c.jsonl").rename(tmp_path / "b.jsonl")
        bring(good, bad)
        assert rejected(warehouse) == ["line 1"]

    def test_of_a_feed_go_when_what_they_name_is_had(self, bring, warehouse, table, site, web_page, gold_articles):
        feed = {"kind": "feed", "url": f"{site.address}/feed", "outlet": "Wire"}
        links = "".join(f"<item><link>{link}</link></item>" for link in ("/amp", "/index", "mailto:desk@a.example"))
        body = f'<rss version="2.0"><channel>{links}</channel></rss>'
        site.add("/feed", status=500)
        for tag in ('"1"', '"2"', '"2"'):  # with the last it has not changed
            site.add("/feed", body, ETag=tag)
        site.add("/feed", status=500)
        site.add("/feed", body, ETag='"2"')
        site.add("/feed", body.replace("mailto:desk@a.example", "/index"), ETag='"3"')
        site.add("/index", "<html><body><p>Nothing to read here.</p></body></html>")
        site.add("/amp", status=404)
        site.add("/amp", web_page(gold_articles[0] | {"url": f"{site.address}/full"}))
        after = []
        for _ in range(7):
            bring(feed, table(ROW))
            after.append(rejected(warehouse))
        lasting = ["entry 3", "index"]  # a page without an article is not asked for again
        assert after == [
            [WHOLE_SOURCE],
            ["entry 3", "amp", "index"],
            lasting,
            lasting,
            [*lasting, WHOLE_SOURCE],
            lasting,
            ["index"],
        ]

    @pytest.mark.parametrize(
        ("kind", "whole", "line", "item", "page"),
        [
            ("urls", "{}", "{}\n", "line", "gone"),
            ("opml", "<opml><body>{}</body></opml>", '<outline xmlUrl="{}"/>', "feed", WHOLE_SOURCE),
        ],
    )
    def test_of_a_list_are_those_of_its_lines_and_what_is_known_of_pages(
        self, bring, warehouse, site, tmp_path, kind, whole, line, item, page
    ):
        gone = site.add("/gone", status=410)
        source = {"kind": kind, "path": tmp_path / "list"}
        source["path"].write_text(whole.format("".join(map(line.format, ["no", gone, "neither"]))))
        bring(source)
        assert set(rejected(warehouse)) == {f"{item} 1", f"{item} 3", page}
        source["path"].write_text(whole.format(line.format(gone)))
        bring(source)
        assert rejected(warehouse) == [page]

    def test_what_a_feed_has_too_much_of_stays_as_long_as_it_has_it(
        self, bring, warehouse, table, site, web_page, gold_articles, monkeypatch
    ):
        monkeypatch.setattr("flows.sources.feeds.MOST_ENTRIES", 12)  # more than a batch
        items = [f"<item><link>/{n}</link></item>" for n in range(13)]
        site.add("/feed", f'<rss version="2.0"><channel>{"".join(items)}</channel></rss>', ETag='"1"')
        site.add("/feed", f'<rss version="2.0"><channel>{"".join(items[:1])}</channel></rss>', ETag='"2"')
        for n in range(13):
            site.add(f"/{n}", web_page(gold_articles[n] | {"url": f"{site.address}/{n}"}))
        feed = {"kind": "feed", "url": f"{site.address}/feed", "outlet": "Wire"}
        bring(feed)
        assert rejected(warehouse) == ["its entries"]
        assert warehouse.query("SELECT status FROM fetches WHERE url = $1", [feed["url"]]).rows == [(200,)]
        bring(feed)
        assert rejected(warehouse) == []


class TestSourcesThatFail:
    def test_a_feed_that_cannot_be_had_is_a_failed_source(self, bring, warehouse, table, site):
        feed = {"kind": "feed", "url": site.add("/feed", status=404), "outlet": "Wire"}
        with pytest.raises(UserError, match=r"no source could be read:\nhttp://127.*/feed: the host answered 404"):
            bring(feed)
        assert bring(feed, table(ROW)) == {"new articles": 1, "rejects": 1, "failed sources": 1}

    def test_an_error_that_nobody_thought_of_is_a_reject_and_the_rest_goes_on(
        self, bring, warehouse, table, monkeypatch, caplog
    ):
        def read(source, *_):
            yield from original(source, None, Outlets({}))
            if source.path.name == "a.jsonl":
                raise AttributeError("no such\nthing")

        original = stage.read_source
        monkeypatch.setattr(stage, "read_source", read)
        other = table(ROW | {"text": "Peace."}, name="b.jsonl")
        assert bring(table(ROW, "{not json"), other) == {"new articles": 2, "rejects": 2, "failed sources": 1}
        assert rejected(warehouse) == ["line 2", WHOLE_SOURCE]
        ((reason,),) = warehouse.query("SELECT reason FROM rejects WHERE item = $1", [WHOLE_SOURCE]).rows
        assert reason.endswith("a.jsonl: reading it failed unexpectedly: AttributeError: no such thing")
        assert any(record.exc_info for record in caplog.records)

    @pytest.mark.parametrize("error", [WarehouseError("in use"), KeyboardInterrupt(), SystemExit(3)])
    def test_what_is_not_the_fault_of_the_source_ends_the_run(self, bring, table, monkeypatch, error):
        def read(source, *_):
            raise error
            yield

        monkeypatch.setattr(stage, "read_source", read)
        with pytest.raises(BaseException) as raised:
            bring(table(ROW))
        assert not isinstance(raised.value, UserError)

    @pytest.mark.parametrize(("number", "tries"), [(errno.EIO, 3), (errno.EACCES, 1)])
    def test_only_what_may_pass_is_tried_again(self, bring, warehouse, table, monkeypatch, number, tries):
        tried = []

        def read(source, *_):
            tried.append(source)
            raise OSError(number, "Out of order", "/data/a.jsonl")
            yield

        monkeypatch.setattr(stage, "read_source", read)
        with pytest.raises(UserError, match=r"/data/a\.jsonl: cannot be read: Out of order$"):
            bring(table(ROW))
        assert (len(tried), rejected(warehouse)) == (tries, [WHOLE_SOURCE])

    def test_a_name_that_is_too_long_is_told_without_its_number(self, bring, tmp_path):
        with pytest.raises(UserError) as error:
            bring({"kind": "jsonl", "path": tmp_path / ("a" * 300 + ".jsonl")})
        assert "Errno" not in str(error.value) and str(tmp_path) in str(error.value)


@pytest.mark.parametrize(
    ("error", "passing"),
    [
        (OSError(errno.EIO, "input/output error"), True),
        (ConnectionResetError(), True),
        (FileNotFoundError(), False),
        (PermissionError(), False),
        (IsADirectoryError(), False),
        (NotADirectoryError(), False),
        (OSError(errno.ENAMETOOLONG, "File name too long"), False),
        (ValueError(), False),
    ],
)
def test_what_may_be_gone_a_moment_later(error, passing):
    assert may_pass(error) is passing


class TestOutlets:
    def test_only_those_with_articles_and_those_of_the_config_are_stored(self, bring, warehouse, table):
        rows = [ROW | {"country": "IE"}, ROW | {"outlet": SHIPPED, "country": "FR"}]
        bring(table(*rows), outlets={"Courier": {"country": "SY", "affiliation": "state"}})
        assert warehouse.query("SELECT outlet, country, affiliation FROM outlets ORDER BY outlet").rows == [
            ("Courier", "SY", "state"),
            (SHIPPED, "GB", "private"),
            ("Wire", "IE", "unknown"),
        ]

    def test_an_entry_that_has_changed_counts_from_the_next_run(self, bring, warehouse, table):
        for entry in ({"country": "IE"}, {"country": "GB", "affiliation": "party", "group": "Holding"}):
            bring(table(ROW | {"country": "FR"}), outlets={"Wire": entry})
        assert warehouse.query("SELECT * FROM outlets").rows == [("Wire", "GB", None, "party", "Holding", None)]


def test_hostile_sources_of_every_kind_leave_a_reject_each_and_the_good_ones_all_their_articles(
    bring, warehouse, table, site, web_page, gold_articles, tmp_path
):
    def endless(request):
        while True:
            request.wfile.write(b"x" * 65_536)

    def file(kind, name, data, **more):
        (tmp_path / name).write_bytes(data)
        return {"kind": kind, "path": tmp_path / name, **more}

    def feed(path, *links):
        items = "".join(f"<item><link>{link}</link></item>" for link in links)
        body = f'<rss version="2.0"><channel>{items}</channel></rss>'
        return {"kind": "feed", "url": site.add(path, body), "outlet": "Wire"}

    site.behave("/endless", endless)
    site.add("/loop", status=302, Location="/loop")
    site.add("/br", b"\x0b\x02\x80hello\x03", Content_Encoding="br")
    site.add("/bomb", gzip.compress(bytes(20_000_000)), Content_Encoding="gzip")
    site.add("/tags", "<i>" * 100_000)
    site.add("/good", web_page(gold_articles[0] | {"url": f"{site.address}/good"}))
    site.add("/listed", web_page(gold_articles[4] | {"url": f"{site.address}/listed"}))
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a", b"\n" * 5_000_000)
    (tmp_path / "pages").mkdir()
    (tmp_path / "pages" / "a.html").write_bytes(b"<div " + b"a " * 1_000 + b">")
    bomb = b"<!DOCTYPE opml [<!ENTITY a '0123456789'>" + b"".join(
        b"<!ENTITY %s '%s'>" % (name, b"&%s;" % before * 20) for before, name in pairwise(b"a b c d e f g h".split())
    )
    hostile = [
        {"kind": "feed", "url": f"{site.address}/endless", "outlet": "Wire"},
        {"kind": "feed", "url": f"{site.address}/loop", "outlet": "Wire"},
        {"kind": "feed", "url": f"{site.address}/br", "outlet": "Wire"},
        {"kind": "feed", "url": f"https{site.address[4:]}/feed", "outlet": "Wire"},
        {"kind": "sitemap", "url": f"{site.address}/bomb"},
        file("opml", "a.opml", bomb + b"]><opml>&h;</opml>"),
        file("gdelt", "a.zip", packed.getvalue()),
        file("gdelt", "a.json", b'{"articles":' + b"[" * 100_000),
        file("telegram", "t.json", b"[" * 100_000),
        file("jsonl", "deep.jsonl", b"[" * 100_000),
        file("csv", "open.csv", b"outlet,language,text\n" + b'x","\n' * 100),
        file("parquet", "a.parquet", b"PAR1" + b"\xff" * 1_000 + b"PAR1"),
        file("warc", "a.warc", b"WARC/1.0\r\nX: " + b"x" * 2_000_000),
        {"kind": "pages", "path": tmp_path / "pages", "outlet": "Wire"},
    ]
    good = [
        feed("/feed", *(f"/{page}" for page in ("endless", "loop", "br", "bomb", "tags", "\u202e", "good"))),
        table(ROW, ROW | {"text": "Peace \ud800."}),
        file("urls", "list.txt", f"{site.address}/tags\n{site.address}/listed\n".encode()),
    ]
    between = [source for pair in zip_longest(hostile, good) for source in pair if source]
    assert bring(*between, fetch={"max_bytes": 1_000_000})["new articles"] == 4
    urls = warehouse.query("SELECT url FROM articles WHERE url IS NOT NULL ORDER BY url").rows
    assert urls == [(f"{site.address}/good",), (f"{site.address}/listed",)]
    failed = {source for (source,) in warehouse.query("SELECT DISTINCT source FROM rejects").rows}
    assert failed >= {source.get("url") or str(source["path"]) for source in hostile}
    pages = {Path(item).name for item in rejected(warehouse)}
    assert pages >= {"endless", "loop", "br", "bomb", "tags", "%E2%80%AE", "a.html", "line 1"}
    reasons = [reason for (reason,) in warehouse.query("SELECT reason FROM rejects").rows]
    assert all(len(reason) < 1_000 and "unexpectedly" not in reason for reason in reasons)


class TestHint:
    def test_names_the_warehouse_where_the_command_would_take_another(self, bring, warehouse, table, caplog):
        bring(table("{not json", ROW))
        (hint,) = (record.getMessage() for record in caplog.records if "rejected" in record.getMessage())
        assert f'`rashomon sql "from rejects" --warehouse {warehouse.place}` says why' in hint

    @pytest.mark.parametrize(
        ("path", "variable", "end"),
        [
            ("rashomon.duckdb", None, '"from rejects"'),
            ("my coverage.duckdb", None, "--warehouse 'my coverage.duckdb'"),
            ("other.duckdb", "other.duckdb", '"from rejects"'),
            ("rashomon.duckdb", "other.duckdb", "--warehouse rashomon.duckdb"),
        ],
    )
    def test_is_a_command_to_copy(self, monkeypatch, tmp_path, path, variable, end):
        monkeypatch.chdir(tmp_path)
        monkeypatch.delenv("RASHOMON_WAREHOUSE", raising=False)
        if variable:
            monkeypatch.setenv("RASHOMON_WAREHOUSE", variable)
        assert stage._query("from rejects", path).endswith(end)
