"""How fast the engines translate, against what most users would write, on a checkpoint of OPUS-MT's shape.

    python benchmarks/translation.py dev.ru-en.jsonl dev.ar-en.jsonl

FILE: JSON Lines with source and reference. The model has random weights (benchmarks/marian.py), but each of its
translations has as many tokens as the reference has, however it is run, which is checked. Loading and converting are
not timed. One by one and, 32 at a time, as it comes: transformers as model cards show it; naive: CTranslate2 given 32
texts at a time in the order of the files, on all cores. Ours are the engines as a run calls them, but for the check of
what comes out, which would try noise again. Each row is a process of its own; its peak memory is Linux's VmHWM. The
rows take turns at parts of the texts; rates, in sentences of the mean length, and ratios are the medians of the turns.
"""

from __future__ import annotations

import json
import multiprocessing
import os
import tempfile
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from statistics import median
from typing import Any

import click
from rich.table import Table

from flows.reports.standard_output import StandardOutput

BATCH = 32
TURNS = 4
NAIVE = 3
"""Which row of those of a beam is CTranslate2 as it comes."""
Translate = Callable[[Sequence[str]], list[str]]


@dataclass(frozen=True)
class Row:
    """What is measured; `few`: only on a sample, since it is slow."""

    name: str
    load: Callable[[Path, int], Translate]
    beams: int
    few: bool = False


@dataclass(frozen=True)
class Measured:
    """Tokens a second, the peak memory of the process in MB, and how many translations had another length than told."""

    rate: float
    memory: float
    wrong: int


def alone(folder: Path, beams: int) -> Translate:
    return transformers(folder, 1)


def as_it_comes(folder: Path, beams: int) -> Translate:
    return transformers(folder, BATCH)


def transformers(folder: Path, size: int) -> Translate:
    import torch
    from transformers import MarianMTModel, MarianTokenizer

    tokenizer, model = MarianTokenizer.from_pretrained(folder), MarianMTModel.from_pretrained(folder).eval()

    def translate(texts: Sequence[str]) -> list[str]:
        english: list[str] = []
        for start in range(0, len(texts), size):
            batch = tokenizer(list(texts[start : start + size]), return_tensors="pt", padding=True)
            with torch.inference_mode():
                english += tokenizer.batch_decode(model.generate(**batch), skip_special_tokens=True)
        return english

    return translate


def naive(folder: Path, beams: int) -> Translate:
    import ctranslate2
    from transformers import MarianTokenizer

    from align.cores import cores

    tokenizer: Any = MarianTokenizer.from_pretrained(folder)
    model = ctranslate2.Translator(str(folder / "int8"), intra_threads=cores())

    def translate(texts: Sequence[str]) -> list[str]:
        english: list[str] = []
        for start in range(0, len(texts), BATCH):
            batch = [tokenizer.convert_ids_to_tokens(tokenizer.encode(text)) for text in texts[start : start + BATCH]]
            made = model.translate_batch(batch, beam_size=beams)
            english += [tokenizer.decode(tokenizer.convert_tokens_to_ids(one.hypotheses[0])) for one in made]
        return english

    return translate


def ours_on_transformers(folder: Path, beams: int) -> Translate:
    from flows.translators.opus_mt import OpusMT

    return ours(OpusMT(), folder)


def ours_on_ctranslate2(folder: Path, beams: int) -> Translate:
    from flows.translators.ctranslate2 import Converted
    from flows.translators.opus_mt import OpusMT

    return ours(Converted(OpusMT()), folder)


def ours(kind: Any, folder: Path) -> Translate:
    from flows.settings import TranslateSettings
    from flows.stages.translate import BATCHES
    from flows.translators import neural

    neural.find_flaw = lambda *_: None
    engine = neural.NeuralTranslator(kind, {"ru": str(folder)}, TranslateSettings().batch_size)
    engine.prepare("ru")
    size = TranslateSettings().batch_size * BATCHES

    def translate(texts: Sequence[str]) -> list[str]:
        batches = (engine.translate(texts[start : start + size], "ru") for start in range(0, len(texts), size))
        return [made.english if made else "" for batch in batches for made in batch]

    return translate


ROWS = (
    Row("transformers, one by one", alone, 1, few=True),
    Row("transformers, as it comes", as_it_comes, 1),
    Row("ours, opus-mt", ours_on_transformers, 1),
    Row("CTranslate2 int8, naive", naive, 1),
    Row("ours, opus-mt-ct2", ours_on_ctranslate2, 1),
    Row("transformers, one by one", alone, 4, few=True),
    Row("transformers, as it comes", as_it_comes, 4, few=True),
    Row("ours, opus-mt", ours_on_transformers, 4, few=True),
    Row("CTranslate2 int8, naive", naive, 4),
    Row("ours, opus-mt-ct2", ours_on_ctranslate2, 4),
)


