"""Statements to claims."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from align import relations
from align.claims import METHOD, Claim, find_claims
from align.encoders import Encoder
from align.pairs import Statements, pair_probabilities
from align.wording import Matrix
from flows.progress import report
from flows.settings import Settings
from flows.stages import Counts, batch_task
from flows.stages.encode import encoder_key
from flows.weights import Learned, depths, load_weights, weights_key
from storage import StoryStatements, Warehouse, claim_id, rows

LEAST_KEPT = 0.05
"""The least probability of a pair that is kept in the warehouse."""


def align(settings: Settings, warehouse: Warehouse, encoder: Encoder) -> Counts:
    """Find the claims of every story whose statements, translations or settings changed."""
    learned = load_weights()
    methods = f"{METHOD} {relations.METHOD} {weights_key(learned)}"
    made_with = f"{encoder_key(encoder)} {settings.align.min_probability} {methods}"
    changed = warehouse.unaligned(made_with)
    found = 0
    for number, (story, fingerprint) in enumerate(changed, start=1):
        found += _align_story(story, fingerprint, settings, warehouse, encoder, learned)
        report("align", number, len(changed), f"{found} claims")
    return {"stories": len(changed), "claims": found}


def align_story(
    story: str, fingerprint: str, settings: Settings, warehouse: Warehouse, encoder: Encoder, learned: Learned
) -> int:
    """Find the claims of one story anew, and which of them deny which. Returns how many claims."""
    stored = warehouse.story_statements(story, encoder_key(encoder), encoder.dimensions)
    statements = _statements(stored)
    probabilities = pair_probabilities(statements, learned.scorer, encoder.encode)
    claims = find_claims(probabilities, stored.outlets, settings.align.min_probability)
    known = warehouse.claim_members(story)
    ids = claim_ids(story, claims, stored.statement_ids, known)
    warehouse.write_claims(
        story,
        fingerprint,
        [
            rows.Claim(key, story, stored.statement_ids[claim.gist], claim.probability)
            for key, claim in zip(ids, claims, strict=True)
        ],
        [
            rows.ClaimStatement(stored.statement_ids[member], key, probability)
            for key, claim in zip(ids, claims, strict=True)
            for member, probability in zip(claim.members, claim.probabilities, strict=True)
        ],
        _pairs(probabilities, stored),
        [
            rows.Relation(ids[denial.claim], ids[denial.denied], "denies", denial.probability)
            for denial in relations.find_denials(
                statements, stored.speakers, [claim.members for claim in claims], learned.denials, encoder.encode
            )
        ],
    )
    return len(claims)


_align_story = batch_task("align story")(align_story)


def _statements(stored: StoryStatements) -> Statements:
    english = [text for text in stored.english if text is not None]
    return Statements(
        texts=stored.texts,
        languages=stored.languages,
        outlets=stored.outlets,
        articles=stored.article_ids,
        depths=depths(stored.article_ids),
        vectors=stored.vectors,
        english=english if len(english) == len(stored.english) else None,
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


def _pairs(probabilities: Matrix, stored: StoryStatements) -> list[rows.Pair]:
    """What each statement is most like in each other outlet."""
    names, outlets = np.unique(np.asarray(stored.outlets, dtype=object), return_inverse=True)
    pairs = []
    for outlet in range(len(names)):
        columns = np.flatnonzero(outlets == outlet)
        best = columns[np.argmax(probabilities[:, columns], axis=1)]
        chances = probabilities[np.arange(len(best)), best]
        pairs += [
            rows.Pair(stored.statement_ids[row], stored.statement_ids[best[row]], round(float(chances[row]), 4))
            for row in np.flatnonzero(chances >= LEAST_KEPT)
        ]
    return pairs
