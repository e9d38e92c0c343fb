"""Whom pronouns stand for: the speaker named last, where number, gender and distance leave no doubt."""

from pathlib import Path

import pytest
import yaml

from align.attribution import ReportingLexicon, attribute

LEXICONS = Path(__file__).parents[2] / "configs" / "lexicons"


def antecedents(language: str, *texts: str) -> list[str | None]:
    mapping = yaml.safe_load((LEXICONS / f"{language}.yaml").read_text(encoding="utf-8"))
    voices = attribute(texts, ReportingLexicon.from_mapping(language, mapping))
    return [voice.antecedent for voice in voices]


@pytest.mark.parametrize(
    ("language", "named", "pronoun", "antecedent"),
    [
        ("en", "The gate held, said Mayor Ana Brandt.", "“It will hold,” she added.", "Mayor Ana Brandt"),
        ("ru", "Мост закрыт, сообщила министр Анна Лапина.", "По её словам, ремонт начнётся.", "министр Анна Лапина"),
        ("ru", "Мост закрыт, заявил мэр Павел Котов.", "«Надолго», — добавил он.", "мэр Павел Котов"),
        ("ar", "وقال المدير سامر حداد إن الجسر مغلق.", "وأضاف أن العمل مستمر.", "المدير سامر حداد"),
    ],
)
def test_a_pronoun_stands_for_the_speaker_named_last(language: str, named: str, pronoun: str, antecedent: str) -> None:
    assert antecedents(language, named, "1, 2.", pronoun) == [None, None, antecedent]


@pytest.mark.parametrize(
    ("language", "texts"),
    [
        ("en", ("The gate held, the ministry said.", "“It will hold,” she added.")),  # no person
        ("en", ("“It will hold,” she said.",)),  # nobody before
        ("ru", ("Мост закрыт, заявил мэр Павел Котов.", "«Надолго», — добавила она.")),  # another gender
        ("ru", ("О закрытии моста сообщили в мэрии.", "«Надолго», — добавил он.")),  # another number
        ("en", ("The gate held, said Ana Brandt.", *["It rained."] * 4, "“It will,” she added.")),  # too far off
    ],
)
def test_what_is_not_clear_stays_open(language: str, texts: tuple[str, ...]) -> None:
    assert antecedents(language, *texts) == [None] * len(texts)


def test_a_speaker_of_the_other_gender_in_between_is_passed_over() -> None:
    texts = ("Мост закрыт, сообщила Анна Лапина.", "Это ошибка, возразил Павел Котов.", "«Нет», — ответила она.")
    assert antecedents("ru", *texts)[2] == "Анна Лапина"


def test_a_verb_without_a_subject_is_nobodys_where_nobody_spoke_before() -> None:
    (voice,) = attribute(
        ["وأضاف أن العمل مستمر."],
        ReportingLexicon.from_mapping("ar", yaml.safe_load((LEXICONS / "ar.yaml").read_text(encoding="utf-8"))),
    )
    assert (voice.speaker, voice.cue, voice.stance) == (None, None, None)
