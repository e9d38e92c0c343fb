"""What all models have in common: nothing of a text is lost, and what comes out wrong is tried again and marked."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from align.flaws import find_flaw
from flows.translators.models import ModelFiles
from flows.translators.neural import USUAL, NeuralTranslator
from flows.translators.opus_mt import OpusMT

LETTERS = dict(zip("абвгдеёжзийклмнопрстуфхцчшщъыьэюя", "abvgdeejzijklmnoprstufhccss'y'eua", strict=True))
LATIN = str.maketrans(LETTERS | {letter.upper(): latin.upper() for letter, latin in LETTERS.items()})


def latin(text: str) -> str:
    return text.translate(LATIN)


@dataclass
class Transcriber:
    """Writes Cyrillic in Latin letters, at most `longest` words at once; what it then does wrong, `spoil` says."""

    engine = "transcriber"
    longest: int = 8
    at_once: int | None = None
    spoil: Callable[[str, bool], str] = lambda english, again: english
    asked: list[tuple[list[str], bool]] = field(default_factory=list)

    def find_local(self, name: str, language: str) -> ModelFiles | None:
        return ModelFiles(name, Path(), "1", "CC0-1.0")

    def find(self, name: str, language: str) -> ModelFiles:
        return ModelFiles(name, Path(), "1", "CC0-1.0")

    def load(self, files: ModelFiles, language: str) -> Transcriber:
        return self

    def lengths(self, texts: Sequence[str]) -> list[int]:
        return [len(text.split()) for text in texts]

    def translate(self, texts: Sequence[str], *, again: bool) -> list[str]:
        assert max(self.lengths(texts)) <= self.longest
        self.asked.append(([*texts], again))
        return [f" {self.spoil(latin(text), again)} " for text in texts]


def translated(kind: Transcriber, *texts: str) -> list[tuple[str, str | None] | None]:
    """The English and the flaw of each."""
    found = NeuralTranslator(kind, {"ru": "letters"}, batch_size=3).translate(texts, "ru")
    return [(one.english, one.flaw) if one else None for one in found]


WORDS = st.lists(st.sampled_from(["да", "нет,", "дом.", "Ыть", "17", "BBC", "«он»", "\n", "\n\n", " — ", "x@y.org"]))


@given(st.lists(WORDS.map(" ".join), max_size=8))
def test_nothing_of_any_text_is_lost_and_each_keeps_its_place(texts: list[str]) -> None:
    found = translated(Transcriber(longest=2), *texts)
    assert [one[0] if one else None for one in found] == [latin(text).strip() or None for text in texts]


@pytest.mark.parametrize("size", [1, 8, 9, 1000])
def test_a_long_text_is_translated_wholly(size: int) -> None:
    text = " ".join(f"слово{number}," for number in range(size))
    assert translated(Transcriber(), text) == [(latin(text), None)]


def test_the_model_is_given_the_longest_first_in_batches() -> None:
    kind = Transcriber()
    translated(kind, "а", "а б в", "а б в г", "а б", "а б в г д")
    assert kind.asked == [(["а б в г д", "а б в г", "а б в"], False), (["а б", "а"], False)]


def test_of_long_texts_the_model_is_given_fewer_at_once() -> None:
    kind = Transcriber(longest=2 * USUAL)
    long, usual = "а " * 2 * USUAL, "а " * USUAL
    translated(kind, *[usual] * 3, *[long] * 3)
    assert [len(batch) for batch, _ in kind.asked] == [1, 1, 1, 3]


def test_line_breaks_and_what_needs_no_model_stay() -> None:
    kind = Transcriber()
    texts = ["Да.\n\n— Нет.", "https://example.org/путь", "…", " \n", "Дом\r\n\r\n***\r\nБор"]
    assert translated(kind, *texts) == [
        ("Da.\n\n— Net.", None),
        ("https://example.org/путь", None),
        ("…", None),
        None,
        ("Dom\r\n\r\n***\r\nBor", None),
    ]
    assert sorted(text for batch, _ in kind.asked for text in batch) == ["Бор", "Да.", "Дом", "— Нет."]


def test_lone_surrogates_are_replaced_as_no_tokenizer_takes_them() -> None:
    kind = Transcriber()
    assert translated(kind, "\ud800 Да. \udfff") == [("? Da. ?", None)]


@pytest.mark.parametrize(
    ("wrong", "flaw"),
    [
        (lambda english: "", "empty"),
        (lambda english: "..", "empty"),
        (lambda english: "Дома 17 человек", "copied"),
        (lambda english: english + " da" * 9, "repetition"),
        (
            lambda english: (
                english + latin(" и ещё один дом, где никто ничего такого не видел, но все о нём знают,") * 2
            ),
            "endless",
        ),
        (lambda english: english.replace("17", ""), "lost 17"),
        (lambda english: english.replace("BBC", ""), "lost BBC"),
    ],
)
def test_what_comes_out_wrong_is_tried_again_once_and_marked_if_it_stays_so(
    wrong: Callable[[str], str], flaw: str
) -> None:
    text, other = "Дома 17 человек, передаёт BBC", "Нет"

    def first(english: str, again: bool) -> str:
        return english if again or english == "Net" else wrong(english)

    kind = Transcriber(spoil=first)
    assert translated(kind, other, text) == [("Net", None), (latin(text), None)]
    assert kind.asked == [([text, other], False), ([text], True)]

    kind = Transcriber(spoil=lambda english, again: english if english == "Net" else wrong(english))
    assert translated(kind, other, text) == [("Net", None), (wrong(latin(text)).strip(), flaw)]
    assert kind.asked == [([text, other], False), ([text], True)]


def test_of_two_wrong_outputs_the_better_is_taken_and_of_two_alike_the_first() -> None:
    def loops_then_drops(english: str, again: bool) -> str:
        return "Doma ludi" if again else "doma " * 20

    def drops_then_loops(english: str, again: bool) -> str:
        return loops_then_drops(english, not again)

    def drops(english: str, again: bool) -> str:
        return "Ludi" if again else "Doma ludi"

    for spoil in (loops_then_drops, drops_then_loops, drops):
        assert translated(Transcriber(spoil=spoil), "Дома 17 людей") == [("Doma ludi", "lost 17")]


@pytest.mark.parametrize("address", ["https://example.org/a?b=1", "www.example.org", "a.b@example.org", "@somebody"])
def test_an_address_that_the_model_spoils_comes_through_as_the_second_try_goes_around_it(address: str) -> None:
    def spoil(english: str, again: bool) -> str:
        return english.replace("example", "an example").replace("@", " at ")

    kind = Transcriber(spoil=spoil)
    assert translated(kind, f"Он пишет: {address}, да.") == [(f"On piset: {address}, da.", None)]
    assert kind.asked[1] == (["Он пишет:", ", да."], True)


@pytest.fixture
def model(marian: Path, tmp_path: Path) -> Callable[..., NeuralTranslator]:
    """The real checkpoint, with other settings of its own for how it searches for the English."""

    def build(**settings: Any) -> NeuralTranslator:
        folder = shutil.copytree(marian, tmp_path / "model")
        file = folder / "generation_config.json"
        file.write_text(json.dumps(json.loads(file.read_text("utf-8")) | settings), "utf-8")
        return NeuralTranslator(OpusMT(), {"ru": str(folder)}, batch_size=4)

    return build


TEXTS = ["Переговоры продолжатся в четверг.", "Нет.", "Войска вошли в город на рассвете."]
ENGLISH = ["Talks will resume on Thursday.", "No.", "Troops entered the city at dawn."]


def test_a_real_model_that_loops_is_brought_out_of_it_by_the_other_settings(
    model: Callable[..., NeuralTranslator],
) -> None:
    translator = model(repetition_penalty=0.2, num_beams=1)
    found = translator.translate(TEXTS, "ru")
    kind, files = OpusMT(), translator.prepare("ru")
    first = kind.load(files, "ru").translate(TEXTS, again=False)
    assert [find_flaw(text, said, "ru") for text, said in zip(TEXTS, first, strict=True)] == ["repetition"] * 3
    assert [(one.english, one.flaw) for one in found if one] == [(english, None) for english in ENGLISH]


def test_what_a_real_model_gets_wrong_whatever_the_settings_is_marked(model: Callable[..., NeuralTranslator]) -> None:
    found = model(forced_bos_token_id=0).translate(TEXTS, "ru")  # the end comes first
    assert [(one.english, one.flaw) for one in found if one] == [("", "empty")] * 3


def test_addresses_and_line_breaks_survive_a_real_model_that_knows_neither(
    model: Callable[..., NeuralTranslator],
) -> None:
    texts = [
        "Нет. https://example.org/a?b=1 Переговоры продолжатся в четверг.",
        "Нет.\n\nВойска вошли в город на рассвете.\r\nНет.",
    ]
    found = model().translate(texts, "ru")
    assert [(one.english, one.flaw) for one in found if one] == [
        ("No. https://example.org/a?b=1 Talks will resume on Thursday.", None),
        ("No.\n\nTroops entered the city at dawn.\r\nNo.", None),
    ]
