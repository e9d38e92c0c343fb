"""Statements that repeat others of their language almost word for word: agency text, republished and lightly edited.

Two statements are linked where enough of the shorter one's word pairs stand in the other, in all and outside
quotations alone: what somebody said is everybody's to quote. A short statement, or one that is nearly all quotation,
tells nothing of itself: it is linked only where it stands beside linked statements in both articles.
"""

from __future__ import annotations

import re
import unicodedata
import zlib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, pairwise, product
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from align.quotations import carried, quotations
from align.words import fold

MIN_SIMILARITY = 0.55
"""The least share of the shorter statement's word pairs that stand in the other, chosen by benchmarks/copies.py."""

METHOD = "word pairs 1"
"""Changes whenever the same statements and settings would give other copies."""

# Words of the outlet's own, outside quotations, from which on a statement tells by itself that it is copied.
MIN_WORDS = 8
# A statement more than this many times as long as another says more than an edit adds.
MAX_RATIO = 2
# How many statements from a copied one an editor's cut or addition may have moved the next.
BESIDE = 2
DAY = 86_400.0

# A pair whose word pairs have a Jaccard index of 0.5 shares a bucket with 0.995, one of 0.05 with 0.005.
BANDS, ROWS = 40, 3
# With how many before it in a bucket, and with the first, a statement is compared: time stays linear in any bucket.
NEIGHBOURS = 3

_WORD = re.compile(r"\w+")
_DIGITS = str.maketrans("٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹", "01234567890123456789")

Shingles = frozenset[int]
Order = tuple[float, str, int]
Key = TypeVar("Key")


@dataclass(frozen=True, slots=True)
class Passage:
    """A statement: its place in its article, and when that was published, in seconds."""

    key: str
    article: str
    position: int
    language: str
    text: str
    published: float

    @property
    def order(self) -> Order:
        """Earlier ones are less; those of one moment have an order too, which does not change."""
        return self.published, self.article, self.position


@dataclass(frozen=True, slots=True)
class Link:
    """Two statements, by key, and what share of the shorter one's word pairs stands in the other."""

    key: str
    other: str
    similarity: float


@dataclass(frozen=True, slots=True)
class _Read:
    """What is compared of a statement: its shingles, those outside quotations, and how many words stand there."""

    shingles: Shingles
    own: Shingles
    own_words: int


def find_links(passages: Sequence[Passage], max_days: float, min_similarity: float = MIN_SIMILARITY) -> list[Link]:
    """Link statements of one language that are near-identical and no more than `max_days` apart.

    Not all pairs are given, but enough that all that hang together do so by links: see `earliest`. Candidates come
    from MinHash signatures of word pairs (Broder 1997, "On the resemblance and containment of documents"), in bands
    (Indyk and Motwani 1998), and are then compared exactly. Time is near-linear in the number of statements.
    """
    ordered = sorted(passages, key=lambda passage: passage.order)
    reads = _read(ordered)
    strong = list(_strong_pairs(ordered, reads, max_days, min_similarity))
    found = {(a, b): similarity for a, b, similarity in strong}
    for a, b, similarity in _beside(ordered, reads, found, max_days, min_similarity):
        found.setdefault((a, b), similarity)
    return [Link(ordered[b].key, ordered[a].key, round(similarity, 4)) for (a, b), similarity in sorted(found.items())]


def earliest(links: Iterable[Link], order: Mapping[str, Order]) -> dict[str, tuple[str, float]]:
    """The source of each linked statement that is not the earliest of all it hangs together with, by chains of links.

    order: `Passage.order` of every linked key. Returns for each copy its source and the best similarity of its links.
    """
    links = list(links)
    best: defaultdict[str, float] = defaultdict(float)
    for link in links:
        for key in (link.key, link.other):
            best[key] = max(best[key], link.similarity)
    groups = _joined([(link.key, link.other) for link in links])
    sources = [(min(group, key=order.__getitem__), group) for group in groups]
    return {key: (source, best[key]) for source, group in sources for key in group if key != source}


def words_of(text: str) -> list[str]:
    """The words of a text, without what editors change of spelling: case, accents, vowel signs, digits, punctuation."""
    letters = (c for c in unicodedata.normalize("NFKD", fold(text)) if not unicodedata.combining(c))
    return _WORD.findall("".join(letters).casefold().translate(_DIGITS))


def similarity_of(a: Shingles, b: Shingles) -> float:
    """The share of the smaller set that is in the other; 0 where one is empty or much larger than the other."""
    small, large = sorted((len(a), len(b)))
    return len(a & b) / small if small and large <= MAX_RATIO * small else 0.0


def _read(passages: Sequence[Passage]) -> list[_Read]:
    articles: defaultdict[str, list[int]] = defaultdict(list)
    for row, passage in enumerate(passages):
        articles[passage.article].append(row)
    reads: dict[int, _Read] = {}
    for rows in articles.values():
        texts = [passages[row].text for row in rows]
        for index, row in enumerate(rows):
            reads[row] = _read_one(texts[index], carried(texts, index))
    return [reads[row] for row in range(len(passages))]


def _read_one(text: str, goes_on: bool) -> _Read:
    spans, _ = quotations(text, (), goes_on)
    words = words_of(text)
    if not spans:
        return _Read(shingles := _shingles(words), shingles, len(words))
    ends = [0, *chain.from_iterable(spans), len(text)]
    # Shingles do not reach over a quotation.
    parts = [words_of(text[start:end]) for start, end in zip(ends[::2], ends[1::2], strict=True)]
    own = frozenset(chain.from_iterable(map(_shingles, parts)))
    return _Read(_shingles(words), own, sum(map(len, parts)))


