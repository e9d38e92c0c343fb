"""The stories and the claims of a warehouse, a row each."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from storage import Result, Warehouse

# A story whose title is blank goes by the first headline there is, else by the words its earliest article opens with.
STORIES = """
    SELECT s.story_id, count(DISTINCT a.outlet) AS outlets, count(*) AS articles,
           (SELECT count(*) FROM claims c WHERE c.story_id = s.story_id) AS claims,
           strftime(min(a.published_at), '%Y-%m-%d') AS since,
           coalesce(
               nullif(trim(s.title), ''),
               first(a.title ORDER BY a.published_at, a.article_id) FILTER (trim(a.title) <> ''),
               first(o.text ORDER BY a.published_at, a.article_id) FILTER (o.text IS NOT NULL),
               ''
           ) AS title
    FROM stories s JOIN story_articles USING (story_id) JOIN articles a USING (article_id)
    LEFT JOIN statements o ON o.article_id = a.article_id AND o.position = 0
    GROUP BY s.story_id, s.title
    ORDER BY outlets DESC, articles DESC, claims DESC, min(a.published_at), s.story_id
"""
_CLAIMS = """
    SELECT claim_id, count(DISTINCT outlet) AS outlets,
           string_agg(DISTINCT language, ' ' ORDER BY language) AS languages,
           round(any_value(c.probability), 2) AS probability, claim
    FROM comparison JOIN claims c USING (claim_id)
    WHERE $story IS NULL OR c.story_id = $story
    GROUP BY claim_id, claim ORDER BY outlets DESC, probability DESC, claim_id
"""


def list_stories(warehouse: Warehouse) -> Result:
    """story_id, outlets, articles, claims, since (a day, UTC) and title; those that most outlets cover first."""
    return warehouse.query(STORIES)


def list_claims(warehouse: Warehouse, story: str | None = None) -> Result:
    """claim_id, outlets, languages, probability and claim, of one story or of all; those that most outlets make first.

    story: a whole id; `reading.choose` finds it by its beginning.
    """
    return warehouse.query(_CLAIMS, {"story": story})
