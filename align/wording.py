"""What statements have in common word by word, in one language or two: words of like meaning, and names spelt alike."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Sequence
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from align.concepts import Concepts
from align.visible import visible
from align.words import ARABIC_SIGNS

Matrix = NDArray[np.float32]
Places = NDArray[np.int64]
Encode = Callable[[Sequence[str]], Matrix]

# The cosine of two words from which they have something in common, that at which they mean the same, and the one from
# which a statement counts as having the word when its rarity is told.
FLOOR, CEILING, COUNTED = 0.25, 0.85, 0.6
SPELT_ALIKE = 0.95
MOST_WORDS = 50_000
"""The words that are kept looked up, about 100 MB of vectors."""
MOST_TEXTS = 4096
"""The texts whose words are kept: a story's are asked for more than once, one after the other."""

_FUNCTION_WORDS = {
    "en": """
        the a an of in on at to and or that this it its is are was were be been by for with as from has have had not no
        but he she they his her their will would could said says who which also more than into over after before about
        up out
    """,
    "ru": """
        и в на с по к о об от до из за у что как не но а или это его её их он она они мы то же бы был была было были при
        для со во без под над между ли уже так также чтобы если где когда который которая которые которых этот эта эти
        том тот
    """,
    "ar": """
        في من على إلى عن أن إن كان كانت قد ما لا لم لن هذا هذه ذلك التي الذي الذين مع بعد قبل بين حتى أو ثم كما أي كل
        غير عند منذ حين
    """,
}
_SKIPPED = {language: frozenset(words.split()) for language, words in _FUNCTION_WORDS.items()}
_LETTERS = """
    б=b в=v г=g д=d ж=zh з=z й=y к=k л=l м=m н=n п=p р=r с=s т=t ф=f х=kh ц=ts ч=ch ш=sh щ=shch
    ب=b ت=t ث=th ج=j خ=kh د=d ذ=dh ر=r ز=z س=s ش=sh ص=s ض=d ط=t ظ=z غ=gh ف=f ق=q ك=k ل=l م=m ن=n پ=p چ=ch گ=g
"""
_LATIN = dict(letter.split("=") for letter in _LETTERS.split())
_DIGRAPHS = dict(shch="S", sh="S", ch="S", zh="S", kh="h", gh="g", th="t", ts="s", ck="k", ph="f", dh="d")
_ATTACHED = {"وال": "ال", "بال": "ال", "كال": "ال", "فال": "ال", "لل": "ال", "و": "", "ف": ""}
_ALIKE = str.maketrans({"p": "b", "v": "f", "q": "k", "c": "k", "z": "s", "g": "k", "j": "S", "x": "k"})


@lru_cache(MOST_WORDS)
def consonants(word: str) -> str:
    """A word's consonants in Latin letters, those that the three scripts confuse made one: `dlb` of Идлиб and إدلب."""
    letters = (c for c in unicodedata.normalize("NFKD", word.lower()) if not unicodedata.combining(c))
    latin = "".join(_LATIN.get(c, c) for c in letters)
    for pair, letter in _DIGRAPHS.items():
        latin = latin.replace(pair, letter)
    kept = re.sub(r"[^bcdfgjklmnpqrstvxzS]", "", latin).translate(_ALIKE)
    return re.sub(r"(.)\1+", r"\1", kept)


@lru_cache(MOST_TEXTS)
def content_words(text: str, language: str) -> tuple[str, ...]:
    """The words that carry meaning, each once; numbers are none, and Arabic ones lose an attached conjunction."""
    skipped = _SKIPPED.get(language, frozenset())
    # Parts of joined words count apart, unlike in `WORD`: outlets spell the same name with a hyphen and without.
    found = re.findall(r"\w+", ARABIC_SIGNS.sub("", visible(text)))
    words = (word for word in found if word.lower() not in skipped and not word.isdigit())
    return tuple(dict.fromkeys(_detached(word) if language == "ar" else word for word in words))