def measure(row: Row, folder: Path, texts: Sequence[str], lengths: Sequence[int]) -> Measured:
    """Translate texts in a process that has the row's model already, or loads it."""
    translate = loaded(row, folder)
    start = time.perf_counter()
    english = translate(texts)
    seconds = time.perf_counter() - start
    status = Path("/proc/self/status").read_text().splitlines()
    memory = next(int(line.split()[1]) for line in status if line.startswith("VmHWM"))
    wrong = sum(len(text.split()) != length for text, length in zip(english, lengths, strict=True))
    return Measured(sum(lengths) / seconds, memory / 1024, wrong)


@cache
def loaded(row: Row, folder: Path) -> Translate:
    return row.load(folder, row.beams)


def prepare(folder: Path, sources: Sequence[str], references: Sequence[str]) -> tuple[list[str], list[int]]:
    """Make the checkpoint and its conversions. Gives the texts, told their lengths, and the lengths."""
    import marian
    import sentencepiece
    from ctranslate2.converters import TransformersConverter

    marian.save_checkpoint(folder, sources, references)
    for beams in (1, 4):
        converter: Any = TransformersConverter(str(folder / f"beam-{beams}"))
        converter.convert(str(folder / f"beam-{beams}/int8"), quantization="int8")
    pieces: Any = sentencepiece.SentencePieceProcessor(str(folder / "target.spm"))
    told = [marian.told(len(found)) for found in pieces.encode(list(references))]
    return [f"{tokens} {text}" for tokens, text in zip(told, sources, strict=True)], list(map(marian.tokens, told))


def read(paths: Sequence[Path]) -> tuple[list[str], list[str]]:
    """Sources and references. Raises `UsageError` naming the line that is wrong."""
    sources, references = [], []
    for path in paths:
        for number, line in enumerate(path.read_text("utf-8").splitlines(), start=1):
            try:
                row = json.loads(line)
                source, reference = " ".join(row["source"].split()), " ".join(row["reference"].split())
            except (ValueError, KeyError, TypeError, AttributeError) as error:
                raise click.UsageError(f"{path}, line {number}: expected source and reference") from error
            sources.append(source)
            references.append(reference)
    return sources, references


@click.command(help=(__doc__ or "").partition("\n")[0])
@click.argument("file", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--every", default=10, show_default=True, help="Of which texts the slow rows translate every so-manieth.")
def main(file: Sequence[Path], every: int) -> None:
    sources, references = read(file)
    with tempfile.TemporaryDirectory() as scratch:
        os.environ["HF_ASSETS_CACHE"] = scratch
        folder = Path(scratch) / "model"
        texts, lengths = in_process(prepare, folder, sources, references)
        heads = ("", "beam", "a second", "times one by one", "times naive", "peak MB")
        table = Table(*heads, title=f"{len(texts)} sentences")
        for beams in (1, 4):
            rows = [row for row in ROWS if row.beams == beams]
            usual = sum(lengths) / len(lengths)  # tokens: the slow rows' sample may be of shorter texts
            found = in_turns(rows, folder / f"beam-{beams}", texts, lengths, every)
            for row, measured in zip(rows, found, strict=True):
                rate, memory = median(turn.rate for turn in measured), max(turn.memory for turn in measured)
                times = (f"{ratio(measured, found[other]):.2f}" for other in (0, NAIVE))
                table.add_row(row.name, str(beams), f"{rate / usual:.1f}", *times, f"{memory:.0f}")
    StandardOutput().print(table)


def ratio(ours: Sequence[Measured], theirs: Sequence[Measured]) -> float:
    return median(one.rate / other.rate for one, other in zip(ours, theirs, strict=True))


def in_turns(
    rows: Sequence[Row], folder: Path, texts: Sequence[str], lengths: Sequence[int], every: int
) -> list[list[Measured]]:
    """Measure the rows, each in a process of its own, one part of the texts after the other.

    So each has the machine as the others have it, whatever else it does meanwhile.
    """
    pools = [ProcessPoolExecutor(1, multiprocessing.get_context("spawn")) for _ in rows]
    for row, pool in zip(rows, pools, strict=True):
        in_process(measure, row, folder, texts[:2], lengths[:2])  # converts
        pool.submit(measure, row, folder, texts[:2], lengths[:2]).result()  # loads the model
    found: list[list[Measured]] = [[] for _ in rows]
    for turn in range(TURNS):
        for row, pool, measured in zip(rows, pools, found, strict=True):
            part = slice(turn, None, TURNS * (every if row.few else 1))
            measured.append(pool.submit(measure, row, folder, texts[part], lengths[part]).result())
            if wrong := measured[-1].wrong:
                raise click.ClickException(f"{row.name}: {wrong} translations have another length than told")
            click.echo(
                f"turn {turn + 1} of {TURNS}, {row.name}, beam {row.beams}: {measured[-1].rate:.0f} tokens", err=True
            )
    for pool in pools:
        pool.shutdown()
    return found


def in_process(function: Callable[..., Any], *arguments: Any) -> Any:
    with ProcessPoolExecutor(1, multiprocessing.get_context("spawn")) as pool:
        return pool.submit(function, *arguments).result()


if __name__ == "__main__":
    main()
