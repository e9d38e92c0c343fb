"""The weights of denials, learned from the claims of gold events and from which of them deny which."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

import numpy as np
from numpy.typing import NDArray

from align.attribution import attribute
from align.pairs import Knowledge, Statements, Weights
from align.relations import denial_features
from flows.errors import UserError
from flows.gold import RELATIONS, GoldEvent
from flows.weights import event_statements, fit

# How freely weights may grow (scikit-learn's C); from 1 to 10 the shipped events score about alike.
FREEDOM = 3.0


@dataclass(frozen=True, slots=True)
class GoldStory:
    """A gold event, or a part of it, as a story whose claims are known.

    speakers: those that attribution finds; claims: for each gold claim that two outlets make its statements' rows.
    """

    statements: Statements
    speakers: list[str | None]
    claims: dict[str, list[int]]


@dataclass(frozen=True, slots=True)
class DenialTable:
    """Ordered pairs of claims: features, shape (pairs, features), and whether the one denies the other."""

    names: list[str]
    features: NDArray[np.float64]
    denies: NDArray[np.bool_]


def denial_lesson(event: GoldEvent, knowledge: Knowledge) -> list[DenialTable]:
    """What an event teaches: the pairs of its claims, and of those in three parts of it with two thirds of its outlets.

    So each link is seen with other wordings, and stories of fewer outlets are learned from too.
    """
    whole = gold_story(event, knowledge)
    return [_table(story, event, knowledge) for story in (whole, *_parts(whole)) if len(story.claims) > 1]


def train_denials(lessons: Sequence[Sequence[DenialTable]]) -> Weights:
    """Fit the weights. Raises `UserError` where no denial is marked."""
    tables = [table for lesson in lessons for table in lesson]
    if not any(table.denies.any() for table in tables):
        raise UserError(f"no denial is marked in these gold events: denials are learned from {RELATIONS}")
    features, denies = (np.concatenate([getattr(table, name) for table in tables]) for name in ("features", "denies"))
    return fit(tables[0].names, features, denies, FREEDOM)


def gold_story(event: GoldEvent, knowledge: Knowledge) -> GoldStory:
    """The event's gold statements and claims, with the speakers that attribution finds."""
    speakers: list[str | None] = []
    for _, sentences in groupby(event.statements, key=lambda statement: statement.article_id):
        article = list(sentences)
        lexicon = knowledge.reporting.get(article[0].language)
        texts = [statement.text for statement in article]
        speakers += [voice.speaker for voice in attribute(texts, lexicon)] if lexicon else [None] * len(texts)
    rows = list(range(len(speakers)))
    statements = event_statements(event, knowledge, english=False)
    labels = [statement.claim for statement in event.statements]
    return GoldStory(statements, speakers, _claims(labels, rows, event.outlets))


def _parts(whole: GoldStory) -> Iterator[GoldStory]:
    labels: list[str | None] = [None] * len(whole.statements)
    for claim, rows in whole.claims.items():
        for row in rows:
            labels[row] = claim
    outlets = sorted(set(whole.statements.outlets))
    for first in range(3):
        left_out = set(outlets[first::3])
        rows = [row for row, outlet in enumerate(whole.statements.outlets) if outlet not in left_out]
        claims = _claims(labels, rows, whole.statements.outlets)
        yield GoldStory(whole.statements.part(rows), [whole.speakers[row] for row in rows], claims)


def _claims(labels: Sequence[str | None], rows: Sequence[int], outlets: Sequence[str]) -> dict[str, list[int]]:
    """The claims that two outlets or more make, each with the places among `rows` of its statements."""
    members: dict[str, list[int]] = {}
    for place, row in enumerate(rows):
        if claim := labels[row]:
            members.setdefault(claim, []).append(place)
    return {claim: places for claim, places in members.items() if len({outlets[rows[place]] for place in places}) > 1}


def _table(story: GoldStory, event: GoldEvent, knowledge: Knowledge) -> DenialTable:
    found = denial_features(story.statements, story.speakers, list(story.claims.values()), knowledge)
    denies = np.array([[(claim, other) in event.denials for other in story.claims] for claim in story.claims])
    apart = ~np.eye(len(story.claims), dtype=bool)
    return DenialTable(
        list(found), np.stack([matrix[apart] for matrix in found.values()], axis=1).astype(float), denies[apart]
    )
