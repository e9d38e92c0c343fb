"""Translations that a user has are found by their text, and what cannot be read is told."""

from __future__ import annotations

import json
import unicodedata
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flows.errors import UserError
from flows.settings import TranslateSettings
from flows.sources.records import clean_text
from flows.translators import Translation, load_translators
from flows.translators.memory import TranslationMemory, evened

GOLD = Path(__file__).parents[3] / "configs" / "gold"


def jsonl(path: Path, *rows: Any) -> Path:
    lines = (row if isinstance(row, str) else json.dumps(row, ensure_ascii=False) for row in rows)
    path.write_text("\n".join(lines) + "\n", "utf-8")
    return path


def tmx(path: Path, body: str, head: str = "") -> Path:
    path.write_text(
        f'<?xml version="1.0" encoding="UTF-8"?>\n{head}<tmx version="1.4"><header/>\n<body>{body}</body></tmx>',
        "utf-8",
    )
    return path


def unit(**variants: str) -> str:
    inner = "".join(
        f'<tuv xml:lang="{tag.replace("_", "-")}"><seg>{text}</seg></tuv>' for tag, text in variants.items()
    )
    return f"<tu>{inner}</tu>\n"


def look_up(memory: TranslationMemory, text: str, language: str = "ru") -> str | None:
    (found,) = memory.translate([text], language)
    return found.english if found else None


def test_every_reference_translation_of_the_gold_events_is_found() -> None:
    paths = sorted(GOLD.glob("*/statements.jsonl"))
    rows = [json.loads(line) for path in paths for line in path.read_text("utf-8").splitlines()]
    foreign = [row for row in rows if row["en"] is not None]
    memory = TranslationMemory(paths)
    found = memory.translate([row["text"] for row in foreign], "ru")
    assert len(foreign) > 300
    assert [one and one.english for one in found] == [row["en"] for row in foreign]
    assert memory.translate([row["text"] for row in rows if row["en"] is None][:3], "en") == [None] * 3
    assert memory.problems == []


def test_a_translation_has_no_characters_that_cannot_be_stored(tmp_path: Path) -> None:
    rows = jsonl(
        tmp_path / "a.jsonl", r'{"text": "Да.", "en": "Yes\u0000\ud800."}', r'{"text": "Нет.", "en": "\u0000"}'
    )
    units = '<tu><tuv xml:lang="ru"><seg>Мир.</seg></tuv><tuv xml:lang="en"><seg>Pea&#x9f;ce.</seg></tuv></tu>'
    memory = TranslationMemory([rows, tmx(tmp_path / "a.tmx", units)])
    assert [look_up(memory, text) for text in ("Да.", "Нет.", "Мир.")] == ["Yes\ufffd.", None, "Peace."]
    assert [problem.rpartition(": ")[2] for problem in memory.problems] == ["no `en`"]


def test_results_keep_order_and_tell_what_made_them(tmp_path: Path) -> None:
    memory = TranslationMemory(
        [jsonl(tmp_path / "a.jsonl", {"text": "Да.", "en": "Yes."}, {"text": "Нет.", "en": " No. "})]
    )
    no, unknown, yes, blank = memory.translate(["Нет.", "Может быть.", "Да.", ""], "ru")
    assert (no and no.english, unknown, yes and yes.english, blank) == ("No.", None, "Yes.", None)
    assert isinstance(yes, Translation)
    assert (yes.engine, yes.model, len(yes.revision)) == ("memory", "memory", 12)


def test_the_revision_is_that_of_the_content_and_not_of_the_place(tmp_path: Path) -> None:
    def revision(path: Path) -> str:
        (found,) = TranslationMemory([path]).translate(["Да."], "ru")
        assert found is not None
        return found.revision

    first = revision(jsonl(tmp_path / "a.jsonl", {"text": "Да.", "en": "Yes."}))
    assert revision(jsonl(tmp_path / "b.jsonl", {"text": "Да.", "en": "Yes."})) == first
    assert revision(jsonl(tmp_path / "c.jsonl", {"text": "Да.", "en": "Aye."})) != first


@pytest.mark.parametrize(
    ("stored", "asked"),
    [
        ("Он сказал: «Ещё нет».", "он  сказал:\u00a0“Еще нет”."),
        ("Нью-Йорк — город", "НЬЮ‑ЙОРК – город"),
        ("l'état d’urgence", "L’ÉTAT D'URGENCE"),
        ("إلى أين؟", "الى اين؟"),
        ("مُحَمَّد", "محمد"),
        ("الســلام", "السلام"),
        ("ﷲ أكبر", "الله اكبر"),
        ("и\u0306од", "йод"),
        ("пере\u00adговоры\u200b", "переговоры"),
        ("\u200fالحرب", "الحرب"),
        ("Ждите…", "Ждите..."),
    ],
)
def test_spelling_that_changes_nothing_is_evened_out(tmp_path: Path, stored: str, asked: str) -> None:
    memory = TranslationMemory([jsonl(tmp_path / "a.jsonl", {"text": stored, "en": "found"})])
    assert look_up(memory, asked) == "found"
    assert look_up(memory, asked + " не") is None


