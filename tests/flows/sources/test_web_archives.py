"""WARC files: each page once, with its outlet by domain, and what can be had of an archive that is cut short."""

from __future__ import annotations

import gzip
import io

import pytest
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from flows.errors import UserError
from storage import WHOLE_SOURCE


def archive(*pages: tuple[str, bytes, str, str], packed: bool = True) -> bytes:
    """Of each page its address, body, status and type."""
    buffer = io.BytesIO()
    writer = WARCWriter(buffer, gzip=packed)
    writer.write_record(writer.create_warcinfo_record("a.warc.gz", {"software": "test"}))
    for address, body, status, kind in pages:
        for record_type in ("request", "response"):
            headers = StatusAndHeaders(status, [("Content-Type", kind)], protocol="HTTP/1.1")
            if record_type == "request":
                headers = StatusAndHeaders("GET / HTTP/1.1", [("Host", "x")], is_http_request=True)
            payload = io.BytesIO(body if record_type == "response" else b"")
            date = {"WARC-Date": "2024-03-02T00:00:00Z"}
            record = writer.create_warc_record(
                address, record_type, payload=payload, http_headers=headers, warc_headers_dict=date
            )
            writer.write_record(record)
    return buffer.getvalue()


@pytest.fixture
def pages(gold_articles, web_page):
    return [
        ("https://news.wire.example/a", web_page(gold_articles[0]), "200 OK", "text/html; charset=utf-8"),
        ("https://vestnik.example/b", web_page(gold_articles[4], "windows-1251"), "200 OK", "text/html"),
        ("https://vestnik.example/c", web_page(gold_articles[8]), "404 Not Found", "text/html"),
        ("https://vestnik.example/d.jpg", b"\xff\xd8", "200 OK", "image/jpeg"),
        ("https://vestnik.example/e", b"<p>Cookies?</p>", "200 OK", "text/html"),
        ("https://vestnik.example/f", web_page(gold_articles[8]), "200 OK", "text/html"),
    ]


@pytest.mark.parametrize("packed", [True, False])
def test_pages_become_articles_once_with_their_outlet_by_domain(bring, tmp_path, pages, packed):
    (tmp_path / "a.warc").write_bytes(archive(*pages, packed=packed))
    found, rejects = bring(kind="warc", path=tmp_path / "a.warc")
    assert [(article.outlet, article.named_by, article.language) for article in found] == [
        ("Example Wire", None, "en"),
        ("vestnik.example", "domain", "ru"),
        ("vestnik.example", "domain", "ar"),
    ]
    assert [item for item, _ in rejects] == ["https://vestnik.example/e"]
    assert bring(kind="warc", path=tmp_path / "a.warc") == ([], [])


def test_a_page_without_a_date_has_that_of_the_crawl(bring, tmp_path, gold_articles, web_page):
    body = web_page(gold_articles[0] | {"published_at": ""})
    (tmp_path / "a.warc.gz").write_bytes(archive(("https://x.example/a", body, "200 OK", "text/html")))
    ((article,), _) = bring(kind="warc", path=tmp_path / "a.warc.gz")
    assert article.published_at.isoformat() == "2024-03-02T00:00:00+00:00"


@pytest.mark.parametrize("share", [0.3, 0.6, 0.95])
def test_of_an_archive_that_is_cut_short_comes_what_is_before(bring, tmp_path, pages, share):
    whole = archive(*pages)
    (tmp_path / "a.warc.gz").write_bytes(whole[: int(len(whole) * share)])
    found, rejects = bring(kind="warc", path=tmp_path / "a.warc.gz")
    assert len(found) <= 3
    (tmp_path / "whole.warc.gz").write_bytes(whole)
    more, _ = bring(kind="warc", path=tmp_path / "whole.warc.gz")
    assert len(found) + len(more) + len([1 for item, _ in rejects if item.endswith("/e")]) >= 3
    assert {article.url for article in found}.isdisjoint(article.url for article in more)


def test_a_page_that_unpacks_without_end_is_a_reject_and_the_rest_goes_on(bring, tmp_path, pages):
    bomb = ("https://bomb.example/", b"<p>" + b"a" * 60_000_000, "200 OK", "text/html")
    (tmp_path / "a.warc.gz").write_bytes(archive(bomb, pages[0]))
    found, rejects = bring(kind="warc", path=tmp_path / "a.warc.gz")
    assert len(found) == 1
    assert rejects == [("https://bomb.example/", "larger than 20000000 bytes")]


@pytest.mark.parametrize("data", [b"no archive at all", b"\x1f\x8b\x08\x00nonsense", gzip.compress(b"text")])
def test_what_is_no_archive_is_a_reject_of_the_whole(bring, tmp_path, data):
    (tmp_path / "a.warc.gz").write_bytes(data)
    found, ((item, reason),) = bring(kind="warc", path=tmp_path / "a.warc.gz")
    assert (found, item) == ([], WHOLE_SOURCE)
    assert reason.startswith("nothing further could be read")


def test_a_file_that_is_missing_is_told(bring, tmp_path):
    with pytest.raises(UserError, match="no such file; check `path` of this warc source"):
        bring(kind="warc", path=tmp_path / "none.warc")
