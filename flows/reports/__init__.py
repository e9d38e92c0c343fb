"""Reports of a warehouse: for the terminal, the browser, a wiki, or another program.

Importing this is cheap, for those who only ask which formats there are.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from flows.errors import UserError
from flows.reports.output import replacing, write_text

if TYPE_CHECKING:
    from rich.console import Console

    from storage import Result, Warehouse

FORMATS = ("terminal", "html", "markdown", "json", "csv", "parquet")
TEXT_FORMATS = ("terminal", "markdown", "json", "csv")
"""Those of one claim, and of two outlets."""
TABLE_FORMATS = ("json", "csv", "parquet")
"""Those of rows, for other programs."""
_FILE_WIDTH = 100


def write_report(
    warehouse: Warehouse,
    format: str,
    *,
    story: str | None = None,
    out: Path | None = None,
    view: str | None = None,
    console: Console | None = None,
) -> None:
    """Write a report of one story, or of all, to a file or, where `out` is None, to standard output.

    story: an id, or the beginning of one. view: in `TABLE_FORMATS`, whose rows: those of `comparison` where it is None.
    console: where the terminal's goes, in place of standard output.

    A file is written whole or not at all. Raises `UserError` where there is nothing to report, no such story or view,
    or no place to write, and `WarehouseError` where the warehouse cannot be used.
    """
    if format not in FORMATS:
        raise UserError(f"no report format {format!r}; there are {', '.join(FORMATS)}")
    if out is None and format in ("html", "parquet"):
        raise UserError(f"a report in {format} needs a file to go to: name one, such as `--out report.{format}`")
    if view is not None and format not in TABLE_FORMATS:
        raise UserError(f"the rows of a view come as {', '.join(TABLE_FORMATS)}, not as {format}")
    if format in TABLE_FORMATS:
        _write_rows_of_view(warehouse, view, format, story, out)
    elif format == "terminal":
        _write_terminal(warehouse, story, out, console)
    else:
        write_text(_RENDERERS[format](warehouse, story), out)


def write_claim(warehouse: Warehouse, claim: str, format: str, console: Console | None = None) -> None:
    """Write one claim with all its statements to standard output, in one of `TEXT_FORMATS`.

    claim: an id, or the beginning of one. Raises `UserError` where there is no such claim.
    """
    from flows.reports.reading import find_claim, read_claim

    claim_id = find_claim(warehouse, claim)
    if format in ("json", "csv"):
        from flows.reports.tables import rows_of_claim

        _write_rows(rows_of_claim(warehouse, claim_id), format)
        return
    story, found = read_claim(warehouse, claim_id)
    if format == "markdown":
        from flows.reports.markdown import render_claim

        write_text(render_claim(found, story), None)
        return
    from flows.reports.standard_output import StandardOutput
    from flows.reports.terminal import print_claim

    print_claim(found, story, console or StandardOutput())


def write_head_to_head(
    warehouse: Warehouse,
    outlets: tuple[str, str],
    format: str,
    story: str | None = None,
    console: Console | None = None,
) -> None:
    """Write what sets two outlets apart to standard output, in one of `TEXT_FORMATS`.

    outlets: names, or their beginnings. story: an id, or the beginning of one; else all stories that both cover.
    Raises `UserError` where there is no such outlet or story.
    """
    from flows.reports.reading import find_outlet, read_head_to_head

    first, second = (find_outlet(warehouse, outlet) for outlet in outlets)
    if first == second:
        raise UserError(f"{outlets[0]!r} and {outlets[1]!r} are one outlet; name two")
    pairs, more = read_head_to_head(warehouse, first, second, story)
    if format in ("json", "csv"):
        from flows.reports.tables import rows_of_outlets

        _write_rows(rows_of_outlets(warehouse, [first, second], [pair.story.story_id for pair in pairs]), format)
        return
    if format == "markdown":
        from flows.reports.markdown import render_head_to_head

        write_text(render_head_to_head(pairs, more), None)
        return
    from flows.reports.standard_output import StandardOutput
    from flows.reports.terminal import print_head_to_head

    print_head_to_head(pairs, more, console or StandardOutput())


def _write_rows(rows: Result, format: str, out: Path | None = None) -> None:
    from flows.reports.tables import render_csv, render_json

    write_text(render_json(rows) if format == "json" else render_csv(rows), out)


def _write_rows_of_view(
    warehouse: Warehouse, view: str | None, format: str, story: str | None, out: Path | None
) -> None:
    from flows.reports.tables import VIEW, export_parquet, rows_of_view

    source = warehouse, view or VIEW, _chosen(warehouse, story)
    if format == "parquet" and out is not None:
        with replacing(out) as part:
            export_parquet(*source, part)
    else:
        _write_rows(rows_of_view(*source), format, out)


def _html(warehouse: Warehouse, story: str | None) -> str:
    from flows.reports.html import render_html
    from flows.reports.reading import read_report

    return render_html(read_report(warehouse, story))


def _markdown(warehouse: Warehouse, story: str | None) -> str:
    from flows.reports.markdown import render_markdown
    from flows.reports.reading import read_report

    return render_markdown(read_report(warehouse, story))


_RENDERERS: dict[str, Callable[[Warehouse, str | None], str]] = {
    "html": _html,
    "markdown": _markdown,
}


def _chosen(warehouse: Warehouse, story: str | None) -> str | None:
    from flows.reports.reading import choose, read_briefs

    briefs = read_briefs(warehouse)
    return None if story is None else choose(briefs, story).story_id


def _write_terminal(warehouse: Warehouse, story: str | None, out: Path | None, console: Console | None) -> None:
    from rich.console import Console

    from flows.reports.reading import read_report
    from flows.reports.standard_output import StandardOutput
    from flows.reports.terminal import print_report

    report = read_report(warehouse, story)
    if out is None:
        print_report(report, console or StandardOutput())
        return
    with replacing(out) as part, part.open("w", encoding="utf-8") as stream:
        print_report(report, Console(file=stream, width=_FILE_WIDTH, color_system=None, force_terminal=False))


__all__ = ["FORMATS", "TEXT_FORMATS", "write_claim", "write_head_to_head", "write_report"]
