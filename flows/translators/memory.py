"""Translations a user already has, from JSONL and TMX files, looked up exactly and then with spelling evened out."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterator, Sequence
from functools import cached_property
from pathlib import Path
from typing import Any

from flows.errors import UserError
from flows.revisions import files_revision
from flows.sources.records import clean_text
from flows.translators import Translation

MODEL = "memory"
PROBLEMS_A_FILE = 20  # a file of another format would otherwise report every row it has

# A source text, its language where the file says, and the English.
Entry = tuple[str, str | None, str]

_QUOTES = dict.fromkeys(map(ord, "«»“”„‟〝〞＂"), '"')
_APOSTROPHES = dict.fromkeys(map(ord, "‘’‚‛‹›ʼ`´′"), "'")
_DASHES = dict.fromkeys(map(ord, "‐‑‒–—―−﹘﹣－"), "-")
_LETTERS = {ord("ё"): "е", **dict.fromkeys(map(ord, "أإآٱ"), "ا"), ord("ـ"): None}
_EVEN = _QUOTES | _APOSTROPHES | _DASHES | _LETTERS
# Arabic vowel signs (harakat, Quranic marks, superscript alef) and what is never seen: soft hyphens, zero widths, and
# the marks that set a text's direction.
_UNSEEN = re.compile(
    "[\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06dc\u06df-\u06e8\u06ea-\u06ed"
    "\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]"
)


class TranslationMemory:
    """Looks texts up in the user's files; where two rows have the same text, the first in the order given counts."""

    engine = "memory"

    def __init__(self, paths: Sequence[Path]) -> None:
        """Raises UserError naming a file that is not there, or whose kind is not known."""
        self._paths = list(paths)
        for path in self._paths:
            if not path.is_file():
                raise UserError(f"translate.memory: there is no file {path}")
            if path.suffix.lower() not in _READERS:
                raise UserError(f"translate.memory: {path} is of no kind that can be read: {', '.join(_READERS)}")

    @property
    def problems(self) -> list[str]:
        """What could not be read, a line each naming the file and the place. Reads the files."""
        return self._loaded.problems

    def model_of(self, language: str) -> tuple[str, str | None]:
        """The same for every language: `memory`, and a hash of the files."""
        return MODEL, self._loaded.revision

    def translate(self, texts: Sequence[str], language: str) -> list[Translation | None]:
        """Same length and order as `texts`; None where the memory has no such text."""
        loaded = self._loaded
        found = (loaded.find(text, language) for text in texts)
        return [Translation(english, self.engine, MODEL, loaded.revision) if english else None for english in found]

    @cached_property
    def _loaded(self) -> _Loaded:
        return _Loaded(self._paths)


class _Loaded:
    """The files' content, indexed."""

    def __init__(self, paths: Sequence[Path]) -> None:
        self.problems: list[str] = []
        self._exact: dict[tuple[str | None, str], str] = {}
        self._even: dict[tuple[str | None, str], str] = {}
        for path in paths:
            self._read(path)
        self.revision = files_revision(paths)

    def find(self, text: str, language: str) -> str | None:
        even = evened(text)
        for index, key in ((self._exact, text), (self._even, even)):
            for said in (language, None):
                if (english := index.get((said, key))) is not None:
                    return english
        return None

    def _read(self, path: Path) -> None:
        problems: list[str] = []
        try:
            for text, language, english in _READERS[path.suffix.lower()](path, problems):
                self._exact.setdefault((language, text), english)
                self._even.setdefault((language, evened(text)), english)
        except OSError as error:
            raise UserError(f"translate.memory: {path} cannot be read: {error.strerror or error}") from error
        self.problems += problems[:PROBLEMS_A_FILE]
        if (more := len(problems) - PROBLEMS_A_FILE) > 0:
            self.problems.append(f"{path}: and {more} more")


def evened(text: str) -> str:
    """The text with all that does not change its meaning evened out.

    Compatibility forms (NFKC), case, quotes and dashes, space, Arabic vowel signs, tatweel and forms of alef, Russian
    ё, and what is never seen.
    """
    text = unicodedata.normalize("NFKC", text.translate(_APOSTROPHES))  # NFKC makes a space of an accent
    return " ".join(_UNSEEN.sub("", text.casefold().translate(_EVEN)).split())


def _read_jsonl(path: Path, problems: list[str]) -> Iterator[Entry]:
    """Rows of `text` and `en`, and of `language` where a row says it; `en` is null where the text is English."""
    with path.open("rb") as file:
        for number, line in enumerate(file, start=1):
            if not line.strip(b" \t\r\n\xef\xbb\xbf"):
                continue
            try:
                entry = _entry(json.loads(line.decode("utf-8-sig")))
            except (ValueError, RecursionError) as error:
                problems.append(f"{path}:{number}: {_reason(error)}")
                continue
            if entry:
                yield entry


def _entry(row: Any) -> Entry | None:
    if not isinstance(row, dict):
        raise ValueError("not a JSON object")
    text, english, language = row.get("text"), row.get("en", ""), row.get("language")
    if not isinstance(text, str) or not text.strip():
        raise ValueError("no `text`")
    if english is None:
        return None
    if not isinstance(english, str) or not (english := clean_text(english)):
        raise ValueError("no `en`")
    if language is not None and not isinstance(language, str):
        raise ValueError("`language` is not a string")
    return text, language, english


def _reason(error: Exception) -> str:
    if isinstance(error, UnicodeDecodeError):
        return "not UTF-8"
    if isinstance(error, json.JSONDecodeError):
        return f"not JSON: {error.msg} at character {error.pos}"
    return "nested too deeply" if isinstance(error, RecursionError) else str(error)


def _read_tmx(path: Path, problems: list[str]) -> Iterator[Entry]:
    from flows.translators.tmx import read_units  # lxml only where there is a TMX file

    for unit in read_units(path, problems):
        for language, text in unit.sources:
            yield text, language, unit.english


_READERS = {".jsonl": _read_jsonl, ".tmx": _read_tmx}
