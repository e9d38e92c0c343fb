"""The shipped weights of denials are those that the shipped gold events teach."""

from __future__ import annotations

from dataclasses import replace

import pytest

from align.encoders import EmbeddedEncoder
from flows.denials import denial_lesson, gold_story, train_denials
from flows.errors import UserError
from flows.gold import GoldEvent, shipped_events
from flows.lexicons import load_knowledge
from flows.weights import load_weights

KNOWLEDGE = load_knowledge(EmbeddedEncoder().encode)


@pytest.fixture(scope="module")
def events() -> list[GoldEvent]:
    return shipped_events()


def test_training_on_the_shipped_events_gives_the_shipped_weights(events: list[GoldEvent]) -> None:
    learned, shipped = train_denials([denial_lesson(event, KNOWLEDGE) for event in events]), load_weights().denials
    assert learned.intercept == pytest.approx(shipped.intercept, abs=0.05)
    assert dict(learned.weights) == pytest.approx(dict(shipped.weights), abs=0.05)


def test_a_lesson_has_each_ordered_pair_of_claims_and_its_parts_have_fewer_outlets(events: list[GoldEvent]) -> None:
    border = events[0]
    whole, *parts = denial_lesson(border, KNOWLEDGE)
    claims = len(gold_story(border, KNOWLEDGE).claims)
    assert len(whole.denies) == claims * (claims - 1) and whole.denies.sum() == len(border.denials)
    assert len(parts) == 3 and all(len(part.denies) < len(whole.denies) for part in parts)
    assert whole.features.shape == (len(whole.denies), len(whole.names))


def test_an_event_in_which_no_denial_is_marked_teaches_none(events: list[GoldEvent]) -> None:
    unmarked = replace(events[0], denials=set())
    with pytest.raises(UserError, match=r"no denial is marked .* relations\.jsonl"):
        train_denials([denial_lesson(unmarked, KNOWLEDGE)])
