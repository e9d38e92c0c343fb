"""Copies traced batch by batch, whatever comes first, give what one look at all of them gives."""

from __future__ import annotations

import random
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from flows.lexicons import load_names, load_reporting
from flows.stages.read import Reader
from flows.stages.trace import trace_batch
from storage import Warehouse, rows

NOON = datetime(2026, 1, 10, 12)
TEXTS = {
    "ferry": "The ferry Aurora sank in the northern strait late on Monday after its engine room caught fire.",
    "rescue": "Coastguards pulled forty-one passengers from the water before dawn, the harbour authority said.",
    "inquiry": "Officials expect the inquiry into the disaster to take several months at the very least.",
    "quote": "“We heard one bang and then the lights went out,” he said.",
    "short": "He did not elaborate.",
}
EDITS = {"late on Monday": "overnight", "northern": "Northern", "the harbour authority said": "officials said"}


def add(warehouse: Warehouse, number: int, day: float, *texts: str) -> None:
    reader = Reader(load_reporting(), load_names([]))
    text = "\n\n".join(texts)
    article = rows.Article(
        f"a{number}", f"Outlet {number}", "en", None, "", text, NOON + timedelta(days=day), "file", NOON
    )
    warehouse.write_coverage([article])
    warehouse.write_readings(reader.fingerprint, [reader.read(article.article_id, text, "en")])


def traced(warehouse: Warehouse) -> list[tuple[Any, ...]]:
    sql = """
        SELECT s.article_id, s.position, t.article_id, t.position FROM copies c
        JOIN statements s USING (statement_id) JOIN statements t ON t.statement_id = c.source_statement_id
        ORDER BY ALL
    """
    return warehouse.query(sql).rows


def run(warehouse: Warehouse, size: int) -> None:
    while batch := warehouse.untraced(size):
        trace_batch(batch, "v1", 4, warehouse)


def coverage(seed: int) -> list[tuple[float, list[str]]]:
    """Articles over two weeks that repeat one another with edits: a day and texts each."""
    dice = random.Random(seed)

    def edited(text: str) -> str:
        for old, new in EDITS.items():
            text = text.replace(old, new) if dice.random() < 0.3 else text
        return text

    return [
        (dice.random() * 14, [edited(text) for text in dice.sample(list(TEXTS.values()), dice.randint(1, 5))])
        for _ in range(15)
    ]


@pytest.mark.parametrize("seed", range(3))
def test_articles_that_come_in_any_order_end_as_those_that_come_at_once(tmp_path: Path, seed: int) -> None:
    """Long statements alone: whether a short one stands beside a copied one is asked of articles compared."""
    articles = [
        (day, [text for text in texts if len(text) > 80] or [TEXTS["inquiry"]]) for day, texts in coverage(seed)
    ]
    at_once, one_by_one = Warehouse(tmp_path / "once.duckdb"), Warehouse(tmp_path / "one.duckdb")
    for number, (day, texts) in enumerate(articles):
        add(at_once, number, day, *texts)
        add(one_by_one, number, day, *texts)
        run(one_by_one, 1)
    run(at_once, 1000)
    assert traced(at_once) == traced(one_by_one) != []


def test_an_original_that_arrives_after_its_copies_becomes_their_source(tmp_path: Path) -> None:
    warehouse = Warehouse(tmp_path / "late.duckdb")
    add(warehouse, 1, 1, *TEXTS.values())
    add(warehouse, 2, 2, *TEXTS.values())
    run(warehouse, 1000)
    assert traced(warehouse) == [("a2", n, "a1", n) for n in range(5)]
    add(warehouse, 0, 0, *TEXTS.values())
    run(warehouse, 1000)
    assert traced(warehouse) == [(f"a{number}", n, "a0", n) for number in (1, 2) for n in range(5)]


def test_a_late_original_reaches_copies_that_are_too_far_from_it_to_be_compared(tmp_path: Path) -> None:
    warehouse = Warehouse(tmp_path / "chain.duckdb")
    for number, day in enumerate((3, 6, 9), start=1):
        add(warehouse, number, day, TEXTS["ferry"])
        run(warehouse, 1000)
    add(warehouse, 0, 0, TEXTS["ferry"])
    run(warehouse, 1000)
    assert traced(warehouse) == [(f"a{number}", 0, "a0", 0) for number in (1, 2, 3)]


def test_a_second_look_finds_nothing_to_do(tmp_path: Path) -> None:
    warehouse = Warehouse(tmp_path / "again.duckdb")
    add(warehouse, 1, 1, TEXTS["ferry"])
    add(warehouse, 2, 2, TEXTS["ferry"])
    assert trace_batch(["a1", "a2"], "v1", 4, warehouse) == 1
    assert warehouse.count_untraced() == 0
    assert trace_batch(["a1", "a2"], "v1", 4, warehouse) == 0


def test_copies_are_traced_from_and_to_articles_whose_text_was_dropped(tmp_path: Path) -> None:
    warehouse = Warehouse(tmp_path / "test.duckdb")
    add(warehouse, 1, 0, TEXTS["ferry"], TEXTS["rescue"])
    run(warehouse, 10)
    assert warehouse.drop_texts(NOON + timedelta(days=1)) == 1
    add(warehouse, 2, 1, TEXTS["ferry"])
    run(warehouse, 10)
    assert traced(warehouse) == [("a2", 0, "a1", 0)]
    assert warehouse.drop_texts(NOON + timedelta(days=1)) == 1
    warehouse.forget_copies_unless("v2")
    run(warehouse, 10)
    assert traced(warehouse) == [("a2", 0, "a1", 0)]
