"""Keyness: the formula as worked out by hand, and what must hold of any counts."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from align.framing.keyness import LEAST_STATEMENTS, LEAST_Z, find_keywords, log_odds, telling_words

counts = st.tuples(st.integers(0, 500), st.integers(0, 500), st.integers(1, 500), st.integers(1, 500))


def test_the_formula_worked_out_by_hand() -> None:
    # (8 + 2) / (100 + 20 - 10) = 1/11 and (1 + 2) / (50 + 20 - 3) = 3/67; their ratio is 67/33; 1/10 + 1/3 = 13/30
    ratio, z = log_odds(8, 100, 1, 50, 2, 20)
    assert ratio == pytest.approx(math.log(67 / 33))
    assert z == pytest.approx(math.log(67 / 33) / math.sqrt(13 / 30))
    assert (round(ratio, 4), round(z, 4)) == (0.7082, 1.0758)


@given(counts)
def test_two_groups_have_the_same_score_with_the_sign_turned(some: tuple[int, int, int, int]) -> None:
    a, b, more_a, more_b = some
    ours, theirs = (a, a + more_a), (b, b + more_b)
    prior = (a + b + 1) / 10, (a + b + more_a + more_b + 2) / 10
    there, back = log_odds(*ours, *theirs, *prior), log_odds(*theirs, *ours, *prior)
    assert there == pytest.approx([-value for value in back])


@given(st.integers(1, 50), st.integers(1, 50), st.integers(1, 20), st.integers(1, 20))
def test_a_word_used_alike_has_no_score(count: int, rest: int, times: int, other_times: int) -> None:
    """Two groups of different length that use it in the same share, and so does the background."""
    total = count + rest
    found = log_odds(count * times, total * times, count * other_times, total * other_times, count, total)
    assert found == pytest.approx((0, 0), abs=1e-9)


def test_a_rare_word_is_less_sure_than_a_common_one_of_the_same_odds() -> None:
    rare, common = log_odds(2, 1000, 1, 1000, 0.3, 200), log_odds(20, 1000, 10, 1000, 3, 200)
    assert rare[0] == pytest.approx(common[0], rel=0.05) and rare[1] < common[1] / 2


def test_where_all_is_one_word_there_is_nothing_to_tell() -> None:
    assert log_odds(3, 3, 5, 5, 1, 1) == (0, 0)


def test_words_are_stems_with_the_form_they_stand_in() -> None:
    found = telling_words("The Rebels' shells didn't hit 40 homes; rebels say they've fled.")
    assert found == {"rebel": "rebels", "shell": "shells", "hit": "hit", "home": "homes", "fled": "fled"}


def test_names_of_outlets_are_no_words_of_theirs_but_their_parts_are() -> None:
    found = telling_words("Northgate Wire saw a wire at Northgate, the NORTHGATE WIRE says.", ["Northgate Wire"])
    assert set(found) == {"saw", "wire", "northgat"}


def test_names_of_outlets_are_no_patterns() -> None:
    assert set(telling_words("Border fence", ["(", "B.*"])) == {"border", "fenc"}


def statements(*texts: str) -> list[dict[str, str]]:
    return [telling_words(text) for text in texts]


def test_words_that_set_two_groups_apart_lead_to_their_statements() -> None:
    words = statements(*["Rebels seized the bridge"] * 12, *["Terrorists seized the bridge"] * 11, "Terrorist camp")
    words[3] |= telling_words("Terrorist")
    found = find_keywords(words, ["a"] * 12 + ["b"] * 12)
    assert [keyword.word for keyword in found["a"]] == ["rebels"]
    assert found["a"][0].others == ()
    (terrorists,) = found["b"]
    assert (terrorists.word, terrorists.statements, terrorists.others) == ("terrorists", tuple(range(12, 24)), (3,))
    assert terrorists.z > LEAST_Z and terrorists.log_odds > 0


def test_a_word_in_too_few_statements_or_repeated_in_one_is_none() -> None:
    repeated = "Rebels rebels rebels rebels rebels"
    filler = ["Bridge seized"] * 40
    words = statements(*[repeated] * (LEAST_STATEMENTS - 1), *filler)
    assert find_keywords(words, ["a"] * (LEAST_STATEMENTS + 1) + ["b"] * (len(words) - LEAST_STATEMENTS - 1))["a"] == []
    words = statements(*[repeated] * LEAST_STATEMENTS, *filler)
    found = find_keywords(words, ["a"] * (LEAST_STATEMENTS + 1) + ["b"] * (len(words) - LEAST_STATEMENTS - 1))
    assert [(keyword.word, len(keyword.statements)) for keyword in found["a"]] == [("rebels", LEAST_STATEMENTS)]


def test_one_group_alone_is_set_apart_from_nobody() -> None:
    assert find_keywords(statements("Rebels seized it"), ["a"]) == {}
    assert find_keywords([], []) == {}


@given(st.lists(st.tuples(st.sampled_from("abc"), st.text(max_size=40)), max_size=12))
def test_any_text_can_be_counted(wild: list[tuple[str, str]]) -> None:
    words = [telling_words(text, ["x (y"]) for _, text in wild]
    groups = [group for group, _ in wild]
    found = find_keywords(words, groups)
    assert all(groups[number] == group for group in found for keyword in found[group] for number in keyword.statements)
