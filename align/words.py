"""One form for words that differ in spelling only: case, ё, Arabic vowel signs, tatweel and the seats of the hamza."""

import re

ARABIC_SIGNS = re.compile("[\u0640\u064b-\u065f\u0670]")
_FOLDED = str.maketrans("ёأإآٱ’ʼ", "еاااا''")

# A word with what joins its parts: "Ter-Ghazaryan", "don't", "2.5", "OPEC+"; Arabic vowel signs are marks, not letters.
WORD = re.compile(r"\w[\w\u064b-\u065f\u0670]*(?:[-'’ʼ.&][\w\u064b-\u065f\u0670]+)*\+?")


def fold(word: str) -> str:
    """The word in the form in which it is compared, never empty for a word that is not; its length may differ."""
    return ARABIC_SIGNS.sub("", word.lower().translate(_FOLDED)) or word
