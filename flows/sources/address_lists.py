"""Lists of addresses, whose pages are fetched: a plain list, GDELT's exports and Media Cloud's."""

from __future__ import annotations

import json
import re
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from io import BufferedReader
from typing import Any

from flows.errors import UserError
from flows.outlets import Outlets, Publisher
from flows.settings import ListSource
from flows.sources import Settled
from flows.sources.crawling import Crawl
from flows.sources.files import check_there
from flows.sources.linked import Link, read_links
from flows.sources.records import Unfit, clean_line, known_language, moment_or_none, shown
from flows.sources.tables import csv_records
from flows.sources.urls import is_web_address

LONGEST_LINE = 1_000_000  # characters; rows of GDELT's knowledge graph have some 50,000
MOST_UNPACKED = 100  # times the size of the file; text becomes a tenth or so, and nothing else is a list
LARGEST_JSON = 10_000_000  # bytes; a list of the DOC service has a few hundred articles
GKG_COLUMNS = 27
NAMES = {"english": "en", "russian": "ru", "arabic": "ar"}
WRONG_ESCAPE = re.compile(rb'\\(?!["\\/bfnrtu])')
UNPACKING = (zipfile.BadZipFile, zlib.error, EOFError, IndexError, NotImplementedError, OSError, RuntimeError)
"""What comes of a ZIP file that is damaged, empty or locked with a password."""

Row = tuple[str, dict[str, Any] | Unfit]


async def read_list(source: ListSource, crawl: Crawl) -> None:
    """Give the articles of the pages listed that are not known yet, and what to remember.

    A page that gave none is not asked for again, unless it failed for the time being. Raises UserError if the file is
    missing or of another kind.
    """
    check_there(source)
    with _opened(source) as file:
        links = ((item, _link(source, row, crawl.outlets)) for item, row in _rows(source, file))
        await crawl.give([Settled(str(source.path), "all but pages")])
        await read_links(str(source.path), links, crawl, again=False)


@contextmanager
def _opened(source: ListSource) -> Iterator[BufferedReader]:
    """The file; of a ZIP file, as GDELT's are, its first member."""
    with ExitStack() as opened:
        file: Any = opened.enter_context(source.path.open("rb"))
        if zipfile.is_zipfile(file):
            with _unpacking(source):
                archive = opened.enter_context(zipfile.ZipFile(file))
                first = archive.infolist()[0]
                if first.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
                    raise UserError(f"{source.path}: packed in a way that cannot be unpacked in parts; unpack it first")
                if first.file_size > MOST_UNPACKED * source.path.stat().st_size:
                    raise UserError(f"{source.path}: unpacks to more than {MOST_UNPACKED} times its size; no list does")
                file = opened.enter_context(archive.open(first))
        else:
            file.seek(0)
        yield file


def _rows(source: ListSource, file: BufferedReader) -> Iterator[Row]:
    return {"urls": _plain_rows, "gdelt": _gdelt_rows, "mediacloud": _csv_rows}[source.kind](source, file)


def _link(source: ListSource, row: dict[str, Any] | Unfit, outlets: Outlets) -> Link | Unfit:
    """What a row says, under the names that GDELT and Media Cloud give it."""
    if isinstance(row, Unfit):
        return row
    values = {str(name).strip().lower(): clean_line(str(value)) for name, value in row.items() if value is not None}
    address = values.get("url", "")
    if not is_web_address(address):
        return Unfit(f"{shown(address)} is not an http or https address")
    named = values.get("media_name")
    try:
        said = values.get("language", "").lower()
        language = source.language or (known_language(NAMES.get(said, said)) if said else None)
        return Link(
            address,
            outlets.at(address, Publisher(named, "list")) if named else None,
            values.get("title", ""),
            language,
            _moment(values.get("publish_date") or values.get("seendate") or values.get("date") or ""),
        )
    except Unfit as reason:
        return reason


def _moment(value: str) -> datetime | None:
    """A date as these lists write it: GDELT's own forms have no dashes. None where it is no date."""
    for form in ("%Y%m%dT%H%M%SZ", "%Y%m%d%H%M%S"):
        try:
            return datetime.strptime(value, form).replace(tzinfo=UTC)
        except ValueError:
            continue
    return moment_or_none(value)


