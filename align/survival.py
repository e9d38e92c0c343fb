"""What has to come through a translation: addresses, numbers by their value, names in Latin script, quotation marks."""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from align.figures import find_figures
from align.number_words import NUMBERS
from align.words import WORD, fold

FIXED = re.compile(
    r"((?:https?://|www\.)[^\s<>\"»”،؛]*[^\s<>\"»”،؛.,:;!?…؟)\]]"  # an address on the web
    r"|(?<![\w.+-])[\w.+-]+@[\w-]+(?:\.[\w-]+)+"  # of e-mail
    r"|(?<![\w.-])[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*\.[A-Za-z]{2,}\b(?:/[\w/?=&%#.-]*[\w/])?"  # "Lenta.ru"
    r"|(?<![\w@#])[@#][A-Za-z_][A-Za-z0-9_]*)"  # an account, a tag; a tag in other letters is translated
)
"""What stays as it is in every language, as its one group."""

_LATIN = r"A-Za-zÀ-ÖØ-öø-ɏ"
_CYRILLIC = r"\u0400-\u052f"
# Not "SMSка": that is a Russian word.
_LATIN_WORD = re.compile(rf"(?<![{_LATIN}{_CYRILLIC}])[{_LATIN}]{{2,}}(?:-[{_LATIN}]+)*(?![{_LATIN}{_CYRILLIC}])")
_ROMAN_NUMERAL = re.compile(r"[IVXLCDM]+")

_WESTERN = str.maketrans("٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹٫٬\u00a0\u202f\u2009", "01234567890123456789.,   ")
_NUMBER = re.compile(
    r"(?:[0-9]{4}-[0-9][0-9]-[0-9][0-9](?![0-9])|[0-9]{1,3}(?: [0-9]{3}(?![0-9]))+|[0-9]+)(?:[.,:/'’][0-9]+)*"
)
_SEPARATOR = re.compile(r"[^0-9]")
_GROUPED = re.compile(r"[0-9]{1,3}(?:\.[0-9]{3})+")
_CLOCK = re.compile(r"[0-9]\s*[ap]\.?m\b|o['’]clock|\b(?:morning|afternoon|evening|night|noon)\b", re.I)
_MONTH = re.compile(r"\b(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)")
_ORDINAL = re.compile(r"\b[a-z]+(?:st|nd|rd|th|ths|ies)\b|\bthirds\b", re.I)
_ORDINALS = {"first": "one", "second": "two", "third": "three", "fif": "five", "eigh": "eight", "nin": "nine"}
_ORDINALS |= {"twelf": "twelve"}

_QUOTED = re.compile(r"[\"“”«»„]([^\"“”«»„]+)[\"“”«»]")
_QUOTATION_MARK = re.compile(r"[\"“”«»„'‘’`]|&quot;")
_QUOTATION = 5  # words; what is shorter may be a name, which needs no marks in English

# words that a number may turn into beside its own
_OTHER_WORDS: Mapping[str, str] = {
    "2": "both couple pair double doubled twice twin half bilateral",
    "3": "triple tripled trio thrice threefold",
    "4": "quarter quarters quadruple fourfold",
    "5": "fivefold",
    "7": "week",
    "10": "decade tenfold",
    "12": "dozen dozens year noon midnight",
    "14": "fortnight",
    "15": "quarter",
    "24": "day midnight",
    "25": "quarter",
    "30": "half",
    "45": "quarter",
    "50": "half",
    "60": "hour minute",
    "75": "quarters",
    "100": "century centenary hundreds hundredfold",
    "1000": "millennium thousands",
}


def find_lost(text: str, english: str, language: str) -> Iterator[str]:
    """What of the text is for sure not in its English: addresses, then numbers, then names, as they stand in the text,
    then "quotation marks".

    language: ISO 639-1, of the text.
    """
    there = {address.lower() for address in FIXED.findall(english)}
    yield from (address for address in FIXED.findall(text) if address.lower() not in there)
    rest = FIXED.sub(lambda address: " " * len(address[0]), text)
    yield from _lost_numbers(rest, english, language)
    yield from _lost_names(rest, english)
    quotes = any(len(said.split()) >= _QUOTATION for said in _QUOTED.findall(text))
    if quotes and not _QUOTATION_MARK.search(english):
        yield "quotation marks"


