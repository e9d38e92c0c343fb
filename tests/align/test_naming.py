"""Naming: which name a text gives a contested referent, found through inflection, and with which valence."""

import json
from collections import defaultdict
from pathlib import Path

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from align.framing.naming import Mention, NameLexicon, find_mentions

CONFIGS = Path(__file__).parents[2] / "configs"
EVENTS = ("border", "enclave", "oil", "pipeline")

LEXICON = NameLexicon.from_mapping(
    {
        "referents": {
            "group": {
                "en": {
                    "neutral": ["fighters", "armed group", "shell"],
                    "negative": ["terrorists"],
                    "positive": ["liberators"],
                },
                "ru": {"neutral": ["наблюдатели ЕС", "боевики", "наблюдатели"], "negative": ["террористы"]},
                "ar": {"neutral": ["المراقبون", "فصائل المعارضة", "خطوة", "بعثة"], "negative": ["الإرهابيين"]},
            },
            "state": {"en": {"neutral": ["government"], "negative": ["regime"]}, "ru": {"neutral": ["правительство"]}},
        },
        "distance": {
            "en": ["so-called", "what it calls"],
            "ru": ["так называемый", "пресловутый"],
            "ar": ["ما يسمى", "المزعوم"],
        },
        "loaded": {
            "en": {"negative": ["brutal"], "positive": ["heroic"]},
            "ru": {"negative": ["жестокий"]},
            "ar": {"negative": ["عدواني"], "positive": ["أبطال"]},
        },
    }
)


def of(text: str, language: str, lexicon: NameLexicon = LEXICON) -> list[tuple[str, str, str]]:
    return [(m.surface, m.referent, m.valence) for m in find_mentions(text, language, lexicon)]


def test_offsets_lie_in_the_text_as_it_is() -> None:
    text = "وَصَلَ المُراقِبون أمس"
    (mention,) = find_mentions(text, "ar", LEXICON)
    assert mention == Mention(7, 18, "المُراقِبون", "group", "neutral")
    assert text[mention.start : mention.end] == mention.surface


@pytest.mark.parametrize("surface", ["fighter", "Fighters", "fighter's", "fighters’"])
def test_english_number_case_and_possessive(surface: str) -> None:
    assert of(f"The {surface} gun", "en")[0][1:] == ("group", "neutral")


def test_an_english_verb_is_no_plural() -> None:
    assert of("They were shelling and shelled the town", "en") == []


@pytest.mark.parametrize("surface", ["террористов", "Террористами", "террористам", "террорист"])
def test_russian_cases(surface: str) -> None:
    assert of(f"Слово {surface} звучит", "ru") == [(surface, "group", "negative")]


@pytest.mark.parametrize(
    "surface", ["بعثة", "البعثة", "والبعثة", "للبعثة", "بالبعثة", "وبعثتها", "كالبعثة", "بعثته", "فللبعثة", "بِعـثة"]
)
def test_arabic_attached_words(surface: str) -> None:
    assert of(f"رأينا {surface} هناك", "ar") == [(surface, "group", "neutral")]


@pytest.mark.parametrize("surface", ["الارهابيين", "الإرهابيين", "إرهابيين", "والإرهابيين"])
def test_arabic_spellings(surface: str) -> None:
    assert of(f"رأينا {surface} هناك", "ar") == [(surface, "group", "negative")]


def test_the_longest_name_wins() -> None:
    assert of("Приехали наблюдатели ЕС и наблюдатели из города", "ru") == [
        ("наблюдатели ЕС", "group", "neutral"),
        ("наблюдатели", "group", "neutral"),
    ]


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("the so-called government", "en"),
        ("the “government” there", "en"),
        ('the "armed group" there', "en"),
        ("what it calls a government", "en"),
        ("так называемое правительство", "ru"),
        ("так называемых наблюдателей ЕС", "ru"),
        ("«правительство» в городе", "ru"),
        ("пресловутые наблюдатели", "ru"),
        ("ما يسمى فصائل المعارضة", "ar"),
        ("«المراقبين» الأوروبيين هناك و«المراقبون»", "ar"),
    ],
)
def test_scare_quotes_and_words_of_distance_turn_a_name_negative(text: str, language: str) -> None:
    assert {valence for _, _, valence in of(text, language)} == {"negative"}


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("“We asked the government for boats and got none,” she said.", "en"),
        ("the so-called expert said yesterday that the government had lied", "en"),
        ("«Мы просили правительство о помощи, но лодок нет», — сказала она", "ru"),
    ],
)
def test_a_name_within_speech_or_far_from_distance_keeps_its_valence(text: str, language: str) -> None:
    assert {valence for _, _, valence in of(text, language)} == {"neutral"}


