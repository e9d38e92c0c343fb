from __future__ import annotations

from datetime import datetime

import duckdb
import pytest

from storage.parquet import ParquetError, column_names, read_parquet


@pytest.fixture
def file(tmp_path):
    # a name that a pattern of file names would not match literally
    path = tmp_path / "a[1]*.parquet"
    plain = tmp_path / "plain.parquet"
    duckdb.sql("""
        select i as n, 'text ' || i as "odd ""name", timestamptz '2023-06-15 16:00:00+04' as zoned
        from range(2500) t(i)""").write_parquet(str(plain))
    plain.rename(path)
    return path


def test_the_columns_asked_for_in_the_order_of_the_rows(file):
    rows = list(read_parquet(file, ['odd "name', "n"]))
    assert rows[0] == {'odd "name': "text 0", "n": 0}
    assert [row["n"] for row in rows] == list(range(2500))


def test_moments_are_in_utc(file):
    assert next(read_parquet(file, ["zoned"])) == {"zoned": datetime(2023, 6, 15, 12)}


def test_the_names_of_the_columns(file):
    assert column_names(file) == ["n", 'odd "name', "zoned"]


def test_a_missing_column_is_named_beside_those_that_exist(file):
    with pytest.raises(ParquetError, match="""no column 'body'; the file has 'n', 'odd "name', 'zoned'"""):
        next(read_parquet(file, ["n", "body"]))


def test_what_is_not_parquet(tmp_path):
    (tmp_path / "x.parquet").write_text("n\n1\n")
    for read in (column_names, lambda path: next(read_parquet(path, ["n"]))):
        with pytest.raises(ParquetError, match="cannot be read as Parquet"):
            read(tmp_path / "x.parquet")
