"""Files that are well-formed and make no sense: their readers keep what tests/targets.py says of them."""

from __future__ import annotations

import json
from typing import Any
from xml.sax.saxutils import escape, quoteattr

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st
from targets import TARGETS

from flows.settings import SOURCE_KINDS, Settings

NEWS = "The bridge over the river fell shortly before dawn on Friday, the mayor said, and nobody was hurt in the fall."
WORDS = st.sampled_from(
    [NEWS, "", " ", "en", "ru-RU", "http://x.example/a", "http://[", "http:x", "2024-03-01", "1", "²"]
)
TEXTS = st.text(st.characters(), max_size=20)
LEAVES = st.none() | st.booleans() | st.integers() | st.floats() | TEXTS | WORDS
quick = settings(max_examples=60, deadline=None)


def values(*keys: str) -> st.SearchStrategy[Any]:
    """Anything that JSON can say, in objects with these keys and others."""
    named = st.sampled_from(keys) | TEXTS
    return st.recursive(LEAVES, lambda parts: st.lists(parts, max_size=4) | st.dictionaries(named, parts), max_leaves=8)


def objects(*keys: str) -> st.SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries({}, optional={key: values(*keys) for key in keys})


def elements(names: list[str], attributes: list[str]) -> st.SearchStrategy[str]:
    """XML elements of these names, one in another in any way."""
    texts = (st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), max_size=9) | WORDS).map(escape)
    pairs = st.dictionaries(st.sampled_from(attributes), texts.map(quoteattr), max_size=2)

    def element(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
        parts = st.tuples(st.sampled_from(names), pairs, st.lists(inner, max_size=4).map("".join))
        return parts.map(lambda part: f"<{part[0]} {' '.join(map('='.join, part[1].items()))}>{part[2]}</{part[0]}>")

    return st.recursive(texts, element, max_leaves=20)


@quick
@given(st.lists(objects("outlet", "country", "language", "url", "published_at", "title", "text") | LEAVES, max_size=4))
def test_rows_of_a_table(rows: list[Any]) -> None:
    TARGETS["table"](b"jsonl\n" + "\n".join(map(json.dumps, rows)).encode())


@quick
@given(st.lists(objects("text", "en", "language") | LEAVES, max_size=4))
def test_rows_of_a_translation_memory(rows: list[Any]) -> None:
    TARGETS["memory"]("\n".join(map(json.dumps, rows)).encode())


@quick
@given(
    objects("id", "name"), st.lists(objects("id", "date", "date_unixtime", "text") | LEAVES, max_size=3), st.booleans()
)
def test_messages_of_a_channel(named: dict[str, Any], messages: list[Any], whole: bool) -> None:
    typed = [message | {"type": "message"} if isinstance(message, dict) else message for message in messages]
    channel = {"type": "public_channel", "messages": typed} | named
    TARGETS["telegram"](json.dumps({"chats": {"list": [channel]}} if whole else channel).encode())


@quick
@given(st.lists(objects("url", "title", "language", "seendate", "media_name") | LEAVES, max_size=4))
def test_articles_that_gdelt_lists(articles: list[Any]) -> None:
    TARGETS["addresses"](b"gdelt\n" + json.dumps({"articles": articles}).encode())


@quick
@given(objects(*Settings.model_fields), st.lists(objects("path", "url", "outlet", "columns", "newest"), max_size=2))
def test_configs(config: dict[str, Any], sources: list[dict[str, Any]]) -> None:
    kinds = list(SOURCE_KINDS)
    listed = [{"kind": kinds[number * 5], "path": "a"} | source for number, source in enumerate(sources)]
    TARGETS["config"](yaml.safe_dump({"sources": listed} | config).encode())


@pytest.mark.parametrize("kind", ["names", "frames"])
@quick
@given(wild=values("referents", "distance", "frames", "examples", "words", "f1", "en", "ru", "negative", "neutral"))
def test_a_users_lexicons(kind: str, wild: Any) -> None:
    TARGETS["lexicon"](f"{kind}\n{yaml.safe_dump(wild)}".encode())


@quick
@given(elements(["item", "entry", "link", "title", "pubDate", "updated", "guid"], ["href", "rel", "type", "xml:base"]))
def test_feeds(inner: str) -> None:
    TARGETS["feed"](f'<rss version="2.0"><channel>{inner}</channel></rss>'.encode())
    TARGETS["feed"](f'<feed xmlns="http://www.w3.org/2005/Atom">{inner}</feed>'.encode())


@quick
@given(elements(["url", "sitemap", "loc", "lastmod", "news", "name", "language", "title"], ["xmlns"]), st.booleans())
def test_sitemaps(inner: str, index: bool) -> None:
    name = "sitemapindex" if index else "urlset"
    TARGETS["sitemap"](f"<{name}>{inner}</{name}>".encode())


@quick
@given(elements(["outline", "head", "body"], ["xmlUrl", "htmlUrl", "title", "text", "language"]))
def test_lists_of_feeds(inner: str) -> None:
    TARGETS["outlines"](f"<opml>{inner}</opml>".encode())


@quick
@given(elements(["tu", "tuv", "seg", "hi", "ph"], ["xml:lang", "lang"]))
def test_translation_memories_in_tmx(inner: str) -> None:
    TARGETS["tmx"](f"<tmx><body>{inner}</body></tmx>".encode())
