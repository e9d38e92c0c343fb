"""What `rashomon doctor` finds is so."""

from __future__ import annotations

from pathlib import Path

import pytest

from flows.doctor import Check, examine

COMMIT = "c0ffee" + "0" * 34
WHOLE = ["config.json", "vocab.json", "source.spm", "target.spm", "pytorch_model.bin"]


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty local cache of the hub."""
    from huggingface_hub import constants

    monkeypatch.setattr(constants, "HF_HUB_CACHE", str(tmp_path / "cache"))
    return tmp_path / "cache"


def russian(cache: Path, files: list[str]) -> Check:
    """What is found of the Russian model where these files of it are in the cache."""
    model = cache / "models--Helsinki-NLP--opus-mt-ru-en"
    (model / "refs").mkdir(parents=True)
    (model / "refs" / "main").write_text(COMMIT)
    (model / "snapshots" / COMMIT).mkdir(parents=True)
    for file in files:
        (model / "snapshots" / COMMIT / file).write_text("{}")
    return next(check for check in examine(str(cache / "no.duckdb")) if check.name == "translator opus-mt ru")


def test_a_model_is_usable_offline_where_all_its_files_are_in_the_cache(cache: Path) -> None:
    check = russian(cache, WHOLE)
    assert check.ok and check.finding == "Helsinki-NLP/opus-mt-ru-en: usable offline"


def test_a_model_that_is_partly_in_the_cache_is_not_usable_offline(cache: Path) -> None:
    check = russian(cache, ["config.json", "vocab.json", "source.spm"])
    assert not check.ok
    assert check.finding == "Helsinki-NLP/opus-mt-ru-en: only partly here; the first run does the rest"


def test_a_model_that_is_not_here_is_fetched_by_the_first_run(cache: Path) -> None:
    check = russian(cache, [])
    assert not check.ok and check.finding.endswith("not here; the first run fetches it, or `rashomon models pull`")
