"""The rows that `Warehouse` takes in: a dataclass a table, a field a column."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime


@dataclass(frozen=True, slots=True)
class Outlet:
    outlet: str
    country: str | None = None
    language: str | None = None
    affiliation: str = "unknown"
    outlet_group: str | None = None
    named_by: str | None = None


@dataclass(frozen=True, slots=True)
class Article:
    """`published_at` is naive UTC."""

    article_id: str
    outlet: str
    language: str
    url: str | None
    title: str
    text: str
    published_at: datetime
    source: str
    stored_at: datetime


@dataclass(frozen=True, slots=True)
class Statement:
    statement_id: str
    article_id: str
    position: int
    start_offset: int
    end_offset: int
    text: str
    text_hash: str
    speaker: str | None
    cue: str | None
    stance: str | None
    is_quote: bool
    antecedent: str | None = None


@dataclass(frozen=True, slots=True)
class Mention:
    statement_id: str
    start_offset: int
    end_offset: int
    surface: str
    referent: str
    valence: str


@dataclass(frozen=True, slots=True)
class Figure:
    statement_id: str
    start_offset: int
    end_offset: int
    surface: str
    value: float
    unit: str | None
    bound: str | None = None


@dataclass(frozen=True, slots=True)
class Translation:
    text_hash: str
    engine: str
    model: str
    revision: str
    english: str
    translated_at: datetime
    licence: str | None = None
    flaw: str | None = None


@dataclass(frozen=True, slots=True)
class Estimate:
    """How far the translation of that key can be trusted."""

    text_hash: str
    engine: str
    model: str
    revision: str
    quality: float
    doubt: str | None


@dataclass(frozen=True, slots=True)
class Story:
    story_id: str
    title: str


@dataclass(frozen=True, slots=True)
class StoryArticle:
    article_id: str
    story_id: str


@dataclass(frozen=True, slots=True)
class Claim:
    claim_id: str
    story_id: str
    statement_id: str
    probability: float


@dataclass(frozen=True, slots=True)
class ClaimStatement:
    statement_id: str
    claim_id: str
    probability: float


@dataclass(frozen=True, slots=True)
class Relation:
    claim_id: str
    other_claim_id: str
    relation: str
    probability: float


@dataclass(frozen=True, slots=True)
class Speaker:
    story_id: str
    form: str
    language: str
    person: str


@dataclass(frozen=True, slots=True)
class Pair:
    statement_id: str
    other_statement_id: str
    probability: float


@dataclass(frozen=True, slots=True)
class Copy:
    statement_id: str
    source_statement_id: str
    similarity: float


@dataclass(frozen=True, slots=True)
class Keyness:
    story_id: str
    grouping: str
    group_name: str
    word: str
    z: float
    log_odds: float
    statements: int
    others: int
    statement_ids: list[str]
    other_statement_ids: list[str]


@dataclass(frozen=True, slots=True)
class OutletPoint:
    story_id: str
    outlet: str
    x: float
    y: float
    stress: float


@dataclass(frozen=True, slots=True)
class Frame:
    frame: str
    f1: float | None
    is_experimental: bool


@dataclass(frozen=True, slots=True)
class StatementFrame:
    statement_id: str
    frame: str
    score: float


@dataclass(frozen=True, slots=True)
class Run:
    """`config` and `versions` are JSON."""

    run_id: str
    name: str
    started_at: datetime
    state: str
    config: str
    versions: str
    finished_at: datetime | None = None
    counts: str | None = None
    error: str | None = None


@dataclass(frozen=True, slots=True)
class Reject:
    source: str
    item: str
    reason: str
    rejected_at: datetime


@dataclass(frozen=True, slots=True)
class Fetch:
    url: str
    status: int | None
    etag: str | None
    last_modified: str | None
    fetched_at: datetime


@dataclass(frozen=True, slots=True)
class HostDay:
    """What a host was asked on a day, UTC."""

    host: str
    day: date
    requests: int
    failures: int
    bytes: int
