"""A report as one HTML file that asks for nothing from outside and works without scripts."""

from __future__ import annotations

from jinja2 import Environment, PackageLoader, StrictUndefined

from flows.reports.content import Outlet, Report
from flows.reports.method import describe_method
from flows.reports.reading import MAX_VOICES
from flows.reports.texts import (
    SIGNS,
    after,
    bounded,
    delay,
    doubtful,
    language_name,
    moment,
    number,
    plural,
    translated_by,
)


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
        delay=delay,
        doubtful=doubtful,
        language_name=language_name,
        moment=moment,
        number=number,
        plural=plural,
        sign=_sign,
        translated_by=translated_by,
    )
    page = environment.get_template("report.html")
    return page.render(report=report, method=describe_method(report), max_voices=MAX_VOICES)


def _about(outlet: Outlet) -> str:
    known = [outlet.country, outlet.affiliation if outlet.affiliation != "unknown" else None]
    return ", ".join(part for part in known if part)


def _sign(valence: str) -> str:
    return SIGNS.get(valence, "")
