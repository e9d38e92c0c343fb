"""How long the HTML report of one large story takes, and how large its page is.

    python benchmarks/report.py configs/gold/* --articles 300 --outlets 30 [--out report.html]

The story is the articles of gold events told again and again, hours later and by other outlets, as the pipeline reads
them, with claims as people marked them: as long as news, with as many voices, names and figures, but no evidence of
quality.
"""

from __future__ import annotations

import json
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from itertools import cycle, islice
from pathlib import Path
from typing import Any

import click

from align.encoders import EmbeddedEncoder
from align.framing.frames import FrameFinder
from flows.gold import load_event
from flows.lexicons import background_texts, load_frames, load_names, load_reporting
from flows.reports.html import render_html
from flows.reports.reading import read_report
from flows.stages.encode import encoder_key
from flows.stages.frame import frame_story
from flows.stages.read import Reader
from storage import Warehouse, article_id, rows, story_id, text_hash

LATER = timedelta(hours=5)
"""Between one telling of an article and the next."""
TOLD_ALIKE = 3
"""How many tellings of an article are of one claim each, before they are of another."""


def retold(folders: Sequence[Path], count: int, outlets: int) -> Iterator[tuple[rows.Article, int, dict[str, Any]]]:
    """Articles, the number of the telling, and the gold article told."""
    gold = [
        json.loads(line) for folder in folders for line in (folder / "articles.jsonl").read_text("utf-8").splitlines()
    ]
    a_language = outlets // len({article["language"] for article in gold})
    seen: Counter[str] = Counter()
    for number, article in enumerate(islice(cycle(gold), count)):
        telling, language = number // len(gold), article["language"]
        outlet = f"Outlet {language} {seen[language] % a_language + 1}"
        seen[language] += 1
        when = datetime.fromisoformat(article["published_at"]).astimezone(UTC).replace(tzinfo=None) + telling * LATER
        url = f"https://{number}.example/"
        key = article_id(outlet, url, article["title"], article["text"])
        yield (
            rows.Article(key, outlet, language, url, article["title"], article["text"], when, "gold", when),
            telling,
            article,
        )


def build(warehouse: Warehouse, folders: Sequence[Path], count: int, outlets: int) -> None:
    told = list(retold(folders, count, outlets))
    articles = [article for article, _, _ in told]
    gold = {(s.article_id, s.text): s for folder in folders for s in load_event(folder).statements}
    reader = Reader(load_reporting(), load_names([]))
    readings = [reader.read(article.article_id, article.text, article.language) for article in articles]
    story = story_id(articles[0].article_id)
    members: defaultdict[tuple[str, int], list[str]] = defaultdict(list)
    english: dict[str, str] = {}
    for (_, telling, record), reading in zip(told, readings, strict=True):
        original = article_id(record["outlet"], record["url"], record["title"], record["text"])
        for statement in reading.statements:
            known = gold.get((original, statement.text))
            if known and known.english:
                english[statement.text_hash] = known.english
            if known and known.claim:
                members[known.claim, telling // TOLD_ALIKE].append(statement.statement_id)
    warehouse.write_outlets([rows.Outlet(a.outlet, None, a.language) for a in articles])
    warehouse.write_coverage(articles)
    warehouse.write_readings(reader.fingerprint, readings)
    warehouse.write_translations(
        [
            rows.Translation(text, "memory", "gold", "1", said, articles[0].published_at)
            for text, said in english.items()
        ]
    )
    warehouse.write_stories(
        [rows.Story(story, articles[0].title)], [rows.StoryArticle(a.article_id, story) for a in articles]
    )
    keys = {claim: text_hash(story, *map(str, claim)) for claim in members}
    warehouse.write_claims(
        story,
        "made",
        [rows.Claim(keys[claim], story, ids[0], 0.8) for claim, ids in members.items()],
        [rows.ClaimStatement(member, keys[claim], 0.8) for claim, ids in members.items() for member in ids],
    )
    encoder = EmbeddedEncoder()
    finder = FrameFinder(load_frames([]).frames, encoder.encode, background_texts())
    said = {statement.text_hash: statement.text for reading in readings for statement in reading.statements}
    warehouse.write_vectors(encoder_key(encoder), list(said), encoder.encode(list(said.values())))
    frame_story(story, "made", warehouse, encoder, finder)


@click.command()
@click.argument("gold", type=click.Path(path_type=Path, exists=True, file_okay=False), nargs=-1, required=True)
@click.option("--articles", default=300)
@click.option("--outlets", default=30)
@click.option("--out", type=click.Path(path_type=Path), help="Keep the page.")
def main(gold: tuple[Path, ...], articles: int, outlets: int, out: Path | None) -> None:
    """Make a large story of gold events, and time its report."""
    with tempfile.TemporaryDirectory() as folder:
        warehouse = Warehouse(Path(folder) / "large.duckdb")
        build(warehouse, gold, articles, outlets)
        started = time.perf_counter()
        report = read_report(warehouse)
        read = time.perf_counter()
        page = render_html(report)
        rendered = time.perf_counter()
    (story,) = report.stories
    click.echo(
        f"{len(story.articles)} articles, {len(story.outlets)} outlets, {story.statements} statements, "
        f"{len(story.claims)} claims"
    )
    click.echo(
        f"read in {read - started:.2f} s, rendered in {rendered - read:.2f} s, {len(page.encode()) / 1e6:.2f} MB"
    )
    if out:
        out.write_text(page, "utf-8")


if __name__ == "__main__":
    main()
