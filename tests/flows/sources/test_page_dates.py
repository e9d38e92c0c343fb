"""Which of the dates on a page is the one that its article was published on."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from flows.sources.extraction import Page, extract_page

SENTENCE = "The two sides agreed on Thursday to halt all fire along the border after three days of clashes. "
JSON_LD = '<script type="application/ld+json">{"@type": "NewsArticle", "datePublished": "%s"}</script>'
PUBLISHED = '<meta property="article:published_time" content="%s">'
MODIFIED = '<meta property="article:modified_time" content="2026-03-09T08:00:00Z">'
MOMENT = datetime(2026, 3, 2, 8, 15, tzinfo=UTC)
DAY = datetime(2026, 3, 2, tzinfo=UTC)


def read(head: str = "", byline: str = "", *, above: str = "", below: str = "", title: str = "Truce holds") -> Page:
    body = f"{above}<article><h1>{title}</h1>{byline}<p>{SENTENCE * 2}</p><p>{SENTENCE * 2}</p></article>{below}"
    return extract_page(f"<html><head><title>{title}</title>{head}</head><body>{body}</body></html>".encode())


@pytest.mark.parametrize(
    ("head", "byline"),
    [
        (JSON_LD % "2026-03-02T11:15:00+03:00", ""),
        (PUBLISHED % "2026-03-02T11:15:00+0300", ""),
        ('<meta name="mediator_published_time" content="2026-03-02T11:15:00+03:00">', ""),
        ('<meta name="DC.date.issued" content="2026-03-02T08:15Z">', ""),
        ("", '<meta itemprop="datePublished" content="2026-03-02T08:15Z">'),
        ("", '<p>By Ann Lee <time datetime="2026-03-02T08:15:00Z">today</time></p>'),
        ("", "<p>2 марта 2026, 11:15 МСК</p>"),
        ("", "<div><span>٢ آذار ٢٠٢٦ - ٠٨:١٥ بتوقيت غرينتش</span></div>"),
    ],
)
def test_a_page_tells_in_many_ways_when_it_was_published(head, byline):
    page = read(head, byline)
    assert (page.published_at, page.to_the_second) == (MOMENT, True)


@pytest.mark.parametrize("head", [JSON_LD % "2026-03-02T11:15:00", PUBLISHED % "2026-03-02"])
def test_a_time_of_day_without_its_zone_leaves_the_day(head):
    page = read(head)
    assert (page.published_at, page.to_the_second) == (DAY, False)


def test_the_time_of_a_day_may_stand_elsewhere():
    page = read(PUBLISHED % "2026-03-02", '<p><time datetime="2026-03-02T08:15:00Z">today</time></p>')
    assert (page.published_at, page.to_the_second) == (MOMENT, True)
    page = read(PUBLISHED % "2026-03-02", '<p><time datetime="2026-01-09T08:15:00Z">then</time></p>')
    assert (page.published_at, page.to_the_second) == (DAY, False)


def test_the_date_of_a_change_is_not_taken_where_one_of_publication_stands():
    changed = '<p>Updated <time datetime="2026-03-09T08:00:00Z">9 March 2026</time></p>'
    assert read(MODIFIED + PUBLISHED % "2026-03-02T08:15Z", changed).published_at == MOMENT
    assert read(MODIFIED, f"{changed}<p>2 March 2026, 08:15 GMT</p>").published_at == MOMENT


def test_the_dates_of_other_articles_are_not_taken():
    others = '<ul><li><a href="/a">Other</a> <time pubdate datetime="2026-02-01T08:00Z">1.2.</time></li></ul>'
    aside = '<aside><time pubdate datetime="2026-02-01T08:00Z">1 February 2026</time></aside>'
    comment = '<div class="comments"><time itemprop="datePublished" datetime="2026-03-05T08:00Z">5.3.</time></div>'
    page = read("", "<p>2 March 2026</p>", above=others + aside, below=comment + others)
    assert page.published_at == DAY


def test_what_the_masthead_says_of_today_is_not_taken():
    assert read("", "<p>2 March 2026</p>", above="<div>Wednesday, 18 March 2026</div>").published_at == DAY


def test_an_address_tells_the_day_where_nothing_else_does():
    page = read('<link rel="canonical" href="https://a.example/2026/03/02/truce">')
    assert (page.published_at, page.to_the_second) == (DAY, False)


def test_an_american_page_puts_the_month_first():
    assert read('<meta property="og:locale" content="en_US">', "<p>03/02/2026</p>").published_at == DAY
    assert read("", "<p>02/03/2026</p>").published_at == DAY
