"""Kills runs at random moments, a hundred times, and checks that nothing is lost or doubled: `make stress`.

    python tests/stress.py --kills 100 --seed 1

A run over all gold events is killed, and the next one too, until one has ended before its moment came; then what the
warehouse holds is compared with that of a run that was never disturbed, and so on in a new folder.
"""

from __future__ import annotations

import random
import signal
import subprocess
import tempfile
import time
from pathlib import Path

import click
from commands import Command, command_in
from interrupted import Content, config, content, differing
from prefect_server import Server, prefect_server

EVENTS = ("border", "enclave", "oil", "pipeline")
LEFT = {"rashomon.duckdb", "rashomon.duckdb.lock", "run.yaml"}


@click.command(help=(__doc__ or "").partition("\n")[0])
@click.option("--kills", default=100, show_default=True)
@click.option("--seed", default=1, show_default=True)
def main(kills: int, seed: int) -> None:
    dice = random.Random(seed)
    with tempfile.TemporaryDirectory() as scratch, prefect_server(Path(scratch) / "server") as server:
        whole = folder(Path(scratch) / "whole", server)
        start = time.monotonic()
        whole("run", "run.yaml")
        seconds, wanted = time.monotonic() - start, content(whole.folder)
        click.echo(f"undisturbed: {seconds:.1f} s")
        killed = rounds = 0
        while killed < kills:
            rounds += 1
            command = folder(Path(scratch) / f"round-{rounds}", server)
            times = 0
            while killed < kills and kill(command, dice.uniform(0, seconds)):
                killed, times = killed + 1, times + 1
            command("run", "run.yaml")
            check(command, wanted)
            click.echo(f"{killed} of {kills} kills; round {rounds}, killed {times} times, is whole")


def folder(place: Path, server: Server) -> Command:
    place.mkdir()
    (place / "run.yaml").write_text(config(*EVENTS), encoding="utf-8")
    return command_in(place, place.parent / "prefect").watched_by(server)


def kill(command: Command, after: float) -> bool:
    """Start a run and kill it after so many seconds. Returns whether it was still at work then."""
    process = command.start("run", "run.yaml")
    try:
        process.communicate(timeout=after)
    except subprocess.TimeoutExpired:
        process.send_signal(signal.SIGKILL)
        process.communicate()
    return process.returncode == -signal.SIGKILL


def check(command: Command, wanted: Content) -> None:
    if tables := differing(content(command.folder), wanted):
        raise click.ClickException(f"{command.folder}: not as it should be: {', '.join(tables)}")
    if extra := {path.name for path in command.folder.iterdir()} - LEFT:
        raise click.ClickException(f"{command.folder}: left behind: {', '.join(sorted(extra))}")


if __name__ == "__main__":
    main()