def _plain_rows(source: ListSource, file: BufferedReader) -> Iterator[Row]:
    for number, line in _lines(source, file, LONGEST_LINE):
        address = line.strip() if isinstance(line, str) else ""
        if isinstance(line, Unfit):
            yield f"line {number}", line
        elif address and not address.startswith("#"):
            yield f"line {number}", {"url": address}


def _gdelt_rows(source: ListSource, file: BufferedReader) -> Iterator[Row]:
    """The DOC service's list as JSON or CSV, or a file of the Global Knowledge Graph, which has no header."""
    with _unpacking(source):
        start = file.peek(4096)
    if start.lstrip()[:1] == b"{":
        return _json_rows(source, file)
    return _gkg_rows(source, file) if start.partition(b"\n")[0].count(b"\t") >= 5 else _csv_rows(source, file)


def _json_rows(source: ListSource, file: BufferedReader) -> Iterator[Row]:
    with _unpacking(source):
        data = file.read(LARGEST_JSON + 1)
    if len(data) > LARGEST_JSON:
        raise UserError(f"{source.path}: larger than {LARGEST_JSON} bytes; split it")
    found = _parsed(data)
    articles = found.get("articles", [] if found == {} else None) if isinstance(found, dict) else None
    if not isinstance(articles, list):
        raise UserError(f"{source.path}: no list of articles as GDELT's DOC service gives it (JSON)")
    for number, article in enumerate(articles, start=1):
        yield f"article {number}", article if isinstance(article, dict) else Unfit("no object")


def _parsed(data: bytes) -> Any:
    """What JSON says; None where it is none. GDELT's own has backslashes that stand for nothing."""
    for text in (data, WRONG_ESCAPE.sub(rb"\\\\", data)):
        try:
            return json.loads(text, strict=False)
        except (ValueError, RecursionError):
            continue
    return None


def _gkg_rows(source: ListSource, file: BufferedReader) -> Iterator[Row]:
    for number, line in _lines(source, file, LONGEST_LINE):
        if isinstance(line, Unfit):
            yield f"line {number}", line
            continue
        columns = line.rstrip("\r\n").split("\t")
        if columns == [""]:
            continue
        if len(columns) != GKG_COLUMNS:
            yield f"line {number}", Unfit(f"{len(columns)} columns, a file of the knowledge graph has {GKG_COLUMNS}")
        elif columns[2] == "1":  # a page on the web; others are not
            yield f"line {number}", {"url": columns[4], "date": columns[1]}


def _csv_rows(source: ListSource, file: BufferedReader) -> Iterator[Row]:
    texts = (None if isinstance(line, Unfit) else line for _, line in _lines(source, file, LONGEST_LINE))
    records = csv_records(texts, ",", LONGEST_LINE)
    _, first = next(records, (1, []))
    header = [] if isinstance(first, Unfit) else [name.strip().lower().lstrip("\ufeff") for name in first]
    if "url" not in header:
        raise UserError(f"{source.path}: no column url; it has {', '.join(map(repr, header)) or 'none':.1000}")
    for number, values in records:
        if values:
            item = f"line {number}"
            yield item, values if isinstance(values, Unfit) else dict(zip(header, values, strict=False))


def _lines(source: ListSource, file: BufferedReader, longest: int) -> Iterator[tuple[int, str | Unfit]]:
    """Numbered lines as text, Unfit for one that is too long to be held. Raises UserError where unpacking fails."""
    number = 0
    while line := _line(source, file, longest):
        number += 1
        if len(line) <= longest:
            yield number, line.decode("utf-8", "replace")
            continue
        while line and not line.endswith(b"\n"):
            line = _line(source, file, longest)
        yield number, Unfit(f"longer than {longest} bytes")


def _line(source: ListSource, file: BufferedReader, longest: int) -> bytes:
    with _unpacking(source):
        return file.readline(longest + 1)


@contextmanager
def _unpacking(source: ListSource) -> Iterator[None]:
    try:
        yield
    except UNPACKING as error:
        raise UserError(f"{source.path}: cannot be unpacked: {error}") from error
