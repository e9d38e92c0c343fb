"""One form for words that differ in spelling only: case, ё, Arabic vowel signs, tatweel and the seats of the hamza."""

import re

from align.visible import UNSEEN, visible

ARABIC_SIGNS = re.compile("[\u0640\u064b-\u065f\u0670]")
_FOLDED = str.maketrans("ёأإآٱ’ʼ", "еاااا''")

# A word with what joins its parts: "Ter-Ghazaryan", "don't", "2.5", "OPEC+"; Arabic vowel signs are marks, not letters.
# Characters of no width part no word, and end none.
_IN_WORD = rf"(?:[\w\u0300\u0301\u064b-\u065f\u0670]|[{UNSEEN}]+(?=\w))"
WORD = re.compile(rf"\w{_IN_WORD}*(?:[-'’ʼ.&]{_IN_WORD}+)*\+?")


def fold(word: str) -> str:
    """The word in the form in which it is compared, never empty for a word that is not; its length may differ."""
    return ARABIC_SIGNS.sub("", visible(word).lower().translate(_FOLDED)) or word
