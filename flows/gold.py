"""Gold events: articles whose statements, claims, speakers, cues, names and figures people have marked."""

from __future__ import annotations

import json
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from typing import Any

from flows.errors import UserError
from flows.sources.urls import canonical_url
from storage import article_id

FILES = ("articles.jsonl", "statements.jsonl", "names.jsonl")
FIGURES, CLAIMS, RELATIONS, DISCREPANCIES = "figures.jsonl", "claims.jsonl", "relations.jsonl", "discrepancies.jsonl"
FRAMES = "frames.jsonl"
OPTIONAL = ("claim", "cue", "speaker", "unit", "url")
NUMBERS = ("n", "value", "lowest", "highest")
KINDS: dict[str, tuple[Any, str]] = {
    **dict.fromkeys(OPTIONAL, (str | None, "text")),
    **dict.fromkeys(NUMBERS, (int | float, "a number")),
    **dict.fromkeys(("contested", "quote"), (bool, "true or false")),
    "frames": (list, "a list of frames"),
}


@dataclass(frozen=True, slots=True)
class GoldStatement:
    """One sentence: where it stands in its article's text, whose claim it makes, who says it by which cue."""

    key: str
    article_id: str
    start: int
    end: int
    text: str
    english: str | None
    outlet: str
    language: str
    claim: str | None
    speaker: str | None
    cue: str | None
    is_quote: bool


@dataclass(frozen=True, slots=True)
class GoldName:
    """A name: the key of its statement, its place in the statement's text, whom it names and how it judges."""

    statement: str
    start: int
    end: int
    referent: str
    valence: str


@dataclass(frozen=True, slots=True)
class GoldFigure:
    """A figure: the key of its statement, its place in the statement's text, its value and what it counts."""

    statement: str
    start: int
    end: int
    value: float
    unit: str | None


@dataclass(frozen=True, slots=True)
class GoldDiscrepancy:
    """A claim whose figures of a unit differ, with the least and the greatest of them."""

    claim: str
    unit: str | None
    lowest: float
    highest: float


@dataclass(frozen=True, slots=True)
class GoldEvent:
    """What is in a file that the event does not have is empty: figures, contested claims, denials and so on.

    `denials` are pairs of a claim and the claim it denies; `frames` are those of each statement, by its key.
    """

    name: str
    folder: Path
    statements: list[GoldStatement]
    names: list[GoldName]
    figures: list[GoldFigure]
    contested: set[str]
    denials: set[tuple[str, str]]
    discrepancies: set[GoldDiscrepancy]
    frames: dict[str, frozenset[str]]

    @property
    def articles(self) -> set[str]:
        return {statement.article_id for statement in self.statements}

    @property
    def outlets(self) -> list[str]:
        return [statement.outlet for statement in self.statements]

    @property
    def labels(self) -> list[str]:
        """The claim of each statement, or a label that no other has."""
        return [statement.claim or statement.key for statement in self.statements]


def load_event(folder: Path) -> GoldEvent:
    """Read a gold event. Raises `UserError` naming the file and the line that is wrong."""
    rows = _rows(folder / FILES[0], ("id", "outlet", "language", "url", "title", "text"))
    articles = {row["id"]: row for _, row in rows}
    statements: list[GoldStatement] = []
    ends = dict.fromkeys(articles, 0)
    for line, row in _rows(folder / FILES[1], ("article", "n", "text", "claim", "speaker", "cue", "quote")):
        article = articles.get(row["article"])
        start = article["text"].find(row["text"], ends[row["article"]]) if article else -1
        if article is None or start < 0:
            raise UserError(f"{folder / FILES[1]}, line {line}: its text does not stand in article {row['article']!r}")
        ends[row["article"]] = start + len(row["text"])
        statements.append(_statement(row, article, start))
    if not statements:
        raise UserError(f"{folder / FILES[1]}: holds no statement")
    texts = {statement.key: statement.text for statement in statements}
    names = [_name(row, texts) for _, row in _rows(folder / FILES[2], ("article", "n", "text", "referent", "valence"))]
    made = {statement.claim for statement in statements if statement.claim}
    return GoldEvent(
        folder.name,
        folder,
        statements,
        names,
        figures=_figures(folder / FIGURES, texts),
        contested={row["claim"] for _, row in _of_claims(folder / CLAIMS, ("contested",), made) if row["contested"]},
        denials={(row["claim"], row["denies"]) for _, row in _of_claims(folder / RELATIONS, ("denies",), made)},
        discrepancies=_discrepancies(folder / DISCREPANCIES, made),
        frames=_frames(folder / FRAMES, texts),
    )


