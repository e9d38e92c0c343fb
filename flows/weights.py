"""What is learned from gold events and kept in configs/weights.json: the weights of pairs, of denials and of doubt."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from importlib import resources
from typing import Any

import numpy as np
from numpy.typing import NDArray

from align.doubt import Judge
from align.figures import figure_values
from align.pairs import Knowledge, Scorer, Statements, Weights, agreement, features, find_contents, story_size
from flows.errors import UserError
from flows.gold import GoldEvent
from storage import text_hash

# How freely weights may grow (scikit-learn's C); from 0.03 to 0.1 the shipped events score about alike.
FREEDOM = 0.1
# How much more a pair weighs in a whole event than in a part of one.
WHOLE = 3.0


@dataclass(frozen=True, slots=True)
class Learned:
    """All that is learned: when statements say the same, when a claim denies another, when a translation is wrong."""

    scorer: Scorer
    denials: Weights
    doubt: Judge


def load_weights() -> Learned:
    """The shipped weights."""
    stored = json.loads((resources.files("configs") / "weights.json").read_text(encoding="utf-8"))
    doubt = stored.pop("doubt")
    judge = Judge({fault: Weights(**each) for fault, each in doubt["faults"].items()}, doubt["lengths"])
    weights = {name: Weights(**each) for name, each in stored.items()}
    denials = weights.pop("denials")
    return Learned(Scorer(**weights), denials, judge)


def weights_key(*weights: Scorer | Weights | Judge) -> str:
    """Changes whenever the weights do."""
    return text_hash(*(json.dumps(_rounded(asdict(each))) for each in weights))


def to_json(learned: Learned) -> str:
    """The weights as they are kept: readable, to four places."""
    kept = asdict(learned.scorer) | {"denials": asdict(learned.denials), "doubt": asdict(learned.doubt)}
    return json.dumps(_rounded(kept), ensure_ascii=False, indent=2) + "\n"


def _rounded(kept: Any) -> Any:
    """Nested mappings with their numbers to four places."""
    return {name: _rounded(each) for name, each in kept.items()} if isinstance(kept, dict) else round(kept, 4)


@dataclass(frozen=True, slots=True)
class PairTable:
    """Pairs of statements of different outlets, `first` and `second`, in a story.

    names, features: of what the two have in common, shape (pairs, features); same: whether they say the same.
    """

    statements: Statements
    first: NDArray[np.int_]
    second: NDArray[np.int_]
    names: list[str]
    features: NDArray[np.float64]
    same: NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Lesson:
    """What an event teaches without translations and with its reference English: first the event, then parts of it."""

    originals: list[PairTable]
    translated: list[PairTable]


def lesson(event: GoldEvent, knowledge: Knowledge) -> Lesson:
    """The pairs of an event, and of parts of it with fewer outlets: real stories have few outlets or many."""
    rows = [[row for row, outlet in enumerate(event.outlets) if outlet in part] for part in _parts(event)]
    return Lesson(
        *(
            [_pair_table(statements.part(chosen), event, chosen, knowledge) for chosen in rows]
            for statements in (event_statements(event, knowledge, english) for english in (False, True))
        )
    )


def _parts(event: GoldEvent) -> list[frozenset[str]]:
    """All outlets of an event first, then most of them, some, and an outlet a language, each with each other's."""
    outlets = sorted(set(event.outlets))
    spoken = {outlet: each.language for outlet, each in zip(event.outlets, event.statements, strict=True)}
    own = [[outlet for outlet in outlets if spoken[outlet] == language] for language in sorted(set(spoken.values()))]
    parts = [set(outlets)]
    parts += [set(outlets) - set(outlets[first::3]) for first in range(3)]
    parts += [set(outlets[first::3]) for first in range(3)] + [set(outlets[first::4]) for first in range(4)]
    parts += [
        {some[(first + step * place) % len(some)] for place, some in enumerate(own)}
        for first in range(3)
        for step in range(3)
    ]
    return [part for part in dict.fromkeys(map(frozenset, parts)) if part]


def train(lessons: Sequence[Lesson]) -> Scorer:
    """Fit both steps for both kinds of stories. Raises `UserError` where there are fewer than two events.

    The second step learns from what the first one, fitted without an event, says of that event.
    """
    if len(lessons) < 2:
        raise UserError("name two gold events or more: what is learned from one is checked on another")
    originals, translated = [each.originals for each in lessons], [each.translated for each in lessons]
    return Scorer(*_train_steps(originals), *_train_steps(translated))


