"""Time and memory of nearest statements, and of grouping with them, beside a search of faiss over the same windows.

    python benchmarks/neighbours.py configs/gold/* --statements 100000 --days 10

The archive is made (see archive.py) from the sentences of the events, and of a JSONL file of further ones if given.
Each day's statements are searched for in that day and the four before. faiss (`pip install rashomon[bench]`) is left
out where it is not installed. Every measure runs in a process of its own; making the archive is not timed.
"""

from __future__ import annotations

import json
import multiprocessing
import resource
import time
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

import click
import numpy as np
from archive import Archive, Day, stacked
from rich.table import Table

from align.encoders import EmbeddedEncoder
from align.evaluation import score_stories
from align.neighbours import nearest
from align.stories import Background, join_stories
from flows.gold import load_event
from flows.reports.standard_output import StandardOutput
from flows.stages.group import load_background

K = 10
MAX_DAYS = 4
SCORED = 2000
"""Articles whose stories are scored, the last ones: the score takes a matrix of all pairs."""


@dataclass(frozen=True, slots=True)
class Measure:
    """What one way took: seconds for each day, and the most memory its process held, in GiB."""

    seconds: list[float]
    memory: float
    note: str = ""


def search_ours(window: list[Day]) -> float:
    """The nearest statements of other articles for those of the last day."""
    vectors, articles = stacked(window)
    queries = np.flatnonzero(articles >= articles[-1] + 1 - len(window[-1].vectors))
    first, last = np.zeros(len(queries), dtype=np.int64), np.full(len(queries), len(vectors))
    start = time.perf_counter()
    nearest(vectors, articles, first, last, K, queries)
    return time.perf_counter() - start


def search_faiss(window: list[Day]) -> float:
    """The nearest statements of any article, its own too."""
    import faiss

    vectors, _ = stacked(window)
    queries, _ = stacked(window[-1:])
    start = time.perf_counter()
    index = faiss.IndexFlatIP(vectors.shape[1])
    index.add(vectors)
    index.search(queries, K)
    return time.perf_counter() - start


def measure(archive: Archive, days: int, search: Callable[[list[Day]], float]) -> Measure:
    window: deque[Day] = deque(maxlen=MAX_DAYS + 1)
    seconds = []
    for number in range(days):
        window.append(archive.day(number))
        seconds.append(search(list(window)))
    return Measure(seconds, peak())


def measure_grouping(archive: Archive, days: int, background: Background) -> Measure:
    window: deque[Day] = deque(maxlen=MAX_DAYS + 1)
    stories: deque[list[str]] = deque(maxlen=MAX_DAYS + 1)
    seconds: list[float] = []
    gold: deque[str] = deque(maxlen=SCORED)
    found: deque[str] = deque(maxlen=SCORED)
    for number in range(days):
        day = archive.day(number)
        known = [story for before in list(stories)[-MAX_DAYS:] for story in before]
        window.append(day)
        articles = [article for each in window for article in each.vectors]
        published = [when for each in window for when in each.published.tolist()]
        start = time.perf_counter()
        joined = join_stories(articles, published, [*known, *[None] * len(day.vectors)], background, max_days=MAX_DAYS)
        seconds.append(time.perf_counter() - start)
        stories.append(
            [str(story) if isinstance(story, str) else f"{number}-{story}" for story in joined[len(known) :]]
        )
        gold.extend(map(str, day.events))
        found.extend(stories[-1])
    return Measure(seconds, peak(), f"B-cubed F1 {score_stories(list(gold), list(found)).f1:.3f}")


def peak() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20


def sentences(gold: Sequence[Path], more: Path | None) -> list[str]:
    texts = [statement.text for folder in gold for statement in load_event(folder).statements]
    if more:
        rows = [json.loads(line) for line in more.read_text("utf-8").splitlines()]
        texts += [row[language] for row in rows for language in ("en", "ru", "ar") if language in row]
    return sorted(set(texts))


@click.command()
@click.argument("gold", type=click.Path(path_type=Path, exists=True, file_okay=False), nargs=-1, required=True)
@click.option("--sentences", "more", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--statements", type=click.IntRange(min=100), default=100_000, show_default=True)
@click.option("--days", type=click.IntRange(min=1), default=10, show_default=True)
def main(gold: tuple[Path, ...], more: Path | None, statements: int, days: int) -> None:
    """Print how long an archive of so many statements takes, and its last day, and the most memory in use."""
    encoder = EmbeddedEncoder()
    background = load_background(encoder)
    vectors = encoder.encode(sentences(gold, more))
    archive = Archive(background.mean, vectors - vectors.mean(axis=0), statements // days)
    tasks: list[tuple[str, Callable[..., Measure], object]] = [
        ("neighbours", measure, search_ours),
        ("stories, neighbours and all", measure_grouping, background),
    ]
    if find_spec("faiss"):
        tasks.insert(0, ("faiss IndexFlatIP", measure, search_faiss))
    table = Table("way", "seconds", "ratio", "last day", "GiB", "", title=f"{statements:,} statements, {days} days")
    with ProcessPoolExecutor(1, multiprocessing.get_context("spawn"), max_tasks_per_child=1) as processes:
        taken = [processes.submit(function, archive, days, rest).result() for _, function, rest in tasks]
    for (name, *_), took in zip(tasks, taken, strict=True):
        total = sum(took.seconds)
        ratio = f"{total / sum(taken[0].seconds):.2f}"
        table.add_row(name, f"{total:.1f}", ratio, f"{took.seconds[-1]:.2f}", f"{took.memory:.2f}", took.note)
    StandardOutput().print(table)


if __name__ == "__main__":
    main()
