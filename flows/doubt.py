"""What tells a translation that is wrong, learned from the references of gold events and from what is made of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from random import Random

import numpy as np
from numpy.typing import NDArray

from align.corruptions import CORRUPTIONS, corrupt
from align.doubt import FAULTS, Judge, length_ratio, signs
from align.pairs import Knowledge
from flows.errors import UserError
from flows.gold import GoldEvent
from flows.weights import fit

# How freely weights may grow (scikit-learn's C); from 0.01 to 0.1 wrong translations are told about as well.
FREEDOM = 0.03
TRUE_SHARE = 0.8
"""The share of translations that are taken to be true: the estimates are probabilities where so many are."""
TRUE = "true"
KINDS = (TRUE, *CORRUPTIONS)


def usual_lengths(events: Sequence[GoldEvent]) -> dict[str, float]:
    """By language, the median logarithm of the characters of references to those of their sources."""
    ratios: dict[str, list[float]] = {}
    for event in events:
        for statement in event.statements:
            if statement.english:
                ratios.setdefault(statement.language, []).append(length_ratio(statement.text, statement.english))
    return {language: float(np.median(some)) for language, some in sorted(ratios.items())}


def train_doubt(events: Sequence[GoldEvent], knowledge: Knowledge) -> Judge:
    """Fit the weights, each kind of wrong translation weighing the same. Raises `UserError` without any reference."""
    lengths = usual_lengths(events)
    if not lengths:
        raise UserError("no statement of these gold events has a reference: doubt is learned from `en`")
    taught = [part for event in events for language in lengths for part in _teach(event, language, lengths, knowledge)]
    tables = {kind: np.concatenate([table for taught_of, table in taught if taught_of == kind]) for kind in KINDS}
    features, sizes = np.concatenate(list(tables.values())), [len(table) for table in tables.values()]
    shares = [TRUE_SHARE, *[(1 - TRUE_SHARE) / len(CORRUPTIONS)] * len(CORRUPTIONS)]
    importance = [len(features) * share / max(size, 1) for share, size in zip(shares, sizes, strict=True)]
    is_true = np.arange(len(features)) < sizes[0]
    weights = fit(list(FAULTS), features, is_true, FREEDOM, np.repeat(importance, sizes))
    usual = features[is_true].mean(axis=0)
    return Judge(weights, dict(zip(FAULTS, map(float, usual), strict=True)), lengths)


def _teach(
    event: GoldEvent, language: str, lengths: Mapping[str, float], knowledge: Knowledge
) -> Iterator[tuple[str, NDArray[np.float64]]]:
    """The signs, shape (n, signs), of the event's references in a language and of each kind of wrong ones."""
    statements = [statement for statement in event.statements if statement.language == language and statement.english]
    sources, english = [s.text for s in statements], [s.english or "" for s in statements]
    for kind in KINDS:
        if kind == TRUE:
            made = dict(enumerate(english))
        else:
            made = corrupt(kind, sources, english, Random(f"{event.name} {language} {kind}"))
        chosen, texts = [sources[row] for row in made], list(made.values())
        vectors = knowledge.encode(chosen), knowledge.encode(texts)
        found = signs(chosen, texts, language, vectors, lengths, knowledge)
        yield kind, np.stack([found[name] for name in FAULTS], axis=1)
