"""The numbers in a statement, with what they count: digits, scale words, number words, percent, money, people.

Digits may be Western or Arabic-Indic, grouped and pointed in the ways of the three languages. Years, dates, clock
times, fractions and numbers inside names (COVID-19, Group of Seven) are left out, and so is "one", unless a known unit
stands beside it.
"""

import math
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import pairwise

from align.number_words import (
    BOUNDS_AFTER,
    BOUNDS_BEFORE,
    FAR_UNITS,
    FRACTIONS,
    NUMBERS,
    NUMBERS_AFTER_NOUN,
    NUMBERS_IN_COMPOUNDS,
    ORDINALS_BEFORE_TEN,
    RANGES,
    SCALES,
    UNITS,
)
from align.visible import visible_with_places
from align.words import WORD, fold


@dataclass(frozen=True, slots=True)
class Figure:
    """A number at `start` to `end` of the text: its plain value and what it counts.

    unit: 'percent', 'people', a currency ('USD', 'EUR', 'RUB', ...), a measure ('barrels', 'kilometres', 'days', ...),
    or None where nothing known is counted.
    bound: 'at least', 'at most', 'about', 'from' and 'to' for the two ends of a range; None where it is said as exact.
    """

    start: int
    end: int
    surface: str
    value: float
    unit: str | None
    bound: str | None = None


_WESTERN = str.maketrans("٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹٫٬\u00a0\u202f\u2009'’", "01234567890123456789.,     ")
_DIGITS = re.compile(
    r"(?<![^\W\u0621-\u064a])(?<![.,٫٬/:№#])(?<![^\W\d]-)(?<!\bNo\. )"  # an Arabic و or ب may be attached
    r"(?:\d{1,3}(?:[ \u00a0\u202f\u2009]\d{3}(?!\d))+|\d{1,3}(?:[,٬.'’]\d{3}(?!\d))+|\d+)(?:[.,٫]\d+)?"
    r"(?![\d/:]|[.,٫]\d|st\b|nd\b|rd\b|th\b|-?(?:го|му|й|я|е|х|м|ю|ми|летн\w+|миллиметров\w+)\b)"
)
_SIGNS = {
    "$": "USD",
    "€": "EUR",
    "£": "GBP",
    "₽": "RUB",
    "¥": "JPY",
    "₹": "INR",
    "₴": "UAH",
    "%": "percent",
    "٪": "percent",
}
_SIGN_BEFORE = re.compile(r"[$€£₽¥₹₴]\s?$")
_SIGN_AFTER = re.compile(r"\s?([%٪$€£₽¥₹₴])")
_DASH = re.compile(r"[-–—]")
_NAMED = {
    "en": re.compile(r"\b(?:Interstate|Route|Highway|Article|Resolution|Flight|Channel|Boeing|Airbus|Chapter)\s$"),
    "ru": re.compile(r"\b(?:стать[яеию]|статей|резолюци[яиюей]+|рейс\w{0,2}|трасс[аеуы])\s(?:№\s?)?$", re.I),
    "ar": re.compile(r"(?:مجموعة|المادة|القرار|الرحلة|الطريق)\s(?:رقم\s)?$"),
}
_PART_OF_GROUP = {
    "en": re.compile(r"\s+of\b", re.I),
    "ru": re.compile(r"\s+из\b", re.I),
    "ar": re.compile(r"\s+من\b"),
}
_FRACTION_AFTER = re.compile(r"-(?:half|halves|thirds?|quarters?|fifths?|sixths?|sevenths?|eighths?|ninths?|tenths?)\b")
_TEN = frozenset({"عشر", "عشرة"})
_BEFORE = 40  # characters of text before a figure in which its bound and its noun are looked for
_GAP = re.compile(r"[\s\u00a0-]*")
_ISO_DATE = re.compile(r"\b\d{4}-\d\d-\d\d\b|\b\d{1,2}\.\d{1,2}\.\d{2,4}\b")
_MONTHS = {
    "en": r"jan(?:uary)?|feb(?:ruary)?|march|april|may|june|july|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?"
    r"|dec(?:ember)?",
    "ru": r"январ\w+|феврал\w+|марта|апрел\w+|мая|июн\w+|июл\w+|августа|сентябр\w+|октябр\w+|ноябр\w+|декабр\w+",
    "ar": r"يناير|فبراير|مارس|[اأ]بريل|مايو|يونيو|يوليو|[اأ]غسطس|سبتمبر|[اأ]كتوبر|نوفمبر|ديسمبر|كانون|شباط"
    r"|[اآ]ذار|نيسان|[اأ]يار|حزيران|تموز|[اآ]ب|[اأ]يلول|تشرين",
}
_MONTH_AFTER = {code: re.compile(rf"\s+(?:of\s+|من\s+)?(?:{names})\b", re.I) for code, names in _MONTHS.items()}
_MONTH_BEFORE = {code: re.compile(rf"\b(?:{names})\.?\s+$", re.I) for code, names in _MONTHS.items()}
_YEAR_AFTER = re.compile(r"\s+(?:год(?:а|у|ом|ов|ы|ах)?\b|г\.|гг\.)")
_CLOCK_AFTER = re.compile(r"\s*(?:[ap]\.?m\b|o['’]clock)", re.I)