def shipped_events() -> list[GoldEvent]:
    """The four events that come with the package, which shipped thresholds are fitted on."""
    with resources.as_file(resources.files("configs") / "gold") as folder:
        return [load_event(path) for path in sorted(folder.iterdir()) if path.is_dir()]


def _of_claims(path: Path, keys: tuple[str, ...], made: set[str]) -> list[tuple[int, dict[str, Any]]]:
    """The rows of a file that may be left out, each on claims that statements make."""
    rows = _rows(path, ("claim", *keys)) if path.exists() else []
    for line, row in rows:
        for claim in (row["claim"], *([row["denies"]] if "denies" in keys else [])):
            if claim not in made:
                raise UserError(f"{path}, line {line}: no statement makes the claim {claim!r}")
    return rows


def _discrepancies(path: Path, made: set[str]) -> set[GoldDiscrepancy]:
    rows = _of_claims(path, ("unit", "lowest", "highest"), made)
    for line, row in rows:
        if row["lowest"] >= row["highest"]:
            raise UserError(f"{path}, line {line}: lowest is {row['lowest']}, expected less than {row['highest']}")
    return {GoldDiscrepancy(row["claim"], row["unit"], row["lowest"], row["highest"]) for _, row in rows}


def _figures(path: Path, texts: dict[str, str]) -> list[GoldFigure]:
    if not path.exists():
        return []
    figures = []
    for line, row in _rows(path, ("article", "n", "text", "value", "unit")):
        key = f"{row['article']}#{row['n']}"
        start = row.get("start", texts.get(key, "").find(row["text"]))
        if start < 0 or texts.get(key, "")[start : start + len(row["text"])] != row["text"]:
            raise UserError(f"{path}, line {line}: {row['text']!r} does not stand in statement {key}")
        figures.append(GoldFigure(key, start, start + len(row["text"]), row["value"], row["unit"]))
    return figures


def _frames(path: Path, texts: dict[str, str]) -> dict[str, frozenset[str]]:
    frames = {}
    for line, row in _rows(path, ("article", "n", "frames")) if path.exists() else []:
        key = f"{row['article']}#{row['n']}"
        if key not in texts:
            raise UserError(f"{path}, line {line}: there is no statement {key}")
        if not all(isinstance(frame, str) for frame in row["frames"]):
            raise UserError(f"{path}, line {line}: frames are {row['frames']!r}, expected names of frames")
        frames[key] = frozenset(row["frames"])
    return frames


def _statement(row: dict[str, Any], article: dict[str, Any], start: int) -> GoldStatement:
    url = canonical_url(article["url"]) if article["url"] else None
    return GoldStatement(
        key=f"{row['article']}#{row['n']}",
        article_id=article_id(article["outlet"], url, article["title"], article["text"]),
        start=start,
        end=start + len(row["text"]),
        text=row["text"],
        english=row.get("en"),
        outlet=article["outlet"],
        language=article["language"],
        claim=row["claim"],
        speaker=row["speaker"],
        cue=row["cue"],
        is_quote=row["quote"],
    )


def _name(row: dict[str, Any], texts: dict[str, str]) -> GoldName:
    key = f"{row['article']}#{row['n']}"
    start = texts.get(key, "").find(row["text"])
    return GoldName(key, start, start + len(row["text"]), row["referent"], row["valence"])


def _rows(path: Path, keys: tuple[str, ...]) -> list[tuple[int, dict[str, Any]]]:
    """The rows of a JSON Lines file with their line numbers; `text` and the like must be strings."""
    rows = []
    try:
        with path.open(encoding="utf-8", newline="\n") as file:
            for number, line in enumerate(file, start=1):
                if line.strip():
                    rows.append((number, _row(line, keys, f"{path}, line {number}")))
    except OSError as error:
        raise UserError(f"{path} cannot be read ({error.strerror}); a gold event has {', '.join(FILES)}") from error
    except UnicodeDecodeError as error:
        raise UserError(f"{path} is not UTF-8 text: {error.reason} at byte {error.start}") from error
    return rows


def _row(line: str, keys: tuple[str, ...], where: str) -> dict[str, Any]:
    try:
        row = json.loads(line)
    except json.JSONDecodeError as error:
        raise UserError(f"{where}: is not JSON: {error.msg}") from error
    if not isinstance(row, dict) or (missing := [key for key in keys if key not in row]):
        raise UserError(f"{where}: lacks {', '.join(missing) if isinstance(row, dict) else 'keys; expected an object'}")
    for key in keys:
        kind, expected = KINDS.get(key, (str, "text"))
        if not isinstance(row[key], kind):
            raise UserError(f"{where}: {key} is {row[key]!r}, expected {expected}")
    return row