class Vocabulary:
    """What is known of words, each looked up once: its vector, its consonants and its concepts."""

    def __init__(self, encode: Encode, concepts: Concepts) -> None:
        """encode: words to unit vectors."""
        self._encode, self._concepts = encode, concepts
        self._places: dict[str, int] = {}
        self._bones: list[set[str]] = []
        self._senses: list[set[str]] = []
        self._vectors: Matrix = np.zeros((0, 0), dtype=np.float32)

    def likeness(self, words: Sequence[str], *, by_concept: bool) -> Matrix:
        """How far each two words mean the same, by their vectors and their spelling, shape (words, words).

        by_concept: whether words of one concept of the lexicon mean the same whatever their vectors.
        """
        self.look_up(words)
        places = [self._places[word] for word in words]
        vectors = self._vectors[places]
        cosine: Matrix = vectors @ vectors.T
        _raise_within(cosine, [self._bones[place] for place in places], SPELT_ALIKE)
        if by_concept:
            _raise_within(cosine, [self._senses[place] for place in places], CEILING)
        return cosine

    def look_up(self, words: Sequence[str]) -> None:
        """Learn those of the words that are new, which takes less time for many at once."""
        new = [word for word in dict.fromkeys(words) if word not in self._places]
        if not new:
            return
        if len(self._places) > MOST_WORDS:
            self._forget()
            new = list(dict.fromkeys(words))
        start, end = len(self._bones), len(self._bones) + len(new)
        self._places.update(zip(new, range(start, end), strict=True))
        self._bones += [{bones} if len(bones := consonants(word)) > 2 else set() for word in new]
        self._senses += [set(self._concepts.of(word)) for word in new]
        vectors = self._encode(new)
        if end > len(self._vectors):  # room for as many again, so that vectors are seldom copied
            grown = np.empty((2 * end, vectors.shape[1]), dtype=np.float32)
            if start:
                grown[:start] = self._vectors[:start]
            self._vectors = grown
        self._vectors[start:end] = vectors

    def _forget(self) -> None:
        self._places.clear()
        self._bones.clear()
        self._senses.clear()
        self._vectors = np.zeros((0, 0), dtype=np.float32)


def word_overlaps(
    wordings: Sequence[Sequence[Sequence[str]]], likeness: Callable[[Sequence[str]], Matrix]
) -> list[Matrix]:
    """The share of their wording that each two statements have in common, 0 to 1: for each wording, shape (n, n).

    Each word counts by the best match it has in the other statement, and by its rarity among the statements, so that
    what they are all about counts little: the soft, weighted word matching of BERTScore (Zhang et al. 2020), on vectors
    of single words. The result is the harmonic mean of both directions.

    wordings: for each, n lists of words; likeness: of words to shape (words, words).
    """
    vocabulary = sorted({word for wording in wordings for words in wording for word in words})
    number = {word: place for place, word in enumerate(vocabulary)}
    # Many statements have the same words in several wordings, and are matched once.
    distinct = {words: row for row, words in enumerate({tuple(words) for wording in wordings for words in wording})}
    numbers = [np.array([number[word] for word in words], dtype=np.int64) for words in distinct]
    best = _best_matches(numbers, likeness(vocabulary)) if vocabulary else np.zeros((len(distinct), 0), np.float32)
    rows = [[distinct[tuple(words)] for words in wording] for wording in wordings]
    return [_overlap([numbers[row] for row in some], best[some]) for some in rows]


def _overlap(statements: Sequence[Places], best: Matrix) -> Matrix:
    """statements: the words of each; best: how well each word is matched in each, shape (n, words)."""
    common = (best > COUNTED).sum(axis=0).astype(np.float32)
    rarity = np.log((len(statements) + 1) / (common + 0.5)).clip(min=0.0)
    weights = np.zeros_like(best)
    for row, words in enumerate(statements):
        weights[row, words] = rarity[words]
    totals = weights.sum(axis=1, keepdims=True)
    matched = np.clip((best - FLOOR) / (CEILING - FLOOR), 0.0, 1.0)
    covered = (weights / np.where(totals == 0, 1, totals)) @ matched.T
    both = covered + covered.T
    overlap: Matrix = np.divide(2 * covered * covered.T, both, out=np.zeros_like(both), where=both > 0)
    return overlap


