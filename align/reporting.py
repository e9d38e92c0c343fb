"""The reporting expressions of a language: by which words an article says that somebody says something."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from align.words import fold

STANCES = ("neutral", "endorsing", "distancing", "emphatic", "denying")

# expression as folded words
Words = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Expression:
    """A reporting expression: its words, how it presents what is reported, and how much it needs beside it."""

    words: Words
    stance: str
    is_phrase: bool  # the speaker follows, as after "according to"; otherwise a verb
    is_weak: bool  # reports only beside a quotation or a complementiser


@dataclass(frozen=True, slots=True)
class ReportingLexicon:
    """What a language's lexicon file says, indexed for reading; make it with `from_mapping`."""

    language: str
    expressions: Mapping[str, tuple[Expression, ...]]  # by first word, longest first
    words: Mapping[str, frozenset[Words]]  # the word lists, by their key

    @classmethod
    def from_mapping(cls, language: str, mapping: Mapping[str, Any]) -> "ReportingLexicon":
        """The lexicon that a parsed file describes. Raises ValueError naming the key that is wrong."""
        unknown = set(mapping) - {"language", "cues", "phrases", "weak", *_WORD_LISTS, *_VERB_LISTS}
        if unknown:
            raise ValueError(f"{min(unknown)}: not a key of a reporting lexicon")
        if mapping.get("language", language) != language:
            raise ValueError(f"language: expected {language}, found {mapping['language']}")
        weak = {form for entry in _texts(mapping, "weak") for form in _forms(entry, language)}
        index: dict[str, list[Expression]] = {}
        for key in ("cues", "phrases"):
            by_stance = mapping.get(key, {})
            if not isinstance(by_stance, Mapping):
                raise ValueError(f"{key}: expected lists by stance, found {by_stance!r}")
            for stance in by_stance:
                if stance not in STANCES:
                    raise ValueError(f"{key}.{stance}: not a stance; there are {', '.join(STANCES)}")
                for entry in _texts(by_stance, stance, f"{key}.{stance}"):
                    forms = [_words(entry)] if key == "phrases" else _forms(entry, language)
                    for form in forms:
                        expression = Expression(form, stance, key == "phrases", form in weak)
                        index.setdefault(form[0], []).append(expression)
        if not index:
            raise ValueError("cues: a reporting lexicon needs at least one reporting expression")
        ordered = {first: tuple(sorted(found, key=lambda e: -len(e.words))) for first, found in index.items()}
        lists = {key: frozenset(map(_words, _texts(mapping, key))) for key in _WORD_LISTS}
        for key in _VERB_LISTS:
            lists[key] = frozenset(form for entry in _texts(mapping, key) for form in _forms(entry, language))
        return cls(language, ordered, lists)


_WORD_LISTS = (
    "complementisers",
    "pronouns",
    "addressees",
    "openers",
    "adverbs",
    "conjunctions",
    "auxiliaries",
    "blockers",
    "breaks",
    "places",
    "bound",
    "topics",
    "appositions",
    "named",
    "within",
    "subordinators",
    "objects",
    "finite",
    "agents",
)
_VERB_LISTS = ("with_b", "with_object", "addressing")  # inflected as cues are


def _texts(mapping: Mapping[str, Any], key: str, shown: str | None = None) -> list[str]:
    entries = mapping.get(key, [])
    if not isinstance(entries, list):
        raise ValueError(f"{shown or key}: expected a list, found {entries!r}")
    for entry in entries:
        if not isinstance(entry, str) or not entry.strip():
            raise ValueError(f"{shown or key}: expected words, found {entry!r} (put a bare no or on between quotes)")
    return entries


def _words(entry: str) -> Words:
    return tuple(fold(word) for word in entry.split())


def _forms(entry: str, language: str) -> list[Words]:
    """The forms of an entry such as "claim", "say/says/said" or "rule out": just the first word is inflected."""
    first, *rest = entry.split()
    listed = first.split("/")
    forms = listed if len(listed) > 1 else _INFLECTIONS.get(language, lambda word: [word])(first)
    return [(fold(form), *map(fold, rest)) for form in dict.fromkeys(forms)]


def _english(verb: str) -> list[str]:
    stem, consonant_y = verb.removesuffix("e"), verb.endswith("y") and verb[-2:-1] not in "aeiou"
    third = f"{verb[:-1]}ies" if consonant_y else f"{verb}es" if verb.endswith(("s", "sh", "ch", "x")) else f"{verb}s"
    return [
        verb,
        third,
        f"{verb[:-1]}ied" if consonant_y else f"{stem}ed",
        f"{verb if verb.endswith('ee') else stem}ing",
    ]


def _russian(verb: str) -> list[str]:
    """From the masculine past or the third person singular; what Russian has not is harmless, it never occurs."""
    base, reflexive = (verb[:-2], True) if verb.endswith("ся") else (verb, False)
    if base.endswith("л"):
        forms = [base + ending for ending in ("", "а", "о", "и")] + [base[:-1] + ("вши" if reflexive else "в")]
    elif base.endswith(("ет", "ёт")):
        forms = [base, *(base[:-2] + ending for ending in ("ют", "ут", "я"))]
    elif base.endswith("ит"):
        forms = [base, *(base[:-2] + ending for ending in ("ят", "ат", "я"))]
    else:
        forms = [base]
    return [form + ("сь" if form[-1] in "аоия" else "ся") for form in forms] if reflexive else forms


def _arabic(verb: str) -> list[str]:
    """Third person, both genders, singular and plural; from the perfect or the imperfect."""
    verb = fold(verb)
    if verb.startswith("ي"):
        bare = verb[1:]
        plural = bare.rstrip("يوى") if bare[-1] in "يوى" else bare
        return [verb, f"ت{bare}", f"ي{plural}ون", f"ت{plural}ن"]
    stem = verb[:-1] if verb[-1] in "ىا" else verb
    return [verb, f"{stem}ت", f"{stem}وا", f"{stem}تا"]


_INFLECTIONS = {"en": _english, "ru": _russian, "ar": _arabic}
