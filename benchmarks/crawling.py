"""Feeds and pages in bulk: the stage that brings them in, beside a bare asyncio fetcher of the same pages.

    python benchmarks/crawling.py benchmarks/pages --feeds 1000 --each 50 [--latency 1]
    python benchmarks/crawling.py benchmarks/pages --feeds 1000 --each 20 --kills 3

A server in a process of its own answers on as many loopback addresses as there are feeds, with the pages of the folder
under addresses of their own. The bare fetcher (httpx, 100 connections) knows all addresses beforehand, and only reads;
the stage reads robots.txt, feeds and pages, one request a host at a time, extracts the articles and stores them. Beside
pages a second there are milliseconds of a core a page, for where all cores are taken they decide: those of the process
that fetches and stores, and those of the processes that read. With --kills the stage is killed so many times and run
once more, and what is stored is counted after each.
"""

from __future__ import annotations

import asyncio
import multiprocessing
import os
import signal
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import click
import duckdb
import httpx

SPAWN = multiprocessing.get_context("spawn")
CONNECTIONS = 100
FIRST_KILL = 20.0  # seconds, of which a run takes some ten to start


def host(feed: int) -> str:
    return f"127.{1 + feed // 250}.{feed % 250}.1"


class Server(asyncio.Protocol):
    """Just enough of HTTP/1.1 for a client that asks for one thing after the other."""

    pages: Sequence[bytes] = ()
    each = port = 0
    latency = 0.0

    def connection_made(self, transport: Any) -> None:
        self.transport = transport

    def data_received(self, data: bytes) -> None:
        path = data.split(b" ", 2)[1]
        status, kind, body = b"200 OK", b"text/html; charset=utf-8", b""
        if path.startswith(b"/page/"):
            number = int(path[6:])
            body = self.pages[number % len(self.pages)]
        elif path.startswith(b"/feed/"):
            kind, body = b"application/rss+xml", feed_of(int(path[6:]), self.each, self.port)
        else:
            status = b"404 Not Found"
        head = b"HTTP/1.1 %s\r\nContent-Type: %s\r\nContent-Length: %d\r\n\r\n" % (status, kind, len(body))
        asyncio.get_running_loop().call_later(self.latency, self.transport.write, head + body)


def feed_of(feed: int, each: int, port: int) -> bytes:
    items = "".join(
        f"<item><title>Page {feed * each + n}</title><link>http://{host(feed)}:{port}/page/{feed * each + n}</link>"
        "<pubDate>Mon, 02 Mar 2026 08:00:00 GMT</pubDate></item>"
        for n in range(each)
    )
    return f'<rss version="2.0"><channel><title>Feed {feed}</title>{items}</channel></rss>'.encode()


def serve(folder: Path, each: int, latency: float, port: Any) -> None:
    async def run() -> None:
        Server.pages = [path.read_bytes() for path in sorted(folder.glob("*/*.html"))]
        Server.each, Server.latency = each, latency
        listening = await asyncio.get_running_loop().create_server(Server, "0.0.0.0", 0, backlog=2000)
        Server.port = port.value = listening.sockets[0].getsockname()[1]
        await listening.serve_forever()

    asyncio.run(run())


@contextmanager
def serving(folder: Path, each: int, latency: float) -> Iterator[int]:
    port = SPAWN.Value("i", 0)
    process = SPAWN.Process(target=serve, args=(folder, each, latency, port), daemon=True)
    process.start()
    while not port.value:
        time.sleep(0.05)
    yield port.value
    process.kill()


@dataclass
class Used:
    """What it took: seconds, seconds of cores, and the memory of all processes in MB as time went on."""

    seconds: float = 0.0
    fetching: float = 0.0
    reading: dict[int, float] = field(default_factory=dict)
    memory: list[float] = field(default_factory=list)

    def told(self, pages: int) -> str:
        told = f"{pages / self.seconds:.0f} a second ({1000 * self.fetching / pages:.2f} ms of a core a page"
        return told + (f" and {1000 * sum(self.reading.values()) / pages:.2f} to read it)" if self.reading else ")")


def bare(port: int, feeds: int, each: int) -> Used:
    async def run() -> None:
        urls = iter([f"http://{host(f)}:{port}/page/{f * each + n}" for n in range(each) for f in range(feeds)])
        limits = httpx.Limits(max_connections=CONNECTIONS)
        async with httpx.AsyncClient(limits=limits, timeout=20, trust_env=False) as client:

            async def one() -> None:
                for url in urls:
                    answer = await client.get(url)
                    assert answer.content

            await asyncio.gather(*(one() for _ in range(CONNECTIONS)))

    start, before = time.perf_counter(), time.process_time()
    asyncio.run(run())
    return Used(time.perf_counter() - start, time.process_time() - before)


def ours(folder: Path) -> Used:
    from flows.console import quiet_prefect
    from flows.settings import load_settings

    quiet_prefect()
    from prefect import flow

    from flows.stages.ingest import ingest
    from storage import Warehouse

    settings = load_settings(folder / "run.yaml")
    used = Used()
    threading.Thread(target=watch, args=(used,), daemon=True).start()

    def timed() -> None:
        start, before = time.perf_counter(), time.process_time()
        ingest(settings, Warehouse(settings.warehouse))
        used.seconds, used.fetching = time.perf_counter() - start, time.process_time() - before

    flow(timed)()
    return used


