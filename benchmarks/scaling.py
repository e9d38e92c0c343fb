"""How encoding grows with workers, and what a day of coverage costs, by stage, at any size.

    python benchmarks/scaling.py workers configs/gold/* --statements 10000
    python benchmarks/scaling.py days configs/gold/* --statements 500 --statements 1500 --statements 4500

workers: texts a second in the run itself and on a Dask cluster of 1, 2 and 4 workers on this machine, once the workers
have loaded the encoder, and how far the vectors are from those of the run itself.

days: five days of coverage of each size are taken in (see archive.py), then a sixth: what that one costs is what a day
costs whoever runs daily. For each stage the seconds of all cores together are fitted by c * n ** p over the sizes, and
told for larger days; so are memory and what the file grows by. A power that three sizes of this machine show is a
model, no measurement of larger ones.
"""

from __future__ import annotations

import json
import multiprocessing
import resource
import tempfile
import time
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import archive
import click
import numpy as np
from rich.table import Table

WINDOW = 5  # days
LARGER = (10_000, 1_000_000, 50_000_000)


@click.group(help=(__doc__ or "").partition("\n")[0])
def main() -> None:
    pass


gold_argument = click.argument(
    "gold", type=click.Path(path_type=Path, exists=True, file_okay=False), nargs=-1, required=True
)


@main.command()
@gold_argument
@click.option("--statements", type=click.IntRange(min=1000), default=10_000, show_default=True)
def workers(gold: Sequence[Path], statements: int) -> None:
    """Texts a second by runner."""
    day = archive.made(gold, statements).day(0)
    texts = [text for article in day.texts for text in article]
    table = Table("runner", "workers", "texts a second", "times", "largest difference")
    first: tuple[float, Any] | None = None
    for runner, count in (("threads", 1), ("dask", 1), ("dask", 2), ("dask", 4)):
        seconds, vectors = _alone(encode, runner, count, texts)
        first = first or (seconds, vectors)
        difference = float(np.abs(vectors - first[1]).max())
        rate = f"{len(texts) / seconds:.0f}"
        table.add_row(runner, str(count), rate, f"{first[0] / seconds:.2f}", f"{difference:.0e}")
    _print(table)


def encode(runner: str, count: int, texts: Sequence[str]) -> tuple[float, Any]:
    """Encode texts in batches as the stage does. Returns the seconds and the vectors."""
    from prefect import flow

    from flows.console import quiet_prefect
    from flows.encoders import open_encoder
    from flows.runners import Loaded, started
    from flows.settings import EncodeSettings, Settings
    from flows.stages.encode import _encode_batch

    quiet_prefect()
    source = {"kind": "jsonl", "path": "none"}
    settings = Settings.model_validate({"sources": [source], "runner": runner, "dask": {"workers": count}})

    @flow
    def measured() -> tuple[float, Any]:
        encoder = Loaded(open_encoder, "embedded", made=open_encoder("embedded"))

        def arguments(some: Sequence[Sequence[str]]) -> list[tuple[None, dict[str, Any]]]:
            return [(None, {"texts": batch, "encoder": encoder}) for batch in some]

        with started(settings) as computer:
            size = EncodeSettings().batch_size * computer.together
            batches = [texts[start : start + size] for start in range(0, len(texts), size)]
            list(computer.in_order(_encode_batch, arguments([["warm"]] * 4 * count)))
            start = time.perf_counter()
            found = [vectors for _, (_, vectors) in computer.in_order(_encode_batch, arguments(batches))]
            return time.perf_counter() - start, np.concatenate(found)

    return measured()


@main.command()
@gold_argument
@click.option("--statements", "sizes", type=click.IntRange(min=100), multiple=True, default=(500, 1500, 4500))
def days(gold: Sequence[Path], sizes: Sequence[int]) -> None:
    """What a day costs by stage."""
    measured = []
    for size in sizes:
        with tempfile.TemporaryDirectory() as folder:
            _alone(take_in, Path(folder), gold, size, range(WINDOW))
            measured.append(_alone(take_in, Path(folder), gold, size, [WINDOW]))
        click.echo(f"{size:,} a day: {measured[-1]}", err=True)
    heads = [f"{size:,} a day" for size in sizes]
    table = Table(
        "core seconds", *heads, "power", *(f"{size:,}" for size in LARGER), title="a day, measured and modelled"
    )
    for what in measured[0]:
        found = [each[what] for each in measured]
        power, told = modelled(sizes, found)
        larger = (f"{value / 3600:,.2f} h" if "MB" not in what else f"{value:,.0f}" for value in told)
        table.add_row(what, *(f"{value:.2f}" for value in found), f"{power:.2f}", *larger)
    _print(table)


def modelled(sizes: Sequence[int], found: Sequence[float]) -> tuple[float, list[float]]:
    """The power by which what was found grows with size, and what it comes to for larger sizes."""
    floor = np.maximum(found, 0.01)
    power, constant = np.polyfit(np.log(sizes), np.log(floor), 1)
    return float(power), [float(np.exp(constant) * size**power) for size in LARGER]


def take_in(folder: Path, gold: Sequence[Path], size: int, numbers: Sequence[int]) -> dict[str, float]:
    """Run days of coverage. Returns the core seconds of each stage, the memory and what the file grew by."""
    from flows.console import quiet_prefect
    from flows.settings import load_settings

    quiet_prefect()
    from flows.coverage import compare_coverage

    articles = archive.articles(archive.made(gold, size), numbers, datetime(2026, 3, 2, tzinfo=UTC))
    lines = "".join(json.dumps(article, ensure_ascii=False) + "\n" for article in articles)
    (folder / "articles.jsonl").write_text(lines, encoding="utf-8")
    config = "warehouse: days.duckdb\nsources: [{kind: jsonl, path: articles.jsonl}]\ntranslate: {engines: []}\n"
    (folder / "run.yaml").write_text(config)
    file = folder / "days.duckdb"
    before = file.stat().st_size if file.exists() else 0
    counts: Any = compare_coverage(load_settings(folder / "run.yaml"))
    found = {stage: float(did["core seconds"]) for stage, did in counts.items()}
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return found | {"memory, MB": memory, "file, MB": (file.stat().st_size - before) / 2**20}


def _alone(function: Any, *arguments: Any) -> Any:
    with ProcessPoolExecutor(1, multiprocessing.get_context("spawn")) as pool:
        return pool.submit(function, *arguments).result()


def _print(table: Table) -> None:
    from flows.reports.standard_output import StandardOutput

    StandardOutput().print(table)


if __name__ == "__main__":
    main()
