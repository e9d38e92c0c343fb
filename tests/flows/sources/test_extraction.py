from __future__ import annotations

from datetime import UTC, datetime

import pytest

from flows.sources.extraction import SHORTEST_ARTICLE, extract_page
from flows.sources.records import Unfit

SENTENCE = "The two sides agreed on Thursday to halt all fire along the border after three days of clashes. "


def page(body: str, head: str = "") -> bytes:
    return f"<html><head><title>Truce</title>{head}</head><body>{body}</body></html>".encode()


def test_the_gold_articles_come_out_of_pages_around_them(gold_articles, web_page):
    for gold in gold_articles:
        found = extract_page(web_page(gold))
        assert (found.title, found.text, found.url) == (gold["title"], gold["text"], gold["url"])
        assert found.published_at == datetime.fromisoformat(gold["published_at"])
        assert found.to_the_second


@pytest.mark.parametrize("charset", ["windows-1251", "koi8-r"])
@pytest.mark.parametrize("declared", ["right", "utf-8", "iso-8859-1"])
def test_legacy_encodings_rightly_and_wrongly_declared(gold_articles, web_page, charset, declared):
    gold = next(article for article in gold_articles if article["language"] == "ru")
    found = extract_page(web_page(gold, charset, charset if declared == "right" else declared))
    held = gold["text"].encode(charset, "ignore").decode(charset)  # koi8-r has no dash
    assert found.text == held.replace("  ", " ")


def test_a_page_that_says_only_the_day():
    found = extract_page(page(f"<p>{SENTENCE * 3}</p>", '<meta name="date" content="2023-06-15">'))
    assert (found.published_at, found.to_the_second) == (datetime(2023, 6, 15, tzinfo=UTC), False)


def test_a_page_without_date_or_address():
    found = extract_page(page(f"<article><p>{SENTENCE * 3}</p></article>"))
    assert (found.published_at, found.to_the_second, found.url) == (None, False, None)


def test_an_xml_prolog_is_no_hindrance():
    assert extract_page(b'<?xml version="1.0" encoding="utf-8"?>' + page(f"<p>{SENTENCE * 3}</p>")).title == "Truce"


@pytest.mark.parametrize("reference", ["&#27;", "&#x1B;", "&#0012", "&#xfffe;", "&#65535;", "\x1b", "\ufffe"])
def test_characters_that_no_document_may_have_are_left_out_and_the_rest_is_read(reference):
    text = f"{SENTENCE[:9]}{reference}{SENTENCE[9:]}".strip()
    found = extract_page(page(f"<article><h1>Tru{reference}ce</h1><p>{text}</p><p>{SENTENCE * 2}</p></article>"))
    assert (found.title, found.text.split("\n\n")[0]) == ("Truce", SENTENCE.strip())


def test_references_to_other_characters_are_read():
    found = extract_page(page(f"<article><p>&#1052;&#x438;&#1088; &#310; &#x1bc; {SENTENCE * 3}</p></article>"))
    assert found.text.startswith("Мир Ķ Ƽ The two")


def test_paragraphs_are_parted_by_blank_lines():
    found = extract_page(page(f"<article><p>{SENTENCE}</p><p>{SENTENCE.lower()}</p><p>{SENTENCE}</p></article>"))
    assert found.text.split("\n\n") == [SENTENCE.strip(), SENTENCE.lower().strip(), SENTENCE.strip()]


def test_a_short_item_of_an_agency_is_an_article():
    text = (
        "أعلنت وزارة الدفاع مساء الخميس التوصل إلى هدنة إنسانية على طول الحدود بين البلدين بعد ثلاثة أيام "
        "من الاشتباكات التي أسفرت عن مقتل جنود من الجانبين، وفق ما نقلته الوكالة الرسمية."
    )
    assert len(text) < 200
    assert extract_page(page(f"<h1>هدنة</h1><article><p>{text}</p></article>")).text == text


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"   ",
        b"\x00\xff\xfe\x00",
        b"%PDF-1.7 binary",
        page("<p>This page has moved. Please update your bookmarks.</p>"),
        page('<div id="cookies"><p>We use cookies to improve your experience. By continuing you agree.</p></div>'),
        page(
            "<ul>" + "".join(f'<li><a href="/{n}">Headline number {n} of the day</a></li>' for n in range(60)) + "</ul>"
        ),
        page("<div>" * 5000),
    ],
)
def test_what_is_no_article_is_unfit(data):
    with pytest.raises(Unfit, match=r"no article on the page|could not be parsed"):
        extract_page(data)


def test_the_shortest_article_is_longer_than_a_notice():
    assert SHORTEST_ARTICLE == 150
