"""`rashomon evaluate`: the pipeline on gold events, and what it made scored against gold."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Sequence
from dataclasses import asdict, dataclass, fields, replace
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from align.encoders import EmbeddedEncoder, Encoder
from align.evaluation import (
    NamedSpan,
    Voice,
    matching_claims,
    score_attribution,
    score_groups,
    score_names,
    score_segments,
    score_sets,
    score_stories,
)
from align.framing.frames import FrameFinder
from align.pairs import Knowledge
from flows.claim_worker import find_in_story
from flows.console import progress
from flows.coverage import compare_coverage
from flows.denials import DenialTable, denial_lesson, train_denials
from flows.errors import UserError
from flows.frames import FrameScores, frame_lessons, score_frames
from flows.gold import GoldDiscrepancy, GoldEvent, GoldStatement, load_event, shipped_events
from flows.lexicons import background_texts, load_frames, load_knowledge
from flows.reports.standard_output import StandardOutput
from flows.settings import Settings, Source, TableSource, TranslateSettings
from flows.stages.align import read_story, write_story
from flows.weights import Learned, Lesson, lesson, load_weights, train
from storage import Warehouse

# article, start, end, statement, claim, speaker, cue, whether it quotes
_Row = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class EventScores:
    """The scores of one event, all between 0 and 1.

    `segmentation` is the share of gold sentences that came out as one statement; `pair_*` count pairs of statements of
    different outlets, `cross_*` those in two languages; `left_out` is the share of statements with no gold claim that
    are in no claim; `denies_f1` and `discrepancy_f1` count links and differing figures of found claims, each told as
    the gold claim that most of its statements make. Weights are learned without the event. `stories_f1` is of the
    articles of all events together.
    """

    event: str
    stories_f1: float
    segmentation: float
    pair_precision: float
    pair_recall: float
    pair_f1: float
    cross_precision: float
    cross_recall: float
    cross_f1: float
    b_cubed_precision: float
    b_cubed_recall: float
    b_cubed_f1: float
    left_out: float
    attributed_f1: float
    speaker_f1: float
    cue_f1: float
    quote_accuracy: float
    name_f1: float
    valence_accuracy: float
    figure_f1: float
    denies_f1: float
    contested_f1: float
    discrepancy_f1: float


@dataclass(frozen=True, slots=True)
class LanguageScores:
    """The scores of attribution over the statements of all events in a language, or of all; between 0 and 1."""

    language: str
    attributed_f1: float
    speaker_f1: float
    cue_f1: float
    quote_accuracy: float


@dataclass(frozen=True, slots=True)
class Evaluation:
    """Scores by event; of attribution by language, the last over all; of frames, None where no event marks any."""

    events: list[EventScores]
    languages: list[LanguageScores]
    frames: FrameScores | None


def evaluate_events(folders: Sequence[Path], warehouse: Path | None, with_reference: bool = True) -> Evaluation:
    """Run the shipped defaults on the events' articles in one warehouse, and score each event.

    warehouse: the file to keep, which must be new; with_reference: translate with the gold English. What is fitted on
    gold is learned for each event from the shipped events without it, and its stories are aligned so.
    Raises `UserError` where a folder holds no gold event.
    """
    events = [load_event(folder) for folder in folders]
    if warehouse is not None and warehouse.exists():
        raise UserError(f"{warehouse} exists already, and what it holds would be scored too; name a new file")
    encoder = EmbeddedEncoder()
    with tempfile.TemporaryDirectory(prefix="rashomon-") as scratch:
        store = Warehouse(warehouse or Path(scratch) / "evaluation.duckdb")
        settings = _settings(events, store.place, with_reference)
        with progress(Console(stderr=True)):
            compare_coverage(settings)
        knowledge = load_knowledge(encoder.encode)
        lessons = [(event, lesson(event, knowledge), denial_lesson(event, knowledge)) for event in shipped_events()]
        for event in events:
            _align_with(event, _trained_without(event, lessons), settings, store, encoder, knowledge)
        stories = _score_stories(events, store)
        made = [_made(event, store) for event in events]
        return Evaluation(
            [_score(event, *rows, stories, store) for event, rows in zip(events, made, strict=True)],
            _score_languages(
                [s for event in events for s in event.statements], [row for _, rows in made for row in rows]
            ),
            _score_frames(events, encoder),
        )


def _settings(events: Sequence[GoldEvent], warehouse: str, with_reference: bool) -> Settings:
    translate = TranslateSettings(
        engines=["memory"] if with_reference else [],
        memory=[event.folder / "statements.jsonl" for event in events] if with_reference else [],
    )
    sources: list[Source] = [TableSource(kind="jsonl", path=event.folder / "articles.jsonl") for event in events]
    return Settings(name="evaluation", warehouse=warehouse, sources=sources, translate=translate).located(Path.cwd())


def _trained_without(event: GoldEvent, lessons: Sequence[tuple[GoldEvent, Lesson, list[DenialTable]]]) -> Learned:
    """Weights learned from those shipped events that share no article with this one."""
    others = [taught for taught in lessons if not taught[0].articles & event.articles]
    scorer = train([pairs for _, pairs, _ in others])
    return replace(load_weights(), scorer=scorer, denials=train_denials([denials for _, _, denials in others]))


def _align_with(
    event: GoldEvent, learned: Learned, settings: Settings, store: Warehouse, encoder: Encoder, knowledge: Knowledge
) -> None:
    sql = """
        SELECT DISTINCT story_id, aligned_as FROM story_articles JOIN stories USING (story_id)
        WHERE list_contains($1, article_id)
    """
    for story, fingerprint in store.query(sql, [sorted(event.articles)]).rows:
        read, job = read_story(story, fingerprint, settings, store, encoder)
        write_story(read, find_in_story(job, settings.align.min_probability, learned, knowledge), store)


def _score_stories(events: Sequence[GoldEvent], store: Warehouse) -> float:
    """Stories against events, as B-cubed F1; an article that got none is a story of its own."""
    gold = {article: event.name for event in events for article in event.articles}
    found = dict(store.query("SELECT article_id, story_id FROM story_articles").rows)
    return score_stories(list(gold.values()), [found.get(article, article) for article in gold]).f1


def _made(event: GoldEvent, store: Warehouse) -> tuple[list[_Row], list[_Row]]:
    """The statements that were made of an event, and for each gold statement the one that covers most of it."""
    found = store.query(
        """
        SELECT s.article_id, s.start_offset, s.end_offset, s.statement_id, cs.claim_id, s.speaker, s.cue, s.is_quote
        FROM statements s LEFT JOIN claim_statements cs USING (statement_id)
        WHERE list_contains($1, s.article_id) ORDER BY ALL
        """,
        [sorted(event.articles)],
    ).rows
    if not found:
        raise UserError(f"{event.folder}: none of its articles came in; see `rejects` in the warehouse")
    return found, [max(found, key=lambda row: _overlap(row, s)) for s in event.statements]


def _voices(gold: Sequence[GoldStatement], made: Sequence[_Row]) -> tuple[list[Voice], list[Voice]]:
    return [Voice(s.speaker, s.cue, s.is_quote) for s in gold], [Voice(*row[5:8]) for row in made]


def _score_languages(gold: Sequence[GoldStatement], made: Sequence[_Row]) -> list[LanguageScores]:
    scores = []
    for language in [*sorted({s.language for s in gold}), "all"]:
        chosen = [pair for pair in zip(gold, made, strict=True) if language in (pair[0].language, "all")]
        voices = score_attribution(*_voices([s for s, _ in chosen], [row for _, row in chosen]))
        scores.append(LanguageScores(language, voices.attributed.f1, voices.speaker.f1, voices.cue.f1, voices.quotes))
    return scores


def _score(
    event: GoldEvent, found: Sequence[_Row], made: Sequence[_Row], stories: float, store: Warehouse
) -> EventScores:
    """`found`, `made`: what `_made` gives."""
    gold = event.statements
    segments = score_segments([(s.article_id, s.start, s.end) for s in gold], [row[:3] for row in found])
    claims = [row[4] if _overlap(row, s) else None for s, row in zip(gold, made, strict=True)]
    labels = [claim or s.key for s, claim in zip(gold, claims, strict=True)]
    groups = score_groups(event.labels, labels, event.outlets, [s.language for s in gold])
    voices = score_attribution(*_voices(gold, made))
    names, valence = _score_names(event, {row[3]: s.key for s, row in zip(gold, made, strict=True)}, store)
    matching = {row[4]: row[4] for row in found if row[4]} | matching_claims([s.claim for s in gold], claims)
    denies, contested = _score_denials(event, matching, store)
    return EventScores(
        event=event.name,
        stories_f1=stories,
        segmentation=segments.recall,
        pair_precision=groups.pairs.precision,
        pair_recall=groups.pairs.recall,
        pair_f1=groups.pairs.f1,
        cross_precision=groups.cross_language.precision,
        cross_recall=groups.cross_language.recall,
        cross_f1=groups.cross_language.f1,
        b_cubed_precision=groups.b_cubed.precision,
        b_cubed_recall=groups.b_cubed.recall,
        b_cubed_f1=groups.b_cubed.f1,
        left_out=groups.left_out,
        attributed_f1=voices.attributed.f1,
        speaker_f1=voices.speaker.f1,
        cue_f1=voices.cue.f1,
        quote_accuracy=voices.quotes,
        name_f1=names,
        valence_accuracy=valence,
        figure_f1=_score_figures(event, {row[3]: s.key for s, row in zip(gold, made, strict=True)}, store),
        denies_f1=denies,
        contested_f1=contested,
        discrepancy_f1=_score_discrepancies(event, matching, store),
    )


def _overlap(row: _Row, statement: GoldStatement) -> int:
    return max(0, min(row[2], statement.end) - max(row[1], statement.start)) if row[0] == statement.article_id else 0


def _score_names(event: GoldEvent, statements: dict[str, str], store: Warehouse) -> tuple[float, float]:
    """Names of any referent the shipped lexicon has, against gold names; both scores as F1 and accuracy."""
    rows = store.query(
        """
        SELECT statement_id, start_offset, end_offset, referent, valence FROM mentions
        WHERE list_contains($1, statement_id)
        """,
        [sorted(statements)],
    ).rows
    found = [NamedSpan(statements[row[0]], *row[1:]) for row in rows]
    gold = [NamedSpan(name.statement, name.start, name.end, name.referent, name.valence) for name in event.names]
    right, judged = score_names(gold, found)
    return right.f1, judged.precision


def _score_figures(event: GoldEvent, statements: dict[str, str], store: Warehouse) -> float:
    """Figures that overlap a gold one of the same value and unit, as F1."""
    rows = store.query(
        "SELECT statement_id, start_offset, end_offset, value, unit FROM figures WHERE list_contains($1, statement_id)",
        [sorted(statements)],
    ).rows
    found = [NamedSpan(statements[row[0]], row[1], row[2], f"{row[3]:.6g} {row[4]}", "") for row in rows]
    gold = [NamedSpan(f.statement, f.start, f.end, f"{f.value:.6g} {f.unit}", "") for f in event.figures]
    return score_names(gold, found)[0].f1


def _score_denials(event: GoldEvent, claims: dict[str, str], store: Warehouse) -> tuple[float, float]:
    """Denials between found claims, and the claims that are in one against contested ones; both as F1.

    claims: the gold claim of each found one; one that has none stands for itself, and so is never right.
    """
    sql = "SELECT claim_id, denial_id FROM denials WHERE list_contains($1, claim_id)"
    found = {(claims[denial], claims[denied]) for denied, denial in store.query(sql, [list(claims)]).rows}
    linked = {claim for link in found for claim in link}
    return score_sets(event.denials, found).f1, score_sets(event.contested, linked).f1


def _score_discrepancies(event: GoldEvent, claims: dict[str, str], store: Warehouse) -> float:
    """Differing figures of found claims, right where claim, unit, lowest and highest are, as F1."""
    sql = "SELECT claim_id, unit, lowest, highest FROM discrepancies WHERE list_contains($1, claim_id)"
    found = {GoldDiscrepancy(claims[claim], *figures) for claim, *figures in store.query(sql, [list(claims)]).rows}
    return score_sets(event.discrepancies, found).f1


def _score_frames(events: Sequence[GoldEvent], encoder: Encoder) -> FrameScores | None:
    """Of the gold sentences, since a threshold of its own is tuned for each event."""
    finder = FrameFinder(load_frames([]).frames, encoder.encode, background_texts())
    scored, shipped = (frame_lessons(some, finder, encoder.encode) for some in (events, shipped_events()))
    return score_frames(scored, shipped, finder.names) if scored else None


def mean_scores(scores: Sequence[EventScores]) -> EventScores:
    """The mean of each score over events."""
    numbers = {
        field.name: sum(getattr(s, field.name) for s in scores) / len(scores) for field in fields(EventScores)[1:]
    }
    return EventScores(event="mean", **numbers)


def to_json(evaluation: Evaluation) -> str:
    told = {
        "events": [asdict(scores) for scores in evaluation.events],
        "mean": asdict(mean_scores(evaluation.events)),
        "languages": [asdict(scores) for scores in evaluation.languages],
        "frames": asdict(evaluation.frames) if evaluation.frames else None,
    }
    return json.dumps(_rounded(told), ensure_ascii=False, indent=2)


def _rounded(value: Any) -> Any:
    """What is nested, with its numbers to four places."""
    if isinstance(value, dict):
        return {key: _rounded(each) for key, each in value.items()}
    if isinstance(value, list):
        return [_rounded(each) for each in value]
    return round(value, 4) if isinstance(value, float) else value


def print_tables(evaluation: Evaluation) -> None:
    """A row a score, a column an event and one for the mean; then one a language; then the frames."""
    mean = [mean_scores(evaluation.events)] if len(evaluation.events) > 1 else []
    _print_table("Scores against gold", [*evaluation.events, *mean])
    _print_table("Attribution by language, events together", evaluation.languages)
    if evaluation.frames:
        _print_frames(evaluation.frames)


def _print_table(title: str, columns: Sequence[EventScores] | Sequence[LanguageScores]) -> None:
    head, *names = [field.name for field in fields(columns[0])]
    table = Table("score", *(escape(getattr(column, head)) for column in columns), title=title, title_justify="left")
    for name in names:
        table.add_row(name.replace("_", " "), *(f"{getattr(column, name):.3f}" for column in columns))
    StandardOutput().print(table)


def _print_frames(scores: FrameScores) -> None:
    """A row a frame, and what there is to compare with."""
    table = Table("frame", "marked", "precision", "recall", "f1", "told of all", title="Frames", title_justify="left")
    for frame in scores.frames:
        figures = (frame.precision, frame.recall, frame.f1, frame.everywhere)
        table.add_row(escape(frame.frame), str(frame.marked), *(f"{figure:.3f}" for figure in figures))
    total = str(sum(frame.marked for frame in scores.frames))
    table.add_row("micro", total, "", "", f"{scores.micro_f1:.3f}", f"{scores.everywhere_f1:.3f}")
    table.add_row("macro", "", "", "", f"{scores.macro_f1:.3f}", "")
    table.add_row("always the commonest elsewhere", total, "", "", f"{scores.commonest_f1:.3f}", "")
    StandardOutput().print(table)
