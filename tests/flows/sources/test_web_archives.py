"""WARC files: each page once, with its outlet by domain, and what can be had of an archive that is cut short."""

from __future__ import annotations

import gzip
import io

import pytest
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from flows.errors import UserError
from flows.sources.extraction import extract_page
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


def spoiled(whole: bytes, how: str) -> bytes:
    if how == "changed":
        place = len(whole) * 6 // 10
        return whole[:place] + b"\0" * 40 + whole[place + 40 :]
    return whole[: int(len(whole) * float(how))]


@pytest.mark.parametrize("packed", [True, False])
@pytest.mark.parametrize("how", ["0.3", "0.6", "0.95", "changed"])
def test_of_an_archive_that_is_cut_short_or_damaged_comes_what_is_whole_and_the_rest_from_a_better_one(
    bring, tmp_path, pages, packed, how
):
    good = [page for page in pages if page[2] == "200 OK" and len(page[1]) > 100]
    (tmp_path / "whole.warc").write_bytes(archive(*good, packed=packed))
    (tmp_path / "cut.warc").write_bytes(
        spoiled(archive(*good, packed=packed), how if packed else how.replace("changed", "0.5"))
    )
    found, rejects = bring(kind="warc", path=tmp_path / "cut.warc")
    assert len(found) < 3
    assert [item for item, _ in rejects] == [WHOLE_SOURCE]
    assert rejects[0][1].startswith("nothing further could be read")
    more, none = bring(kind="warc", path=tmp_path / "whole.warc")
    assert none == []
    assert sorted(len(article.text) for article in found + more) == sorted(
        len(extract_page(page[1]).text) for page in good
    )


def test_pages_that_were_packed_on_their_way_are_unpacked_and_other_ways_are_left_to_others(bring, tmp_path, pages):
    def packed(page, coding, body):
        return (*page[:1], body, page[2], f"{page[3]}\r\nContent-Encoding: {coding}")

    chunked = b"%x\r\n%s\r\n0\r\n\r\n" % (len(pages[5][1]), pages[5][1])
    records = [
        packed(pages[0], "gzip", gzip.compress(pages[0][1])),
        packed(pages[1], "gzip", pages[1][1]),  # unpacked by whoever archived it
        packed(pages[5], "identity\r\nTransfer-Encoding: chunked", chunked),
        packed(("https://x.example/br", b"", "200 OK", "text/html"), "br", b"\x0b\x02\x80"),
    ]
    (tmp_path / "a.warc.gz").write_bytes(archive(*records))
    found, rejects = bring(kind="warc", path=tmp_path / "a.warc.gz")
    assert sorted(article.language for article in found) == ["ar", "en", "ru"]
    assert [item for item, _ in rejects] == ["https://x.example/br"]
    assert [item for item, _ in bring(kind="warc", path=tmp_path / "a.warc.gz")[1]] == ["https://x.example/br"]


def test_a_page_that_a_site_refused_is_taken_out_of_an_archive(bring, site, tmp_path, pages):
    (tmp_path / "list.txt").write_text(site.add("/a", "no", 403))
    bring(kind="urls", path=tmp_path / "list.txt")
    (tmp_path / "a.warc").write_bytes(archive((site.address + "/a", *pages[0][1:])))
    assert len(bring(kind="warc", path=tmp_path / "a.warc")[0]) == 1


@pytest.mark.parametrize("data", [b"no archive at all", b"\x1f\x8b\x08\x00nonsense", gzip.compress(b"text", mtime=0)])
def test_what_is_no_archive_is_a_reject_of_the_whole(bring, tmp_path, data):
    (tmp_path / "a.warc.gz").write_bytes(data)
    found, ((item, reason),) = bring(kind="warc", path=tmp_path / "a.warc.gz")
    assert (found, item) == ([], WHOLE_SOURCE)
    assert reason.startswith("nothing further could be read")


def test_nothing_of_a_damaged_archive_is_written_to_the_terminal(bring, tmp_path, capfd, caplog):
    head = (
        b"WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: http://x.example/a b\x1b[31m\r\nContent-Length: 2\r\n\r\n"
    )
    (tmp_path / "a.warc").write_bytes(head + b"longer \x1b[31m than it says\r\n" * 3 + head)
    bring(kind="warc", path=tmp_path / "a.warc")
    assert (capfd.readouterr(), caplog.records) == (("", ""), [])


def test_the_reason_why_nothing_is_read_has_no_control_characters(bring, tmp_path):
    (tmp_path / "a.warc").write_bytes(b"no\x1b[31m \x85\x00archive\r\n")
    _, ((_, reason),) = bring(kind="warc", path=tmp_path / "a.warc")
    assert "no" in reason and reason.isprintable()


def test_a_file_that_is_missing_is_told(bring, tmp_path):
    with pytest.raises(UserError, match="no such file; check `path` of this warc source"):
        bring(kind="warc", path=tmp_path / "none.warc")
