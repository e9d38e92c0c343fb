"""Ways to find statements that say the same, side by side: on the same vectors, the same data, with the same scores.

    python benchmarks/peers.py configs/gold/* --parallel news.jsonl

On gold events every threshold is fitted on the other events. On parallel sentences (`--parallel`: JSON Lines with
document, sentence, en, ru, ar) a random 60 % of the sentences of each language are kept, so that some have lost one
translation or both, and every threshold is fitted on one half of the documents and scored on the other; means over
both halves and three draws.

A document is a story to `rashomon`, which looks for claims within stories; it is shown with all at once too.

A method that finds pairs is scored by its pairs as they are: what a statement is paired with is its group. Whoever
wants groups closes the pairs: by components, which chains them, or by average linkage, and both are rows of their own.
Pairs within an outlet, or here a language, count for nothing, and the methods that know of outlets seek none.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import combinations
from pathlib import Path
from typing import Any

import click
import numpy as np
from numpy.typing import NDArray
from rich.console import Console
from rich.progress import track
from rich.table import Table

from align.claims import find_claims, labels_of
from align.encoders import EmbeddedEncoder
from align.evaluation import GroupScores, Pairs, score_pairs
from align.figures import figure_values
from align.pairs import Knowledge, Scorer, Statements, find_contents, pair_probabilities
from align.wording import Encode, Matrix
from flows.errors import UserError
from flows.gold import GoldEvent, load_event
from flows.lexicons import load_knowledge
from flows.reports.standard_output import StandardOutput
from flows.weights import depths, lesson, train

LANGUAGES = ("en", "ru", "ar")
KEPT = 0.6
SEEDS = (0, 1, 2)
COSINES = np.round(np.arange(0.20, 0.96, 0.01), 2).tolist()
MARGINS = np.round(np.arange(0.90, 2.00, 0.01), 2).tolist()
MARGIN_NEIGHBOURS = 4
"""The k of LASER's own mining."""

CLUSTERS = (("leaf", None), ("eom", None), ("eom", 9), ("eom", 6), ("eom", 3))
"""How HDBSCAN chooses clusters from its tree, and the most members of one."""


@dataclass(frozen=True, eq=False)
class Collection:
    """Statements to compare, n of each; `gold` is a label of what each says, its own where no other says it."""

    vectors: Matrix
    texts: list[str]
    languages: list[str]
    outlets: list[str]
    stories: list[str]
    gold: list[str]


@dataclass(frozen=True)
class Method:
    """`fit` chooses a setting on some collections; `run` tells with it which statements of another say the same.

    What `run` returns has shape (n, n), is symmetric, and holds for every statement and itself.
    """

    name: str
    fit: Callable[[Sequence[Collection]], Any]
    run: Callable[[Collection, Any], Pairs]


@dataclass(frozen=True)
class Result:
    scores: GroupScores
    seconds: float


@dataclass(frozen=True)
class Summary:
    """Means over collections, and the lowest F1. `f1` is of pairs of different outlets."""

    f1: float
    lowest: float
    b_cubed: float
    left_out: float
    seconds: float


