"""How text from outside, links and times are put before readers, whatever the format."""

from __future__ import annotations

import re
from datetime import datetime
from urllib.parse import quote, urlsplit

LANGUAGES = {"en": "English", "ru": "Russian", "ar": "Arabic"}
SIGNS = {"negative": "−", "neutral": "=", "positive": "+"}  # of a name's valence, where colour cannot tell it
BOUNDS = {"at least": "≥", "at most": "≤", "about": "≈"}  # of a figure
_DOUBTS = {
    "meaning": "it may say something else",
    "length": "something may be left out or added",
    "number": "a number differs",
    "negation lost": "a negation is missing",
    "negation added": "a negation is added",
    "repetition": "it repeats itself",
    "copied": "part of it is not translated",
    "endless": "it is far too long",
}
_RIGHT_TO_LEFT = {"ar", "fa", "he", "ur", "ps", "ckb", "dv", "sd", "ug", "yi"}
# C0, DEL and C1 drive terminals; embeddings, overrides and isolates reorder the text around them.
_CONTROLS = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\u202a-\u202e\u2066-\u206f]")


def clean(text: str) -> str:
    """The text on one line, without control characters; marks that single letters need (RLM, ZWNJ) stay."""
    return " ".join(harmless(text).split())


def harmless(text: str) -> str:
    """The text as it is but for control characters; line ends stay."""
    return _CONTROLS.sub("", text)


def direction(language: str) -> str:
    """`rtl` or `ltr`."""
    return "rtl" if language in _RIGHT_TO_LEFT else "ltr"


def language_name(language: str) -> str:
    return LANGUAGES.get(language, language)


def translated_by(engine: str) -> str:
    return "translation memory" if engine == "memory" else f"machine translation, {engine}"


def doubtful(doubt: str) -> str:
    """Why a translation is doubtful, in plain words: `doubt` is a fault or a flaw, as the warehouse has it."""
    why = _DOUBTS.get(doubt) or re.sub("^lost ", "it lacks ", doubt)
    return f"doubtful translation: {why}"


def found_how_well(f1: float | None, is_experimental: bool) -> str:
    """How well a generic frame is found."""
    told = "not measured" if f1 is None else f"F1 {f1:.2f}"
    return f"{told}, experimental" if is_experimental else told


def safe_link(url: str | None) -> str | None:
    """A web address that may stand in a link, percent-encoded where it must be; None for any other scheme or none."""
    if not url or _CONTROLS.search(url):
        return None
    try:
        parts = urlsplit(url.strip())
    except ValueError:
        return None
    if parts.scheme.lower() not in ("http", "https") or not parts.hostname:
        return None
    return quote(url.strip(), safe=":/?#@!$&*+,;=%~[]-._")


def moment(when: datetime) -> str:
    """`5 Sep 2018, 18:20`, in UTC as the warehouse has it."""
    return f"{when.day} {when:%b %Y, %H:%M}"


def delay(hours: float) -> str:
    """Hours after the first, in the unit a reader would choose."""
    if hours < 1:
        return f"+{round(hours * 60)} min"
    return f"+{round(hours)} h" if hours < 72 else f"+{round(hours / 24)} d"


def after(hours: float, outlet: str) -> str:
    """How long after an outlet; the name comes last, so that it turns no number round where it is read to the left."""
    return f"{delay(hours)[1:]} after {outlet}"


def number(value: float) -> str:
    return f"{value:,.15g}"


def bounded(value: float, bound: str | None) -> str:
    """A figure with the sign of its bound: `≥12`."""
    return BOUNDS.get(bound or "", "") + number(value)


def plural(count: int, noun: str) -> str:
    return f"{count:,} {noun if count == 1 else _plural_of(noun)}"


def _plural_of(noun: str) -> str:
    return noun[:-1] + "ies" if noun.endswith("y") else noun + "s"