@pytest.mark.parametrize(
    ("text", "language", "valence"),
    [
        ("the brutal government", "en", "negative"),
        ("the heroic, three-nation armed group", "en", "positive"),
        ("the brutal Northern Coast government", "en", "negative"),
        ("жестокими наблюдателями ЕС", "ru", "negative"),
        ("أبطال فصائل المعارضة", "ar", "positive"),
        ("البعثة العدوانية", "ar", "negative"),
        ("بعثة «سندان الشمال» العدوانية", "ar", "negative"),
    ],
)
def test_a_loaded_word_beside_a_name_lends_it_its_valence(text: str, language: str, valence: str) -> None:
    assert [found[2] for found in of(text, language)] == [valence]


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("a brutal act by the government", "en"),
        ("It was brutal. Government came later", "en"),
        ("government brutal", "en"),
        ("жестокое обращение правительства", "ru"),
        ("البعثة وصلت أمس مع عدواني", "ar"),
    ],
)
def test_a_loaded_word_that_belongs_to_something_else_does_not(text: str, language: str) -> None:
    assert [found[2] for found in of(text, language)] == ["neutral"]


def test_a_name_that_judges_by_itself_keeps_its_valence() -> None:
    assert of("the heroic terrorists and the brutal liberators", "en") == [
        ("terrorists", "group", "negative"),
        ("liberators", "group", "positive"),
    ]


def test_a_later_file_replaces_a_referent_and_keeps_the_others() -> None:
    merged = NameLexicon.from_mapping(
        {"referents": {"a": {"en": {"neutral": ["crowd"]}}, "b": {"en": {"neutral": ["mob"]}}}},
        {"referents": {"a": {"en": {"negative": ["rabble"]}}}},
    )
    assert of("the crowd, the mob, the rabble", "en", merged) == [("mob", "b", "neutral"), ("rabble", "a", "negative")]


def test_a_language_without_names_has_no_mentions() -> None:
    assert find_mentions("het leger", "nl", LEXICON) == []


@pytest.mark.parametrize(
    ("mapping", "key"),
    [
        ({"referent": {}}, "referent"),
        ({"referents": []}, "referents"),
        ({"referents": {"a": ["x"]}}, "referents.a"),
        ({"referents": {"a": {"en": {"bad": ["x"]}}}}, "referents.a.en.bad"),
        ({"referents": {"a": {"en": {"neutral": "x"}}}}, "referents.a.en.neutral"),
        ({"referents": {"a": {"en": {"neutral": ["—"]}}}}, "referents.a.en.neutral"),
        ({"distance": {"en": [True]}}, "distance.en"),
        ({"loaded": {"en": ["brutal"]}}, "loaded.en"),
        ({"loaded": {"en": {"bad": ["brutal"]}}}, "loaded.en.bad"),
        ({"loaded": {"en": {"negative": ["very brutal"]}}}, "loaded.en.negative"),
    ],
)
def test_a_wrong_lexicon_names_its_key(mapping: dict[str, object], key: str) -> None:
    with pytest.raises(ValueError, match=rf"^{key}\b"):
        NameLexicon.from_mapping(mapping)


WORDS = [
    "government",
    "brutal",
    "عدواني",
    "so-called",
    "“",
    "”",
    "«",
    "»",
    "наблюдатели",
    "ЕС",
    "так",
    "называемый",
    "ما",
    "يسمى",
    "وبالبعثة",
    "ـ",
    "ً",
    "ال",
    "لل",
    "'s",
]


@settings(deadline=None)
@given(
    st.lists(st.one_of(st.sampled_from(WORDS), st.text(max_size=5)), max_size=40), st.sampled_from(["en", "ru", "ar"])
)
def test_mentions_are_spans_in_order(words: list[str], language: str) -> None:
    text = " ".join(words)
    end = 0
    for mention in find_mentions(text, language, LEXICON):
        assert end <= mention.start < mention.end
        assert mention.surface == text[mention.start : mention.end]
        end = mention.end


@pytest.mark.parametrize("unit", ["government ", "“government ", "so-called ", "вввв", "و", "ال", "“"])
def test_very_long_texts_come_to_an_end(unit: str) -> None:
    for language in ("en", "ru", "ar"):
        find_mentions(unit * 5_000, language, LEXICON)


@pytest.mark.parametrize("event", EVENTS)
def test_gold_names_are_found(event: str) -> None:
    shipped = NameLexicon.from_mapping(
        yaml.safe_load((CONFIGS / "lexicons" / "names.yaml").read_text(encoding="utf-8"))
    )
    gold = defaultdict(list)
    for name in _lines(CONFIGS / "gold" / event / "names.jsonl"):
        gold[name["article"], name["n"]].append(name)
    referents = {name["referent"] for names in gold.values() for name in names}
    found = hits = total = right = 0
    for statement in _lines(CONFIGS / "gold" / event / "statements.jsonl"):
        text, names = statement["text"], gold[statement["article"], statement["n"]]
        mentions = find_mentions(text, statement["article"].split("-")[1], shipped)
        mentions = [mention for mention in mentions if mention.referent in referents]
        found, total = found + len(mentions), total + len(names)
        for name in names:
            start = text.find(name["text"])
            end = start + len(name["text"])
            same = [m for m in mentions if m.referent == name["referent"] and m.start < end and start < m.end]
            hits, right = hits + bool(same), right + any(m.valence == name["valence"] for m in same)
    assert 2 * hits / (found + total) >= 0.7
    assert right / hits >= 0.89


def _lines(path: Path) -> list[dict[str, str]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
