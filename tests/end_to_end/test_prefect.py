"""What the Prefect UI has of a run, read from a real server through its API."""

from __future__ import annotations

from pathlib import Path

from commands import Command
from prefect_server import Server

SAMPLE = Path(__file__).parents[2] / "configs" / "sample.yaml"


def test_a_run_shows_its_stages_its_log_and_its_artifacts(server: Server, rashomon: Command) -> None:
    sample = (
        SAMPLE.read_text("utf-8").replace("name: sample", "name: watched").replace("gold/", f"{SAMPLE.parent}/gold/")
    )
    (rashomon.folder / "watched.yaml").write_text(sample, encoding="utf-8")
    done = rashomon("run", "watched.yaml")
    assert "server" not in done.stderr

    (run,) = server.ask("flow_runs", flow_runs={"name": {"any_": ["watched"]}})
    assert (run["name"], run["state_type"]) == ("watched", "COMPLETED")
    only = {"flow_runs": {"id": {"any_": [run["id"]]}}}
    tasks = {task["name"].rsplit("-", 1)[0] for task in server.ask("task_runs", **only)}
    assert tasks == {
        "ingest source",
        "read articles",
        "trace copies",
        "translate statements",
        "encode statements",
        "group articles",
        "align story",
        "assess translations",
        "frame story",
        "store articles",
        "store statements",
        "store translations",
        "store stories",
        "store claims",
    }
    artifacts = {artifact["key"]: artifact for artifact in server.ask("artifacts", **only)}
    assert set(artifacts) == {"coverage-summary", "claims", "discrepancies"}
    assert "| articles | 9 |" in artifacts["coverage-summary"]["data"]
    assert "Idlib" in artifacts["claims"]["data"]
    messages = [
        entry["message"] for entry in server.ask("logs", logs={"flow_run_id": {"any_": [run["id"]]}}, limit=200)
    ]
    assert any(message.startswith("encode: 122 of 122") for message in messages)