def spelling_overlap(texts: Sequence[str], languages: Sequence[str]) -> tuple[Matrix, Matrix]:
    """The rarity of the words that two statements spell alike in consonants, and its share of all of theirs.

    Across scripts such words are names. Both of shape (n, n), symmetric.
    """
    bones = [
        {bare for word in content_words(text, language) if len(bare := consonants(word)) > 2}
        for text, language in zip(texts, languages, strict=True)
    ]
    common, totals = _shared_rarity(bones)
    return common, _share(common, totals[:, None] + totals[None, :] - common)


def stem_overlap(texts: Sequence[str]) -> tuple[Matrix, Matrix, Matrix]:
    """What English statements have in common in word stems, weighted by rarity, each of shape (n, n), symmetric.

    Returns its share of the stems of both (Jaccard), of those of the one that has less, and the weight itself.
    """
    import snowballstemmer

    stemmer = snowballstemmer.stemmer("english")
    stems = [set(stemmer.stemWords([word.lower() for word in content_words(text, "en")])) for text in texts]
    common, totals = _shared_rarity(stems)
    jaccard = _share(common, totals[:, None] + totals[None, :] - common)
    return jaccard, _share(common, np.minimum(totals[:, None], totals[None, :])), common


def relative_rarity(table: Matrix) -> Matrix:
    """Inverse document frequency of each column, 0 to about 1 whatever the number of rows."""
    count = len(table) + 1
    rarity: Matrix = (np.log(count / (table.sum(axis=0) + 0.5)) / np.log(2 * count)).astype(np.float32)
    return rarity


def _shared_rarity(terms: Sequence[set[str]]) -> tuple[Matrix, NDArray[np.float32]]:
    """The summed inverse document frequency of the terms two statements share, shape (n, n), and of all each has."""
    places = {term: place for place, term in enumerate(sorted({term for some in terms for term in some}))}
    table = np.zeros((len(terms), len(places)), dtype=np.float32)
    for row, some in enumerate(terms):
        table[row, [places[term] for term in some]] = 1
    rarity = relative_rarity(table)
    common: Matrix = ((table * rarity) @ table.T).astype(np.float32)
    return common, np.diag(common).copy()


def _share(part: Matrix, whole: Matrix) -> Matrix:
    share: Matrix = (part / np.maximum(whole, 1e-6)).astype(np.float32)
    return share


def _best_matches(statements: Sequence[Places], alike: Matrix) -> Matrix:
    """How alike each word's best match in each statement is, shape (n, words), 0 in one without words."""
    best = np.zeros((len(statements), len(alike)), dtype=np.float32)
    for row, words in enumerate(statements):
        if len(words):
            alike.take(words, axis=0).max(axis=0, out=best[row])
    return best


def _raise_within(cosine: Matrix, groups: Sequence[set[str]], least: float) -> None:
    """Raise the likeness of the words of a group to the least given, in place; a word may be in several groups."""
    members: dict[str, list[int]] = {}
    for place, some in enumerate(groups):
        for group in some:
            members.setdefault(group, []).append(place)
    for alike in members.values():
        if len(alike) > 1:
            columns = np.asarray(alike)
            rows = columns[:, None]
            cosine[rows, columns] = np.maximum(cosine[rows, columns], least)


@lru_cache(MOST_WORDS)
def _detached(word: str) -> str:
    """An Arabic word without و or ف before it, and with its article where a preposition is attached to that."""
    for attached, kept in _ATTACHED.items():
        if word.startswith(attached) and len(word) - len(attached) >= 3:
            return kept + word[len(attached) :]
    return word
