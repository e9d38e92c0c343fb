"""Runs to be killed, and what their warehouse holds in the end, but for times and last places of figures."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import duckdb

GOLD = Path(__file__).parents[1] / "configs" / "gold"

TABLES = {
    "articles": "* EXCLUDE (stored_at)",
    "statements": "*",
    "translations": "* EXCLUDE (translated_at) REPLACE (quality IS NOT NULL AS quality)",  # its last places vary
    "mentions": "*",
    "figures": "*",
    "copies": "*",
    "stories": "*",
    "story_articles": "*",
    "claims": "* REPLACE (round(probability, 3) AS probability)",
    "claim_statements": "* REPLACE (round(probability, 3) AS probability)",
    "speakers": "*",
    "keyness": "* REPLACE (round(z, 3) AS z, round(log_odds, 3) AS log_odds)",
    "outlet_map": "* REPLACE (round(x, 3) AS x, round(y, 3) AS y)",
    "statement_frames": "* REPLACE (round(score, 3) AS score)",
    "rejects": "* EXCLUDE (rejected_at)",
}


Content = dict[str, list[tuple[Any, ...]]]


def config(*events: str) -> str:
    """Small batches: each stage then has a middle to be killed in. Each event is a source."""
    sources = "".join(f"  - {{kind: jsonl, path: {GOLD}/{event}/articles.jsonl}}\n" for event in events)
    memory = ", ".join(f"{GOLD}/{event}/statements.jsonl" for event in events)
    translate = f"translate: {{engines: [memory], memory: [{memory}], batch_size: 2}}\n"
    return f"sources:\n{sources}{translate}encode: {{batch_size: 16}}\n"


def content(folder: Path) -> Content:
    with duckdb.connect(str(folder / "rashomon.duckdb"), read_only=True) as connection:
        return {
            table: connection.sql(f"SELECT {what} FROM {table} ORDER BY ALL").fetchall()
            for table, what in TABLES.items()
        }
