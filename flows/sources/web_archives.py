"""WARC files, as Common Crawl's news crawl and other archives have them: a page a record."""

from __future__ import annotations

import io
import logging
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, BinaryIO

from flows.fetching import FetchError, FetchState, inflater
from flows.outlets import Outlets
from flows.settings import WebArchiveSource
from flows.sources import Article, Item, Reject, Settled
from flows.sources.extraction import extract_page
from flows.sources.files import check_there
from flows.sources.linked import PAGE_TYPES, Known, page_address
from flows.sources.records import Unfit, clean_line, make_article, moment_or_none
from flows.sources.urls import canonical_url, is_web_address
from storage import WHOLE_SOURCE

LARGEST_PAGE = 5_000_000  # bytes, packed and unpacked
A_TIME = 100  # pages
MOST_HELD = 20_000_000  # bytes
LONGEST_HEADER = 1_000_000  # bytes of a record's headers, its own and those of its page
CUT = "nothing further could be read: the record is cut short or damaged"


def read_archive(source: WebArchiveSource, known: Known, outlets: Outlets) -> Iterator[Item]:
    """The articles of an archive's pages that are not known yet, and what to remember of each page.

    Pages that gave something before, here or on the web, are skipped. An archive that is cut short or damaged gives
    what comes before. Raises UserError if there is no such file.
    """
    check_there(source)
    with source.path.open("rb") as file:
        for some in _together(_pages(source, file)):
            states = known([page.url for page in some if isinstance(page, _Page)])
            for page in some:
                if isinstance(page, Reject):
                    yield page
                elif page.url not in states or states[page.url].status != 200:
                    yield from _read(source, page, outlets)


@dataclass(frozen=True, slots=True)
class _Page:
    """A page as an archive has it. `url` is its address in one spelling."""

    address: str
    url: str
    body: bytes
    charset: str | None
    crawled: str | None


def _together(pages: Iterator[_Page | Reject]) -> Iterator[list[_Page | Reject]]:
    """So many at a time as can be held, whose states are asked for at once."""
    some: list[_Page | Reject] = []
    held = 0
    for page in pages:
        some.append(page)
        held += len(page.body) if isinstance(page, _Page) else 0
        if len(some) == A_TIME or held > MOST_HELD:
            yield some
            some, held = [], 0
    yield some


def _pages(source: WebArchiveSource, file: BinaryIO) -> Iterator[_Page | Reject]:
    """The pages of an archive that answer as pages do, and what is wrong with it."""
    from warcio.archiveiterator import ArchiveIterator

    # What the library would tell the terminal of a record, our rejects say without the bytes of the archive.
    logging.getLogger("warcio").setLevel(logging.CRITICAL)
    records = ArchiveIterator(file)
    records.INC_RECORD = ""
    headers = _Headers(records.reader)
    while True:
        headers.left = LONGEST_HEADER
        try:
            record = next(records, None)
        except OSError:
            raise
        except Exception as error:  # whatever a parser stumbles over in a damaged archive
            reason = clean_line(str(error))[:200] or type(error).__name__
            yield Reject(str(source.path), WHOLE_SOURCE, f"nothing further could be read: {reason}")
            return
        if record is None:
            return
        page = _page(source, record) if record.rec_type == "response" else None
        if not _is_whole(record):
            yield Reject(str(source.path), WHOLE_SOURCE, CUT)
            return
        if page:
            yield page


class _Headers:
    """Reads the lines of headers in place of the archive's own reader, no more of a record than can be held."""

    def __init__(self, reader: Any) -> None:
        self.left = LONGEST_HEADER
        self._readline = reader.readline
        reader.readline = self.readline

    def readline(self, length: int | None = None) -> bytes:
        line: bytes = self._readline(min(length or self.left, self.left))
        self.left -= len(line)
        if self.left <= 0:
            raise ValueError(f"headers of more than {LONGEST_HEADER} bytes")
        return line


def _is_whole(record: Any) -> bool:
    """Read what is left of a record: whether it is as long as its header says."""
    while record.raw_stream.read(1 << 16):
        pass
    return not getattr(record.raw_stream, "limit", 0)


def _page(source: WebArchiveSource, record: Any) -> _Page | Reject | None:
    """The page in a record, where there is one."""
    address = (record.rec_headers.get_header("WARC-Target-URI") or "").strip("<> ")
    headers = record.http_headers
    if not headers or headers.get_statuscode() != "200" or not is_web_address(address):
        return None
    media_type, _, parameters = (headers.get_header("Content-Type") or "").partition(";")
    if (media_type.strip().lower() or None) not in PAGE_TYPES:
        return None
    url = canonical_url(address)
    try:
        body = _body(record)
    except FetchError as error:  # packed in a way that is not known here, but may be to whoever fetches the page
        return Reject(str(source.path), url, str(error))
    return _Page(address, url, body, _charset(parameters), record.rec_headers.get_header("WARC-Date"))


def _read(source: WebArchiveSource, page: _Page, outlets: Outlets) -> Iterator[Item]:
    try:
        yield _article(source, page, outlets)
        yield Settled(items=(page.url,))
    except Unfit as reason:
        yield Reject(str(source.path), page.url, str(reason))
    yield FetchState(page.url, None, None, 200)


def _body(record: Any) -> bytes:
    """The page without what it was packed in on its way, at most a byte more than allowed. Raises FetchError."""
    from warcio.bufferedreaders import ChunkedDataReader

    body: bytes = record.raw_stream.read(LARGEST_PAGE + 1)
    if "chunked" in (record.http_headers.get_header("Transfer-Encoding") or "").lower():
        body = ChunkedDataReader(io.BytesIO(body), decomp_type=None).read(LARGEST_PAGE + 1)
    try:
        return inflater(record.http_headers.get_header("Content-Encoding") or "")(body, LARGEST_PAGE + 1)
    except zlib.error:  # many archives keep the header of what they have unpacked
        return body


def _article(source: WebArchiveSource, page: _Page, outlets: Outlets) -> Article:
    if len(page.body) > LARGEST_PAGE:
        raise Unfit(f"larger than {LARGEST_PAGE} bytes")
    found = extract_page(page.body, page.charset)
    publisher = outlets.at(page.address)
    return make_article(
        source=str(source.path),
        outlet=publisher.name,
        named_by=publisher.named_by,
        authors=found.authors,
        text=found.text,
        title=found.title,
        language=source.language,
        url=page_address(found, page.address),
        published_at=found.published_at or moment_or_none(page.crawled),
    )


def _charset(parameters: str) -> str | None:
    name, _, value = parameters.strip().partition("=")
    return value.strip("\"' ") or None if name.strip().lower() == "charset" else None
