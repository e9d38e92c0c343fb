"""Articles to stories."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC

from align.encoders import Encoder
from align.stories import Background, fit_background, join_stories
from flows.lexicons import background_texts
from flows.progress import report
from flows.settings import Settings
from flows.stages import Counts, batch_task
from flows.stages.encode import encoder_key
from storage import GroupableArticle, Warehouse, rows, story_id

ARTICLES_A_BATCH = 1000


def group(settings: Settings, warehouse: Warehouse, encoder: Encoder) -> Counts:
    """Let articles that have no story join one, or open one, in order of time."""
    model = encoder_key(encoder)
    total = warehouse.count_ungrouped(model)
    background = load_background(encoder) if total else None
    done = opened = 0
    while background and (batch := warehouse.ungrouped(model, ARTICLES_A_BATCH)):
        opened += _group_batch(batch, background, settings, warehouse, encoder)
        done += len(batch)
        report("group", done, total, f"{opened} new stories")
    return {"articles": done, "new stories": opened}


def load_background(encoder: Encoder) -> Background:
    """What news is like in this encoder's vectors, from configs/background.jsonl."""
    return fit_background(encoder.encode(background_texts()))


def group_batch(
    batch: Sequence[str], background: Background, settings: Settings, warehouse: Warehouse, encoder: Encoder
) -> int:
    """Find a story for each of these articles. Returns how many stories were opened."""
    days = settings.align.story_days
    articles = warehouse.groupable(batch, encoder_key(encoder), encoder.dimensions, days)
    found = join_stories(
        [article.vectors for article in articles],
        [article.published_at.replace(tzinfo=UTC).timestamp() for article in articles],
        [article.story_id for article in articles],
        background,
        max_days=days,
        min_similarity=settings.align.story_similarity,
    )
    names = [story if isinstance(story, str) else story_id(articles[story].article_id) for story in found]
    joined = [
        rows.StoryArticle(article.article_id, name)
        for article, name in zip(articles, names, strict=True)
        if article.story_id is None
    ]
    members: dict[str, list[GroupableArticle]] = {}
    for article, name, story in zip(articles, names, found, strict=True):
        if not isinstance(story, str):
            members.setdefault(name, []).append(article)
    opened = [rows.Story(name, _title(its)) for name, its in sorted(members.items())]
    warehouse.write_stories(opened, joined)
    return len(opened)


_group_batch = batch_task("group articles")(group_batch)


def _title(articles: Sequence[GroupableArticle]) -> str:
    """The headline of the earliest article, an English one where there is one; articles come in order of time."""
    titled = [article for article in articles if article.title] or articles
    return next((article.title for article in titled if article.language == "en"), titled[0].title)
