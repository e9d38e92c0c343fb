"""The charts: what is in the story stands in them and leads to it, and text in them is text."""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import combinations
from typing import Any

import pytest
from lxml import etree
from lxml import html as parser

from flows.reports import charts
from flows.reports.content import Outlet, OutletMap, Story
from flows.reports.html import render_html
from flows.reports.reading import read_report
from storage import Warehouse

HOSTILE = '</text></svg><script>document.title="owned"</script><img src=x onerror=alert(1)>\u202e"\'&amp;'


@pytest.fixture(scope="module")
def story(enclave: Warehouse) -> Story:
    return read_report(enclave).stories[0]


def opened(svg: str) -> Any:
    return parser.fragment_fromstring(svg)


def links(svg: str) -> dict[str, str]:
    """What each mark that is a link tells, and where it leads."""
    return {link.xpath("string(.//title)"): link.get("href") for link in opened(svg).xpath("//a")}


def test_a_bar_tells_how_an_outlet_judges_a_referent(story: Story) -> None:
    told = links(charts.naming_chart(story, "armed-group"))
    names = story.naming["armed-group"]["Damascus Courier"]
    negative, total = sum(n.mentions for n in names if n.valence == "negative"), sum(n.mentions for n in names)
    assert told[f"Damascus Courier: negative, {negative} of {total} mentions"].startswith(
        f"#naming-{story.story_id}-1-"
    )


def test_a_circle_tells_how_often_an_outlet_takes_a_stance(story: Story) -> None:
    told = links(charts.stance_chart(story))
    assert len(told) == sum(len(stances) for stances in story.stances.values())
    count = story.stances["Northgate Wire"]["neutral"].statements
    assert count > 1
    place = [outlet.name for outlet in story.outlets].index("Northgate Wire") + 1
    assert told[f"Northgate Wire: {count} statements, neutral"] == f"#stance-{story.story_id}-{place}-neutral"


def test_the_timeline_tells_who_told_each_claim_first(story: Story) -> None:
    told = opened(charts.timeline(story)).xpath("//a")
    assert len(told) == sum(len(claim.tellings) for claim in story.claims)
    first = [link for link in told if "first to tell it" in link.text_content()]
    assert len(first) == sum(t.is_first for claim in story.claims for t in claim.tellings.values())
    claim = story.claims[0]
    assert any(link.get("href").startswith(f"#claim-{claim.claim_id}-") for link in first)
    assert any("Отечественная трибуна, 4 Sep 2018, 16:30, first" in link.text_content() for link in first)


def test_a_long_timeline_is_bounded(story: Story) -> None:
    many = replace(story, claims=story.claims * 3)
    shown = {link.get("href").rsplit("-", 1)[0] for link in opened(charts.timeline(many)).xpath("//a")}
    assert len(shown) <= charts.MAX_TIMELINE


def test_the_map_has_every_outlet_and_no_name_on_another(story: Story) -> None:
    assert story.outlet_map is not None
    svg = charts.outlet_map(story, story.outlet_map)
    assert [told.split(",")[0] for told in links(svg)] == [outlet.name for outlet, _, _ in story.outlet_map.points]
    crowd = [(Outlet(f"Outlet number {n}", "en", None, ""), n % 7 / 70, n // 7 / 70) for n in range(49)]
    crowded = opened(charts.outlet_map(replace(story, outlets=[o for o, _, _ in crowd]), OutletMap(crowd, 0.1)))
    assert len(crowded.xpath("//a")) == 49
    boxes = [box(text) for text in crowded.xpath("//text")]
    assert 0 < len(boxes) < 49
    for (left, right, y), (other_left, other_right, other_y) in combinations(boxes, 2):
        assert abs(y - other_y) >= 10 or right <= other_left or other_right <= left


def box(text: Any) -> tuple[float, float, float]:
    """Where a name begins and ends, if its letters are 6 pixels wide, and how far down it is."""
    x, y = map(float, re.findall(r"-?[\d.]+", text.get("transform")))
    width = 6 * len(text.text)
    start = x - {"start": 0, "middle": width / 2, "end": width}[text.get("text-anchor")]
    return start, start + width, y


def test_languages_differ_in_shape_and_names_in_sign_not_in_colour_alone(story: Story) -> None:
    page = opened(charts.timeline(story))
    outlines = {(link[0].get("stroke"), re.sub(r"[\d.,-]", "", link[0].get("d"))) for link in page.xpath("//a")}
    assert len({colour for colour, _ in outlines}) == len({outline for _, outline in outlines}) == 3
    assert "−" in opened(charts.naming_chart(story, "armed-group")).text_content()


def test_a_chart_and_its_marks_are_labelled_and_no_stops_for_the_keyboard(story: Story) -> None:
    for svg in (charts.timeline(story), charts.stance_chart(story), charts.naming_chart(story, "armed-group")):
        page = opened(svg)
        assert page.get("role") == "group" and page.get("aria-label").startswith("Chart: ")
        assert {link.get("tabindex") for link in page.xpath("//a")} == {"-1"}
        assert all(link.get("aria-label") for link in page.xpath("//a"))
        assert all(link.get("href").startswith("#") for link in page.xpath("//a"))


def test_outlets_keep_their_language(story: Story) -> None:
    named = [text for text in opened(charts.stance_chart(story)).xpath("//text") if text.text in story.stances]
    assert len(named) == len(story.stances)
    assert {text.get("lang") for text in named if re.search("[\u0600-\u06ff]", text.text)} == {"ar"}


def test_hostile_names_are_text_in_every_chart(story: Story) -> None:
    outlet = Outlet(HOSTILE, HOSTILE, HOSTILE, HOSTILE)
    others = [replace(outlet, name=f"{HOSTILE} {number}") for number in range(2)]
    evil = replace(
        story,
        outlets=[outlet, *others],
        naming={HOSTILE: {HOSTILE: next(iter(story.naming["armed-group"].values()))}},
        stances={HOSTILE: story.stances["Northgate Wire"]},
        claims=[
            replace(
                claim,
                gist=replace(claim.gist, text=HOSTILE),
                tellings={HOSTILE: replace(next(iter(claim.tellings.values())), outlet=outlet)},
            )
            for claim in story.claims[:2]
        ],
    )
    drawn = OutletMap([(each, number / 2, 0.5) for number, each in enumerate(evil.outlets)], 0.1)
    for svg in (
        charts.naming_chart(evil, HOSTILE),
        charts.stance_chart(evil),
        charts.timeline(evil),
        charts.outlet_map(evil, drawn),
    ):
        page = opened(svg)
        assert {element.tag for element in page.iter(etree.Element)} <= {
            "svg",
            "g",
            "path",
            "line",
            "text",
            "a",
            "title",
        }
        assert not [name for element in page.iter() for name in element.attrib if name.startswith("on")]
        assert "<script>document.title" in page.text_content()


def test_a_page_of_hostile_news_has_its_charts(hostile: Warehouse) -> None:
    page = parser.document_fromstring(render_html(read_report(hostile)))
    assert len(page.xpath("//svg")) >= 2
