"""Where a Russian subject stands beside a place or an object that precede the verb as it may itself."""

import re

from align.tokens import Sentence, Span

_PLURAL = re.compile(r"(?:[кгхшжчщ]и|[^м]ения|[ыи]е|тери|[^аеиоуыэюя]ы)$")
_ADJECTIVE = re.compile(r"(?:[иыо]й|ая|яя|ое)$")
_PREPOSITIONAL = re.compile(r"(?:[ое]м|[ое]й|[иы]х)$")
_PARTS_OF_TIME = ("ходе", "время", "рамках", "ответ")  # "в ходе допроса"
_ACCUSATIVE = re.compile(r"(?:[ыи]е|[ую]ю)$")


def is_plural(verb: str) -> bool:
    """Whether a verb is in the plural."""
    return verb.endswith(("ли", "ют", "ут", "ят", "ат", "ны"))


def after_place(sentence: Sentence, start: int) -> int:
    """The index after words that tell where it was said, «на новостном сайте», if more follow; else `start`."""
    if not sentence.is_place(start):
        return start
    end = start + 1 + (sentence.form(start + 1) in _PARTS_OF_TIME)
    while _PREPOSITIONAL.search(sentence.form(end)) and sentence.is_word(end + 1):
        end += 1
    return end + 1 if sentence.is_word(end + 1) else start


def subject_beside_object(sentence: Sentence, start: int, end: int, rest: int, verb: str) -> Span | None:
    """The subject of a verb in the words `start` to `end` before it, where its object begins or ends them.

    «Обвинения в подкупе компания отвергает», «Потери в Баку оценивают в 30 человек», «В Киеве эти слухи отвергли».
    `rest`: the index after the verb. None where no object shows: by a plural that the verb does not share, or beside a
    place.
    """
    if sentence.starting("complementisers", rest + (sentence.form(rest) == ",")):
        return None
    last = end
    while last - 1 > start and sentence.is_capital(last - 1):
        last -= 1
    if is_plural(verb):
        if sentence.is_place(start):
            names = start + 1
            while names < end and not _ACCUSATIVE.search(sentence.form(names)):
                names += 1
            return (start, names) if start + 1 < names else None
        return (last - 1, end) if start < last - 1 and last < end and sentence.is_place(last - 1) else None
    if not _PLURAL.search(sentence.form(start)):
        return None
    first = last - (last == end)
    while first > start and _ADJECTIVE.search(sentence.form(first - 1)):
        first -= 1
    return (first, end) if first > start else None
