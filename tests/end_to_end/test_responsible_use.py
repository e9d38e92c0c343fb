"""docs/responsible-use.md: what it says erases a name does, and the name does not come back."""

from __future__ import annotations

from pathlib import Path

import duckdb
from commands import Command

ROOT = Path(__file__).parents[2]
NAME = "Brandstrup"


def holding(warehouse: Path) -> set[str]:
    """The tables with the name in any column."""
    with duckdb.connect(str(warehouse), read_only=True) as connection:
        tables = [row[0] for row in connection.execute("SELECT table_name FROM duckdb_tables()").fetchall()]
        asked = {table: f"SELECT count(*) FROM \"{table}\" t WHERE t::VARCHAR ILIKE '%{NAME}%'" for table in tables}
        return {table for table, sql in asked.items() if connection.execute(sql).fetchall()[0][0]}


def test_a_name_is_erased_and_does_not_come_back(covered: Command) -> None:
    sample = (ROOT / "configs" / "sample.yaml").read_text("utf-8").replace("gold/", f"{ROOT}/configs/gold/")
    (covered.folder / "coverage.yaml").write_text(f"{sample}warehouse: coverage.duckdb\n", "utf-8")
    place = covered.folder / "coverage.duckdb"
    assert holding(place) >= {"articles", "statements", "translations", "speakers"}

    page = (ROOT / "docs" / "responsible-use.md").read_text("utf-8")
    script = page.split("```sql\n")[1].split("```")[0]
    with duckdb.connect(str(place)) as connection:
        connection.execute(script)
    assert holding(place) == set()

    covered("run", "coverage.yaml")
    assert holding(place) == set()
    with duckdb.connect(str(place), read_only=True) as connection:
        ((articles, claims, broken),) = connection.execute(
            """
            SELECT (SELECT count(*) FROM articles), (SELECT count(*) FROM claims),
                (SELECT count(*) FROM claim_statements ANTI JOIN statements USING (statement_id))
                + (SELECT count(*) FROM claims ANTI JOIN claim_statements USING (claim_id))
                + (SELECT count(*) FROM pairs ANTI JOIN statements USING (statement_id))
            """
        ).fetchall()
    assert (articles, broken) == (9, 0) and claims > 0
    covered("report", "--warehouse", "coverage.duckdb", "--format", "html", "--out", "report.html")
    assert NAME not in (covered.folder / "report.html").read_text("utf-8")
