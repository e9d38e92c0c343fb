"""When a page says that its article was published: where pages say so, surest first."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from lxml.etree import _Element

from flows.sources.dates import CHANGED, Dated, address_date, read_dates, read_stamp
from flows.sources.page_head import Head
from flows.sources.page_lines import PARAGRAPH, Line, about_headline

META = (
    "article:published_time",
    "og:article:published_time",
    "article.published",
    "datepublished",
    "parsely-pub-date",
    "mediator_published_time",
    "sailthru.date",
    "cxenseparse:recs:publishtime",
    "publish-date",
    "publish_date",
    "published_time",
    "pubdate",
    "pub_date",
    "publication_date",
    "publisheddate",
    "og:published_time",
    "dcterms.issued",
    "dc.date.issued",
    "dcterms.date",
    "dcterms.created",
    "dc.date.created",
    "dc.date",
    "date",
)
ELSEWHERE = frozenset(("aside", "nav", "li"))
OTHERS = ("related", "comment", "sidebar", "recommend", "popular", "teaser", "read-more", "readmore")
MOST_TIMES = 200
HTMLDATE = {
    "original_date": True,  # published, not last changed
    "extensive_search": False,  # no guessing from any number in the text
    "deferred_url_extractor": True,
    "outputformat": "%Y-%m-%d",
}


def published(tree: _Element, head: Head, stamp: str, title: str, lines: Sequence[Line]) -> Dated | None:
    """The surest date, to the second where any other place says the same day so.

    stamp: what its JSON-LD says; lines: of the page, for the dates that only its readers are told.
    """
    day: Dated | None = None
    for found in _candidates(tree, head, stamp, title, lines):
        if found.to_the_second and (day is None or abs((found.at - day.at).total_seconds()) < 36 * 3600):
            return found
        day = day or found
    return day or read_stamp(_htmldate(tree)) or address_date(head.address)


def _candidates(tree: _Element, head: Head, stamp: str, title: str, lines: Sequence[Line]) -> Iterator[Dated]:
    given = [stamp, *head.values(*META), *_marked(tree)]
    yield from filter(None, map(read_stamp, given))
    below, above = about_headline(lines, title)
    month_first = head.language == "en-us"
    near = [*below, *above]
    yield from filter(None, map(read_stamp, _times(near)))
    for line in near:
        yield from read_dates(line.text, month_first=month_first)


def _marked(tree: _Element) -> Iterator[str]:
    """What is marked as the date of publication by microdata, or as HTML once had it."""
    for element in tree.xpath("//*[@itemprop='datePublished' or @pubdate]")[:MOST_TIMES]:
        if not _is_of_others(element):
            yield element.get("datetime") or element.get("content") or "".join(element.itertext())[:PARAGRAPH]


def _times(lines: Sequence[Line]) -> Iterator[str]:
    for line in lines:
        seen = line.element if line.element.tag == "time" else None
        for element in [seen] if seen is not None else line.element.iter("time"):
            around = "".join(element.getparent().itertext())[:PARAGRAPH] if element.getparent() is not None else ""
            marks = f"{element.get('class', '')} {element.get('itemprop', '')}".lower()
            before = around.partition("".join(element.itertext()))[0].lower()
            if not CHANGED.search(marks) and not CHANGED.search(before[-25:]):
                yield element.get("datetime", "")


def _is_of_others(element: _Element) -> bool:
    return any(
        above.tag in ELSEWHERE or any(word in f"{above.get('class', '')} {above.get('id', '')}".lower() for word in OTHERS)
        for above in element.iterancestors()
        if above.tag not in ("body", "html")
    )


def _htmldate(tree: _Element) -> str | None:
    from htmldate import find_date

    found: str | None = find_date(tree, **HTMLDATE)
    return found
