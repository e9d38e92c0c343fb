"""Who a page says wrote its article."""

from __future__ import annotations

import json

import pytest

from flows.sources.bylines import is_name
from flows.sources.extraction import extract_page

SENTENCE = "The two sides agreed on Thursday to halt all fire along the border after three days of clashes. "


def read(byline: str = "", *, head: str = "", below: str = "", title: str = "Truce holds") -> tuple[str, ...]:
    body = f"<article><h1>{title}</h1>{byline}<p>{SENTENCE * 2}</p><p>{SENTENCE * 2}</p>{below}</article>"
    page = f"<html><head><title>{title} | Wire</title>{head}</head><body>{body}</body></html>"
    return extract_page(page.encode()).authors


def json_ld(author: object) -> str:
    node = {"@type": "NewsArticle", "headline": "Truce holds", "author": author}
    return f'<script type="application/ld+json">{json.dumps(node)}</script>'


@pytest.mark.parametrize(
    ("byline", "names"),
    [
        ("<p>By Ann Lee</p>", ("Ann Lee",)),
        ("<p>By ANN LEE and Peter Mbeki-Ross in Tolmar | City</p>", ("ANN LEE", "Peter Mbeki-Ross")),
        ("<p>By Ann Lee, Health Correspondent, and Ludwig van der Berg</p>", ("Ann Lee", "Ludwig van der Berg")),
        ('<div class="byline"><a href="/a">Ann Lee</a> in Sant Orel</div>', ("Ann Lee",)),
        ('<div class="articleAuthor">Ann Lee</div>', ("Ann Lee",)),
        (
            '<p><a rel="nofollow author" href="/a">Ann Lee</a>, <a rel="author" href="/b">Bo Li</a></p>',
            ("Ann Lee", "Bo Li"),
        ),
        ('<p><span itemprop="author"><b itemprop="name">Ann Lee</b>, editor</span></p>', ("Ann Lee",)),
        ("<p>Автор: Ирина Соловьёва</p>", ("Ирина Соловьёва",)),
        (
            "<p>15 мая 2026, 07:58. Онлайн вели: Марина Ковригина, Денис Усольцев</p>",
            ("Марина Ковригина", "Денис Усольцев"),
        ),
        ("<p>Текст: Глеб Ощепков и Алина Мирсаитова</p>", ("Глеб Ощепков", "Алина Мирсаитова")),
        ("<p>بقلم هالة مرعشلي</p>", ("هالة مرعشلي",)),
        ("<p>تحقيق: مروان الشعراني وهالة مرعشلي</p>", ("مروان الشعراني", "هالة مرعشلي")),
        ("<p>كتبه: مروان الشعراني، وليد حسن</p>", ("مروان الشعراني", "وليد حسن")),
    ],
)
def test_names_are_read_beside_the_headline(byline, names):
    assert read(byline) == names


@pytest.mark.parametrize(
    ("head", "names"),
    [
        (json_ld({"@type": "Person", "name": "Ann Lee"}), ("Ann Lee",)),
        (json_ld([{"@type": "Person", "name": "Ann Lee"}, "Bo Li"]), ("Ann Lee", "Bo Li")),
        (json_ld("By Ann Lee & Bo Li"), ("Ann Lee", "Bo Li")),
        ('<meta name="author" content="Ann Lee">', ("Ann Lee",)),
        (
            '<meta property="article:author" content="https://a.example/ann"><meta name="byl" content="By Ann Lee">',
            ("Ann Lee",),
        ),
        (
            '<meta name="twitter:label1" content="Written by"><meta name="twitter:data1" content="Ann Lee">',
            ("Ann Lee",),
        ),
    ],
)
def test_names_are_read_in_the_head(head, names):
    assert read(head=head) == names


@pytest.mark.parametrize(
    "said",
    ["Wire", "WIRE", "Editorial team", "Редакция", "قسم التحرير", "وكالة سنابل", "REUTERS", "admin", "a.lee@a.example"],
)
def test_outlets_desks_and_accounts_are_no_authors(said):
    assert read(head=f'<meta name="author" content="{said}">') == ()
    assert read("<p>By Ann Lee</p>", head=f'<meta name="author" content="{said}">') == ("Ann Lee",)
    assert read("<p>By Ann Lee</p>", head=json_ld({"@type": "Organization", "name": "Any Name"})) == ("Ann Lee",)


@pytest.mark.parametrize(
    ("line", "names"),
    [
        ("(Reporting by Lucía Ferrand; Editing by Grant Oduya)", ("Lucía Ferrand",)),
        ("Беседовала Мария Иванова", ("Мария Иванова",)),
        ("حاوره: مروان الشعراني", ("مروان الشعراني",)),
        ("Николай Ершов", ("Николай Ершов",)),
    ],
)
def test_names_are_read_below_the_text_and_are_none_of_it(line, names):
    body = f"<article><h1>Truce holds</h1><p>{SENTENCE * 2}</p><p>{SENTENCE}</p><p>{line}</p></article>"
    page = extract_page(f"<html><head><title>Truce holds</title></head><body>{body}</body></html>".encode())
    assert (page.authors, page.text.split("\n\n")) == (names, [(SENTENCE * 2).strip(), SENTENCE.strip()])


def test_authors_of_comments_and_other_articles_are_none_of_this():
    other = (
        '<div class="related"><a rel="author" href="/b">Bo Li</a></div><aside><b itemprop="author">Bo Li</b></aside>'
    )
    assert read(below=f'{other}<div class="comment"><span itemprop="author">Bo Li</span></div>') == ()


@pytest.mark.parametrize("name", ["Ann Lee", "Rana Al-Sukkari", "Мария де ла Крус", "هالة مرعشلي", "O’Neil"])
def test_names_are_a_few_words_in_capitals_where_there_are_any(name):
    assert is_name(name)


@pytest.mark.parametrize(
    "text", ["", "staff writer", "the two sides", "Ann Lee 3", "@ann", "A B C D E F", "3 March", "Who?"]
)
def test_what_is_written_otherwise_is_no_name(text):
    assert not is_name(text)
