"""Statements to vectors."""

from __future__ import annotations

from collections.abc import Sequence

from align.encoders import Encoder
from flows.progress import report
from flows.settings import Settings
from flows.stages import Counts, batch_task
from storage import Text, Warehouse


def encode(settings: Settings, warehouse: Warehouse, encoder: Encoder) -> Counts:
    """Give every text a vector of the encoder's."""
    model = encoder_key(encoder)
    total = warehouse.count_unencoded(model)
    done = 0
    while batch := warehouse.unencoded(model, settings.encode.batch_size):
        _encode_batch(batch, encoder, warehouse)
        done += len(batch)
        report("encode", done, total, model)
    return {"texts": done}


def encoder_key(encoder: Encoder) -> str:
    return f"{encoder.name}@{encoder.revision}"


@batch_task("encode statements")
def _encode_batch(batch: Sequence[Text], encoder: Encoder, warehouse: Warehouse) -> None:
    vectors = encoder.encode([text.text for text in batch])
    warehouse.write_vectors(encoder_key(encoder), [text.key for text in batch], vectors)
