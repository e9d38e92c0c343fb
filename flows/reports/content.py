"""What a report shows. All text in it is one line and free of control characters; nothing is escaped yet."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from statistics import fmean

from flows.reports.texts import direction


@dataclass(frozen=True, slots=True)
class Phrase:
    """A text with the language it is in (ISO 639-1)."""

    text: str
    language: str

    @property
    def direction(self) -> str:
        return direction(self.language)


@dataclass(frozen=True, slots=True)
class Outlet:
    name: str
    language: str
    country: str | None
    affiliation: str


@dataclass(frozen=True, slots=True)
class Source:
    """The other outlet whose text is repeated, and how many hours after it."""

    outlet: str
    hours: float


@dataclass(frozen=True, slots=True)
class Article:
    """`title`: its headline, or the words it opens with; `source`: whose it is where it is republished."""

    article_id: str
    outlet: str
    title: Phrase
    link: str | None
    published_at: datetime
    source: Source | None


@dataclass(frozen=True, slots=True)
class Statement:
    """A statement that figures of the report count. `number`: its place among those of the story, from 1.

    `english` is None for English, and where it is not translated; `doubt`: why it is doubtful, None where it is not;
    `claim_id`: the claim that it makes.
    """

    number: int
    article: Article
    text: Phrase
    english: str | None
    doubt: str | None
    claim_id: str | None

    @property
    def in_english(self) -> str | None:
        return self.text.text if self.text.language == "en" else self.english

    @property
    def is_untranslated(self) -> bool:
        return self.in_english is None


@dataclass(frozen=True, slots=True)
class Wording:
    """A statement that makes a claim. `english` and `engine` are None for English, and where it is not translated.

    `doubt`: why the English is doubtful, None where it is not; `source`: whose words they are, where it repeats another
    outlet's; `probability`: that it says the same as the claim's statements in other outlets; `differing`: the figures
    in its text and its English that other outlets give otherwise, as they stand there.
    """

    text: Phrase
    english: str | None
    engine: str | None
    doubt: str | None
    speaker: str | None
    cue: str | None
    stance: str | None
    is_quote: bool
    link: str | None
    published_at: datetime
    source: Source | None
    probability: float
    differing: frozenset[str]


@dataclass(frozen=True, slots=True)
class Telling:
    """One outlet's telling of a claim, `hours` after the first to tell it."""

    outlet: Outlet
    first_at: datetime
    hours: float
    wordings: list[Wording]

    @property
    def is_first(self) -> bool:
        return self.hours == 0

    @property
    def is_copy(self) -> bool:
        return all(wording.source for wording in self.wordings)


@dataclass(frozen=True, slots=True)
class Claim:
    """`tellings` by outlet, the earliest first; `missing`: who covers the story without it.

    `independent`: how many outlets it comes from, copies counted for the outlet they repeat.
    """

    claim_id: str
    number: int
    gist: Phrase
    tellings: dict[str, Telling]
    missing: list[Outlet]
    independent: int

    @property
    def probability(self) -> float:
        """The mean over its wordings."""
        return fmean(wording.probability for telling in self.tellings.values() for wording in telling.wordings)

    @property
    def has_copies(self) -> bool:
        return self.independent < len(self.tellings)


@dataclass(frozen=True, slots=True)
class Given:
    """A figure that an outlet gives; `bound`: at least, at most, about, from or to, None where it is exact."""

    outlet: str
    value: float
    bound: str | None


@dataclass(frozen=True, slots=True)
class Discrepancy:
    """Figures of one unit in a claim, the least first."""

    claim: Claim
    unit: str | None
    lowest: float
    highest: float
    given: list[Given]


@dataclass(frozen=True, slots=True)
class Figures:
    """All figures of one unit that a claim is compared by, the least first."""

    claim: Claim
    unit: str | None
    given: list[Given]


@dataclass(frozen=True, slots=True)
class Denial:
    """A claim that denies or contradicts another, with the probability that it does."""

    claim: Claim
    denied: Claim
    probability: float


@dataclass(frozen=True, slots=True)
class Name:
    """`behind`: the statements it stands in, the first of them where they are many; so in what follows."""

    surface: str
    valence: str
    mentions: int
    behind: list[Statement]


@dataclass(frozen=True, slots=True)
class Voice:
    """`quoted`: those of the statements behind it that are direct quotes."""

    speaker: Phrase
    outlet: str
    stance: str | None
    statements: int
    quotes: int
    cues: str
    behind: list[Statement]
    quoted: list[Statement]


@dataclass(frozen=True, slots=True)
class Stance:
    """How many statements an outlet reports with verbs of one stance."""

    statements: int
    behind: list[Statement]


@dataclass(frozen=True, slots=True)
class Keyword:
    """A word that sets a group of outlets apart; `statements` and `others`: how many of each have it.

    grouping: outlet, language or affiliation; z: how sure the difference is; `elsewhere`: the others' statements.
    """

    grouping: str
    group: str
    word: str
    z: float
    statements: int
    others: int
    behind: list[Statement]
    elsewhere: list[Statement]


@dataclass(frozen=True, slots=True)
class Framed:
    """How many of an outlet's statements show a frame, and their share of all that it has on the story, 0 to 1."""

    statements: int
    share: float
    behind: list[Statement]


@dataclass(frozen=True, slots=True)
class Frame:
    """A generic frame, such as conflict; `f1`: how well it is found on gold, None where that is not known.

    `outlets`: each outlet's statements that show it, by outlet.
    """

    name: str
    f1: float | None
    is_experimental: bool
    outlets: dict[str, Framed]


