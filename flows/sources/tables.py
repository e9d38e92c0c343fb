"""Tables of articles: JSONL, CSV and Parquet files, read row by row in bounded memory."""

from __future__ import annotations

import csv
import json
from collections import deque
from collections.abc import Iterator, Sequence
from itertools import chain
from pathlib import Path
from typing import Any, BinaryIO, TextIO

from flows.errors import UserError
from flows.settings import ARTICLE_FIELDS, TableSource
from flows.sources import Article, Reject
from flows.sources.encodings import guess_codec
from flows.sources.files import check_there
from flows.sources.records import Unfit, make_article

LONGEST_LINE = 10_000_000
SAMPLE_BYTES = 1_000_000
DELIMITERS = ",;\t"  # spreadsheets of many countries write ; where English ones write ,

Row = tuple[str, dict[str, Any] | Unfit]  # what to call it in a reject, and its values by the file's names


def read_table(source: TableSource) -> Iterator[Article | Reject]:
    """The article of each row. Raises UserError if the file, or a column that must be there, is missing."""
    check_there(source)
    readers = {"jsonl": _jsonl_rows, "csv": _csv_rows, "parquet": _parquet_rows}
    for item, row in readers[source.kind](source):
        try:
            yield _article(source, row)
        except Unfit as reason:
            yield Reject(str(source.path), item, str(reason))


def _article(source: TableSource, row: dict[str, Any] | Unfit) -> Article:
    if isinstance(row, Unfit):
        raise row
    values = {field: row.get(_column(source, field)) for field in ARTICLE_FIELDS}
    for field, value in values.items():
        if field != "published_at" and not isinstance(value, str | None):  # make_article knows what dates come as
            raise Unfit(f"column {_column(source, field)!r} holds a {type(value).__name__}, not text")
    values["outlet"] = values["outlet"] or source.outlet
    values["language"] = values["language"] or source.language
    return make_article(source=str(source.path), **values)


def _column(source: TableSource, field: str) -> str:
    return source.columns.get(field, field)


def _columns_read(source: TableSource, present: Sequence[str]) -> list[str]:
    """The columns to read: those mapped and those that must be there, and the others as far as the file has them."""
    needed = {"text"} | set(source.columns) | (set() if source.outlet else {"outlet"})
    for field in ARTICLE_FIELDS:
        column = _column(source, field)
        if field in needed and column not in present:
            raise UserError(
                f"{source.path}: no column {column!r} for {field}; the file has {', '.join(map(repr, present)):.1000}."
                f" Name the right one in `columns`" + (" or give the source an `outlet`" if field == "outlet" else "")
            )
    return list(dict.fromkeys(column for field in ARTICLE_FIELDS if (column := _column(source, field)) in present))


def _jsonl_rows(source: TableSource) -> Iterator[Row]:
    with source.path.open("rb") as file:
        for number, line in enumerate(_bounded_lines(file), start=1):
            if line is None:
                yield f"line {number}", Unfit(f"longer than {LONGEST_LINE} bytes")
            elif line.strip():
                yield f"line {number}", _json_row(line, first=number == 1)


def _bounded_lines(file: BinaryIO) -> Iterator[bytes | None]:
    """The lines of a file, None for one that is too long to be held."""
    while line := file.readline(LONGEST_LINE + 1):
        if len(line) <= LONGEST_LINE:
            yield line
            continue
        while line and not line.endswith(b"\n"):
            line = file.readline(LONGEST_LINE)
        yield None


def _json_row(line: bytes, *, first: bool) -> dict[str, Any] | Unfit:
    try:
        row = json.loads(line.decode("utf-8-sig" if first else "utf-8"))
    except UnicodeDecodeError as error:
        return Unfit(f"not UTF-8 (byte {error.start + 1} of the line)")
    except json.JSONDecodeError as error:
        return Unfit(f"not JSON: {error.msg} at character {error.pos + 1}")
    except (ValueError, RecursionError) as error:
        return Unfit(f"not JSON that can be read: {type(error).__name__}")
    return row if isinstance(row, dict) else Unfit(f"a JSON {type(row).__name__}, not an object")


