"""How well denials and differing figures are found where the claims are known: those of gold events.

    python benchmarks/relations.py configs/gold/*

So mistakes in finding claims play no part. Denials are found with weights learned from the other events, by several
least probabilities, and set against plain rules; all are scored over the links of all events together. Figures are
those that the pipeline finds.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import click
import numpy as np
from rich.table import Table

from align.encoders import EmbeddedEncoder
from align.evaluation import Counts, calibration_error, score_sets
from align.figures import find_figures
from align.pairs import Knowledge, Weights
from align.relations import MIN_PROBABILITY, denial_features, find_denials
from flows.denials import DenialTable, GoldStory, denial_lesson, gold_story, train_denials
from flows.gold import GoldDiscrepancy, GoldEvent, load_event
from flows.lexicons import load_knowledge
from flows.reports.standard_output import StandardOutput
from storage import Reading, Warehouse, rows

LEAST = 0.05
CUTS = (0.1, 0.2, MIN_PROBABILITY, 0.4, 0.5, 0.7)
DAY = datetime(2024, 1, 1)
Links = set[tuple[str, str]]


def by_rule(story: GoldStory, knowledge: Knowledge, least: float) -> Links:
    """A claim that mostly has words of denial denies the claim it is most like, if that is like enough."""
    made = denial_features(story.statements, story.speakers, list(story.claims.values()), knowledge)
    names, likeness = list(story.claims), made["likeness"]
    return {
        (names[claim], names[int(np.argmax(likeness[claim]))])
        for claim in np.flatnonzero(made["disputing"][:, 0] > 0.5)
        if likeness[claim].max() >= least
    }


def learned(story: GoldStory, weights: Weights, knowledge: Knowledge, least: float) -> dict[tuple[str, str], float]:
    """The links found, with their probabilities."""
    names, members = list(story.claims), list(story.claims.values())
    found = find_denials(story.statements, story.speakers, members, weights, knowledge, least)
    return {(names[denial.claim], names[denial.denied]): denial.probability for denial in found}


def held_out(
    stories: Sequence[GoldStory], lessons: Sequence[list[DenialTable]], knowledge: Knowledge, least: float
) -> list[dict[tuple[str, str], float]]:
    """The links of each story with their probabilities, by weights learned from the other events."""
    return [
        learned(story, train_denials([*lessons[:number], *lessons[number + 1 :]]), knowledge, least)
        for number, story in enumerate(stories)
    ]


def without(feature: str, lesson: list[DenialTable]) -> list[DenialTable]:
    """The lesson as if there were no such feature."""
    kept = [place for place, name in enumerate(lesson[0].names) if name != feature]
    names = [lesson[0].names[place] for place in kept]
    return [replace(table, names=names, features=table.features[:, kept]) for table in lesson]


def together(counts: Iterable[Counts]) -> Counts:
    parts = list(counts)
    return Counts(*(sum(getattr(part, name) for part in parts) for name in ("right", "found", "wanted")))


def differing(event: GoldEvent) -> set[GoldDiscrepancy]:
    """The view `discrepancies` over the gold claims and the figures that are found."""
    members: dict[str, list[str]] = {}
    for statement in event.statements:
        if statement.claim:
            members.setdefault(statement.claim, []).append(statement.key)
    with tempfile.TemporaryDirectory(prefix="rashomon-") as scratch:
        store = Warehouse(Path(scratch) / "claims.duckdb")
        outlets = {s.article_id: (s.outlet, s.language) for s in event.statements}
        store.write_coverage([rows.Article(key, *of, None, "", "", DAY, "gold", DAY) for key, of in outlets.items()])
        store.write_readings("gold", [_reading(key, event) for key in outlets])
        store.write_stories([rows.Story("story", event.name)], [rows.StoryArticle(key, "story") for key in outlets])
        claims = [rows.Claim(claim, "story", keys[0], 1.0) for claim, keys in members.items()]
        told = [rows.ClaimStatement(key, claim, 1.0) for claim, keys in members.items() for key in keys]
        store.write_claims("story", "gold", claims, told)
        found = store.query("SELECT claim_id, unit, lowest, highest FROM discrepancies").rows
    return {GoldDiscrepancy(*row) for row in found}


def _reading(article: str, event: GoldEvent) -> Reading:
    reading = Reading(article, [], [], [])
    for place, s in enumerate(s for s in event.statements if s.article_id == article):
        reading.statements.append(
            rows.Statement(s.key, article, place, s.start, s.end, s.text, s.key, None, None, None, False)
        )
        for f in find_figures(s.text, s.language):
            reading.figures.append(rows.Figure(s.key, f.start, f.end, f.surface, f.value, f.unit, f.bound))
    return reading


def row(name: str, counts: Counts) -> list[str]:
    return [name, *(f"{value:.3f}" for value in (counts.precision, counts.recall, counts.f1))]


@click.command()
@click.argument("gold", type=click.Path(path_type=Path, exists=True, file_okay=False), nargs=-1, required=True)
def main(gold: tuple[Path, ...]) -> None:
    """Print how well denials, contested claims and differing figures are found in two GOLD events or more."""
    if len(gold) < 2:
        raise click.UsageError("name two events or more: each is scored with weights learned from the others")
    events = [load_event(folder) for folder in gold]
    knowledge = load_knowledge(EmbeddedEncoder().encode)
    lessons = [denial_lesson(event, knowledge) for event in events]
    stories = [gold_story(event, knowledge) for event in events]
    found = held_out(stories, lessons, knowledge, 0.0)
    out = StandardOutput()
    table = Table("denials", "precision", "recall", "F1")
    for least in (0.0, 0.3, 0.4, 0.5):
        ruled = [by_rule(story, knowledge, least) for story in stories]
        counts = together(score_sets(event.denials, links) for event, links in zip(events, ruled, strict=True))
        table.add_row(*row(f"rule, likeness from {least:g}", counts))
    for least in CUTS:
        table.add_row(*row(f"learned, from {least:g}", together(_scores(events, found, least))))
    for feature in lessons[0][0].names:
        less = held_out(stories, [without(feature, lesson) for lesson in lessons], knowledge, 0.0)
        table.add_row(*row(f"the same, without {feature}", together(_scores(events, less, MIN_PROBABILITY))))
    out.print(table)
    table = Table("event", "precision", "recall", "F1", "contested F1", "discrepancy F1")
    for event, links, counts in zip(events, found, _scores(events, found, MIN_PROBABILITY), strict=True):
        linked = {claim for link, chance in links.items() if chance >= MIN_PROBABILITY for claim in link}
        others = score_sets(event.contested, linked), score_sets(event.discrepancies, differing(event))
        table.add_row(*row(event.name, counts), *(f"{other.f1:.3f}" for other in others))
    out.print(table)
    told = [
        (chance, float(link in event.denials))
        for event, links in zip(events, found, strict=True)
        for link, chance in links.items()
    ]
    likely = [pair for pair in told if pair[0] >= LEAST]
    error = calibration_error([chance for chance, _ in likely], [true for _, true in likely])
    out.print(f"calibration error of the {len(likely)} links from {LEAST:g}: {error:.3f}")


def _scores(events: Sequence[GoldEvent], found: Sequence[dict[tuple[str, str], float]], least: float) -> list[Counts]:
    return [
        score_sets(event.denials, {link for link, chance in links.items() if chance >= least})
        for event, links in zip(events, found, strict=True)
    ]


if __name__ == "__main__":
    main()
