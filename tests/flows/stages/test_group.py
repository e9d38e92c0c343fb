"""Articles grouped batch by batch, day by day: new ones join or open stories, and the past stays as it was."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from align.encoders import EmbeddedEncoder
from align.stories import Background
from flows.lexicons import load_names, load_reporting
from flows.settings import Settings, TableSource
from flows.sources.records import parse_moment
from flows.stages import timestamp
from flows.stages.encode import encoder_key
from flows.stages.group import group_batch, load_background
from flows.stages.read import Reader
from storage import Warehouse, rows

SETTINGS = Settings(sources=[TableSource(kind="jsonl", path=Path("unread.jsonl"), outlet="A")])
Articles = Sequence[dict[str, Any]]


class Grouper:
    """A warehouse that articles are put into, and grouped in."""

    def __init__(self, path: Path, encoder: EmbeddedEncoder, background: Background) -> None:
        self.warehouse = Warehouse(path)
        self._encoder, self._background = encoder, background
        self._reader = Reader(load_reporting(), load_names([]))

    def add(self, articles: Articles) -> None:
        stored = [
            rows.Article(key, a["outlet"], a["language"], a["url"], a["title"], a["text"], moment, "file", timestamp())
            for a in articles
            if (key := a["id"]) and (moment := parse_moment(a["published_at"]))
        ]
        self.warehouse.write_coverage(stored)
        self.warehouse.write_readings("v", [self._reader.read(a.article_id, a.text, a.language) for a in stored])
        texts = self.warehouse.unencoded(self.model, 10_000)
        vectors = self._encoder.encode([text.text for text in texts])
        self.warehouse.write_vectors(self.model, [text.key for text in texts], vectors)

    @property
    def model(self) -> str:
        return encoder_key(self._encoder)

    def group(self, size: int = 1000) -> int:
        opened = 0
        while batch := self.warehouse.ungrouped(self.model, size):
            opened += group_batch(batch, self._background, SETTINGS, self.warehouse, self._encoder)
        return opened

    @property
    def stories(self) -> dict[str, str]:
        return dict(self.warehouse.query("SELECT article_id, story_id FROM story_articles ORDER BY 1").rows)


@pytest.fixture(scope="module")
def parts() -> tuple[EmbeddedEncoder, Background]:
    encoder = EmbeddedEncoder()
    return encoder, load_background(encoder)


@pytest.fixture
def grouper(tmp_path: Path, parts: tuple[EmbeddedEncoder, Background]) -> Grouper:
    return Grouper(tmp_path / "stories.duckdb", *parts)


def by_day(articles: Articles) -> list[list[dict[str, Any]]]:
    days: dict[str, list[dict[str, Any]]] = {}
    for article in articles:
        days.setdefault(str(parse_moment(article["published_at"]))[:10], []).append(article)
    return [days[day] for day in sorted(days)]


def test_the_next_day_joins_the_stories_of_the_last_and_ids_stay(
    grouper: Grouper, gold_articles: list[dict[str, Any]]
) -> None:
    known: dict[str, str] = {}
    for day in by_day(gold_articles):
        grouper.add(day)
        grouper.group()
        assert known.items() <= grouper.stories.items()
        known = grouper.stories
    events = {(article.split("-")[0], story) for article, story in known.items()}
    assert len(known) == 36 and len(events) == len(set(known.values())) == 4


def test_day_by_day_gives_what_one_run_gives(
    grouper: Grouper, tmp_path: Path, gold_articles: list[dict[str, Any]], parts: tuple[EmbeddedEncoder, Background]
) -> None:
    for day in by_day(gold_articles):
        grouper.add(day)
        grouper.group(size=2)
    at_once = Grouper(tmp_path / "once.duckdb", *parts)
    at_once.add(gold_articles)
    at_once.group()
    assert grouper.stories == at_once.stories


def test_a_second_look_finds_nothing_to_do(grouper: Grouper, gold_articles: list[dict[str, Any]]) -> None:
    grouper.add(gold_articles[:9])
    assert grouper.warehouse.count_ungrouped(grouper.model) == 9
    assert grouper.group() == 1
    assert grouper.warehouse.count_ungrouped(grouper.model) == grouper.group() == 0


def test_an_article_with_nothing_in_it_waits_for_statements(
    grouper: Grouper, gold_articles: list[dict[str, Any]]
) -> None:
    grouper.add([gold_articles[0] | {"text": " "}, gold_articles[1]])
    assert grouper.group() == 1
    assert set(grouper.stories) == {gold_articles[1]["id"]}