def _lost_names(text: str, english: str) -> Iterator[str]:
    """Words in Latin script with a capital letter that no word of the English begins with: "BBC" is kept in "BBC's"."""
    there = sorted({form for word in _LATIN_WORD.findall(english) for form in (_plain(word), *_plain_parts(word))})

    def is_there(word: str) -> bool:
        place = bisect_left(there, word)
        return place < len(there) and there[place].startswith(word)

    for name in _LATIN_WORD.findall(text):
        is_name = name != name.lower() and not _ROMAN_NUMERAL.fullmatch(name)
        if is_name and not is_there(_plain(name)) and not all(map(is_there, _plain_parts(name))):
            yield name


def _plain_parts(word: str) -> list[str]:
    return [_plain(part) for part in word.split("-")]


def _plain(word: str) -> str:
    """Without case, accents and hyphens: "Wi-Fi" is "wifi"."""
    return "".join(sign for sign in unicodedata.normalize("NFKD", word.lower()) if sign.isalpha())


def _lost_numbers(text: str, english: str, language: str) -> Iterator[str]:
    """Numbers in digits above one that are in the English neither in digits nor by their value nor as a word."""
    western = text.translate(_WESTERN)
    numbers = list(_NUMBER.finditer(western))
    if not numbers:
        return
    said = _Numbers.of(english)
    values = {figure.start: figure.value for figure in find_figures(text, language)}
    for number in numbers:
        value = values.get(number.start())
        if (value is None or _rounded(value) not in said.values) and not said.has(number[0]):
            yield text[number.start() : number.end()]


@dataclass(frozen=True, slots=True)
class _Numbers:
    """The numbers of an English text.

    digits: in digits, whole and in their parts, without grouping; values: of all, in words too.
    """

    digits: frozenset[str]
    values: frozenset[float]
    words: frozenset[str]
    has_clock: bool
    has_month: bool

    @staticmethod
    def of(english: str) -> _Numbers:
        digits = {form for number in _NUMBER.findall(english) for form in (*_forms(number), *_parts(number))}
        digits |= {year[-2:] for year in digits if _is_year(year)}  # "the 1990s" are «90-е»
        cardinal = _ORDINAL.sub(lambda word: _cardinal(word[0]), english)
        words = frozenset(fold(part) for word in WORD.findall(cardinal) for part in word.split("-"))
        values = {_rounded(figure.value) for figure in find_figures(cardinal, "en")}
        values |= {NUMBERS["en"][word] for word in words if word in NUMBERS["en"]}
        return _Numbers(
            frozenset(digits),
            frozenset(values),
            words,
            bool(_CLOCK.search(english)),
            bool(_MONTH.search(english)),
        )

    def has(self, number: str) -> bool:
        """Whether a number is there in digits, or each of its parts is: those of a date, a clock time, a score."""
        if not self.digits.isdisjoint((*_forms(number), number.replace(":", ""))):  # "0230" is "02:30"
            return True
        first, *others = _parts(number)
        if self.has_month:  # "15.07.2019" is "15 July 2019"
            others = [part for part in others if len(part) > 2 or int(part or 0) > 12]
        return all(self._has_part(part) for part in (first, *others))

    def _has_part(self, part: str) -> bool:
        if part in ("", "1") or part in self.digits or (_is_year(part) and part[-2:] in self.digits):
            return True  # zeros alone, and one, which may be "a"
        if len(part) <= 4 and float(part) in self.values:
            return True
        if not self.words.isdisjoint(_OTHER_WORDS.get(part, "").split()):
            return True
        if self.has_clock and len(part) == 2 and 12 < int(part) <= 24:
            return self._has_part(str(int(part) - 12))
        return False


def _forms(number: str) -> list[str]:
    """The number with all marks as points, and where these may be groups, without: "2.000" and "2000"."""
    pointed = _SEPARATOR.sub(".", number)
    return [pointed, pointed.replace(".", "")] if _GROUPED.fullmatch(pointed) else [pointed]


def _parts(number: str) -> list[str]:
    """What stands between the marks of a number, without zeros before it; of groups the whole."""
    *_, last = _forms(number)
    return [part.lstrip("0") for part in last.split(".")]


def _is_year(digits: str) -> bool:
    return len(digits) == 4 and digits[:2] in ("17", "18", "19", "20")


def _rounded(value: float) -> float:
    return float(f"{value:.9g}")


def _cardinal(word: str) -> str:
    """Of "twenty-fifth" or "fifths" "five", of "thirtieth" and "thirties" "thirty"; any other word as it is."""
    low = word.lower()
    if low.rstrip("s") in _ORDINALS:
        return _ORDINALS[low.rstrip("s")]
    stem = low.removesuffix("s").removesuffix("th")
    stem = f"{stem[:-2]}y" if stem.endswith("ie") else stem
    stem = _ORDINALS.get(stem, stem)
    return stem if stem in NUMBERS["en"] or stem in ("hundred", "thousand", "million") else word