def ours(name: str, knowledge: Knowledge, events: Sequence[GoldEvent], in_stories: bool) -> Method:
    """What `rashomon` does with no translations, its weights learned from those events that are not scored.

    in_stories: look within each story, as `rashomon` does, rather than in all at once, as the others have to.
    """
    lessons = {tuple(event.labels): lesson(event, knowledge) for event in events}

    def fit(others: Sequence[Collection]) -> Scorer:
        taught = [lessons[key] for other in others if (key := tuple(other.gold)) in lessons]
        return train(taught or list(lessons.values()))

    def claims_of(part: Collection, scorer: Scorer) -> list[str]:
        statements = Statements(
            texts=part.texts,
            contents=find_contents(part.texts, part.languages, part.outlets, knowledge.reporting),
            figures=list(map(figure_values, part.texts, part.languages)),
            languages=part.languages,
            outlets=part.outlets,
            articles=part.outlets,
            depths=depths(part.outlets),
            vectors=part.vectors,
        )
        claims = find_claims(pair_probabilities(statements, scorer, knowledge), part.outlets)
        return labels_of(claims, len(part.gold))

    def run(collection: Collection, scorer: Scorer) -> Pairs:
        stories = np.asarray(collection.stories if in_stories else [""] * len(collection.gold), dtype=object)
        labels = np.empty(len(stories), dtype=object)
        for story in sorted(set(stories)):
            rows = np.flatnonzero(stories == story)
            labels[rows] = [f"{story} {label}" for label in claims_of(part(collection, rows), scorer)]
        return same(labels)

    return Method(name, fit, run)


def peers() -> list[Method]:
    """The methods to compare with, the cosine threshold first."""
    return [
        fitted("cosine threshold", cosines, above, COSINES),
        fitted("cosine threshold, components", cosines, components, COSINES),
        fitted("mutual nearest neighbour", by_outlets(mutual_nearest), above, COSINES),
        fitted("margin mining, max", by_outlets(margin_max), above, MARGINS),
        fitted("margin mining, intersection", by_outlets(margin_intersection), above, MARGINS),
        fitted("paraphrase_mining", paraphrases, above, COSINES),
        fitted("community_detection", vectors_of, communities, COSINES),
        fitted("HDBSCAN", vectors_of, hdbscan, CLUSTERS),
        fitted("average linkage on cosine", average_tree, average_linkage, COSINES),
    ]


def fitted(
    name: str, prepare: Callable[[Collection], Any], cut: Callable[[Any, Any], Pairs], settings: Sequence[Any]
) -> Method:
    """Prepares a collection and then cuts what it has by a setting: that with the best mean pairwise F1."""

    @cache
    def f1(collection: Collection) -> NDArray[np.float64]:
        prepared = prepare(collection)
        found = (cut(prepared, setting) for setting in settings)
        return np.array([score_pairs(collection.gold, pairs, collection.outlets).pairs.f1 for pairs in found])

    def fit(others: Sequence[Collection]) -> Any:
        return settings[int(np.mean([f1(other) for other in others], axis=0).argmax())]

    return Method(name, fit, lambda collection, setting: cut(prepare(collection), setting))


def cosines(collection: Collection) -> Matrix:
    """Cosines of statements of different outlets, -inf within one."""
    return np.where(same(collection.outlets), -np.inf, collection.vectors @ collection.vectors.T)


def above(scores: Matrix, threshold: float) -> Pairs:
    found: Pairs = scores >= threshold
    np.fill_diagonal(found, True)
    return found


def components(scores: Matrix, threshold: float) -> Pairs:
    from scipy.sparse.csgraph import connected_components

    return same(connected_components(above(scores, threshold), directed=False)[1])


def by_outlets(choose: Callable[[Matrix], Matrix]) -> Callable[[Collection], Matrix]:
    """Chooses pairs between each two outlets: `choose` takes cosines and gives scores, -inf for no pair."""

    def prepare(collection: Collection) -> Matrix:
        cosine = collection.vectors @ collection.vectors.T
        names = np.asarray(collection.outlets, dtype=object)
        scores = np.full_like(cosine, -np.inf)
        for one, other in combinations([np.flatnonzero(names == name) for name in sorted(set(names))], 2):
            scores[np.ix_(one, other)] = choose(cosine[np.ix_(one, other)])
        return np.maximum(scores, scores.T)

    return prepare


def mutual_nearest(cosine: Matrix) -> Matrix:
    """The pairs in which each is the other's nearest."""
    mutual = (cosine == cosine.max(axis=1, keepdims=True)) & (cosine == cosine.max(axis=0, keepdims=True))
    return np.where(mutual, cosine, -np.inf)


