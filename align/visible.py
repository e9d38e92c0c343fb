"""Text as its readers see it, for comparing: without characters of no width, with letters in place of their shapes,
and with the spaces that a word's last letter makes up for.

What is shown and stored stays as it was published; offsets lead back to it.
"""

from __future__ import annotations

import re
import unicodedata

# Soft hyphens, marks of direction, joiners, byte order marks; tatweel; signs of stress on Russian vowels; and shapes of
# Arabic letters that old programs wrote in place of the letters.
UNSEEN = "\u00ad\u061c\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff"
_STRESS = "(?<=[аеёиоуыэюяАЕЁИОУЫЭЮЯ])[\u0300\u0301]"
_LEFT_OUT = re.compile(f"[{UNSEEN}\u0640]|{_STRESS}")
_SHAPES = re.compile("[\ufb50-\ufdff\ufe70-\ufefc]")
# Arabic letters that only end words, the next of which follows at once: a space that is missing is not seen there.
_RUN_ON = re.compile("(?:[ةى][\u064b-\u0652]*|\u064bا|ا\u064b)(?=[\u0622-\u063a\u0641-\u064a])")


def visible(text: str) -> str:
    return _RUN_ON.sub(r"\g<0> ", _SHAPES.sub(_letters, _LEFT_OUT.sub("", text)))


def visible_with_places(text: str) -> tuple[str, list[int] | None]:
    """The text, and where each of its characters stands in the one given; None where nothing had to change."""
    if visible(text) == text:
        return text, None
    left_out = {match.start() for match in _LEFT_OUT.finditer(text)}
    shown: list[str] = []
    places: list[int] = []
    for place, character in enumerate(text):
        if place not in left_out:
            letters = _SHAPES.sub(_letters, character)
            shown.append(letters)
            places += [place] * len(letters)
    joined = "".join(shown)
    for match in reversed(list(_RUN_ON.finditer(joined))):
        places.insert(match.end(), places[match.end()])
    return visible(text), places


def _letters(shape: re.Match[str]) -> str:
    return unicodedata.normalize("NFKC", shape[0])
