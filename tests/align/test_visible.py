"""Texts that differ only in what is not seen, or need not be written, are the same text to all that compares them."""

from __future__ import annotations

import re

import pytest

from align.copies import words_of
from align.encoders import EmbeddedEncoder
from align.figures import find_figures
from align.visible import visible, visible_with_places
from align.wording import content_words
from align.words import WORD, fold

PLAIN = {
    "en": "The minister said that 1,200 people and three million dollars were sent to the old city",
    "ru": "Министр сообщил, что 1200 человек и три миллиона рублей отправлены в город",
    "ar": "أعلنت الوزارة أن 600 شخص وثلاثة ملايين لاجئ وصلوا إلى المدينة القديمة",
}


def broken(text: str, mark: str) -> str:
    """With a mark in the middle of every word and number."""
    return re.sub(r"(\w\w)(\w\w)", rf"\1{mark}\2", text)


def written_otherwise() -> list[tuple[str, str]]:
    marks = ("\u00ad", "\u200b", "\u200c", "\u2060", "\ufeff")
    texts = [(language, broken(text, mark)) for language, text in PLAIN.items() for mark in marks]
    arabic, russian = PLAIN["ar"], PLAIN["ru"]
    return [
        *texts,
        ("en", PLAIN["en"].replace("1,200", "\u20681,200\u2069")),
        ("ru", russian.replace("Министр", "Мини́стр").replace("миллиона", "миллио́на")),
        ("ar", re.sub("([بسشتلم])(?=[\u0621-\u064a])", "\\1\u0640", arabic)),
        ("ar", arabic.replace("600", "\u200e600\u200f").replace("أن", "\u202bأن\u202c")),
        ("ar", arabic.replace("إلى", "ﺇﻟﻰ").replace("المدينة", "ﺍﻟﻤﺪﻳﻨﺔ").replace("ملايين", "ﻣﻼﻳﻴﻦ")),
    ]


def test_words_that_a_last_letter_parts_are_read_apart() -> None:
    run_on = PLAIN["ar"].replace("إلى المدينة القديمة", "إلىالمدينةالقديمة")
    assert content_words(run_on, "ar") == content_words(PLAIN["ar"], "ar")
    assert visible("بعيدًاعن رجلاًبمطعم") == "بعيدًا عن رجلاً بمطعم"
    assert visible("شىء على رأسها مدينةً") == "شىء على رأسها مدينةً"
    (figure,) = find_figures("في المدينةثلاثة آلاف", "ar")
    assert (figure.value, figure.surface) == (3000, "ثلاثة آلاف")


VOWELLED = ("ar", PLAIN["ar"].replace("الوزارة", "الوِزَارَةُ").replace("شخص", "شَخْصٍ").replace("ملايين", "مَلايينِ"))


@pytest.fixture(scope="module")
def encoder() -> EmbeddedEncoder:
    return EmbeddedEncoder(threads=1)


@pytest.mark.parametrize(("language", "text"), [*written_otherwise(), VOWELLED])
def test_they_have_the_same_words_and_figures(language: str, text: str) -> None:
    plain = PLAIN[language]
    assert text != plain
    assert [fold(word) for word in WORD.findall(text)] == [fold(word) for word in WORD.findall(plain)]
    assert words_of(text) == words_of(plain)
    assert content_words(text, language) == content_words(plain, language)
    figures = find_figures(text, language)
    assert [(each.value, each.unit) for each in figures] == [
        (each.value, each.unit) for each in find_figures(plain, language)
    ]


@pytest.mark.parametrize(("language", "text"), written_otherwise())
def test_they_have_the_same_vector(encoder: EmbeddedEncoder, language: str, text: str) -> None:
    one, other = encoder.encode([PLAIN[language], text])
    assert one @ other == pytest.approx(1, abs=1e-4)


def test_vowel_signs_turn_a_vector_but_little(encoder: EmbeddedEncoder) -> None:
    language, text = VOWELLED
    one, other = encoder.encode([PLAIN[language], text])
    assert one @ other > 0.8


@pytest.mark.parametrize(("language", "text"), [*written_otherwise(), VOWELLED])
def test_figures_are_shown_as_they_were_published(language: str, text: str) -> None:
    for figure in find_figures(text, language):
        assert figure.surface == text[figure.start : figure.end]


def test_places_lead_back_to_the_text() -> None:
    shown, places = visible_with_places("a\u200bb ﷲ")
    assert (shown, places) == ("ab الله", [0, 2, 3, 4, 4, 4, 4])
    assert visible_with_places("سنة\u200bثلاث") == ("سنة ثلاث", [0, 1, 2, 4, 4, 5, 6, 7])
    assert visible_with_places("plain") == ("plain", None)


def test_letters_that_stress_marks_belong_to_stay() -> None:
    assert visible("за́мок") == "замок"
    assert visible("cafe\u0301 \u0439") == "cafe\u0301 \u0439"
