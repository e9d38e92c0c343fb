"""WARC files, as Common Crawl's news crawl and other archives have them: a page a record."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from flows.errors import UserError
from flows.fetching import FetchState
from flows.outlets import Outlets
from flows.settings import WebArchiveSource
from flows.sources import Article, Reject, Settled
from flows.sources.extraction import extract_page
from flows.sources.linked import PAGE_TYPES, Known, page_address
from flows.sources.records import Unfit, make_article, parse_moment
from flows.sources.urls import canonical_url, is_web_address
from storage import WHOLE_SOURCE

LARGEST_PAGE = 20_000_000  # bytes, decompressed


def read_archive(
    source: WebArchiveSource, known: Known, outlets: Outlets
) -> Iterator[Article | Reject | Settled | FetchState]:
    """The articles of an archive's pages that are not known yet, and what to remember of each page.

    Pages that were taken out of this or another archive, or fetched, are skipped. An archive that is cut short gives
    what comes before. Raises UserError if there is no such file.
    """
    if not source.path.is_file():
        raise UserError(f"{source.path}: no such file; check `path` of this warc source")
    from warcio.archiveiterator import ArchiveIterator

    with source.path.open("rb") as file:
        try:
            for record in ArchiveIterator(file):
                if record.rec_type == "response":
                    yield from _record(source, record, known, outlets)
        except Exception as error:  # whatever a parser stumbles over in a damaged archive
            reason = " ".join(str(error).split())[:200] or type(error).__name__
            yield Reject(str(source.path), WHOLE_SOURCE, f"nothing further could be read: {reason}")


def _record(
    source: WebArchiveSource, record: Any, known: Known, outlets: Outlets
) -> Iterator[Article | Reject | Settled | FetchState]:
    address = (record.rec_headers.get_header("WARC-Target-URI") or "").strip("<> ")
    headers = record.http_headers
    if not headers or headers.get_statuscode() != "200" or not is_web_address(address):
        return
    media_type, _, parameters = (headers.get_header("Content-Type") or "").partition(";")
    if (media_type.strip().lower() or None) not in PAGE_TYPES:
        return
    page_url = canonical_url(address)
    if known(page_url) is not None:
        return
    state = FetchState(page_url, None, None, 200)
    try:
        yield _article(source, record, address, _charset(parameters), outlets)
        yield Settled(items=(page_url,))
    except Unfit as reason:
        yield Reject(str(source.path), page_url, str(reason))
    yield state


def _article(source: WebArchiveSource, record: Any, address: str, charset: str | None, outlets: Outlets) -> Article:
    body = record.content_stream().read(LARGEST_PAGE + 1)
    if len(body) > LARGEST_PAGE:
        raise Unfit(f"larger than {LARGEST_PAGE} bytes")
    page = extract_page(body, charset)
    publisher = outlets.at(address)
    return make_article(
        source=str(source.path),
        outlet=publisher.name,
        named_by=publisher.named_by,
        text=page.text,
        title=page.title,
        language=source.language,
        url=page_address(page, address),
        published_at=page.published_at or _crawled(record),
    )


def _charset(parameters: str) -> str | None:
    name, _, value = parameters.strip().partition("=")
    return value.strip("\"' ") or None if name.strip().lower() == "charset" else None


def _crawled(record: Any) -> datetime | None:
    try:
        return parse_moment(record.rec_headers.get_header("WARC-Date"))
    except Unfit:
        return None
