"""Statements to claims."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from functools import partial
from itertools import islice
from typing import TYPE_CHECKING

import numpy as np

from align import persons, relations
from align.attribution import content
from align.claims import METHOD, Claim
from align.encoders import EmbeddedEncoder, Encoder
from align.pairs import PairProbabilities, Statements
from flows.claim_worker import Found, Job, find_as_shipped, find_in_story
from flows.errors import UserError
from flows.lexicons import load_knowledge
from flows.progress import report
from flows.settings import Settings
from flows.stages import Counts, batch_task
from flows.stages.encode import encoder_key
from flows.weights import depths, load_weights, weights_key
from flows.workers import start_workers, work_in_order
from storage import StoryStatements, Warehouse, claim_id, rows

if TYPE_CHECKING:
    from scipy.sparse import csr_array

LEAST_KEPT = 0.05
"""The least probability of a pair that is kept in the warehouse."""

MOST_KEPT = 50
"""The most outlets whose likeness to a statement is kept, so that a text all of many outlets have stays small."""

FEW = 100
"""Stories that are done about as soon as other processes have started. A user's own encoder may be too large for more
than one process, too.
"""


@dataclass(frozen=True, slots=True)
class Story:
    """A story as it is in the warehouse; `fingerprint` tells what its claims are found from."""

    key: str
    fingerprint: str
    stored: StoryStatements


def align(settings: Settings, warehouse: Warehouse, encoder: Encoder) -> Counts:
    """Find the claims of every story whose statements, translations or settings changed."""
    learned, knowledge = load_weights(), load_knowledge(encoder.encode)
    learned_key = weights_key(learned.scorer, learned.denials)
    shaped_by = (METHOD, relations.METHOD, persons.METHOD, learned_key, knowledge.fingerprint)
    made_with = " ".join([encoder_key(encoder), str(settings.align.min_probability), *shaped_by])
    changed = warehouse.unaligned(made_with, with_english=settings.translate.scope == "all")
    stories = (read_story(*story, settings, warehouse, encoder) for story in changed)
    if len(changed) < FEW or encoder.name != EmbeddedEncoder.name:
        each = (
            (story, find_in_story(job, settings.align.min_probability, learned, knowledge)) for story, job in stories
        )
        return _write(each, len(changed), warehouse)
    with start_workers() as pool:
        work = partial(pool.submit, partial(find_as_shipped, settings.align.min_probability))
        try:
            return _write(work_in_order(work, stories), len(changed), warehouse)
        except BrokenProcessPool as error:
            raise UserError(
                "align: one of the processes that find claims has ended, for want of memory or since it was killed; "
                "run again for what is left"
            ) from error
        finally:
            pool.shutdown(cancel_futures=True)


def _write(each: Iterable[tuple[Story, Found]], total: int, warehouse: Warehouse) -> Counts:
    claims = 0
    for number, (story, found) in enumerate(each, start=1):
        _write_story(story, found, warehouse)
        claims += len(found.claims)
        report("align", number, total, f"{claims} claims")
    return {"stories": total, "claims": claims}


def read_story(
    story: str, fingerprint: str, settings: Settings, warehouse: Warehouse, encoder: Encoder
) -> tuple[Story, Job]:
    """A story as it is in the warehouse, and what its claims are found in."""
    stored = warehouse.story_statements(story, encoder_key(encoder), encoder.dimensions)
    statements = _statements(stored, in_english=settings.translate.scope == "all")
    return Story(story, fingerprint, stored), (statements, stored.speakers)


def write_story(story: Story, found: Found, warehouse: Warehouse) -> None:
    """Put what was found in a story in place of what was known of it."""
    stored, claims = story.stored, found.claims
    known = warehouse.claim_members(story.key)
    ids = claim_ids(story.key, claims, stored.statement_ids, known)
    warehouse.write_claims(
        story.key,
        story.fingerprint,
        [
            rows.Claim(key, story.key, stored.statement_ids[claim.gist], claim.probability)
            for key, claim in zip(ids, claims, strict=True)
        ],
        [
            rows.ClaimStatement(stored.statement_ids[member], key, probability)
            for key, claim in zip(ids, claims, strict=True)
            for member, probability in zip(claim.members, claim.probabilities, strict=True)
        ],
        _pairs(found.pairs, stored),
        [
            rows.Relation(ids[denial.claim], ids[denial.denied], "denies", denial.probability)
            for denial in found.denials
        ],
        _speakers(story.key, stored),
    )


_write_story = batch_task("align story")(write_story)


def _speakers(story: str, stored: StoryStatements) -> list[rows.Speaker]:
    voices = [(form, language) for form, language in zip(stored.speakers, stored.languages, strict=True) if form]
    found = persons.name_persons(voices)
    return [rows.Speaker(story, form, language, person) for (form, language), person in found.items()]


def _statements(stored: StoryStatements, *, in_english: bool) -> Statements:
    """in_english: compare English wording too, where all of a story has it."""
    english = [text for text in stored.english if text is not None]
    return Statements(
        texts=stored.texts,
        contents=[content(*each) for each in zip(stored.texts, stored.speakers, stored.cues, strict=True)],
        figures=stored.figures,
        languages=stored.languages,
        outlets=stored.outlets,
        articles=stored.article_ids,
        depths=depths(stored.article_ids),
        vectors=stored.vectors,
        english=english if in_english and len(english) == len(stored.english) else None,
    )


def claim_ids(story: str, claims: Sequence[Claim], statements: Sequence[str], known: dict[str, str]) -> list[str]:
    """An id for each claim: that of the known claim most of its members were in, or one after its earliest statement.

    known: the claim of each statement until now. So a claim keeps its id when a later day's articles join it, or an
    article of an earlier time is found. Where a claim falls apart, the part with most of its members keeps the id.
    """
    shared = {
        (number, key): sum(known.get(statements[member]) == key for member in claim.members)
        for number, claim in enumerate(claims)
        for key in {known[statements[member]] for member in claim.members if statements[member] in known}
    }
    kept: dict[int, str] = {}
    for number, key in sorted(shared, key=lambda pair: (-shared[pair], pair)):
        if number not in kept and key not in kept.values():
            kept[number] = key
    taken = set(known.values())
    ids = []
    for number, claim in enumerate(claims):
        # Statements come in order of time, so a claim's first member is its earliest.
        new = (claim_id(story, statements[member]) for member in claim.members)
        ids.append(kept.get(number) or next(key for key in new if key not in taken))
        taken.add(ids[-1])
    return ids


def _pairs(pairs: PairProbabilities, stored: StoryStatements) -> list[rows.Pair]:
    """What each statement is most like in each other outlet."""
    tellings: list[dict[str, int]] = [{} for _ in range(pairs.by_text.shape[0])]
    for statement, (text, outlet) in enumerate(zip(pairs.rows, stored.outlets, strict=True)):
        tellings[text].setdefault(outlet, statement)
    likely = [_most_like(text, pairs.by_text, tellings) for text in range(len(tellings))]
    return [
        rows.Pair(stored.statement_ids[statement], stored.statement_ids[other], chance)
        for statement, text in enumerate(pairs.rows)
        for outlet, (chance, other) in likely[text].items()
        if outlet != stored.outlets[statement]
    ]


def _most_like(
    text: int, by_text: csr_array[np.float32], tellings: Sequence[dict[str, int]]
) -> dict[str, tuple[float, int]]:
    """In the likeliest outlets the statement most like a text, and how likely the two say the same."""
    span = slice(by_text.indptr[text], by_text.indptr[text + 1])
    found: dict[str, tuple[float, int]] = {}
    for place in np.argsort(-by_text.data[span], kind="stable"):
        chance, other = by_text.data[span][place], by_text.indices[span][place]
        if chance < LEAST_KEPT or len(found) > MOST_KEPT:
            break
        for outlet, statement in tellings[other].items():
            found.setdefault(outlet, (round(float(chance), 4), statement))
    return dict(islice(found.items(), MOST_KEPT + 1))
