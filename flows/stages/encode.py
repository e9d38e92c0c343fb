"""Statements to vectors."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from align.encoders import Encoder, Vectors
from flows.encoders import open_encoder
from flows.errors import UserError
from flows.progress import report
from flows.runners import Loaded, Runner
from flows.settings import Settings
from flows.stages import Counts, batch_task
from storage import Text, Warehouse


def encode(settings: Settings, warehouse: Warehouse, encoder: Encoder, runner: Runner) -> Counts:
    """Give every text a vector of the encoder's."""
    model = encoder_key(encoder)
    total = warehouse.count_unencoded(model)
    done = 0
    travelling = Loaded(open_encoder, settings.encode.model, made=encoder)
    batches = _batches(settings.encode.batch_size * runner.together, warehouse, travelling, model)
    for batch, (key, vectors) in runner.in_order(_encode_batch, batches):
        if key != model:
            raise UserError(f"encode.model: a worker has {key}, this machine {model}; give both the same files")
        warehouse.write_vectors(model, [text.key for text in batch], vectors)
        done += len(batch)
        report("encode", done, total, model)
    return {"texts": done}


def encoder_key(encoder: Encoder) -> str:
    return f"{encoder.name}@{encoder.revision}"


def _batches(
    size: int, warehouse: Warehouse, encoder: Loaded[Encoder], model: str
) -> Iterator[tuple[list[Text], dict[str, Any]]]:
    after = ""
    while batch := warehouse.unencoded(model, size, after):
        yield batch, {"texts": [text.text for text in batch], "encoder": encoder}
        after = batch[-1].key


@batch_task("encode statements")
def _encode_batch(texts: Sequence[str], encoder: Loaded[Encoder]) -> tuple[str, Vectors]:
    return encoder_key(encoder()), encoder().encode(texts)
