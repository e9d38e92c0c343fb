"""Which translations are estimated, and that none is estimated twice with the same weights."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from prefect import flow
from prefect.testing.utilities import prefect_test_harness

from align.encoders import EmbeddedEncoder
from flows.settings import Settings
from flows.stages import assess, timestamp
from storage import Reading, Warehouse, rows, statement_id, text_hash

SAID = {
    "Переговоры продолжатся в четверг в столице.": "Talks will resume on Thursday in the capital.",
    "В 2018 году погибли 12 человек.": "In 2018, 72 people died.",
    "Премьер-министр не ответил на вопросы.": "The prime minister did answer questions.",
}
ENCODER = EmbeddedEncoder()
Counts = dict[str, int]


@pytest.fixture(scope="module", autouse=True)
def prefect() -> Iterator[None]:
    with prefect_test_harness(server_startup_timeout=120):
        yield


@pytest.fixture
def warehouse(tmp_path: Path) -> Warehouse:
    """A Russian article with its translations, and a German one with one."""
    warehouse = Warehouse(tmp_path / "coverage.duckdb")
    add(warehouse, "ru", SAID)
    add(warehouse, "de", {"Er kam nicht.": "He came."})
    return warehouse


@pytest.fixture
def run(warehouse: Warehouse) -> Callable[[], Counts]:
    settings = Settings(
        sources=[{"kind": "jsonl", "path": "unread.jsonl"}],  # type: ignore[list-item]
        encode={"batch_size": 2},  # type: ignore[arg-type]
    )

    @flow
    def assessing() -> Counts:
        return assess.assess(settings, warehouse, ENCODER)

    return assessing


def add(warehouse: Warehouse, language: str, said: dict[str, str], engine: str = "opus-mt") -> None:
    now = timestamp()
    warehouse.write_coverage([rows.Article(language, language, language, None, "", "", now, "f", now)])
    statements = [
        rows.Statement(
            statement_id(language, place, text), language, place, 0, 1, text, text_hash(text), None, None, None, False
        )
        for place, text in enumerate(said)
    ]
    warehouse.write_readings("v", [Reading(language, statements, [], [])])
    warehouse.write_translations(
        [rows.Translation(text_hash(text), engine, "m", "r", english, now) for text, english in said.items()]
    )


def doubts(warehouse: Warehouse) -> list[str | None]:
    sql = "SELECT doubt FROM told WHERE language = 'ru' ORDER BY position"
    return [row[0] for row in warehouse.query(sql).rows]


def test_each_translation_has_a_quality_and_a_doubtful_one_its_fault(
    warehouse: Warehouse, run: Callable[[], Counts]
) -> None:
    assert run() == {"translations": 3, "doubtful": 2}
    assert doubts(warehouse) == [None, "number", "negation lost"]
    qualities = [row[0] for row in warehouse.query("SELECT quality FROM told ORDER BY language, position").rows]
    assert qualities[0] is None  # nothing was learned of German
    assert qualities[1] > 0.8 > 0.6 > max(qualities[2:]) > 0


def test_a_second_run_estimates_what_is_new_alone(warehouse: Warehouse, run: Callable[[], Counts]) -> None:
    run()
    assert run() == {"translations": 0, "doubtful": 0}
    add(warehouse, "ru", dict(list(SAID.items())[:1]), engine="firefox")
    assert run()["translations"] == 1


def test_another_method_estimates_all_anew(
    warehouse: Warehouse, run: Callable[[], Counts], monkeypatch: pytest.MonkeyPatch
) -> None:
    run()
    monkeypatch.setattr(assess, "METHOD", "another")
    assert run() == {"translations": 3, "doubtful": 2}
