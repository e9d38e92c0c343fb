"""An analyst who asks once a second through a whole run: does every question get an answer, and a whole one?

    python benchmarks/analyst.py configs/gold/* --statements 5000

The coverage is made (see archive.py), two days of it. It is the second day's run that is watched, so that there is
something to ask for from its start. A process asks the warehouse itself, another one the copy that the run publishes,
each opening it anew. An answer is whole if each claim has statements of two outlets or more, all of which are there,
and each article that was read has its statements.
"""

from __future__ import annotations

import json
import multiprocessing
import tempfile
import time
from collections.abc import Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from statistics import median

import archive
import click
from rich.table import Table

EVERY = 1.0  # seconds
BROKEN = """
    SELECT
        (SELECT count(*) FROM claims ANTI JOIN claim_statements USING (claim_id))
        + (SELECT count(*) FROM claim_statements ANTI JOIN statements USING (statement_id))
        + (SELECT count(*) FROM (SELECT 1 FROM comparison GROUP BY claim_id HAVING count(DISTINCT outlet) < 2))
        + (SELECT count(*) FROM articles ANTI JOIN statements USING (article_id) WHERE read_as IS NOT NULL) AS broken,
        (SELECT count(*) FROM claims) AS claims
"""


@dataclass
class Asked:
    """What came back: seconds and claims of each answer, how many were not whole, and what went wrong."""

    seconds: list[float] = field(default_factory=list)
    claims: list[int] = field(default_factory=list)
    broken: int = 0
    errors: list[str] = field(default_factory=list)


def ask(place: Path, stop: Path) -> Asked:
    """Ask until there is a file `stop`."""
    from storage import Warehouse

    found = Asked()
    while not stop.exists():
        start = time.perf_counter()
        try:
            ((broken, claims),) = Warehouse(place).query(BROKEN).rows
            found.seconds.append(time.perf_counter() - start)
            found.claims.append(claims)
            found.broken += broken > 0
        except Exception as error:
            found.errors.append(str(error))
        time.sleep(max(0.0, EVERY - (time.perf_counter() - start)))
    return found


def run(folder: Path, day: int, articles: Sequence[dict[str, str]]) -> float:
    """Take in a day's articles. Returns the seconds of its stages."""
    from flows.console import quiet_prefect
    from flows.settings import load_settings

    quiet_prefect()
    from flows.coverage import compare_coverage

    lines = "".join(json.dumps(article, ensure_ascii=False) + "\n" for article in articles)
    (folder / f"{day}.jsonl").write_text(lines, encoding="utf-8")
    (folder / "run.yaml").write_text(
        f"warehouse: coverage.duckdb\npublish: copy.duckdb\nsources: [{{kind: jsonl, path: {day}.jsonl}}]\n"
        "translate: {engines: []}\n"
    )
    counts = compare_coverage(load_settings(folder / "run.yaml"))
    return sum(did["seconds"] for did in counts.values())


@click.command(help=(__doc__ or "").partition("\n")[0])
@click.argument("gold", type=click.Path(path_type=Path, exists=True, file_okay=False), nargs=-1, required=True)
@click.option("--statements", type=click.IntRange(min=100), default=5000, show_default=True, help="A day.")
def main(gold: tuple[Path, ...], statements: int) -> None:
    made = archive.made(gold, statements)
    days = [list(archive.articles(made, [day], datetime(2026, 3, 2, tzinfo=UTC))) for day in range(2)]
    with tempfile.TemporaryDirectory() as scratch, _processes() as pool:
        for name in ("alone", "asked"):
            (Path(scratch) / name).mkdir()
        alone = [pool.submit(run, Path(scratch) / "alone", day, days[day]).result() for day in range(2)]
        folder, stop = Path(scratch) / "asked", Path(scratch) / "stop"
        pool.submit(run, folder, 0, days[0]).result()
        asking: list[Future[Asked]] = [
            pool.submit(ask, folder / name, stop) for name in ("coverage.duckdb", "copy.duckdb")
        ]
        time.sleep(3 * EVERY)
        seconds = pool.submit(run, folder, 1, days[1]).result()
        time.sleep(3 * EVERY)
        stop.touch()
        table = Table("asked", "answers", "errors", "not whole", "median, s", "slowest, s", "claims, first and last")
        for name, each in zip(("the warehouse", "the copy"), (one.result() for one in asking), strict=True):
            claims = f"{each.claims[0]:,} and {each.claims[-1]:,}" if each.claims else ""
            times = (f"{median(each.seconds):.2f}", f"{max(each.seconds):.2f}") if each.seconds else ("", "")
            table.add_row(name, str(len(each.seconds)), str(len(each.errors)), str(each.broken), *times, claims)
            for error in each.errors[:3]:
                click.echo(error, err=True)
    from flows.reports.standard_output import StandardOutput

    StandardOutput().print(table)
    click.echo(f"the run: {seconds:.1f} s, unasked {alone[1]:.1f} s")


def _processes() -> ProcessPoolExecutor:
    return ProcessPoolExecutor(3, multiprocessing.get_context("spawn"))


if __name__ == "__main__":
    main()
