"""The shipped weights of doubt are those that the shipped gold events teach."""

from __future__ import annotations

from dataclasses import replace

import pytest

from align.corruptions import CORRUPTIONS
from align.doubt import SIGNS
from align.encoders import EmbeddedEncoder
from flows.doubt import TRUE, doubt_lesson, train_doubt, usual_lengths
from flows.errors import UserError
from flows.gold import GoldEvent, shipped_events
from flows.lexicons import load_knowledge
from flows.weights import load_weights

KNOWLEDGE = load_knowledge(EmbeddedEncoder().encode)


@pytest.fixture(scope="module")
def events() -> list[GoldEvent]:
    return shipped_events()


def test_training_on_the_shipped_events_gives_the_shipped_weights(events: list[GoldEvent]) -> None:
    learned, shipped = train_doubt(events, KNOWLEDGE), load_weights().doubt
    assert learned.lengths == pytest.approx(shipped.lengths, abs=1e-4)
    assert list(learned.faults) == list(shipped.faults)
    for fault, weights in learned.faults.items():
        assert weights.intercept == pytest.approx(shipped.faults[fault].intercept, abs=0.05)
        assert dict(weights.weights) == pytest.approx(dict(shipped.faults[fault].weights), abs=0.05)


def test_a_lesson_has_true_translations_and_each_kind_of_wrong_ones(events: list[GoldEvent]) -> None:
    lengths = usual_lengths(events)
    assert lengths["ar"] > lengths["ru"] > 0
    oil = replace(events[2], statements=events[2].statements[-30:])
    lesson = doubt_lesson(oil, "ar", lengths, KNOWLEDGE)
    assert list(lesson) == [TRUE, *CORRUPTIONS]
    assert len(lesson[TRUE]) == len(lesson["half"]) == sum(s.language == "ar" for s in oil.statements)
    length = SIGNS.index("too short")
    assert lesson["half"][:, length].mean() > 0.2 > 0.02 > lesson[TRUE][:, length].mean()


def test_without_references_there_is_nothing_to_learn(events: list[GoldEvent]) -> None:
    bare = replace(events[0], statements=[replace(s, english=None) for s in events[0].statements])
    with pytest.raises(UserError, match="has a reference"):
        train_doubt([bare], KNOWLEDGE)
