"""The Markdown report: what it says, and that text in it stays text when it is rendered."""

from __future__ import annotations

import re
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from lxml import html as parser
from markdown_it import MarkdownIt

from flows.reports.markdown import escape, render_markdown
from flows.reports.reading import read_report
from flows.reports.texts import clean
from storage import Warehouse

RENDERER = MarkdownIt("commonmark").enable(["table", "strikethrough"])


def rendered(warehouse: Warehouse) -> parser.HtmlElement:
    return parser.document_fromstring(RENDERER.render(render_markdown(read_report(warehouse))))


def test_a_claim_has_its_wordings_and_who_leaves_it_out(enclave: Warehouse) -> None:
    page = rendered(enclave)
    assert len(page.xpath("//h3")) == 26
    claim = page.xpath("//h3[1]/following-sibling::ul[1]")[0].text_content()
    assert "Отечественная трибуна (ru), 4 Sep 2018, 16:30, first to tell it" in claim
    assert "English (translation memory): Militants of terrorist groups" in claim
    assert "Not translated yet." in claim and "alleged · distancing" in claim
    (told,) = page.xpath("//h3[1]/following-sibling::p[1]")
    assert told.text_content() == "Told by 6 of 9. Left out by Hatay Border Post, Степной телеграф, نداء إدلب."
    (sure,) = page.xpath("//h3[1]/following-sibling::p[2]")
    assert re.fullmatch(r"Probability that they say the same: [01]\.\d\d\.", sure.text_content())


def test_a_doubtful_translation_says_so_and_why(doubted: Warehouse) -> None:
    page = rendered(doubted)
    assert {mark.text_content() for mark in page.xpath("//blockquote//strong")} == {
        "doubtful translation: a number differs",
        "doubtful translation: it lacks <b>https://a.example/",
    }
    assert "122 statements, 0 not translated yet, 13 translated doubtfully" in page.text_content()


def test_a_claim_and_its_denial_name_each_other(enclave: Warehouse) -> None:
    text = render_markdown(read_report(enclave))
    assert text.count("Denied by claim ") == text.count("Denies claim ") == 6
    assert re.search(r"^Denied by claim \d+: .*Sarmini.* \(probability 0\.60\)$", text, re.M)
    assert "Hatay Border Post: ≥13" in text


def test_coverage_and_naming_are_tables(enclave: Warehouse) -> None:
    coverage, naming, *_, distances = rendered(enclave).xpath("//table")
    far = [[cell.text_content() for cell in row.xpath("td")][1:] for row in distances.xpath(".//tbody/tr")]
    assert len(far) == 9 and far == [list(column) for column in zip(*far, strict=True)]
    assert len(coverage.xpath("tbody/tr")) == 26
    assert {len(row) for row in coverage.xpath(".//tr")} == {10}
    assert "− armed gangs" in naming.text_content()


def test_frames_say_how_well_they_are_found(enclave: Warehouse) -> None:
    (frames,) = rendered(enclave).xpath("//table[.//th[contains(., 'security (F1 0.77)')]]")
    assert "conflict (F1 0.50, experimental)" in frames.text_content()
    assert all(0 <= int(cell.text_content()) <= 100 for cell in frames.xpath("tbody/tr/td[position() > 1]"))


def test_wire_copy_is_marked(wire: Warehouse) -> None:
    page = rendered(wire)
    assert "Told by 4 of 6, 2 sources. Left out by" in page.text_content()
    assert "wire copy, 3 h after Wire One" in page.xpath("//h3/following-sibling::ul[1]")[0].text_content()
    assert {"+3 h, copy", "+4 h, copy"} <= {cell.text_content() for cell in page.xpath("//td")}
    (articles,) = page.xpath("//h2[. = 'Articles']/following-sibling::ul[1]")
    marked = [item.text_content() for item in articles.xpath("li") if "wire copy" in item.text_content()]
    assert [item.split(": ", 1)[1] for item in marked] == [
        "Headline of Daily Two, wire copy, 3 h after Wire One",
        "Headline of صحيفة ثانية, wire copy, 3 h after وكالة أولى",
    ]


def test_hostile_text_renders_as_text(hostile: Warehouse) -> None:
    page = rendered(hostile)
    page_of_lists = {"html", "body", "h1", "h2", "h3", "p", "ul", "li", "strong", "blockquote", "a"}
    assert {element.tag for element in page.iter()} <= page_of_lists | {"table", "thead", "tbody", "tr", "th", "td"}
    assert {len(row) for row in page.xpath("//table[1]//tr")} == {3}
    assert "@\u2060all" in page.xpath("string(//h1)")
    assert '"><script>document.title="owned"' in page.xpath("string(//h1)")
    assert set(page.xpath("//a/@href")) == {"https://a.example/%22onclick=%27x%28%29%27%3E%3Cb%3E%28_%2A"}


@given(st.text(alphabet=st.sampled_from("ab1 \\`*_{}[]()#+-.!|~<>&;:/=@$\"'"), max_size=30).map(clean).filter(bool))
@example("1. one")
@example("- one")
@example("===")
@example("&amp; &#60;b>")
@pytest.mark.parametrize(
    ("before", "after", "shown"),
    [
        ("- ", "", ""),
        ("# ", "", ""),
        ("> ", "", ""),
        ("**b** ", "", "b "),
        ("| a |\n| --- |\n| ", " |", "a "),
        ("[", "](<https://a.example>)", ""),
    ],
)
def test_escaped_text_renders_as_itself(before: str, after: str, shown: str, text: str) -> None:
    page: Any = parser.document_fromstring(RENDERER.render(before + escape(text) + after))
    assert clean(page.text_content().replace("\u2060", "")) == shown + text
