"""A report as one HTML file that asks for nothing from outside and works without scripts."""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import groupby

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup, escape

from flows.reports import charts
from flows.reports.content import Article, Claim, Outlet, Report, Statement, Story
from flows.reports.method import describe_method
from flows.reports.reading import MAX_BEHIND, MAX_VOICES
from flows.reports.texts import (
    SIGNS,
    after,
    bounded,
    delay,
    doubtful,
    found_how_well,
    language_name,
    moment,
    number,
    plural,
    translated_by,
)

MAX_CLAIMS, MAX_CELLS = 100, 4000
"""Cards of a story, and cells of its matrix: fewer claims where outlets are many, but the first `OPENED` always."""
OPENED = 30
"""Claims that are shown before the reader asks for all."""
MAX_OUTLETS = 40
"""Outlets of the matrix of divergence, beyond which there are only its pairs."""
MAX_PAIRS = 100
UNFOLDED = 500
"""Statements behind the figures, beyond which each article's are folded up."""
FEW = 4
"""Statements behind a figure that are linked before the reader asks for more."""
_MARKS = {"circle": "●", "square": "■", "triangle-up": "▲", "diamond": "◆"}


def render_html(report: Report) -> str:
    """The whole page. Every text of the report is escaped, and set apart so that its direction stays its own."""
    environment = Environment(
        loader=PackageLoader("flows.reports"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters.update(
        about=_about,
        after=after,
        bounded=bounded,
        by_article=_by_article,
        carded_claims=_carded,
        delay=delay,
        doubtful=doubtful,
        found_how_well=found_how_well,
        language_name=language_name,
        mark=_mark,
        marked=_marked,
        moment=moment,
        number=number,
        percent=_percent,
        places=_places,
        plural=plural,
        sign=_sign,
        translated_by=translated_by,
    )
    environment.globals.update(
        few=FEW,
        max_behind=MAX_BEHIND,
        max_outlets=MAX_OUTLETS,
        max_pairs=MAX_PAIRS,
        max_timeline=charts.MAX_TIMELINE,
        max_voices=MAX_VOICES,
        opened=OPENED,
        stances=charts.STANCES,
        unfolded=UNFOLDED,
        naming_chart=charts.naming_chart,
        outlet_map=charts.outlet_map,
        stance_chart=charts.stance_chart,
        timeline=charts.timeline,
    )
    carded = {claim.claim_id: claim.number for story in report.stories for claim in _carded(story)}
    page = environment.get_template("report.html").render(report=report, method=describe_method(report), carded=carded)
    return re.sub(r"\n\s+", "\n", page)  # a tenth of it is indentation


def _carded(story: Story) -> list[Claim]:
    """The claims that have a card and a row in the matrix: all, unless they are very many."""
    return story.claims[: max(OPENED, min(MAX_CLAIMS, MAX_CELLS // len(story.outlets)))]


def _places(outlets: list[Outlet]) -> dict[str, int]:
    return {outlet.name: place for place, outlet in enumerate(outlets, 1)}


def _by_article(statements: list[Statement]) -> Iterable[tuple[Article, list[Statement]]]:
    for _, group in groupby(statements, key=lambda statement: statement.article.article_id):
        said = list(group)
        yield said[0].article, said


def _marked(text: str, figures: Iterable[str]) -> Markup:
    """The text with these figures marked, wherever they stand for themselves."""
    if not figures:
        return escape(text)
    alternatives = "|".join(re.escape(figure) for figure in sorted(figures, key=len, reverse=True))
    parts = re.split(rf"(?<!\w)({alternatives})(?!\w)", text)
    return Markup("").join(
        Markup('<mark title="other outlets give another figure">{}</mark>').format(part) if place % 2 else escape(part)
        for place, part in enumerate(parts)
    )


def _mark(language: str) -> str:
    """The shape of a language in charts."""
    return _MARKS[charts.shape(language)]


def _percent(share: float | None) -> str:
    return "–" if share is None else f"{share * 100:.0f}"


def _about(outlet: Outlet) -> str:
    known = [outlet.country, outlet.affiliation if outlet.affiliation != "unknown" else None]
    return ", ".join(part for part in known if part)


def _sign(valence: str) -> str:
    return SIGNS.get(valence, "")
