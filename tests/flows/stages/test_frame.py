"""What sets outlets apart: kept with its statements, made anew only where something changed."""

from __future__ import annotations

from datetime import datetime
from functools import lru_cache
from pathlib import Path

import pytest

from align.encoders import EmbeddedEncoder
from align.framing import divergence, keyness
from align.framing.frames import FrameFinder
from flows.lexicons import background_texts, load_frames
from flows.stages.encode import encoder_key
from flows.stages.frame import frame_story
from storage import Reading, Warehouse, rows, statement_id, text_hash

NOON = datetime(2026, 1, 10, 12)
RULES = f"{keyness.METHOD} {divergence.METHOD}"
FRAMES = load_frames([]).frames
WORDINGS = {"A": "Rebels seized the bridge number", "B": "Terrorists seized the bridge number"}


@pytest.fixture
def warehouse(tmp_path: Path) -> Warehouse:
    """Two outlets with a dozen statements each, of which the first of each make a claim; and one that copies A."""
    warehouse = Warehouse(tmp_path / "test.duckdb")
    outlets = {"A": "public", "B": "state", "Copier": "unknown"}
    warehouse.write_outlets([rows.Outlet(name, "XX", "en", of) for name, of in outlets.items()])
    for name in outlets:
        wording = WORDINGS.get(name, WORDINGS["A"])
        warehouse.write_coverage([rows.Article(name, name, "en", None, name, "", NOON, "file", NOON)])
        warehouse.write_readings("v1", [Reading(name, [statement(name, n, wording) for n in range(12)], [], [])])
    texts = warehouse.unencoded(encoder_key(encoder()), 100)
    vectors = encoder().encode([text.text for text in texts])
    warehouse.write_vectors(encoder_key(encoder()), [text.key for text in texts], vectors)
    warehouse.write_frames([rows.Frame(each.name, each.f1, each.is_experimental) for each in FRAMES])
    warehouse.write_stories([rows.Story("s", "Title")], [rows.StoryArticle(name, "s") for name in outlets])
    warehouse.write_copies([], [rows.Copy(key("Copier", n), key("A", n), 0.9) for n in range(12)], "rules")
    members = [rows.ClaimStatement(key(name, 0), "c", 0.9) for name in "AB"]
    warehouse.write_claims("s", "settings", [rows.Claim("c", "s", key("A", 0), 0.9)], members)
    return warehouse


def statement(article: str, position: int, wording: str) -> rows.Statement:
    text = f"{wording} {position}"
    stance = "neutral" if position < 6 else "distancing" if article == "B" else "neutral"
    return rows.Statement(
        key(article, position), article, position, 0, 1, text, text_hash(text), "x", "y", stance, False
    )


def key(article: str, position: int) -> str:
    return statement_id(article, position, f"{WORDINGS.get(article, WORDINGS['A'])} {position}")


@lru_cache
def encoder() -> EmbeddedEncoder:
    return EmbeddedEncoder()


@lru_cache
def finder() -> FrameFinder:
    return FrameFinder(FRAMES, encoder().encode, background_texts())


def framed(warehouse: Warehouse) -> int:
    return sum(frame_story(*changed, warehouse, encoder(), finder()) for changed in warehouse.unframed(RULES))


def test_words_are_kept_with_their_statements_and_copies_do_not_count(warehouse: Warehouse) -> None:
    assert framed(warehouse) == 4
    found = warehouse.query("SELECT grouping, group_name, word, statements, others FROM keyness ORDER BY ALL").rows
    assert found == [
        ("affiliation", "public", "rebels", 12, 0),
        ("affiliation", "state", "terrorists", 12, 0),
        ("outlet", "A", "rebels", 12, 0),
        ("outlet", "B", "terrorists", 12, 0),
    ]
    behind = "SELECT statement_id FROM keyness_statements WHERE grouping = 'outlet' AND group_name = 'B'"
    assert {row[0] for row in warehouse.query(behind).rows} == {key("B", n) for n in range(12)}


def test_the_map_shows_the_divergence(warehouse: Warehouse) -> None:
    framed(warehouse)
    assert warehouse.divergences("s") == {("A", "B"): 0.25, ("A", "Copier"): 0.5, ("B", "Copier"): 0.75}
    (x, y, z), stress = zip(*warehouse.query("SELECT x, stress FROM outlet_map ORDER BY outlet").rows, strict=True)
    assert [abs(x - y), abs(x - z), abs(y - z)] == pytest.approx([0.25, 0.5, 0.75])
    assert stress == pytest.approx((0, 0, 0), abs=1e-6)


def test_the_parts_of_divergence_are_told(warehouse: Warehouse) -> None:
    sql = "SELECT shared, choice, naming, attributed_a, stance FROM divergence WHERE outlet_b = 'B'"
    assert warehouse.query(sql).rows == [(1, 0.0, None, 12, 0.5)]


def test_the_frames_of_statements_are_kept_and_counted_by_outlet(warehouse: Warehouse) -> None:
    framed(warehouse)
    sql = """
        SELECT outlet, statements, of_statements, share, f1 > 0.6, is_experimental, len(statement_ids)
        FROM framing WHERE frame = 'security' ORDER BY outlet
    """
    assert warehouse.query(sql).rows == [(name, 12, 12, 1.0, True, False, 12) for name in ("A", "B", "Copier")]
    nothing = "SELECT statements, share, is_experimental, statement_ids FROM framing WHERE frame = 'diplomacy'"
    assert warehouse.query(nothing).rows == [(0, 0.0, True, [])] * 3


def test_articles_read_anew_lose_the_frames_they_had(warehouse: Warehouse) -> None:
    framed(warehouse)
    warehouse.write_readings("v2", [Reading("A", [], [], [])])
    left = "SELECT count(*) FROM statement_frames ANTI JOIN statements USING (statement_id)"
    assert warehouse.query(left).rows == [(0,)]


def test_a_story_is_framed_anew_only_where_something_changed(warehouse: Warehouse) -> None:
    framed(warehouse)
    assert warehouse.unframed(RULES) == []
    assert len(warehouse.unframed("other rules")) == 1
    warehouse.write_outlets([rows.Outlet("A", "XX", "en", "private")])
    assert framed(warehouse) == 4 and warehouse.unframed(RULES) == []
    warehouse.write_claims("s", "other settings", [], [])
    framed(warehouse)
    assert warehouse.divergences("s")["A", "B"] == 0.5 and warehouse.unframed(RULES) == []
