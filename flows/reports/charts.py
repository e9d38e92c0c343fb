"""Charts as SVG, which Vega-Lite draws while a report is made: its page needs no script and asks for nothing.

Colours are the page's, and so light or dark as it is. Marks are links within the page that tell what they are; the
keyboard does not stop at each, since the table beside a chart holds the same links.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

import vl_convert
from lxml import etree
from markupsafe import Markup

from flows.reports.content import Name, Outlet, OutletMap, Story
from flows.reports.texts import SIGNS, language_name, moment, plural

MAX_TIMELINE = 40
"""Claims on the timeline."""
STANCES = ("denying", "distancing", "neutral", "endorsing", "emphatic")
_SHAPES = {"en": "circle", "ru": "square", "ar": "triangle-up"}
_STEP, _FONT = 22, 12  # a row's height and the size of letters, pixels
_LETTER, _LABEL = 7.2, 140  # the width of a letter, a generous mean, and of a name, at most: pixels
_WIDER = 1.15  # how much wider than Vega measures them the page's letters may be
_MAP = 420  # the map's sides, pixels
_CONFIG: dict[str, Any] = {
    "background": None,
    "padding": {"left": 2, "top": 2, "right": 6, "bottom": 4},
    "font": "sans-serif",
    "view": {"stroke": None},
    "text": {"fontSize": _FONT, "fill": "currentColor"},
    "axis": {
        "labelFontSize": _FONT,
        "labelColor": "currentColor",
        "titleFontSize": _FONT,
        "titleFontWeight": "normal",
        "titleColor": "currentColor",
        "domain": False,
        "ticks": False,
        "grid": False,
        "gridColor": "var(--rule)",
        "labelPadding": 8,
    },
}
_SVG, _XLINK = "{http://www.w3.org/2000/svg}", "{http://www.w3.org/1999/xlink}"

Spec = dict[str, Any]


def naming_chart(story: Story, referent: str) -> Markup:
    """How each outlet judges a referent in naming it: shares of negative names to the left, of positive to the right.

    A bar leads to the names in the table.
    """
    named = story.naming[referent]
    column = list(story.naming).index(referent)
    rows = [
        part | {"outlet": outlet.name, "href": f"#naming-{story.story_id}-{place}-{column}"}
        for place, outlet in enumerate(story.outlets, 1)
        if outlet.name in named
        for part in _judgements(named[outlet.name])
    ]
    for row in rows:
        row["told"] = f"{row['outlet']}: {row['valence']}, {row['mentions']} of {plural(row['all'], 'mention')}"
    spec = {
        "width": 170,
        "height": {"step": _STEP},
        "data": {"values": rows},
        "encoding": {"y": _rows("outlet", [outlet.name for outlet in story.outlets if outlet.name in named])},
        "layer": [
            {
                "mark": {"type": "bar", "height": _STEP - 6, "stroke": "var(--card)", "strokeWidth": 1},
                "encoding": {
                    "x": {
                        "field": "from",
                        "type": "quantitative",
                        "scale": {"domain": [-1, 1]},
                        "axis": {"title": "− negative   = neutral   + positive", "labels": False},
                    },
                    "x2": {"field": "to"},
                    "color": _coloured("valence", ["negative", "neutral", "positive"]),
                    **_LINKED,
                },
            },
            {
                "transform": [{"filter": "datum.to - datum.from > 0.2"}],
                "mark": {"type": "text", "fill": "var(--card)"},
                "encoding": {"x": {"field": "middle", "type": "quantitative"}, "text": {"field": "sign"}},
            },
        ],
    }
    return _drawn(spec, f"Chart: how outlets judge {referent} in naming it", story)


def _judgements(names: list[Name]) -> Iterable[dict[str, Any]]:
    """The bars of an outlet: neutral names lie about the middle."""
    counts = {valence: sum(n.mentions for n in names if n.valence == valence) for valence in SIGNS}
    total = sum(counts.values())
    half = counts["neutral"] / total / 2
    ends = {
        "negative": (-half - counts["negative"] / total, -half),
        "neutral": (-half, half),
        "positive": (half, half + counts["positive"] / total),
    }
    for valence, count in counts.items():
        if count:
            start, end = ends[valence]
            yield {
                "valence": valence,
                "from": start,
                "to": end,
                "middle": (start + end) / 2,
                "sign": f"{SIGNS[valence]}{count}",
                "mentions": count,
                "all": total,
            }


def stance_chart(story: Story) -> Markup:
    """The share of each stance in an outlet's reporting verbs, as the area of a circle, with how many there are.

    A circle leads to the statements in the table.
    """
    outlets = [outlet for outlet in story.outlets if outlet.name in story.stances]
    rows = [
        {
            "outlet": outlet.name,
            "language": outlet.language,
            "stance": stance,
            "count": counted.statements,
            "share": counted.statements / sum(other.statements for other in story.stances[outlet.name].values()),
            "told": f"{outlet.name}: {plural(counted.statements, 'statement')}, {stance}",
            "href": f"#stance-{story.story_id}-{place}-{stance}",
        }
        for place, outlet in enumerate(story.outlets, 1)
        for stance, counted in story.stances.get(outlet.name, {}).items()
    ]
    spec = {
        "width": {"step": 92},
        "height": {"step": 30},
        "data": {"values": rows},
        "encoding": {
            "y": _rows("outlet", [outlet.name for outlet in outlets]),
            "x": {
                "field": "stance",
                "type": "nominal",
                "scale": {"domain": STANCES},
                "axis": {"title": None, "orient": "top", "labelAngle": 0},
            },
        },
        "layer": [
            {
                "mark": {"type": "point", "shape": "circle", "filled": False, "strokeWidth": 1.5, "opacity": 1},
                "encoding": {
                    "size": {
                        "field": "share",
                        "type": "quantitative",
                        "scale": {"domain": [0, 1], "range": [0, 560]},
                        "legend": None,
                    },
                    "stroke": _coloured("language", story.languages),
                    "fill": _coloured("language", story.languages, "-tint"),
                    **_LINKED,
                },
            },
            {
                "mark": {"type": "text", "align": "left", "dx": 17},
                "encoding": {"text": {"field": "count"}},
            },
        ],
    }
    return _drawn(spec, "Chart: with which stance outlets report what others say", story)


def timeline(story: Story) -> Markup:
    """When each outlet first told each claim; the first to tell it are filled, and the first of them is named.

    Of the claims that most outlets tell, the earliest first. A mark leads to the outlet's telling.
    """
    claims = sorted(story.claims[:MAX_TIMELINE], key=lambda claim: min(t.first_at for t in claim.tellings.values()))
    place = {outlet.name: number for number, outlet in enumerate(story.outlets, 1)}
    rows = [
        {
            "claim": f"{claim.number}. {claim.gist.text}",
            "at": _milliseconds(telling.first_at),
            "language": telling.outlet.language,
            "first": telling.is_first,
            "told": f"{telling.outlet.name}, {moment(telling.first_at)}" + (", first to tell it" * telling.is_first),
            "href": f"#claim-{claim.claim_id}-{place[name]}",
        }
        for claim in claims
        for name, telling in claim.tellings.items()
    ]
    named = [
        {"claim": f"{claim.number}. {claim.gist.text}", "outlet": next(iter(claim.tellings.values())).outlet.name}
        for claim in claims
    ]
    width, languages = 480, story.languages
    time = {"field": "at", "type": "temporal", "scale": {"type": "utc", "padding": 12}}
    spec = {
        "width": width,
        "height": {"step": _STEP},
        "data": {"values": rows},
        "encoding": {"y": _rows("claim", [row["claim"] for row in named], 300, grid=True)},
        "layer": [
            {
                "mark": {"type": "point", "size": 90, "strokeWidth": 1.5, "opacity": 1},
                "encoding": {
                    "x": time | {"axis": {"title": "UTC", "orient": "top", "tickCount": 5, "format": "%e %b %H:%M"}},
                    "shape": _shaped(languages),
                    "stroke": _coloured("language", languages),
                    "fill": {
                        "condition": _coloured("language", languages) | {"test": "datum.first"},
                        "value": "var(--card)",
                    },
                    **_LINKED,
                },
            },
            {
                "data": {"values": named},
                "mark": {"type": "text", "align": "left", "x": width + 8, "limit": 150},
                "encoding": {"text": {"field": "outlet"}},
            },
        ],
    }
    spec["padding"] = {"left": 2, "top": 2, "right": 30, "bottom": 4}
    return _drawn(spec, "Chart: when each outlet first told each claim", story)


def outlet_map(story: Story, drawn: OutletMap) -> Markup:
    """Outlets as points, as far apart as their coverage; names that would lie on others are left out.

    A point leads to the outlet's row in the table of who tells what first.
    """
    place = {outlet.name: number for number, outlet in enumerate(story.outlets, 1)}
    points = [(outlet, x * _MAP, y * _MAP) for outlet, x, y in drawn.points]
    rows = [
        {
            "x": x,
            "y": y,
            "language": outlet.language,
            "told": f"{outlet.name}, {language_name(outlet.language)}",
            "href": f"#outlet-{story.story_id}-{place[outlet.name]}",
        }
        for outlet, x, y in points
    ]
    names = list(_placed(points))
    languages = story.languages
    margin = _LABEL * _WIDER
    scale: Spec = {"domain": [-margin, _MAP + margin], "nice": False, "zero": False}
    across = {"type": "quantitative", "axis": None, "scale": scale}
    down = across | {"scale": scale | {"domain": [-30, _MAP + 30], "reverse": True}}
    spec = {
        "width": _MAP + 2 * margin,
        "height": _MAP + 60,
        "data": {"values": rows},
        "encoding": {"x": across | {"field": "x"}, "y": down | {"field": "y"}},
        "layer": [
            {
                "mark": {"type": "point", "filled": True, "size": 110, "opacity": 1},
                "encoding": {
                    "color": _coloured("language", languages),
                    "shape": _shaped(languages),
                    **_LINKED,
                },
            },
            *(
                {
                    "data": {"values": [name for name in names if name["align"] == align]},
                    "mark": {"type": "text", "align": align, "limit": _LABEL},
                    "encoding": {"text": {"field": "name"}},
                }
                for align in ("left", "right", "center")
            ),
        ],
    }
    spec["view"] = {"fill": "var(--card)", "stroke": "var(--rule)", "cornerRadius": 4}
    return _drawn(spec, "Map of outlets: the nearer two lie, the more alike their coverage", story)


def _placed(points: list[tuple[Outlet, float, float]]) -> Iterable[dict[str, Any]]:
    """Each outlet's name right of its point, left, below or above, wherever it lies on nothing else."""
    taken = [(x - 8, y - 8, x + 8, y + 8) for _, x, y in points]
    for outlet, x, y in points:
        width = min(len(outlet.name) * _LETTER, _LABEL)
        for align, left, across, down in (
            ("left", 10, 10, 0),
            ("right", -10 - width, -10, 0),
            ("center", -width / 2, 0, 17),
            ("center", -width / 2, 0, -17),
        ):
            box = (x + left, y + down - 8, x + left + width, y + down + 8)
            if not any(
                box[0] < right and left_ < box[2] and box[1] < bottom and top < box[3]
                for left_, top, right, bottom in taken
            ):
                taken.append(box)
                yield {"name": outlet.name, "x": x + across, "y": y + down, "align": align}
                break


