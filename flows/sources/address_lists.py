"""Lists of addresses, whose pages are fetched: a plain list, GDELT's exports and Media Cloud's."""

from __future__ import annotations

import csv
import json
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from io import BufferedReader
from itertools import islice
from typing import Any

from flows.errors import UserError
from flows.fetching import Fetcher, FetchState
from flows.outlets import Outlets, Publisher
from flows.settings import ListSource
from flows.sources import Article, Reject, Settled
from flows.sources.linked import Known, Link, read_links
from flows.sources.records import Unfit, clean_line, known_language, parse_moment, shown
from flows.sources.urls import is_web_address

LONGEST_LINE = 1_000_000  # characters; rows of GDELT's knowledge graph have some 50,000
LARGEST_JSON = 100_000_000  # bytes
GKG_COLUMNS = 27
NAMES = {"english": "en", "russian": "ru", "arabic": "ar"}
A_TIME = 1000

Row = tuple[str, dict[str, Any] | Unfit]


def read_list(
    source: ListSource, fetcher: Fetcher, known: Known, outlets: Outlets
) -> Iterator[Article | Reject | Settled | FetchState]:
    """The articles of the pages listed that are not known yet, and what to remember.

    A page that gave none is not asked for again, unless it failed for the time being. Raises UserError if the file is
    missing or of another kind.
    """
    if not source.path.is_file():
        raise UserError(f"{source.path}: no such file; check `path` of this {source.kind} source")
    reader = {"urls": _plain_rows, "gdelt": _gdelt_rows, "mediacloud": _csv_rows}[source.kind]
    with _opened(source) as file:
        rows = reader(source, file)
        while some := list(islice(rows, A_TIME)):
            yield Settled(str(source.path), tuple(item for item, _ in some))
            links = ((item, _link(source, row, outlets)) for item, row in some)
            yield from read_links(str(source.path), links, fetcher, known, again=False)


@contextmanager
def _opened(source: ListSource) -> Iterator[BufferedReader]:
    """The file; of a ZIP file, as GDELT's are, its first member."""
    with source.path.open("rb") as file:
        if not zipfile.is_zipfile(file):
            file.seek(0)
            yield file
            return
        try:
            with zipfile.ZipFile(file) as archive, archive.open(archive.namelist()[0]) as member:
                yield member  # type: ignore[misc]
        except (zipfile.BadZipFile, IndexError, RuntimeError, NotImplementedError) as error:
            raise UserError(f"{source.path}: cannot be unpacked: {error}") from error


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
            outlets.at(address, Publisher(named, "list") if named else None),
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
    try:
        return parse_moment(value)
    except Unfit:
        return None


def _plain_rows(source: ListSource, file: BufferedReader) -> Iterator[Row]:
    for number, line in _lines(file):
        address = line.strip() if isinstance(line, str) else ""
        if isinstance(line, Unfit):
            yield f"line {number}", line
        elif address and not address.startswith("#"):
            yield f"line {number}", {"url": address}


def _gdelt_rows(source: ListSource, file: BufferedReader) -> Iterator[Row]:
    """The DOC service's list as JSON or CSV, or a file of the Global Knowledge Graph, which has no header."""
    start = file.peek(4096)
    if start.lstrip()[:1] == b"{":
        return _json_rows(source, file)
    return _gkg_rows(file) if start.partition(b"\n")[0].count(b"\t") >= 5 else _csv_rows(source, file)


def _json_rows(source: ListSource, file: BufferedReader) -> Iterator[Row]:
    data = file.read(LARGEST_JSON + 1)
    if len(data) > LARGEST_JSON:
        raise UserError(f"{source.path}: larger than {LARGEST_JSON} bytes; split it")
    try:
        articles = json.loads(data)["articles"]
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise UserError(f"{source.path}: no list of articles as GDELT's DOC service gives it (JSON)") from error
    for number, article in enumerate(articles if isinstance(articles, list) else [], start=1):
        yield f"article {number}", article if isinstance(article, dict) else Unfit("no object")


def _gkg_rows(file: BufferedReader) -> Iterator[Row]:
    for number, line in _lines(file):
        if isinstance(line, Unfit):
            yield f"line {number}", line
            continue
        columns = line.rstrip("\n").split("\t")
        if len(columns) < 5:
            yield f"line {number}", Unfit(f"{len(columns)} columns, {GKG_COLUMNS} are expected")
        elif columns[2] == "1":  # a page on the web; others are not
            yield f"line {number}", {"url": columns[4], "date": columns[1]}


def _csv_rows(source: ListSource, file: BufferedReader) -> Iterator[Row]:
    rows = csv.reader(_texts(file))
    try:
        header = [name.strip().lower().lstrip("\ufeff") for name in next(rows, [])]
        if "url" not in header:
            raise UserError(f"{source.path}: no column url; it has {', '.join(map(repr, header)) or 'none'}")
        for number, values in enumerate(rows, start=2):
            yield f"row {number}", dict(zip(header, values, strict=False))
    except csv.Error as error:
        raise UserError(f"{source.path}: not CSV: {error}") from error


def _texts(file: BufferedReader) -> Iterator[str]:
    for _, line in _lines(file):
        if isinstance(line, Unfit):
            raise csv.Error(str(line))
        yield line.replace("\0", "")


def _lines(file: BufferedReader) -> Iterator[tuple[int, str | Unfit]]:
    """Numbered lines as text, Unfit for one that is too long to be held."""
    number = 0
    while line := file.readline(LONGEST_LINE + 1):
        number += 1
        if len(line) <= LONGEST_LINE:
            yield number, line.decode("utf-8", "replace")
            continue
        while line and not line.endswith(b"\n"):
            line = file.readline(LONGEST_LINE)
        yield number, Unfit(f"longer than {LONGEST_LINE} bytes")