MOST_WORDS = 50_000
"""The words of which it is kept whether they are number words."""

_LONGEST = 24  # characters; what is longer is an account or a code, not a count

# a number: its span, and its value
_Number = tuple[int, int, float]


def find_figures(text: str, language: str) -> list[Figure]:
    """The figures of a text, in order and without overlap; of an unknown language just the digits are read."""
    shown, places = visible_with_places(text)
    figures = _find_figures(shown, language)
    if places is None:
        return figures
    spans = [(places[figure.start], places[figure.end - 1] + 1) for figure in figures]
    return [
        replace(figure, start=start, end=end, surface=text[start:end])
        for figure, (start, end) in zip(figures, spans, strict=True)
    ]


def figure_values(text: str, language: str) -> set[float]:
    """The values alone."""
    return {figure.value for figure in find_figures(text, language)}


def _find_figures(text: str, language: str) -> list[Figure]:
    figures: list[Figure] = []
    for start, end, value in sorted([*_in_digits(text, language), *numbers_in_words(text, language)]):
        if (not figures or start >= figures[-1].end) and not _is_no_count(text, start, end, language):
            unit = _unit(text, start, end, language)
            if text[start].isdigit() or value != 1 or (unit and not _is_part(text, end, language)):
                bound = _bound(text, start, end, language)
                figures.append(Figure(start, end, text[start:end], value, unit, bound))
    return _with_ranges(figures, text, language)


def _is_no_count(text: str, start: int, end: int, language: str) -> bool:
    """Whether a number is part of a name ("Interstate 95", "Group of Seven"), of a fraction or of an ordinal."""
    before = text[max(0, start - _BEFORE) : start]
    named = _NAMED.get(language)
    if named and named.search(before):
        return True
    if language == "ar":
        form = fold(text[start:end])
        return form in NUMBERS_IN_COMPOUNDS or (form in _TEN and bool(ORDINALS_BEFORE_TEN.search(before)))
    if language != "en" or text[start].isdigit():
        return False
    return bool(_FRACTION_AFTER.match(text, end)) or (text[start].isupper() and bool(re.search(r"\w\s$", before)))


def _is_part(text: str, end: int, language: str) -> bool:
    """Whether "one" is one of several: "one of the soldiers"."""
    part = _PART_OF_GROUP.get(language)
    return bool(part and part.match(text, end))


def _bound(text: str, start: int, end: int, language: str) -> str | None:
    before = text[max(0, start - _BEFORE) : start].lower()
    for bound, pattern in BOUNDS_BEFORE.get(language, ()):
        if pattern.search(before):
            return bound
    after = BOUNDS_AFTER.get(language)
    return "at least" if after and after.match(text, end) else None


def _with_ranges(figures: list[Figure], text: str, language: str) -> list[Figure]:
    """The figures, the first of "20 to 40 thousand soldiers" with the scale and the unit of the second."""
    for index, (first, second) in enumerate(pairwise(figures)):
        if (first.unit or second.unit) == second.unit and _is_range(text, first, second, language):
            value = first.value * _scale_of(second.surface, language)
            if first.value >= 1000 or value > 10 * second.value:  # "from 400 to 2 million" is no 400 million
                value = first.value
            figures[index] = replace(first, value=value, unit=second.unit, bound="from")
            figures[index + 1] = replace(second, bound="to")
    return figures


