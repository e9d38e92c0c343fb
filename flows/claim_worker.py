"""What is found in one story, here or in a process that works for this one. Imports little: processes start soon."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from align.claims import Claim, find_claims
from align.encoders import EmbeddedEncoder
from align.pairs import Knowledge, PairProbabilities, Statements, pair_probabilities
from align.relations import Denial, find_denials
from flows.lexicons import load_knowledge
from flows.weights import Learned, load_weights

Job = tuple[Statements, Sequence[str | None]]
"""The statements of a story, and who says each."""


@dataclass(frozen=True, slots=True)
class Found:
    """The claims of a story, which of them deny which, and how likely each two statements say the same."""

    pairs: PairProbabilities
    claims: list[Claim]
    denials: list[Denial]


def find_in_story(job: Job, min_probability: float, learned: Learned, knowledge: Knowledge) -> Found:
    """With these weights, on as many cores as the encoder that `knowledge` has."""
    statements, speakers = job
    pairs = pair_probabilities(statements, learned.scorer, knowledge)
    claims = find_claims(pairs, statements.outlets, min_probability)
    members = [claim.members for claim in claims]
    return Found(pairs, claims, find_denials(statements, speakers, members, learned.denials, knowledge))


def find_as_shipped(min_probability: float, job: Job) -> Found:
    """With the shipped weights and encoder, on one core."""
    return find_in_story(job, min_probability, *shipped())


@cache
def shipped() -> tuple[Learned, Knowledge]:
    """Loaded at the first story."""
    return load_weights(), load_knowledge(EmbeddedEncoder(threads=1).encode)
