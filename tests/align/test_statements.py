"""Statements: one sentence each, with offsets into the article's text, in three languages."""

import json
from collections import defaultdict
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from align.statements import split_statements

GOLD = Path(__file__).parents[2] / "configs" / "gold"
EVENTS = ("border", "enclave", "oil", "pipeline")


def texts(text: str, language: str) -> list[str]:
    return [statement.text for statement in split_statements(text, language)]


ENGLISH = {
    "titles": ["Mr. Hale met Dr. Osei on Jan. 5.", "Lt. Gen. Marsh and Sen. Poole came late.", "Nobody spoke."],
    "initials": ["J. K. Harrow wrote the foreword.", "It sold well."],
    "country": ["The U.S. Navy sent a tug.", "It left Norfolk at 3 p.m. on Friday."],
    "decimals": ["Prices rose 3.5 percent.", "The index lost 0.2 points."],
    "inner question": ["“Who pays for this?” she asked.", "Nobody answered."],
    "inner exclamation": ["“Get out!” the guard shouted, waving a torch.", "We ran."],
    "quotation of two sentences": ["“We stay. We rebuild,” the mayor said.", "The crowd cheered."],
    "closing quote": ["He called it “a farce.”", "Then he left."],
    "brackets": ["The dam held.", "(It was built in 1931.)", "The bridge did not."],
    "ellipsis": ["He waited … and waited.", "No one came."],
    "number sign": ["The convoy stopped at No. 10 for an hour.", "It then drove on."],
    "word no": ["Asked whether he would resign, he said no.", "He was smiling."],
    "lower-case name": ["The rules changed.", "iPhone makers complained."],
}
RUSSIAN = {
    "initials": ["А. С. Белов вышел к журналистам.", "Он молчал."],
    "institution": ["Завод им. Кирова встал.", "Рабочих отпустили домой."],
    "that is": ["Цена выросла вдвое, т.е. до ста рублей.", "Покупателей стало меньше."],
    "year": ["Мост открыли в 1998 г. при большом стечении народа.", "Теперь он закрыт."],
    "scales": ["Добыли 3,5 млн. тонн на 20 млрд. руб. в прошлом году.", "План выполнен."],
    "thousands": ["Вывезли 12 тыс. человек.", "Остальные ждут."],
    "rank": ["Встречу провёл ген. Рогов вместе с акад. Лесиным.", "Она длилась час."],
    "address": ["Штаб стоит на ул. Садовой, д. 5.", "Вход со двора."],
    "question, then who asks": ["«Кто это сделал?» — спросил он.", "Ответа не было."],
    "exclamation, then who says": ["«Мы вернёмся!» — заявил министр.", "Зал встал."],
    "ellipsis, then who says": ["«Не знаю…» — сказал он.", "Больше вопросов не было."],
    "dialogue": ["— Куда вы? — крикнула она.", "Никто не обернулся."],
    "ellipsis": ["Он ждал... и ждал.", "Никто не пришёл."],
    "closing quote": ["На стене написали «Мы были здесь».", "Краска ещё не высохла."],
}
ARABIC = {
    "question mark": ["هل عاد السكان؟", "لا أحد يعرف."],
    "question in a quotation": ["«هل انتهى كل شيء؟»، يسأل الطبيب.", "لا جواب."],
    "exclamation in a quotation": ["«لن نغادر!»، قالت الجدة.", "ثم أغلقت الباب."],
    "doctor": ["قال د. سامر الحلو إن الدواء نفد.", "وأضاف أن الطريق مقطوع."],
    "titles of one letter": ["وصل أ. د. كمال نصار إلى المطار.", "ثم غادر."],
    "run-on commas": ["وصلت القافلة ليلا، وأفرغت حمولتها، ثم عادت من حيث أتت، ولم يصب أحد.", "هذا كل ما نعرفه."],
    "semicolon": ["أغلقت المدارس؛ فالمياه بلغت الأبواب.", "وفتحت المساجد للنازحين."],
    "decimals": ["ارتفع السعر إلى 3.5 دولار.", "ثم تراجع."],
    "ellipsis": ["انتظر طويلا... ثم رحل.", "لم يأت أحد."],
}


@pytest.mark.parametrize("sentences", ENGLISH.values(), ids=ENGLISH.keys())
def test_english_sentences(sentences: list[str]) -> None:
    assert texts(" ".join(sentences), "en") == sentences


@pytest.mark.parametrize("sentences", RUSSIAN.values(), ids=RUSSIAN.keys())
def test_russian_sentences(sentences: list[str]) -> None:
    assert texts(" ".join(sentences), "ru") == sentences


@pytest.mark.parametrize("sentences", ARABIC.values(), ids=ARABIC.keys())
def test_arabic_sentences(sentences: list[str]) -> None:
    assert texts(" ".join(sentences), "ar") == sentences