def test_an_exact_match_comes_before_an_evened_one_and_an_earlier_row_before_a_later(tmp_path: Path) -> None:
    first = jsonl(tmp_path / "a.jsonl", {"text": "МИР", "en": "MIR"}, {"text": "мир", "en": "peace"})
    second = jsonl(tmp_path / "b.jsonl", {"text": "мир", "en": "world"})
    memory = TranslationMemory([first, second])
    assert (look_up(memory, "мир"), look_up(memory, "МИР"), look_up(memory, "Мир")) == ("peace", "MIR", "MIR")


def test_a_row_of_a_language_serves_only_that_language(tmp_path: Path) -> None:
    rows = [{"text": "да", "en": "yes", "language": "ru"}, {"text": "да", "en": "any"}]
    memory = TranslationMemory([jsonl(tmp_path / "a.jsonl", *rows)])
    assert (look_up(memory, "да", "ru"), look_up(memory, "ДА", "ru"), look_up(memory, "да", "ar")) == (
        "yes",
        "yes",
        "any",
    )


def test_bad_rows_are_told_by_line_and_the_rest_is_used(tmp_path: Path) -> None:
    path = jsonl(
        tmp_path / "a.jsonl",
        "{not json",
        {"text": "Да.", "en": "Yes."},
        {"en": "no text"},
        {"text": "нет", "en": 5},
        {"text": "нет"},
        ["да"],
        "",
        "[" * 100_000,
        {"text": "English", "en": None},
        {"text": "нет", "en": "no", "language": 3},
    )
    path.write_bytes(path.read_bytes() + b'{"text": "\xff", "en": "x"}\n' + '{"text": "Нет.", "en": "No."}'.encode())
    memory = TranslationMemory([path])
    assert (look_up(memory, "Да."), look_up(memory, "Нет.")) == ("Yes.", "No.")
    places = {problem.removeprefix(f"{path}:").partition(": ")[0]: problem for problem in memory.problems}
    assert list(places) == ["1", "3", "4", "5", "6", "8", "10", "11"]
    assert "not JSON" in places["1"]
    assert "no `text`" in places["3"]
    assert "no `en`" in places["5"]
    assert "not UTF-8" in places["11"]


def test_a_file_of_another_format_does_not_report_every_row(tmp_path: Path) -> None:
    memory = TranslationMemory([jsonl(tmp_path / "a.jsonl", *[{"source": "да", "target": "yes"}] * 500)])
    assert len(memory.problems) == 21
    assert memory.problems[-1].endswith("and 480 more")


def test_a_byte_order_mark_is_no_part_of_the_first_row(tmp_path: Path) -> None:
    path = jsonl(tmp_path / "a.jsonl", {"text": "Да.", "en": "Yes."})
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes())
    memory = TranslationMemory([path])
    assert (look_up(memory, "Да."), memory.problems) == ("Yes.", [])


def test_a_file_that_is_not_there_or_of_no_known_kind_is_the_users_to_mend(tmp_path: Path) -> None:
    with pytest.raises(UserError, match=r"there is no file .*none\.jsonl"):
        TranslationMemory([tmp_path / "none.jsonl"])
    (tmp_path / "a.xlsx").touch()
    with pytest.raises(UserError, match=r"a\.xlsx is of no kind that can be read: \.jsonl, \.tmx"):
        TranslationMemory([tmp_path / "a.xlsx"])


def test_tmx_units_serve_their_languages_with_regions_left_off_and_formatting_taken_out(tmp_path: Path) -> None:
    body = (
        unit(en_US="Yes.", ru="Да.", ar_SA="نعم.")
        + '<tu><tuv xml:lang="RU-ru"><seg>Он <hi>сказал <bpt i="1">&lt;b></bpt>нет<ept i="1">&lt;/b></ept></hi>'
        + "<ph>&lt;br/></ph>, &amp; ушёл</seg></tuv>"
        + '<tuv xml:lang="EN_gb"><seg>He said\n  no &amp; left</seg></tuv></tu>'
        + unit(fr="Oui.", ru="Угу.")
    )
    head = '<!DOCTYPE tmx SYSTEM "tmx14.dtd">\n'
    path = tmx(tmp_path / "a.TMX", body, head)
    memory = TranslationMemory([path])
    assert (look_up(memory, "Да.", "ru"), look_up(memory, "نعم.", "ar"), look_up(memory, "نعم.", "ru")) == (
        "Yes.",
        "Yes.",
        None,
    )
    assert look_up(memory, "Он сказал нет, & ушёл") == "He said no & left"
    assert memory.problems == [f"{path}:6: a unit without English, or with nothing else"]


