"""Dates as pages write them: ISO 8601 and its like, and as text in English, Russian and Arabic.

A time of day without its zone tells no moment, so of such a date only the day is taken.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone

from flows.sources.records import moment_or_none

LONGEST = 300  # characters that a date is looked for in
EARLIEST_YEAR = 1990  # that a text in a page may be dated: what is older is what it tells of

_MONTHS = (
    "january jan январь января янв يناير جانفي كانون_الثاني",
    "february feb февраль февраля фев февр فبراير فيفري شباط",
    "march mar март марта мар مارس اذار",
    "april apr апрель апреля апр ابريل افريل نيسان",
    "may май мая مايو ماي ايار",
    "june jun июнь июня июн يونيو يونيه جوان حزيران",
    "july jul июль июля июл يوليو يوليه يوليوز جويلية تموز",
    "august aug август августа авг اغسطس اوت غشت اب",
    "september sep sept сентябрь сентября сен сент سبتمبر شتنبر ايلول",
    "october oct октябрь октября окт اكتوبر تشرين_الاول",
    "november nov ноябрь ноября ноя نوفمبر نونبر تشرين_الثاني",
    "december dec декабрь декабря дек ديسمبر دجنبر كانون_الاول",
)
MONTHS = {name.replace("_", " "): number for number, names in enumerate(_MONTHS, 1) for name in names.split()}
ZONES = {
    **dict.fromkeys(("z", "utc", "gmt", "غرينتش", "جرينتش", "гринвичу"), 0),
    **dict.fromkeys(("bst", "cet", "wat"), 60),
    **dict.fromkeys(("cest", "eet", "sast", "القاهره", "القاهرة"), 120),
    **dict.fromkeys(
        ("мск", "msk", "eest", "eat", "trt", "москве", "московскому", "مكه", "مكة", "السعوديه", "السعودية"), 180
    ),
    **dict.fromkeys(("gst", "الامارات", "ابوظبي", "دبي"), 240),
    **dict.fromkeys(("est",), -300),
    **dict.fromkeys(("edt",), -240),
    **dict.fromkeys(("cst",), -360),
    **dict.fromkeys(("cdt",), -300),
    **dict.fromkeys(("pst",), -480),
    **dict.fromkeys(("pdt",), -420),
}
_MONTH = "|".join(sorted((re.escape(name) for name in MONTHS), key=len, reverse=True))
_DAY = r"(?P<day>\d{1,2})(?:st|nd|rd|th|-?го)?"
_YEAR = r"(?P<year>(?:19|20)\d\d)(?!\d)"
_GAP = r"[\s,،.]{0,3}"
WRITTEN = (
    re.compile(
        rf"(?<![\d:.]){_DAY}{_GAP}(?:of )?(?:من )?(?P<month>{_MONTH})\b(?:\s?[/(-]\s?(?:{_MONTH})\)?)?{_GAP}{_YEAR}"
    ),
    re.compile(rf"\b(?P<month>{_MONTH})\b(?:\s?[/(-]\s?(?:{_MONTH})\)?)?{_GAP}{_DAY}[\s,،]{{1,3}}{_YEAR}"),
    re.compile(rf"(?<![\d./-]){_YEAR}(?P<mark>[-/.])(?P<month>\d\d?)(?P=mark){_DAY}(?!\d)"),
    re.compile(rf"(?<![\d./-]){_DAY}\s?(?P<mark>[./-])\s?(?P<month>\d\d?)\s?(?P=mark)\s?{_YEAR}"),
)
CLOCK = re.compile(
    r"(?<![\d.:])(?P<hour>[01]?\d|2[0-3])[:.](?P<minute>[0-5]\d)(?![\d.])(?::[0-5]\d)?"
    r"\s*(?P<half>a\.?m\b\.?|p\.?m\b\.?|صباحا|مساء|ص\b|م\b)?"
)
ZONE = re.compile(
    rf"(?<!\w)(?P<name>{'|'.join(sorted(ZONES, key=len, reverse=True))})?"
    r"(?(name)\b\s?|)(?P<offset>[+\u2212-]\d{1,2}(?::?\d\d)?(?!\d))?"
)
CHANGED = re.compile(r"updated|modified|last edit|обновлен|изменен|изменён|редакция от|تحديث|تعديل|محدث|عدل في|حدث في")
ISO = re.compile(
    r"(?P<date>\d{4}-?\d\d-?\d\d)(?:[T\s]+(?P<time>\d\d:?\d\d(?::?\d\d)?)(?:[.,]\d+)?\s*(?P<zone>Z|UTC|GMT|[+-]\d\d:?(?:\d\d)?)?)?",
    re.I,
)
_FOLDED: dict[int, str | None] = {
    **{zero + digit: str(digit) for zero in (0x660, 0x6F0) for digit in range(10)},
    **dict.fromkeys(map(ord, "أإآ"), "ا"),
    **dict.fromkeys((0x640, 0x301, *range(0x64B, 0x660))),
}


@dataclass(frozen=True, slots=True)
class Dated:
    """A moment in UTC, or where `to_the_second` is not so, a day: its midnight."""

    at: datetime
    to_the_second: bool


def read_stamp(value: str | None) -> Dated | None:
    """A date that is written for programs, as in `<time datetime>`, or else for readers."""
    value = (value or "").strip()
    if not value or len(value) > LONGEST:
        return None
    if re.fullmatch(r"\d{10}|\d{13}", value):
        at = moment_or_none(datetime.fromtimestamp(int(value[:10]), UTC))
        return Dated(at, True) if at else None
    iso = ISO.match(value)
    if not iso:
        at = moment_or_none(value) if re.search(r"[+-]\d{4}|GMT", value) else None  # RFC 2822
        return Dated(at, True) if at else next(read_dates(value), None)
    clock, zone = iso["time"], (iso["zone"] or "").upper()
    if not clock or not zone or re.fullmatch(r"[0:]+", clock):  # who has no time of day often writes midnight
        return _day(iso["date"])
    at = moment_or_none(f"{iso['date']}T{clock}{'+00:00' if zone in ('UTC', 'GMT') else zone}")
    return Dated(at, True) if at else None


def read_dates(text: str, *, month_first: bool = False) -> Iterator[Dated]:
    """The dates in a line of text, but those of its last change; `month_first`: 3/4/2026 is of March."""
    text = _folded(text[:LONGEST])
    found = sorted((match for form in WRITTEN for match in form.finditer(text)), key=lambda match: match.start())
    end = 0
    for index, match in enumerate(found):
        if match.start() < end:
            continue
        before = text[end : match.start()]
        after = text[match.end() : found[index + 1].start()] if index + 1 < len(found) else text[match.end() :]
        end = match.end()
        if not CHANGED.search(before) and (day := _written(match, month_first)):
            yield _with_clock(day, before[-25:], after[:60])


def address_date(address: str | None) -> Dated | None:
    """The day in an address: /2026/03/02/."""
    found = re.search(r"/((?:19|20)\d\d)[/-]?([01]\d)[/-]?([0-3]\d)(?=[/_-]|$)", address or "")
    return _day("-".join(found.groups())) if found else None


def _folded(text: str) -> str:
    """In one case, with Western digits, and without what is not seen."""
    shown = "".join(c for c in unicodedata.normalize("NFKC", text) if unicodedata.category(c) != "Cf")
    return shown.translate(_FOLDED).lower()


def _written(match: re.Match[str], month_first: bool) -> datetime | None:
    day, year, month = int(match["day"]), int(match["year"]), match["month"]
    number = MONTHS.get(month) or int(month)
    if month.isdigit() and match.start("day") < match.start("year") and (number > 12 or (month_first and day <= 12)):
        day, number = number, day
    try:
        return datetime(year, number, day, tzinfo=UTC) if year >= EARLIEST_YEAR else None
    except ValueError:
        return None


def _with_clock(day: datetime, before: str, after: str) -> Dated:
    """With the time of day that stands beside it, where that has a zone."""
    clock = CLOCK.search(after) or CLOCK.search(before)
    if not clock or len(after[: clock.start()] if clock.string is after else "") > 25:
        return Dated(day, False)
    hour, half = int(clock["hour"]), (clock["half"] or "").replace(".", "")
    if half in ("pm", "مساء", "م") and hour < 12:
        hour += 12
    elif half in ("am", "صباحا", "ص") and hour == 12:
        hour = 0
    offset = _offset(clock.string[clock.end() :])
    if offset is None and clock.string is before:  # "10:42, 29 April 2026 (UTC)"
        offset = _offset(after)
    if offset is None:
        return Dated(day, False)
    local = day.replace(hour=hour, minute=int(clock["minute"]), tzinfo=timezone(timedelta(minutes=offset)))
    at = moment_or_none(local)
    return Dated(at, True) if at else Dated(day, False)


def _offset(text: str) -> int | None:
    """Minutes ahead of UTC: "UTC", "(GMT+3)", "МСК+2", "+03:00", "по московскому времени"."""
    text = re.sub(r"^[\s(\[,،]*(?:(?:по|بتوقيت|في)\s)?\s*", "", text)[:30]
    match = ZONE.match(text)
    if not match or not (match["name"] or match["offset"]):
        return None
    minutes = ZONES[match["name"]] if match["name"] else 0
    if shift := match["offset"]:
        digits = shift[1:].replace(":", "")
        hours, rest = (digits[:-2], digits[-2:]) if len(digits) > 2 else (digits, "0")
        minutes += (1 if shift[0] == "+" else -1) * (int(hours) * 60 + int(rest))
    return minutes if abs(minutes) <= 14 * 60 else None


def _day(text: str) -> Dated | None:
    at = moment_or_none(text)
    return Dated(at.replace(hour=0, minute=0, second=0, microsecond=0), False) if at else None
