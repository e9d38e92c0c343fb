"""The warehouse: what is missing is found, batches are written whole, nothing is lost or doubled."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from importlib import resources
from pathlib import Path

import duckdb
import numpy as np
import pytest

from storage import Reading, TranslationKey, Warehouse, WarehouseError, rows, statement_id, text_hash
from storage.schema import new_database

NOON = datetime(2026, 1, 1, 12)


@pytest.fixture
def warehouse(tmp_path: Path) -> Warehouse:
    return Warehouse(tmp_path / "test.duckdb", wait=0.2)


def article(key: str, *, outlet: str = "A", language: str = "en", hour: int = 12) -> rows.Article:
    return rows.Article(
        key,
        outlet,
        language,
        f"https://a.example/{key}",
        f"Title {key}",
        "One. Two.",
        NOON.replace(hour=hour),
        "file",
        NOON,
    )


def reading(key: str, *texts: str, speaker: str | None = None) -> Reading:
    statements = [
        rows.Statement(
            statement_id(key, n, text), key, n, 0, len(text), text, text_hash(text), speaker, None, None, False
        )
        for n, text in enumerate(texts)
    ]
    mentions = [rows.Mention(s.statement_id, 0, 3, s.text[:3], "referent", "neutral") for s in statements]
    return Reading(key, statements, mentions, [rows.Figure(statements[0].statement_id, 0, 1, "1", 1.0, None)])


def count(warehouse: Warehouse, table: str) -> int:
    return int(warehouse.query(f"SELECT count(*) FROM {table}").rows[0][0])


def test_every_table_view_and_column_carries_a_comment(warehouse: Warehouse) -> None:
    warehouse.write_coverage([article("a1")])
    warehouse.write_vectors("m", ["h"], np.ones((1, 4), dtype=np.float32))
    bare = warehouse.query(
        """
        SELECT table_name, column_name FROM duckdb_columns() WHERE NOT internal AND comment IS NULL
        UNION ALL SELECT table_name, '' FROM duckdb_tables() WHERE comment IS NULL
        UNION ALL SELECT view_name, '' FROM duckdb_views() WHERE NOT internal AND comment IS NULL
        """
    ).rows
    assert bare == []


def test_an_article_is_stored_once_and_stays_as_it_came(warehouse: Warehouse) -> None:
    assert warehouse.write_coverage([article("a1"), article("a1"), article("a2")]) == 2
    later = rows.Article("a1", "A", "en", None, "Changed", "Changed", NOON, "file", NOON)
    assert warehouse.write_coverage([later]) == 0
    assert warehouse.query("SELECT title FROM articles ORDER BY 1").rows == [("Title a1",), ("Title a2",)]


def test_an_outlet_without_an_entry_gets_a_row_of_its_own(warehouse: Warehouse) -> None:
    warehouse.write_outlets([rows.Outlet("A", "GB", "en", "public", None)])
    warehouse.write_coverage([article("a1"), article("b1", outlet="B", language="ru")])
    assert warehouse.query("SELECT outlet, country, affiliation FROM outlets ORDER BY 1").rows == [
        ("A", "GB", "public"),
        ("B", None, "unknown"),
    ]


def test_what_an_article_says_of_its_outlet_only_fills_gaps(warehouse: Warehouse) -> None:
    warehouse.write_outlets([rows.Outlet("A", "GB", "en", "public"), rows.Outlet("B", None, "ru", "state")])
    articles = [article(name, outlet=name) for name in "ABC"]
    said = [rows.Outlet("A", "FR", "en"), rows.Outlet("B", "RU", "en"), rows.Outlet("C"), rows.Outlet("C", "QA", "ar")]
    warehouse.write_coverage(articles, outlets=said)
    assert warehouse.query("SELECT outlet, country, affiliation FROM outlets ORDER BY 1").rows == [
        ("A", "GB", "public"),
        ("B", "RU", "state"),
        ("C", "QA", "unknown"),
    ]
    warehouse.write_outlets([rows.Outlet("A", "FR", "en", "private")])
    assert warehouse.query("SELECT country, affiliation FROM outlets WHERE outlet = 'A'").rows == [("FR", "private")]


def test_a_reject_is_kept_once_with_its_last_reason(warehouse: Warehouse) -> None:
    for reason in ("first", "second"):
        warehouse.write_coverage(
            [], [rows.Reject("s", "line 1", reason, NOON), rows.Reject("s", "line 1", reason, NOON)]
        )
    assert warehouse.query("SELECT source, item, reason FROM rejects").rows == [("s", "line 1", "second")]


@pytest.mark.parametrize(
    ("settled", "left"),
    [
        (("file", "all"), {"feed line 3", "feed https://page", "other https://page"}),
        (("feed", "all but pages"), {"file line 1", "file line 2", "feed https://page", "other https://page"}),
        (("feed", ["https://page", "line 1"]), {"file line 1", "file line 2", "feed line 3", "other https://page"}),
        ((None, ["https://page"]), {"file line 1", "file line 2", "feed line 3"}),
        (
            ("feed", []),
            {"file line 1", "file line 2", "feed line 3", "feed https://page", "other https://page"},
        ),
    ],
)
def test_what_is_settled_is_a_reject_no_more(
    warehouse: Warehouse, settled: tuple[str | None, Sequence[str]], left: set[str]
) -> None:
    items = [
        ("file", "line 1"),
        ("file", "line 2"),
        ("feed", "line 3"),
        ("feed", "https://page"),
        ("other", "https://page"),
    ]
    warehouse.write_coverage([], [rows.Reject(source, item, "why", NOON) for source, item in items])
    warehouse.write_coverage([article("page")], settled=[settled])
    assert {f"{source} {item}" for source, item in warehouse.query("SELECT source, item FROM rejects").rows} == left


def test_what_is_rejected_again_outlives_that_it_was_settled(warehouse: Warehouse) -> None:
    for reason in ("first", "second"):
        warehouse.write_coverage([], [rows.Reject("s", "line 1", reason, NOON)], settled=[("s", "all")])
    warehouse.write_coverage([], fetches=[rows.Fetch("s", 200, None, None, NOON)])
    assert warehouse.query("SELECT source, item, reason FROM rejects").rows == [("s", "line 1", "second")]


def test_reading_again_replaces_what_was_read_before(warehouse: Warehouse) -> None:
    warehouse.write_coverage([article("a1"), article("a2")])
    warehouse.write_readings("v1", [reading("a1", "One.", "Two.")])
    assert [text.key for text in warehouse.unread("v1", 10)] == ["a2"]
    assert warehouse.count_unread("v2") == 2
    warehouse.write_readings("v2", [reading("a1", "One.", speaker="Ann")])
    assert warehouse.query("SELECT text, speaker FROM statements").rows == [("One.", "Ann")]
    assert (count(warehouse, "mentions"), count(warehouse, "figures")) == (1, 1)


def test_a_batch_that_fails_leaves_nothing_behind(warehouse: Warehouse) -> None:
    warehouse.write_coverage([article("a1")])
    twice = reading("a1", "One.")
    with pytest.raises(duckdb.ConstraintException):
        warehouse.write_readings("v1", [twice, twice])
    assert count(warehouse, "statements") == 0
    assert warehouse.count_unread("v1") == 1


def test_texts_are_asked_for_until_some_engine_has_translated_them(warehouse: Warehouse) -> None:
    warehouse.write_coverage([article("r1", language="ru"), article("e1")])
    warehouse.write_readings("v", [reading("r1", "Раз.", "Два.", "Раз."), reading("e1", "One.")])
    memory, opus = TranslationKey("memory", "memory", "r1"), TranslationKey("opus-mt", "m")
    assert warehouse.count_untranslated("ru", [memory]) == 2
    done = rows.Translation(text_hash("Раз."), "memory", "memory", "r1", "One.", NOON)
    warehouse.write_translations([done, done])
    assert [text.text for text in warehouse.untranslated("ru", [memory, opus], "", 10)] == ["Два."]
    other_revision = TranslationKey("memory", "memory", "r2")
    assert warehouse.count_untranslated("ru", [other_revision]) == 2
    assert warehouse.query("SELECT text, english FROM told WHERE language = 'ru' AND english IS NOT NULL").rows == [
        ("Раз.", "One."),
        ("Раз.", "One."),
    ]


def test_a_key_without_a_model_stands_for_all_of_an_engine(warehouse: Warehouse) -> None:
    warehouse.write_coverage([article("r1", language="ru")])
    warehouse.write_readings("v", [reading("r1", "Раз.", "Два.")])
    warehouse.write_translations([rows.Translation(text_hash("Раз."), "firefox", "ru-en", "1.1", "One.", NOON)])
    assert warehouse.count_untranslated("ru", [TranslationKey("firefox")]) == 1
    assert warehouse.count_untranslated("ru", [TranslationKey("opus-mt"), TranslationKey("nllb")]) == 2


def test_only_statements_of_claims_are_asked_for_where_that_is_all_that_is_wanted(warehouse: Warehouse) -> None:
    warehouse.write_coverage([article("r1", language="ru")])
    warehouse.write_readings("v", [reading("r1", "Раз.", "Два.")])
    claimed = statement_id("r1", 1, "Два.")
    warehouse.write_stories([rows.Story("s", "S")], [rows.StoryArticle("r1", "s")])
    assert warehouse.count_untranslated("ru", [], in_claims=True) == warehouse.count_without_english(True) == 0
    warehouse.write_claims("s", "f", [rows.Claim("c", "s", claimed, 0.9)], [rows.ClaimStatement(claimed, "c", 0.9)])
    assert [text.text for text in warehouse.untranslated("ru", [], "", 10, in_claims=True)] == ["Два."]
    assert (warehouse.count_without_english(True), warehouse.count_without_english()) == (1, 2)


def test_an_empty_translation_is_kept_so_that_it_is_not_tried_again_but_is_no_english(warehouse: Warehouse) -> None:
    warehouse.write_coverage([article("r1", language="ru")])
    warehouse.write_readings("v", [reading("r1", "Раз.")])
    warehouse.write_translations([rows.Translation(text_hash("Раз."), "opus-mt", "m", "r", "", NOON, flaw="empty")])
    assert warehouse.count_untranslated("ru", [TranslationKey("opus-mt", "m", "r")]) == 0
    assert warehouse.query("SELECT english, engine FROM told").rows == [(None, None)]


def test_translations_shape_the_fingerprint_of_a_story_only_where_claims_are_made_with_them(
    warehouse: Warehouse,
) -> None:
    warehouse.write_coverage([article("r1", language="ru")])
    warehouse.write_readings("v", [reading("r1", "Раз.")])
    warehouse.write_stories([rows.Story("s", "S")], [rows.StoryArticle("r1", "s")])
    before = warehouse.unaligned("x"), warehouse.unaligned("x", with_english=False)
    warehouse.write_translations([rows.Translation(text_hash("Раз."), "memory", "memory", "r", "One.", NOON)])
    assert warehouse.unaligned("x") != before[0]
    assert warehouse.unaligned("x", with_english=False) == before[1]


def test_untranslated_texts_come_in_pages(warehouse: Warehouse) -> None:
    warehouse.write_coverage([article("r1", language="ru")])
    warehouse.write_readings("v", [reading("r1", *(f"Текст {n}." for n in range(7)))])
    keys = [TranslationKey("memory", "memory")]
    seen, after = [], ""
    while page := warehouse.untranslated("ru", keys, after, 3):
        seen += [text.text for text in page]
        after = page[-1].key
    assert sorted(seen) == [f"Текст {n}." for n in range(7)]


def test_vectors_come_back_as_they_went_in_whatever_their_dimensions(warehouse: Warehouse) -> None:
    warehouse.write_coverage([article("a1")])
    warehouse.write_readings("v", [reading("a1", "One.", "Two.")])
    generator = np.random.default_rng(0)
    for model, dimensions in (("small@1", 8), ("large@1", 32)):
        assert warehouse.count_unencoded(model) == 2
        texts = warehouse.unencoded(model, 10)
        vectors = generator.standard_normal((2, dimensions)).astype(np.float32)
        warehouse.write_vectors(model, [text.key for text in texts], vectors)
        assert warehouse.unencoded(model, 10) == []
        (read,) = warehouse.groupable(["a1"], model, dimensions, max_days=1)
        by_text = {text.text: vector for text, vector in zip(texts, vectors, strict=True)}
        assert np.array_equal(read.vectors, np.stack([by_text["One."], by_text["Two."]]))
    assert warehouse.query("SELECT model, len(vector) FROM vectors GROUP BY ALL ORDER BY 2").rows == [
        ("small@1", 8),
        ("large@1", 32),
    ]
    assert warehouse.query(
        "SELECT DISTINCT data_type FROM duckdb_columns() WHERE table_name = 'vectors_8' AND column_name = 'vector'"
    ).rows == [("FLOAT[8]",)]


def test_articles_to_group_come_with_those_that_have_a_story_near_them_in_time(warehouse: Warehouse) -> None:
    days = {"first": 0, "near": 5, "homeless": 6, "new": 8, "later": 10, "last": 20}
    warehouse.write_coverage(
        [replace(article(key), published_at=NOON + timedelta(days=day)) for key, day in days.items()]
    )
    warehouse.write_readings("v", [reading(key, f"{key} one.", "Two.") for key in days if key != "last"])
    texts = warehouse.unencoded("m", 10)
    warehouse.write_vectors("m", [text.key for text in texts], np.eye(len(texts), 8, dtype=np.float32))
    warehouse.write_stories(
        [rows.Story("s", "Story")], [rows.StoryArticle(key, "s") for key in ("first", "near", "later")]
    )
    assert (warehouse.count_ungrouped("m"), warehouse.count_ungrouped("other")) == (2, 0)
    assert warehouse.ungrouped("m", 1) == ["homeless"]
    found = warehouse.groupable(["new"], "m", 8, max_days=3)
    assert [(each.article_id, each.story_id) for each in found] == [("near", "s"), ("new", None), ("later", "s")]
    by_text = {text.text: row for text, row in zip(texts, np.eye(len(texts), 8), strict=True)}
    assert np.array_equal(found[1].vectors, [by_text["new one."], by_text["Two."]])


def test_a_story_is_aligned_again_only_when_its_statements_or_the_settings_change(warehouse: Warehouse) -> None:
    warehouse.write_coverage([article("a1"), article("b1", outlet="B")])
    warehouse.write_readings("v", [reading("a1", "One."), reading("b1", "Uno.")])
    warehouse.write_vectors("m", [text_hash("One."), text_hash("Uno.")], np.eye(2, 4, dtype=np.float32))
    warehouse.write_stories([rows.Story("s", "Story")], [rows.StoryArticle("a1", "s"), rows.StoryArticle("b1", "s")])
    ((story, fingerprint),) = warehouse.unaligned("settings 1")
    statements = warehouse.story_statements(story, "m", 4)
    assert statements.outlets == ["A", "B"]
    first, second = statements.statement_ids
    members = [rows.ClaimStatement(first, "c", 0.5), rows.ClaimStatement(second, "c", 0.5)]
    for _ in range(2):
        warehouse.write_claims(story, fingerprint, [rows.Claim("c", story, first, 0.5)], members)
    assert warehouse.unaligned("settings 1") == []
    assert len(warehouse.unaligned("settings 2")) == 1
    assert (count(warehouse, "claims"), count(warehouse, "claim_statements")) == (1, 2)
    assert warehouse.query("SELECT outlet, claim FROM comparison").rows == [("A", "One."), ("B", "One.")]
    again = reading("b1", "Uno.")
    again.figures[:] = [rows.Figure(second, 0, 3, "Uno", 77.0, None)]
    warehouse.write_readings("w", [again])
    ((_, with_figure),) = warehouse.unaligned("settings 1")
    assert with_figure != fingerprint
    assert warehouse.story_statements(story, "m", 4).figures[1] == [77.0]
    warehouse.write_readings("w", [reading("b1", "Uno.", "Due.")])
    assert len(warehouse.unaligned("settings 1")) == 1


def told(warehouse: Warehouse, *texts: str) -> list[str]:
    """A story with two articles of two outlets that have the same statements. Returns the ids of these."""
    warehouse.write_coverage([article("a1"), article("b1", outlet="B", hour=13)])
    warehouse.write_readings("v", [reading(key, *texts) for key in ("a1", "b1")])
    warehouse.write_stories([rows.Story("s", "Title")], [rows.StoryArticle(key, "s") for key in ("a1", "b1")])
    return [row[0] for row in warehouse.query("SELECT statement_id FROM told ORDER BY outlet, position").rows]


def test_relations_come_and_go_with_the_claims_of_their_story(warehouse: Warehouse) -> None:
    ids = told(warehouse, "It was so.", "It was not.")
    claims = [rows.Claim("c", "s", ids[0], 0.5), rows.Claim("d", "s", ids[1], 0.5)]
    members = [rows.ClaimStatement(key, "cd"[place % 2], 0.5) for place, key in enumerate(ids)]
    link = rows.Relation("d", "c", "denies", 0.7)
    for _ in range(2):
        warehouse.write_claims("s", "f", claims, members, relations=[link])
    assert warehouse.query("FROM denials").rows == [
        ("s", "Title", "c", "It was so.", "A, B", "d", "It was not.", "A, B", 0.7)
    ]
    with pytest.raises(duckdb.ConstraintException):
        warehouse.write_claims("s", "f", claims, members, relations=[link, link])
    assert count(warehouse, "relations") == 1
    warehouse.write_claims("s", "f", claims[:1], members[::2])
    assert count(warehouse, "relations") == count(warehouse, "denials") == 0


@pytest.mark.parametrize(
    ("figures", "expected"),
    [
        # (outlet, where it stands, value, unit, bound)
        ([("A", 0, 12, "people", "at least"), ("B", 0, 17, "people", None)], [(12, 17, "A: ≥12; B: 17")]),
        ([("A", 0, 12, "people", None), ("B", 0, 12, "people", "at least")], []),
        # of several figures of a unit the first is what the claim counts, yet those after it may agree
        (
            [("A", 0, 3, "people", None), ("A", 9, 21, "people", None), ("B", 0, 9, "people", None)],
            [(3, 9, "A: 3; B: 9")],
        ),
        ([("A", 0, 3, "people", None), ("A", 9, 9, "people", None), ("B", 0, 9, "people", None)], []),
        ([("A", 0, 3, "days", None), ("A", 9, 5, None, None), ("B", 0, 9, None, None)], []),
        (
            [("A", 0, 20, None, "from"), ("A", 9, 40, None, "to"), ("B", 0, 25, None, "about")],
            [(20, 40, "A: 20; B: ≈25; A: 40")],
        ),
        ([("A", 0, 3, "people", None), ("B", 0, 9, "days", None)], []),
        ([("A", 0, 3, "people", None)], []),
    ],
)
def test_figures_of_a_claim_that_differ(
    warehouse: Warehouse, figures: list[tuple[str, int, float, str | None, str | None]], expected: list[object]
) -> None:
    ids = dict(zip("AB", told(warehouse, "So many."), strict=True))
    given = [rows.Figure(ids[outlet], at, at + 1, "", float(value), *how) for outlet, at, value, *how in figures]
    readings = [
        Reading(key, reading(key, "So many.").statements, [], [f for f in given if f.statement_id == ids[outlet]])
        for key, outlet in (("a1", "A"), ("b1", "B"))
    ]
    warehouse.write_readings("v", readings)
    members = [rows.ClaimStatement(key, "c", 0.5) for key in ids.values()]
    warehouse.write_claims("s", "f", [rows.Claim("c", "s", ids["A"], 0.5)], members)
    assert warehouse.query("SELECT lowest, highest, given FROM discrepancies").rows == expected


def test_a_file_that_another_process_writes_is_waited_for_then_named_with_its_process(warehouse: Warehouse) -> None:
    warehouse.write_coverage([article("a1")])
    code = "import duckdb, sys; c = duckdb.connect(sys.argv[1]); print('open', flush=True); sys.stdin.read()"
    with subprocess.Popen(
        [sys.executable, "-c", code, str(warehouse.place)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "open\n"
        with pytest.raises(WarehouseError, match=f"in use by process {holder.pid}"):
            warehouse.query("SELECT 1")
        holder.communicate()
    assert count(warehouse, "articles") == 1


def test_a_missing_file_says_how_to_make_one(tmp_path: Path) -> None:
    with pytest.raises(WarehouseError, match=r"no such warehouse; `rashomon run"):
        Warehouse(tmp_path / "none.duckdb").query("SELECT 1")
    with pytest.raises(WarehouseError, match="does not exist; make it first"):
        Warehouse(tmp_path / "no" / "folder.duckdb").write_coverage([])


def test_a_file_that_is_no_database_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "notes.duckdb"
    path.write_text("not a database")
    with pytest.raises(WarehouseError, match="not a valid DuckDB database"):
        Warehouse(path).write_coverage([])
    assert path.read_text() == "not a database"


def test_how_outlets_treat_one_speaker_is_compared_whatever_they_call_them(warehouse: Warehouse) -> None:
    ids = told(warehouse, "It was so.")
    with duckdb.connect(str(warehouse.place)) as connection:
        for key, speaker, cue, stance in zip(
            ids, ("Ann Lee", "Minister Lee"), ("said", "claimed"), ("neutral", "distancing"), strict=True
        ):
            connection.execute(
                "UPDATE statements SET speaker = ?, cue = ?, stance = ? WHERE statement_id = ?",
                [speaker, cue, stance, key],
            )
    members = [rows.ClaimStatement(key, "c", 0.5) for key in ids]
    persons = [rows.Speaker("s", form, "en", "Ann Lee") for form in ("Ann Lee", "Minister Lee")]
    for _ in range(2):
        warehouse.write_claims("s", "f", [rows.Claim("c", "s", ids[0], 0.5)], members, speakers=persons)
    assert warehouse.query("SELECT outlet, person, stance, others, differing, other_stances FROM treatment").rows == [
        ("A", "Ann Lee", "neutral", 1, 1, "B: distancing"),
        ("B", "Ann Lee", "distancing", 1, 1, "A: neutral"),
    ]
    voices = warehouse.query("SELECT outlet, speaker, person, forms FROM attribution ORDER BY outlet").rows
    assert voices == [("A", "Ann Lee", "Ann Lee", "Ann Lee"), ("B", "Minister Lee", "Ann Lee", "Minister Lee")]
    warehouse.write_claims("s", "f", [], [])
    assert count(warehouse, "speakers") == count(warehouse, "treatment") == 0


def test_a_pronoun_counts_for_the_speaker_it_stands_for_in_every_view(warehouse: Warehouse) -> None:
    ids = told(warehouse, "It was so.")
    with duckdb.connect(str(warehouse.place)) as connection:
        for key, speaker, antecedent in zip(ids, ("Ann Lee", "she"), (None, "Ann Lee"), strict=True):
            connection.execute(
                "UPDATE statements SET speaker = ?, antecedent = ?, cue = 'said', stance = 'neutral' "
                "WHERE statement_id = ?",
                [speaker, antecedent, key],
            )
    members = [rows.ClaimStatement(key, "c", 0.5) for key in ids]
    warehouse.write_claims("s", "f", [rows.Claim("c", "s", ids[0], 0.5)], members)
    assert warehouse.query("SELECT outlet, person FROM treatment").rows == [("A", "Ann Lee"), ("B", "Ann Lee")]
    voices = warehouse.query("SELECT outlet, speaker, person, forms FROM attribution ORDER BY outlet").rows
    assert voices == [("A", "Ann Lee", "Ann Lee", "Ann Lee"), ("B", "Ann Lee", "Ann Lee", "she")]
    assert warehouse.query("SELECT speaker, antecedent FROM comparison ORDER BY outlet").rows[1] == ("she", "Ann Lee")


def test_a_database_of_somebody_else_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "other.duckdb"
    with duckdb.connect(str(path)) as connection:
        connection.execute("CREATE TABLE theirs AS SELECT 1 AS x")
    with pytest.raises(WarehouseError, match="other tables"):
        Warehouse(path).write_coverage([])
    with pytest.raises(WarehouseError, match="no warehouse of rashomon"):
        Warehouse(path).query("SELECT 1")


def test_a_file_with_thousands_of_rows_is_migrated(tmp_path: Path) -> None:
    with new_database(tmp_path / "old.duckdb", 10) as connection:
        connection.execute(
            "INSERT INTO articles BY NAME SELECT 'a' || i AS article_id, 'Wire' AS outlet, 'en' AS language, "
            "'T' AS title, 'Text.' AS text, now() AS published_at, 's' AS source, now() AS stored_at "
            "FROM range(5000) t(i)"
        )
        connection.execute(
            "INSERT INTO keyness BY NAME SELECT 's' AS story_id, 'outlet' AS grouping, 'Wire' AS group_name, "
            "'w' || i AS word, 1 AS z, 1 AS log_odds, 1 AS statements, 1 AS others, [] AS statement_ids "
            "FROM range(5000) t(i)"
        )
    counts = Warehouse(tmp_path / "old.duckdb").query(
        "SELECT (SELECT count(authors) FROM articles), (SELECT count(other_statement_ids) FROM keyness)"
    )
    assert counts.rows == [(5000, 5000)]


def test_a_file_that_knows_no_bounds_is_migrated_and_its_articles_are_read_anew(warehouse: Warehouse) -> None:
    folder = resources.files("storage") / "migrations"
    older = sorted(entry.name for entry in folder.iterdir() if entry.name < "0004")
    with duckdb.connect(str(warehouse.place)) as connection:
        for name in older:
            connection.execute((folder / name).read_text("utf-8"))
        connection.execute("CREATE TABLE migrations AS SELECT 3::INTEGER AS version, '' AS views")
        connection.execute(
            "INSERT INTO articles VALUES ('a1', 'A', 'en', NULL, 'T', 'One.', now(), 'f', now(), 'v', 't')"
        )
        connection.execute("INSERT INTO figures VALUES ('s1', 0, 3, 'One', 1, NULL)")
    warehouse.write_coverage([])
    assert [text.key for text in warehouse.unread("v", 9)] == ["a1"]
    assert warehouse.query("SELECT bound FROM figures").rows == [(None,)] and count(warehouse, "denials") == 0


def test_authors_are_stored_in_order_and_none_is_an_empty_list(warehouse: Warehouse) -> None:
    warehouse.write_coverage([article("a1"), replace(article("a2"), authors=("Ann Lee", "Омар"))])
    assert warehouse.query("SELECT authors FROM articles ORDER BY article_id").rows == [([],), (["Ann Lee", "Омар"],)]


def test_a_file_from_a_newer_version_is_left_alone(warehouse: Warehouse) -> None:
    warehouse.write_coverage([article("a1")])
    with duckdb.connect(str(warehouse.place)) as connection:
        connection.execute("UPDATE migrations SET version = 999")
    for use in (lambda w: w.query("SELECT 1"), lambda w: w.write_coverage([])):
        with pytest.raises(WarehouseError, match="newer rashomon"):
            use(Warehouse(warehouse.place))


def test_wrong_sql_is_told_in_duckdbs_words(warehouse: Warehouse) -> None:
    warehouse.write_coverage([article("a1")])
    with pytest.raises(WarehouseError, match="Table with name artciles does not exist"):
        warehouse.query("SELECT * FROM artciles")


def test_queries_cannot_write(warehouse: Warehouse) -> None:
    warehouse.write_coverage([article("a1")])
    with pytest.raises(WarehouseError, match="read-only"):
        warehouse.query("DELETE FROM articles")


def test_a_relation_is_exported_to_parquet(warehouse: Warehouse, tmp_path: Path) -> None:
    warehouse.write_coverage([article("a1"), article("a2")])
    target = tmp_path / "it's.parquet"
    warehouse.export("articles", target)
    assert duckdb.sql(
        f"SELECT article_id FROM '{str(target).replace(chr(39), chr(39) * 2)}' ORDER BY 1"
    ).fetchall() == [("a1",), ("a2",)]


def test_translations_are_assessed_once_with_each_fingerprint_and_only_out_of_known_languages(
    warehouse: Warehouse,
) -> None:
    warehouse.write_coverage([article("r1", language="ru"), article("d1", language="de")])
    warehouse.write_readings("v", [reading("r1", "Раз.", "Два.", "Раз."), reading("d1", "Eins.")])
    said = {"Раз.": "One.", "Два.": "Two.", "Eins.": "One."}
    warehouse.write_translations(
        [rows.Translation(text_hash(text), "opus-mt", "m", "r", english, NOON) for text, english in said.items()]
    )
    assert warehouse.count_unassessed("x", ["ru"]) == 2
    first, second = warehouse.unassessed("x", ["ru"], 5)
    assert {(first.text, first.english), (second.text, second.english)} == {("Раз.", "One."), ("Два.", "Two.")}
    warehouse.write_estimates([rows.Estimate(first.text_hash, "opus-mt", "m", "r", 0.9, None)], "x")
    assert warehouse.unassessed("x", ["ru"], 5) == [second]
    assert warehouse.count_unassessed("y", ["ru"]) == 2 and warehouse.count_unassessed("x", ["ru", "de"]) == 2


def test_a_flaw_or_a_low_estimate_makes_a_translation_doubtful_unless_people_made_it(warehouse: Warehouse) -> None:
    made = [
        ("Раз.", "opus-mt", "number", None),
        ("Два.", "opus-mt", "number", "lost 2"),
        ("Три.", "memory", "number", None),
    ]
    warehouse.write_coverage([article("r1", language="ru")])
    warehouse.write_readings("v", [reading("r1", *(text for text, *_ in made), "Ноль.")])
    warehouse.write_translations(
        [rows.Translation(text_hash(text), engine, "m", "r", "E.", NOON, "MIT", flaw) for text, engine, _, flaw in made]
    )
    warehouse.write_estimates(
        [rows.Estimate(text_hash(text), engine, "m", "r", 0.2, doubt) for text, engine, doubt, _ in made], "x"
    )
    found = warehouse.query("SELECT engine, model, revision, licence, quality, doubt FROM told ORDER BY position").rows
    assert found == [
        ("opus-mt", "m", "r", "MIT", 0.2, "number"),
        ("opus-mt", "m", "r", "MIT", 0.2, "lost 2"),
        ("memory", "m", "r", "MIT", 0.2, None),
        (None,) * 6,
    ]


def test_a_process_killed_right_after_it_made_the_tables_leaves_a_warehouse_that_opens(tmp_path: Path) -> None:
    """What it left is in the write-ahead log alone."""
    path = tmp_path / "it's killed.duckdb"
    killed = (
        f"import os, signal; from storage import Warehouse; from pathlib import Path\n"
        f"with Warehouse(Path({str(path)!r})).database.writing(): os.kill(os.getpid(), signal.SIGKILL)"
    )
    assert subprocess.run([sys.executable, "-c", killed]).returncode == -9
    assert path.with_name(f"{path.name}.wal").stat().st_size
    assert Warehouse(path).query("SELECT count(*) FROM comparison").rows == [(0,)]
