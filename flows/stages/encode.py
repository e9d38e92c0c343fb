"""Statements to vectors."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from typing import Any, TypeVar

import numpy as np

from align.encoders import Encoder, Vectors
from flows.encoders import open_encoder
from flows.errors import UserError
from flows.progress import report
from flows.runners import Loaded, Runner
from flows.settings import Settings
from flows.stages import Counts, batch_task
from storage import Text, Warehouse

T = TypeVar("T")

EVERY = 3.0
"""Seconds of work that are stored at once, and lost at most when a run is killed: storing takes its time, too."""


def encode(settings: Settings, warehouse: Warehouse, encoder: Encoder, runner: Runner) -> Counts:
    """Give every text a vector of the encoder's."""
    model = encoder_key(encoder)
    total = warehouse.count_unencoded(model)
    stored = 0
    travelling = Loaded(open_encoder, settings.encode.model, made=encoder)
    batches = _batches(settings.encode.batch_size * runner.together, warehouse, travelling, model)
    for some in _gathered(_told(runner.in_order(_encode_batch, batches), total, model)):
        for _, (key, _) in some:
            if key != model:
                raise UserError(f"encode.model: a worker has {key}, this machine {model}; give both the same files")
        texts = [text.key for batch, _ in some for text in batch]
        warehouse.write_vectors(model, texts, np.concatenate([vectors for _, (_, vectors) in some]))
        stored += len(texts)
    return {"texts": stored}


def _told(results: Iterator[tuple[list[Text], T]], total: int, model: str) -> Iterator[tuple[list[Text], T]]:
    """The same, as they come, with the progress reported."""
    done = 0
    for batch, result in results:
        done += len(batch)
        report("encode", done, total, model)
        yield batch, result


def _gathered(results: Iterator[T]) -> Iterator[list[T]]:
    """What comes within `EVERY` seconds, together; also what came before a failure."""
    some: list[T] = []
    since = time.monotonic()
    try:
        for result in results:
            some.append(result)
            if time.monotonic() - since >= EVERY:
                yield some
                some, since = [], time.monotonic()
    except Exception:
        if some:
            yield some
        raise
    if some:
        yield some


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
