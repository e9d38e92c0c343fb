"""Runs to be killed, and what their warehouse holds in the end, but for times and last places of figures."""

from __future__ import annotations

from math import isclose
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
    "claims": "*",
    "claim_statements": "*",
    "speakers": "*",
    "keyness": "*",
    "outlet_map": "*",
    "statement_frames": "*",
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


def differing(found: Content, wanted: Content) -> list[str]:
    """The tables that are not alike, but for the last places of figures, which vary with how work was shared out."""
    return [table for table, rows in wanted.items() if not _alike(found[table], rows)]


def _alike(found: list[tuple[Any, ...]], wanted: list[tuple[Any, ...]]) -> bool:
    if len(found) != len(wanted):
        return False
    pairs = ((a, b) for one, other in zip(found, wanted, strict=True) for a, b in zip(one, other, strict=True))
    return all(a == b or (isinstance(a, float) and isclose(a, b, abs_tol=0.002)) for a, b in pairs)