_LINKED: Spec = {"href": {"field": "href"}, "description": {"field": "told"}}


def _rows(field: str, order: Iterable[str], limit: int = 145, grid: bool = False) -> Spec:
    """A row for each value, its label cut where it is wider than the limit, pixels."""
    axis = {"title": None, "labelLimit": limit, "minExtent": limit * _WIDER, "grid": grid}
    return {"field": field, "type": "nominal", "sort": list(order), "axis": axis}


def _coloured(field: str, values: Iterable[str], tint: str = "") -> Spec:
    """A colour of the page for each value; languages that have none of their own share one."""
    values = list(values)
    known = {*_SHAPES, *SIGNS}
    colours = [f"var(--{value if value in known else 'other'}{tint})" for value in values]
    return {"field": field, "type": "nominal", "scale": {"domain": values, "range": colours}, "legend": None}


def shape(language: str) -> str:
    """The mark of a language, where colour cannot tell it: one of Vega's symbols."""
    return _SHAPES.get(language, "diamond")


def _shaped(languages: list[str]) -> Spec:
    scale = {"domain": languages, "range": [shape(language) for language in languages]}
    return {"field": "language", "type": "nominal", "scale": scale, "legend": None}


def _milliseconds(when: datetime) -> float:
    return when.replace(tzinfo=UTC).timestamp() * 1000


