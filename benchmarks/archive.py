"""A made archive of any size for measuring speed: days of articles on events, as statements and their vectors.

A statement's vector is that of two real sentences together, its fact, with a share of its event's and of one drawn at
random, all around the mean of varied news: so statements of one fact have a mean cosine of about 0.5, as those of one
claim have in the gold events. Its text is a real sentence in its article's language, with other numbers, a word left
out and one of another sentence put in: as long and as varied as news, but no evidence of quality. Any day can be made
by itself, and is always the same.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from align.encoders import EmbeddedEncoder
from align.neighbours import DAY
from align.wording import Matrix
from flows.gold import load_event
from flows.stages.group import load_background

STATEMENTS, FACTS = 10, 16
ARTICLES_AN_EVENT = 8
TOPIC, VARIATION = 0.5, 1.2


@dataclass(frozen=True, slots=True)
class Day:
    """The articles of a day in order of time.

    vectors: for each its statements' unit rows, shape (10, dimensions); texts: its statements; published: seconds;
    outlets, events: codes; begun: the events that began that day.
    """

    vectors: list[Matrix]
    texts: list[list[str]]
    languages: list[str]
    published: NDArray[np.float64]
    outlets: NDArray[np.int64]
    events: NDArray[np.int64]
    begun: range


@dataclass(frozen=True, slots=True)
class Archive:
    """mean: of varied news; sentences: how vectors of real ones differ from their own mean; texts: those, by language.

    statements: how many a day, ten an article.
    """

    mean: Matrix
    sentences: Matrix
    texts: Mapping[str, Sequence[str]]
    statements: int
    outlets: int = 50

    def day(self, number: int) -> Day:
        """About two thirds of its articles are on events that began that day, the others on those of the day before."""
        dice = np.random.default_rng((1, number))
        count = self.statements // STATEMENTS
        begun = max(count // ARTICLES_AN_EVENT, 1)
        events = (number - (dice.random(count) < 1 / 3)) * begun + dice.integers(0, begun, count)
        published = np.sort(number * DAY + dice.uniform(0, DAY, count))
        outlets = dice.integers(0, self.outlets, count)
        languages = [sorted(self.texts)[outlet % len(self.texts)] for outlet in outlets]
        articles = [
            self._article(int(event), language, dice) for event, language in zip(events, languages, strict=True)
        ]
        vectors, texts = (list(column) for column in zip(*articles, strict=True))
        return Day(vectors, texts, languages, published, outlets, events, range(number * begun, (number + 1) * begun))

    def _article(self, event: int, language: str, dice: np.random.Generator) -> tuple[Matrix, list[str]]:
        """Some facts of an event in words of its own."""
        own = np.random.default_rng((2, event + 2**32))
        topic = self.sentences[own.integers(0, len(self.sentences))]
        pairs = own.integers(0, len(self.sentences), (FACTS, 2))
        chosen = pairs[dice.choice(FACTS, STATEMENTS, replace=False)]
        told = self.sentences[chosen].sum(axis=1) / np.sqrt(2)
        other = self.sentences[dice.integers(0, len(self.sentences), STATEMENTS)]
        rows = self.mean + told + TOPIC * topic + VARIATION * other
        unit: Matrix = (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32)
        texts = self.texts[language]
        return unit, [_varied(texts[fact % len(texts)], texts, dice) for fact in chosen[:, 0]]


def articles(archive: Archive, days: Sequence[int], start: datetime) -> Iterator[dict[str, str]]:
    """The articles of these days as records that `rashomon run` reads, day 0 at `start`."""
    for number in days:
        day = archive.day(number)
        for row, texts in enumerate(day.texts):
            yield {
                "outlet": f"Outlet {day.outlets[row]}",
                "language": day.languages[row],
                "url": f"https://outlet-{day.outlets[row]}.example/{number}/{row}",
                "published_at": (start + timedelta(seconds=float(day.published[row]))).isoformat(),
                "title": texts[0],
                "text": "\n\n".join(text if text[-1:] in '.!?…»"' else f"{text}." for text in texts),
            }


def made(gold: Sequence[Path], statements: int) -> Archive:
    """Of the sentences of gold events, with so many statements a day."""
    encoder = EmbeddedEncoder()
    texts: dict[str, set[str]] = {}
    for folder in gold:
        for statement in load_event(folder).statements:
            texts.setdefault(statement.language, set()).add(statement.text)
    ordered = {language: sorted(some) for language, some in texts.items()}
    vectors = encoder.encode([text for some in ordered.values() for text in some])
    return Archive(load_background(encoder).mean, vectors - vectors.mean(axis=0), ordered, statements)


def _varied(text: str, texts: Sequence[str], dice: np.random.Generator) -> str:
    words = re.sub(r"\d+", lambda _: str(dice.integers(2, 999)), text).split()
    words[int(dice.integers(0, len(words)))] = str(dice.choice(texts[int(dice.integers(0, len(texts)))].split()))
    if len(words) > 3:
        del words[int(dice.integers(0, len(words)))]
    return " ".join(words)


def stacked(days: Sequence[Day]) -> tuple[Matrix, NDArray[np.int64]]:
    """All statements of these days, and the number of the article of each."""
    articles = [article for day in days for article in day.vectors]
    return np.concatenate(articles), np.repeat(np.arange(len(articles)), [len(article) for article in articles])
