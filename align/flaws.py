"""What is plainly wrong with a translation, whatever it means."""

from __future__ import annotations

import re
from collections.abc import Mapping

from align.survival import FIXED, find_lost

_WORD = re.compile(r"[^\W_]")
_LETTER = re.compile(r"[^\W\d_]")
_LETTERS: Mapping[str, re.Pattern[str]] = {
    "ru": re.compile(r"[\u0400-\u052f]"),
    "ar": re.compile(r"[\u0620-\u064a\u066e-\u06d3\u0750-\u077f\ufb50-\ufdfb\ufe70-\ufefc]"),
}
_TOKEN = re.compile(r"\d[\d.,]*|[^\W\d_]+")
_LONGEST_PHRASE = 16  # words that are looked for as a loop
_TURNS = 3  # of a phrase, and one more of a single word, are a loop: "very, very, very" is none
_CHARACTER_LOOP = re.compile(r"([^\s\d]{1,8}?)(?:\s?\1){11,}")
# Of 4,333 references (gold, FLORES, NTREX) one alone is so long, and that belongs to another sentence.
_LONGER, _LONGER_ANYWAY = 2, 40
_SHOWN = 60  # characters of what is lost


def find_flaw(text: str, english: str, language: str) -> str | None:
    """`empty`, `copied`, `repetition`, `endless` or `lost ` with the address, number, Latin name or marks; else None.

    Of several the gravest, and only what is so for sure. language: ISO 639-1, of the text.
    """
    if not _WORD.search(english):
        return "empty" if _WORD.search(text) else None
    if _is_copied(english, language):
        return "copied"
    if _is_loop(text, english):
        return "repetition"
    if len(english) > _LONGER * len(text) + _LONGER_ANYWAY:
        return "endless"
    lost = next(find_lost(text, english, language), None)
    if lost is None:
        return None
    return f"lost {lost if len(lost) <= _SHOWN else lost[: _SHOWN - 1] + '…'}"


def gravity(flaw: str | None) -> int:
    """How grave a flaw is beside others: 0 for none."""
    return 0 if flaw is None else {"empty": 4, "copied": 3, "repetition": 2, "endless": 2}.get(flaw, 1)


def _is_copied(english: str, language: str) -> bool:
    """Whether more than half of the letters are of the source's script. Latin words in the source may be copied."""
    if language not in _LETTERS:
        return False
    said = FIXED.sub(" ", english)
    return 2 * len(_LETTERS[language].findall(said)) > len(_LETTER.findall(said))


def _is_loop(text: str, english: str) -> bool:
    """Whether a phrase, a word or a few characters are said over and over, and much more often than in the source."""
    if _CHARACTER_LOOP.search(english) and not _CHARACTER_LOOP.search(text):
        return True
    turns = _most_turns(english)
    return turns >= _TURNS and turns > 2 * _most_turns(text)


def _most_turns(text: str) -> int:
    """How many times in a row the phrase is said that is said most often in a row; a single word counts one less."""
    words = [word.lower() for word in _TOKEN.findall(text)]
    most = 1
    for size in range(1, min(_LONGEST_PHRASE, len(words) // 2) + 1):
        same = 0
        for word, earlier in zip(words[size:], words, strict=False):
            same = same + 1 if word == earlier else 0
            most = max(most, same // size + (size > 1))
    return most
