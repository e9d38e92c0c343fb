"""How well articles of gold events, mixed with unrelated ones, are grouped into stories.

    python benchmarks/stories.py configs/gold/* --noise news.jsonl

The file of noise is JSONL, a row a sentence: `document`, and its text under `en`, `ru` and `ar`. Each document is an
article of its own, in one language drawn by chance, or a story of three articles, in all. Documents come at random
times, in the weeks of the events as dated, or with all events moved at random into the same three weeks.
"""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

import click
import numpy as np
from rich.table import Table

from align.encoders import EmbeddedEncoder
from align.evaluation import BCubed, score_stories
from align.neighbours import DAY
from align.stories import MIN_SIMILARITY, Background, join_stories
from align.wording import Matrix
from flows.gold import load_event
from flows.reports.standard_output import StandardOutput
from flows.stages.group import load_background

LANGUAGES = ("en", "ru", "ar")
MAX_DAYS, WEEKS = 4.0, 21.0
SEEDS, HELD_OUT_SEEDS = 10, 3
CUTS = (0.34, 0.36, 0.38, 0.40, 0.42, 0.44, 0.46, 0.48)


@dataclass(frozen=True, slots=True)
class Article:
    """An article of an event, or of a document of noise; `published` in seconds."""

    key: str
    event: str
    published: float
    vectors: Matrix


Documents = dict[str, list[Article]]


def gold_articles(folder: Path, encoder: EmbeddedEncoder) -> list[Article]:
    event = load_event(folder)
    rows = [json.loads(line) for line in (folder / "articles.jsonl").read_text("utf-8").splitlines()]
    return [
        Article(
            row["id"],
            event.name,
            datetime.fromisoformat(row["published_at"]).timestamp(),
            encoder.encode([s.text for s in event.statements if s.key.startswith(f"{row['id']}#")]),
        )
        for row in rows
    ]


def noise_articles(path: Path, encoder: EmbeddedEncoder) -> Documents:
    """Each document, in each language."""
    rows = [json.loads(line) for line in path.read_text("utf-8").splitlines()]
    return {
        document: [
            Article(
                f"{document}-{language}",
                document,
                0.0,
                encoder.encode([row[language] for row in rows if row["document"] == document]),
            )
            for language in LANGUAGES
        ]
        for document in sorted({row["document"] for row in rows})
    }


def as_dated(events: Sequence[list[Article]], dice: random.Random) -> tuple[list[Article], Callable[[], float]]:
    """The events as they are, and what draws a time in the week around one of them."""
    firsts = [min(article.published for article in event) for event in events]
    return [
        article for event in events for article in event
    ], lambda: dice.choice(firsts) + dice.uniform(-2.5, 4.5) * DAY


def same_weeks(events: Sequence[list[Article]], dice: random.Random) -> tuple[list[Article], Callable[[], float]]:
    """The events moved into the same weeks, and what draws a time in these."""
    moved = []
    for event in events:
        shift = dice.uniform(0, WEEKS - 3) * DAY - min(article.published for article in event)
        moved += [replace(article, published=article.published + shift) for article in event]
    return moved, lambda: dice.uniform(0, WEEKS) * DAY


def mix(
    events: Sequence[list[Article]],
    documents: Sequence[list[Article]],
    dice: random.Random,
    place: Callable[[Sequence[list[Article]], random.Random], tuple[list[Article], Callable[[], float]]],
    languages: int,
) -> list[Article]:
    """The events and the noise in order of time; the articles of a document come within a day."""
    mixed, time = place(events, dice)
    for document in documents:
        begin = time()
        chosen = document if languages > 1 else [dice.choice(document)]
        mixed += [replace(article, published=begin + dice.uniform(0, DAY)) for article in chosen]
    return sorted(mixed, key=lambda article: (article.published, article.key))


def group(articles: Sequence[Article], background: Background, cut: float = MIN_SIMILARITY) -> list[str]:
    """The key of the article that opened each article's story; all at once."""
    found = join_stories(
        [article.vectors for article in articles],
        [article.published for article in articles],
        [None] * len(articles),
        background,
        max_days=MAX_DAYS,
        min_similarity=cut,
    )
    return [articles[int(row)].key for row in found]


