from __future__ import annotations

import codecs

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flows.sources.encodings import declared_charset, decode

ENCODINGS = {
    "ru": ["windows-1251", "koi8-r", "iso-8859-5", "cp866", "utf-16", "utf-16-le", "utf-16-be", "utf-8"],
    "ar": ["windows-1256", "iso-8859-6", "utf-16", "utf-16-le", "utf-16-be", "utf-8"],
    "en": ["windows-1252", "utf-16", "utf-16-le", "utf-8"],
}
EVERY = [(language, encoding) for language, encodings in ENCODINGS.items() for encoding in encodings]
UNICODE = [pair for pair in EVERY if pair[1].startswith("utf")]
LEGACY = [pair for pair in EVERY if pair not in UNICODE]
DECLARED = [None, "utf-8", "iso-8859-1", "windows-1251", "koi8-r", "windows-1256", "no-such-charset"]


@pytest.fixture
def texts(gold_articles, language):
    return [article["text"] for article in gold_articles if article["language"] == language]


def as_encoded(text: str, encoding: str) -> tuple[bytes, str]:
    """The bytes, and what of the text the encoding can hold."""
    data = text.encode(encoding, "ignore")
    return data, data.decode(encoding)


@pytest.mark.parametrize("declared", ["the right one", *DECLARED])
@pytest.mark.parametrize(("language", "encoding"), LEGACY)
def test_an_article_comes_out_right_whatever_is_declared(texts, encoding, declared):
    for text in texts:
        data, expected = as_encoded(text, encoding)
        assert decode(data, encoding if declared == "the right one" else declared) == expected


@pytest.mark.parametrize("declared", [None, "koi8-r"])
@pytest.mark.parametrize(("language", "encoding"), UNICODE)
def test_unicode_comes_out_right_whatever_is_declared(texts, encoding, declared):
    for text in texts:
        assert decode(text.encode(encoding), declared) == text


@pytest.mark.parametrize("declared", DECLARED)
@pytest.mark.parametrize(("language", "encoding"), LEGACY)
def test_two_hundred_bytes_are_enough(texts, encoding, declared):
    for text in texts:
        for start in range(0, len(text) - 200, 1000):
            data, expected = as_encoded(text[start : start + 200], encoding)
            assert decode(data, declared) == expected


@pytest.mark.parametrize("declared", ["utf-8", "iso-8859-1", "windows-1251", "koi8-r", "windows-1256"])
@pytest.mark.parametrize(("language", "encoding"), LEGACY)
def test_a_page_that_declares_the_wrong_encoding_in_its_head(gold_articles, web_page, language, encoding, declared):
    for article in gold_articles:
        if article["language"] == language:
            page = web_page(article, charset=encoding, declared=declared)
            assert decode(page) == page.decode(encoding)


@pytest.mark.parametrize(("language", "encoding"), [pair for pair in EVERY if not pair[1].startswith("utf-16")])
def test_bytes_that_do_not_belong_spoil_themselves_only(texts, encoding):
    for text in texts:
        data, expected = as_encoded(text, encoding)
        start = len(data) // 2
        while encoding == "utf-8" and 0x80 <= data[start] < 0xC0:
            start += 1
        damaged = data[:start] + b"\x98\xff" + data[start:]
        before, after = data[:start].decode(encoding), data[start:].decode(encoding)
        assert (decode(damaged)[: len(before)], decode(damaged)[-len(after) :]) == (before, after)
        assert before + after == expected


def test_accents_among_plain_letters_are_western():
    text = "Émile’s café in Besançon — “voilà” — cost Jürgen Ångström 20 € and a crème brûlée."
    assert decode(text.encode("windows-1252")) == text
    assert decode(text.encode("windows-1252"), "windows-1251") == text


@pytest.mark.parametrize(
    ("mark", "encoding"),
    [
        (codecs.BOM_UTF8, "utf-8"),
        (codecs.BOM_UTF16_LE, "utf-16-le"),
        (codecs.BOM_UTF16_BE, "utf-16-be"),
        (codecs.BOM_UTF32_LE, "utf-32-le"),
    ],
)
def test_a_byte_order_mark_decides_and_is_dropped(mark, encoding):
    assert decode(mark + "Мир and سلام".encode(encoding), "koi8-r") == "Мир and سلام"


@pytest.mark.parametrize(
    ("document", "charset"),
    [
        (b'<?xml version="1.0" encoding="windows-1251"?><rss>', "windows-1251"),
        (b"<html><head><meta charset=koi8-r>", "koi8-r"),
        (b"<meta http-equiv='Content-Type' content='text/html; charset=windows-1256'>", "windows-1256"),
        (b"<p>charset=koi8-r</p>", None),
    ],
)
def test_what_a_document_declares_of_itself(document, charset):
    assert declared_charset(document) == charset


@given(st.binary(), st.none() | st.text())
def test_any_bytes_give_some_text(data, declared):
    assert isinstance(decode(data, declared), str)


@given(st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=200))
def test_utf8_is_always_recognised(text):
    assert decode(text.encode("utf-8"), "koi8-r") == text.removeprefix("\ufeff")
