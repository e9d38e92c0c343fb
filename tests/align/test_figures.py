"""Figures: numbers in digits and words, as plain values with what they count."""

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from align.figures import find_figures


def of(text: str, language: str) -> list[tuple[str, float, str | None]]:
    return [(figure.surface, figure.value, figure.unit) for figure in find_figures(text, language)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("It cost $84.50.", ("84.50", 84.5, "USD")),
        ("It cost €3bn.", ("3bn", 3e9, "EUR")),
        ("Output fell by 1.4 million barrels.", ("1.4 million", 1.4e6, "barrels")),
        ("It lost 12,345 tonnes.", ("12,345", 12_345, "tonnes")),
        ("It lost 1,234,567.5 tonnes.", ("1,234,567.5", 1_234_567.5, "tonnes")),
        ("It rose 7.8 percent.", ("7.8", 7.8, "percent")),
        ("It rose 0.4 per cent.", ("0.4", 0.4, "percent")),
        ("It rose 25%.", ("25", 25, "percent")),
        ("Police held 30 masked young protesters.", ("30", 30, "people")),
        ("There were nine wounded.", ("nine", 9, "people")),
        ("One hundred and twenty-five villagers left.", ("One hundred and twenty-five", 125, "people")),
        ("They sent two thousand three hundred soldiers.", ("two thousand three hundred", 2_300, "people")),
        ("It cost half a million dollars.", ("half a million", 5e5, "USD")),
        ("A dozen men came.", ("A dozen", 12, "people")),
        ("One civilian was hurt.", ("One", 1, "people")),
        ("In all 2,001 people came.", ("2,001", 2_001, "people")),
        ("The crowd of 2000 people sang.", ("2000", 2_000, "people")),
        ("The road is 41 km long.", ("41", 41, "kilometres")),
    ],
)
def test_english(text: str, expected: tuple[str, float, str | None]) -> None:
    assert of(text, "en") == [expected]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Добыча упала на 1,4 миллиона баррелей.", ("1,4 миллиона", 1.4e6, "barrels")),
        ("Выделено 20 тыс. руб. на ремонт.", ("20 тыс.", 20_000, "RUB")),
        ("Выделено 3,5 млрд рублей.", ("3,5 млрд", 3.5e9, "RUB")),
        ("Пострадали 1 234 человека.", ("1 234", 1_234, "people")),
        ("Пострадали 1\u00a0234 человека.", ("1\u00a0234", 1_234, "people")),
        ("Пострадали 1\u202f234\u202f567 человек.", ("1\u202f234\u202f567", 1_234_567, "people")),
        ("Доля выросла на 0,7%.", ("0,7", 0.7, "percent")),
        ("Доля выросла на 15 процентов.", ("15", 15, "percent")),
        ("Погибли двадцать пять военнослужащих.", ("двадцать пять", 25, "people")),
        ("Приехали две тысячи триста солдат.", ("две тысячи триста", 2_300, "people")),
        ("Нашли тела троих погибших.", ("троих", 3, "people")),
        ("Нужно полтора миллиона евро.", ("полтора миллиона", 1.5e6, "EUR")),
        ("Ушла тысяча человек.", ("тысяча", 1_000, "people")),
        ("Осталось более сорока жителей.", ("сорока", 40, "people")),
    ],
)
def test_russian(text: str, expected: tuple[str, float, str | None]) -> None:
    assert of(text, "ru") == [expected]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("انخفض الإنتاج بمقدار 1.4 مليون برميل.", ("1.4 مليون", 1.4e6, "barrels")),
        ("ارتفعت الأسعار بنسبة ٣٫٥ في المئة.", ("٣٫٥", 3.5, "percent")),
        ("بلغ العدد ١٬٢٣٤ شخصا.", ("١٬٢٣٤", 1_234, "people")),
        ("نزح ٢٠٠ ألف مدني.", ("٢٠٠ ألف", 200_000, "people")),
        ("أصيب خمسة وعشرون جنديا.", ("خمسة وعشرون", 25, "people")),
        ("وصل خمسة عشر مقاتلا.", ("خمسة عشر", 15, "people")),
        ("قتل وأربعة من جنودها.", ("أربعة", 4, "people")),
        ("كلف مئة وعشرين دولارا.", ("مئة وعشرين", 120, "USD")),
        ("نزح ثلاثة آلاف ومئتان وخمسون شخصا.", ("ثلاثة آلاف ومئتان وخمسون", 3_250, "people")),
        ("خسر نصف مليون برميل.", ("نصف مليون", 5e5, "barrels")),
        ("وصل مئتا مدني.", ("مئتا", 200, "people")),
        ("تراجع بنسبة 2.3%.", ("2.3", 2.3, "percent")),
        ("قتل أحد عشر جنديا.", ("أحد عشر", 11, "people")),
        ("قتلت إحدى عشرة امرأة.", ("إحدى عشرة", 11, "people")),
        ("وصل مئة وأحد عشر مدنيا.", ("مئة وأحد عشر", 111, "people")),
        ("أصيب إحدى وعشرون امرأة.", ("إحدى وعشرون", 21, "people")),
    ],
)
def test_arabic(text: str, expected: tuple[str, float, str | None]) -> None:
    assert of(text, "ar") == [expected]


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("It happened in 2023.", "en"),
        ("It began on March 1 and on 14 June 2021.", "en"),
        ("They met at 2 p.m. and again at 14:30.", "en"),
        ("Filed on 2023-06-15.", "en"),
        ("A T-72 stood at the gate since the 19th.", "en"),
        ("COVID-19 closed the school.", "en"),
        ("One of them left.", "en"),
        ("Это было в 2020 году, 9 ноября.", "ru"),
        ("Один из них ушёл в 14:00.", "ru"),
        ("Это был 120-миллиметровый миномёт.", "ru"),
        ("حدث ذلك في عام 2023.", "ar"),
        ("قتل أحد الجنود يوم الأحد.", "ar"),
        ("في اليوم الثاني عشر من الحرب.", "ar"),
        ("يبدأ في 3 أبريل.", "ar"),
    ],
)
def test_dates_hours_and_names_are_no_figures(text: str, language: str) -> None:
    assert of(text, language) == []