def group_day_by_day(articles: Sequence[Article], background: Background) -> list[str]:
    """The same, a day at a time, each with the articles of the days before that are near enough."""
    stories: dict[str, str] = {}
    days = [int(article.published // DAY) for article in articles]
    for day in sorted(set(days)):
        near = [a for a, when in zip(articles, days, strict=True) if day - MAX_DAYS - 1 <= when <= day]
        found = join_stories(
            [article.vectors for article in near],
            [article.published for article in near],
            [stories.get(article.key) for article in near],
            background,
            max_days=MAX_DAYS,
        )
        stories |= {a.key: s if isinstance(s, str) else near[s].key for a, s in zip(near, found, strict=True)}
    return [stories[article.key] for article in articles]


def score(articles: Sequence[Article], found: Sequence[str]) -> BCubed:
    return score_stories([article.event for article in articles], found)


def add_row(table: Table, name: str, mixes: Sequence[list[Article]], background: Background) -> None:
    found = [group(articles, background) for articles in mixes]
    scores = [score(articles, stories) for articles, stories in zip(mixes, found, strict=True)]
    same = sum(group_day_by_day(a, background) == stories for a, stories in zip(mixes, found, strict=True))
    means = [np.mean([getattr(s, part) for s in scores]) for part in ("precision", "recall", "f1")]
    lowest = min(s.f1 for s in scores)
    table.add_row(name, *(f"{mean:.3f}" for mean in means), f"{lowest:.3f}", f"{same} of {len(mixes)}")


def held_out(
    events: Sequence[list[Article]], documents: Sequence[list[Article]], background: Background, languages: int
) -> tuple[list[float], list[float]]:
    """Least similarities chosen on half of the noise and all events but one; F1 of that one and the other half."""
    cuts, scores = [], []
    for seed in range(HELD_OUT_SEEDS):
        dice = random.Random(seed)
        halves = dice.sample(list(documents), len(documents))
        known, unknown = halves[: len(halves) // 2], halves[len(halves) // 2 :]
        for number, event in enumerate(events):
            others = [other for place, other in enumerate(events) if place != number]
            lesson = mix(others, known, dice, same_weeks, languages)
            reached = {cut: score(lesson, group(lesson, background, cut)).f1 for cut in CUTS}
            cuts.append(max(CUTS, key=lambda cut: reached[cut]))
            test = mix([event], unknown, dice, same_weeks, languages)
            scores.append(score(test, group(test, background, cuts[-1])).f1)
    return cuts, scores


@click.command()
@click.argument("gold", type=click.Path(path_type=Path, exists=True, file_okay=False), nargs=-1, required=True)
@click.option("--noise", type=click.Path(path_type=Path, exists=True, dir_okay=False), required=True)
def main(gold: tuple[Path, ...], noise: Path) -> None:
    """Print B-cubed scores of the stories of GOLD events alone and mixed with noise, over seeds."""
    encoder = EmbeddedEncoder()
    background = load_background(encoder)
    events = [gold_articles(folder, encoder) for folder in gold]
    documents = list(noise_articles(noise, encoder).values())
    out = StandardOutput()
    table = Table("articles", "precision", "recall", "F1", "lowest F1", "the same day by day")
    for event in events:
        add_row(table, f"{event[0].event} alone", [mix([event], [], random.Random(0), as_dated, 1)], background)
    for place in (as_dated, same_weeks):
        when = place.__name__.replace("_", " ")
        for name, chosen, languages in (
            ("alone", [], 1),
            ("and noise articles", documents, 1),
            ("and noise stories", documents, 3),
        ):
            mixes = [mix(events, chosen, random.Random(seed), place, languages) for seed in range(SEEDS)]
            add_row(table, f"events {when} {name}", mixes, background)
    out.print(table)
    for name, languages in (("articles", 1), ("stories", 3)):
        cuts, scores = held_out(events, documents, background, languages)
        out.print(
            f"held out, noise {name}: F1 {np.mean(scores):.3f}, lowest {min(scores):.3f}, "
            f"with least similarities {min(cuts):.2f} to {max(cuts):.2f}, median {np.median(cuts):.2f}"
        )


if __name__ == "__main__":
    main()
