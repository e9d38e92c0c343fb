"""Stories to the words that set their outlets apart, a map of these, and the frames of their statements."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from align.encoders import Encoder
from align.framing import divergence, frames, keyness
from flows.lexicons import Frames, background_texts
from flows.progress import report
from flows.stages import Counts, batch_task
from flows.stages.encode import encoder_key
from storage import StoryStatements, Warehouse, Worded, rows

GROUPINGS = ("outlet", "language", "affiliation")


def frame(lexicon: Frames, warehouse: Warehouse, encoder: Encoder) -> Counts:
    """Compare the wording of groups of outlets, map them, and find frames, in every story where any of it changed."""
    methods = (keyness.METHOD, divergence.METHOD, frames.METHOD, lexicon.fingerprint, encoder_key(encoder))
    changed = warehouse.unframed(" ".join(methods))
    if not changed:
        return {"stories": 0, "words": 0}
    warehouse.write_frames([rows.Frame(each.name, each.f1, each.is_experimental) for each in lexicon.frames])
    finder = frames.FrameFinder(lexicon.frames, encoder.encode, background_texts())
    found = 0
    for number, (story, fingerprint) in enumerate(changed, start=1):
        found += _frame_story(story, fingerprint, warehouse, encoder, finder)
        report("frame", number, len(changed), f"{found} words that set outlets apart")
    return {"stories": len(changed), "words": found}


def frame_story(
    story: str, fingerprint: str, warehouse: Warehouse, encoder: Encoder, finder: frames.FrameFinder
) -> int:
    """Find the words that set one story's outlets apart, their map and their frames. Returns how many words."""
    words = list(_words(story, warehouse.own_wordings(story)))
    drawn = divergence.map_outlets(warehouse.divergences(story))
    points = [
        rows.OutletPoint(story, outlet, float(x), float(y), drawn.stress)
        for outlet, (x, y) in zip(drawn.outlets, drawn.points, strict=True)
    ]
    shown = list(_frames(warehouse.story_statements(story, encoder_key(encoder), encoder.dimensions), finder))
    warehouse.write_framing(story, fingerprint, words, points, shown)
    return len(words)


_frame_story = batch_task("frame story")(frame_story)


def _frames(statements: StoryStatements, finder: frames.FrameFinder) -> Iterator[rows.StatementFrame]:
    scores = finder.scores(statements.texts, statements.languages, statements.vectors)
    for row, column in zip(*(scores >= frames.LEAST_SCORE).nonzero(), strict=True):
        yield rows.StatementFrame(statements.statement_ids[row], finder.names[column], float(scores[row, column]))


def _words(story: str, statements: Sequence[Worded]) -> Iterator[rows.Keyness]:
    names = sorted({statement.outlet for statement in statements})
    words = [keyness.telling_words(statement.english, names) for statement in statements]
    for grouping in GROUPINGS:
        groups = [getattr(statement, grouping) for statement in statements]
        # Outlets of which nothing is known have nothing in common.
        known = [number for number, group in enumerate(groups) if group != "unknown" or grouping == "outlet"]
        found = keyness.find_keywords([words[number] for number in known], [groups[number] for number in known])
        for group, keywords in found.items():
            for keyword in keywords:
                own, others = (
                    [statements[known[number]].statement_id for number in some]
                    for some in (keyword.statements, keyword.others)
                )
                score = keyword.z, keyword.log_odds
                yield rows.Keyness(story, grouping, group, keyword.word, *score, len(own), len(others), own, others)
