from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flows.sources.urls import canonical_url, is_front_page, is_web_address

PAGE = "https://news.example/a?id=7"


@pytest.mark.parametrize(
    "spelling",
    [
        " https://news.example/a?id=7 ",
        "HTTPS://News.Example/a?id=7",
        "https://news.example:443/a?id=7",
        "https://news.example/a?id=7#comments",
        "https://news.example/a?utm_source=rss&id=7&utm_medium=feed",
        "https://news.example/a?id=7&fbclid=x&gclid=y&yclid=z",
    ],
)
def test_spellings_of_one_page(spelling):
    assert canonical_url(spelling) == PAGE


@pytest.mark.parametrize(
    "other",
    ["https://news.example/A?id=7", "http://news.example/a?id=7", "https://news.example:8443/a?id=7", PAGE + "&p=2"],
)
def test_other_pages_stay_other(other):
    assert canonical_url(other) == other


def test_a_path_in_any_script_has_one_spelling():
    encoded = "https://news.example/%D0%BC%D0%B8%D1%80"
    assert canonical_url("https://news.example/мир") == encoded
    assert canonical_url(encoded.lower()) == encoded


def test_a_bare_host_is_its_front_page():
    assert canonical_url("http://news.example:80") == "http://news.example/"


@pytest.mark.parametrize("rest", ["", "/", "//", "/#top", "/?utm_source=rss", "?"])
def test_an_address_that_is_just_that_of_a_host(rest):
    assert is_front_page("https://news.example" + rest)


@pytest.mark.parametrize("rest", ["/a", "/?p=123", "?p=123", "/en/"])
def test_an_address_that_says_more(rest):
    assert not is_front_page("https://news.example" + rest)


@pytest.mark.parametrize("text", ["mailto:a@b.example", "/a/b", "http://[::1", "http://a:b/", "", "ftp://a.example/x"])
def test_what_is_no_web_address_stays_as_it_is(text):
    assert canonical_url(text) == text


@pytest.mark.parametrize(
    "text", ["http://a:99999/", "http://a:b/", "http://a\x00b/", "http://a\u2028b/", "http://\ud800/"]
)
def test_an_address_without_a_real_host_and_port_is_none(text):
    assert not is_web_address(text)


addresses = st.builds(
    "{}{}{}".format,
    st.sampled_from(["http://", "https://", "HTTP://", "//", "", "ftp://"]),
    st.sampled_from(["news.example", "News.Example:80", "a.example:443", "u:p@h.example", "[::1]:80", "", "h:"]),
    st.text(max_size=40) | st.from_regex(r"/[a-z%A-F0-9]*\?(utm_[a-z]*=[a-z]|[a-z]=[^#]|&)*#?.*", fullmatch=True),
)


@given(addresses | st.text())
def test_doing_it_again_changes_nothing(address):
    assert canonical_url(canonical_url(address)) == canonical_url(address)


@given(addresses)
def test_a_web_address_stays_one(address):
    if is_web_address(canonical_url(address)):
        assert is_web_address(canonical_url(canonical_url(address)))
