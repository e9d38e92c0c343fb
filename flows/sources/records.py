"""From raw values to an article: text cleaned, the date in UTC, the language known - or the reason why not."""

from __future__ import annotations

import re
import reprlib
import unicodedata
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from email.utils import parsedate_to_datetime

from flows.settings import LANGUAGES
from flows.sources import Article
from flows.sources.urls import canonical_url, is_web_address

# Control characters, soft hyphens and stray byte order marks: invisible, but they break words and databases.
INVISIBLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\u00ad\ufeff]")
DETECTED_CHARS = 500
LONGEST_DATE = 100
LONGEST_TEXT = 200_000  # characters; long-reads have some 50,000, and what is longer is no single article
FIRST_YEAR = 1900  # what is older is no date but how some program writes that it has none
AHEAD = timedelta(days=2)  # a clock or a zone that is wrong; what lies further ahead was not published


class Unfit(ValueError):
    """The values make no article; str() is the reason, one line for the table of rejects."""


def make_article(
    *,
    source: str,
    outlet: str | None,
    text: str | None,
    title: str | None = None,
    language: str | None = None,
    url: str | None = None,
    published_at: object = None,
    country: str | None = None,
    named_by: str | None = None,
    authors: Sequence[str] | None = None,
) -> Article:
    """Build an article of raw values. Raises Unfit where text or outlet is missing, or a value cannot be understood."""
    body, heading, publisher = clean_text(text), clean_line(title), clean_line(outlet)
    if not body:
        raise Unfit("no text")
    if len(body) > LONGEST_TEXT:
        raise Unfit(f"text of {len(body)} characters, {LONGEST_TEXT} are the most an article may have")
    if not publisher:
        raise Unfit("no outlet")
    address = (url or "").strip()
    if address and not is_web_address(address):
        raise Unfit(f"url {shown(address)} is not an http or https address")
    return Article(
        outlet=publisher,
        language=known_language(language) if language else detect_language(f"{heading}\n{body}"),
        url=canonical_url(clean_line(address)) if address else None,
        title=heading,
        text=body,
        published_at=parse_moment(published_at),
        source=source,
        country=clean_line(country) or None,
        named_by=named_by,
        authors=tuple(authors or ()),
    )


def clean_text(text: str | None) -> str:
    """Composed characters (NFC), newlines as \\n, no control characters, no lone surrogates, no space at line ends."""
    text = (text or "").encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    text = INVISIBLE.sub("", text.replace("\r\n", "\n").replace("\r", "\n").replace("\x85", "\n"))
    lines = (line.rstrip() for line in unicodedata.normalize("NFC", text).split("\n"))
    return "\n".join(lines).strip()


def clean_line(text: str | None) -> str:
    """Clean text in one line."""
    return " ".join(clean_text(text).split())


def parse_moment(value: object) -> datetime | None:
    """A moment in UTC from ISO 8601 or RFC 2822 text or a date; no zone means UTC, None or blank text no date.

    Raises Unfit naming the value where it is none of these, before 1900, or more than two days ahead.
    """
    if isinstance(value, str):
        value = value.strip()
    if value is None or value == "":
        return None
    given = shown(str(value)) if isinstance(value, str | date) else reprlib.repr(value)
    try:
        moment = _moment(value)
        moment = moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    except (ValueError, OverflowError):
        raise Unfit(f"date {given} is neither ISO 8601 nor RFC 2822") from None
    if moment.year < FIRST_YEAR:
        raise Unfit(f"date {given} is before {FIRST_YEAR}")
    if moment > datetime.now(UTC) + AHEAD:
        raise Unfit(f"date {given} is more than {AHEAD.days} days ahead")
    return moment


def moment_or_none(value: object) -> datetime | None:
    """The same, None where it is no date that can be."""
    try:
        return parse_moment(value)
    except Unfit:
        return None


def _moment(value: object) -> datetime:
    if isinstance(value, str):
        return _parse_text(value)
    if isinstance(value, datetime):
        return value
    if isinstance(value, date):
        return datetime(value.year, value.month, value.day)
    raise ValueError("of a type that holds no date")


def _parse_text(value: str) -> datetime:
    if len(value) > LONGEST_DATE:
        raise ValueError("too long for a date")
    try:
        return datetime.fromisoformat(re.sub(r"\s*UTC$", "+00:00", value))
    except ValueError:
        return parsedate_to_datetime(value)


def known_language(given: str) -> str:
    """`ar` for "ar", "AR" or "ar-EG". Raises Unfit for a language we cannot read."""
    code = re.split("[-_]", given.strip().lower())[0]
    if code not in LANGUAGES:
        raise Unfit(f"language {shown(given)} is none of {', '.join(LANGUAGES)}")
    return code


def language_or_none(given: str) -> str | None:
    """The same, None for one we cannot read, or none."""
    try:
        return known_language(given)
    except Unfit:
        return None


def detect_language(text: str) -> str:
    """The language of a text by its letters (py3langid). Raises Unfit where it looks like one we cannot read."""
    import py3langid

    code: str = py3langid.classify(text[:DETECTED_CHARS])[0]
    if code not in LANGUAGES:
        readable = ", ".join(LANGUAGES)
        raise Unfit(f"the language looks like {code!r}, none of {readable}; if it is one, give it in the source")
    return code


def shown(value: str) -> str:
    """A value quoted for a message: one line, never long."""
    return repr(value if len(value) <= 80 else value[:79] + "…")
