"""What holds of everything that reads bytes or text from outside, whatever these are: a target for each reader.

A target takes bytes, and raises AssertionError where what is promised does not hold; any other exception is one that
the reader may not let out. It returns what came of the bytes, which is the same each time.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from functools import cache
from pathlib import Path
from typing import Any
from unicodedata import category

from pydantic import TypeAdapter

from align.attribution import ReportingLexicon, attribute, content
from align.figures import find_figures
from align.framing.frames import read_frames
from align.framing.naming import NameLexicon, find_mentions
from align.reporting import STANCES
from align.statements import split_statements
from flows import lexicons
from flows.errors import UserError
from flows.fetching import Answer
from flows.lexicons import load_names, load_reporting
from flows.outlets import Outlets, Publisher, host_of
from flows.settings import LANGUAGES, OpmlSource, OutletSettings, SitemapSource, Source, load_settings
from flows.sources import Article, Reject, address_lists, feeds, opml, read_source, sitemaps
from flows.sources.encodings import decode
from flows.sources.extraction import SHORTEST_ARTICLE, extract_page
from flows.sources.linked import Link
from flows.sources.records import Unfit, clean_line, clean_text, make_article
from flows.sources.urls import canonical_url, is_web_address
from flows.translators.memory import TranslationMemory, _read_jsonl
from flows.translators.tmx import read_units

LONGEST_REPEATED = 10_000  # characters of a text that is repeated
LONGEST_REASON = 1_500  # characters
ADDRESS = "https://news.example/sitemap.xml"
OUTLETS = Outlets({"Wire": OutletSettings(domains=["wire.example"], channels=["1500"])})


def statements(data: bytes) -> object:
    """The segmenter: only white space is left out, and offsets fit."""
    text, language = _text(data)
    found = split_statements(text, language)
    end = 0
    for position, statement in enumerate(found):
        assert statement.position == position
        assert statement.start >= end
        assert not text[end : statement.start].strip()
        assert statement.text == text[statement.start : statement.end] == statement.text.strip() != ""
        end = statement.end
    assert not text[end:].strip()
    return found


def attribution(data: bytes) -> object:
    """Who says what: spans of the statement, all or none."""
    text, language = _text(data)
    texts = [statement.text for statement in split_statements(text, language)]
    found = attribute(texts, _reporting()[language])
    assert len(found) == len(texts)
    speakers: set[str | None] = {None}
    for statement, voice in zip(texts, found, strict=True):
        assert (voice.cue is None) == (voice.stance is None)
        assert voice.cue is not None or (voice.speaker is None and voice.antecedent is None)
        assert voice.stance is None or voice.stance in STANCES
        for span in (voice.speaker, voice.cue):
            assert span is None or (span in statement and span == span.strip() != "")
        assert voice.antecedent in speakers
        assert content(statement, voice.speaker, voice.cue).strip()
        speakers.add(voice.speaker)
    return found


def figures(data: bytes) -> object:
    """Numbers and names: spans in order that do not overlap."""
    text, language = _text(data)
    numbers, names = find_figures(text, language), find_mentions(text, language, _names())
    for spans in (numbers, names):
        end = 0
        for span in spans:
            assert end <= span.start < span.end <= len(text)
            assert text[span.start : span.end] == span.surface
            end = span.end
    for number in numbers:
        assert abs(number.value) < float("inf")
    return numbers, names


def charset(data: bytes) -> object:
    """Bytes to text; the first line is what is declared."""
    declared, _, body = data.partition(b"\n")
    text = decode(body, declared.decode("utf-8", "surrogateescape") or None)
    assert isinstance(text, str)
    text.encode("utf-8")  # no half of a pair of surrogates
    return text


def page(data: bytes) -> object:
    """An HTML page to an article."""
    try:
        found = extract_page(data)
        article = make_article(
            source="x", outlet="x", text=found.text, title=found.title, url=found.url, published_at=found.published_at
        )
    except Unfit as reason:
        return _reason(str(reason))
    assert len(article.text) >= SHORTEST_ARTICLE
    _check_article(article)
    return found


def feed(data: bytes) -> object:
    """RSS and Atom."""
    try:
        found, total = feeds._entries(_answer(data), Publisher("Wire"), None)
    except Unfit as reason:
        return _reason(str(reason))
    assert len(found) <= feeds.MOST_ENTRIES
    return [_check_link(link) for link in found], total


def sitemap(data: bytes) -> object:
    """Sitemaps and indexes of them."""
    source = SitemapSource.model_validate({"kind": "sitemap", "url": ADDRESS, "newest": 3})
    try:
        found = sitemaps._parse(source, _answer(data), OUTLETS)
    except Unfit as reason:
        return _reason(str(reason))
    assert len(found.links) <= 3
    for address in found.sitemaps:
        assert is_web_address(address)
    return [_check_link(link) for link in found.links], found.sitemaps


def outlines(data: bytes) -> object:
    """OPML."""
    with _file(data, "feeds.opml") as path:
        try:
            found = list(opml._outlines(OpmlSource(kind="opml", path=path)))
        except UserError as error:
            return _check_error(error, path)
    for address, site, title, language in found:
        assert address and _storable(address)
        assert language is None or language in LANGUAGES
        assert _is_line(opml._publisher(address, site, clean_line(title), OUTLETS).name) or not host_of(address)
    return found


def addresses(data: bytes) -> object:
    """Lists of addresses; the first line is their kind."""
    kind, body = _kind(data, ("urls", "gdelt", "mediacloud"))
    with _file(body, "list") as path:
        source: Any = TypeAdapter(Source).validate_python({"kind": kind, "path": path})
        try:
            with address_lists._opened(source) as file:
                found = [
                    (item, address_lists._link(source, row, OUTLETS)) for item, row in address_lists._rows(source, file)
                ]
        except UserError as error:
            return _check_error(error, path)
    assert all(_is_line(item) for item, _ in found)
    assert len({item for item, _ in found}) == len(found)
    return [_check_link(link) for _, link in found]


def table(data: bytes) -> object:
    """JSONL and CSV; the first line is which."""
    kind, body = _kind(data, ("jsonl", "csv"))
    return _read(body, kind=kind, outlet="Wire")


def telegram(data: bytes) -> object:
    """Channels as Telegram exports them."""
    return _read(data, kind="telegram")


def archive(data: bytes) -> object:
    """WARC files."""
    return _read(data, kind="warc")


def tmx(data: bytes) -> object:
    """Translation memories in TMX."""
    problems: list[str] = []
    with _file(data, "memory.tmx") as path:
        units = list(read_units(path, problems))
        memory = TranslationMemory([path])
        for problem in memory.problems:
            assert problem.startswith(str(path)) and _is_line(problem)
        for unit in units:
            assert _is_line(unit.english)
            for language, text in unit.sources:
                assert language not in ("", "en") and _is_line(text)
                assert memory.translate([text], language) != [None]
    return units, problems


def memory(data: bytes) -> object:
    """Translation memories in JSONL."""
    with _file(data, "memory.jsonl") as path:
        found = TranslationMemory([path])
        for problem in found.problems:
            assert problem.startswith(str(path)) and _is_line(problem)
        for text, _, english in _read_jsonl(path, []):
            assert text.strip() and _storable(english) and english.strip()
        return found.problems, found.model_of("ru")


def config(data: bytes) -> object:
    """Configs."""
    with _file(data, "run.yaml") as path:
        try:
            settings = load_settings(path)
        except UserError as error:
            return _check_error(error, path)
        assert settings.sources
        assert _storable(settings.model_dump_json())
        timedelta(days=settings.align.story_days)
        Outlets(settings.outlets)
        return settings


def lexicon(data: bytes) -> object:
    """A user's names and frames; the first line is which."""
    kind, body = _kind(data, ("names", "frames"))
    with _file(body, f"{kind}.yaml") as path:
        try:
            check: Callable[[Any], object] = NameLexicon.from_mapping if kind == "names" else read_frames
            return lexicons._load_file(kind, path, check)
        except UserError as error:
            return _check_error(error, path)


