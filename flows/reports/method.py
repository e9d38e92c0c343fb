"""How a report was made, in sentences: what a reader needs to judge it."""

from __future__ import annotations

import json
from importlib import resources

from align.doubt import DOUBTFUL
from align.framing.keyness import LEAST_STATEMENTS, LEAST_Z
from flows.reports.content import Report, Translated
from flows.reports.texts import language_name, moment, plural, translated_by


def describe_method(report: Report) -> list[str]:
    method = report.method
    vectors = f" ({', '.join(method.vectors)})" if method.vectors else ""
    encoder = (
        f", as wholes and word by word, by vectors of the encoder {method.encoder}{vectors}" if method.encoder else ""
    )
    least = method.min_probability
    score = f"; within a claim they say the same with a probability of {least:g} or more on average" if least else ""
    lines = [
        "A claim is what statements of two outlets or more say alike. "
        f"Statements are compared in their original language{encoder}, "
        f"and in English where all of a story is in English{score}. "
        "This is done by machine and can be wrong: read the originals.",
        "An outlet leaves a claim out when it covers the story and none of its stored articles makes the claim.",
        "That a claim denies another is told by its words of denial, by what the two have in common "
        "and by where they stand.",
        "Wire copy repeats an earlier article of another outlet almost word for word; "
        "outlets that have a claim from one such text are one source.",
        "Speaker and cue are words of the statement, found by reporting expressions. "
        "Names and how they judge come from a word list. Generic frames are told by how like a statement is to "
        "examples of the frame, and by words of the frame.",
        "Times are UTC, as outlets give them; where an outlet gives none, when the article was stored.",
        *_translation(report),
        f"Words that set outlets apart have a z of {LEAST_Z:g} or more, in {LEAST_STATEMENTS} statements or more of "
        "the group. Of the parts of a divergence those of few mentions or verbs are mostly chance.",
        *_evaluation(),
    ]
    if method.story_similarity:
        lines.append(
            "An article joins a story where its likeness to the story's articles, measured against that of unrelated "
            f"news, is {method.story_similarity:g} or more on average. Stories are never merged."
        )
    if report.rejects:
        items = plural(report.rejects, "item")
        lines.append(f"{items} of the sources could not be taken in; the table rejects says which and why.")
    if method.finished_at:
        version = f"rashomon {method.version}, " if method.version else ""
        lines.append(f"Made with {version}last run {moment(method.finished_at)} UTC.")
    return lines


def _translation(report: Report) -> list[str]:
    parts = [part for story in report.stories for part in story.translated]
    if not parts:
        return []
    counts: dict[tuple[str, str], int] = {}
    for part in parts:
        key = language_name(part.language), _made_by(part)
        counts[key] = counts.get(key, 0) + part.statements
    told = [f"{language}: {plural(count, 'statement')}, {how}" for (language, how), count in counts.items()]
    doubtful, translated = sum(part.doubtful for part in parts), sum(part.statements for part in parts if part.engine)
    return [
        f"English: {'; '.join(told)}.",
        f"A translation is called doubtful ({doubtful:,} of {translated:,}) where something of the original "
        "is plainly lost in it, or where the probability that it says what the original says is estimated below "
        f"{DOUBTFUL:g}: by likeness of meaning, length, numbers, negations and repetition. One that is not marked can "
        "be wrong too. What the translation memory has is taken to be by people and is not marked.",
    ]


def _made_by(part: Translated) -> str:
    """The engine, with the model, its revision and licence where a model translated."""
    if part.engine is None:
        return "not translated yet"
    if part.engine == "memory":
        return translated_by(part.engine)
    revision = f", revision {part.revision}" if part.revision else ""
    licence = f", licence {part.licence}" if part.licence else ""
    return f"{translated_by(part.engine)} ({part.model}{revision}{licence})"


def _evaluation() -> list[str]:
    """How well the shipped defaults do on the gold events: what `rashomon evaluate --json` told of them."""
    told = json.loads((resources.files("configs") / "evaluation.json").read_text(encoding="utf-8"))
    mean = told["mean"]
    scores = (("speakers", "speaker_f1"), ("names", "name_f1"), ("figures", "figure_f1"), ("denials", "denies_f1"))
    listed = ", ".join(f"of {name} {mean[score]:.2f}" for name, score in scores)
    return [
        f"On {len(told['events'])} invented events in three languages, with what is learned learned without the event, "
        f"{mean['pair_precision']:.0%} of the pairs of statements in one claim say the same, and "
        f"{mean['pair_recall']:.0%} of the pairs that do are found. The F1 {listed}, "
        f"and of figures that differ {mean['discrepancy_f1']:.2f}. Other coverage may do worse. What two outlets say "
        "in wholly other words is missed.",
    ]
