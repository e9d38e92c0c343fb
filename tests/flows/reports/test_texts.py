"""Text from outside, links and times, as readers get them."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flows.reports.texts import clean, delay, number, plural, safe_link


@given(st.text())
def test_clean_text_is_one_line_without_controls_and_stays_so(text: str) -> None:
    cleaned = clean(text)
    assert not any(unicodedata.category(letter) == "Cc" for letter in cleaned)
    assert not set(cleaned) & set("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u2028\u2029")
    assert clean(cleaned) == cleaned


def test_marks_that_letters_need_stay() -> None:
    assert clean("می\u200cخواهم \u200fنص") == "می\u200cخواهم \u200fنص"


@pytest.mark.parametrize(
    "url",
    ["javascript:alert(1)", "JaVaScRiPt:x", "data:text/html,x", "//a.example/", "/etc/passwd", "file:///etc/passwd",
     "http://", "https:a.example", "http://[::1", "java\nscript:x", "https://a.example/\x00", "", None],
)  # fmt: skip
def test_only_web_addresses_become_links(url: str | None) -> None:
    assert safe_link(url) is None


def test_links_are_encoded_where_they_must_be() -> None:
    assert safe_link("https://a.example/с a?q=1&r=%20#f") == "https://a.example/%D1%81%20a?q=1&r=%20#f"
    assert safe_link("http://a.example/\"'<>`\\") == "http://a.example/%22%27%3C%3E%60%5C"


@pytest.mark.parametrize(("hours", "told"), [(0.5, "+30 min"), (5.2, "+5 h"), (71, "+71 h"), (100, "+4 d")])
def test_delays_are_told_in_the_unit_a_reader_would_choose(hours: float, told: str) -> None:
    assert delay(hours) == told


def test_numbers_are_grouped_and_nouns_counted() -> None:
    assert (number(1_234_567.0), number(0.5)) == ("1,234,567", "0.5")
    assert (plural(1, "story"), plural(1200, "story"), plural(0, "claim")) == ("1 story", "1,200 stories", "0 claims")
