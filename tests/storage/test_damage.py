"""A warehouse that cannot be read or written says why and what to do, and what it held stays."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path

import numpy as np
import pytest

from storage import Warehouse, WarehouseError, rows

NOON = datetime(2026, 1, 1, 12)


def article(key: str) -> rows.Article:
    return rows.Article(key, "A", "en", None, "Title", "One. Two.", NOON, "file", NOON)


USES: list[Callable[[Warehouse], object]] = [
    lambda warehouse: warehouse.query("FROM articles"),
    lambda warehouse: warehouse.write_coverage([article("a2")]),
]


@pytest.fixture
def warehouse(tmp_path: Path) -> Warehouse:
    warehouse = Warehouse(tmp_path / "test.duckdb", wait=0.2)
    warehouse.write_coverage([article("a1")])
    return warehouse


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of six megabytes."""
    folder = tmp_path / "small"
    folder.mkdir()
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=6m", "tmpfs", folder], capture_output=True)
    if mounted.returncode:
        pytest.skip("mounting is not allowed here")
    yield folder
    subprocess.run(["umount", folder], check=True)


@pytest.mark.parametrize("use", USES)
@pytest.mark.parametrize("left", [0.1, 0.5, 0.95])
def test_a_file_that_was_cut_short_is_told_and_left_alone(
    warehouse: Warehouse, use: Callable[[Warehouse], object], left: float
) -> None:
    path = Path(warehouse.place)
    os.truncate(path, int(path.stat().st_size * left))
    before = path.read_bytes()
    with pytest.raises(WarehouseError, match=r"test\.duckdb: .*The file is damaged: bring it back from a backup"):
        use(warehouse)
    assert path.read_bytes() == before


def test_a_full_disk_is_told_and_costs_only_the_batch(small_disk: Path) -> None:
    warehouse = Warehouse(small_disk / "test.duckdb")
    warehouse.write_coverage([article("a1")])
    vectors = np.random.default_rng(1).normal(size=(200, 512)).astype(np.float32)
    stored = 0
    with pytest.raises(WarehouseError, match=r"test\.duckdb cannot be written: .*No space left on device.*run again"):
        while stored < 100:
            warehouse.write_vectors("m", [f"{stored} {n}" for n in range(200)], vectors)
            stored += 1
    assert warehouse.query("SELECT count(*) FROM vectors").rows == [(200 * stored,)]
    assert warehouse.query("SELECT article_id FROM articles").rows == [("a1",)]
    subprocess.run(["mount", "-o", "remount,size=60m", small_disk], check=True)
    warehouse.write_vectors("m", [f"{stored} {n}" for n in range(200)], vectors)
    assert warehouse.query("SELECT count(*) FROM vectors").rows == [(200 * (stored + 1),)]


def test_a_file_that_may_not_be_written_is_told_and_can_be_read(warehouse: Warehouse) -> None:
    code = f"""
from datetime import datetime
from storage import Warehouse, WarehouseError, rows
warehouse = Warehouse({warehouse.place!r})
print(warehouse.query("SELECT article_id FROM articles").rows)
try:
    warehouse.write_coverage([])
except WarehouseError as error:
    print(error)
"""
    command = [sys.executable, "-c", code]
    if os.geteuid() == 0:  # who may write any file
        if not shutil.which("setpriv"):
            pytest.skip("root may write all files, and there is no setpriv")
        taken = "-dac_override,-dac_read_search"
        command = ["setpriv", f"--bounding-set={taken}", f"--inh-caps={taken}", *command]
    Path(warehouse.place).chmod(0o444)
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert done.stdout.startswith("[('a1',)]\n")
    assert "Permission denied" in done.stdout and "name another file as the warehouse" in done.stdout
