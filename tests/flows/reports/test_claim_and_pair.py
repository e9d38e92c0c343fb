"""One claim with all its statements, and two outlets head to head."""

from __future__ import annotations

import csv
import io
import json
import re

import pytest
from rich.cells import cell_len
from rich.console import Console

from flows.errors import UserError
from flows.reports import TEXT_FORMATS, write_claim, write_head_to_head
from flows.reports.reading import find_claim, find_outlet, read_head_to_head
from storage import Warehouse

SPEAKER = "Veretennikova"


def claim_of(warehouse: Warehouse) -> str:
    sql = "SELECT claim_id FROM comparison WHERE text LIKE 'Боевики террористических группировок%'"
    return str(warehouse.query(sql).rows[0][0])


def console(width: int = 400) -> Console:
    return Console(file=io.StringIO(), width=width)


def text_of(console: Console) -> str:
    assert isinstance(console.file, io.StringIO)
    return console.file.getvalue()


def test_a_claim_is_shown_with_all_its_statements(enclave: Warehouse) -> None:
    shown = console()
    write_claim(enclave, claim_of(enclave), "terminal", shown)
    text = " ".join(text_of(shown).split())
    assert "[ru] Боевики" in text and "Russian foreign ministry spokeswoman Larisa Veretennikova · alleged" in text
    assert "left out by Hatay Border Post [en]" in text and re.search(r"denied by \d+\.", text)
    assert len(re.findall(r"told by \d of 9", text)) == 1


def test_a_claim_is_shown_with_its_figures(enclave: Warehouse) -> None:
    sql = "SELECT claim_id FROM discrepancies WHERE given LIKE '%Hatay Border Post: ≥13%'"
    shown = console()
    write_claim(enclave, enclave.query(sql).rows[0][0], "terminal", shown)
    assert re.search(r"people: .*Hatay Border Post: ≥13", text_of(shown))


def test_a_claim_is_found_by_the_beginning_of_its_id(enclave: Warehouse) -> None:
    claim = claim_of(enclave)
    assert find_claim(enclave, claim[:10]) == claim
    with pytest.raises(UserError, match=r"no claim '' .*`rashomon claims` lists all; the nearest:\n  \w{20}  "):
        find_claim(enclave, "")
    with pytest.raises(UserError, match=f"no claim .*\n  {claim}  Militants"):
        find_claim(enclave, claim[:-1] + "x")


def test_an_outlet_is_found_by_its_beginning_in_any_case(enclave: Warehouse) -> None:
    assert find_outlet(enclave, "northgate") == "Northgate Wire"
    assert find_outlet(enclave, "منارة") == "منارة المشرق"
    with pytest.raises(UserError, match=r"no outlet 'Nortgate Wier' .*the nearest:\n  Northgate Wire$"):
        find_outlet(enclave, "Nortgate Wier")
    with pytest.raises(UserError, match=r"there are:\n  Damascus Courier\n"):
        find_outlet(enclave, "Zzzzzz")


def test_claims_of_two_outlets_are_those_of_the_view_coverage(enclave: Warehouse) -> None:
    ((pair,), more) = read_head_to_head(enclave, "Northgate Wire", "Степной телеграф")
    told = {
        outlet: {
            row[0] for row in enclave.query("SELECT claim_id FROM coverage WHERE is_told AND outlet = ?", [outlet]).rows
        }
        for outlet in ("Northgate Wire", "Степной телеграф")
    }
    first, second = told.values()
    assert more == 0 and first & second and first - second and second - first
    assert {claim.claim_id for claim in pair.shared} == first & second
    assert {claim.claim_id for claim in pair.told_only_by(pair.first)} == first - second
    assert {claim.claim_id for claim in pair.told_only_by(pair.second)} == second - first


def test_figures_of_two_outlets_differ_where_none_is_alike(enclave: Warehouse) -> None:
    ((pair,), _) = read_head_to_head(enclave, "Northgate Wire", "قناة الأفق العربي")
    assert pair.figures
    for figures in pair.figures:
        values = [{part.value for part in figures.given if part.outlet == outlet.name} for outlet in pair.outlets]
        assert all(values) and not values[0] & values[1]


def test_two_outlets_are_shown_head_to_head(enclave: Warehouse) -> None:
    shown = console()
    write_head_to_head(enclave, ("north", "damascus"), "terminal", console=shown)
    text = " ".join(text_of(shown).split())
    assert "Northgate Wire [en], Damascus Courier [en]" in text and "told by both" in text
    assert "· alleged · distancing" in text and "· confirmed · endorsing" in text
    assert "Told only by Northgate Wire" in text and "−armed gangs" in text
    treated = text.split("Whom both quote, and how")[1]
    assert SPEAKER in treated and treated.index("distancing: 1") < treated.index("endorsing: 1")


def test_lines_fit_the_width(enclave: Warehouse) -> None:
    shown = console(60)
    write_head_to_head(enclave, ("north", "منارة"), "terminal", console=shown)
    assert max(map(cell_len, text_of(shown).splitlines())) <= 60


@pytest.mark.parametrize("format", TEXT_FORMATS)
def test_both_come_in_every_format(enclave: Warehouse, capsys: pytest.CaptureFixture[str], format: str) -> None:
    write_claim(enclave, claim_of(enclave), format)
    claim = capsys.readouterr().out
    write_head_to_head(enclave, ("north", "damascus"), format)
    pair = capsys.readouterr().out
    assert SPEAKER in claim and SPEAKER in pair
    if format == "json":
        assert {row["claim_id"] for row in json.loads(claim)} == {claim_of(enclave)}
    if format == "csv":
        assert {row["outlet"] for row in csv.DictReader(io.StringIO(pair))} == {"Northgate Wire", "Damascus Courier"}
    if format == "markdown":
        assert "## Whom both quote, and how" in pair and "Left out by Hatay Border Post" in claim


def test_what_cannot_be_compared_is_told(enclave: Warehouse) -> None:
    with pytest.raises(UserError, match="are one outlet; name two"):
        write_head_to_head(enclave, ("north", "Northgate Wire"), "terminal")
    with pytest.raises(UserError, match="no story 'nope'"):
        write_head_to_head(enclave, ("north", "damascus"), "terminal", story="nope")


def test_hostile_text_stays_text(hostile: Warehouse, capsys: pytest.CaptureFixture[str]) -> None:
    for format in ("terminal", "markdown"):
        write_head_to_head(hostile, ("0", "1"), format)
        write_claim(hostile, hostile.query("SELECT claim_id FROM claims").rows[0][0], format)
        told = capsys.readouterr().out
        assert "\x1b[31mred" not in told and "\u202e" not in told
    assert "<script" not in told and "&lt;script" in told
