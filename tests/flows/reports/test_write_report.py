"""Where reports go, and what stands in the way."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from flows.errors import UserError
from flows.reports import FORMATS, write_report
from storage import Warehouse


@pytest.mark.parametrize("format", FORMATS)
def test_every_format_goes_to_a_file_and_leaves_nothing_beside_it(
    enclave: Warehouse, tmp_path: Path, format: str
) -> None:
    out = tmp_path / "report"
    out.write_text("old")
    write_report(enclave, format, out=out)
    assert out.stat().st_size > 1000
    assert list(tmp_path.iterdir()) == [out]


@pytest.mark.parametrize("format", ["terminal", "markdown", "json", "csv"])
def test_text_goes_to_standard_output(enclave: Warehouse, capsys: pytest.CaptureFixture[str], format: str) -> None:
    write_report(enclave, format)
    assert "Отечественная" in capsys.readouterr().out


@pytest.mark.parametrize("format", ["html", "parquet"])
def test_files_need_a_name(enclave: Warehouse, format: str) -> None:
    with pytest.raises(UserError, match=f"--out report.{format}"):
        write_report(enclave, format)


def test_an_unknown_format_is_answered_with_the_known_ones(enclave: Warehouse) -> None:
    with pytest.raises(UserError, match=r"'pdf'.*terminal, html, markdown"):
        write_report(enclave, "pdf")


def test_a_place_that_cannot_be_written_is_named(enclave: Warehouse, tmp_path: Path) -> None:
    with pytest.raises(UserError, match=r"folder .*missing does not exist"):
        write_report(enclave, "html", out=tmp_path / "missing" / "report.html")
    with pytest.raises(UserError, match="is no file, but a folder"):
        write_report(enclave, "html", out=tmp_path)
    with pytest.raises(UserError, match="is no file, but a device"):
        write_report(enclave, "html", out=Path("/dev/null"))


def test_a_link_to_a_file_stays_a_link(enclave: Warehouse, tmp_path: Path) -> None:
    link, target = tmp_path / "latest.md", tmp_path / "report.md"
    link.symlink_to(target)
    write_report(enclave, "markdown", out=link)
    assert link.is_symlink() and target.stat().st_size > 1000


@pytest.mark.parametrize("format", FORMATS)
def test_no_format_reports_an_unknown_story_or_touches_the_file(
    enclave: Warehouse, tmp_path: Path, format: str
) -> None:
    out = tmp_path / "report"
    out.write_text("old")
    with pytest.raises(UserError, match="no story 'nope'"):
        write_report(enclave, format, story="nope", out=out)
    assert out.read_text() == "old"


@pytest.mark.parametrize("format", FORMATS)
def test_no_format_reports_an_empty_warehouse(build: Callable[..., Warehouse], tmp_path: Path, format: str) -> None:
    with pytest.raises(UserError, match="no story yet"):
        write_report(build(), format, out=tmp_path / "report")


def test_asking_which_formats_there_are_loads_nothing_heavy() -> None:
    code = "import sys; from flows.reports import FORMATS; print(*sys.modules)"
    loaded = subprocess.run([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True, timeout=60, check=True)
    assert not {"rich", "duckdb", "storage", "jinja2", "flows.reports.reading"} & set(loaded.stdout.split())
