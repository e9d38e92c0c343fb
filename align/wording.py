"""What statements have in common word by word, in one language or two: words of like meaning, and names spelt alike."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from align.words import ARABIC_SIGNS

Matrix = NDArray[np.float32]
Encode = Callable[[Sequence[str]], Matrix]

# The cosine of two words from which they have something in common, that at which they mean the same, and the one from
# which a statement counts as having the word when its rarity is told.
FLOOR, CEILING, COUNTED = 0.25, 0.85, 0.6
SPELT_ALIKE = 0.95
ROWS_AT_ONCE = 256

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
_LETTERS = """
    б=b в=v г=g д=d ж=zh з=z й=y к=k л=l м=m н=n п=p р=r с=s т=t ф=f х=kh ц=ts ч=ch ш=sh щ=shch
    ب=b ت=t ث=th ج=j خ=kh د=d ذ=dh ر=r ز=z س=s ش=sh ص=s ض=d ط=t ظ=z غ=gh ف=f ق=q ك=k ل=l م=m ن=n پ=p چ=ch گ=g
"""
_LATIN = dict(letter.split("=") for letter in _LETTERS.split())
_DIGRAPHS = dict(shch="S", sh="S", ch="S", zh="S", kh="h", gh="g", th="t", ts="s", ck="k", ph="f", dh="d")
_ATTACHED = {"وال": "ال", "بال": "ال", "كال": "ال", "فال": "ال", "لل": "ال", "و": "", "ف": ""}
_ALIKE = str.maketrans({"p": "b", "v": "f", "q": "k", "c": "k", "z": "s", "g": "k", "j": "S", "x": "k"})


def consonants(word: str) -> str:
    """A word's consonants in Latin letters, those that the three scripts confuse made one: `dlb` of Идлиб and إدلب."""
    letters = (c for c in unicodedata.normalize("NFKD", word.lower()) if not unicodedata.combining(c))
    latin = "".join(_LATIN.get(c, c) for c in letters)
    for pair, letter in _DIGRAPHS.items():
        latin = latin.replace(pair, letter)
    kept = re.sub(r"[^bcdfgjklmnpqrstvxzS]", "", latin).translate(_ALIKE)
    return re.sub(r"(.)\1+", r"\1", kept)


def content_words(text: str, language: str) -> list[str]:
    """The words that carry meaning, each once; numbers are none, and Arabic ones lose an attached conjunction."""
    skipped = set(_FUNCTION_WORDS.get(language, "").split())
    # Parts of joined words count apart, unlike in `WORD`: outlets spell the same name with a hyphen and without.
    found = re.findall(r"\w+", ARABIC_SIGNS.sub("", text))
    words = (word for word in found if word.lower() not in skipped and not word.isdigit())
    return list(dict.fromkeys(_detached(word) if language == "ar" else word for word in words))


def word_overlap(texts: Sequence[str], languages: Sequence[str], encode: Encode) -> Matrix:
    """The share of their wording that each two statements have in common, 0 to 1, shape (n, n), symmetric.

    Each word counts by the best match it has in the other statement, and by its rarity among the statements, so that
    what they are all about counts little: the soft, weighted word matching of BERTScore (Zhang et al. 2020), on vectors
    of single words. The result is the harmonic mean of both directions.

    texts, languages: n each; encode: words to unit vectors.
    """
    words = [content_words(text, language) for text, language in zip(texts, languages, strict=True)]
    vocabulary = sorted({word for some in words for word in some})
    if not vocabulary:
        return np.zeros((len(texts), len(texts)), dtype=np.float32)
    number = {word: place for place, word in enumerate(vocabulary)}
    best, common = _best_matches(vocabulary, [[number[word] for word in some] for some in words], encode)
    rarity = np.log((len(texts) + 1) / (common + 0.5)).clip(min=0.0)
    weights = np.zeros((len(texts), len(vocabulary)), dtype=np.float32)
    for row, some in enumerate(words):
        for word in some:
            weights[row, number[word]] = rarity[number[word]]
    totals = weights.sum(axis=1, keepdims=True)
    covered = (weights / np.where(totals == 0, 1, totals)) @ best
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


def _best_matches(
    vocabulary: list[str], statements: list[list[int]], encode: Encode
) -> tuple[Matrix, NDArray[np.float32]]:
    """How well each word is matched in each statement, shape (words, n), and how many statements have it."""
    vectors = encode(vocabulary)
    spelling = _spelling_groups(vocabulary)
    filled = [row for row, some in enumerate(statements) if some]
    places = np.concatenate([statements[row] for row in filled])
    starts = np.cumsum([0, *(len(statements[row]) for row in filled)])[:-1]
    best = np.zeros((len(vocabulary), len(statements)), dtype=np.float32)
    common = np.zeros(len(vocabulary), dtype=np.float32)
    for first in range(0, len(vocabulary), ROWS_AT_ONCE):
        rows = slice(first, first + ROWS_AT_ONCE)
        cosine = vectors[rows] @ vectors.T
        alike = (spelling[rows, None] == spelling[None, :]) & (spelling[rows, None] >= 0)
        cosine = np.where(alike, np.maximum(cosine, SPELT_ALIKE), cosine)
        matched = np.maximum.reduceat(cosine[:, places], starts, axis=1)
        common[rows] = (matched > COUNTED).sum(axis=1)
        best[rows, filled] = np.clip((matched - FLOOR) / (CEILING - FLOOR), 0.0, 1.0)
    return best, common


def _spelling_groups(vocabulary: list[str]) -> NDArray[np.int_]:
    """A number a group of words with the same consonants, -1 for words with fewer than three."""
    groups: dict[str, int] = {}
    skeletons = [consonants(word) for word in vocabulary]
    return np.array([groups.setdefault(bones, len(groups)) if len(bones) > 2 else -1 for bones in skeletons])


def _detached(word: str) -> str:
    """An Arabic word without و or ف before it, and with its article where a preposition is attached to that."""
    for attached, kept in _ATTACHED.items():
        if word.startswith(attached) and len(word) - len(attached) >= 3:
            return kept + word[len(attached) :]
    return word
