"""Articles to stories, on made similarities, and on the gold events."""

from __future__ import annotations

import json
from datetime import datetime

import numpy as np

from align.encoders import EmbeddedEncoder
from align.stories import DAY, article_similarity, join_stories
from flows.gold import shipped_events

SAME, OTHER = 0.9, 0.1


def blocks(*sizes: int) -> np.ndarray:
    """Articles of one story are alike, those of two are not."""
    story = np.repeat(np.arange(len(sizes)), sizes)
    return np.where(story[:, None] == story[None, :], SAME, OTHER).astype(np.float32)


def test_articles_that_are_alike_share_the_story_that_the_earliest_opens() -> None:
    assert join_stories(blocks(3, 2), [30, 10, 20, 5, 6], [None] * 5, max_days=1) == [1, 1, 1, 3, 3]


def test_an_article_alone_is_a_story() -> None:
    assert join_stories(blocks(1), [0.0], [None], max_days=1) == [0]


def test_articles_too_far_apart_in_time_are_two_stories() -> None:
    assert join_stories(blocks(2), [0.0, 5 * DAY], [None, None], max_days=4) == [0, 1]


def test_new_articles_join_known_stories_and_the_past_stays() -> None:
    found = join_stories(blocks(3, 2), [0, 1, 2, 0, 1], ["s1", None, "s1", "s2", None], max_days=1)
    assert found == ["s1", "s1", "s1", "s2", "s2"]


def test_known_stories_are_never_merged() -> None:
    assert join_stories(blocks(3), [0, 1, 2], ["s1", "s2", None], max_days=1)[:2] == ["s1", "s2"]


def test_the_four_gold_events_are_four_stories_even_in_one_week() -> None:
    encoder = EmbeddedEncoder()
    articles, published, events = [], [], []
    for event in shipped_events():
        when = {
            row["id"]: datetime.fromisoformat(row["published_at"]).timestamp()
            for row in map(json.loads, (event.folder / "articles.jsonl").read_text("utf-8").splitlines())
        }
        first = min(when.values())
        for key, time in when.items():
            articles.append(encoder.encode([s.text for s in event.statements if s.key.startswith(f"{key}#")]))
            published.append(time - first)
            events.append(event.name)
    found = join_stories(article_similarity(articles), published, [None] * len(articles), max_days=4)
    assert len({(story, event) for story, event in zip(found, events, strict=True)}) == len(set(found)) == 4
