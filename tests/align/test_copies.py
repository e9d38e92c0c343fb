"""Copies and their sources, on articles whose right answer is plain."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from align.copies import MIN_SIMILARITY, Link, Passage, earliest, find_links, words_of
from flows.gold import GoldEvent, shipped_events

FERRY = "The ferry Aurora sank in the northern strait late on Monday after its engine room caught fire."
RESCUE = "Coastguards pulled forty-one passengers from the water before dawn, the harbour authority said."
QUOTE = "“We heard one bang and then the lights went out all over the ship,” he said."
SHORT = "He did not elaborate."
OTHER = "Officials expect the inquiry into the disaster to take several months at the very least."


def told(article: str, hour: float, *texts: str, language: str = "en") -> list[Passage]:
    return [Passage(f"{article}{n}", article, n, language, text, hour * 3600) for n, text in enumerate(texts)]


def sources(*articles: list[Passage], max_days: float = 4) -> dict[str, str]:
    passages = [passage for article in articles for passage in article]
    found = earliest(find_links(passages, max_days), {passage.key: passage.order for passage in passages})
    return {key: source for key, (source, _) in found.items()}


@pytest.mark.parametrize(
    "edited",
    [
        FERRY,
        FERRY.replace("late on Monday", "late Monday"),
        FERRY.replace("sank", "went down"),
        "AALTO (Agency) - " + FERRY,
        FERRY[:-1] + ", Agency reported, citing the harbour authority.",
        FERRY.replace(" after its engine room caught fire", ""),
        FERRY.upper().replace("AURORA", "«AURORA»"),
    ],
)
def test_a_lightly_edited_statement_is_a_copy_of_the_earlier(edited: str) -> None:
    assert sources(told("a", 0, FERRY), told("b", 3, edited)) == {"b0": "a0"}
    assert sources(told("a", 5, FERRY), told("b", 3, edited)) == {"a0": "b0"}


def test_two_that_tell_the_same_in_words_of_their_own_are_no_copies() -> None:
    own = "A fire in the engine room sent the Aurora, a ferry, to the bottom of the strait on Monday night."
    assert sources(told("a", 0, FERRY, RESCUE), told("b", 3, own, OTHER)) == {}


def test_a_short_formula_alone_is_no_copy_and_beside_copied_statements_it_is() -> None:
    alone = told("b", 3, OTHER, SHORT)
    assert sources(told("a", 0, FERRY, SHORT), alone) == {}
    assert sources(told("a", 0, FERRY, SHORT), told("b", 3, FERRY, SHORT)) == {"b0": "a0", "b1": "a1"}


def test_far_from_what_was_copied_a_short_formula_is_the_outlets_own() -> None:
    mine = [f"Our {n} {' '.join(f'word{n}{m}' for m in range(8))}." for n in range(4)]
    assert sources(told("a", 0, FERRY, SHORT), told("b", 3, FERRY, *mine, SHORT)) == {"b0": "a0"}


def test_a_shared_quotation_is_no_copy_unless_what_stands_around_it_is_copied_too() -> None:
    here = QUOTE.replace("he said", "the captain told our reporter")
    there = QUOTE.replace("he said", "recalled Captain Lind at a briefing in the harbour on Tuesday morning")
    assert sources(told("a", 0, OTHER, here), told("b", 3, there, FERRY)) == {}
    assert sources(told("a", 0, FERRY, QUOTE), told("b", 3, RESCUE, QUOTE)) == {}
    assert sources(told("a", 0, FERRY, QUOTE), told("b", 3, FERRY, QUOTE)) == {"b0": "a0", "b1": "a1"}


def test_a_quotation_over_several_statements_is_one_all_through() -> None:
    said = ["“Nobody told us that the doors to the lower deck had been locked that night.", "We broke them open.”"]
    assert sources(told("a", 0, OTHER, *said), told("b", 3, RESCUE, *said)) == {}


def test_copies_of_copies_have_the_earliest_as_their_source() -> None:
    once = FERRY.replace("late on Monday", "overnight")
    twice = once.replace("northern strait", "strait of Aalto").replace("caught fire", "filled with smoke")
    chain = told("a", 0, FERRY), told("b", 1, once), told("c", 2, twice)
    assert "c0" not in sources(chain[0], chain[2])
    assert sources(*chain) == {"b0": "a0", "c0": "a0"}


def test_what_is_too_far_apart_in_time_is_compared_by_what_lies_between() -> None:
    old, new = told("a", 0, FERRY), told("c", 7 * 24, FERRY)
    assert sources(old, new) == {}
    assert sources(old, told("b", 3.5 * 24, FERRY), new) == {"b0": "a0", "c0": "a0"}


def test_languages_are_kept_apart() -> None:
    assert sources(told("a", 0, FERRY), told("b", 3, FERRY, language="ru")) == {}


@pytest.mark.parametrize(
    ("language", "one", "other"),
    [
        (
            "ru",
            "Паром «Аврора» затонул в северном проливе в понедельник: в машинном отделении начался ещё один пожар.",
            'Паром "Аврора" затонул в северном проливе в понедельник - в машинном отделении начался еще один '
            "пожар, сообщает Агентство.",
        ),
        (
            "ar",
            "غرقت العبّارة «أورورا» في المضيق الشمالي مساء الإثنين بعد اندلاع حريق في غرفة المحركات وإنقاذ ٤١ راكبا.",
            'غرقت العبارة "اورورا" في المضيق الشمالي مساء الاثنين بعد اندلاع حريق في غرفة المحركات وإنقاذ 41 راكباً.',
        ),
    ],
)
def test_spelling_and_marks_make_no_difference(language: str, one: str, other: str) -> None:
    assert sources(told("a", 0, one, language=language), told("b", 3, other, language=language)) == {"b0": "a0"}


@given(
    st.lists(st.text("abcdeñéжйёсعربأي", min_size=2, max_size=8), min_size=8, max_size=30),
    st.data(),
)
def test_case_punctuation_and_diacritics_hide_no_copy(words: list[str], data: st.DataObject) -> None:
    def edited(word: str) -> str:
        case = data.draw(st.sampled_from([str.upper, str.lower, str.title]))
        mark = data.draw(st.sampled_from(["", "\u064e", "\u0640", "\u0301"]))
        after = data.draw(st.sampled_from(["", ",", " –", ";", "…"]))
        return case(word) + mark + after

    text = " ".join(words)
    copy = " ".join(map(edited, words))
    assert words_of(copy) == words_of(text)
    assert sources(told("a", 0, text), told("b", 1, copy)) == {"b0": "a0"}


@given(st.lists(st.text(max_size=12), max_size=6), st.lists(st.text('“”«»"abc ', max_size=30), max_size=6))
def test_any_text_is_compared(one: list[str], other: list[str]) -> None:
    found = sources(told("a", 0, *one), told("b", 1, *other))
    assert set(found) <= {f"{article}{n}" for article in "ab" for n in range(6)} - {"a0"}


@pytest.mark.parametrize("texts", [[], [""], ["", ""], ["…", "?!", "«»"], [SHORT, SHORT]])
def test_what_holds_nothing_to_compare_has_no_copy(texts: list[str]) -> None:
    assert sources(told("a", 0, *texts), told("b", 3, *texts)) == {}


def test_ten_thousand_copies_are_linked_by_a_few_links_each() -> None:
    same = [told(f"s{n}", n / 100, FERRY)[0] for n in range(10_000)]
    varied = [told(f"v{n}", n / 100, RESCUE.replace("forty-one", f"{n}"))[0] for n in range(10_000)]
    links = find_links(same + varied, max_days=4)
    assert len(links) < 20 * len(same + varied)
    found = earliest(links, {passage.key: passage.order for passage in same + varied})
    assert {found[passage.key][0] for passage in same[1:]} == {"s00"}
    assert {found[passage.key][0] for passage in varied[1:]} == {"v00"}


def test_the_order_they_come_in_makes_no_difference() -> None:
    passages = [p for n in range(20) for p in told(f"{n:02}", n, FERRY, SHORT, RESCUE.replace("dawn", f"dawn {n}"))]
    shuffled = random.Random(1).sample(passages, len(passages))
    assert find_links(shuffled, 4) == find_links(passages, 4)


def test_links_found_before_and_now_hang_together() -> None:
    order = {key: (float(hour), key, 0) for hour, key in enumerate("abcd")}
    links = [Link("d", "c", 0.7), Link("c", "b", 0.9), Link("b", "a", 0.6)]
    assert earliest(links, order) == {"b": ("a", 0.9), "c": ("a", 0.9), "d": ("a", 0.7)}
    assert earliest([], {}) == {}


@pytest.fixture(scope="module")
def events() -> list[GoldEvent]:
    return shipped_events()


def test_no_gold_statement_is_taken_for_a_copy_and_every_republished_one_is(events: list[GoldEvent]) -> None:
    for event in events:
        texts: dict[str, list[str]] = {}
        languages = {statement.article_id: statement.language for statement in event.statements}
        for statement in event.statements:
            texts.setdefault(statement.article_id, []).append(statement.text)
        real = [told(f"{article} ", 0, *texts[article], language=languages[article]) for article in texts]
        assert sources(*real) == {}
        copies = [told(f"{article} again ", 5, *texts[article], language=languages[article]) for article in texts]
        assert sources(*real, *copies) == {
            copy.key: original.key
            for article, again in zip(real, copies, strict=True)
            for original, copy in zip(article, again, strict=True)
        }


def test_similarities_are_those_of_the_threshold_or_more() -> None:
    links = find_links([*told("a", 0, FERRY), *told("b", 3, FERRY.replace("sank", "went down"))], 4)
    assert [MIN_SIMILARITY <= link.similarity < 1 for link in links] == [True]
