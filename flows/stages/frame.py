"""Stories to the words that set their outlets apart, and a map of these."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from align.framing import divergence, keyness
from flows.progress import report
from flows.stages import Counts, batch_task
from storage import Warehouse, Worded, rows

GROUPINGS = ("outlet", "language", "affiliation")


def frame(warehouse: Warehouse) -> Counts:
    """Compare the wording of groups of outlets, and map them, in every story where any of it changed."""
    changed = warehouse.unframed(f"{keyness.METHOD} {divergence.METHOD}")
    found = 0
    for number, (story, fingerprint) in enumerate(changed, start=1):
        found += _frame_story(story, fingerprint, warehouse)
        report("frame", number, len(changed), f"{found} words that set outlets apart")
    return {"stories": len(changed), "words": found}


def frame_story(story: str, fingerprint: str, warehouse: Warehouse) -> int:
    """Find the words that set one story's outlets apart, and their map. Returns how many words."""
    words = list(_words(story, warehouse.own_wordings(story)))
    drawn = divergence.map_outlets(warehouse.divergences(story))
    points = [
        rows.OutletPoint(story, outlet, float(x), float(y), drawn.stress)
        for outlet, (x, y) in zip(drawn.outlets, drawn.points, strict=True)
    ]
    warehouse.write_framing(story, fingerprint, words, points)
    return len(words)


_frame_story = batch_task("frame story")(frame_story)


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
                ids = [statements[known[number]].statement_id for number in keyword.statements]
                yield rows.Keyness(
                    story,
                    grouping,
                    group,
                    keyword.word,
                    keyword.z,
                    keyword.log_odds,
                    keyword.count,
                    keyword.others,
                    ids,
                )
