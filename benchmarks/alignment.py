"""Time and memory of nearest statements, stories and claims, beside a search of faiss over the same windows.

    python benchmarks/alignment.py configs/gold/* --statements 100000 --days 10

The archive is made (see archive.py) from the sentences of the events, and of a JSONL file of further ones if given.
Each day's statements are searched for in that day and the four before. faiss (`pip install rashomon[bench]`) is left
out where it is not installed. All take turns day by day, so that each has the machine as the others have it; making
the archive is not timed. The ratio is the median of the days', the share that of the last day in all of them, which is
what a day's increment costs. Claims are those of the events that began the day before, which are complete then; the
encoding of their words is in their time, that of statements is not: encoding.py measures it. Who says them and their
figures are known then, from when articles are read. The memory is that of this process and of the largest of those that
find claims.
"""

from __future__ import annotations

import json
import resource
import time
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from importlib.util import find_spec
from pathlib import Path

import click
import numpy as np
from archive import Archive, Day, stacked
from rich.table import Table

from align.claims import Claim, find_claims
from align.encoders import EmbeddedEncoder
from align.evaluation import score_stories
from align.figures import figure_values
from align.neighbours import nearest
from align.pairs import PairProbabilities, Statements, find_contents, pair_probabilities
from align.stories import Background, join_stories
from flows.claim_worker import shipped
from flows.gold import load_event
from flows.lexicons import load_reporting
from flows.reports.standard_output import StandardOutput
from flows.stages.group import load_background
from flows.weights import depths
from flows.workers import start_workers, work_in_order

K = 10
MAX_DAYS = 4
SCORED = 2000
"""Articles whose stories are scored, the last ones: the score takes a matrix of all pairs."""


def search_ours(window: list[Day]) -> float:
    """The nearest statements of other articles for those of the last day. Returns how many seconds it took."""
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


class Grouping:
    """Groups a day after the other, as runs that come once a day do."""

    def __init__(self, background: Background) -> None:
        self._background = background
        self._stories: deque[list[str]] = deque(maxlen=MAX_DAYS)
        self._gold: deque[str] = deque(maxlen=SCORED)
        self._found: deque[str] = deque(maxlen=SCORED)
        self._days = 0

    def __call__(self, window: list[Day]) -> float:
        """Find the stories of the last day's articles. Returns how many seconds it took."""
        articles = [article for day in window for article in day.vectors]
        published = [when for day in window for when in day.published.tolist()]
        known: list[str | None] = [story for day in self._stories for story in day]
        new = len(articles) - len(known)
        start = time.perf_counter()
        found = join_stories(articles, published, [*known, *[None] * new], self._background, max_days=MAX_DAYS)
        seconds = time.perf_counter() - start
        self._days += 1
        self._stories.append([s if isinstance(s, str) else f"{self._days}-{s}" for s in found[len(known) :]])
        self._gold.extend(map(str, window[-1].events))
        self._found.extend(self._stories[-1])
        return seconds

    @property
    def f1(self) -> float:
        return score_stories(list(self._gold), list(self._found)).f1


class Claims:
    """Finds the claims of events once they are over, in as many processes as a run does."""

    def __init__(self, pool: ProcessPoolExecutor) -> None:
        self._pool, self._reporting = pool, load_reporting().lexicons
        self.statements = 0

    def __call__(self, window: list[Day]) -> float:
        """Find the claims of the events that began the day before the last. Returns how many seconds it took."""
        days = window[-2:]
        stories = [story for event in days[0].begun if len(days) > 1 and len(story := self._story(event, days))]
        start = time.perf_counter()
        for _ in work_in_order(partial(self._pool.submit, find), enumerate(stories)):
            pass
        self.statements += sum(map(len, stories))
        return time.perf_counter() - start

    def _story(self, event: int, days: list[Day]) -> Statements:
        told = [(day, row) for day in days for row in np.flatnonzero(day.events == event)]
        texts = [text for day, row in told for text in day.texts[row]]
        articles = [str(number) for number, (day, row) in enumerate(told) for _ in day.texts[row]]
        languages = [day.languages[row] for day, row in told for _ in day.texts[row]]
        return Statements(
            texts=texts,
            contents=find_contents(texts, languages, articles, self._reporting),
            figures=list(map(figure_values, texts, languages)),
            languages=languages,
            outlets=[str(day.outlets[row]) for day, row in told for _ in day.texts[row]],
            articles=articles,
            depths=depths(articles),
            vectors=np.concatenate([day.vectors[row] for day, row in told] or [np.zeros((0, 1), np.float32)]),
        )


def find(story: Statements) -> tuple[PairProbabilities, list[Claim]]:
    learned, knowledge = shipped()
    pairs = pair_probabilities(story, learned.scorer, knowledge)
    return pairs, find_claims(pairs, story.outlets)


def sentences(gold: Sequence[Path], more: Path | None) -> dict[str, list[str]]:
    """Those of the events and of the file, by language."""
    texts: dict[str, set[str]] = {language: set() for language in ("ar", "en", "ru")}
    for folder in gold:
        for statement in load_event(folder).statements:
            texts[statement.language].add(statement.text)
    for line in more.read_text("utf-8").splitlines() if more else ():
        for language, text in json.loads(line).items():
            if language in texts and text.strip():
                texts[language].add(text)
    return {language: sorted(some) for language, some in texts.items()}


@click.command()
@click.argument("gold", type=click.Path(path_type=Path, exists=True, file_okay=False), nargs=-1, required=True)
@click.option("--sentences", "more", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--statements", type=click.IntRange(min=100), default=100_000, show_default=True)
@click.option("--days", type=click.IntRange(min=1), default=10, show_default=True)
def main(gold: tuple[Path, ...], more: Path | None, statements: int, days: int) -> None:
    """Print how long an archive of so many statements takes, and its last day, and the most memory in use."""
    encoder = EmbeddedEncoder()
    background = load_background(encoder)
    texts = sentences(gold, more)
    vectors = encoder.encode([text for some in texts.values() for text in some])
    archive = Archive(background.mean, vectors - vectors.mean(axis=0), texts, statements // days)
    pool = start_workers()
    grouping, claims = Grouping(background), Claims(pool)
    ways: dict[str, Callable[[list[Day]], float]] = {"faiss IndexFlatIP": search_faiss} if find_spec("faiss") else {}
    ways |= {"neighbours": search_ours, "stories, with their neighbours": grouping, "claims": claims}
    window: deque[Day] = deque(maxlen=MAX_DAYS + 1)
    seconds: dict[str, list[float]] = {name: [] for name in ways}
    for number in range(days):
        window.append(archive.day(number))
        for name, way in ways.items():
            seconds[name].append(way(list(window)))
    table = Table("way", "seconds", "last day", "its share", "ratio")
    taken = {name: np.array(each) for name, each in seconds.items()}
    peer = next(iter(taken.values()))
    for name, each in (taken | {"neighbours and claims": taken["neighbours"] + taken["claims"]}).items():
        last, ratio = float(each[-1]), np.median(each / peer)
        table.add_row(name, f"{each.sum():.1f}", f"{last:.2f}", f"{last / each.sum():.1%}", f"{ratio:.2f}")
    out = StandardOutput()
    out.print(table)
    pool.shutdown()
    own, largest = (
        resource.getrusage(who).ru_maxrss / 2**20 for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    )
    out.print(
        f"{statements:,} statements, {days} days, {claims.statements:,} in claims; "
        f"at most {own:.2f} GiB, and {largest:.2f} for each other process; stories, B-cubed F1 {grouping.f1:.3f}"
    )


if __name__ == "__main__":
    main()
