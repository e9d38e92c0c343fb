"""Texts in parts and back: everything stays, lines and spaces too, and what is cut is cut where a reader would."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from flows.translators.parts import split

WILD = st.text(
    st.sampled_from('аб я1.,!?;:—-«»"() \n\r\t\u2028\u00a0\u0301\u200d👍🏽@#/wxX') | st.characters()
) | st.lists(
    st.sampled_from(["Нет. ", "10 000 ", "https://example.org/a?b=c#d", " ", "\n", "\n\n", "نعم، ", "e\u0301", "@name"])
).map("".join)


def at_most(characters: int) -> Callable[[str], bool]:
    return lambda part: len(part) <= characters


def parts_of(text: str, characters: int, *, around_fixed: bool = False) -> list[str]:
    return list(split(text, at_most(characters), around_fixed=around_fixed).texts)


@given(WILD, st.integers(1, 40), st.booleans())
@example("«" * 50, 3, True)
@example("a" + "\u0301" * 50, 3, False)
def test_every_part_fits_and_with_what_stands_between_they_are_the_text(text: str, most: int, around: bool) -> None:
    parts = split(text, at_most(most), around_fixed=around)
    assert all(0 < len(part) <= most and part == part.strip() for part in parts.texts)
    assert not any("\n" in part or "\r" in part for part in parts.texts)
    assert parts.joined(parts.texts) == text.strip()


@given(WILD, st.booleans())
def test_nothing_is_lost_even_where_nothing_fits(text: str, around: bool) -> None:
    parts = split(text, lambda _: False, around_fixed=around)
    assert all(len(part) == 1 for part in parts.texts)
    assert parts.joined(parts.texts) == text.strip()


@given(WILD, st.booleans())
def test_only_letters_and_digits_are_for_the_model(text: str, around: bool) -> None:
    between = split(text, at_most(1000), around_fixed=False).between
    assert all(
        not any(sign.isalnum() for sign in kept) or "." in kept or "@" in kept or "#" in kept for kept in between
    )
    assert all(any(sign.isalnum() for sign in part) for part in split(text, at_most(1000), around_fixed=around).texts)


def test_a_text_that_fits_is_one_part() -> None:
    text = "Он сказал: «Нет, — и ушёл». Она осталась."
    assert parts_of(text, len(text)) == [text]


@pytest.mark.parametrize(
    ("text", "most", "expected"),
    [
        ("Войска вошли в город, люди бежали.", 30, ["Войска вошли в город,", "люди бежали."]),
        ("دخلت القوات المدينة، وغادر الناس.", 30, ["دخلت القوات المدينة،", "وغادر الناس."]),
        ("Он сказал: «Нет». Она ушла, он остался.", 25, ["Он сказал: «Нет».", "Она ушла, он остался."]),
        ("Первые ушли — вторые остались", 20, ["Первые ушли —", "вторые остались"]),
        ("Один. Два. Три. Четыре.", 12, ["Один. Два.", "Три. Четыре."]),
        ("пять слов без всяких знаков", 15, ["пять слов без", "всяких знаков"]),
        ("почти что 10 000 человек", 15, ["почти что", "10 000 человек"]),
        ("абвгдежз", 4, ["абвг", "дежз"]),
    ],
)
def test_a_long_text_is_cut_behind_the_clause_nearest_the_middle_else_the_word(
    text: str, most: int, expected: list[str]
) -> None:
    assert parts_of(text, most) == expected


@pytest.mark.parametrize("sign", ["и\u0306", "👍🏽", "👩\u200d🚀", "ب\u064e\u0651"])
def test_what_a_reader_takes_for_one_sign_is_cut_only_where_it_does_not_fit_itself(sign: str) -> None:
    text = "ы" * 5 + sign * 3 + "ы"  # cut at its middle, one sign would fall apart
    for most in range(len(sign) + 1, len(text)):
        parts = parts_of(text, most)
        assert "|".join(parts).count(sign) == 3, parts


def test_lines_are_apart_and_the_breaks_between_them_stay() -> None:
    text = " Первая строка.\r\n\n  \n\tВторая.\n— Третья?  "
    parts = split(text, at_most(100), around_fixed=False)
    assert parts.texts == ["Первая строка.", "Вторая.", "— Третья?"]
    assert parts.joined(["The first.", "Second.", "— Third?"]) == "The first.\r\n\n  \n\tSecond.\n— Third?"


def test_where_a_part_comes_out_empty_no_double_space_is_left_but_its_line() -> None:
    parts = split("Один. Два. Три.", at_most(5), around_fixed=False)
    assert parts.joined(["One.", "", "Three."]) == "One. Three."
    parts = split("Один.\nДва.\nТри.", at_most(100), around_fixed=False)
    assert parts.joined(["One.", "", "Three."]) == "One.\n\nThree."


@pytest.mark.parametrize(
    "address",
    [
        "https://example.org/a_(b)?c=d&e=%20#f",
        "http://пример.рф/путь",
        "www.example.org",
        "Lenta.ru",
        "t.me/some_channel/12",
        "press.office+news@mail.example.org",
        "@some_body",
        "#MeToo",
    ],
)
def test_addresses_can_be_taken_out(address: str) -> None:
    text = f"Нет, см. {address}, там всё."
    assert parts_of(text, 100) == [text]
    parts = split(text, at_most(100), around_fixed=True)
    assert parts.texts == ["Нет, см.", ", там всё."]
    assert parts.joined(["No, see", ", all is there."]) == f"No, see {address}, all is there."


@pytest.mark.parametrize("around", [False, True])
@pytest.mark.parametrize(
    "text", ["https://example.org/путь", " (www.example.org) ", "@one, @two", "…", "—\n—", "🙂", ""]
)
def test_what_holds_no_words_beside_addresses_has_nothing_to_translate(text: str, around: bool) -> None:
    parts = split(text, at_most(100), around_fixed=around)
    assert (parts.texts, parts.joined([])) == ([], text.strip())


@pytest.mark.parametrize("text", ["#Выборы", "т.д.", "3.5", "10.000", "что-то.Что-то"])
def test_what_is_no_address_is_translated(text: str) -> None:
    assert parts_of(text, 100, around_fixed=True) == [text]


@pytest.mark.parametrize(
    "text", ["»" * 100_000, " " * 100_000 + "ы", "http://" + "." * 100_000, "а. " * 30_000, "a@" * 50_000]
)
def test_a_huge_text_is_split_in_time_that_grows_with_its_length(text: str) -> None:
    parts = split(text, at_most(100), around_fixed=True)
    assert parts.joined(parts.texts) == text.strip()
