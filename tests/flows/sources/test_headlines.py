"""Which of the titles of a page is its headline."""

from __future__ import annotations

import pytest

from flows.sources.extraction import extract_page

SENTENCE = "The two sides agreed on Thursday to halt all fire along the border after three days of clashes. "


def read(head: str, body: str = "") -> str:
    page = f"<html><head>{head}</head><body>{body}<p>{SENTENCE * 2}</p><p>{SENTENCE * 2}</p></body></html>"
    return extract_page(page.encode()).title


OG = '<meta property="og:title" content="%s">'
SITE = '<meta property="og:site_name" content="The Wire">'


@pytest.mark.parametrize(
    ("head", "body", "headline"),
    [
        (
            OG % "Truce holds at the border - The Wire",
            "<h1>Truce holds at the border</h1>",
            "Truce holds at the border",
        ),
        (
            OG % "Truce holds",
            "<h1>Day three: what the truce holds for the border</h1><h2>Truce holds</h2>",
            "Truce holds",
        ),
        ("<title>Truce holds at the border | The Wire</title>", "<h1>The Wire</h1>", "Truce holds at the border"),
        (
            "<title>The Wire - Truce holds at the border</title>",
            "<b>Truce holds at the border</b>",
            "Truce holds at the border",
        ),
        (f"<title>Truce holds - The Wire</title>{SITE}", "", "Truce holds"),
        ("<title>Truce holds at the border — The Wire</title>", "", "Truce holds at the border"),
        ("<title>Truce - what holds</title>", "<h1>Truce - what holds</h1>", "Truce - what holds"),
        ("", "<h1>Truce holds</h1>", "Truce holds"),
        ("<title>Truce\u00ad holds &#8211; The Wire</title>", "<h1>Truce&nbsp;holds</h1>", "Truce holds"),
        ("", "", ""),
    ],
)
def test_the_headline_is_what_readers_see_without_the_name_of_the_site(head, body, headline):
    assert read(head, body) == headline
