"""Articles to stories, on made vectors, and on the gold events."""

from __future__ import annotations

import json
from datetime import datetime

import numpy as np
import pytest

from align import stories
from align.encoders import EmbeddedEncoder
from align.neighbours import DAY
from align.stories import Background, fit_background, join_stories
from flows.gold import shipped_events
from flows.stages.group import load_background

DIMENSIONS = 64
NEWS = fit_background(np.random.default_rng(9).standard_normal((400, DIMENSIONS)).astype(np.float32))
Vectors = list[np.ndarray]


def about(*events: int, seed: int = 0, statements: int = 5) -> Vectors:
    """An article on each of these events: its statements are near the event's own direction."""
    dice = np.random.default_rng(seed)
    axes = np.random.default_rng(1).standard_normal((20, DIMENSIONS))
    rows = [2 * axes[event] + dice.standard_normal((statements, DIMENSIONS)) for event in events]
    return [(row / np.linalg.norm(row, axis=1, keepdims=True)).astype(np.float32) for row in rows]


def test_articles_that_are_alike_share_the_story_that_the_earliest_opens() -> None:
    found = join_stories(about(1, 1, 1, 2, 2), [30, 10, 20, 5, 6], [None] * 5, NEWS, max_days=1)
    assert found == [1, 1, 1, 3, 3]


def test_an_article_alone_is_a_story_and_none_make_none() -> None:
    assert join_stories(about(1), [0.0], [None], NEWS, max_days=1) == [0]
    assert join_stories([], [], [], NEWS, max_days=1) == []


def test_articles_too_far_apart_in_time_are_two_stories() -> None:
    assert join_stories(about(1, 1), [0.0, 5 * DAY], [None, None], NEWS, max_days=4) == [0, 1]


def test_a_story_goes_on_for_as_long_as_there_is_news_of_it() -> None:
    days = [day * DAY for day in (0, 3, 6, 9)]
    assert join_stories(about(1, 1, 1, 1), days, [None] * 4, NEWS, max_days=4) == [0, 0, 0, 0]


def test_new_articles_join_known_stories_and_the_past_stays() -> None:
    known = ["s1", None, "s1", "s2", None, None]
    found = join_stories(about(1, 1, 1, 2, 2, 3), [0, 1, 2, 0, 1, 3], known, NEWS, max_days=1)
    assert found == ["s1", "s1", "s1", "s2", "s2", 5]


def test_known_stories_are_never_merged() -> None:
    found = join_stories(about(1, 1, 1), [0, 1, 2], ["s1", "s2", None], NEWS, max_days=1)
    assert found[:2] == ["s1", "s2"]


def test_an_article_of_the_past_joins_the_story_of_its_time() -> None:
    found = join_stories(about(1, 1, 2), [5 * DAY, 4 * DAY, 3 * DAY], ["s1", None, None], NEWS, max_days=4)
    assert found == ["s1", "s1", 2]


def test_a_sentence_that_many_print_makes_no_story() -> None:
    articles = about(*range(12))
    articles = [np.concatenate([article, about(15, statements=1)[0]]) for article in articles]
    assert join_stories(articles, list(range(12)), [None] * 12, NEWS, max_days=1) == list(range(12))


@pytest.mark.parametrize("size", [1, 7, 40])
def test_articles_that_come_in_order_get_the_same_stories_however_they_are_split(size: int) -> None:
    dice = np.random.default_rng(3)
    articles = about(*dice.integers(0, 12, 120), seed=4)
    times = np.sort(dice.uniform(0, 20 * DAY, 120)).tolist()
    at_once = join_stories(articles, times, [None] * 120, NEWS, max_days=2)
    known: list[str | None] = []
    for start in range(0, 120, size):
        stop = min(start + size, 120)
        near = [row for row in range(start) if times[row] >= times[start] - 2 * DAY]
        rows = [*near, *range(start, stop)]
        found = join_stories(
            [articles[row] for row in rows],
            [times[row] for row in rows],
            [*(known[row] for row in near), *[None] * (stop - start)],
            NEWS,
            max_days=2,
        )
        known += [story if isinstance(story, str) else str(rows[story]) for story in found[len(near) :]]
    assert known == [str(story) for story in at_once]
    assert 12 < len(set(known)) < 60


def test_many_copies_of_one_article_are_one_story_and_blank_ones_none() -> None:
    copies = about(1) * 1500
    assert set(join_stories(copies, [0.0] * 1500, [None] * 1500, NEWS, max_days=1)) == {0}
    blank = [np.zeros((2, DIMENSIONS), dtype=np.float32)] * 3
    assert join_stories(blank, [0.0] * 3, [None] * 3, NEWS, max_days=1) == [0, 1, 2]


def test_what_all_news_shares_is_taken_out() -> None:
    common = np.zeros(DIMENSIONS)
    common[0] = 3.0
    news = np.random.default_rng(5).standard_normal((400, DIMENSIONS)) + common
    background = fit_background((news / np.linalg.norm(news, axis=1, keepdims=True)).astype(np.float32))
    assert abs((background.rows @ background.rows.T)[np.triu_indices(400, 1)].mean()) < 0.01


@pytest.fixture(scope="module")
def background() -> Background:
    return load_background(EmbeddedEncoder())


@pytest.fixture(scope="module")
def gold() -> dict[str, tuple[list[float], Vectors]]:
    encoder = EmbeddedEncoder()
    events = {}
    for event in shipped_events():
        lines = (event.folder / "articles.jsonl").read_text("utf-8").splitlines()
        when = {row["id"]: datetime.fromisoformat(row["published_at"]).timestamp() for row in map(json.loads, lines)}
        articles = [
            encoder.encode([s.text for s in event.statements if s.key.startswith(f"{key}#")])
            for key in sorted(when, key=lambda key: when[key])
        ]
        events[event.name] = (sorted(when.values()), articles)
    return events


@pytest.mark.parametrize("event", ["border", "enclave", "oil", "pipeline"])
def test_a_gold_event_alone_is_one_story(
    event: str, gold: dict[str, tuple[list[float], Vectors]], background: Background
) -> None:
    times, articles = gold[event]
    assert set(join_stories(articles, times, [None] * 9, background, max_days=4)) == {0}


def test_the_four_gold_events_are_four_stories_even_in_one_week(
    gold: dict[str, tuple[list[float], Vectors]], background: Background
) -> None:
    times = [time - times[0] for times, _ in gold.values() for time in times]
    articles = [article for _, articles in gold.values() for article in articles]
    found = join_stories(articles, times, [None] * 36, background, max_days=4)
    assert [len(set(found[start : start + 9])) for start in range(0, 36, 9)] == [1, 1, 1, 1]
    assert len(set(found)) == 4


def test_members_that_are_compared_are_the_nearest_in_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stories, "MEMBERS", 2)
    times = [day * DAY for day in (0, 0.1, 3, 3.1, 3.2)]
    # The story has moved on: the last article is like its latest members, not like its first.
    found = join_stories(about(1, 1, 2, 2, 2), times, ["s"] * 4 + [None], NEWS, max_days=4)
    assert found[-1] == "s"
