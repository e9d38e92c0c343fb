"""Statements to claims."""

from __future__ import annotations

from align.claims import METHOD, find_claims
from align.encoders import Encoder
from align.neighbours import pair_scores
from flows.progress import report
from flows.settings import Settings
from flows.stages import Counts, batch_task
from flows.stages.encode import encoder_key
from storage import Warehouse, claim_id, rows


def align(settings: Settings, warehouse: Warehouse, encoder: Encoder) -> Counts:
    """Find the claims of every story whose statements or settings changed."""
    changed = warehouse.unaligned(f"{encoder_key(encoder)} {settings.align.min_score} {METHOD}")
    found = 0
    for number, (story, fingerprint) in enumerate(changed, start=1):
        found += _align_story(story, fingerprint, settings, warehouse, encoder)
        report("align", number, len(changed), f"{found} claims")
    return {"stories": len(changed), "claims": found}


def align_story(story: str, fingerprint: str, settings: Settings, warehouse: Warehouse, encoder: Encoder) -> int:
    """Find the claims of one story anew. Returns how many."""
    statements = warehouse.story_statements(story, encoder_key(encoder), encoder.dimensions)
    scores = pair_scores(statements.vectors, statements.texts, statements.languages, statements.outlets, encoder.encode)
    claims = find_claims(scores, statements.outlets, settings.align.min_score)
    # Statements come in order of time, so a claim's first member is its earliest.
    ids = [claim_id(story, statements.statement_ids[claim.members[0]]) for claim in claims]
    warehouse.write_claims(
        story,
        fingerprint,
        [
            rows.Claim(key, story, statements.statement_ids[claim.gist], claim.score)
            for key, claim in zip(ids, claims, strict=True)
        ],
        [
            rows.ClaimStatement(statements.statement_ids[member], key, score)
            for key, claim in zip(ids, claims, strict=True)
            for member, score in zip(claim.members, claim.scores, strict=True)
        ],
    )
    return len(claims)


_align_story = batch_task("align story")(align_story)
