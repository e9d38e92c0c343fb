"""Gold events: read as they are, and what is wrong in them named with file and line."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from flows.errors import UserError
from flows.gold import GoldDiscrepancy, load_event, shipped_events

ARTICLE = {"id": "a", "outlet": "A", "language": "en", "url": None, "title": "T", "text": "One. Two."}
STATEMENT = {"article": "a", "n": 0, "text": "One.", "claim": "c", "speaker": None, "cue": None, "quote": False}
DENIAL = {"claim": "c", "denies": "c"}
DIFFERS = {"claim": "c", "unit": None, "lowest": 1, "highest": 9}
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


def test_what_an_event_does_not_mark_is_empty(tmp_path: Path) -> None:
    read = load_event(event(tmp_path))
    assert (read.figures, read.contested, read.denials, read.discrepancies) == ([], set(), set(), set())


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
        ({"relations": [DENIAL | {"denies": "d"}]}, "relations.jsonl, line 1: no statement makes the claim 'd'"),
        ({"relations": [{"claim": "c"}]}, "relations.jsonl, line 1: lacks denies"),
        ({"claims": [{"claim": "c", "contested": 1}]}, "line 1: contested is 1, expected true or false"),
        ({"discrepancies": [DIFFERS, DIFFERS | {"claim": None}]}, "line 2: no statement makes the claim None"),
        ({"discrepancies": [DIFFERS | {"lowest": 9}]}, "line 1: lowest is 9, expected less than 9"),
        ({"discrepancies": [DIFFERS | {"highest": "9"}]}, "line 1: highest is '9', expected a number"),
    ],
)
def test_what_is_wrong_is_named_with_file_and_line(tmp_path: Path, files: dict[str, Any], expected: str) -> None:
    with pytest.raises(UserError, match=expected):
        load_event(event(tmp_path, **files))


def test_a_folder_without_the_files_says_what_an_event_has(tmp_path: Path) -> None:
    with pytest.raises(UserError, match=r"a gold event has articles.jsonl, statements.jsonl, names.jsonl"):
        load_event(tmp_path)


def test_the_shipped_events_say_which_claims_deny_which_and_whose_figures_differ() -> None:
    border, enclave, *others = shipped_events()
    assert ("enclave-c07", "enclave-c06") in enclave.denials and "enclave-c06" in enclave.contested
    assert GoldDiscrepancy("border-c04", "people", 3, 9) in border.discrepancies
    assert all(event.denials and event.discrepancies and event.contested for event in others)
