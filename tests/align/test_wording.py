"""Wording: words of like meaning and names spelt alike, across scripts."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from align.concepts import Concepts
from align.encoders import EmbeddedEncoder
from align.wording import Matrix, Vocabulary, consonants, content_words, word_overlaps

ENCODER = EmbeddedEncoder()
VOCABULARY = Vocabulary(ENCODER.encode, Concepts.from_mapping({"rout": {"en": "rout drubb", "ru": "разгром"}}))


def word_overlap(texts: list[str], languages: list[str], by_concept: bool = False) -> Matrix:
    words = [content_words(*each) for each in zip(texts, languages, strict=True)]
    return word_overlaps([words], lambda some: VOCABULARY.likeness(some, by_concept=by_concept))[0]


@pytest.mark.parametrize(
    ("latin", "cyrillic", "arabic"),
    [
        ("Idlib", "Идлиб", "إدلب"),
        ("Moscow", "Москва", None),
        ("Erdogan", "Эрдоган", "أردوغان"),
        ("Putin", "Путин", "بوتين"),
        ("Brandstrup", "Брандструп", "براندستروب"),
        ("Sorokin", "Сорокин", "سوروكين"),
    ],
)
def test_a_name_has_the_same_consonants_in_every_script(latin: str, cyrillic: str, arabic: str | None) -> None:
    spelt = consonants(latin)
    assert consonants(cyrillic).startswith(spelt)
    assert arabic is None or consonants(arabic) == spelt


def test_content_words_leave_out_function_words_numbers_and_what_is_attached() -> None:
    assert content_words("The dam in the north has burst, 12 said", "en") == ("dam", "north", "burst")
    assert content_words("Он не сказал, что плотину прорвало", "ru") == ("сказал", "плотину", "прорвало")
    assert content_words("وقال الوزير إن السد انهار للمرة", "ar") == ("قال", "الوزير", "السد", "انهار", "المرة")


def test_the_same_in_other_words_or_another_language_overlaps_more_than_another_matter() -> None:
    texts = [
        "Four soldiers were killed near Idlib.",
        "Под Идлибом погибли четверо военных.",
        "Oil prices rose by a fifth.",
    ]
    overlap = word_overlap(texts, ["en", "ru", "en"])
    assert overlap[0, 1] > 2 * overlap[0, 2]


def test_a_statement_overlaps_itself_wholly_and_one_without_words_nothing() -> None:
    overlap = word_overlap(["The dam burst.", "12 — 13", "The dam burst."], ["en"] * 3)
    assert overlap[0, 2] == pytest.approx(1.0, abs=1e-5)
    assert not overlap[1].any() and not overlap[:, 1].any()
    assert not word_overlap(["", "1"], ["en", "ru"]).any()


def test_words_of_one_concept_mean_the_same() -> None:
    texts, languages = ["A rout.", "Drubbings.", "Разгром.", "Oil."], ["en", "en", "ru", "en"]
    plain, by_concept = word_overlap(texts, languages), word_overlap(texts, languages, by_concept=True)
    assert by_concept[0, 1] == pytest.approx(1.0) and plain[0, 1] < 0.9
    assert by_concept[0, 2] == pytest.approx(1.0) and by_concept[0, 3] < 0.9


@settings(deadline=None, max_examples=40)
@given(st.lists(st.tuples(st.text(max_size=60), st.sampled_from(["en", "ru", "ar", "xx"])), max_size=6))
def test_whatever_the_texts_overlap_is_symmetric_and_between_0_and_1(rows: list[tuple[str, str]]) -> None:
    overlap = word_overlap([text for text, _ in rows], [language for _, language in rows])
    assert overlap.shape == (len(rows), len(rows))
    assert np.allclose(overlap, overlap.T, atol=1e-5)
    assert (overlap >= 0).all() and (overlap <= 1 + 1e-5).all()
