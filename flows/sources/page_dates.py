"""When a page says that its article was published: where pages say so, surest first."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from lxml.etree import _Element

from flows.sources.dates import CHANGED, Dated, address_date, read_dates, read_stamp
from flows.sources.page_head import Head
from flows.sources.page_lines import PARAGRAPH, Headline, Line, is_of_others, marked, text_of

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
MOST_TIMES = 200


def published(tree: _Element, head: Head, stamp: str, headline: Headline) -> Dated | None:
    """The surest date, to the second where any other place says the same day so.

    stamp: what its JSON-LD says; headline: beside which stand the dates that only the page's readers are told.
    """
    day: Dated | None = None
    for found in _candidates(tree, head, stamp, headline):
        if found.to_the_second and (day is None or abs((found.at - day.at).total_seconds()) < 36 * 3600):
            return found
        day = day or found
    return day or read_stamp(_htmldate(tree)) or address_date(head.address)


def _candidates(tree: _Element, head: Head, stamp: str, headline: Headline) -> Iterator[Dated]:
    given = [stamp, *head.values(*META), *_marked(tree, headline)]
    yield from filter(None, map(read_stamp, given))
    month_first = head.language == "en-us"
    near = [*headline.below, *headline.above]
    yield from filter(None, map(read_stamp, _times(near)))
    for line in near:
        yield from read_dates(line.text, month_first=month_first)


def _marked(tree: _Element, headline: Headline) -> Iterator[str]:
    """What is marked as the date of publication by microdata, or as HTML once had it."""
    for element in marked(tree, "//*[@itemprop='datePublished' or @pubdate]", MOST_TIMES):
        if not is_of_others(element, headline):
            yield element.get("datetime") or element.get("content") or text_of(element)[:PARAGRAPH]


def _times(lines: Sequence[Line]) -> Iterator[str]:
    for line in lines:
        seen = line.element if line.element.tag == "time" else None
        for element in [seen] if seen is not None else line.element.iter("time"):
            parent = element.getparent()
            around = "" if parent is None else text_of(parent)[:PARAGRAPH]
            marks = f"{element.get('class', '')} {element.get('itemprop', '')}".lower()
            before = around.partition(text_of(element))[0].lower()
            if not CHANGED.search(marks) and not CHANGED.search(before[-25:]):
                yield element.get("datetime", "")


def _htmldate(tree: _Element) -> str | None:
    from htmldate import find_date

    return find_date(
        tree,
        original_date=True,  # published, not last changed
        extensive_search=False,  # no guessing from any number in the text
        deferred_url_extractor=True,
        outputformat="%Y-%m-%d",
    )