@dataclass(frozen=True, slots=True)
class Divergence:
    """How far apart two outlets are: the mean of those parts that are known, all from 0 to 1.

    With each part what it comes from: the claims that the one, the other and both tell, and the mentions and the
    reporting verbs of the one and the other.
    """

    outlets: tuple[str, str]
    far: float
    choice: float | None
    claims: tuple[int, int]
    shared: int
    naming: float | None
    mentions: tuple[int, int]
    stance: float | None
    attributed: tuple[int, int]


@dataclass(frozen=True, slots=True)
class OutletMap:
    """Where outlets lie, from 0 to 1 from the left and from the top; `stress`: how far it is off."""

    points: list[tuple[Outlet, float, float]]
    stress: float


@dataclass(frozen=True, slots=True)
class Translated:
    """How many statements of a language a model translated, and how many of them doubtfully; `engine` None: not
    translated yet."""

    language: str
    engine: str | None
    model: str | None
    revision: str | None
    licence: str | None
    statements: int
    doubtful: int


@dataclass(frozen=True, slots=True)
class Brief:
    """A story in one line."""

    story_id: str
    title: str
    articles: int
    outlets: int
    claims: int


@dataclass(frozen=True, slots=True)
class Story:
    story_id: str
    title: Phrase
    title_by: str | None  # the outlet whose headline it is
    articles: list[Article]
    outlets: list[Outlet]
    statements: int
    claims: list[Claim]
    denials: list[Denial]
    discrepancies: list[Discrepancy]
    figures: list[Figures]
    naming: dict[str, dict[str, list[Name]]]  # referent, outlet
    voices: list[Voice]
    stances: dict[str, dict[str, Stance]]  # outlet, stance
    divergence: dict[tuple[str, str], Divergence]  # both ways round
    translated: list[Translated]
    keywords: list[Keyword]
    frames: list[Frame]
    outlet_map: OutletMap | None
    behind: list[Statement]

    @property
    def languages(self) -> list[str]:
        return list(dict.fromkeys(outlet.language for outlet in self.outlets))

    @property
    def pairs(self) -> list[Divergence]:
        """Each pair of outlets once, the furthest apart first."""
        return sorted({id(pair): pair for pair in self.divergence.values()}.values(), key=lambda p: (-p.far, p.outlets))

    @property
    def told_in_all_languages(self) -> list[Claim]:
        return [c for c in self.claims if len({t.outlet.language for t in c.tellings.values()}) == len(self.languages)]

    def told_by(self, outlet: Outlet) -> list[Claim]:
        return [claim for claim in self.claims if outlet.name in claim.tellings]

    def first_told_by(self, outlet: Outlet) -> list[Claim]:
        """The claims that no other outlet told before it."""
        return [claim for claim in self.told_by(outlet) if claim.tellings[outlet.name].is_first]

    def denied_by(self, claim: Claim) -> list[Denial]:
        return [denial for denial in self.denials if denial.denied is claim]

    def denied(self, claim: Claim) -> list[Denial]:
        """What the claim denies."""
        return [denial for denial in self.denials if denial.claim is claim]

    @property
    def untranslated(self) -> int:
        return sum(part.statements for part in self.translated if part.engine is None)

    @property
    def doubtful(self) -> int:
        """How many statements have a doubtful translation."""
        return sum(part.doubtful for part in self.translated)


@dataclass(frozen=True, slots=True)
class HeadToHead:
    """A story as two outlets cover it. `voices`: how they treat each speaker that both name, by speaker."""

    story: Story
    first: Outlet
    second: Outlet
    voices: dict[str, list[Voice]]

    @property
    def outlets(self) -> tuple[Outlet, Outlet]:
        return self.first, self.second

    @property
    def shared(self) -> list[Claim]:
        """The claims that both tell."""
        return [claim for claim in self.story.claims if {outlet.name for outlet in self.outlets} <= set(claim.tellings)]

    def told_only_by(self, outlet: Outlet) -> list[Claim]:
        """The claims that this one of the two tells and the other does not."""
        (other,) = (either for either in self.outlets if either is not outlet)
        return [c for c in self.story.claims if outlet.name in c.tellings and other.name not in c.tellings]

    @property
    def figures(self) -> list[Figures]:
        """The figures that both give and none of which are alike, with what the two give."""
        differing = []
        for figures in self.story.figures:
            first, second = ([part for part in figures.given if part.outlet == one.name] for one in self.outlets)
            if first and second and not {part.value for part in first} & {part.value for part in second}:
                differing.append(Figures(figures.claim, figures.unit, first + second))
        return differing

    @property
    def naming(self) -> dict[str, tuple[list[Name], list[Name]]]:
        """What the two call the referents that both name."""
        first, second = (outlet.name for outlet in self.outlets)
        return {
            referent: (names[first], names[second])
            for referent, names in self.story.naming.items()
            if first in names and second in names
        }


@dataclass(frozen=True, slots=True)
class Method:
    """What the last run was made with; empty where the warehouse knows of none.

    `vectors`: the models, each with its revision, whose vectors the warehouse holds.
    """

    finished_at: datetime | None = None
    encoder: str | None = None
    vectors: tuple[str, ...] = ()
    story_similarity: float | None = None
    min_probability: float | None = None
    version: str | None = None


@dataclass(frozen=True, slots=True)
class Report:
    """`stories`: those that most outlets cover first; `bare`: without claims; `left_out`: how many more have claims."""

    stories: list[Story]
    bare: list[Brief]
    left_out: int
    rejects: int
    method: Method
