"""Wrong translations are wrong in the way they say, and only where they can be."""

from __future__ import annotations

from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from align.corruptions import CORRUPTIONS, corrupt

SOURCES = ["Он не приехал, и 12 человек ждали.", "Дождь.", "Никто не ответил."]
ENGLISH = ["He did not come, and 12 people waited.", "Rain.", "Nobody answered, although she has called."]


@pytest.mark.parametrize(
    ("kind", "made"),
    [
        ("half", {0: "He did not come,", 2: "Nobody answered, although"}),
        ("negation", {0: "He did come, and 12 people waited."}),
        ("negation added", {2: "Nobody answered, although she has not called."}),
        ("clause", {0: "He did not come.", 2: "Nobody answered."}),
        ("next", {0: "Rain.", 1: ENGLISH[2]}),
        ("joined", {0: f"{ENGLISH[0]} Rain.", 1: f"Rain. {ENGLISH[2]}"}),
        ("copied", dict(enumerate(SOURCES))),
    ],
)
def test_what_is_made_of_translations(kind: str, made: dict[int, str]) -> None:
    assert corrupt(kind, SOURCES, ENGLISH, Random(1)) == made


@pytest.mark.parametrize(
    ("english", "made"),
    [
        ("He can't swim.", "He can swim."),
        ("They won’t go.", "They will go."),
        ("She cannot.", "She can."),
        ("It isn't so.", "It is so."),
        ("He came without luggage.", "He came with luggage."),
    ],
)
def test_a_negation_that_is_gone_leaves_a_sentence(english: str, made: str) -> None:
    assert corrupt("negation", [""], [english], Random(1)) == {0: made}


@pytest.mark.parametrize("english", ["In 2018 about 1,450 people came.", "Three of 5 ships sank."])
@given(seed=st.integers(0, 1000))
def test_one_number_is_another_and_the_rest_stays(english: str, seed: int) -> None:
    made = corrupt("number", [""], [english], Random(seed))[0]
    assert sum(was != now for was, now in zip(english.split(), made.split(), strict=True)) == 1
    assert any(character.isdigit() for character in made)


def test_shuffled_translations_are_all_of_another_source() -> None:
    english = [f"Sentence {number}." for number in range(50)]
    made = corrupt("shuffled", english, english, Random(1))
    assert sorted(made.values()) == sorted(english) and all(english[row] != text for row, text in made.items())


@pytest.mark.parametrize("kind", CORRUPTIONS)
@given(english=st.lists(st.text(), max_size=4), seed=st.integers(0, 100))
def test_anything_is_made_wrong_or_left_out(kind: str, english: list[str], seed: int) -> None:
    made = corrupt(kind, english, english, Random(seed))
    assert all(text and text != english[row] for row, text in made.items())