def margin_max(cosine: Matrix) -> Matrix:
    """Margin mining, `max` retrieval: the best candidates of both sides, best first, each sentence once."""
    margin, forward, backward = margin_candidates(cosine)
    rows, columns = np.nonzero(forward | backward)
    scores = np.full_like(margin, -np.inf)
    used_rows, used_columns = set[int](), set[int]()
    for place in np.argsort(-margin[rows, columns], kind="stable"):
        row, column = int(rows[place]), int(columns[place])
        if row not in used_rows and column not in used_columns:
            used_rows.add(row)
            used_columns.add(column)
            scores[row, column] = margin[row, column]
    return scores


def margin_intersection(cosine: Matrix) -> Matrix:
    """Margin mining, `intersection` retrieval: the pairs in which each is the other's best candidate."""
    margin, forward, backward = margin_candidates(cosine)
    return np.where(forward & backward, margin, -np.inf)


def margin_candidates(cosine: Matrix) -> tuple[Matrix, Pairs, Pairs]:
    """The ratio margin of every pair, and which is the best of each row and of each column among its k nearest.

    Artetxe and Schwenk 2019, "Margin-based Parallel Corpus Mining with Multilingual Sentence Embeddings".
    """
    of_rows, of_columns = k_nearest(cosine), k_nearest(cosine.T)
    usual = (of_rows.mean(axis=1)[:, None] + of_columns.mean(axis=1)[None, :]) / 2
    margin = cosine / np.maximum(usual, 1e-6)
    near_row = np.where(cosine >= of_rows[:, :1], margin, -np.inf)
    near_column = np.where(cosine >= of_columns[:, 0], margin, -np.inf)
    forward = near_row == near_row.max(axis=1, keepdims=True)
    backward = near_column == near_column.max(axis=0, keepdims=True)
    return margin, forward, backward


def k_nearest(cosine: Matrix) -> Matrix:
    """The cosines of each row's k nearest, ascending; of all there are where they are fewer."""
    return np.sort(cosine, axis=1)[:, -MARGIN_NEIGHBOURS:]


def paraphrases(collection: Collection) -> Matrix:
    """Scores of `paraphrase_mining`, with its default of at most 100 candidates a statement."""
    import torch
    from sentence_transformers.util import paraphrase_mining_embeddings

    scores = np.full((len(collection.gold),) * 2, -np.inf, dtype=np.float32)
    for score, one, other in paraphrase_mining_embeddings(torch.from_numpy(collection.vectors)):
        scores[one, other] = scores[other, one] = score
    return np.where(same(collection.outlets), -np.inf, scores)


def vectors_of(collection: Collection) -> Matrix:
    return collection.vectors


def communities(vectors: Matrix, threshold: float) -> Pairs:
    from sentence_transformers.util import community_detection

    labels = np.arange(len(vectors))
    for members in community_detection(vectors, threshold=threshold, min_community_size=2):
        labels[members] = members[0]
    return same(labels)


def hdbscan(vectors: Matrix, choice: tuple[str, int | None]) -> Pairs:
    from sklearn.cluster import HDBSCAN

    # No cluster_selection_epsilon: with NumPy 2.4 scikit-learn fails on it. min_samples is that of two, its default.
    method, most = choice
    labels = HDBSCAN(min_cluster_size=2, cluster_selection_method=method, max_cluster_size=most, copy=True).fit_predict(
        vectors
    )
    return same(np.where(labels < 0, -1 - np.arange(len(labels)), labels))


def average_tree(collection: Collection) -> NDArray[np.float64]:
    from scipy.cluster.hierarchy import linkage

    return linkage(collection.vectors.astype(np.float64), "average", metric="cosine")


def average_linkage(tree: NDArray[np.float64], threshold: float) -> Pairs:
    from scipy.cluster.hierarchy import fcluster

    return same(fcluster(tree, 1 - threshold, "distance"))