TARGETS: dict[str, Callable[[bytes], object]] = {
    target.__name__: target
    for target in (
        statements,
        attribution,
        figures,
        charset,
        page,
        feed,
        sitemap,
        outlines,
        addresses,
        table,
        telegram,
        archive,
        tmx,
        memory,
        config,
        lexicon,
    )
}


def _text(data: bytes) -> tuple[str, str]:
    """Text and its language. The first line is the language, and how often to repeat what follows: `ru 200`.

    So time that grows faster than the text does shows.
    """
    head, _, body = data.partition(b"\n")
    language, _, times = head.decode("utf-8", "replace").partition(" ")
    text = body.decode("utf-8", "surrogateescape")
    most = max(1, LONGEST_REPEATED // max(1, len(text)))
    text *= min(int(times[:6]), most) if times.isdecimal() else 1
    return text, language if language in LANGUAGES else "en"


def _kind(data: bytes, kinds: tuple[str, ...]) -> tuple[str, bytes]:
    head, _, body = data.partition(b"\n")
    return next((kind for kind in kinds if kind.encode() == head), kinds[0]), body


@cache
def _reporting() -> dict[str, ReportingLexicon]:
    return load_reporting().lexicons


@cache
def _names() -> NameLexicon:
    return load_names([]).lexicon


@cache
def _folder() -> tempfile.TemporaryDirectory[str]:
    return tempfile.TemporaryDirectory()


@contextmanager
def _file(data: bytes, name: str) -> Iterator[Path]:
    path = Path(_folder().name, name)
    path.write_bytes(data)
    yield path


def _answer(data: bytes) -> Answer:
    return Answer(ADDRESS, 200, data, None, None, None, None)


def _read(data: bytes, **source: Any) -> object:
    """What a source of one file gives."""
    with _file(data, "source") as path:
        settings: Any = TypeAdapter(Source).validate_python({"path": path, **source})
        try:
            found = list(read_source(settings, lambda addresses: {}, OUTLETS))
        except UserError as error:
            return _check_error(error, path)
    for item in found:
        if isinstance(item, Article):
            _check_article(item)
        elif isinstance(item, Reject):
            assert _storable(item.item)
            _reason(item.reason)
    return found


def _check_article(article: Article) -> None:
    assert article.language in LANGUAGES
    assert _is_line(article.outlet)
    assert article.country is None or _is_line(article.country)
    assert article.title == clean_line(article.title)
    assert article.text == clean_text(article.text) != ""
    assert all(map(_storable, (article.text, article.title, article.outlet, article.country or "")))
    if article.url is not None:
        _check_address(article.url)
    if article.published_at is not None:
        assert article.published_at.utcoffset() == timedelta(0)


def _check_link(link: Link | Unfit) -> object:
    if isinstance(link, Unfit):
        return _reason(str(link))
    assert is_web_address(link.address)
    _check_address(canonical_url(link.address))
    assert link.publisher is None or _is_line(link.publisher.name)
    assert link.title == clean_line(link.title)
    assert link.language is None or link.language in LANGUAGES
    assert link.published_at is None or link.published_at.utcoffset() == timedelta(0)
    return link


def _check_address(url: str) -> None:
    """Fit for being stored, and what the page is known by."""
    assert is_web_address(url) and _is_line(url)
    assert canonical_url(url) == url


def _check_error(error: UserError, path: Path) -> str:
    """Each line of it names the file."""
    for line in str(error).split("\n"):
        assert line.startswith(str(path))
        _reason(line)
    return str(error)


def _reason(reason: str) -> str:
    assert _is_line(reason) and len(reason) <= LONGEST_REASON, reason
    return reason


def _is_line(text: str) -> bool:
    """One line that is not blank, and fit for a terminal and a database."""
    return bool(text.strip()) and _storable(text) and not any(category(char) in ("Cc", "Zl", "Zp") for char in text)


def _storable(text: str) -> bool:
    """UTF-8 without NUL."""
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        return False
    return "\0" not in text
