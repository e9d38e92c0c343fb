"""Words of denial, negation and allegation in three languages."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from align.denials import alleges, denies, disputes, negates


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("The ministry disputed the figure.", "en"),
        ("He called it a fairy tale.", "en"),
        ("Компания оспаривает эту цифру.", "ru"),
        ("В Кремле назвали обвинения абсурдными.", "ru"),
        ("وشكّكت الشركة في هذا الرقم.", "ar"),
        ("ووصفت الاتهامات بأنها سخيفة.", "ar"),
    ],
)
def test_doubt_and_ridicule_dispute_and_are_no_word_of_denial(text: str, language: str) -> None:
    assert disputes(text, language) and not denies(text, language)


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("The clocks were put back, the minister noted.", "en"),
        ("Министр отметил, что мифрил подорожал.", "ru"),
        ("قال الوزير إن الأسعار ارتفعت.", "ar"),
    ],
)
def test_plain_statements_neither_dispute_nor_negate_nor_allege(text: str, language: str) -> None:
    assert not any(has(text, language) for has in (disputes, negates, alleges))


def test_vowel_signs_and_attached_conjunctions_do_not_hide_an_arabic_word() -> None:
    assert disputes("وَكَذَّبَ المتحدث الخبر", "ar") and alleges("فاتّهمت بغداد جارتها", "ar")
    assert negates("ولم يصب أحد", "ar")


WORDS = ["denied", "Lie", "опровергли", "ложью", "نفت", "وكذب", "clock", "часы", "ساعة", "\u064b", "(", "12", ""]


@given(st.lists(st.sampled_from(WORDS) | st.text(max_size=3)), st.sampled_from(["en", "ru", "ar", "xx"]))
def test_whatever_has_a_word_of_denial_disputes_too(words: list[str], language: str) -> None:
    text = " ".join(words)
    assert disputes(text, language) or not denies(text, language)
    assert language != "xx" or not (disputes(text, language) or negates(text, language) or alleges(text, language))
