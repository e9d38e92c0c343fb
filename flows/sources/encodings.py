"""Bytes to text, for the legacy encodings of Russian, Arabic and Western pages, and pages that declare a wrong one.

UTF-8 and byte order marks prove themselves. Else every candidate decodes the bytes, and the one whose text looks most
like writing wins: common letters, no capital after a small letter, no word of two scripts. koi8-r read as windows-1251,
for instance, is a text of capitals with rare letters. The declared encoding only breaks near-ties, since pages lie.
"""

from __future__ import annotations

import codecs
import re
from collections import Counter
from functools import lru_cache
from itertools import islice

CANDIDATES = ("cp1252", "cp1251", "koi8-r", "iso8859-5", "cp866", "cp1256", "iso8859-6")
BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),  # before utf-16, whose mark it begins with
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
TRUSTED_NAMES = re.compile(r"(?:utf-8|iso8859-\d+|cp\d+|koi8-[rut]|mac-\w+|gb\w+|big5\w*|euc_\w+|shift_jis\w*)$")
READ_AS = {"iso8859-1": "cp1252", "ascii": "cp1252", "latin_1": "cp1252"}  # as browsers do
DECLARED = re.compile(
    rb"""<\?xml[^>]{0,200}?encoding\s*=\s*["']([\w.:-]+)|<meta[^>]{0,300}?charset\s*=\s*["']?([\w.:-]+)""",
    re.IGNORECASE,
)
DECLARED_WITHIN = 4096
FOREIGN_RUN = re.compile(rb"[\x00-\x7f]?[\x80-\xff]+[\x00-\x7f]?")
RUNS_WEIGHED = 200
BONUS_OF_DECLARED = 0.1
MOST_KEPT = 50_000  # characters with what stands beside them, about 10 MB

COMMON, RARE, NEIGHBOURS = 1.0, 0.4, 0.2  # letters of Russian and Arabic, and of languages that share their scripts
LETTERS = {
    **dict.fromkeys("оеаинтсрвлкмдпуя" + "اليمونرتبةعدسفهكقأح", COMMON),
    **dict.fromkeys("ыьгзбчйхжшюцщэфъё" + "إئءؤآىضصطظغشجخذثز،؟؛ـًٌٍَُِّْ", RARE),
    **dict.fromkeys("іїєґў" + "پچژگکی", NEIGHBOURS),
}
TYPOGRAPHY = frozenset("“”„‘’«»–—…•·№€£§©®°™\u00a0\u200e\u200f\u200c")
ACCENTED, TYPOGRAPHIC, IMPLAUSIBLE = 0.6, 0.5, -1.0


def decode(data: bytes, declared: str | None = None) -> str:
    """The text of the bytes. Bytes that the encoding has no character for become U+FFFD.

    `declared` is what the transport says (the charset of Content-Type); what the document says of itself is read here.
    """
    return data.decode(guess_codec(data, declared), "replace")


def guess_codec(data: bytes, declared: str | None = None) -> str:
    """The name of the Python codec that the bytes are most plausibly in."""
    for mark, marked in BYTE_ORDER_MARKS:
        if data.startswith(mark):
            return marked
    if utf16 := _utf16_without_mark(data):
        return utf16
    try:
        data.decode("utf-8")
        return "utf-8"
    except UnicodeDecodeError:
        pass
    said = [codec for name in (declared, declared_charset(data)) if name and (codec := _python_codec(name))]
    sample = b" ".join(run[0] for run in islice(FOREIGN_RUN.finditer(data), RUNS_WEIGHED))
    # UTF-8 stays a candidate: a page of it cut in a character, or with one bad byte, is still UTF-8
    candidates = dict.fromkeys((*said, "utf-8", *CANDIDATES))

    def worth(codec: str) -> float:
        return plausibility(sample.decode(codec, "replace")) + (BONUS_OF_DECLARED if codec in said else 0.0)

    return max(candidates, key=worth)


def declared_charset(data: bytes) -> str | None:
    """What an HTML or XML document says its charset is, if it does."""
    found = DECLARED.search(data[:DECLARED_WITHIN])
    return (found[1] or found[2]).decode("ascii") if found else None


def plausibility(text: str) -> float:
    """How much the non-ASCII characters of a text look like writing: mean worth of a character, from -1 to 1."""
    padded = f" {text} "
    seen = Counter(zip(padded, padded[1:], padded[2:], strict=False))
    counts = {beside: count for beside, count in seen.items() if beside[1] > "\x7f"}
    total = sum(_worth(*beside) * count for beside, count in counts.items())
    return total / sum(counts.values()) if counts else 0.0


@lru_cache(MOST_KEPT)
def _worth(before: str, character: str, after: str) -> float:
    if character in TYPOGRAPHY:
        return TYPOGRAPHIC
    script = _script(character)
    beside = {_script(before), _script(after)} - {""}
    if not script or beside - {script} or (character.isupper() and before.islower()):
        return IMPLAUSIBLE
    if script == "Latin":  # an accented letter stands among plain ones; a row of accented ones is Cyrillic misread
        return ACCENTED if beside and before < "\x80" and after < "\x80" else IMPLAUSIBLE
    worth = LETTERS.get(character.lower(), IMPLAUSIBLE)
    return worth / 2 if character.isupper() and worth > 0 else worth


def _script(character: str) -> str:
    if "\u0400" <= character <= "\u052f":
        return "Cyrillic"
    if "\u0600" <= character <= "\u06ff":
        return "Arabic"
    return "Latin" if character.isalpha() and character < "\u0250" else ""


def _utf16_without_mark(data: bytes) -> str | None:
    """UTF-16 of our scripts has a 00, 04 or 06 in nearly every other byte, where no other encoding has any."""
    sample = data[:2000]
    even, odd = (sum(map(sample[start::2].count, b"\x00\x04\x06")) for start in (0, 1))
    if max(even, odd) <= len(sample) * 0.3:
        return None
    return "utf-16-le" if odd > even else "utf-16-be"


def _python_codec(name: str) -> str | None:
    try:
        codec = codecs.lookup(name.strip().lower().removeprefix("x-")).name
    except (LookupError, ValueError):
        return None
    codec = READ_AS.get(codec, codec)
    return codec if TRUSTED_NAMES.match(codec) else None
