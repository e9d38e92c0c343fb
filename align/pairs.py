"""The probability that two statements say the same: what a pair has in common, weighed by logistic regressions.

The first weighs the two by themselves, the second how that agrees with what others have in common with both.

Every feature is a matrix of shape (n, n) over the statements of one story, symmetric. Where all of a story is in
English or translated into it, wording is compared in English. Wording is compared of all that is said, and of its
content alone, without who says it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from align.attribution import ReportingLexicon, attribute, content
from align.concepts import Concepts
from align.cores import libraries
from align.denials import denies
from align.wording import (
    Encode,
    Matrix,
    Vocabulary,
    content_words,
    relative_rarity,
    spelling_overlap,
    stem_overlap,
    word_overlaps,
)

if TYPE_CHECKING:
    from scipy.sparse import csr_array

Feature = tuple[str, Matrix]
Mask = NDArray[np.bool_]

AT_ONCE = 1500
"""How many texts are compared with each other at once: time and memory grow with its square."""

FEW = 500
"""Texts that one core compares faster than several."""

MOST_LEARNED = 9
"""The most articles of a story that weights are learned from."""

LEAST = 0.01
"""What is less likely counts as impossible."""


@dataclass(frozen=True, slots=True)
class Statements:
    """The statements of one story, n of each.

    contents: the texts less who says them; figures: the values that each gives; articles: a label each; depths: place
    in the article, 0 for the top to 1; vectors: unit rows, shape (n, dimensions); english: translations, the text
    itself where it is English, or None where one statement has none yet.
    """

    texts: Sequence[str]
    contents: Sequence[str]
    figures: Sequence[Collection[float]]
    languages: Sequence[str]
    outlets: Sequence[str]
    articles: Sequence[str]
    depths: Sequence[float]
    vectors: Matrix
    english: Sequence[str] | None = None

    def __len__(self) -> int:
        return len(self.texts)

    def part(self, rows: Sequence[int]) -> Statements:
        """Some of them."""
        return Statements(
            texts=[self.texts[row] for row in rows],
            contents=[self.contents[row] for row in rows],
            figures=[self.figures[row] for row in rows],
            languages=[self.languages[row] for row in rows],
            outlets=[self.outlets[row] for row in rows],
            articles=[self.articles[row] for row in rows],
            depths=[self.depths[row] for row in rows],
            vectors=self.vectors[list(rows)],
            english=None if self.english is None else [self.english[row] for row in rows],
        )


class Knowledge:
    """What is known of the languages: vectors of texts and words, concepts, and reporting expressions by language."""

    def __init__(
        self, encode: Encode, concepts: Concepts, reporting: Mapping[str, ReportingLexicon], fingerprint: str
    ) -> None:
        """encode: texts or words to unit vectors; fingerprint: changes with the lexicons."""
        self.encode, self.reporting, self.fingerprint = encode, reporting, fingerprint
        self.vocabulary = Vocabulary(encode, concepts)


@dataclass(frozen=True, slots=True)
class Weights:
    """A logistic regression over named features.

    slopes: how much the weights of some change with the size of a story, where a weight depends on it.
    """

    intercept: float
    weights: Mapping[str, float]
    slopes: Mapping[str, float] = field(default_factory=dict)

    def at(self, name: str, size: float) -> float:
        """The weight of a feature in a story of that size, 0 of one that was not learned."""
        return self.weights.get(name, 0.0) + self.slopes.get(name, 0.0) * size


@dataclass(frozen=True, slots=True)
class Scorer:
    """The weights for stories of originals alone, and for those that are in English throughout.

    Two steps each: what two statements have in common, and how that agrees with what others have in common with both.
    """

    originals: Weights
    originals_agreement: Weights
    translated: Weights
    translated_agreement: Weights


@dataclass(frozen=True, slots=True)
class PairProbabilities:
    """How likely each two statements say the same, looked up by their texts: who repeats a text says the same.

    rows: the row of each statement's text, shape (n,); by_text: shape (texts, texts), symmetric, 1 on the diagonal, 0
    for texts of one outlet, which does not corroborate itself, and for what is less likely than `LEAST`.
    """

    rows: NDArray[np.int_]
    by_text: csr_array[np.float32]


def pair_probabilities(statements: Statements, scorer: Scorer, knowledge: Knowledge) -> PairProbabilities:
    """The probabilities of every two statements of a story; of a long one, of those near each other in its order.

    Time grows with the number of texts times `AT_ONCE`, whatever the number of their copies.
    """
    from scipy.sparse import csr_array

    texts, rows = _distinct(statements)
    size = len(texts)
    # A text says what it says.
    places, chances = [np.arange(size) * (size + 1)], [np.ones(size, dtype=np.float32)]
    for block in _blocks(size):
        # The many small products of a usual story take longer on several cores than on one.
        with libraries().limit(limits=1 if size < FEW else None, user_api="blas"):
            found = _block_probabilities(texts.part(range(size)[block]), scorer, knowledge)
        first, second = np.nonzero(found >= LEAST)
        places.append((first + block.start) * size + second + block.start)
        chances.append(found[first, second])
    # What two blocks compared counts once.
    unique, kept = np.unique(np.concatenate(places), return_index=True)
    likely = np.concatenate(chances)[kept]
    return PairProbabilities(rows, csr_array((likely, (unique // size, unique % size)), shape=(size, size)))


def _block_probabilities(statements: Statements, scorer: Scorer, knowledge: Knowledge) -> Matrix:
    steps = (
        (scorer.originals, scorer.originals_agreement)
        if statements.english is None
        else (scorer.translated, scorer.translated_agreement)
    )
    alone = _weigh(features(statements, knowledge), steps[0], statements)
    probabilities = _chances(_weigh(agreement(alone, statements), steps[1], statements))
    probabilities[_same(statements.outlets)] = 0.0
    return probabilities


def _weigh(found: Iterator[Feature], weights: Weights, statements: Statements) -> Matrix:
    """Log-odds, shape (n, n).

    In a story of more articles than were learned from, more is alike by chance.
    """
    size = story_size(statements)
    start = weights.intercept - np.log(max(len(set(statements.articles)) / MOST_LEARNED, 1.0))
    log_odds = np.full((len(statements), len(statements)), start, dtype=np.float32)
    for name, matrix in found:
        if weight := weights.at(name, size):
            log_odds += np.float32(weight) * matrix
    return log_odds


def story_size(statements: Statements) -> float:
    """How many articles a story has, as a logarithm, 0 for six; more than were learned from count as those."""
    return float(np.log(min(len(set(statements.articles)), MOST_LEARNED) / 6))


def _chances(log_odds: Matrix) -> Matrix:
    chances: Matrix = (1 / (1 + np.exp(-np.clip(log_odds, -30, 30)))).astype(np.float32)
    return chances


def _distinct(statements: Statements) -> tuple[Statements, NDArray[np.int_]]:
    """The first statement of each text, in their order, and for each statement which of these is its text.

    A text of several outlets stands for an outlet of its own.
    """
    places: dict[tuple[str, str], int] = {}
    said = zip(statements.texts, statements.languages, strict=True)
    rows = np.array([places.setdefault(text, len(places)) for text in said], dtype=np.int_)
    outlets: list[set[str]] = [set() for _ in places]
    for row, outlet in zip(rows, statements.outlets, strict=True):
        outlets[row].add(outlet)
    texts = statements.part(np.unique(rows, return_index=True)[1].tolist())
    names = [min(some) if len(some) == 1 else f"\0{row}" for row, some in enumerate(outlets)]
    return replace(texts, outlets=names), rows


def _blocks(size: int) -> Iterator[slice]:
    """Runs of `AT_ONCE`, each half of the one before and half new."""
    for start in range(0, max(size - AT_ONCE // 2, min(size, 1)), AT_ONCE // 2):
        yield slice(start, min(start + AT_ONCE, size))


def features(statements: Statements, knowledge: Knowledge) -> Iterator[Feature]:
    """All features by name, one at a time, so that few are in memory at once."""
    groups = _codes(statements.articles)
    apart = ~_same(statements.outlets)
    yield from _likeness("meaning", _cosines(statements.vectors), groups, apart)
    if statements.english is None:
        said = (statements.texts, statements.contents)
        yield from _wording("", said, statements.languages, groups, apart, knowledge)
    else:
        yield from _english(statements.english, statements.articles, groups, apart, knowledge)
    spelling, share = spelling_overlap(statements.texts, statements.languages)
    yield "spelling", spelling
    yield "spelling share", share
    yield from _figures(statements)
    yield from _form(statements)
    denying = [denies(text, language) for text, language in zip(statements.texts, statements.languages, strict=True)]
    yield from _both_and_one("denial", denying)


def agreement(log_odds: Matrix, statements: Statements) -> Iterator[Feature]:
    """The features of the second step: the probability by the first, how it stands out, and who else bears it out."""
    yield "log odds", log_odds
    yield from _likeness("chance", _chances(log_odds), _codes(statements.articles), ~_same(statements.outlets))
    yield _articles(statements)


def _english(
    english: Sequence[str], articles: Sequence[str], groups: NDArray[np.int_], apart: Mask, knowledge: Knowledge
) -> Iterator[Feature]:
    languages = ["en"] * len(english)
    yield from _likeness("english meaning", _cosines(knowledge.encode(english)), groups, apart)
    words = [content_words(text, "en") for text in english]
    (overlap,) = word_overlaps([words], lambda some: knowledge.vocabulary.likeness(some, by_concept=False))
    yield from _likeness("english wording", overlap, groups, apart)
    said = (english, find_contents(english, languages, articles, knowledge.reporting))
    yield from _wording("english ", said, languages, groups, apart, knowledge)
    jaccard, contained, weight = stem_overlap(english)
    yield from _likeness("stems", jaccard, groups, apart)
    yield "stems contained", contained
    yield "stems weight", weight
    yield from _both_and_one("english denial", [denies(text, "en") for text in english])


def _wording(
    prefix: str,
    said: tuple[Sequence[str], Sequence[str]],
    languages: Sequence[str],
    groups: NDArray[np.int_],
    apart: Mask,
    knowledge: Knowledge,
) -> Iterator[Feature]:
    """Words in common by concept, of all that is said and of its content."""
    wordings = [[content_words(*each) for each in zip(texts, languages, strict=True)] for texts in said]
    overlaps = word_overlaps(wordings, lambda some: knowledge.vocabulary.likeness(some, by_concept=True))
    for name, overlap in zip(("concepts", "content concepts"), overlaps, strict=True):
        yield from _likeness(prefix + name, overlap, groups, apart)


def find_contents(
    texts: Sequence[str], languages: Sequence[str], articles: Sequence[str], reporting: Mapping[str, ReportingLexicon]
) -> list[str]:
    """What each statement says, less who says it, those of an article in order; of a language unknown, all of it."""
    contents = list(texts)
    for article in dict.fromkeys(articles):
        rows = [row for row, other in enumerate(articles) if other == article]
        if lexicon := reporting.get(languages[rows[0]]):
            said = [texts[row] for row in rows]
            for row, text, voice in zip(rows, said, attribute(said, lexicon), strict=True):
                contents[row] = content(text, voice.speaker, voice.cue)
    return contents


def _likeness(name: str, likeness: Matrix, groups: NDArray[np.int_], apart: Mask) -> Iterator[Feature]:
    """A likeness, and how it stands out: against what both have with other articles, and among its rivals.

    margin: of bitext mining (Artetxe and Schwenk 2019), its neighbours the best of each other article; rank: how many
    statements of the article are more alike; gap: over the runner-up, or below the best; support:
    the likeness of both with a statement of a third article.
    """
    likeness = np.where(apart, likeness, 0).astype(np.float32)
    members = [np.flatnonzero(groups == group) for group in range(groups.max() + 1)]
    best = np.stack([likeness[:, rows].max(axis=1) for rows in members])
    usual = best.sum(axis=0) / max(len(members) - 1, 1)
    yield name, likeness
    yield f"{name} margin", 2 * likeness / np.maximum(usual[:, None] + usual[None, :], 1e-6)
    ranks, gaps = np.empty_like(likeness), np.empty_like(likeness)
    for rows in members:
        ranks[:, rows], gaps[:, rows] = _ranks_and_gaps(likeness[:, rows])
    ranks = np.log1p(ranks)
    yield f"{name} ranks", ranks + ranks.T
    yield f"{name} ranks apart", np.abs(ranks - ranks.T)
    yield f"{name} gap", np.minimum(gaps, gaps.T)
    yield f"{name} wider gap", np.maximum(gaps, gaps.T)
    yield f"{name} support", _support(likeness, members)


def _ranks_and_gaps(likeness: Matrix) -> tuple[Matrix, Matrix]:
    """Each value's place in its row, 0 for the greatest, and how far it stands over the next or below the best."""
    rows, columns = np.arange(likeness.shape[0])[:, None], np.arange(likeness.shape[1])
    order = np.argsort(-likeness, axis=1, kind="stable")
    ranks = np.empty_like(likeness)
    ranks[rows, order] = columns
    best = likeness[rows, order[:, :1]]
    second = likeness[rows, order[:, 1:2]] if len(columns) > 1 else np.zeros_like(best)
    return ranks, (likeness - np.where(ranks == 0, second, best)).astype(np.float32)