def test_both_ends_of_a_range_share_scale_and_unit() -> None:
    assert of("С рынка уйдёт 850–900 тысяч баррелей.", "ru") == [
        ("850", 850_000, "barrels"),
        ("900 тысяч", 900_000, "barrels"),
    ]


def test_a_unit_is_not_taken_from_the_next_number() -> None:
    assert of("It carried 12 boats and 40 soldiers.", "en") == [("12", 12, None), ("40", 40, "people")]


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Some 400 displaced families with children left.", "en"),
        ("Ушли 400 семей военных.", "ru"),
        ("نزحت 400 عائلة.", "ar"),
    ],
)
def test_families_are_counted_and_are_no_people(text: str, language: str) -> None:
    assert of(text, language) == [("400", 400, None)]


def test_words_that_do_not_add_up_are_numbers_of_their_own() -> None:
    assert [value for _, value, _ in of("Groups of two three four stood there.", "en")] == [2, 3, 4]


def test_an_unknown_language_is_read_for_its_digits() -> None:
    assert of("Tres mil o 3,5 %", "xx") == [("3,5", 3.5, "percent")]


PARTS = [
    "1",
    "12",
    "999",
    ",",
    ".",
    " ",
    "\u00a0",
    "٣",
    "٫",
    "-",
    "–",
    "/",
    "%",
    "$",
    "million",
    "тыс.",
    "ألف",
    "وعشرين",
    "خمسة",
    "two",
    "and",
    "half",
    "a",
    "hundred",
    "двадцать",
    "пять",
    "тысяч",
    "مئة",
    "أحد",
    "الثاني",
    "عشر",
]


@settings(deadline=None)
@given(
    st.lists(st.one_of(st.sampled_from(PARTS), st.text(max_size=4)), max_size=40),
    st.sampled_from(["en", "ru", "ar", "de"]),
)
def test_figures_are_spans_in_order_with_finite_values(parts: list[str], language: str) -> None:
    for text in ("".join(parts), " ".join(parts)):
        end = 0
        for figure in find_figures(text, language):
            assert end <= figure.start < figure.end
            assert figure.surface == text[figure.start : figure.end]
            assert math.isfinite(figure.value)
            assert figure.value >= 0
            end = figure.end


@pytest.mark.parametrize(
    "unit", ["1", "1,111", ",111", " 111", "1-", "two ", "hundred ", "ألف ", "مليون ", "1 million ", "a", "2020-01-01 "]
)
def test_very_long_texts_come_to_an_end(unit: str) -> None:
    for language in ("en", "ru", "ar"):
        assert all(math.isfinite(figure.value) for figure in find_figures(unit * 5_000, language))
