"""The names by which a text calls contested actors and acts, and whether they blame, stay neutral or praise.

Words match through inflection: English in singular and plural, Russian by Snowball stems (Porter,
http://snowball.tartarus.org/), Arabic without its attached conjunctions, prepositions, article and possessives. Scare
quotes and words such as "so-called" turn a name negative, since with them the text keeps its distance from the name.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import snowballstemmer

from align.words import WORD, fold

LANGUAGES = ("en", "ru", "ar")
VALENCES = ("negative", "neutral", "positive")


@dataclass(frozen=True, slots=True)
class Mention:
    """A name of a contested referent at `start` to `end` of the text, and its valence there."""

    start: int
    end: int
    surface: str
    referent: str
    valence: str  # negative | neutral | positive


# the key of each word of a name
Keys = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class NameLexicon:
    """Names of referents and words of distance, indexed by language and first word; make it with `from_mapping`."""

    names: Mapping[str, Mapping[str, tuple[tuple[Keys, str, str], ...]]]  # keys, referent, valence; longest first
    distance: Mapping[str, frozenset[Keys]]

    @classmethod
    def from_mapping(cls, *mappings: Mapping[str, Any]) -> "NameLexicon":
        """The lexicon that parsed files describe; a later file replaces the referents that it names again.

        Where one name stands for two referents, the one listed last has it. Raises ValueError naming the key that is
        wrong.
        """
        referents: dict[str, Any] = {}
        distance: dict[str, frozenset[Keys]] = {}
        for mapping in mappings:
            if unknown := set(mapping) - {"referents", "distance"}:
                raise ValueError(f"{min(unknown)}: not a key of a lexicon of names")
            referents |= _mapping(mapping.get("referents", {}), "referents")
            for language, words in _mapping(mapping.get("distance", {}), "distance").items():
                distance[language] = frozenset(_keys(entry, language) for entry in _list(words, f"distance.{language}"))
        names: dict[str, dict[Keys, tuple[str, str]]] = {}
        for referent, by_language in referents.items():
            for language, by_valence in _mapping(by_language, f"referents.{referent}").items():
                place = f"referents.{referent}.{language}"
                if language not in LANGUAGES:
                    raise ValueError(f"{place}: not a language; there are {', '.join(LANGUAGES)}")
                for valence, entries in _mapping(by_valence, place).items():
                    if valence not in VALENCES:
                        raise ValueError(f"{place}.{valence}: not a valence; there are {', '.join(VALENCES)}")
                    for entry in _list(entries, f"{place}.{valence}"):
                        names.setdefault(language, {})[_keys(entry, language)] = (referent, valence)
        return cls({language: _indexed(found) for language, found in names.items()}, distance)


def _mapping(value: Any, place: str) -> Mapping[str, Any]:
    if not isinstance(value, Mapping):
        raise ValueError(f"{place}: expected keys with values, found {value!r}")
    return value


def _list(value: Any, place: str) -> list[str]:
    if not isinstance(value, list):
        raise ValueError(f"{place}: expected a list of names, found {value!r}")
    for entry in value:
        if not isinstance(entry, str) or not WORD.search(entry):
            raise ValueError(f"{place}: expected a name, found {entry!r}")
    return value


def _indexed(names: Mapping[Keys, tuple[str, str]]) -> Mapping[str, tuple[tuple[Keys, str, str], ...]]:
    index: dict[str, list[tuple[Keys, str, str]]] = {}
    for keys, (referent, valence) in names.items():
        index.setdefault(keys[0], []).append((keys, referent, valence))
    return {first: tuple(sorted(found, key=lambda name: -len(name[0]))) for first, found in index.items()}


def _keys(entry: str, language: str) -> Keys:
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
def _text_keys(word: str, language: str) -> tuple[str, ...]:
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


_QUOTED = re.compile('[«“„"‘]([^«»“”„"‘’]*)[»”“"’]')
_SCARE_WORDS = 4  # what is quoted at more length is somebody's speech


def find_mentions(text: str, language: str, lexicon: NameLexicon) -> list[Mention]:
    """The mentions of referents in a text, in order and without overlap: at each place the longest name."""
    names = lexicon.names.get(language)
    if not names:
        return []
    words = list(WORD.finditer(text))
    keys = [_text_keys(word[0], language) for word in words]
    scared = [match.span() for match in _QUOTED.finditer(text) if 0 < len(WORD.findall(match[1][:200])) <= _SCARE_WORDS]
    mentions: list[Mention] = []
    index = 0
    while index < len(words):
        found = _longest(keys, index, names)
        if found:
            name, referent, valence = found
            start, end = words[index].start(), words[index + len(name) - 1].end()
            if _distanced(keys, index, index + len(name), lexicon.distance.get(language, frozenset())) or any(
                first < end and start < last for first, last in scared
            ):
                valence = "negative"
            mentions.append(Mention(start, end, text[start:end], referent, valence))
        index += len(found[0]) if found else 1
    return mentions


def _longest(
    keys: list[tuple[str, ...]], index: int, names: Mapping[str, tuple[tuple[Keys, str, str], ...]]
) -> tuple[Keys, str, str] | None:
    candidates: Iterable[tuple[Keys, str, str]] = (name for key in keys[index] for name in names.get(key, ()))
    fitting = [
        name
        for name in candidates
        if index + len(name[0]) <= len(keys) and all(key in keys[index + at] for at, key in enumerate(name[0]))
    ]
    return max(fitting, key=lambda name: len(name[0]), default=None)


def _distanced(keys: list[tuple[str, ...]], start: int, end: int, distance: frozenset[Keys]) -> bool:
    """Whether a word of distance stands within two words before the name, or right after it."""
    places = [*range(max(0, start - 5), start), end]
    return any(
        all(at + offset < len(keys) and key in keys[at + offset] for offset, key in enumerate(entry))
        and (at >= end or start - (at + len(entry)) in (0, 1))
        for entry in distance
        for at in places
    )