def test_tmx_in_the_encoding_that_it_declares(tmp_path: Path) -> None:
    path = tmp_path / "a.tmx"
    text = f'<?xml version="1.0" encoding="UTF-16"?><tmx version="1.4"><body>{unit(en="Yes.", ru="Да.")}</body></tmx>'
    path.write_bytes(text.encode("utf-16"))
    assert look_up(TranslationMemory([path]), "Да.") == "Yes."


def test_broken_tmx_is_told_by_line_and_its_good_units_are_used(tmp_path: Path) -> None:
    path = tmx(tmp_path / "a.tmx", unit(en="Yes.", ru="Да.") + "<tu><tuv></tu>\n" + unit(en="No.", ru="Нет."))
    memory = TranslationMemory([path])
    assert (look_up(memory, "Да."), look_up(memory, "Нет.")) == ("Yes.", "No.")
    assert any(problem.startswith(f"{path}:4: ") for problem in memory.problems)


@pytest.mark.parametrize("content", [b"", b"not xml", b"<html/>", b"\x00\x01\x02", b"<tmx><body>"])
def test_a_file_that_is_no_tmx_is_told(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "a.tmx"
    path.write_bytes(content)
    memory = TranslationMemory([path])
    assert look_up(memory, "Да.") is None
    assert memory.problems
    assert all(problem.startswith(f"{path}:") for problem in memory.problems)


@pytest.mark.parametrize("entity", ["undefined", "file", "word", "bomb"])
def test_tmx_entities_are_neither_expanded_nor_fetched(tmp_path: Path, entity: str) -> None:
    (tmp_path / "secret.txt").write_text("secret")
    head = (
        f'<!DOCTYPE tmx [<!ENTITY file SYSTEM "{(tmp_path / "secret.txt").as_uri()}"><!ENTITY word "word">'
        f'<!ENTITY many "{"&word;" * 1000}"><!ENTITY bomb "{"&many;" * 1000}">]>\n'
    )
    path = tmx(tmp_path / "a.tmx", unit(en="Yes.", ru="Да.") + unit(en=f"Read &{entity};", ru="Читай"), head)
    memory = TranslationMemory([path])
    assert (look_up(memory, "Да."), look_up(memory, "Читай")) == ("Yes.", None)
    assert memory.problems


def test_the_memory_is_one_of_the_engines_only_where_files_are_named(tmp_path: Path) -> None:
    path = jsonl(tmp_path / "a.jsonl", {"text": "Да.", "en": "Yes."})
    assert "memory" not in load_translators(TranslateSettings())
    assert "memory" in load_translators(TranslateSettings(memory=[path]))
    with pytest.raises(UserError):
        load_translators(TranslateSettings(memory=[tmp_path / "none.tmx"]))


@given(st.text())
def test_evening_out_forgets_case_form_and_space_for_any_text(text: str) -> None:
    even = evened(text)
    assert even == " ".join(even.split())
    assert evened(f"  {text}\n") == even
    assert evened(unicodedata.normalize("NFC", text)) == evened(unicodedata.normalize("NFD", text))


@given(st.lists(st.tuples(st.text(min_size=1), st.text(min_size=1)), max_size=5))
def test_whatever_was_stored_is_found(tmp_path_factory: pytest.TempPathFactory, rows: list[tuple[str, str]]) -> None:
    rows = [(text, english) for text, english in rows if text.strip() and clean_text(english)]
    path = tmp_path_factory.mktemp("memory") / "a.jsonl"
    path.write_text("".join(json.dumps({"text": text, "en": english}) + "\n" for text, english in rows), "utf-8")
    memory = TranslationMemory([path])
    first = {text: clean_text(english) for text, english in reversed(rows)}
    assert [look_up(memory, text) for text, _ in rows] == [first[text] for text, _ in rows]
    assert memory.problems == []


def test_every_engine_tells_what_it_could_not_read(tmp_path: Path) -> None:
    (tmp_path / "m.jsonl").write_text("no json\n", "utf-8")
    translators = load_translators(TranslateSettings(memory=[tmp_path / "m.jsonl"]))
    assert {engine: len(each.problems) for engine, each in translators.items() if each.problems} == {"memory": 1}
