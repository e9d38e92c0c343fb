"""Articles to stories."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC

from align.encoders import Encoder
from align.stories import article_similarity, join_stories
from flows.progress import report
from flows.settings import Settings
from flows.stages import Counts, batch_task
from flows.stages.encode import encoder_key
from storage import GroupableArticle, Warehouse, rows, story_id


def group(settings: Settings, warehouse: Warehouse, encoder: Encoder) -> Counts:
    """Let articles that have no story join one, or open one."""
    articles = warehouse.groupable(encoder_key(encoder), encoder.dimensions, settings.align.story_days)
    if not articles:
        return {"articles": 0, "new stories": 0}
    report("group", 0, len(articles), "articles to stories")
    opened = _group_articles(articles, settings, warehouse)
    report("group", len(articles), len(articles), f"{opened} new stories")
    return {"articles": sum(article.story_id is None for article in articles), "new stories": opened}


@batch_task("group articles")
def _group_articles(articles: Sequence[GroupableArticle], settings: Settings, warehouse: Warehouse) -> int:
    found = join_stories(
        article_similarity([article.vectors for article in articles]),
        [article.published_at.replace(tzinfo=UTC).timestamp() for article in articles],
        [article.story_id for article in articles],
        max_days=settings.align.story_days,
        min_similarity=settings.align.story_similarity,
    )
    names = [story if isinstance(story, str) else story_id(articles[story].article_id) for story in found]
    joined = [
        rows.StoryArticle(article.article_id, name)
        for article, name in zip(articles, names, strict=True)
        if article.story_id is None
    ]
    opened = [
        rows.Story(name, _title([other for other, its in zip(articles, names, strict=True) if its == name]))
        for name in sorted({name for name, story in zip(names, found, strict=True) if not isinstance(story, str)})
    ]
    warehouse.write_stories(opened, joined)
    return len(opened)


def _title(articles: Sequence[GroupableArticle]) -> str:
    """The headline of the earliest article, an English one where there is one; articles come in order of time."""
    titled = [article for article in articles if article.title] or articles
    return next((article.title for article in titled if article.language == "en"), titled[0].title)
