"""Where a sentence quotes somebody, told from names that stand between quotation marks."""

import re
from collections.abc import Collection, Sequence
from itertools import compress
from operator import not_

from align.words import WORD, fold

_CLOSER = {"«": "»", "“": "”", "„": "“”", '"': '"', "”": '“"'}
_MARK = re.compile('[«»“”„"]')
_FROM_START = "»”"
_AFTER_QUOTATION = re.compile(r",?\s*[—–-]\s*[а-яё]")
_BEFORE_NAME = 80  # characters before a name that may tell that it is one
_REACH = 5  # a quotation left open goes on for so many sentences at most


Spans = list[tuple[int, int]]


def quotations(text: str, named: Collection[str], goes_on: bool = False) -> tuple[Spans, Spans]:
    """Spans of quotations and spans of names between quotation marks («Терминал»), marks included, each in order.

    `named`: folded words after which the marks hold a name in a script without capitals. `goes_on`: the text starts
    inside a quotation. One that is left open runs to the end.
    """
    spans: Spans = []
    start, closers = (0, _FROM_START + '"') if goes_on else (-1, "")
    depth = 0
    for number, match in enumerate(_MARK.finditer(text)):
        mark = match[0]
        if start < 0:
            if number == 0 and _only_closes(text, match.start(), match.end()):
                spans.append((0, match.end()))
            elif mark in _CLOSER and (mark != "”" or text[match.end() : match.end() + 1].isalnum()):
                start, closers, depth = match.start(), _CLOSER[mark], 0
        elif mark in closers and depth == 0:
            spans.append((start, match.end()))
            start = -1
        elif mark in closers:
            depth -= 1
            if _AFTER_QUOTATION.match(text, match.end()):  # «… «…», — заявил: one mark for both
                spans.append((start, match.end()))
                start = -1
        elif mark == text[start]:
            depth += 1
    if start >= 0:
        spans.append((start, len(text)))
    is_name = [_is_name(text, span, named) for span in spans]
    return list(compress(spans, map(not_, is_name))), list(compress(spans, is_name))


def _only_closes(text: str, start: int, end: int) -> bool:
    """Whether a mark with none before it ends a quotation that the text starts inside: `… at last," said Lee`."""
    ends = text[start:end] in _FROM_START or (text[start] == '"' and start > 0 and not text[start - 1].isspace())
    return ends and not text[end : end + 1].isalnum()


def carried(texts: Sequence[str], index: int) -> bool:
    """Whether a quotation that an earlier sentence opened is still open where sentence `index` starts."""
    last: list[str] = []
    for earlier in range(index - 1, max(-1, index - 1 - _REACH), -1):
        last = _MARK.findall(texts[earlier])[-1:]
        if last:
            break
    if not last or last[0] not in "«“„":
        return False
    for later in texts[index : index + _REACH]:
        first = _MARK.search(later)
        if first:
            return first[0] in _CLOSER[last[0]]
    return False


def _is_name(text: str, span: tuple[int, int], named: Collection[str]) -> bool:
    inner = text[span[0] + 1 : span[1] - 1]
    before = text[max(0, span[0] - _BEFORE_NAME) : span[0]].rstrip()
    words = WORD.findall(inner)
    if not words or len(words) > 4 or inner[-1:] in ",.!?…،؟" or not before or not (before[-1].isalnum()):
        return False
    return inner[0].isupper() or any(word in named or word[1:] in named for word in _described(before))


def _described(before: str) -> list[str]:
    """The last word, and those to which it belongs as a definite Arabic word does: سفينة الأبحاث العلمية."""
    words = [fold(word) for word in WORD.findall(before)]
    first = len(words) - 1
    while first > 0 and words[first].startswith("ال"):
        first -= 1
    return words[first:]