def _train_steps(events: Sequence[list[PairTable]]) -> tuple[Weights, Weights]:
    second = []
    for number, event in enumerate(events):
        weights = _fit_sized([*events[:number], *events[number + 1 :]])
        second.append([_agreement_table(table, weights) for table in event])
    return _fit_sized(events), _fit(second)


def _agreement_table(table: PairTable, weights: Weights) -> PairTable:
    """The features of the second step of the same pairs."""
    size = story_size(table.statements)
    found = table.features @ [weights.at(name, size) for name in table.names] + weights.intercept
    log_odds = np.zeros((len(table.statements), len(table.statements)), dtype=np.float32)
    log_odds[table.first, table.second] = log_odds[table.second, table.first] = found
    features = {name: matrix[table.first, table.second] for name, matrix in agreement(log_odds, table.statements)}
    return replace(table, names=list(features), features=np.stack(list(features.values()), axis=1).astype(float))


def _fit_sized(events: Sequence[list[PairTable]]) -> Weights:
    """Weights that vary with the size of a story: what stands out among nine articles is little between two."""
    names = events[0][0].names
    by_size = [
        [
            replace(table, features=np.hstack([table.features, table.features * story_size(table.statements)]))
            for table in event
        ]
        for event in events
    ]
    fitted = _fit(by_size, [*names, *(f"{name} by size" for name in names)])
    slopes = {name: fitted.weights[f"{name} by size"] for name in names}
    return Weights(fitted.intercept, {name: fitted.weights[name] for name in names}, slopes)


def event_statements(event: GoldEvent, knowledge: Knowledge, english: bool) -> Statements:
    """The event's gold statements, with the reference English or none."""
    texts = [statement.text for statement in event.statements]
    languages = [statement.language for statement in event.statements]
    articles = [statement.article_id for statement in event.statements]
    return Statements(
        texts=texts,
        contents=find_contents(texts, languages, articles, knowledge.reporting),
        figures=list(map(figure_values, texts, languages)),
        languages=languages,
        outlets=event.outlets,
        articles=articles,
        depths=depths(articles),
        vectors=knowledge.encode(texts),
        english=[statement.english or statement.text for statement in event.statements] if english else None,
    )


def depths(articles: Sequence[str]) -> list[float]:
    """How far down its article each statement stands, 0 for the top to 1; statements come in the order of articles."""
    totals = {article: articles.count(article) for article in set(articles)}
    seen = dict.fromkeys(totals, 0)
    places = []
    for article in articles:
        places.append(seen[article] / totals[article])
        seen[article] += 1
    return places


def _pair_table(statements: Statements, event: GoldEvent, rows: Sequence[int], knowledge: Knowledge) -> PairTable:
    outlets, claims = np.asarray(statements.outlets), np.asarray([event.labels[row] for row in rows])
    first, second = np.triu_indices(len(statements), 1)
    apart = outlets[first] != outlets[second]
    first, second = first[apart], second[apart]
    found = {name: matrix[first, second] for name, matrix in features(statements, knowledge)}
    values = np.stack(list(found.values()), axis=1).astype(float)
    return PairTable(statements, first, second, list(found), values, claims[first] == claims[second])


def _fit(events: Sequence[list[PairTable]], names: Sequence[str] | None = None) -> Weights:
    tables = [table for event in events for table in event]
    importance = [
        np.full(len(table.same), 1.0 if part else WHOLE) for event in events for part, table in enumerate(event)
    ]
    features, same = (np.concatenate([getattr(table, name) for table in tables]) for name in ("features", "same"))
    return fit(names or tables[0].names, features, same, FREEDOM, np.concatenate(importance))


def fit(
    names: Sequence[str],
    features: NDArray[np.float64],
    outcomes: NDArray[np.bool_],
    freedom: float,
    importance: NDArray[np.float64] | None = None,
) -> Weights:
    """A logistic regression of outcomes, shape (n,), on features, shape (n, names).

    freedom: how freely weights may grow, features being scaled to one spread; importance: how much each row weighs.
    """
    # Imported here: scikit-learn takes a second to load, and only training needs it.
    from sklearn.linear_model import LogisticRegression

    mean, spread = features.mean(axis=0), features.std(axis=0)
    spread[spread == 0] = 1
    model = LogisticRegression(C=freedom, solver="newton-cholesky", tol=1e-6, max_iter=200)
    model.fit((features - mean) / spread, outcomes, sample_weight=importance)
    weights = model.coef_[0] / spread
    intercept = float(model.intercept_[0] - (weights * mean).sum())
    return Weights(intercept, dict(zip(names, map(float, weights), strict=True)))
