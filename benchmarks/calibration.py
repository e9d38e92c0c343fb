"""How far the probabilities of pairs and of claims' members can be trusted, and what `align.min_probability` trades.

    python benchmarks/calibration.py configs/gold/*

Each event is scored with weights learned from the others; what is printed is over all events together.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

import click
import numpy as np
from rich.table import Table

from align.claims import Claim, find_claims, labels_of
from align.encoders import EmbeddedEncoder
from align.evaluation import calibration_error, score_groups
from align.pairs import PairProbabilities, pair_probabilities
from flows.gold import GoldEvent, load_event
from flows.lexicons import load_knowledge
from flows.reports.standard_output import StandardOutput
from flows.weights import event_statements, lesson, train

LEAST = 0.05
"""Most pairs are hopeless and told so; what is likelier than this is where calibration is hard."""

CUTS = (0.1, 0.2, 0.3, 0.35, 0.4, 0.45, 0.5, 0.6, 0.7, 0.8, 0.9)


@dataclass(frozen=True)
class Held:
    """An event, and the probabilities of its pairs learned without it."""

    event: GoldEvent
    pairs: PairProbabilities


def hold_out(events: Sequence[GoldEvent], english: bool) -> list[Held]:
    knowledge = load_knowledge(EmbeddedEncoder().encode)
    lessons = [lesson(event, knowledge) for event in events]
    held = []
    for number, event in enumerate(events):
        scorer = train(lessons[:number] + lessons[number + 1 :])
        held.append(Held(event, pair_probabilities(event_statements(event, knowledge, english), scorer, knowledge)))
    return held


def pairs(held: Held) -> tuple[list[float], list[float]]:
    """Probabilities of pairs of different outlets, and whether they came true."""
    outlets, labels = np.asarray(held.event.outlets), np.asarray(held.event.labels)
    first, second = np.triu_indices(len(outlets), 1)
    apart = outlets[first] != outlets[second]
    first, second = first[apart], second[apart]
    told = held.pairs.by_text.toarray()[held.pairs.rows[first], held.pairs.rows[second]]
    return told.tolist(), (labels[first] == labels[second]).astype(float).tolist()


def members(held: Held) -> tuple[list[float], list[float]]:
    """Probabilities of claims' members, and with what share of the other outlets' members they really agree."""
    told, true = [], []
    for claim in find_claims(held.pairs, held.event.outlets):
        told += claim.probabilities
        true += [agreement(claim, member, held.event) for member in claim.members]
    return told, true


def pooled(parts: Iterable[tuple[list[float], list[float]]]) -> tuple[list[float], list[float]]:
    """The same of all events together."""
    told, true = zip(*parts, strict=True)
    return list(chain.from_iterable(told)), list(chain.from_iterable(true))


def agreement(claim: Claim, member: int, event: GoldEvent) -> float:
    others = [other for other in claim.members if event.outlets[other] != event.outlets[member]]
    return sum(event.labels[other] == event.labels[member] for other in others) / len(others)


def reliability(name: str, told: Sequence[float], true: Sequence[float]) -> Table:
    table = Table("told", "came true", "of", title=f"{name}: calibration error {calibration_error(told, true):.3f}")
    places = np.minimum((np.asarray(told) * 10).astype(int), 9)
    for place in range(10):
        chosen = places == place
        if chosen.any():
            mean, came = np.asarray(told)[chosen].mean(), np.asarray(true)[chosen].mean()
            table.add_row(f"{mean:.3f}", f"{came:.3f}", str(chosen.sum()))
    return table


def curve(events: Sequence[Held]) -> Table:
    table = Table("min probability", "precision", "recall", "F1", "B-cubed F1", "left out", title="Means over events")
    for cut in CUTS:
        scores = []
        for held in events:
            claims = find_claims(held.pairs, held.event.outlets, cut)
            groups = score_groups(held.event.labels, labels_of(claims, len(held.event.labels)), held.event.outlets)
            found = groups.pairs
            scores.append([found.precision, found.recall, found.f1, groups.b_cubed.f1, groups.left_out])
        table.add_row(f"{cut:.2f}", *(f"{mean:.3f}" for mean in np.mean(scores, axis=0)))
    return table


@click.command()
@click.argument("gold", type=click.Path(path_type=Path, exists=True, file_okay=False), nargs=-1, required=True)
@click.option("--translations", type=click.Choice(("reference", "none")), default="reference", show_default=True)
def main(gold: tuple[Path, ...], translations: str) -> None:
    """Print reliability tables and the curve of `align.min_probability` for two GOLD events or more."""
    if len(gold) < 2:
        raise click.UsageError("name two events or more: each is scored with weights learned from the others")
    events = hold_out([load_event(folder) for folder in gold], translations == "reference")
    out = StandardOutput()
    told, true = pooled(pairs(held) for held in events)
    out.print(reliability("All pairs", told, true))
    likely = [place for place, chance in enumerate(told) if chance >= LEAST]
    out.print(reliability(f"Pairs from {LEAST}", [told[place] for place in likely], [true[place] for place in likely]))
    out.print(reliability("Members", *pooled(members(held) for held in events)))
    out.print(curve(events))


if __name__ == "__main__":
    main()
