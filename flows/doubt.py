"""What tells a translation that is wrong, learned from the references of gold events and from what is made of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from random import Random

import numpy as np
from numpy.typing import NDArray

from align.corruptions import CORRUPTIONS, corrupt
from align.doubt import FAULTS, SIGNS, Judge, length_ratio, signs
from align.pairs import Knowledge, Weights
from flows.errors import UserError
from flows.gold import GoldEvent
from flows.weights import fit

# How freely weights may grow (scikit-learn's C); from 0.3 to 1 wrong translations are told about as well.
FREEDOM = 1.0
TRUE_SHARE = 0.8
"""The share of translations that are taken to be true: the estimates are probabilities where so many are."""
TRUE = "true"

Table = NDArray[np.float64]


def train_doubt(events: Sequence[GoldEvent], knowledge: Knowledge) -> Judge:
    """Fit the weights of each fault. Raises `UserError` where no statement has a reference."""
    lengths = usual_lengths(events)
    if not lengths:
        raise UserError("no statement of these gold events has a reference, `en`: doubt is learned from those")
    lessons = [doubt_lesson(event, language, lengths, knowledge) for event in events for language in lengths]
    tables = {kind: np.concatenate([lesson[kind] for lesson in lessons]) for kind in (TRUE, *CORRUPTIONS)}
    return Judge({fault: _fit(fault, tables) for fault in FAULTS}, lengths)


def usual_lengths(events: Sequence[GoldEvent]) -> dict[str, float]:
    """By language, the median logarithm of the characters of references to those of their sources."""
    ratios: dict[str, list[float]] = {}
    for event in events:
        for statement in event.statements:
            if statement.english:
                ratios.setdefault(statement.language, []).append(length_ratio(statement.text, statement.english))
    return {language: float(np.median(some)) for language, some in sorted(ratios.items())}


def doubt_lesson(
    event: GoldEvent, language: str, lengths: Mapping[str, float], knowledge: Knowledge
) -> dict[str, Table]:
    """The signs of the event's references in a language, and of each kind of wrong ones, each of shape (n, signs)."""
    statements = [statement for statement in event.statements if statement.language == language and statement.english]
    sources, english = [s.text for s in statements], [s.english or "" for s in statements]
    made = {TRUE: dict(enumerate(english))} | {
        kind: corrupt(kind, sources, english, Random(f"{event.name} {language} {kind}")) for kind in CORRUPTIONS
    }
    tables, source_vectors = {}, knowledge.encode(sources)
    for kind, by_row in made.items():
        chosen, texts = [sources[row] for row in by_row], list(by_row.values())
        vectors = source_vectors[list(by_row)], knowledge.encode(texts)
        found = signs(chosen, texts, language, vectors, lengths, knowledge)
        tables[kind] = np.stack([found[name] for name in SIGNS], axis=1)
    return tables


def _fit(fault: str, tables: Mapping[str, Table]) -> Weights:
    """The weights of one fault's signs, its kinds of wrong translations weighing the same."""
    wrong = [tables[kind] for kind, made in CORRUPTIONS.items() if made == fault]
    chosen = [tables[TRUE], *wrong]
    shares = [TRUE_SHARE, *[(1 - TRUE_SHARE) / len(FAULTS) / len(wrong)] * len(wrong)]
    total = sum(map(len, chosen)) / sum(shares)
    importance = np.concatenate(
        [np.full(len(table), total * share / max(len(table), 1)) for table, share in zip(chosen, shares, strict=True)]
    )
    columns = [SIGNS.index(name) for name in FAULTS[fault]]
    is_true = np.arange(len(importance)) < len(tables[TRUE])
    return fit(FAULTS[fault], np.concatenate(chosen)[:, columns], is_true, FREEDOM, importance)