def _is_range(text: str, first: Figure, second: Figure, language: str) -> bool:
    between = text[first.end : second.start]
    if _DASH.fullmatch(between):
        return True
    around = f"{text[max(0, first.start - _BEFORE) : first.start]}\0{between}".lower()
    return language in RANGES and bool(RANGES[language].search(around))


def _scale_of(surface: str, language: str) -> float:
    """What the scale words from a thousand on multiply a figure by."""
    if digits := _DIGITS.match(surface):
        return scale_after(surface, digits.end(), language)[1]
    scales = SCALES.get(language, {})
    factors = [scales.get(fold(word), 1.0) for word in WORD.findall(surface)]
    return math.prod(factor for factor in factors if factor >= 1000)


def _in_digits(text: str, language: str) -> Iterator[_Number]:
    undated = _ISO_DATE.sub(lambda match: "/" * len(match[0]), text)
    for match in _DIGITS.finditer(undated):
        start, end = match.span()
        if end - start > _LONGEST or _is_date(text, start, end, language):
            continue
        value = digits_value(match[0], language)
        end, scale = scale_after(text, end, language)
        yield start, end, value * scale


def _is_date(text: str, start: int, end: int, language: str) -> bool:
    """Whether a number in digits is a year, the day of a month or an hour."""
    if end - start > 4 or not text[start:end].isdecimal():
        return False
    number = int(text[start:end])
    if end - start == 4:
        if _YEAR_AFTER.match(text, end):
            return True
        return (
            1900 <= number <= 2099
            and scale_after(text, end, language)[1] == 1
            and not _unit(text, start, end, language)
        )
    after, before = _MONTH_AFTER.get(language), _MONTH_BEFORE.get(language)
    near_month = bool(
        (after and after.match(text, end)) or (before and before.search(text[max(0, start - 15) : start]))
    )
    return bool(_CLOCK_AFTER.match(text, end)) or (1 <= number <= 31 and near_month)


def digits_value(digits: str, language: str) -> float:
    """The value of "1,234.5", "1 234,5", "1.234.567" or "١٬٢٣٤٫٥"; what the language does not say is read as groups."""
    number = digits.translate(_WESTERN).replace(" ", "")
    last = max(number.rfind(","), number.rfind("."))
    if last < 0:
        return float(number)
    whole, mark, rest = number[:last].replace(",", "").replace(".", ""), number[last], number[last + 1 :]
    groups = mark == ("." if language == "ru" else ",") or number.count(mark) > 1
    return float(whole + rest) if groups and len(rest) == 3 and whole != "0" else float(f"{whole}.{rest}")


def scale_after(text: str, end: int, language: str) -> tuple[int, float]:
    """Where the scale words after a number end, and what they multiply it by: "2.5 million", "3 тыс.", "5bn"."""
    scales = SCALES.get(language, {})
    scale = 1.0
    while (word := WORD.match(text, at := _skip(text, end), at + _LONGEST)) and (factor := scales.get(fold(word[0]))):
        if len(word[0]) <= 2 and word.start() > end:  # "5 m" is five metres, "5m" five million
            break
        scale *= factor
        end = word.end()
        if fold(word[0]) in ("тыс", "млн", "млрд", "трлн") and text[end : end + 1] == ".":
            end += 1
    return end, scale


def _skip(text: str, position: int) -> int:
    gap = _GAP.match(text, position)
    return gap.end() if gap else position


def numbers_in_words(text: str, language: str) -> Iterator[_Number]:
    """Numbers in words: "twenty-five thousand", «двух тысяч», خمسة وعشرين ألفا."""
    run: list[tuple[int, int, str]] = []
    for match in WORD.finditer(text):
        if not run and not _has_number(match[0], language):
            continue
        if run and text[run[-1][1] : match.start()].strip(" \u00a0-"):
            yield from _evaluated(run, language)
            run = []
        position = match.start()
        for part in match[0].split("-"):
            form = _number_form(fold(part), language, bool(run))
            if form:
                attached = language == "ar" and not _known(fold(part), language)
                run.append((position + attached, position + len(part), form))
            elif run:
                yield from _evaluated(run, language)
                run = []
            position += len(part) + 1
    yield from _evaluated(run, language)