def test_a_blank_line_always_ends_a_statement() -> None:
    assert texts("Flood cuts off valley\n\nthe river rose at dawn.", "en") == [
        "Flood cuts off valley",
        "the river rose at dawn.",
    ]


def test_a_headline_on_a_line_of_its_own_is_a_statement() -> None:
    assert texts("Наводнение отрезало долину\nРека вышла из берегов. Мост снесло.", "ru") == [
        "Наводнение отрезало долину",
        "Река вышла из берегов.",
        "Мост снесло.",
    ]


def test_hard_wrapped_lines_are_put_together() -> None:
    assert texts("The river rose at dawn,\nand by noon the bridge\nwas gone. Nobody was hurt.", "en") == [
        "The river rose at dawn,\nand by noon the bridge\nwas gone.",
        "Nobody was hurt.",
    ]


@pytest.mark.parametrize("bullet", ["•", "-", "*", "–", "▪"])
def test_each_line_of_a_list_is_a_statement(bullet: str) -> None:
    assert texts(f"What we know:\n{bullet} two bridges gone\n{bullet} the school shut", "en") == [
        "What we know:",
        f"{bullet} two bridges gone",
        f"{bullet} the school shut",
    ]


def test_the_number_of_a_list_item_stays_with_it() -> None:
    assert texts("1. Мосты закрыты.\n2. Школа работает.", "ru") == ["1. Мосты закрыты.", "2. Школа работает."]


def test_windows_line_ends_keep_the_offsets() -> None:
    text = "One came.\r\n\r\nTwo left.\r\n"
    assert [text[s.start : s.end] for s in split_statements(text, "en")] == ["One came.", "Two left."]


@pytest.mark.parametrize("text", ["", " \n\t\u00a0"])
def test_nothing_but_space_has_no_statements(text: str) -> None:
    assert split_statements(text, "en") == []


def test_an_unknown_language_is_split_all_the_same() -> None:
    assert len(split_statements("Een man kwam. Hij ging.", "xx")) == 2


def test_half_a_surrogate_pair_keeps_its_place() -> None:
    assert [s.text for s in split_statements("a \ud800. Then b.", "en")] == ["a \ud800.", "Then b."]


def test_a_quotation_never_closed_does_not_swallow_the_next_paragraph() -> None:
    assert len(split_statements("“We saw it all. It was dark.\n“Then it stopped. We left.”", "en")) >= 2


def test_a_long_line_is_read_in_windows_without_a_seam() -> None:
    sentences = [f"Sentence number {number} stands here." for number in range(2_000)]
    assert texts(" ".join(sentences), "en") == sentences


@pytest.mark.parametrize(
    "unit", [" ", "a" + " " * 30, "“", "«А. ", "(.", "a\n", ",\n", "A. ", "؟ ", ".", "- \n", "“Hello. "]
)
@pytest.mark.parametrize("language", ["en", "ru", "ar"])
def test_long_runs_of_the_same_come_to_an_end(unit: str, language: str) -> None:
    _check(unit * 20_000, language)


@settings(deadline=None)
@given(
    st.lists(st.one_of(st.text(max_size=12), st.sampled_from(list(' .!?…؟«»“”"—-\n\r\u2028،؛()1аA'))), max_size=60),
    st.sampled_from(["en", "ru", "ar", "de"]),
)
def test_every_character_but_space_is_in_just_one_statement(parts: list[str], language: str) -> None:
    _check("".join(parts), language)


@settings(deadline=None)
@given(st.text(st.characters(), max_size=200), st.sampled_from(["en", "ru", "ar"]))
def test_any_unicode_is_kept(text: str, language: str) -> None:
    _check(text, language)


def _check(text: str, language: str) -> None:
    end = 0
    for position, statement in enumerate(split_statements(text, language)):
        assert statement.position == position
        assert statement.text == text[statement.start : statement.end] != ""
        assert statement.text == statement.text.strip()
        assert not text[end : statement.start].strip()
        assert statement.start >= end
        end = statement.end
    assert not text[end:].strip()


def _lines(path: Path) -> list[dict[str, str]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


@pytest.mark.parametrize("event", EVENTS)
def test_gold_sentences_come_out_as_they_are(event: str) -> None:
    gold = defaultdict(list)
    for statement in _lines(GOLD / event / "statements.jsonl"):
        gold[statement["article"]].append(statement["text"].strip())
    found = {
        article["id"]: texts(article["text"], article["language"])
        for article in _lines(GOLD / event / "articles.jsonl")
    }
    right = sum(sentence in found[article] for article, sentences in gold.items() for sentence in sentences)
    assert right >= 0.99 * sum(map(len, gold.values()))
