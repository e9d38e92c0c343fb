"""What of a page is the text of its article."""

from __future__ import annotations

import json

import pytest

from flows.sources.extraction import extract_page

ONE = "The two sides agreed on Thursday to halt all fire along the border after three days of clashes."
TWO = "Observers counted forty-one shells on the first day, nine on the second and none since the truce began."
THREE = "Talks go on in the capital on Monday, where each side will send a delegation of seven people."
CONSENT = (
    "<p>We and our partners store cookies on your device to measure what you read and to show advertising.</p>" * 9
)


def read(body: str, head: str = "") -> list[str]:
    page = f"<html><head><title>Truce holds | Wire</title>{head}</head><body>{body}</body></html>"
    return extract_page(page.encode()).text.split("\n\n")


def article(*inner: str) -> str:
    return f"<main><article><h1>Truce holds</h1><p>{ONE}</p>{''.join(inner)}<p>{TWO}</p><p>{THREE}</p></article></main>"


@pytest.mark.parametrize(
    "beside",
    [
        '<p>Read also: <a href="/a">The village that waited for the truce</a></p>',
        '<p>→ <a href="/a">See also: The village that waited</a></p>',
        '<p><a href="/a">The village that waited for the truce</a></p>',
        '<p><b>Читайте также:</b> <a href="/a">Деревня, которая ждала перемирия</a></p>',
        '<div><span>Вам будет интересно:</span> <a href="/a">Деревня, которая ждала</a></div>',
        '<p>اقرأ أيضا: <a href="/a">القرية التي انتظرت الهدنة</a></p>',
        '<figure><img src="/a.jpg"><figcaption>A border post. Photograph: Bo Li</figcaption></figure>',
        '<div class="img"><img src="/a.jpg"><span class="itemImageCaption">A border post</span></div>',
        '<blockquote class="twitter-tweet"><p>No shells today.</p>&mdash; Bo (@bo) March 2</blockquote>',
        '<div class="newsletter"><h3>The week</h3><p>One letter, every Friday, with all that matters.</p></div>',
        '<div class="author-box"><p>Ann Lee has reported from the border since 2011.</p></div>',
        '<div class="share"><button>Share</button> <a href="#">Copy</a></div>',
        "<noscript><p>Please enable JavaScript to read on.</p></noscript>",
        "<table><tr><th>Day</th><th>Shells</th></tr><tr><td>1</td><td>41</td></tr></table>",
    ],
)
def test_what_stands_between_the_paragraphs_is_left_out(beside):
    assert read(article(beside)) == [ONE, TWO, THREE]


@pytest.mark.parametrize(
    "beside",
    [
        f'<div class="consent-layer">{CONSENT}</div>',
        f'<div role="dialog">{CONSENT}</div>',
        f'<div class="page-footer">{CONSENT}</div>',
        '<div id="comments"><p>First! I said so all along, and nobody would believe it.</p></div>',
    ],
)
def test_what_stands_around_the_article_is_left_out(beside):
    assert read(beside + article()) == [ONE, TWO, THREE]
    assert read(article() + beside) == [ONE, TWO, THREE]


@pytest.mark.parametrize(
    "name", ["paywall", "share-count", "with-sidebar", "has-comments", "cookie-bar-shown", "footer-fixed"]
)
def test_the_text_stays_whatever_the_block_around_it_is_called(name):
    assert read(f'<div class="{name}">{article()}</div>') == [ONE, TWO, THREE]


def test_a_link_in_a_sentence_stays():
    said = f'{ONE} <a href="/a">A map of the line</a> was shown to both.'
    assert read(article(f"<p>{said}</p>"))[1] == f"{ONE} A map of the line was shown to both."


def test_paragraphs_may_be_parted_by_empty_lines_only():
    body = f"<div><h1>Truce holds</h1><div>{ONE}<br><br>{TWO}<br>Line two.<br/>\n<br/><b>{THREE}</b></div></div>"
    assert " ".join(read(body)) == f"{ONE} {TWO} Line two. {THREE}"
    assert ONE in read(body)


def test_old_layouts_hold_the_text_in_tables():
    menu = "".join(f'<tr><td><a href="/{n}">Section {n}</a></td></tr>' for n in range(9))
    story = f"<p><font>{ONE}</font></p><p><font>{TWO}</font></p><p><font>{THREE}</font></p>"
    text = f"<table><tr><td><font size=5>Truce holds</font>{story}</td></tr></table>"
    assert read(f"<table><tr><td><table>{menu}</table></td><td>{text}</td></tr></table>") == [ONE, TWO, THREE]


def test_all_entries_of_a_live_blog_are_its_text():
    entries = "".join(
        f"<article><time>1{n}:00</time><p>{text}</p></article>" for n, text in enumerate((THREE, TWO, ONE))
    )
    assert read(f"<main><h1>Truce holds</h1><div>{entries}</div></main>") == [THREE, TWO, ONE]


def test_text_in_json_ld_is_taken_where_the_page_has_none_or_a_part():
    node = {"@type": "NewsArticle", "headline": "Truce holds", "articleBody": f"{ONE}\n\n{TWO}\n\n{THREE}"}
    script = f'<script type="application/ld+json">{json.dumps(node)}</script>'
    assert read('<div id="root"></div>', script) == [ONE, TWO, THREE]
    assert read(f"<article><h1>Truce holds</h1><p>{ONE}</p></article>", script) == [ONE, TWO, THREE]
    assert read(f"<noscript>{CONSENT}</noscript><div>{CONSENT}</div>", script) == [ONE, TWO, THREE]


def test_text_of_the_page_is_taken_where_json_ld_has_only_its_beginning():
    node = {"@type": "NewsArticle", "headline": "Truce holds", "articleBody": f"{ONE} {TWO[:60]}"}
    assert read(article(), f'<script type="application/ld+json">{json.dumps(node)}</script>') == [ONE, TWO, THREE]


@pytest.mark.parametrize("free", [False, "False", "false"])
def test_what_is_for_subscribers_is_left_out_also_where_the_page_sends_it(free):
    node = {
        "@type": "NewsArticle",
        "headline": "Truce holds",
        "isAccessibleForFree": free,
        "articleBody": f"{ONE}\n\n{TWO}\n\n{THREE}",
        "hasPart": {"@type": "WebPageElement", "isAccessibleForFree": free, "cssSelector": ".closed, #more"},
    }
    script = f'<script type="application/ld+json">{json.dumps(node)}</script>'
    closed = f'<div class="text closed">{THREE}</div><p id="more">{THREE}</p>'
    html = f"<article><h1>Truce holds</h1><p>{ONE}</p><p>{TWO}</p>{closed}</article>"
    assert read(html, script) == [ONE, TWO]
    assert THREE in read(html, script.replace("Free", "Fee"))
