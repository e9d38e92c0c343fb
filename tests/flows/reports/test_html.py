"""The HTML report: one file, every text in it text, every language in its own direction."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from lxml import etree
from lxml import html as parser

from flows.reports.html import render_html
from flows.reports.reading import read_report
from storage import Warehouse

# The tags of the template.
OWN = {
    "html", "head", "meta", "title", "link", "style", "script", "body", "header", "main", "nav", "section", "article",
    "footer", "h1", "h2", "h3", "p", "div", "span", "a", "b", "strong", "br", "bdi", "time", "blockquote", "ol", "ul",
    "li", "dl", "dt", "dd", "label", "input", "select", "option", "optgroup", "output", "table", "caption", "thead",
    "tbody", "tr", "th", "td", "form", "button", "figure", "figcaption", "details", "summary", "mark", "code",
    "svg", "g", "path", "text", "line",
}  # fmt: skip


@pytest.fixture(scope="module")
def page(enclave: Warehouse) -> parser.HtmlElement:
    return parser.document_fromstring(render_html(read_report(enclave)))


def classed(page: parser.HtmlElement, name: str) -> list[parser.HtmlElement]:
    return page.xpath(f"//*[contains(concat(' ', @class, ' '), ' {name} ')]")  # type: ignore[no-any-return]


def test_each_claim_is_a_card_with_every_wording(page: parser.HtmlElement) -> None:
    cards = classed(page, "claim")
    assert len(cards) == 26
    text = cards[0].text_content()
    assert "Боевики террористических группировок" in text and "Militants of terrorist groups" in text
    assert "официальный представитель МИД России Лариса Веретенникова" in text
    assert "distancing" in text and "direct quote" in text and "not translated yet" in text
    assert "English: translation memory" in text
    assert "first to tell it" in text and "+16 h after the first" in text
    assert re.search(r"Left out by\s+Hatay Border Post\s+Степной телеграф\s+نداء إدلب", text)


def test_a_doubtful_translation_says_so_and_why(doubted: Warehouse, page: parser.HtmlElement) -> None:
    marked = classed(parser.document_fromstring(render_html(read_report(doubted))), "doubt")
    assert {mark.text_content() for mark in marked} == {
        "doubtful translation: a number differs",
        "doubtful translation: it lacks <b>https://a.example/",
    }
    assert all("In English." in mark.getparent().text_content() for mark in marked)
    assert classed(page, "doubt") == []


def test_originals_have_their_language_and_direction(page: parser.HtmlElement) -> None:
    quotes = page.xpath("//blockquote")
    assert {(quote.get("lang"), quote.get("dir")) for quote in quotes} == {("en", "ltr"), ("ru", "ltr"), ("ar", "rtl")}
    assert all(re.search("[\u0600-\u06ff]", quote.text_content()) for quote in quotes if quote.get("lang") == "ar")


def test_a_claim_and_its_denial_lead_to_each_other(page: parser.HtmlElement) -> None:
    links = classed(page, "denial")
    assert len(links) == 12
    for link in links:
        how, (target,) = link.text_content().split()[0], link.xpath(".//a/@href")
        (own,) = link.xpath("ancestor::article/@id")
        back = [other for other in links if other.xpath("ancestor::article/@id") == [target[1:]]]
        assert how in ("Denied", "Denies") and [f"#{own}"] in [other.xpath(".//a/@href") for other in back]


def test_every_told_cell_leads_to_its_wording(page: parser.HtmlElement) -> None:
    cells = classed(page, "told")
    assert len(cells) == len(classed(page, "telling"))
    ids = page.xpath("//@id")
    assert len(ids) == len(set(ids))
    assert {link[1:] for link in page.xpath("//a[starts-with(@href, '#')]/@href")} <= set(ids)
    assert len([cell for cell in cells if cell.text == "first"]) == 26


def test_tables_have_captions_and_headings(page: parser.HtmlElement) -> None:
    for table in page.xpath("//table"):
        assert table.xpath("caption")
        assert all(head.get("scope") for head in table.xpath(".//th"))


def test_names_are_labelled_by_how_they_judge(page: parser.HtmlElement) -> None:
    (row,) = page.xpath("//table[contains(@class, 'naming')]//tr[th[contains(., 'Damascus Courier')]]")
    assert "− armed gangs, negative" in " ".join(row.text_content().split())


def test_frames_say_how_well_they_are_found(page: parser.HtmlElement) -> None:
    (table,) = classed(page, "frames")
    heads = [" ".join(head.text_content().split()) for head in table.xpath("thead//th")][1:]
    assert "security F1 0.77" in heads and "conflict F1 0.50, experimental" in heads
    for row in table.xpath("tbody/tr"):
        for head, cell in zip(heads, row.xpath("td"), strict=True):
            assert ("experimental" in head) == (cell.get("class") == "experimental")
            assert cell.text.startswith("0 %") == (not cell.xpath(".//a"))


def test_wire_copy_is_marked_and_its_source_keeps_its_direction(wire: Warehouse) -> None:
    page = parser.document_fromstring(render_html(read_report(wire)))
    (card,) = classed(page, "claim")
    assert "Told by 4 of 6 outlets, 2 sources; probability that they say the same 0." in card.text_content()
    cells = classed(page, "copy")
    assert [" ".join(cell.text_content().split()) for cell in cells] == ["+3 h, wire copy", "+4 h, wire copy"]
    assert "broken line" in page.xpath("string(//caption)")
    marks = classed(page, "copied")
    assert [mark.text_content() for mark in marks] == [
        "wire copy, 3 h after Wire One",
        "wire copy, 3 h after وكالة أولى",
    ] * 2
    assert [mark.xpath("bdi/@lang") for mark in marks] == [["en"], ["ar"]] * 2
    assert [bool(mark.xpath("ancestor::li[ancestor::ol[@class = 'articles']]")) for mark in marks] == [False] * 2 + [
        True
    ] * 2


def test_a_report_without_wire_copy_marks_none(page: parser.HtmlElement) -> None:
    assert classed(page, "copied") == classed(page, "copy") == []
    assert "broken line" not in page.xpath("string(//caption)")


def test_figures_stand_with_their_outlet_whatever_it_is_called(build: Callable[..., Warehouse]) -> None:
    warehouse = build({"articles": [telling("A; B", 3000), telling("C: D", 2)]})
    page = parser.document_fromstring(render_html(read_report(warehouse)))
    assert [part.text_content() for part in classed(page, "part")] == ["C: D: 2", "A; B: 3,000"]
    warehouse = build({"articles": [telling("A", 3000), telling("E", "At least 4")]})
    page = parser.document_fromstring(render_html(read_report(warehouse)))
    assert "E: ≥4" in [part.text_content() for part in classed(page, "part")]


def telling(outlet: str, killed: int | str) -> dict[str, Any]:
    text = f"{killed} killed."
    return {
        "outlet": outlet,
        "language": "en",
        "title": outlet,
        "text": text,
        "published_at": "2024-03-01T08:00:00+00:00",
        "statements": [{"text": text, "claim": "killed"}],
    }


def test_nothing_is_asked_for_from_outside(page: parser.HtmlElement) -> None:
    assert page.xpath("//@src") == []
    assert page.xpath("//link/@href") == ["data:,"]
    assert "url(" not in page.xpath("string(//style)") and "@import" not in page.xpath("string(//style)")
    (policy,) = page.xpath("//meta[@http-equiv='Content-Security-Policy']")
    assert policy.get("content", "").startswith("default-src 'none'")


def test_links_leave_no_trace(page: parser.HtmlElement) -> None:
    outside = page.xpath("//a[starts-with(@href, 'http')]")
    assert outside and {link.get("rel") for link in outside} == {"noopener noreferrer"}


def test_the_method_is_told(page: parser.HtmlElement) -> None:
    method = page.xpath("string(//footer)")
    assert "encoder embedded" in method and "0.46" in method and "3 items" in method
    assert "Arabic: 13 statements, not translated yet" in method


def test_hostile_text_is_shown_as_text(hostile: Warehouse) -> None:
    page: Any = parser.document_fromstring(render_html(read_report(hostile)))
    assert {element.tag for element in page.iter(etree.Element)} <= OWN
    assert len(page.xpath("//script")) == 1 and page.xpath("//img") == []
    assert not [name for element in page.iter(etree.Element) for name in element.attrib if name.startswith("on")]
    assert '"><script>document.title="owned"' in page.xpath("string(//h1)")
    links = page.xpath("//a[not(starts-with(@href, '#'))]/@href")
    assert links and set(links) == {"https://a.example/%22onclick=%27x%28%29%27%3E%3Cb%3E%28_*"}


def test_a_report_reads_the_same_each_time(enclave: Warehouse) -> None:
    assert render_html(read_report(enclave)) == render_html(read_report(enclave))
