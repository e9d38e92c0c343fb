"""What travels to workers is small, and is made once in each."""

from __future__ import annotations

import pickle
import sys

import pytest

from align.cores import cores
from flows.errors import UserError
from flows.runners import Loaded, started
from flows.settings import Settings

made: list[str] = []


def make(name: str) -> list[str]:
    """Something too large to be sent."""
    made.append(name)
    return [name] * 1_000_000


def test_what_is_large_is_made_once_in_each_process_however_often_it_travels() -> None:
    made.clear()
    here = Loaded(make, "a", made=["here"])
    assert here() == ["here"] and made == []
    letters = [pickle.dumps(here) for _ in range(3)]
    assert max(map(len, letters)) < 200
    arrived = [pickle.loads(letter) for letter in letters]
    assert len({id(each()) for each in arrived}) == 1 and made == ["a"]
    assert pickle.loads(pickle.dumps(Loaded(make, "b")))()[0] == "b" and made == ["a", "b"]


def test_cores_may_be_fewer_than_there_are(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RASHOMON_CORES", "1")
    assert cores() == 1
    monkeypatch.delenv("RASHOMON_CORES")
    assert cores() >= 1


def test_a_cluster_that_is_not_installed_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "prefect_dask.task_runners", None)
    settings = Settings.model_validate({"sources": [{"kind": "jsonl", "path": "a.jsonl"}], "runner": "dask"})
    with pytest.raises(UserError, match=r"pip install 'rashomon\[dask\]'"), started(settings):
        pass
