"""What words of three languages mean alike in news, by a lexicon: "killed", «погибли» and "استشهد" are one concept."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from align.words import fold

# What Arabic writes together with a word, the longest first; up to three are taken off: "وللجيش".
_ATTACHED = ("وال", "بال", "كال", "فال", "لل", "ال", "و", "ف", "ب", "ل", "ك", "س")
_MOST_ATTACHED, _SHORTEST = 3, 3


class Concepts:
    """The concepts of words, whatever their language: the scripts tell Russian and Arabic from English."""

    def __init__(self, beginnings: Mapping[str, frozenset[str]], words: Mapping[str, frozenset[str]]) -> None:
        """beginnings, words: the concepts of the words that begin so, and of whole words, both folded."""
        self._beginnings, self._words = beginnings, words
        self._longest = max(map(len, beginnings), default=0)

    @classmethod
    def from_mapping(cls, mapping: Mapping[str, Mapping[str, str]]) -> Concepts:
        """For each concept and language, beginnings of words, with `$` at the end of a whole word, between spaces."""
        beginnings: dict[str, frozenset[str]] = {}
        words: dict[str, frozenset[str]] = {}
        for concept, by_language in mapping.items():
            for item in " ".join(by_language.values()).split():
                kept = words if item.endswith("$") else beginnings
                form = fold(item.rstrip("$"))
                kept[form] = kept.get(form, frozenset()) | {concept}
        return cls(beginnings, words)

    def of(self, word: str) -> frozenset[str]:
        """The concepts a word may stand for; most words have none or one."""
        found: frozenset[str] = frozenset()
        for form in _forms(fold(word)):
            found |= self._words.get(form, frozenset())
            for length in range(1, min(len(form), self._longest) + 1):
                found |= self._beginnings.get(form[:length], frozenset())
        return found


def _forms(word: str) -> Iterator[str]:
    """The word, and an Arabic one without what is attached before it."""
    yield word
    for _ in range(_MOST_ATTACHED):
        attached = next((part for part in _ATTACHED if word.startswith(part)), None)
        if attached is None or len(word) - len(attached) < _SHORTEST:
            return
        word = word[len(attached) :]
        yield word