@lru_cache(MOST_WORDS)
def _has_number(word: str, language: str) -> bool:
    """Whether a part of a word is a number word; of nearly all words none is."""
    return any(_number_form(fold(part), language, False) for part in word.split("-"))


def _number_form(form: str, language: str, inside: bool) -> str | None:
    """The word as the tables have it, or None where it is no number word. `inside`: a number word stands before."""
    if _known(form, language):
        return form
    if language == "en" and inside and form == "and":
        return form
    if language == "ar" and form[:1] in tuple("وبلف") and len(form) > 3:
        rest = form[1:]
        if _known(rest, language):
            return ("+" if form[0] == "و" else "") + rest
    return None


def _known(form: str, language: str) -> bool:
    return any(form in table.get(language, ()) for table in (NUMBERS, FRACTIONS, SCALES))


def _evaluated(run: Sequence[tuple[int, int, str]], language: str) -> Iterator[_Number]:
    """The numbers in a run of number words; words that do not add up are numbers of their own: "two, three"."""
    numbers, scales, fractions = (table.get(language, {}) for table in (NUMBERS, SCALES, FRACTIONS))
    start = end = -1
    total = current = 0.0
    for index, (first, last, marked) in enumerate(run):
        form, joined = marked.lstrip("+"), marked[0] == "+"
        scale = scales.get(form)
        value = numbers.get(form)
        if value is None and form in fractions:
            following = [word for _, _, word in run[index + 1 : index + 3]]
            if any(word in scales for word in following) and not (form == "a" and current):
                value = fractions[form]
        if scale and (current or value is None) and (current or total == 0) and start >= 0 and not joined:
            factor = (current or 1.0) * scale
            total, current = (total, factor) if scale == 100 else (total + factor, 0.0)
            end = last
        elif value is not None:
            if start >= 0 and not _adds(total, current, value, joined, language):
                yield start, end, total + current
                start, total, current = -1, 0.0, 0.0
            start, end, current = (first if start < 0 else start), last, current + value
    if start >= 0:
        yield start, end, total + current


def _adds(total: float, current: float, value: float, joined: bool, language: str) -> bool:
    """Whether a number word goes on with the number before it: "twenty five", خمسة عشر, "thousand two hundred"."""
    if current == 0:
        return value < 1000 and total > 0
    if language == "ar" and current % 100 < 10 and (value == 10 or joined) and value < 100:
        return current % 100 > 0 or joined
    low = 100 if current % 100 == 0 else 10 if current % 10 == 0 else 1
    return value < low


def _unit(text: str, start: int, end: int, language: str) -> str | None:
    """What a number counts: the sign or word beside it, or people within three words."""
    if before := _SIGN_BEFORE.search(text[max(0, start - 2) : start]):
        return _SIGNS[before[0][0]]
    if after := _SIGN_AFTER.match(text, end):
        return _SIGNS[after[1]]
    if fold(text[start:end]) in NUMBERS_AFTER_NOUN.get(language, ()) and (unit := _unit_before(text, start, language)):
        return unit
    position = _skip(text, end)
    for step in range(4):
        word = WORD.match(text, position, position + _LONGEST)
        if word is None or word[0][0].isdigit() or (step and _number_form(fold(word[0]), language, False)):
            return None
        rest = fold(text[position : word.end() + 12])
        for unit, pattern in UNITS.get(language, ()):
            if (step == 0 or unit in FAR_UNITS) and pattern.match(rest):
                return unit or None
        position = word.end()
        while text[position : position + 1] in (" ", "\u00a0"):
            position += 1
    return None


def _unit_before(text: str, start: int, language: str) -> str | None:
    """What the noun before a number counts, the number's own place in Arabic: "الأيام الثلاثة", "جنديين اثنين"."""
    words = WORD.findall(text[max(0, start - _BEFORE) : start])[-2:]
    for step, word in enumerate(reversed(words)):
        form = fold(word).removeprefix("و").removeprefix("ال")
        for unit, pattern in UNITS.get(language, ()):
            if (step == 0 or unit in FAR_UNITS) and pattern.fullmatch(form):
                return unit or None
    return None
