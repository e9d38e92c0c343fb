"""Deployments on a real Prefect server: runs come by schedule and by hand, and outlive the server and the serving."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import duckdb
import httpx
import pytest
from commands import Command, command_in
from prefect_server import QUICK, Record, Server, prefect_server, until

CONFIGS = Path(__file__).parents[2] / "configs"
SCHEDULE = "schedule: {cron: '* * * * * */10'}\n"  # croniter, which Prefect reads it with, takes seconds last


def deployment_of(server: Server, name: str) -> Record | None:
    return next(iter(server.ask("deployments", deployments={"name": {"any_": [name]}})), None)


def runs_of(server: Server, name: str, state: str | None = None) -> list[Record]:
    """The runs of a deployment, in a state or in any, the first first."""
    states = {"state": {"type": {"any_": [state]}}} if state else {}
    return server.ask("flow_runs", deployments={"name": {"any_": [name]}}, flow_runs=states, sort="START_TIME_ASC")


def start_run(server: Server, deployment: Record, settings: Record) -> str:
    """Start a run by hand, as the form in the UI does. Returns its id."""

    def started() -> httpx.Response | None:
        answer = server.post(f"deployments/{deployment['id']}/create_flow_run", {"parameters": {"settings": settings}})
        return None if answer.status_code == 503 else answer  # its database was busy

    answer: httpx.Response = until(started, "the server takes the run")
    answer.raise_for_status()
    return str(answer.json()["id"])


def state_of(server: Server, run: str) -> str:
    return str(server.get(f"flow_runs/{run}").json()["state_name"])


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with prefect_server(tmp_path_factory.mktemp("server")) as server:
        yield server


@pytest.fixture
def rashomon(tmp_path: Path, server: Server) -> Command:
    command = command_in(tmp_path, tmp_path / "prefect")
    return Command(command.folder, command.environment | QUICK).watched_by(server)


@pytest.fixture
def serve(rashomon: Command) -> Iterator[Callable[[str], subprocess.Popen[str]]]:
    """Starts `rashomon serve` with configs of these names; all end with the test."""
    started: list[subprocess.Popen[str]] = []

    def serve(*names: str) -> subprocess.Popen[str]:
        started.append(rashomon.start("serve", *(f"{name}.yaml" for name in names)))
        return started[-1]

    yield serve
    for process in started:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGTERM)
            try:
                process.wait(60)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)


def config(folder: Path, name: str, more: str = "") -> Path:
    """The sample, under another name and into a warehouse of that name."""
    sample = (CONFIGS / "sample.yaml").read_text("utf-8").replace("name: sample", f"name: {name}")
    path = folder / f"{name}.yaml"
    path.write_text(sample.replace("gold/", f"{CONFIGS}/gold/") + f"warehouse: {name}.duckdb\n{more}", "utf-8")
    return path


def rows(path: Path, sql: str) -> list[tuple[Any, ...]]:
    """What a query gives, as soon as no run writes."""

    def connected() -> duckdb.DuckDBPyConnection | None:
        with contextlib.suppress(duckdb.IOException):
            return duckdb.connect(str(path), read_only=True)
        return None

    with until(connected, f"{path.name} is free to be read") as connection:
        found: list[tuple[Any, ...]] = connection.execute(sql).fetchall()
        return found


def test_runs_come_by_schedule_show_what_they_made_and_outlive_a_restart_of_the_server(
    server: Server, rashomon: Command, serve: Callable[[str], object]
) -> None:
    config(rashomon.folder, "hourly", SCHEDULE + "report: report.html\npublish: published.duckdb\n")
    serve("hourly")
    done = until(lambda: len(found := runs_of(server, "hourly", "COMPLETED")) >= 2 and found, "two runs have completed")
    assert all(run["auto_scheduled"] and run["state_name"] == "Completed" for run in done)
    deployment = deployment_of(server, "hourly")
    assert deployment and deployment["tags"] == ["rashomon"] and "articles.jsonl" in deployment["description"]
    form = deployment["parameter_openapi_schema"]
    assert form["properties"]["settings"]["title"] == "settings"
    fields = form["definitions"]["AlignSettings"]["properties"]
    assert fields["min_probability"]["title"] == "Min Probability"
    assert fields["min_probability"]["description"].startswith("least mean probability")
    artifacts = server.ask("artifacts", flow_runs={"id": {"any_": [done[0]["id"]]}})
    assert {artifact["key"] for artifact in artifacts} >= {"coverage-summary", "claims", "discrepancies", "report"}
    report = next(artifact for artifact in artifacts if artifact["key"] == "report")
    assert (rashomon.folder / "report.html").as_uri() in report["data"]
    assert rows(rashomon.folder / "published.duckdb", "SELECT count(*) FROM claims") == rows(
        rashomon.folder / "hourly.duckdb", "SELECT count(*) FROM claims"
    )
    assets = server.post(
        "events/filter", {"filter": {"event": {"name": ["prefect.asset.materialization.succeeded"]}}, "limit": 50}
    ).json()["events"]
    made = {event["resource"]["prefect.resource.id"].rpartition("/")[2] for event in assets}
    assert made >= {"articles", "statements", "translations", "stories", "claims", "report.html"}
    server.stop()
    server.start()
    before = len(runs_of(server, "hourly", "COMPLETED"))
    until(lambda: len(runs_of(server, "hourly", "COMPLETED")) > before, "a run has completed since the restart")


@pytest.fixture
def desk() -> Iterator[tuple[str, list[str]]]:
    """A web server on loopback, with the bodies that are posted to it."""
    posted: list[str] = []

    class Desk(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            posted.append(self.rfile.read(int(self.headers["Content-Length"])).decode())
            self.send_response(200)
            self.end_headers()

        def log_message(self, format: str, *args: Any) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Desk) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/", posted
        server.shutdown()


BLOCK = """
from prefect.blocks.notifications import CustomWebhookNotificationBlock
block = CustomWebhookNotificationBlock(name="desk", url="URL", json_data={"told": "{{subject}}: {{body}}"})
print(block.save("desk", overwrite=True))
"""


def test_automations_tell_of_denied_claims_and_of_sources_that_failed(
    server: Server, rashomon: Command, desk: tuple[str, list[str]]
) -> None:
    def python(*arguments: str) -> str:
        done = subprocess.run(
            [sys.executable, *arguments], env=rashomon.environment, capture_output=True, text=True, timeout=120
        )
        assert done.returncode == 0, done.stderr
        return done.stdout.strip()

    address, posted = desk
    block = python("-c", BLOCK.replace("URL", address)).splitlines()[-1]
    for name in ("claim-denied", "run-failed"):
        text = (CONFIGS / "automations" / f"{name}.yaml").read_text("utf-8")
        path = rashomon.folder / f"{name}.yaml"
        path.write_text(
            text.replace("00000000-0000-0000-0000-000000000000", block).replace("Example News", "Damascus Courier")
        )
        python("-m", "prefect", "automation", "create", "--from-file", str(path))
    failing = config(rashomon.folder, "failing")
    failing.write_text(
        failing.read_text("utf-8").replace("sources:\n", "sources:\n  - {kind: jsonl, path: no.jsonl}\n")
    )
    rashomon("run", "failing.yaml")
    (run,) = server.ask("flow_runs", flow_runs={"name": {"any_": ["failing"]}})
    assert (run["state_type"], run["state_name"]) == ("COMPLETED", "Warnings")
    denied = until(lambda: [body for body in posted if "Denied: " in body], "the desk is told of a denial", 60)
    assert "In the story: " in denied[0]
    until(
        lambda: [body for body in posted if "failing: Warnings: 1 source could not be read" in body],
        "the desk is told of it",
        60,
    )
    (count,) = rows(
        rashomon.folder / "failing.duckdb", "SELECT count(*) FROM denials WHERE contains(tellers, 'Damascus')"
    )
    assert len(denied) <= count[0]


def test_a_run_by_hand_takes_other_settings(server: Server, rashomon: Command, serve: Callable[[str], object]) -> None:
    config(rashomon.folder, "by-hand")
    serve("by-hand")
    deployment = until(lambda: deployment_of(server, "by-hand"), "the deployment is there")
    settings = deployment["parameters"]["settings"]
    settings["align"]["min_probability"] = 0.9
    run = start_run(server, deployment, settings | {"name": "careful"})
    until(lambda: state_of(server, run) == "Completed", "the run has completed")
    ((name, least),) = rows(
        rashomon.folder / "by-hand.duckdb", "SELECT name, (config->>'$.align.min_probability')::DOUBLE FROM runs"
    )
    assert (name, least) == ("careful", 0.9)
    wrong = {"parameters": {"settings": settings | {"align": {"min_probability": "high"}}}}
    refused = server.post(f"deployments/{deployment['id']}/create_flow_run", wrong)
    assert refused.status_code in (409, 422)


def test_the_run_after_a_killed_one_completes_the_work(
    server: Server, rashomon: Command, serve: Callable[[str], subprocess.Popen[str]]
) -> None:
    config(rashomon.folder, "killed")
    config(rashomon.folder, "undisturbed")
    process = serve("killed", "undisturbed")
    warehouse = rashomon.folder / "killed.duckdb"
    deployment = until(lambda: deployment_of(server, "killed"), "the deployment is there")
    start_run(server, deployment, deployment["parameters"]["settings"])
    until(lambda: warehouse.exists() and warehouse.stat().st_size, "the run has begun to write")
    os.killpg(process.pid, signal.SIGKILL)
    process.wait(30)
    process = serve("killed", "undisturbed")
    again = start_run(server, deployment, deployment["parameters"]["settings"])
    until(lambda: state_of(server, again) == "Completed", "the next run has completed")
    other = until(lambda: deployment_of(server, "undisturbed"), "the other deployment is there")
    whole = start_run(server, other, other["parameters"]["settings"])
    until(lambda: state_of(server, whole) == "Completed", "the undisturbed run has completed")
    for table in ("articles", "statements", "claims", "claim_statements", "story_articles", "mentions"):
        columns = "COLUMNS(c -> c NOT IN ('stored_at'))"
        wanted = rows(rashomon.folder / "undisturbed.duckdb", f"SELECT {columns} FROM {table} ORDER BY ALL")
        assert rows(warehouse, f"SELECT {columns} FROM {table} ORDER BY ALL") == wanted
