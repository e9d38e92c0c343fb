"""`rashomon run` on coverage from a real server and from files, with what goes wrong out there."""

from __future__ import annotations

import csv
import json
import shlex
from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb
from commands import Command

RSS = """<?xml version="1.0" encoding="windows-1251"?>
<rss version="2.0"><channel><title>Лента</title>{items}</channel></rss>"""
ATOM = """<?xml version="1.0"?><feed xmlns="http://www.w3.org/2005/Atom"><title>Feed</title>{items}</feed>"""


def rows(folder: Path, sql: str) -> list[tuple[Any, ...]]:
    with duckdb.connect(str(folder / "rashomon.duckdb"), read_only=True) as connection:
        return connection.sql(sql).fetchall()


def serve_feeds(site: Any, web_page: Callable[..., bytes], articles: dict[str, dict[str, Any]]) -> None:
    """An RSS feed in windows-1251 and an Atom feed in UTF-8; pages in three encodings, three of them broken."""
    site.add("/robots.txt", "User-agent: *\nAllow: /\n")
    site.add(
        "/ru/1",
        web_page(articles["enclave-ru-1"] | {"url": f"{site.address}/ru/1"}, "windows-1251"),
        Content_Type="text/html",
    )
    site.add(
        "/ru/2",
        web_page(articles["enclave-ru-2"] | {"url": f"{site.address}/ru/2"}),
        Content_Type="text/html; charset=utf-8",
    )
    site.add("/ru/gone", b"gone", status=404)
    site.add(
        "/ar/1",
        web_page(articles["enclave-ar-1"] | {"url": f"{site.address}/ar/1"}, "windows-1256"),
        Content_Type="text/html",
    )
    site.add("/ar/shaky", b"try again", status=500)
    site.add(
        "/ar/shaky",
        web_page(articles["enclave-ar-2"] | {"url": f"{site.address}/ar/shaky"}),
        Content_Type="text/html; charset=utf-8",
    )
    site.add("/ar/menu", "<html><body><nav><a href='/'>Home</a></nav></body></html>", Content_Type="text/html")
    ru = "".join(
        f"<item><title>Новость</title><link>{site.address}{path}</link></item>"
        for path in ("/ru/1", "/ru/2", "/ru/gone")
    )
    ar = "".join(
        f'<entry><title>خبر</title><link href="{site.address}{path}"/></entry>'
        for path in ("/ar/1", "/ar/shaky", "/ar/menu")
    )
    site.add("/ru.xml", RSS.format(items=ru).encode("cp1251"), ETag='"ru-1"', Content_Type="application/rss+xml")
    site.add(
        "/ar.atom",
        ATOM.format(items=ar),
        Last_Modified="Wed, 05 Sep 2018 10:00:00 GMT",
        Content_Type="application/atom+xml",
    )