def killed(folder: Path, kills: int) -> Iterator[str]:
    """What is stored after each kill, the first after `FIRST_KILL` seconds, and after a last run that is let be."""
    for number in range(kills + 1):
        process = SPAWN.Process(target=apart, args=(folder,))
        process.start()
        process.join(FIRST_KILL + 5 * number if number < kills else None)
        if process.is_alive() and process.pid:
            os.killpg(process.pid, signal.SIGKILL)
            process.join()
        yield stored(folder / "coverage.duckdb")


def apart(folder: Path) -> None:
    """In a group of processes of its own, so that all that work for it can be killed at once."""
    os.setsid()
    ours(folder)


def stored(file: Path) -> str:
    pages = "(SELECT count(*) FROM fetches WHERE url LIKE '%/page/%')"
    asked = "(SELECT sum(requests) FROM host_days)"
    with duckdb.connect(str(file), read_only=True) as connection:
        sql = f"SELECT count(*), count(DISTINCT url), (SELECT count(*) FROM rejects), {pages}, {asked} FROM articles"
        counts = connection.execute(sql).fetchone() or ()
    told = zip(counts, ("articles", "of different pages", "rejects", "pages known", "requests told"), strict=True)
    return ", ".join(f"{count or 0:,} {what}" for count, what in told)


def watch(used: Used) -> None:
    while True:
        started = children(os.getpid())
        used.memory.append(sum(map(resident, [os.getpid(), *started])))
        used.reading.update({one: cores for one in filter(reads, started) if (cores := core_seconds(one))})
        time.sleep(1)


def children(process: int) -> list[int]:
    listed = Path(f"/proc/{process}/task").glob("*/children")
    return [int(child) for path in listed for child in path.read_text().split()]


def resident(process: int) -> float:
    try:
        return int(Path(f"/proc/{process}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 1e6
    except OSError:
        return 0.0


def reads(process: int) -> bool:
    """Whether it is one of those that read pages, and not the run's own Prefect server."""
    try:
        return b"spawn_main" in Path(f"/proc/{process}/cmdline").read_bytes()
    except OSError:
        return False


def core_seconds(process: int) -> float:
    try:
        user, system = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[11:13]
    except OSError:
        return 0.0
    return (int(user) + int(system)) / os.sysconf("SC_CLK_TCK")


def in_process(work: Any, *arguments: Any) -> Any:
    with ProcessPoolExecutor(1, SPAWN) as pool:
        return pool.submit(work, *arguments).result()


def config(folder: Path, port: int, feeds: int) -> Path:
    folder.mkdir()
    outlines = "".join(f'<outline text="F{n}" xmlUrl="http://{host(n)}:{port}/feed/{n}"/>' for n in range(feeds))
    (folder / "feeds.opml").write_text(f'<opml version="2.0"><body>{outlines}</body></opml>')
    fetch = "fetch: {allow_private: true, delay: 0}"
    warehouse = f"warehouse: {folder}/coverage.duckdb"
    (folder / "run.yaml").write_text(f"sources: [{{kind: opml, path: feeds.opml}}]\n{fetch}\n{warehouse}\n")
    return folder


@click.command(help=(__doc__ or "").partition("\n")[0])
@click.argument("pages", type=click.Path(path_type=Path, exists=True, file_okay=False))
@click.option("--feeds", default=1000, show_default=True)
@click.option("--each", default=50, show_default=True, help="Pages a feed.")
@click.option("--turns", default=3, show_default=True)
@click.option("--kills", default=0, help="Kill the stage so many times, rather than measure it.")
@click.option("--latency", default=0.0, show_default=True, help="Seconds until the server answers.")
def main(pages: Path, feeds: int, each: int, turns: int, kills: int, latency: float) -> None:
    count = feeds * each
    with tempfile.TemporaryDirectory() as scratch, serving(pages, each, latency) as port:
        for told in killed(config(Path(scratch) / "killed", port, feeds), kills) if kills else ():
            click.echo(told)
        for turn in range(turns if not kills else 0):
            plain = in_process(bare, port, feeds, each)
            used = in_process(ours, config(Path(scratch) / f"turn-{turn}", port, feeds))
            click.echo(f"turn {turn + 1} of {turns}, {count:,} pages")
            click.echo(f"  bare: {plain.told(count)}")
            click.echo(f"  ours: {used.told(count)}")
            where = plain.fetching / used.fetching
            click.echo(
                f"  ratio {plain.seconds / used.seconds:.2f}; of cores, where it fetches and stores, {where:.2f}"
            )
            memory, length = used.memory, len(used.memory)
            quarters = [memory[length * n // 4 : length * (n + 1) // 4] for n in range(4)]
            click.echo(
                "  most memory in each quarter, MB: " + ", ".join(f"{max(part, default=0):.0f}" for part in quarters)
            )


if __name__ == "__main__":
    main()
