"""How well articles are found in pages: body, title, date and authors on pages written for it.

    python benchmarks/extraction.py benchmarks/pages [--language ar] [--each]

The pages are of many makes: live blogs, AMP, wrong charsets, texts in JSON-LD only ... Of each language,
those with odd numbers were looked at while extraction was mended, the even ones were not: they are the held-out half.
Beside ours stands trafilatura as its own documentation calls it.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from statistics import mean
from typing import Any

import click
from rich.table import Table

from flows.sources.extraction import extract_page
from flows.sources.records import Unfit

LANGUAGES = ("en", "ru", "ar")


@dataclass(frozen=True, slots=True)
class Found:
    """What was found on a page; nothing, where nothing was."""

    title: str = ""
    body: str = ""
    published: datetime | None = None
    authors: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Score:
    file: str
    body: float
    title: float
    date: float
    authors: float


def ours(data: bytes, charset: str | None) -> Found:
    try:
        page = extract_page(data, charset)
    except Unfit:
        return Found()
    return Found(page.title, page.text, page.published_at, page.authors)


def peer(data: bytes, _: str | None) -> Found:
    from trafilatura import bare_extraction

    found = bare_extraction(data, with_metadata=True)
    if found is None or isinstance(found, dict):
        return Found()
    published = datetime.fromisoformat(found.date).replace(tzinfo=UTC) if found.date else None
    authors = re.split(r"\s*;\s*", found.author) if found.author else []
    return Found(found.title or "", found.text or "", published, authors)


def score(gold: dict[str, Any], found: Found) -> Score:
    return Score(
        gold["file"],
        f1(words("\n".join(gold["body"])), words(found.body)),
        float(words(gold["title"]) == words(found.title)),
        float(is_right(gold["published"], found.published)),
        f1(Counter(map(plain, gold["authors"])), Counter(map(plain, found.authors))),
    )


def plain(text: str) -> str:
    """A name as it is compared: composed, in one case, without marks that are not seen."""
    shown = "".join(c for c in unicodedata.normalize("NFC", text) if unicodedata.category(c) != "Cf")
    return " ".join(shown.casefold().split())


def words(text: str) -> Counter[str]:
    return Counter(re.findall(r"[\w\u064b-\u0652\u0301]+", plain(text)))


def f1(gold: Counter[str], found: Counter[str]) -> float:
    if not gold and not found:
        return 1.0
    return 2 * (gold & found).total() / (gold.total() + found.total())


def is_right(gold: str, found: datetime | None) -> bool:
    """To the minute where the page says one, to the day where it says no more."""
    if found is None:
        return False
    if len(gold) == len("2026-03-02"):
        return f"{found:%Y-%m-%d}" == gold
    return datetime.fromisoformat(gold).replace(second=0) == found.replace(second=0)


def scores(folder: Path, language: str, way: Callable[[bytes, str | None], Found]) -> list[Score]:
    lines = (folder / f"{language}.jsonl").read_text("utf-8").splitlines()
    pages = [json.loads(line) for line in lines]
    return [score(page, way((folder / page["file"]).read_bytes(), page["charset"])) for page in pages]


def is_held_out(one: Score) -> bool:
    return int(Path(one.file).name[:2]) % 2 == 0


@click.command(help=(__doc__ or "").partition("\n")[0])
@click.argument("folder", type=click.Path(path_type=Path, exists=True, file_okay=False))
@click.option("--language", "languages", type=click.Choice(LANGUAGES), multiple=True, default=LANGUAGES)
@click.option("--each", is_flag=True, help="Also a row a page, of ours.")
def main(folder: Path, languages: Sequence[str], each: bool) -> None:
    table = Table("", "pages", "body F1", "title", "date", "authors F1")
    found = {language: scores(folder, language, ours) for language in languages}
    every = [one for some in found.values() for one in some]
    for language, some in found.items():
        if each:
            for one in some:
                add(table, one.file, [one])
        add(table, language, some)
    add(table, "all", every)
    add(table, "held out", [one for one in every if is_held_out(one)])
    add(table, "trafilatura", [one for language in languages for one in scores(folder, language, peer)])
    from flows.reports.standard_output import StandardOutput

    StandardOutput().print(table)


def add(table: Table, name: str, some: Sequence[Score]) -> None:
    figures = [[getattr(one, part) for one in some] for part in ("body", "title", "date", "authors")]
    table.add_row(name, str(len(some)), *(f"{mean(values):.3f}" for values in figures))


if __name__ == "__main__":
    main()