def _support(likeness: Matrix, members: Sequence[NDArray[np.int_]]) -> Matrix:
    """The mean of the two best ways from one to the other: direct, or through a third article's most alike statement.

    With no third article it is the likeness itself, so that it compares between stories of few outlets and of many.
    """
    first, second = likeness.copy(), np.zeros_like(likeness)
    if len(members) < 3:
        return first
    for rows in members:
        nearest = rows[np.argmax(likeness[:, rows], axis=1)]
        through = np.minimum(likeness[np.arange(len(likeness)), nearest][:, None], likeness[nearest])
        through = np.maximum(through, through.T)
        second = np.maximum(second, np.minimum(first, through))
        first = np.maximum(first, through)
    support: Matrix = ((first + second) / 2).astype(np.float32)
    return support


def _figures(statements: Statements) -> Iterator[Feature]:
    """Shared figures by their rarity in the story; figures that clash; figures that just one of two gives."""
    given = [{round(value, 6) for value in values} for values in statements.figures]
    values = {value: place for place, value in enumerate(sorted(set().union(*given)))}
    table = np.zeros((len(given), len(values) or 1), dtype=np.float32)
    for row, figures in enumerate(given):
        table[row, [values[value] for value in figures]] = 1
    rarity = relative_rarity(table)
    shared = np.zeros((len(given), len(given)), dtype=np.float32)
    for place in range(table.shape[1]):
        rows = np.flatnonzero(table[:, place])
        shared[np.ix_(rows, rows)] = np.maximum(shared[np.ix_(rows, rows)], rarity[place])
    gives = table.sum(axis=1) > 0
    both, one = _both_and_one_of(gives)
    yield "shared figure", shared
    yield "clashing figures", both * (table @ table.T == 0)
    yield "one-sided figures", one


