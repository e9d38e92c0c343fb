"""The names by which a text calls contested actors and acts, and whether they blame, stay neutral or praise.

Words match through inflection, see `align.framing.lexicon`. Scare quotes and words such as "so-called" turn a name
negative, since with them the text keeps its distance from the name.
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
            referents |= as_mapping(mapping.get("referents", {}), "referents")
            for language, words in as_mapping(mapping.get("distance", {}), "distance").items():
                distance[language] = frozenset(
                    name_keys(entry, language) for entry in as_entries(words, f"distance.{language}")
                )
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
        return cls({language: _indexed(found) for language, found in names.items()}, distance)


def _indexed(names: Mapping[Keys, tuple[str, str]]) -> Mapping[str, tuple[tuple[Keys, str, str], ...]]:
    index: dict[str, list[tuple[Keys, str, str]]] = {}
    for keys, (referent, valence) in names.items():
        index.setdefault(keys[0], []).append((keys, referent, valence))
    return {first: tuple(sorted(found, key=lambda name: -len(name[0]))) for first, found in index.items()}


_QUOTED = re.compile('[«“„"‘]([^«»“”„"‘’]*)[»”“"’]')
_SCARE_WORDS = 4  # what is quoted at more length is somebody's speech


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