def held_out(method: Method, collections: Sequence[Collection]) -> list[Result]:
    """Each collection's scores with the setting fitted on the others, and the seconds a run takes, vectors given."""
    results = []
    for number, collection in enumerate(collections):
        setting = method.fit([*collections[:number], *collections[number + 1 :]])
        start = time.perf_counter()
        found = method.run(collection, setting)
        seconds = [time.perf_counter() - start]
        while sum(seconds) < 0.2:
            start = time.perf_counter()
            method.run(collection, setting)
            seconds.append(time.perf_counter() - start)
        results.append(Result(score_pairs(collection.gold, found, collection.outlets), min(seconds)))
    return results


def load_events(folders: Sequence[Path], encode: Encode) -> tuple[list[GoldEvent], list[Collection]]:
    """Gold events. Raises `UserError` where one is none, or where there is no other to fit thresholds on."""
    if len(folders) < 2:
        raise UserError("two gold events or more are needed: thresholds for one are fitted on the others")
    events = [load_event(folder) for folder in folders]
    texts = [[statement.text for statement in event.statements] for event in events]
    return events, [
        Collection(
            encode(said),
            said,
            [s.language for s in event.statements],
            event.outlets,
            [event.name] * len(said),
            event.labels,
        )
        for event, said in zip(events, texts, strict=True)
    ]


@dataclass(frozen=True)
class Parallel:
    """Sentences in three languages, each language an outlet, and the document of each."""

    sentences: Collection
    documents: list[str]


def load_parallel(path: Path, encode: Encode) -> Parallel:
    """Read JSON Lines with document, sentence, en, ru, ar. Raises `UserError` naming the line that is wrong."""
    rows = []
    for number, line in enumerate(path.read_bytes().splitlines(), start=1):
        try:
            row = json.loads(line)
            rows.append((str(row["document"]), str(row["sentence"]), [str(row[language]) for language in LANGUAGES]))
        except (ValueError, KeyError, TypeError) as error:
            wanted = ", ".join(("document", "sentence", *LANGUAGES))
            raise UserError(f"{path}, line {number}: expected an object with {wanted}") from error
    documents = [document for document, _, _ in rows]
    if len(set(documents)) < 2:
        raise UserError(f"{path}: holds fewer than two documents: thresholds for one half are fitted on the other")
    texts = [said[place] for place in range(len(LANGUAGES)) for _, _, said in rows]
    languages = [language for language in LANGUAGES for _ in rows]
    gold = [f"{document} {sentence}" for document, sentence, _ in rows] * len(LANGUAGES)
    return Parallel(
        Collection(encode(texts), texts, languages, languages, documents * len(LANGUAGES), gold),
        documents * len(LANGUAGES),
    )


