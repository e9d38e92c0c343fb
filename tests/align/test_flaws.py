"""What is plainly wrong with a translation is found, and nothing with a good one."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest
from conftest import GOLD
from hypothesis import given
from hypothesis import strategies as st

from align.flaws import find_flaw, gravity


def gold() -> Iterator[tuple[str, str, str]]:
    for event in sorted(GOLD.iterdir()):
        articles = map(json.loads, (event / "articles.jsonl").read_text("utf-8").splitlines())
        languages = {article["id"]: article["language"] for article in articles}
        for statement in map(json.loads, (event / "statements.jsonl").read_text("utf-8").splitlines()):
            if statement["en"]:
                yield statement["text"], statement["en"], languages[statement["article"]]


def test_no_true_translation_has_a_flaw() -> None:
    flaws = [(text, flaw) for text, english, language in gold() if (flaw := find_flaw(text, english, language))]
    assert flaws == []


def test_a_true_translation_in_which_something_went_wrong_has_a_flaw() -> None:
    for text, english, language in gold():
        assert find_flaw(text, "", language) == "empty"
        assert find_flaw(text, text, language) == "copied"
        assert find_flaw(text, english + " and the same" * 4, language) == "repetition"


@pytest.mark.parametrize(("text", "english"), [("…", ""), ("— «»", "-"), ("🙂", ""), ("", "")])
def test_of_nothing_nothing_is_lost(text: str, english: str) -> None:
    assert find_flaw(text, english, "ru") is None


@pytest.mark.parametrize("english", ["", " \n", "...", "-", '""'])
def test_an_output_without_words_is_empty(english: str) -> None:
    assert find_flaw("Нет.", english, "ru") == "empty"
    assert find_flaw("17", english, "ru") == "empty"


@pytest.mark.parametrize(
    ("text", "english", "language"),
    [
        ("Министр ушёл.", "Министр ушёл.", "ru"),
        ("Министр ушёл рано.", "The Министр ушёл рано.", "ru"),
        ("رفض الوزير التعليق.", "رفض الوزير التعليق", "ar"),
        ("رفض الوزير التعليق.", "The الوزير التعليق", "ar"),
        ("См. https://example.org/page", "См. https://example.org/page", "ru"),
    ],
)
def test_an_output_mostly_in_the_script_of_the_source_is_copied(text: str, english: str, language: str) -> None:
    assert find_flaw(text, english, language) == "copied"


@pytest.mark.parametrize(
    ("text", "english", "language"),
    [
        ("Breaking News", "Breaking News", "ru"),
        ("Как пишет The Times, «it is over».", 'As The Times writes, "it is over".', "ru"),
        ("Слово «добро» значит многое.", "The word «добро» (good) means a lot.", "ru"),
        ("https://пример.рф/путь", "https://пример.рф/путь", "ru"),
        ("3 + 4", "3 + 4", "ar"),
    ],
)
def test_what_is_the_same_in_english_or_quoted_may_be_copied(text: str, english: str, language: str) -> None:
    assert find_flaw(text, english, language) is None


@pytest.mark.parametrize(
    "english",
    [
        "He left left left left left.",
        "He said that he said that he said that he said that he",
        "It is, of course, blah, blah, blah, blah, blah, blah.",
        "A copy of p-p-p-p-p-p-p-p-p-p-p-p-p-p-p-p",
        "He hahahahahahahahahahahahahahaha",
        "He left. . . . . . . . . . . . . . . . . .",
        "The man who left the house is the man who left. " * 3,
    ],
)
def test_a_loop_is_a_repetition_unless_the_source_has_it_too(english: str) -> None:
    assert find_flaw("Он ушёл.", english, "ru") == "repetition"
    assert find_flaw(english + " да", english, "ru") is None


@pytest.mark.parametrize(
    ("text", "english"),
    [
        ("Нет, нет и нет!", "No, no and no!"),
        ("Очень-очень плохо", "Very, very, very bad"),
        ("Шаг за шагом", "Step by step by step"),
        ("Ха-ха-ха-ха!", "Ha-ha-ha-ha-ha!"),
        ("Триллион: 1 000 000 000 000", "A trillion: 1,000,000,000,000"),
        ("Счёт 3:3, 3:3, 3:3", "The score is 3-3, 3-3, 3-3"),
        ("Он ушёл...", "He left..."),
    ],
)
def test_what_is_said_a_few_times_is_none(text: str, english: str) -> None:
    assert find_flaw(text, english, "ru") is None


@pytest.mark.parametrize(
    ("text", "english", "language"),
    [
        ("Погибли 17 человек.", "Seventeen people were killed.", "ru"),
        ("Погибли 17 человек.", "17 people were killed.", "ru"),
        ("قتل ١٧ شخصا.", "17 people were killed.", "ar"),
        ("Собрались 10 000 человек.", "10,000 people gathered.", "ru"),
        ("Собрались 10 000 человек.", "Ten thousand people gathered.", "ru"),
        ("Собрались 2\u00a0000 человек.", "2000 people gathered.", "ru"),
        ("Добыли 1,5 млн тонн.", "1.5 million tonnes were produced.", "ru"),
        ("Добыли 1,5 млн тонн.", "1,500,000 tonnes were produced.", "ru"),
        ("Добыли 1,5 трлн тонн.", "1,500 billion tonnes were produced.", "ru"),
        ("بلغ العدد ١٫٥ مليون.", "It was 1.5 million.", "ar"),
        ("От 20 до 40 тысяч солдат.", "20,000 to 40,000 soldiers.", "ru"),
        ("В 15:30 он ушёл.", "He left at 3:30 p.m.", "ru"),
        ("В 15.30 он ушёл.", "He left at half past three in the afternoon.", "ru"),
        ("В 02:30 он ушёл.", "He left at 0230.", "ru"),
        ("В 9:00 он ушёл.", "He left at nine in the morning.", "ru"),
        ("В 18 часов он ушёл.", "He left at 6 pm.", "ru"),
        ("15.07.2019 он ушёл.", "He left on July 15, 2019.", "ru"),
        ("2019-07-05 он ушёл.", "He left on 5 July 2019.", "ru"),
        ("В 90-е годы", "In the 1990s", "ru"),
        ("В 90-е годы", "In the nineties", "ru"),
        ("В 19 веке", "In the nineteenth century", "ru"),
        ("25-й год подряд", "For the twenty-fifth year in a row", "ru"),
        ("5-й канал", "The fifth channel", "ru"),
        ("Рост на 50%", "It grew by half", "ru"),
        ("Счёт 3:2", "The score is 3-2", "ru"),
        ("2/3 голосов", "Two-thirds of the votes", "ru"),
        ("Су-27 упал", "A Su-27 crashed", "ru"),
        ("В 2018–2019 годах", "In 2018-19", "ru"),
        ("1 солдат", "A soldier", "ru"),
        ("Страны G7", "The G7 countries", "ru"),
    ],
)
def test_a_number_may_come_back_in_another_form(text: str, english: str, language: str) -> None:
    assert find_flaw(text, english, language) is None


@pytest.mark.parametrize(
    ("text", "english", "language", "flaw"),
    [
        ("Погибли 17 человек.", "People were killed.", "ru", "lost 17"),
        ("Погибли 17 человек.", "18 people were killed.", "ru", "lost 17"),
        ("قتل ١٧ شخصا.", "People were killed.", "ar", "lost ١٧"),
        ("Собрались 10 000 человек.", "1,000 people gathered.", "ru", "lost 10 000"),
        ("Собрались 10 000 человек.", "10 people gathered.", "ru", "lost 10 000"),
        ("Собрались 10 человек.", "10,000 people gathered.", "ru", "lost 10"),
        ("Добыли 1,5 млн тонн.", "15 million tonnes were produced.", "ru", "lost 1,5"),
        ("В 15:30 он ушёл.", "He left at 3:45 p.m.", "ru", "lost 15:30"),
        ("15.07.2019 он ушёл.", "He left on July 16, 2019.", "ru", "lost 15.07.2019"),
        ("В 1995 году", "In that year", "ru", "lost 1995"),
        ("Су-27 упал", "A jet crashed", "ru", "lost 27"),
    ],
)
def test_a_lost_number_is_told(text: str, english: str, language: str, flaw: str) -> None:
    assert find_flaw(text, english, language) == flaw


@pytest.mark.parametrize(
    ("text", "english", "flaw"),
    [
        ("См. https://example.org/a.", "See https://example.org/a.", None),
        ("См. https://example.org/a.", "See https://example.org/b.", "lost https://example.org/a"),
        ("См. https://example.org/a.", "See https://example.org/ a.", "lost https://example.org/a"),
        ("Пишите: a.b@example.org", "Write to A.B@example.org!", None),
        ("Пишите: a.b@example.org", "Write to us!", "lost a.b@example.org"),
        ("Пишет @somebody", "Somebody writes", "lost @somebody"),
        ("Пишет Lenta.ru", "Lenta. ru writes", "lost Lenta.ru"),
        ("https://example.org/" + "a" * 100, "Nothing", "lost https://example.org/" + "a" * 39 + "…"),
    ],
)
def test_a_lost_address_is_told(text: str, english: str, flaw: str | None) -> None:
    assert find_flaw(text, english, "ru") == flaw


@pytest.mark.parametrize(
    ("text", "english", "language", "flaw"),
    [
        ("Об этом пишет BBC.", "The BBC writes about it.", "ru", None),
        ("По данным BBC", "The BBC's data", "ru", None),
        ("Об этом пишет BBC.", "The corporation writes about it.", "ru", "lost BBC"),
        ("Об этом пишет AP.", "It happened, APPARENTLY", "ru", None),  # it may be a form of the name
        ("Об этом пишет AP.", "They say it happened", "ru", "lost AP"),
        ("قال لـCNN إنه غادر", "He told CNN that he left", "ar", None),
        ("قال لـCNN إنه غادر", "He said that he left", "ar", "lost CNN"),
        ("В отеле есть Wi-Fi", "The hotel has wifi", "ru", None),
        ("Jean-Pierre ушёл", "Jean Pierre left", "ru", None),
        ("Президент São Tomé", "The president of Sao Tome", "ru", None),
        ("Телефоны iPhone", "iPhones", "ru", None),
        ("В XIX веке", "In the 19th century", "ru", None),
        ("Пришла SMSка", "A text message came", "ru", None),
        ("Скорость 5 km", "A speed of 5 kilometres", "ru", None),
    ],
)
def test_a_lost_name_in_latin_script_is_told(text: str, english: str, language: str, flaw: str | None) -> None:
    assert find_flaw(text, english, language) == flaw


def test_a_quotation_keeps_its_marks_and_a_name_need_not() -> None:
    assert find_flaw("Он сказал: «Мы не хотим этой войны».", "He said we do not want this war.", "ru") == (
        "lost quotation marks"
    )
    assert find_flaw("Он сказал: «Мы не хотим этой войны».", 'He said: "We do not want this war".', "ru") is None
    assert find_flaw("Судно «Академик Вельданов» ушло.", "The ship Akademik Veldanov left.", "ru") is None


def test_an_output_far_longer_than_its_source_is_endless() -> None:
    babble = "and then the men who were there also went to a place that nobody of them had seen before it was built"
    assert find_flaw("Нет.", babble, "ru") == "endless"
    assert find_flaw("Люди ушли в то место, которого до того никто из них не видел.", babble, "ru") is None
    assert find_flaw("ООН", "The United Nations Organization", "ru") is None


def test_of_several_flaws_the_gravest_is_told() -> None:
    text = "BBC: погибли 17, см. https://example.org/a"
    english = [
        "",
        text,
        "no " * 20,
        "The men went to a place that nobody of them had seen before, " * 2 + "and so on.",
        "Nothing",
        "See https://example.org/a",
        "17, see https://example.org/a",
    ]
    flaws = [find_flaw(text, said, "ru") for said in english]
    assert flaws == ["empty", "copied", "repetition", "endless", "lost https://example.org/a", "lost 17", "lost BBC"]
    assert [gravity(flaw) for flaw in (*flaws, None)] == [4, 3, 2, 2, 1, 1, 1, 0]


WILD = st.text(st.sampled_from("аяAb09.,:/-–%$ «»\"'@#\nو١٫٬\u0301\u00a0") | st.characters(), max_size=60)


@given(WILD, WILD, st.sampled_from(["ru", "ar", "de"]))
def test_any_text_has_a_flaw_of_one_short_line_or_none(text: str, english: str, language: str) -> None:
    flaw = find_flaw(text, english, language)
    assert flaw is None or (
        0 < len(flaw) <= 65 and flaw.split()[0] in ("empty", "copied", "repetition", "endless", "lost")
    )


@given(st.text(st.sampled_from("Ab09.,:/-% @#'") | st.characters(codec="ascii"), max_size=60))
def test_what_is_english_already_loses_nothing_when_copied(text: str) -> None:
    assert find_flaw(text, text, "ru") is None


@pytest.mark.parametrize(
    "unit",
    ["1 ", "1.", "1 000 ", "a.", "a@", "www.", "1:", "aa-", "BBC ", "ы", "»", "11 мая ", "1/2-", " ", "ieth", "1  \n"],
)
def test_a_huge_text_is_read_in_time_that_grows_with_its_length(unit: str) -> None:
    huge = unit * (20_000 // len(unit))
    assert find_flaw("Нет.", "x" + huge, "ru") in ("repetition", "copied", "empty", "endless")
    find_flaw(huge, "No.", "ar")
