"""What the web and files may do to harm a run, case by case: each ends soon, with a reject, and spoils nothing else.

What a host may do on the wire is in tests/flows/test_fetching.py.
"""

from __future__ import annotations

import gzip
import json
import shutil
import socket
import ssl
import subprocess
import sys
import threading
import time
from collections.abc import Callable

import duckdb
import pytest

from flows.errors import UserError
from flows.sources.extraction import extract_page
from flows.sources.markup import MOST_ATTRIBUTES, MOST_TAGS, check_html, check_xml
from flows.sources.records import Unfit
from storage import WHOLE_SOURCE

SENTENCE = "The two sides agreed on Thursday to halt all fire along the border after three days of clashes. "
ARTICLE = f"<article><h1>Truce</h1><p>{SENTENCE * 5}</p></article>"
LARGEST = 5_000_000  # what is read of a page
ROW = {"outlet": "Wire", "language": "en", "text": "A truce took hold."}


def full_of(part: str) -> str:
    return part * (LARGEST // len(part))


PAGES = {
    "blocks in blocks": "<div>" * 100_000,
    "inline tags in inline tags": "<p>" + "<b><i><span>" * 35_000,
    "a million siblings": full_of("<p>x"),
    "empty siblings": full_of("<br>"),
    "tags hidden from a scan by what looks like a comment": "<!-->" + full_of("<i>"),
    "tags hidden from a scan by what looks like a script": "<title><script></title>" + full_of("<i>"),
    "attributes without end": "<div " + " ".join(f"a{n}=1" for n in range(500_000)) + ">",
    "attributes behind an odd quotation mark": '<div "a=1 ' + " ".join(f"a{n}=1" for n in range(500_000)) + ">",
    "an attribute of megabytes": f"<div class='{full_of('date ')}'>x</div>",
    "a title of megabytes": f"<h1>{full_of('x | ')}</h1>",
    "dates without end": f"<p>{full_of('12.12.2023 ')}</p>",
    "a word without end": full_of("x"),
    "entities": full_of("&amp;"),
    "an entity without end": "&" + full_of("a"),
    "brackets": full_of("<"),
    "names of tags without end": full_of("<a"),
    "comments that do not close": full_of("<!--"),
    "a declaration that does not close": "<?xml " + full_of(" "),
    "data in deep brackets": f"<script type='application/ld+json'>{'[' * 1_000_000}</script>",
    "characters that are none": "<p>&#xD800; &#0; &#1114112; \0 " + SENTENCE * 5,
}


@pytest.mark.parametrize("page", PAGES.values(), ids=PAGES)
def test_a_page_gives_its_article_or_none_in_seconds(page):
    start = time.process_time()
    try:
        assert extract_page((page + ARTICLE).encode()).text.encode()
    except Unfit as reason:
        assert len(str(reason)) < 200
    assert time.process_time() - start < 20


def test_the_most_tags_and_attributes_that_are_read():
    tag = "<p {}>".format(" ".join(f'a{n}="<>"' for n in range(MOST_ATTRIBUTES)))
    for check in (check_html, check_xml):
        check(tag)
        check("<p>x</p>" * MOST_TAGS)
        with pytest.raises(Unfit, match=f"more than {MOST_ATTRIBUTES} attributes"):
            check(tag.replace(">", " b='1'>"))
        with pytest.raises(Unfit, match=f"more than {MOST_TAGS} tags"):
            check("<p>x</p>" * (MOST_TAGS + 1))


def test_scripts_and_comments_of_a_page_are_no_tags():
    code = "if(a<b && " + "c<d " * (2 * MOST_TAGS)
    check_html(f"<p>x</p><script>{code}</script><!-- {code} --><style>{code}</style><p>y</p>")


def feed(*items: str, head: str = "") -> str:
    return f'{head}<rss version="2.0"><channel><title>T</title>{"".join(items)}</channel></rss>'


def entities(reference: str) -> str:
    grown = "".join(f"<!ENTITY a{n} '{f'&a{n - 1};' * 10}'>" for n in range(1, 10))
    bomb = f"<!DOCTYPE x [<!ENTITY a0 '0123456789'>{grown}<!ENTITY file SYSTEM 'file:///etc/passwd'>]>"
    return feed(f"<item><title>{reference}</title><link>/page</link></item>", head=bomb)


TRUE = "<item><link>/page</link></item>"
FEEDS = {  # and whether the one entry that leads to a page is read
    "entities that grow": (entities("&a9;"), True),
    "an entity that is a file": (entities("&file;"), True),
    "a hundred thousand entries": (feed(TRUE, "<item><link>/page</link></item>" * 100_000), True),
    "entries that do not close": (feed(TRUE, "<item>" * 100_000), True),
    "a title of a megabyte": (feed(f"<item><title>{'x<' * 500_000}</title><link>/page</link></item>"), False),
    "a title of a megabyte of HTML": (
        feed(f"<item><title>{'&lt;b&gt;' * 100_000}</title><link>/page</link></item>"),
        True,
    ),
    "an author without end": (feed(f"<item><link>/page</link><author>{'a' * 4_900_000}</author></item>"), True),
    "tags in tags": (feed("<item><link>/page</link>", "<a>" * 100_000), False),
    "attributes without end": (feed("<item " + " ".join(f"a{n}='1'" for n in range(100_000)) + "/>", TRUE), False),
    "a date of a megabyte": (feed(f"<item><link>/page</link><pubDate>{'1 Jun ' * 200_000}</pubDate></item>"), True),
    "a date in no calendar": (
        feed("<item><link>/page</link><pubDate>Thu, 99 Jun 99999 25:61:61</pubDate></item>"),
        True,
    ),
    "links without end": (feed("<item>", "<link>/x</link>" * 100_000, "</item>"), False),
}


@pytest.mark.parametrize(("body", "is_read"), FEEDS.values(), ids=FEEDS)
def test_a_feed_is_read_or_a_reject_in_seconds(bring, site, body, is_read):
    site.add("/page", f"<html><body>{ARTICLE}")
    start = time.process_time()
    found, rejects = bring(kind="feed", url=site.add("/feed", body), outlet="Wire", language="en")
    assert time.process_time() - start < 20
    assert len(found) == is_read and (found or rejects)
    assert all("root:" not in article.title and len(article.title) <= 2_000 for article in found)
    assert all(len(reason) < 300 for _, reason in rejects)


ADDRESSES = {
    "control characters": "http://a.example/&#x9b;[31m",
    "a bell in the host": "http://a&#x7;.example/",
    "a password": "http://user:password@[::1/",
    "a host of letters that look like others": "http://аррӏе.invalid/x",
    "a right-to-left override": "http://a.invalid/&#x202e;gpj.exe",
    "a hundred kilobytes": "http://a.invalid/" + "x" * 100_000,
    "a local file": "file:///etc/passwd",
    "a script": "javascript:alert(1)",
}


@pytest.mark.parametrize("address", ADDRESSES.values(), ids=ADDRESSES)
def test_an_odd_address_in_a_feed_is_a_reject_of_its_own(bring, site, address):
    site.add("/page", f"<html><body>{ARTICLE}")
    body = f'<rss version="2.0"><channel><item><link>{address}</link></item>{TRUE}</channel></rss>'
    found, ((item, reason),) = bring(kind="feed", url=site.add("/feed", body), outlet="Wire", language="en")
    assert len(found) == 1 and item != WHOLE_SOURCE
    assert len(reason) < 300 and reason.isprintable()


def nested(depth: int = 100_000) -> str:
    return "[" * depth


def warc(headers: str, body: bytes = b"") -> bytes:
    return f"WARC/1.0\r\n{headers}\r\n\r\n".encode() + body


RESPONSE = (
    "WARC-Type: response\r\nWARC-Target-URI: http://a.example/a\r\nContent-Type: application/http; msgtype=response"
)
HTTP = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n" + f"<html><body>{ARTICLE}".encode()
FILES: dict[str, tuple[str, bytes, str]] = {  # kind, bytes, and part of the reason
    "JSON in deep brackets (lines)": ("jsonl", nested().encode(), "RecursionError"),
    "JSON in deep brackets (objects)": ("jsonl", b'{"a":' * 100_000, "RecursionError"),
    "JSON in deep brackets (a channel)": ("telegram", b'{"messages":' + nested().encode(), "no export of a Telegram"),
    "JSON in deep brackets (GDELT)": ("gdelt", b'{"articles":' + nested().encode(), "no list of articles"),
    "a number without end": ("jsonl", b'{"text": ' + b"9" * 1_000_000 + b"}", "not JSON"),
    "entities that grow (OPML)": ("opml", entities("&a9;").replace("rss", "opml").encode(), "amplification"),
    "tags in tags (OPML)": ("opml", b"<opml>" + b"<outline>" * 100_000, "not OPML"),
    "a name without end (OPML)": ("opml", b"<" + b"x" * 49_000 + b"/>", "not OPML"),
    "a record longer than it says (WARC)": ("warc", warc(f"{RESPONSE}\r\nContent-Length: 10", HTTP), "nothing further"),
    "a record shorter than it says (WARC)": (
        "warc",
        warc(f"{RESPONSE}\r\nContent-Length: 99999999", HTTP),
        "cut short",
    ),
    "a record of a negative length (WARC)": ("warc", warc(f"{RESPONSE}\r\nContent-Length: -1", HTTP), ""),
    "a header line without end (WARC)": ("warc", warc("X-Long: " + "x" * 2_000_000), "nothing further"),
    "headers without end (WARC)": ("warc", b"WARC/1.0\r\n" + b"X-More: 1\r\n" * 200_000, "nothing further"),
    "a record that unpacks without end (WARC)": (
        "warc",
        gzip.compress(warc(f"{RESPONSE}\r\nContent-Length: 60000000", HTTP + bytes(60_000_000 - len(HTTP)))),
        "larger than",
    ),
}


@pytest.mark.parametrize(("kind", "data", "told"), FILES.values(), ids=FILES)
def test_a_file_is_a_reject_in_seconds(bring, tmp_path, kind, data, told):
    (tmp_path / "file").write_bytes(data)
    start = time.process_time()
    try:
        found, ((_, reason),) = bring(kind=kind, path=tmp_path / "file")
    except UserError as error:  # which the stage makes a reject of the whole
        found, reason = [], str(error).removeprefix(str(tmp_path))
    assert time.process_time() - start < 10
    assert not found and told in reason and len(reason) < 400


def test_lone_surrogates_are_replaced_wherever_they_come_from(bring, tmp_path, site):
    (tmp_path / "a.jsonl").write_text(json.dumps(ROW | {"title": "\ud800"}) + "\n")
    (tmp_path / "a.csv").write_bytes(b"outlet,language,title,text\nWire,en,a\xed\xa0\x80b,A truce took hold.\n")
    message = {"id": "\ud800", "type": "message", "text": [SENTENCE, {"text": "\udfff"}]}
    channel = {"type": "public_channel", "id": 1, "name": "\ud800Wire", "messages": [message]}
    (tmp_path / "a.json").write_text(json.dumps(channel))
    address = site.add("/page", f"<html><body>{ARTICLE.replace('Truce', '&#xD800;Truce')}")
    (tmp_path / "a.txt").write_text(address)
    sources = {"a.jsonl": "jsonl", "a.csv": "csv", "a.json": "telegram", "a.txt": "urls"}
    for name, kind in sources.items():
        found, rejects = bring(kind=kind, path=tmp_path / name, language="en")
        assert len(found) + len(rejects) == 1
        for text in [text for article in found for text in (article.outlet, article.title, article.text, article.url)]:
            assert (text or "").encode("utf-8").decode() == (text or "")
        for item, reason in rejects:
            assert (item + reason).encode("utf-8")


MEASURED = """
import resource, sys
from flows.outlets import Outlets
from flows.settings import TableSource
from flows.sources import Article, read_source
source = TableSource(kind="jsonl", path=sys.argv[1])
list(read_source(source, dict, Outlets({})))  # everything is loaded
used = int(open("/proc/self/statm").read().split()[0]) * resource.getpagesize()
resource.setrlimit(resource.RLIMIT_AS, (used + 60_000_000,) * 2)
items = list(read_source(TableSource(kind="jsonl", path=sys.argv[2]), dict, Outlets({})))
print([getattr(item, "reason", "article") for item in items])
"""


@pytest.mark.skipif(sys.platform != "linux", reason="measures memory as Linux tells it")
def test_a_line_of_a_hundred_megabytes_is_not_held_in_memory(tmp_path):
    good = json.dumps(ROW).encode() + b"\n"
    (tmp_path / "small.jsonl").write_bytes(good)
    with (tmp_path / "large.jsonl").open("wb") as file:
        file.write(good + b'{"text": "')
        file.seek(100_000_000)  # a hole, read as NULs
        file.write(b'"}\n' + good)
    command = [sys.executable, "-c", MEASURED, str(tmp_path / "small.jsonl"), str(tmp_path / "large.jsonl")]
    ended = subprocess.run(command, capture_output=True, text=True, timeout=60)
    assert ended.stdout.strip() == "['article', 'longer than 10000000 bytes', 'article']", ended.stderr[-500:]


def cut(data: bytes) -> bytes:
    return data[: len(data) // 2]


def without_footer(data: bytes) -> bytes:
    return data[:-8] + b"\xff\xff\xff\x7f" + data[-4:]


def damaged_footer(data: bytes) -> bytes:
    size = int.from_bytes(data[-8:-4], "little")
    return data[: -8 - size] + b"\xff" * size + data[-8:]


def damaged_pages(data: bytes) -> bytes:
    return data[:4] + b"\xff" * 2_000 + data[2_004:]


def renamed_column(data: bytes) -> bytes:
    return data.replace(b"text", b"t\xffxt")


def more_rows(data: bytes) -> bytes:
    """Where the footer says how many rows there are (5,000 as a zigzag varint), it says some two thousand million."""
    return data.replace(b"\x90\x4e", b"\xfe\x7f")


@pytest.mark.parametrize(
    "spoil", [cut, without_footer, damaged_footer, damaged_pages, renamed_column, more_rows], ids=lambda f: f.__name__
)
def test_a_parquet_file_that_lies_is_told_and_gives_at_most_what_it_has(
    bring, tmp_path, spoil: Callable[[bytes], bytes]
):
    query = "select 'Wire' as outlet, 'en' as language, 'Peace ' || hash(i) as text from range(5000) t(i)"
    duckdb.sql(query).write_parquet(str(tmp_path / "whole.parquet"), compression="zstd")
    whole = (tmp_path / "whole.parquet").read_bytes()
    spoiled = spoil(whole)
    assert spoiled != whole
    (tmp_path / "a.parquet").write_bytes(spoiled)
    with pytest.raises(UserError, match=r"a\.parquet: ") as error:
        bring(kind="parquet", path=tmp_path / "a.parquet")
    assert "\n" not in str(error.value) and len(str(error.value)) < 500


def test_a_parquet_file_that_unpacks_to_a_hundred_times_its_size_is_read_in_parts(bring, tmp_path):
    query = "select 'Wire' as outlet, 'en' as language, repeat('x', 300000) as text from range(100)"
    duckdb.sql(query).write_parquet(str(tmp_path / "a.parquet"), compression="zstd")
    assert (tmp_path / "a.parquet").stat().st_size < 300_000
    found, rejects = bring(kind="parquet", path=tmp_path / "a.parquet")
    assert (found, len(rejects)) == ([], 100)


@pytest.fixture
def port():
    """Of a server that accepts and then does as it is told, in turn for each connection."""
    servers: list[socket.socket] = []

    def serve(behaviour: Callable[[socket.socket], None]) -> int:
        server = socket.create_server(("127.0.0.1", 0))
        servers.append(server)

        def run() -> None:
            while True:
                try:
                    connection, _ = server.accept()
                except OSError:
                    return
                with connection:
                    try:
                        behaviour(connection)
                    except OSError:
                        continue

        threading.Thread(target=run, daemon=True).start()
        return int(server.getsockname()[1])

    yield serve
    for server in servers:
        server.close()


def answers_in_plain(connection: socket.socket) -> None:
    connection.recv(1000)
    connection.sendall(b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n")


def hangs_up(connection: socket.socket) -> None:
    connection.recv(1000)


def says_nothing(connection: socket.socket) -> None:
    """As for the handshake, it hears all and keeps the line."""
    while connection.recv(1000):
        pass


@pytest.fixture(params=["page", "feed"])
def refused(request, bring, tmp_path):
    """The reason that a page or a feed at an address is rejected for."""

    def reason(address: str, **fetch: object) -> str:
        (tmp_path / "list.txt").write_text(address)
        source = {"kind": "urls", "path": tmp_path / "list.txt"}
        if request.param == "feed":
            source = {"kind": "feed", "url": address, "outlet": "W"}
        found, ((item, why),) = bring(**source, **fetch)
        assert (found, item) == ([], WHOLE_SOURCE if request.param == "feed" else address)
        return str(why)

    return reason


@pytest.mark.parametrize("behaviour", [answers_in_plain, hangs_up])
def test_tls_that_is_none_is_a_reject(refused, port, behaviour):
    assert refused(f"https://127.0.0.1:{port(behaviour)}/a").startswith("robots.txt of the host: no answer: ")


def test_a_handshake_that_is_never_made_ends_with_the_time(refused, port):
    start = time.monotonic()
    why = refused(f"https://127.0.0.1:{port(says_nothing)}/a", fetch={"timeout": 0.3, "retries": 0})
    assert why == "robots.txt of the host: no answer within 0.3 seconds"
    assert time.monotonic() - start < 10


@pytest.mark.skipif(not shutil.which("openssl"), reason="needs openssl to make a certificate")
@pytest.mark.parametrize(("days", "trusted", "told"), [("2", False, "self-signed"), ("-1", True, "expired")])
def test_a_certificate_that_is_not_good_is_a_reject(refused, port, tmp_path, monkeypatch, days, trusted, told):
    key, certificate = str(tmp_path / "key.pem"), str(tmp_path / "certificate.pem")
    made = ["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout", key]
    made += ["-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1", "-out", certificate]
    dated = ["x509", "-in", certificate, "-signkey", key, "-days", days, "-out", certificate]
    for command in (made, dated):
        subprocess.run(["openssl", *command], check=True, capture_output=True)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    if trusted:
        monkeypatch.setenv("SSL_CERT_FILE", certificate)
    number = port(lambda connection: context.wrap_socket(connection, server_side=True).close())
    why = refused(f"https://127.0.0.1:{number}/a")
    assert "CERTIFICATE_VERIFY_FAILED" in why and told in why