def write_files(folder: Path, articles: dict[str, dict[str, Any]]) -> None:
    """A JSONL with three bad lines, and a CSV with names of its own."""
    good = json.dumps(articles["enclave-en-1"], ensure_ascii=False)
    bad = [
        "{not json",
        json.dumps({"outlet": "Nobody", "text": ""}),
        json.dumps(articles["enclave-en-1"] | {"published_at": "yesterday"}),
    ]
    (folder / "wire.jsonl").write_text("\n".join([good, *bad]) + "\n", encoding="utf-8")
    with (folder / "archive.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, ["headline", "body", "date", "link"])
        writer.writeheader()
        article = articles["enclave-en-2"]
        writer.writerow(
            {
                "headline": article["title"],
                "body": article["text"],
                "date": article["published_at"],
                "link": article["url"],
            }
        )
    (folder / "memory.jsonl").write_text(
        json.dumps({"text": "Нейтральной считать такую версию трудно.", "en": "It is hard to call that neutral."})
        + "\n",
        encoding="utf-8",
    )


def config(site: Any) -> str:
    return f"""
sources:
  - {{kind: feed, url: "{site.address}/ru.xml", outlet: Отечественная трибуна, language: ru}}
  - {{kind: feed, url: "{site.address}/ar.atom", outlet: نداء إدلب}}
  - {{kind: jsonl, path: wire.jsonl}}
  - kind: csv
    path: archive.csv
    outlet: Damascus Courier
    columns: {{title: headline, text: body, published_at: date, url: link}}
  - {{kind: texts, path: no-such-folder, outlet: Nobody}}
fetch: {{allow_private: true, delay: 0, retries: 2, timeout: 5}}
outlets: {{Damascus Courier: {{country: SY, affiliation: state}}}}
"""


def test_coverage_from_feeds_and_files_with_what_goes_wrong(
    rashomon: Command, site: Any, web_page: Callable[..., bytes], gold_articles: list[dict[str, Any]]
) -> None:
    articles = {article["id"]: article for article in gold_articles}
    serve_feeds(site, web_page, articles)
    write_files(rashomon.folder, articles)
    (rashomon.folder / "run.yaml").write_text(config(site), encoding="utf-8")

    done = rashomon("run", "run.yaml")

    # Every good item is stored once, its encoding and language right.
    assert rows(rashomon.folder, "SELECT outlet, language, count(*) FROM articles GROUP BY ALL ORDER BY ALL") == [
        ("Damascus Courier", "en", 1),
        ("Northgate Wire", "en", 1),
        ("Отечественная трибуна", "ru", 2),
        ("نداء إدلب", "ar", 2),
    ]
    for key, path in (("enclave-ru-1", "/ru/1"), ("enclave-ar-1", "/ar/1"), ("enclave-ar-2", "/ar/shaky")):
        ((title, text),) = rows(rashomon.folder, f"SELECT title, text FROM articles WHERE url = '{site.address}{path}'")
        assert articles[key]["title"] in title
        assert text.split() == articles[key]["text"].split()
    # Each bad one is in rejects, and the rest went on.
    rejected = {item: reason for item, reason in rows(rashomon.folder, "SELECT item, reason FROM rejects")}
    assert set(rejected) == {
        "line 2",
        "line 3",
        "line 4",
        f"{site.address}/ru/gone",
        f"{site.address}/ar/menu",
        "the whole source",
    }
    assert "404" in rejected[f"{site.address}/ru/gone"] and "yesterday" in rejected["line 4"]
    # Without a model or an entry in a memory, statements stay untranslated, said in one line.
    told = [line for line in done.stderr.splitlines() if "stay untranslated" in line]
    assert len(told) == 1 and "opus-mt" in told[0]
    assert rows(rashomon.folder, "SELECT count(DISTINCT outlet) FROM comparison")[0][0] >= 3
    assert rows(rashomon.folder, "SELECT affiliation FROM outlets WHERE outlet = 'Damascus Courier'") == [("state",)]
    # Of outlets only those with articles are stored.
    unknown = "SELECT outlet FROM outlets WHERE outlet NOT IN (SELECT outlet FROM articles)"
    assert rows(rashomon.folder, unknown) == []
    # What says why some were rejected can be copied to the shell.
    hints = [line for line in done.stderr.splitlines() if "rejected" in line]
    assert len(hints) == 4 and all('`rashomon sql "from rejects"` says why' in hint for hint in hints)

    # Again: nothing new is stored, and of the site only what changed, the feeds themselves, is asked for.
    before = rows(rashomon.folder, "SELECT * FROM statements ORDER BY ALL")
    site.requests.clear()
    rashomon("run", "run.yaml")
    assert sorted(site.asked()) == ["/ar.atom", "/ru.xml"]
    assert rows(rashomon.folder, "SELECT * FROM statements ORDER BY ALL") == before
    assert len(rows(rashomon.folder, "SELECT * FROM rejects")) == len(rejected)

    # A memory comes later: what it has is filled in.
    (rashomon.folder / "run.yaml").write_text(
        config(site) + "translate: {memory: [memory.jsonl], engines: [memory]}\n", encoding="utf-8"
    )
    memory = [
        {"text": text, "en": f"English of {key}"}
        for key, text in rows(rashomon.folder, "SELECT statement_id, text FROM told WHERE language = 'ru'")
    ]
    (rashomon.folder / "memory.jsonl").write_text(
        "\n".join(json.dumps(row, ensure_ascii=False) for row in memory), encoding="utf-8"
    )
    rashomon("run", "run.yaml")
    assert rows(rashomon.folder, "SELECT count(*) FROM told WHERE language = 'ru' AND english IS NULL") == [(0,)]
    assert rows(rashomon.folder, "SELECT count(*) > 0 FROM told WHERE language = 'ar' AND english IS NULL") == [(True,)]


def test_a_run_whose_every_source_fails_says_which_and_how_to_look_closer(rashomon: Command, site: Any) -> None:
    feed = site.add("/feed.xml", status=404)
    (rashomon.folder / "run.yaml").write_text(
        f"warehouse: my coverage.duckdb\n"
        f"sources: [{{kind: feed, url: '{feed}', outlet: Wire}}, {{kind: csv, path: {'a' * 300}.csv}}]\n"
        "fetch: {allow_private: true, delay: 0}\n",
        encoding="utf-8",
    )
    told = rashomon("run", "run.yaml", code=1).stderr
    assert f"{feed}: the host answered 404" in told and "aaa.csv: cannot be read: File name too long" in told
    assert "Errno" not in told
    (command,) = {line.split("`")[1] for line in told.splitlines() if "1 rejected" in line}
    assert command == f"rashomon sql \"from rejects\" --warehouse '{rashomon.folder}/my coverage.duckdb'"
    assert "the whole source" in rashomon(*shlex.split(command)[1:]).stdout
