"""The shipped weights are those that the shipped gold events teach."""

from __future__ import annotations

import json

import pytest

from align.encoders import EmbeddedEncoder
from flows.errors import UserError
from flows.gold import shipped_events
from flows.lexicons import load_knowledge
from flows.weights import Lesson, depths, lesson, load_weights, to_json, train, weights_key


def test_training_on_the_shipped_events_gives_the_shipped_weights() -> None:
    knowledge = load_knowledge(EmbeddedEncoder().encode)
    learned = train([lesson(event, knowledge) for event in shipped_events()])
    shipped = load_weights().scorer
    for step in ("originals", "originals_agreement", "translated", "translated_agreement"):
        ours, theirs = getattr(learned, step), getattr(shipped, step)
        assert ours.intercept == pytest.approx(theirs.intercept, abs=0.05)
        assert dict(ours.weights) == pytest.approx(dict(theirs.weights), abs=0.05)
        assert dict(ours.slopes) == pytest.approx(dict(theirs.slopes), abs=0.05)


def test_weights_are_kept_as_readable_json() -> None:
    kept = json.loads(to_json(load_weights()))
    assert sorted(kept) == [
        "denials",
        "doubt",
        "originals",
        "originals_agreement",
        "translated",
        "translated_agreement",
    ]
    assert kept["originals"]["weights"]["concepts support"] > 0


def test_one_event_is_too_few_to_learn_from() -> None:
    with pytest.raises(UserError, match="two gold events"):
        train([Lesson([], [])])


def test_other_weights_have_another_key() -> None:
    shipped = load_weights()
    assert weights_key(shipped.scorer, shipped.denials) != weights_key(shipped.scorer, shipped.scorer.originals)


def test_depth_counts_down_each_article() -> None:
    assert depths(["x", "x", "y", "x", "y"]) == [0, 1 / 3, 0, 2 / 3, 1 / 2]
