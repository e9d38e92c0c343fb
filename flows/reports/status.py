"""How the last runs went, and what waits to be done and why."""

from __future__ import annotations

from storage import Result, Warehouse

_RUNS = """
    SELECT strftime(started_at, '%Y-%m-%d %H:%M') AS started, name, state,
        round(date_diff('millisecond', started_at, finished_at) / 1000, 1) AS seconds, coalesce(error, '') AS error
    FROM runs ORDER BY started_at DESC, run_id LIMIT $runs
"""
_WAITING = """
    SELECT 'statements to translate' AS what, language AS which, count(*) AS items,
        'no engine that is usable has translated them yet' AS why
    FROM told WHERE english IS NULL GROUP BY language
    UNION ALL
    SELECT 'statements to encode', a.language, count(*), 'a run was stopped before'
    FROM statements s JOIN articles a USING (article_id)
    WHERE text_hash NOT IN (SELECT text_hash FROM vectors) GROUP BY a.language
    UNION ALL
    SELECT 'articles to group', a.language, count(*), 'a run was stopped before'
    FROM articles a ANTI JOIN story_articles USING (article_id) GROUP BY a.language
    UNION ALL
    SELECT 'items rejected', source, count(*), mode(reason) FROM rejects GROUP BY source
    ORDER BY what DESC, items DESC, which
"""


def last_runs(warehouse: Warehouse, count: int) -> Result:
    """started (UTC), name, state, seconds and error of the last runs, the last first."""
    return warehouse.query(_RUNS, {"runs": count})


def waiting(warehouse: Warehouse) -> Result:
    """what waits, which (a language, or a source), how many items, and why; of rejects the commonest reason."""
    return warehouse.query(_WAITING)
