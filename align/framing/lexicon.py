"""What lexicons of framing are made of: checked entries, and words that match through inflection.

English matches in singular and plural, Russian by Snowball stems (Porter, http://snowball.tartarus.org/), Arabic
without its attached conjunctions, prepositions, article and possessives.
"""

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

import snowballstemmer

from align.words import WORD, fold

LANGUAGES = ("en", "ru", "ar")

# the key of each word of an entry
Keys = tuple[str, ...]


def as_mapping(value: Any, place: str) -> Mapping[str, Any]:
    """The value, where it is a mapping; raises ValueError naming its place otherwise."""
    if not isinstance(value, Mapping):
        raise ValueError(f"{place}: expected keys with values, found {value!r:.200}")
    return value


def as_entries(value: Any, place: str) -> list[str]:
    """The value, where it is a list of texts with a word each; raises ValueError naming its place otherwise."""
    if not isinstance(value, list):
        raise ValueError(f"{place}: expected a list of texts, found {value!r:.200}")
    for entry in value:
        if not isinstance(entry, str) or not WORD.search(entry):
            raise ValueError(f"{place}: expected a text with a word in it, found {entry!r:.200}")
    return value


def name_keys(entry: str, language: str) -> Keys:
    """The forms under which the words of an entry are kept."""
    return tuple(_name_key(word, language) for word in WORD.findall(entry))


def _singular(word: str) -> str:
    """An English noun without its plural ending; stems would make one of "shell" and "shelling"."""
    word = word.removesuffix("'s").removesuffix("'")
    if word.endswith("ies") and len(word) > 4:
        return word[:-3] + "y"
    if word.endswith(("ses", "xes", "ches", "shes")):
        return word[:-2]
    return word[:-1] if word.endswith("s") and not word.endswith(("ss", "us", "is")) and len(word) > 3 else word


def _name_key(word: str, language: str) -> str:
    """The form under which a word of a name is kept."""
    form = fold(word)
    if language == "ar":
        return _without_ending(re.sub(r"^(?:ال|لل)(?=..)", "", form))
    if language == "ru":
        # A stemmer keeps the word it works on, so it is not shared between threads; making one costs little, and the
        # callers keep what it gives.
        return str(snowballstemmer.stemmer("russian").stemWord(form))
    return _singular(form) if language == "en" else form


@lru_cache(maxsize=65_536)
def text_keys(word: str, language: str) -> tuple[str, ...]:
    """The forms under which a word of a text may be kept: several in Arabic, where what is attached cannot be told."""
    if language != "ar":
        return (_name_key(word, language),)
    form = fold(word)
    bases = [form]
    for attached in ("و", "ف", "ب", "ل", "ك"):
        bases += [base[1:] for base in bases if base[0] == attached and len(base) > 3]
    # لل is ل with the article, whose alif is not written
    bases += [base[2:] for base in bases if base.startswith(("ال", "لل")) and len(base) > 4]
    endings = [base[: -len(ending)] for base in bases for ending in ("ها", "هم", "ه", "نا") if base.endswith(ending)]
    return tuple(
        dict.fromkeys(_without_ending(base) for base in [*bases, *(base for base in endings if len(base) > 2)])
    )


def _without_ending(form: str) -> str:
    """An Arabic word without its ta marbuta, which becomes ت before a possessive; ى as ي."""
    form = form.replace("ى", "ي")
    return form[:-1] if form[-1] in "ةت" and len(form) > 3 else form
