"""The seeds of the fuzzer, and what it found before: tests/fuzz.py."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from fuzz import MOST_SECONDS, SEEDS
from targets import TARGETS


@pytest.mark.parametrize("seed", sorted(SEEDS.glob("*/*")), ids=lambda seed: f"{seed.parent.name}-{seed.name}")
def test_no_bytes_break_what_readers_promise_nor_take_them_long(seed: Path) -> None:
    read, data = TARGETS[seed.parent.name], seed.read_bytes()
    start = time.monotonic()
    assert read(data) == read(data)
    assert time.monotonic() - start < 2 * MOST_SECONDS


def test_every_target_has_seeds() -> None:
    assert {folder.name for folder in SEEDS.iterdir() if any(folder.iterdir())} == set(TARGETS)
