"""Article text to statements: sentences with character offsets, in English, Russian and Arabic.

`sentencex` (Wikimedia, MIT) finds the sentence ends. Around it stands a thin repair: lines are separated before it
runs, and pieces that it cuts from one sentence (after Russian and Arabic abbreviations, or between a quotation and the
words that report it) are put together again.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

import sentencex

# No sentence of a news text is longer. The library's time grows with the square of what it is given when quotes stay
# open, so it never sees more than this at once.
_WINDOW = 8_000

_LINE_BREAK = re.compile(r"\r\n|[\n\r\v\f\x1c-\x1e\x85\u2028\u2029]")
_BULLET = re.compile(r"\s*(?:[•‣▪●◦■□▶►*+]|[-–](?=\s)|\(?\d{1,2}[.)](?=\s)|\(?[a-zа-я]\)(?=\s))")
_TERMINAL = re.compile(r"[.!?…؟:;؛۔][)\]»”’\"']*\s*$")
_UNFINISHED = re.compile(r"[,،\-–—]\s*$")
_OPENING = "«“„\"'‘([ \t"
_CLOSES_OR_CONTINUES = tuple(",;:،؛.!?…؟)]}»”’%")
_REPORTING_DASH = re.compile(r"[-–—]\s*(\w)")
_ASIDE = re.compile(r"[(\[][^()\[\]]*[.!?…؟][)\]](?=\s)")
_SURROGATE = re.compile(r"[\ud800-\udfff]")
_LIST_NUMBER = re.compile(r"\(?(?:\d{1,3}|\w)[.)]\s*$")

# What stands before a name, and before a number, and so ends no sentence there.
_BEFORE_NAME = {
    "en": "adm brig capt cmdr col cpl gen gov hon insp lt maj messrs mr mrs ms mx msgr pfc pres prof pvt rep rev sen "
    "sgt st supt cf e.g i.e vs dr",
    "ru": "адм акад бульв вице-адм г ген ген.-лейт ген.-майор гр дер доц им ин-т кап лейт наб обл оз пер пл полк "
    "подп подполк пос пр проф просп р респ с св сен серж см ср ст т ул фр чл ш т.е т.н т.к",
}
_BEFORE_NUMBER = {
    "en": "approx ca fig no nos p pp sec art vol ch",
    "ru": "гл д к кв корп п пп пр рис с см ст стр табл тел ч",
}
_LAST_TOKEN = re.compile(r"(\S{1,12})\.\s*$")
_ARABIC_INITIAL = re.compile(r"(?<![\w.])(?<!\d )(?:[\u0621-\u064a]\. ?){1,3}$")
_ARABIC_GOES_ON = re.compile(r"(?:ثم|بل|أو|لكن|لكنه|لكنها|حتى|إلا|أم)\s")


@dataclass(frozen=True, slots=True)
class Statement:
    """One sentence of an article: its place in order, and the characters `start` to `end` of the article's text."""

    position: int
    start: int
    end: int
    text: str


def split_statements(text: str, language: str) -> list[Statement]:
    """The statements of a text, in order; `text[s.start:s.end] == s.text`, and only white space is left out.

    A blank line always ends a statement, so does the end of a line unless the next one plainly goes on with it. Time
    grows linearly with the text. An unknown language is read by the library's rules for its nearest relative.
    """
    statements: list[Statement] = []
    # The library reads UTF-8, where half a surrogate pair cannot be; a stand-in keeps the offsets.
    readable = _SURROGATE.sub("\ufffd", text)
    for block_start, block_end in _blocks(readable):
        for start, end in _sentences(readable, block_start, block_end, language):
            sentence = text[start:end]
            start += len(sentence) - len(sentence.lstrip())
            sentence = sentence.strip()
            if sentence:
                statements.append(Statement(len(statements), start, start + len(sentence), sentence))
    return statements


def _blocks(text: str) -> Iterator[tuple[int, int]]:
    """Runs of lines that belong together: usually single lines, since extracted articles have a line a paragraph."""
    block: tuple[int, int] | None = None
    start = 0
    for match in [*_LINE_BREAK.finditer(text), None]:
        end = match.start() if match else len(text)
        line = text[start:end]
        if block and line.strip() and _goes_on(text[max(block[0], block[1] - 80) : block[1]], line):
            block = (block[0], end)
        else:
            if block:
                yield block
            block = (start, end) if line.strip() else None
        start = match.end() if match else end
    if block:
        yield block


def _goes_on(before: str, line: str) -> bool:
    """Whether a line is the rest of a hard-wrapped one: nothing ended there, and it starts in the middle."""
    if _BULLET.match(line) or _TERMINAL.search(before):
        return False
    return _UNFINISHED.search(before) is not None or line.lstrip(_OPENING)[:1].islower()


def _sentences(text: str, start: int, end: int, language: str) -> Iterator[tuple[int, int]]:
    """Sentence spans of one block: the library's pieces, with those put together that are one sentence."""
    current: tuple[int, int] | None = None
    for piece in _pieces(text, start, end, language):
        # Just the end of what came before: a sentence of a thousand pieces must not be read a thousand times.
        if current and _same_sentence(
            text[max(current[0], current[1] - 40) : current[1]], text[piece[0] : piece[1]], language
        ):
            current = (current[0], piece[1])
        else:
            if current:
                yield current
            current = piece
    if current:
        yield current


def _pieces(text: str, start: int, end: int, language: str) -> Iterator[tuple[int, int]]:
    """The library's sentences, read in windows; the last of a full window is read again with what follows it."""
    while start < end:
        window = _LINE_BREAK.sub(lambda match: " " * len(match[0]), text[start : min(end, start + _WINDOW)])
        bounds = [boundary["end_index"] for boundary in sentencex.get_sentence_boundaries(language, window)]
        if start + len(window) < end and len(bounds) > 1:
            bounds.pop()
        last = 0
        for bound in bounds:
            aside = _ASIDE.match(window, last, bound)
            if aside:
                yield start + last, start + aside.end()
                last = aside.end()
            yield start + last, start + bound
            last = bound
        start += last or len(window)


def _same_sentence(tail: str, after: str, language: str) -> bool:
    """Whether the library cut one sentence in two between `tail`, the end of one piece, and the piece `after`."""
    tail, head = tail.strip(), after[:40].lstrip()
    if head.startswith(_CLOSES_OR_CONTINUES) or not any(map(str.isalnum, after)):
        return True
    if _LIST_NUMBER.fullmatch(tail):
        return True
    dash = _REPORTING_DASH.match(head)
    if dash:
        return dash[1].islower()
    word = head.lstrip(_OPENING)
    if word[:1].islower() and not word[1:2].isupper():  # not iPhone, eBay
        return True
    if language == "ar":
        return bool(_ARABIC_INITIAL.search(tail) or (tail.endswith(("...", "…")) and _ARABIC_GOES_ON.match(word)))
    token = _LAST_TOKEN.search(tail)
    known = _BEFORE_NUMBER if word[:1].isdigit() else _BEFORE_NAME
    return bool(token and token[1].lstrip(_OPENING).lower() in known.get(language, "").split())
