"""Feeds a reader whatever bytes find new ways through its code, until some break a promise of it (tests/targets.py).

    python tests/fuzz.py feed --seconds 600

Seeds are in tests/corpus/TARGET. What finds a new way is kept in the folder CORPUS/TARGET, and bytes that break a
promise beside it as TARGET-crash-*, TARGET-timeout-* or TARGET-oom-*. Once mended, these belong in tests/corpus/TARGET
under a name that tells why, where tests/test_corpus.py tries them. `make fuzz` installs what this needs and runs all.
"""

from __future__ import annotations

import sys
from pathlib import Path

import click

SEEDS = Path(__file__).parent / "corpus"
INSTRUMENTED = ["targets", "align", "flows", "feedparser", "warcio", "yaml", "trafilatura", "htmldate"]
LONGEST = 4096  # bytes of an input
MOST_SECONDS = 20  # for one input
MOST_MEMORY = 2048  # MiB


@click.command(help=__doc__, context_settings={"max_content_width": 120})
@click.argument("target", type=click.Choice(sorted(folder.name for folder in SEEDS.iterdir())))
@click.option("--seconds", default=60, show_default=True)
@click.option("--corpus", type=click.Path(path_type=Path), default=Path(".fuzz"), show_default=True)
def main(target: str, seconds: int, corpus: Path) -> None:
    import atheris

    seeds, kept = SEEDS / target, corpus / target
    kept.mkdir(parents=True, exist_ok=True)
    with atheris.instrument_imports(include=INSTRUMENTED, enable_loader_override=False):
        from targets import TARGETS

        read = TARGETS[target]
        for seed in seeds.iterdir():
            read(seed.read_bytes())  # which imports what is imported late

    def attempt(data: bytes) -> None:
        assert read(data) == read(data), "something else comes of the same bytes the second time"

    options = {
        "max_total_time": seconds,
        "max_len": LONGEST,
        "timeout": MOST_SECONDS,
        "rss_limit_mb": MOST_MEMORY,
        "artifact_prefix": f"{kept}-",
        "print_final_stats": 1,
    }
    atheris.Setup(
        [sys.argv[0], *(f"-{name}={value}" for name, value in options.items()), str(kept), str(seeds)], attempt
    )
    atheris.Fuzz()


if __name__ == "__main__":
    main()
