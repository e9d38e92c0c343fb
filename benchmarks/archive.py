"""A made archive of any size for measuring speed: days of articles on events, as vectors of their statements.

A statement's vector is that of two real sentences together, its fact, with a share of its event's and of one drawn at
random, all around the mean of varied news: so statements of one fact have a mean cosine of about 0.5, as those of one
claim have in the gold events. Any day can be made by itself, and is always the same.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from align.neighbours import DAY
from align.wording import Matrix

STATEMENTS, FACTS = 10, 16
ARTICLES_AN_EVENT = 8
TOPIC, VARIATION = 0.5, 1.2


@dataclass(frozen=True, slots=True)
class Day:
    """The articles of a day in order of time.

    vectors: for each its statements' unit rows, shape (10, dimensions); published: seconds; outlets, events: codes.
    """

    vectors: list[Matrix]
    published: NDArray[np.float64]
    outlets: NDArray[np.int64]
    events: NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Archive:
    """mean: of varied news; sentences: how vectors of real ones differ from their own mean; ten statements an article.

    statements: how many a day.
    """

    mean: Matrix
    sentences: Matrix
    statements: int
    outlets: int = 50

    def day(self, number: int) -> Day:
        """About two thirds of its articles are on events that began that day, the others on those of the day before."""
        dice = np.random.default_rng((1, number))
        count = self.statements // STATEMENTS
        begun = max(count // ARTICLES_AN_EVENT, 1)
        first = (number - (dice.random(count) < 1 / 3)) * begun
        events = first + dice.integers(0, begun, count)
        return Day(
            [self._article(int(event), dice) for event in events],
            np.sort(number * DAY + dice.uniform(0, DAY, count)),
            dice.integers(0, self.outlets, count),
            events,
        )

    def _article(self, event: int, dice: np.random.Generator) -> Matrix:
        """Some facts of an event in words of its own."""
        own = np.random.default_rng((2, event + 2**32))
        topic = self.sentences[own.integers(0, len(self.sentences))]
        facts = self.sentences[own.integers(0, len(self.sentences), (FACTS, 2))].sum(axis=1) / np.sqrt(2)
        told = facts[dice.choice(FACTS, STATEMENTS, replace=False)]
        other = self.sentences[dice.integers(0, len(self.sentences), STATEMENTS)]
        rows = self.mean + told + TOPIC * topic + VARIATION * other
        unit: Matrix = (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32)
        return unit


def stacked(days: Sequence[Day]) -> tuple[Matrix, NDArray[np.int64]]:
    """All statements of these days, and the number of the article of each."""
    articles = [article for day in days for article in day.vectors]
    return np.concatenate(articles), np.repeat(np.arange(len(articles)), [len(article) for article in articles])
