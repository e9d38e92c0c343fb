"""The names by which a text calls contested actors and acts, and whether they blame, stay neutral or praise.

Words match through inflection, see `align.framing.lexicon`. Scare quotes and words such as "so-called" turn a name
negative, since with them the text keeps its distance from the name; a loaded word beside a neutral name, such as
"provocative" or "heroic", lends it its valence.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from align.framing.lexicon import LANGUAGES, Keys, as_entries, as_mapping, name_keys, text_keys
from align.words import WORD

VALENCES = ("negative", "neutral", "positive")


@dataclass(frozen=True, slots=True)
class Mention:
    """A name of a contested referent at `start` to `end` of the text, and its valence there."""

    start: int
    end: int
    surface: str
    referent: str
    valence: str  # negative | neutral | positive


@dataclass(frozen=True, slots=True)
class NameLexicon:
    """Names of referents, words of distance and loaded words; make it with `from_mapping`."""

    # by language and first word: keys, referent, valence; longest first
    names: Mapping[str, Mapping[str, tuple[tuple[Keys, str, str], ...]]]
    distance: Mapping[str, frozenset[Keys]]
    loaded: Mapping[str, Mapping[str, str]]  # by language: the key of a word, its valence

    @classmethod
    def from_mapping(cls, *mappings: Mapping[str, Any]) -> "NameLexicon":
        """The lexicon that parsed files describe; a later file replaces the referents that it names again.

        Where one name stands for two referents, the one listed last has it. Raises ValueError naming the key that is
        wrong.
        """
        referents: dict[str, Any] = {}
        distance: dict[str, frozenset[Keys]] = {}
        loaded: dict[str, dict[str, str]] = {}
        for mapping in mappings:
            if unknown := set(mapping) - {"referents", "distance", "loaded"}:
                raise ValueError(f"{min(unknown)}: not a key of a lexicon of names")
            referents |= as_mapping(mapping.get("referents", {}), "referents")
            for language, words in as_mapping(mapping.get("distance", {}), "distance").items():
                distance[language] = frozenset(
                    name_keys(entry, language) for entry in as_entries(words, f"distance.{language}")
                )
            for language, by_valence in as_mapping(mapping.get("loaded", {}), "loaded").items():
                loaded[language] = _loaded_words(by_valence, language)
        names: dict[str, dict[Keys, tuple[str, str]]] = {}
        for referent, by_language in referents.items():
            for language, by_valence in as_mapping(by_language, f"referents.{referent}").items():
                place = f"referents.{referent}.{language}"
                if language not in LANGUAGES:
                    raise ValueError(f"{place}: not a language; there are {', '.join(LANGUAGES)}")
                for valence, entries in as_mapping(by_valence, place).items():
                    if valence not in VALENCES:
                        raise ValueError(f"{place}.{valence}: not a valence; there are {', '.join(VALENCES)}")
                    for entry in as_entries(entries, f"{place}.{valence}"):
                        names.setdefault(language, {})[name_keys(entry, language)] = (referent, valence)
        return cls({language: _indexed(found) for language, found in names.items()}, distance, loaded)


def _loaded_words(by_valence: Any, language: str) -> dict[str, str]:
    words: dict[str, str] = {}
    for valence, entries in as_mapping(by_valence, f"loaded.{language}").items():
        place = f"loaded.{language}.{valence}"
        if valence not in VALENCES:
            raise ValueError(f"{place}: not a valence; there are {', '.join(VALENCES)}")
        for entry in as_entries(entries, place):
            keys = name_keys(entry, language)
            if len(keys) > 1:
                raise ValueError(f"{place}: expected single words, found {entry!r:.200}")
            words[keys[0]] = valence
    return words


def _indexed(names: Mapping[Keys, tuple[str, str]]) -> Mapping[str, tuple[tuple[Keys, str, str], ...]]:
    index: dict[str, list[tuple[Keys, str, str]]] = {}
    for keys, (referent, valence) in names.items():
        index.setdefault(keys[0], []).append((keys, referent, valence))
    return {first: tuple(sorted(found, key=lambda name: -len(name[0]))) for first, found in index.items()}


_QUOTED = re.compile('[«“„"‘]([^«»“”„"‘’]*)[»”“"’]')
_SCARE_WORDS = 4  # what is quoted at more length is somebody's speech
_PARTING_WORDS = 3
_ENDING = re.compile(r"[.;:!?؛؟()]")


def find_mentions(text: str, language: str, lexicon: NameLexicon) -> list[Mention]:
    """The mentions of referents in a text, in order and without overlap: at each place the longest name."""
    names = lexicon.names.get(language)
    if not names:
        return []
    words = list(WORD.finditer(text))
    keys = [text_keys(word[0], language) for word in words]
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
            elif valence == "neutral":
                place = range(index, index + len(name))
                valence = _loading(text, words, place, language, scared, lexicon.loaded.get(language, {})) or valence
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


def _loading(
    text: str,
    words: list[re.Match[str]],
    name: range,
    language: str,
    quoted: list[tuple[int, int]],
    loaded: Mapping[str, str],
) -> str | None:
    """The valence of a loaded word right beside a name, or parted from it by proper names and compounds only."""
    # An adjective follows its noun in Arabic alone.
    for step, at in ((-1, name.start - 1), *([(1, name.stop)] if language == "ar" else [])):
        for place in range(at, at + step * (_PARTING_WORDS + 1), step):
            if not 0 <= place < len(words):
                break
            word = words[place]
            between = text[word.end() : words[name.start].start()] or text[words[name.stop - 1].end() : word.start()]
            if _ENDING.search(between):
                break
            if valence := next((loaded[key] for key in text_keys(word[0], language) if key in loaded), None):
                return valence
            is_quoted = any(first < word.start() < last for first, last in quoted)
            if not (is_quoted or "-" in word[0] or word[0][0].isupper()):
                break
    return None
