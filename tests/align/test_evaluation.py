"""Scores, on cases small enough to count by hand."""

from __future__ import annotations

import numpy as np
import pytest

from align.evaluation import (
    Counts,
    NamedSpan,
    Voice,
    matching_claims,
    score_attribution,
    score_groups,
    score_names,
    score_pairs,
    score_presence,
    score_segments,
    score_sets,
    score_stories,
    score_tokens,
)


def test_precision_recall_and_f1() -> None:
    counts = Counts(right=2, found=4, wanted=3)
    assert (counts.precision, counts.recall) == (0.5, pytest.approx(2 / 3))
    assert counts.f1 == pytest.approx(2 * 0.5 * (2 / 3) / (0.5 + 2 / 3))
    assert Counts(0, 0, 0).f1 == 0


def test_sets_are_scored_by_what_both_have() -> None:
    assert score_sets({("a", "b"), ("c", "d")}, {("b", "a"), ("c", "d"), ("e", "f")}) == Counts(1, 3, 2)


def test_a_found_claim_is_the_gold_claim_that_more_than_half_of_its_statements_make() -> None:
    gold = ["c1", "c1", "c2", "c1", "c2", None, None, "c3"]
    found = ["g1", "g1", "g1", "g2", "g2", "g3", "g3", None]
    assert matching_claims(gold, found) == {"g1": "c1"}


def test_groups_are_scored_by_pairs_of_different_outlets() -> None:
    gold = ["c1", "c1", "c1", "c2", "c2", "n1"]
    found = ["g1", "g1", "x", "g2", "y", "g2"]
    outlets = ["a", "b", "c", "a", "b", "b"]
    languages = ["en", "ru", "ar", "en", "en", "en"]
    scores = score_groups(gold, found, outlets, languages)
    # Gold pairs: three of c1, one of c2. Found: the pair of g1, right; that of g2, wrong.
    assert scores.pairs == Counts(right=1, found=2, wanted=4)
    assert scores.cross_language == Counts(right=1, found=1, wanted=3)
    # B-cubed by hand: precision (1 + 1 + 1 + 1/2 + 1 + 1/2) / 6, recall (2/3 + 2/3 + 1/3 + 1/2 + 1/2 + 1) / 6.
    assert scores.b_cubed.precision == pytest.approx(5 / 6)
    assert scores.b_cubed.recall == pytest.approx((5 / 3 + 1 + 1) / 6)
    assert scores.left_out == 0  # n1 makes no claim, yet is in a group


def test_stories_are_scored_by_how_much_of_each_is_right_and_found() -> None:
    scores = score_stories(["e1", "e1", "e2", "n1"], ["s1", "s1", "s1", "s2"])
    # By hand: precision (2/3 + 2/3 + 1/3 + 1) / 4, and every event is whole.
    assert (scores.precision, scores.recall) == (pytest.approx(2 / 3), 1.0)


def test_pairs_of_one_outlet_do_not_count() -> None:
    scores = score_groups(["c", "c", "c"], ["g", "g", "g"], ["a", "a", "b"])
    assert scores.pairs == Counts(2, 2, 2)


def test_pairs_that_form_no_group_are_scored_as_they_are() -> None:
    """Where x is paired with y and y with z, nothing says that x is with z."""
    found = np.array([[1, 1, 0, 0], [1, 1, 1, 0], [0, 1, 1, 0], [0, 0, 0, 1]], dtype=bool)
    scores = score_pairs(["c", "c", "d", "n"], found, list("xyzw"))
    assert scores.pairs == Counts(1, 2, 1)
    assert scores.b_cubed.precision == pytest.approx((1 + 2 / 3 + 1 / 2 + 1) / 4)
    assert scores.b_cubed.recall == 1
    assert scores.left_out == 1 / 2  # z is paired, w is not


def test_segments_are_right_when_both_ends_are() -> None:
    assert score_segments([("a", 0, 5), ("a", 6, 9)], [("a", 0, 5), ("a", 6, 8), ("b", 6, 9)]) == Counts(1, 3, 2)


def test_presence_and_tokens() -> None:
    gold, found = ["the ministry", None, "Ann", None], ["Ministry spokesman", "Bob", None, None]
    assert score_presence(gold, found) == Counts(1, 2, 2)
    assert score_tokens(gold, found) == Counts(1, 3, 3)


def test_voices_are_scored_by_speaker_cue_and_whether_they_quote() -> None:
    gold = [Voice("Ann Lee", "said", True), Voice(None, None, False)]
    scores = score_attribution(gold, [Voice("Mayor Ann Lee", "said", True), Voice(None, None, True)])
    assert (scores.attributed.f1, scores.speaker, scores.cue.f1, scores.quotes) == (1, Counts(2, 3, 2), 1, 0.5)


def test_a_name_is_right_where_it_overlaps_one_of_the_same_referent() -> None:
    gold = [NamedSpan("s1", 0, 6, "rebels", "neutral"), NamedSpan("s1", 10, 15, "army", "positive")]
    found = [
        NamedSpan("s1", 2, 8, "rebels", "negative"),
        NamedSpan("s1", 3, 5, "rebels", "neutral"),  # the gold name is taken
        NamedSpan("s2", 10, 15, "army", "positive"),  # another statement
    ]
    names, valence = score_names(gold, found)
    assert names == Counts(1, 3, 2)
    assert valence == Counts(0, 1, 1)
