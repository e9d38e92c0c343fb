"""Translations to how far they can be trusted."""

from __future__ import annotations

from collections.abc import Sequence

from align.doubt import METHOD, Judge, estimate
from align.encoders import EmbeddedEncoder, Encoder
from align.pairs import Knowledge
from flows.lexicons import load_knowledge
from flows.progress import report
from flows.settings import Settings
from flows.stages import Counts, batch_task
from flows.stages.encode import encoder_key
from flows.weights import load_weights, weights_key
from storage import Translated, Warehouse, rows


def assess(settings: Settings, warehouse: Warehouse, encoder: Encoder) -> Counts:
    """Estimate the quality of translations that have no estimate, or one by another method or other weights.

    The weights were learned with the embedded encoder, so that one is taken whatever the run's is.
    """
    learned = load_weights().doubt
    embedded = encoder if isinstance(encoder, EmbeddedEncoder) else EmbeddedEncoder()
    assessed_as = " ".join([METHOD, weights_key(learned), encoder_key(embedded)])
    languages = list(learned.lengths)
    total = warehouse.count_unassessed(assessed_as, languages)
    done = doubtful = 0
    if not total:
        return {"translations": done, "doubtful": doubtful}
    knowledge = load_knowledge(embedded.encode)
    while batch := warehouse.unassessed(assessed_as, languages, settings.encode.batch_size):
        doubtful += _assess_batch(batch, assessed_as, learned, knowledge, warehouse)
        done += len(batch)
        report("assess", done, total, f"{doubtful} doubtful")
    return {"translations": done, "doubtful": doubtful}


@batch_task("assess translations")
def _assess_batch(
    batch: Sequence[Translated], assessed_as: str, learned: Judge, knowledge: Knowledge, warehouse: Warehouse
) -> int:
    made = [
        row
        for language in sorted({each.language for each in batch})
        for row in _estimates([each for each in batch if each.language == language], language, learned, knowledge)
    ]
    warehouse.write_estimates(made, assessed_as)
    return sum(row.doubt is not None for row in made)


def _estimates(batch: Sequence[Translated], language: str, learned: Judge, knowledge: Knowledge) -> list[rows.Estimate]:
    sources, english = [each.text for each in batch], [each.english for each in batch]
    vectors = knowledge.encode(sources), knowledge.encode(english)
    found = estimate(sources, english, language, vectors, learned, knowledge)
    return [
        rows.Estimate(each.text_hash, each.engine, each.model, each.revision, round(made.quality, 4), made.doubt)
        for each, made in zip(batch, found, strict=True)
    ]
