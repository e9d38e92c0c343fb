"""WARC files, as Common Crawl's news crawl and other archives have them: a page a record."""

from __future__ import annotations

import io
import logging
import zlib
from collections.abc import Iterator
from typing import Any

from flows.fetching import FetchError, FetchState, inflater
from flows.outlets import Outlets
from flows.settings import WebArchiveSource
from flows.sources import Article, Reject, Settled
from flows.sources.extraction import extract_page
from flows.sources.files import check_there
from flows.sources.linked import PAGE_TYPES, Known, page_address
from flows.sources.records import Unfit, clean_line, make_article, moment_or_none
from flows.sources.urls import canonical_url, is_web_address
from storage import WHOLE_SOURCE

LARGEST_PAGE = 5_000_000  # bytes, packed and unpacked
LONGEST_HEADER = 1_000_000  # bytes of a record's headers, its own and those of its page
CUT = "nothing further could be read: the record is cut short or damaged"


def read_archive(
    source: WebArchiveSource, known: Known, outlets: Outlets
) -> Iterator[Article | Reject | Settled | FetchState]:
    """The articles of an archive's pages that are not known yet, and what to remember of each page.

    Pages that gave something before, here or on the web, are skipped. An archive that is cut short or damaged gives
    what comes before. Raises UserError if there is no such file.
    """
    check_there(source)
    from warcio.archiveiterator import ArchiveIterator

    # What the library would tell the terminal of a record, our rejects say without the bytes of the archive.
    logging.getLogger("warcio").setLevel(logging.CRITICAL)
    with source.path.open("rb") as file:
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
            found = list(_page(source, record, known, outlets)) if record.rec_type == "response" else []
            if not _is_whole(record):
                yield Reject(str(source.path), WHOLE_SOURCE, CUT)
                return
            yield from found


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


def _page(
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
    state = known([page_url]).get(page_url)
    if state is not None and state.status == 200:
        return
    try:
        body = _body(record)
    except FetchError as error:  # packed in a way that is not known here, but may be to whoever fetches the page
        yield Reject(str(source.path), page_url, str(error))
        return
    try:
        yield _article(source, record, body, address, _charset(parameters), outlets)
        yield Settled(items=(page_url,))
    except Unfit as reason:
        yield Reject(str(source.path), page_url, str(reason))
    yield FetchState(page_url, None, None, 200)


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


def _article(
    source: WebArchiveSource, record: Any, body: bytes, address: str, charset: str | None, outlets: Outlets
) -> Article:
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
        published_at=page.published_at or moment_or_none(record.rec_headers.get_header("WARC-Date")),
    )


def _charset(parameters: str) -> str | None:
    name, _, value = parameters.strip().partition("=")
    return value.strip("\"' ") or None if name.strip().lower() == "charset" else None