def _drawn(spec: Spec, label: str, story: Story) -> Markup:
    """The chart with a label, whose marks tell what they are and lead where they should."""
    drawn = vl_convert.vegalite_to_svg(spec | {"config": _CONFIG})
    svg = etree.fromstring(drawn.encode(), etree.XMLParser(resolve_entities=False, no_network=True))
    languages = {outlet.name: outlet.language for outlet in story.outlets}
    for element in list(svg.iter()):
        told = element.attrib.pop("aria-label", None)
        for attribute in ("role", "aria-roledescription", "aria-hidden", "pointer-events", "class"):
            element.attrib.pop(attribute, None)
        if element.tag == f"{_SVG}path" and not element.get("d"):
            element.getparent().remove(element)
        elif element.tag == f"{_SVG}text":
            element.set("aria-hidden", "true")  # without the marks it stands by, it says little
            if language := languages.get(element.text or ""):
                element.set("lang", language)
        elif element.tag == f"{_SVG}a":
            # Vega takes addresses for parts of its own site.
            element.set("href", "#" + element.attrib.pop(f"{_XLINK}href").rpartition("#")[2])
            element.set("tabindex", "-1")
        elif told and element.getparent().tag == f"{_SVG}a":
            etree.SubElement(element, f"{_SVG}title").text = told
            element.getparent().set("aria-label", told)
    svg.set("role", "group")
    svg.set("aria-label", label)
    etree.cleanup_namespaces(svg)
    return Markup(etree.tostring(svg, encoding="unicode"))