def _shingles(words: Sequence[str]) -> Shingles:
    pairs = [f"{a} {b}" for a, b in pairwise(words)] or words
    return frozenset(zlib.crc32(pair.encode("utf-8", "surrogatepass")) for pair in pairs)


def _strong_pairs(
    passages: Sequence[Passage], reads: Sequence[_Read], max_days: float, min_similarity: float
) -> Iterator[tuple[int, int, float]]:
    """Rows of statements, the earlier first, that tell by themselves that one repeats the other."""
    nodes: defaultdict[tuple[str, _Read], list[list[int]]] = defaultdict(list)
    for row, (passage, read) in enumerate(zip(passages, reads, strict=True)):
        if read.own_words < MIN_WORDS:
            continue
        runs = nodes[passage.language, read]
        if runs and passage.published - passages[runs[-1][-1]].published <= max_days * DAY:
            yield runs[-1][-1], row, 1.0
            runs[-1].append(row)
        else:
            runs.append([row])
    by_language: defaultdict[str, list[list[int]]] = defaultdict(list)
    for (language, _), runs in nodes.items():
        by_language[language] += runs
    for runs in by_language.values():
        runs.sort()
        for a, b in _candidates([reads[run[0]].shingles for run in runs]):
            one, other = runs[a], runs[b]
            if passages[other[0]].published - passages[one[-1]].published <= max_days * DAY:
                similarity = _least_similarity(reads[one[0]], reads[other[0]])
                if similarity >= min_similarity:
                    yield one[0], other[0], similarity


def _least_similarity(a: _Read, b: _Read) -> float:
    return min(similarity_of(a.shingles, b.shingles), similarity_of(a.own, b.own))


def _candidates(sets: Sequence[Shingles]) -> Iterator[tuple[int, int]]:
    """Rows, the lesser first, whose sets are worth comparing, each pair once."""
    if len(sets) < 2:
        return
    flat = np.fromiter(chain.from_iterable(sets), dtype=np.uint64)
    starts = np.cumsum([0, *map(len, sets)])[:-1]
    random = np.random.default_rng(0)
    pairs = [
        pair
        for _ in range(BANDS)
        for pair in _same_bucket(_band(flat, starts, random.integers(1, 2**63, size=(ROWS, 2), dtype=np.uint64)))
    ]
    for code in np.unique(np.concatenate(pairs)).tolist():
        yield divmod(code, len(sets))


def _band(flat: NDArray[np.uint64], starts: NDArray[np.int_], numbers: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """A number for each set, the same for two sets as often as `ROWS` of their least hashes are the same."""
    key = np.zeros(len(starts), dtype=np.uint64)
    for factor, summand in numbers:
        # Multiply-shift hashing (Dietzfelbinger et al. 1997): the product overflows, as it should.
        hashes = (flat * (factor | np.uint64(1)) + summand) >> np.uint64(32)
        key = key * np.uint64(0x9E3779B97F4A7C15) + np.minimum.reduceat(hashes, starts)
    return key


def _same_bucket(key: NDArray[np.uint64]) -> Iterator[NDArray[np.int_]]:
    """Pairs of rows with the same key, each as one number: the lesser row times the count plus the other."""
    rows = np.argsort(key, kind="stable")
    sorted_key = key[rows]
    opens = np.concatenate([[True], sorted_key[1:] != sorted_key[:-1]])
    first = np.maximum.accumulate(np.where(opens, np.arange(len(rows)), 0))
    yield rows[first[~opens]] * len(rows) + rows[~opens]
    for step in range(1, min(NEIGHBOURS, len(rows) - 1) + 1):
        same = sorted_key[step:] == sorted_key[:-step]
        yield rows[:-step][same] * len(rows) + rows[step:][same]


def _beside(
    passages: Sequence[Passage],
    reads: Sequence[_Read],
    strong: Iterable[tuple[int, int]],
    max_days: float,
    min_similarity: float,
) -> Iterator[tuple[int, int, float]]:
    """Rows of short or quoted statements that repeat one another beside statements that do."""
    places = {(passage.article, passage.position): row for row, passage in enumerate(passages)}

    def around(row: int) -> Iterator[int]:
        article, position = passages[row].article, passages[row].position
        for place in range(position - BESIDE, position + BESIDE + 1):
            if (article, place) in places:
                yield places[article, place]

    for group in _joined(strong):
        rows = sorted(group)
        for a, b in {*pairwise(rows), *((rows[0], row) for row in rows[1:])}:
            apart = passages[b].published - passages[a].published
            if passages[a].article == passages[b].article or apart > max_days * DAY:
                continue
            for one, other in product(around(a), around(b)):
                if min(reads[one].own_words, reads[other].own_words) < MIN_WORDS:
                    similarity = similarity_of(reads[one].shingles, reads[other].shingles)
                    if similarity >= min_similarity:
                        yield one, other, similarity


def _joined(pairs: Iterable[tuple[Key, Key]]) -> list[set[Key]]:
    """The groups of keys that hang together by pairs."""
    above: dict[Key, Key] = {}

    def top(key: Key) -> Key:
        above.setdefault(key, key)
        while above[key] != key:
            above[key] = key = above[above[key]]
        return key

    for a, b in pairs:
        above[top(a)] = top(b)
    groups: defaultdict[Key, set[Key]] = defaultdict(set)
    for key in list(above):
        groups[top(key)].add(key)
    return list(groups.values())