def _form(statements: Statements) -> Iterator[Feature]:
    lengths = np.log(np.array([max(len(text), 1) for text in statements.texts], dtype=np.float32))
    yield _articles(statements)
    yield "shorter length", np.minimum(lengths[:, None], lengths[None, :])
    depths = np.asarray(statements.depths, dtype=np.float32)
    yield "depths apart", np.abs(depths[:, None] - depths[None, :])


def _articles(statements: Statements) -> Feature:
    """How likely any two say the same falls with the size of the story."""
    return "articles", np.full((len(statements), len(statements)), story_size(statements), dtype=np.float32)


def _both_and_one(name: str, has: Sequence[bool]) -> Iterator[Feature]:
    both, one = _both_and_one_of(np.asarray(has, dtype=bool))
    yield f"{name} in both", both
    yield f"{name} in one", one


def _both_and_one_of(flags: Mask) -> tuple[Matrix, Matrix]:
    both, one = flags[:, None] & flags[None, :], flags[:, None] ^ flags[None, :]
    return both.astype(np.float32), one.astype(np.float32)


def _cosines(vectors: Matrix) -> Matrix:
    cosines: Matrix = np.clip(vectors @ vectors.T, 0.0, 1.0)
    return cosines


def _codes(labels: Sequence[str]) -> NDArray[np.int_]:
    codes: NDArray[np.int_] = np.unique(np.asarray(labels, dtype=object), return_inverse=True)[1]
    return codes


def _same(labels: Sequence[str]) -> Mask:
    codes = _codes(labels)
    same: Mask = codes[:, None] == codes[None, :]
    return same
