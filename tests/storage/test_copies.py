"""Copies in the warehouse: what is compared, how sources change, and what analysts see of it."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from storage import Reading, Warehouse, claim_id, rows, statement_id, text_hash

NOON = datetime(2026, 1, 10, 12)


@pytest.fixture
def warehouse(tmp_path: Path) -> Warehouse:
    """Four outlets on one day, and one ten days before: two statements each, the first of them a claim of all."""
    warehouse = Warehouse(tmp_path / "test.duckdb")
    for number, outlet in enumerate("ABCD"):
        add(warehouse, outlet, NOON + timedelta(hours=number))
    add(warehouse, "Past", NOON - timedelta(days=10))
    warehouse.write_stories([rows.Story("s", "Title")], [rows.StoryArticle(outlet, "s") for outlet in "ABCD"])
    members = [rows.ClaimStatement(key(outlet), claim_id("s", key("A")), 0.9) for outlet in "ABC"]
    warehouse.write_claims("s", "settings", [rows.Claim(claim_id("s", key("A")), "s", key("A"), 0.9)], members)
    return warehouse


def add(warehouse: Warehouse, outlet: str, published_at: datetime, language: str = "en") -> None:
    article = rows.Article(outlet, outlet, language, None, f"Title {outlet}", "", published_at, "file", NOON)
    warehouse.write_coverage([article])
    warehouse.write_readings("v1", [reading(outlet)])


def reading(outlet: str) -> Reading:
    texts = [f"A long statement of {outlet}.", "Short."]
    statements = [
        rows.Statement(key(outlet, n), outlet, n, 0, 1, text, text_hash(text), None, None, None, False)
        for n, text in enumerate(texts)
    ]
    return Reading(outlet, statements, [], [])


def key(outlet: str, position: int = 0) -> str:
    return statement_id(outlet, position, ["A long statement of " + outlet + ".", "Short."][position])


def copy(outlet: str, source: str, position: int = 0) -> rows.Copy:
    return rows.Copy(key(outlet, position), key(source, position), 0.8)


def one(warehouse: Warehouse, sql: str, *parameters: Any) -> list[tuple[Any, ...]]:
    return warehouse.query(sql, parameters).rows


def test_articles_are_traced_once_the_earliest_first(warehouse: Warehouse) -> None:
    assert (warehouse.count_untraced(), warehouse.untraced(2)) == (5, ["Past", "A"])
    warehouse.write_copies(["Past", "A"], [], "v1")
    assert (warehouse.count_untraced(), warehouse.untraced(9)) == (3, ["B", "C", "D"])


def test_what_was_not_read_is_not_traced(warehouse: Warehouse) -> None:
    warehouse.write_coverage([rows.Article("E", "E", "en", None, "", "", NOON, "file", NOON)])
    assert "E" not in warehouse.untraced(9)


def test_new_articles_are_compared_with_those_traced_that_are_near_in_time(warehouse: Warehouse) -> None:
    warehouse.write_copies(["Past", "A", "B"], [copy("B", "A")], "v1")
    found = warehouse.traceable(["C"], max_days=4)
    assert [(s.article_id, s.position) for s in found] == [(o, n) for o in "ABC" for n in (0, 1)]
    sourced = {s.statement_id: (s.source_id, s.source_article_id, s.source_published_at) for s in found if s.source_id}
    assert sourced == {key("B"): (key("A"), "A", NOON)}
    assert {s.article_id for s in warehouse.traceable(["C"], max_days=11)} == {"Past", "A", "B", "C"}


def test_an_earlier_original_takes_over_what_was_copied_from_a_later_one(warehouse: Warehouse) -> None:
    warehouse.write_copies(["B", "C", "D"], [copy("C", "B"), copy("D", "B")], "v1")
    warehouse.write_copies(["A"], [copy("B", "A")], "v1")
    sources = dict(one(warehouse, "SELECT statement_id, source_statement_id FROM copies"))
    assert sources == {key("B"): key("A"), key("C"): key("A"), key("D"): key("A")}


def test_copies_are_stored_once(warehouse: Warehouse) -> None:
    for _ in range(2):
        warehouse.write_copies(["B"], [copy("B", "A")], "v1")
    assert one(warehouse, "SELECT count(*) FROM copies") == [(1,)]


def test_other_rules_and_a_new_reading_start_over(warehouse: Warehouse) -> None:
    articles = ["Past", *"ABCD"]
    warehouse.write_copies(articles, [copy("B", "A")], "v1")
    warehouse.forget_copies_unless("v1")
    assert (warehouse.count_untraced(), one(warehouse, "SELECT count(*) FROM copies")) == (0, [(1,)])
    warehouse.forget_copies_unless("v2")
    assert (warehouse.count_untraced(), one(warehouse, "SELECT count(*) FROM copies")) == (5, [(0,)])
    warehouse.write_copies(articles, [copy("B", "A")], "v2")
    warehouse.write_readings("v2", [reading("A")])
    assert (warehouse.count_untraced(), one(warehouse, "SELECT count(*) FROM copies")) == (5, [(0,)])


def test_a_new_article_that_is_read_forgets_nothing(warehouse: Warehouse) -> None:
    warehouse.write_copies(["Past", *"ABCD"], [copy("B", "A")], "v1")
    add(warehouse, "E", NOON)
    assert (warehouse.count_untraced(), one(warehouse, "SELECT count(*) FROM copies")) == (1, [(1,)])


def test_a_claim_told_by_three_comes_from_one_where_two_repeat_it(warehouse: Warehouse) -> None:
    before = one(warehouse, "SELECT outlet, told_by, independent FROM omissions")
    warehouse.write_copies(list("ABCD"), [copy("B", "A"), copy("C", "A")], "v1")
    assert before == [("D", 3, 3)]
    assert one(warehouse, "SELECT outlet, told_by, independent FROM omissions") == [("D", 3, 1)]
    assert one(warehouse, "SELECT outlet, copied_from FROM comparison ORDER BY 1") == [
        ("A", None),
        ("B", "A"),
        ("C", "A"),
    ]
    assert one(warehouse, "SELECT outlet, is_told, copied_from, independent FROM coverage ORDER BY 1") == [
        ("A", True, None, 1),
        ("B", True, "A", 1),
        ("C", True, "A", 1),
        ("D", False, None, 1),
    ]


def test_an_outlet_that_says_it_in_words_of_its_own_too_is_independent(warehouse: Warehouse) -> None:
    members = [rows.ClaimStatement(key(*s), "c", 0.9) for s in (("A", 0), ("B", 0), ("B", 1))]
    warehouse.write_claims("s", "other", [rows.Claim("c", "s", key("A"), 0.9)], members)
    warehouse.write_copies(list("ABCD"), [copy("B", "A")], "v1")
    told = "SELECT outlet, copied_from, independent FROM coverage WHERE is_told ORDER BY 1"
    assert one(warehouse, told) == [("A", None, 2), ("B", None, 2)]


def test_what_an_outlet_repeats_of_its_own_is_no_copy_to_analysts(warehouse: Warehouse) -> None:
    warehouse.write_copies(["A"], [rows.Copy(key("A", 1), key("A"), 1.0)], "v1")
    assert one(warehouse, "SELECT count(*) FROM copied") == one(warehouse, "SELECT count(*) FROM republications")
    assert one(warehouse, "SELECT count(*) FROM copied") == [(0,)]


def test_an_article_of_which_half_is_copied_is_republished(warehouse: Warehouse) -> None:
    warehouse.write_copies(list("ABCD"), [copy("B", "A"), copy("C", "A", 1), copy("D", "A"), copy("D", "A", 1)], "v1")
    found = one(
        warehouse,
        "SELECT outlet, source_outlet, hours_after_source, round(share, 2), is_republished FROM republications",
    )
    assert found == [("B", "A", 1, 0.79, True), ("C", "A", 2, 0.21, False), ("D", "A", 3, 1.0, True)]


def test_an_article_put_together_of_two_outlets_is_said_to_repeat_the_one_with_more(warehouse: Warehouse) -> None:
    warehouse.write_copies(list("ABCD"), [copy("D", "B"), copy("D", "C", 1)], "v1")
    assert one(warehouse, "SELECT source_outlet, source_article_id FROM republications") == [("B", "B")]