def halves(parallel: Parallel, seed: int) -> list[Collection]:
    """Two collections of half the documents each, with a random 60 % of the sentences of each language."""
    random = np.random.default_rng(seed)
    documents = random.permutation(sorted(set(parallel.documents)))
    first = np.isin(parallel.documents, documents[: len(documents) // 2])
    languages = np.asarray(parallel.sentences.languages)
    kept = np.zeros(len(languages), dtype=bool)
    for language in LANGUAGES:
        rows = random.permutation(np.flatnonzero(languages == language))
        kept[rows[: round(KEPT * len(rows))]] = True
    return [part(parallel.sentences, np.flatnonzero(kept & half)) for half in (first, ~first)]


def part(whole: Collection, rows: NDArray[np.int_]) -> Collection:
    """Some of a collection's statements."""
    texts, languages, outlets, stories, gold = (
        [values[row] for row in rows]
        for values in (whole.texts, whole.languages, whole.outlets, whole.stories, whole.gold)
    )
    return Collection(whole.vectors[rows], texts, languages, outlets, stories, gold)


def compare(methods: Sequence[Method], draws: Sequence[Sequence[Collection]]) -> list[Summary]:
    """What each method reaches on draws of collections, each scored with what was fitted on its draw's others."""
    shown = track(methods, "Comparing", console=Console(stderr=True), transient=True)
    return [summary([result for draw in draws for result in held_out(method, draw)]) for method in shown]


def summary(results: Sequence[Result]) -> Summary:
    f1 = [result.scores.pairs.f1 for result in results]
    return Summary(
        f1=float(np.mean(f1)),
        lowest=min(f1),
        b_cubed=float(np.mean([result.scores.b_cubed.f1 for result in results])),
        left_out=float(np.mean([result.scores.left_out for result in results])),
        seconds=float(np.mean([result.seconds for result in results])),
    )


def cells(names: Sequence[str], events: Sequence[Summary], parallel: Sequence[Summary] | None) -> list[list[str]]:
    """The table, its header first. Times are set against the first method's."""
    table = [["method", "F1", "lowest", "B-cubed F1", "left out", "time"]]
    for name, found in zip(names, events, strict=True):
        scores = (found.f1, found.lowest, found.b_cubed, found.left_out)
        table.append([name, *(f"{score:.3f}" for score in scores), times(found, events[0])])
    if parallel:
        table[0] += ["parallel F1", "lowest", "time"]
        for row, found in zip(table[1:], parallel, strict=True):
            row += [f"{found.f1:.3f}", f"{found.lowest:.3f}", times(found, parallel[0])]
    return table


def times(found: Summary, first: Summary) -> str:
    factor = found.seconds / first.seconds
    return f"{factor:,.0f}" if factor >= 10 else f"{factor:.1f}"


def print_table(table: Sequence[Sequence[str]]) -> None:
    shown = Table(*table[0][:1])
    for title in table[0][1:]:
        shown.add_column(title, justify="right")
    for row in table[1:]:
        shown.add_row(*row)
    StandardOutput().print(shown)


def print_markdown(table: Sequence[Sequence[str]]) -> None:
    header, *rows = table
    for row in (header, ["---", *("---:" for _ in header[1:])], *rows):
        print(f"| {' | '.join(row)} |")


@click.command(help=(__doc__ or "").partition("\n")[0])
@click.argument("gold", nargs=-1, required=True, type=click.Path(path_type=Path, exists=True, file_okay=False))
@click.option("--parallel", type=click.Path(path_type=Path, exists=True, dir_okay=False), help="JSON Lines.")
@click.option("--markdown", is_flag=True, help="Print a Markdown table.")
def main(gold: Sequence[Path], parallel: Path | None, markdown: bool) -> None:
    encode = EmbeddedEncoder().encode
    knowledge = load_knowledge(encode)
    try:
        start = time.perf_counter()
        marked, events = load_events(gold, encode)
        encoding = (time.perf_counter() - start) / len(events)
        sentences = load_parallel(parallel, encode) if parallel else None
    except UserError as error:
        sys.exit(f"Error: {error}")
    methods = [
        *peers(),
        ours("rashomon, all at once", knowledge, marked, in_stories=False),
        ours("rashomon, in stories", knowledge, marked, in_stories=True),
    ]
    on_events = compare(methods, [events])
    on_parallel = compare(methods, [halves(sentences, seed) for seed in SEEDS]) if sentences else None
    table = cells([method.name for method in methods], on_events, on_parallel)
    (print_markdown if markdown else print_table)(table)
    print(
        f"\nTime is set against {methods[0].name}, {1000 * on_events[0].seconds:.1f} ms an event; "
        f"the statements' vectors, which all share, take {encoding:.1f} s an event and are not in it."
    )


def same(labels: Iterable[Any]) -> Pairs:
    """Which statements have the same label, shape (n, n)."""
    array = np.asarray(labels)
    equal: Pairs = array[:, None] == array[None, :]
    return equal


if __name__ == "__main__":
    main()
