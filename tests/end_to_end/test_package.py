"""What is built is what works: the command from the wheel, in another folder, without this one."""

from __future__ import annotations

import json
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from commands import Command

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built from the sdist, as a release is."""
    out = tmp_path_factory.mktemp("dist")
    subprocess.run(
        [sys.executable, "-m", "build", "--no-isolation", "--outdir", str(out), str(ROOT)],
        check=True,
        capture_output=True,
    )
    assert len(list(out.glob("rashomon-*.tar.gz"))) == 1
    (found,) = out.glob("rashomon-*.whl")
    return found


def test_templates_migrations_lexicons_and_the_sample_travel_with_the_wheel(wheel: Path) -> None:
    names = set(zipfile.ZipFile(wheel).namelist())
    assert {
        "configs/example.yaml",
        "configs/gold/enclave/articles.jsonl",
        "configs/lexicons/ar.yaml",
        "configs/outlets.yaml",
        "flows/reports/templates/report.html",
        "storage/migrations/0001_initial.sql",
        "storage/views.sql",
    } <= names
    assert not any(name.startswith(("tests/", ".ci/", "benchmarks/")) for name in names)


def test_the_command_works_from_the_wheel_in_another_folder(wheel: Path, rashomon: Command) -> None:
    site = rashomon.folder / "site"
    pip = [
        sys.executable,
        "-m",
        "pip",
        "install",
        "--quiet",
        "--no-deps",
        "--no-index",
        "--target",
        str(site),
        str(wheel),
    ]
    subprocess.run(pip, check=True)
    # The wheel's packages come before those of the development install.
    installed = Command(rashomon.folder, rashomon.environment | {"PYTHONPATH": str(site)})
    assert "Northgate Wire" in installed("demo").stdout
    assert json.loads(installed("sql", "select count(*) as n from articles", "--format", "json").stdout) == [{"n": 9}]
    assert str(site) in installed("doctor").stdout