def _csv_rows(source: TableSource) -> Iterator[Row]:
    # Bytes that do not fit the encoding are kept as lone surrogates, so that only the rows they stand in are rejected.
    codec = _codec_of(source.path)
    with source.path.open(encoding=codec, errors=_on_error(codec), newline="") as file:
        lines = _bounded_text(file)
        header = next(lines, "")
        delimiter = max(DELIMITERS, key=lambda delimiter: (header or "").count(delimiter))
        records = csv_records(chain([header], lines), delimiter, LONGEST_LINE)
        _, first = next(records, (1, []))
        if isinstance(first, Unfit):
            raise UserError(f"{source.path}: line 1 must hold the names of the columns, but is {first}")
        names = [name.strip() for name in first]
        _columns_read(source, names)
        torn = False  # whether a row before could not be read, so that what follows may be a part of it
        for number, values in records:
            if isinstance(values, Unfit):
                torn = True
                yield f"line {number}", values
            elif torn and 0 < len(values) < len(names):
                reason = f"{len(values)} values for {len(names)} columns; part of a row before that is not CSV?"
                yield f"line {number}", Unfit(reason)
            elif values:
                torn = False
                yield f"line {number}", _csv_row(names, values, codec)


def csv_records(lines: Iterator[str | None], delimiter: str, longest: int) -> Iterator[tuple[int, list[str] | Unfit]]:
    """The rows of a CSV, each with the number of the line that it begins in; longest: characters of a row.

    Where a row cannot be read, reading goes on in its second line: a quotation mark that nothing closes would else take
    along all rows up to the next one. A row that then is open at the end of a line where the first one was too could
    only end as that one did, and is given up there, so that no line is read more than twice.
    """
    csv.field_size_limit(longest)
    number = 1
    taken: list[str | None] = []  # the lines of the row that is being read
    again: deque[str | None] = deque()  # lines to be read again
    failed_in, failure = 0, ""  # the last line of the row that could not be read, and why

    def take() -> Iterator[str]:
        size = 0
        while (line := again.popleft() if again else next(lines, "")) != "":
            taken.append(line)
            if line is None:
                raise Unfit(f"longer than {longest} characters")
            size += len(line)
            if size > longest:
                raise csv.Error(f"longer than {longest} characters")
            yield line
            if number + len(taken) - 1 < failed_in:
                raise csv.Error(failure)

    while True:
        taken.clear()
        try:
            values = next(csv.reader(take(), delimiter=delimiter, strict=True), None)
        except (csv.Error, Unfit) as error:
            hint = "; is a quotation mark not closed, or one in a value not doubled?"
            yield number, error if isinstance(error, Unfit) else Unfit(f"not CSV: {error}{hint}")
            again.extendleft(reversed(taken[1:]))
            if number + len(taken) - 1 > failed_in:
                failed_in, failure = number + len(taken) - 1, str(error)
            number += 1
            continue
        if values is None:
            return
        yield number, values
        number += len(taken)


def _csv_row(names: list[str], values: list[str], codec: str) -> dict[str, Any] | Unfit:
    if len(values) > len(names):
        return Unfit(f"{len(values)} values for {len(names)} columns: an unquoted delimiter or quotation mark?")
    if any("\udc80" <= character <= "\udcff" for value in values for character in value):
        return Unfit(f"bytes that are not {codec.removesuffix('-sig')}")
    return dict(zip(names, values, strict=False))


def _codec_of(path: Path) -> str:
    with path.open("rb") as file:
        sample = file.read(SAMPLE_BYTES)
    if len(sample) == SAMPLE_BYTES:  # not to end in the middle of a character
        sample = sample[: sample.rfind(b"\n") + 1] or sample
    codec = guess_codec(sample)
    return "utf-8-sig" if codec == "utf-8" else codec


def _on_error(codec: str) -> str:
    return "replace" if codec.startswith(("utf-16", "utf-32")) else "surrogateescape"


def _bounded_text(file: TextIO) -> Iterator[str | None]:
    """The lines of a file, None for one that is too long to be held."""
    while line := file.readline(LONGEST_LINE + 1):
        if len(line) <= LONGEST_LINE:
            yield line
            continue
        while line and not line.endswith(("\n", "\r")):
            line = file.readline(LONGEST_LINE)
        yield None


def _parquet_rows(source: TableSource) -> Iterator[Row]:
    from storage.parquet import ParquetError, column_names, read_parquet

    try:
        columns = _columns_read(source, column_names(source.path))
        for number, row in enumerate(read_parquet(source.path, columns), start=1):
            yield f"row {number}", row
    except ParquetError as error:
        raise UserError(f"{source.path}: {error}") from error
