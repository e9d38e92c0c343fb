"""Gold events: read as they are, and what is wrong in them named with file and line."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from flows.errors import UserError
from flows.gold import load_event, shipped_events

ARTICLE = {"id": "a", "outlet": "A", "language": "en", "url": None, "title": "T", "text": "One. Two."}
STATEMENT = {"article": "a", "n": 0, "text": "One.", "claim": None, "speaker": None, "cue": None}
NAME = {"article": "a", "n": 0, "text": "One", "referent": "r", "valence": "neutral"}


def event(folder: Path, **files: Any) -> Path:
    rows = {"articles": [ARTICLE], "statements": [STATEMENT], "names": [NAME]} | files
    for name, content in rows.items():
        text = content if isinstance(content, bytes) else "".join(f"{json.dumps(row)}\n" for row in content).encode()
        (folder / f"{name}.jsonl").write_bytes(text)
    return folder


def test_the_shipped_events_are_four_with_every_statement_found_in_its_article() -> None:
    events = shipped_events()
    assert [event.name for event in events] == ["border", "enclave", "oil", "pipeline"]
    assert sum(len(event.statements) for event in events) == 489
    assert all(len(event.articles) == 9 for event in events)


def test_statements_have_offsets_and_names_their_place_in_the_statement(tmp_path: Path) -> None:
    second = STATEMENT | {"n": 1, "text": "Two."}
    read = load_event(event(tmp_path, statements=[STATEMENT, second]))
    assert [(s.start, s.end) for s in read.statements] == [(0, 4), (5, 9)]
    assert (read.names[0].start, read.names[0].end) == (0, 3)


def test_blank_lines_are_skipped_and_line_separators_in_text_are_text(tmp_path: Path) -> None:
    text = ARTICLE | {"text": "One.\u2028Two."}
    lines = json.dumps(text, ensure_ascii=False).encode() + b"\n\n"
    assert len(load_event(event(tmp_path, articles=lines)).statements) == 1


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        ({"articles": b"{"}, "articles.jsonl, line 1: is not JSON"),
        ({"articles": b"5\n"}, "articles.jsonl, line 1: lacks keys; expected an object"),
        ({"articles": [ARTICLE | {"title": None}]}, "articles.jsonl, line 1: title is None, expected text"),
        ({"articles": b"\xff\n"}, "articles.jsonl is not UTF-8 text"),
        ({"statements": [{"article": "a"}]}, "statements.jsonl, line 1: lacks n, text, claim, speaker, cue"),
        ({"statements": [STATEMENT | {"n": "0"}]}, "statements.jsonl, line 1: n is '0', expected a number"),
        ({"statements": [STATEMENT | {"text": "Three."}]}, "line 1: its text does not stand in article 'a'"),
        ({"statements": []}, "statements.jsonl: holds no statement"),
    ],
)
def test_what_is_wrong_is_named_with_file_and_line(tmp_path: Path, files: dict[str, Any], expected: str) -> None:
    with pytest.raises(UserError, match=expected):
        load_event(event(tmp_path, **files))


def test_a_folder_without_the_files_says_what_an_event_has(tmp_path: Path) -> None:
    with pytest.raises(UserError, match=r"a gold event has articles.jsonl, statements.jsonl, names.jsonl"):
        load_event(tmp_path)


@pytest.mark.parametrize("event", [event.name for event in shipped_events()])
def test_relations_and_discrepancies_are_of_claims_that_there_are(event: str) -> None:
    (folder,) = [shipped.folder for shipped in shipped_events() if shipped.name == event]

    def rows(name: str) -> list[dict[str, Any]]:
        return [json.loads(line) for line in (folder / name).read_text("utf-8").splitlines()]

    claims = {row["claim"] for row in rows("claims.jsonl")}
    relations = rows("relations.jsonl")
    assert relations and all({row["claim"], row["denies"]} <= claims for row in relations)
    assert all(row["claim"] in claims and row["lowest"] < row["highest"] for row in rows("discrepancies.jsonl"))
