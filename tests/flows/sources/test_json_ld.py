from __future__ import annotations

import json
from typing import Any

import pytest
from trafilatura import load_html

from flows.sources.json_ld import Described, described

ARTICLE: dict[str, Any] = {
    "@type": "NewsArticle",
    "headline": "Truce holds",
    "datePublished": "2026-03-02T11:15:00+03:00",
    "dateModified": "2026-03-03T09:00:00+03:00",
    "author": [{"@type": "Person", "name": "Ann Lee"}, {"@type": "Organization", "name": "Wire"}],
    "publisher": {"@type": "Organization", "name": "Wire"},
    "articleBody": "One.\n\nTwo.",
}
READ = Described("Truce holds", "2026-03-02T11:15:00+03:00", ("Ann Lee",), "Wire", "One.\n\nTwo.")


def of_page(*blocks: str, address: str | None = None, title: str = "") -> Described:
    scripts = "".join(f'<script type="application/ld+json">{block}</script>' for block in blocks)
    return described(load_html(f"<html><head>{scripts}</head><body><p>Text</p></body></html>"), address, [title])


@pytest.mark.parametrize(
    "wrapped",
    [
        ARTICLE,
        [ARTICLE],
        {"@graph": [{"@type": "WebSite", "name": "Wire"}, ARTICLE]},
        {"@type": "WebPage", "mainEntity": ARTICLE},
        {**ARTICLE, "@type": ["Thing", "https://schema.org/ReportageNewsArticle"]},
        {**ARTICLE, "@type": "LiveBlogPosting"},
    ],
)
def test_an_article_is_found_where_it_stands(wrapped):
    assert of_page(json.dumps(wrapped)) == READ


@pytest.mark.parametrize("around", ["<!--\n{}\n-->", "//<![CDATA[\n{}\n//]]>", "{};"])
def test_what_old_programs_wrap_it_in_is_no_hindrance(around):
    assert of_page(around.replace("{}", json.dumps(ARTICLE))) == READ


def test_other_articles_of_the_page_are_not_taken_for_it():
    others = [{**ARTICLE, "headline": f"Other {n}", "url": f"https://a.example/{n}"} for n in range(3)]
    assert of_page(json.dumps([*others, ARTICLE]), title="Truce holds | Wire").headline == "Truce holds"
    assert of_page(json.dumps(others), address="https://a.example/1").headline == "Other 1"
    assert of_page(json.dumps(others), title="Truce holds") == Described()
    assert of_page(json.dumps({"@type": "ItemList", "itemListElement": others})) == Described()


def test_an_author_may_be_named_elsewhere_in_the_graph():
    graph = [{**ARTICLE, "author": {"@id": "#ann"}}, {"@type": "Person", "@id": "#ann", "name": "Ann Lee"}]
    assert of_page(json.dumps({"@graph": graph})).authors == ("Ann Lee",)


def test_text_that_is_html_becomes_paragraphs():
    body = "&lt;p&gt;One &amp;amp; only.&lt;/p&gt;&lt;p&gt;Two.&lt;/p&gt;"
    assert of_page(json.dumps({**ARTICLE, "articleBody": body})).text == "One & only.\n\nTwo."


def test_the_entries_of_a_live_blog_are_its_text():
    entries = [{"headline": "Later", "articleBody": "Two."}, {"articleBody": "One."}]
    live = {**ARTICLE, "@type": "LiveBlogPosting", "articleBody": "Lead.", "liveBlogUpdate": entries}
    assert of_page(json.dumps(live)).text == "Lead.\n\nLater\n\nTwo.\n\nOne."


@pytest.mark.parametrize(
    "block",
    [
        "",
        "{",
        "null",
        "[" * 100_000,
        '{"@graph":' * 50_000,
        '{"@type": 3}',
        '{"@type": "NewsArticle", "headline": [[]], "author": {"name": {"name": 1}}, "articleBody": {"a": 1}}',
        '{"@type": "NewsArticle", "datePublished": {}, "publisher": [[1]], "liveBlogUpdate": {"a": 1}}',
        '{"@type": "NewsArticle", "headline": "' + "x" * 3_000_000 + '"}',
    ],
)
def test_what_is_broken_endless_or_of_wrong_types_says_nothing(block):
    assert of_page(block) == Described()


def test_a_block_that_is_broken_does_not_hide_the_next():
    assert of_page("{", json.dumps(ARTICLE)) == READ


def test_a_text_of_half_tags_is_read_in_no_time():
    assert len(of_page(json.dumps({**ARTICLE, "articleBody": "&lt;p" * 100_000})).text) == 200_000
