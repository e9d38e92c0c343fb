"""Frames: which of them statements show, by likeness to examples and by words; wrong files are named by their key."""

from __future__ import annotations

import math
import re
from functools import lru_cache
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from align.encoders import EmbeddedEncoder, Encoder
from align.framing.frames import LEAST_SCORE, WORD_WEIGHT, FrameFinder, read_frames

HARVEST = {
    "examples": {"en": ["Farmers brought in the wheat.", "The grain harvest was poor."]},
    "words": {"en": ["harvest", "corn field"], "ru": ["урожай"], "ar": ["حصاد"]},
}
MUSIC = {"examples": {"en": ["The orchestra played a symphony."], "ru": ["Хор спел старинную песню."]}}
FRAMES = read_frames({"frames": {"harvest": HARVEST, "music": MUSIC | {"f1": 0.6}}})
BACKGROUND = [
    "The minister spoke to reporters.",
    "The train was late again.",
    "Police searched the house.",
    "It rained.",
]


@lru_cache
def encoder() -> Encoder:
    return EmbeddedEncoder()


@lru_cache
def finder() -> FrameFinder:
    return FrameFinder(FRAMES, encoder().encode, BACKGROUND)


def scores(text: str, language: str = "en") -> dict[str, float]:
    found = finder().scores([text], [language], encoder().encode([text]))
    return dict(zip(finder().names, found[0], strict=True))


@pytest.mark.parametrize(
    ("text", "language", "frame"),
    [
        ("Peasants gathered the barley before the rain.", "en", "harvest"),
        ("Крестьяне собрали ячмень до дождя.", "ru", "harvest"),
        ("جمع الفلاحون الشعير قبل المطر.", "ar", "harvest"),
        ("A pianist gave a concert.", "en", "music"),
        ("Пианист дал концерт.", "ru", "music"),
        ("أحيا عازف البيانو حفلا موسيقيا.", "ar", "music"),
    ],
)
def test_a_statement_in_any_language_shows_the_frame_whose_examples_it_is_like(
    text: str, language: str, frame: str
) -> None:
    found = scores(text, language)
    assert [name for name, score in found.items() if score >= LEAST_SCORE] == [frame]


@pytest.mark.parametrize(
    ("text", "language"),
    [("Harvests elsewhere", "en"), ("in corn fields", "en"), ("об урожае", "ru"), ("وبالحصاد", "ar")],
)
def test_a_word_counts_through_inflection(text: str, language: str) -> None:
    other = scores(text, "xx")
    assert scores(text, language)["harvest"] == pytest.approx(other["harvest"] + WORD_WEIGHT)
    assert scores(text, language)["music"] == pytest.approx(other["music"])


def test_half_of_a_name_of_two_words_is_none() -> None:
    assert scores("corn and field")["harvest"] == scores("corn and field", "xx")["harvest"]


def test_a_frame_is_experimental_unless_it_was_measured_to_be_found_well() -> None:
    assert [(frame.f1, frame.is_experimental) for frame in FRAMES] == [(None, True), (0.6, False)]


def test_a_later_file_replaces_a_frame_and_keeps_the_others() -> None:
    merged = read_frames({"frames": {"a": HARVEST, "b": MUSIC}}, {"frames": {"a": MUSIC}})
    assert [(frame.name, len(frame.words)) for frame in merged] == [("a", 0), ("b", 0)]


@pytest.mark.parametrize(
    ("mapping", "key"),
    [
        ([], "the file"),
        ({"frame": {}}, "frame"),
        ({"frames": []}, "frames"),
        ({"frames": {"a": None}}, "frames.a"),
        ({"frames": {"a": {}}}, "frames.a.examples"),
        ({"frames": {"a": {"examples": {"en": []}}}}, "frames.a.examples"),
        ({"frames": {"a": {"examples": {"xx": ["b"]}}}}, "frames.a.examples.xx"),
        ({"frames": {"a": {"examples": {"en": "b"}}}}, "frames.a.examples.en"),
        ({"frames": {"a": MUSIC | {"words": {"en": ["—"]}}}}, "frames.a.words.en"),
        ({"frames": {"a": MUSIC | {"word": {}}}}, "frames.a.word"),
        ({"frames": {"a": MUSIC | {"f1": 60}}}, "frames.a.f1"),
        ({"frames": {"a": MUSIC | {"f1": True}}}, "frames.a.f1"),
    ],
)
def test_a_wrong_file_names_its_key(mapping: Any, key: str) -> None:
    with pytest.raises(ValueError, match=rf"^{re.escape(key)}\b"):
        read_frames(mapping)


HOSTILE = st.one_of(
    st.sampled_from(["\x00", "harvest\u202e", "\ud800", "ـ", "'s", "урожай" * 50]), st.text(max_size=20)
)


@settings(deadline=None, max_examples=50)
@given(st.lists(st.tuples(HOSTILE, st.sampled_from(["en", "ru", "ar", "xx"])), max_size=5))
def test_any_text_has_a_finite_score_that_does_not_depend_on_what_else_is_scored(said: list[tuple[str, str]]) -> None:
    texts, languages = [text for text, _ in said], [language for _, language in said]
    vectors = encoder().encode(texts)
    found = finder().scores(texts, languages, vectors)
    assert found.shape == (len(said), 2) and np.isfinite(found).all()
    for row in range(len(said)):
        alone = finder().scores(texts[row : row + 1], languages[row : row + 1], vectors[row : row + 1])
        assert alone[0] == pytest.approx(found[row], abs=1e-5)


@pytest.mark.parametrize("text", ["", " \n", "\x00\u200b"])
def test_a_blank_text_shows_nothing(text: str) -> None:
    assert set(scores(text).values()) == {0.0}


def test_a_very_long_text_comes_to_an_end() -> None:
    assert math.isfinite(scores("corn " * 20_000)["harvest"])
