"""Vectors as fixed-size arrays: a table a number of dimensions, one view over them all."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import duckdb
import numpy as np
from numpy.typing import NDArray

from storage.inserts import insert_selected
from storage.parameters import handing_over
from storage.schema import fitted, is_lake, tables

Vectors = NDArray[np.float32]


def write_vectors(connection: duckdb.DuckDBPyConnection, model: str, hashes: Sequence[str], vectors: Vectors) -> None:
    """Store `vectors`, shape (n, dimensions), under the hashes of their texts; those already there stay."""
    dimensions = vectors.shape[1]
    table = vector_table(connection, dimensions)
    length = "" if is_lake(connection) else dimensions
    # DuckDB takes numpy columns many times faster than Python lists of floats.
    connection.register(
        "new_values",
        {"value": np.ascontiguousarray(vectors, dtype=np.float32).reshape(-1), "i": np.arange(vectors.size)},
    )
    select = f"""
        SELECT text_hash, $1 AS model, list::FLOAT[{length}] AS vector
        FROM (SELECT unnest($2) AS text_hash, unnest(range(len($2))) AS row)
        JOIN (SELECT i // {dimensions} AS row, list(value ORDER BY i) AS list FROM new_values GROUP BY ALL) USING (row)
    """
    parameters = [model, list(hashes)]
    with handing_over(parameters):
        insert_selected(connection, table, ["text_hash", "model", "vector"], select, parameters, "OR IGNORE")
    connection.unregister("new_values")


def fetch_with_vectors(
    connection: duckdb.DuckDBPyConnection, sql: str, parameters: Sequence[Any] | dict[str, Any]
) -> tuple[dict[str, list[Any]], Vectors]:
    """Run a query with a column `vector`; the other columns as lists, and the vectors, shape (n, dimensions)."""
    columns = connection.execute(sql, parameters).fetchnumpy()
    stack = list(columns.pop("vector"))
    vectors = np.asarray(stack, dtype=np.float32) if stack else np.zeros((0, 0), dtype=np.float32)
    return {name: values.tolist() for name, values in columns.items()}, vectors


def vector_tables(connection: duckdb.DuckDBPyConnection) -> list[str]:
    return [table for table in tables(connection) if table.startswith("vectors_")]


def vector_table(connection: duckdb.DuckDBPyConnection, dimensions: int) -> str:
    """The table of vectors of so many dimensions, made where there is none yet."""
    table = f"vectors_{dimensions}"
    if table in vector_tables(connection):
        return table
    made = f"""
        CREATE TABLE {table} (
            text_hash VARCHAR NOT NULL, model VARCHAR NOT NULL, vector FLOAT[{dimensions}] NOT NULL,
            PRIMARY KEY (text_hash, model)
        );
        COMMENT ON TABLE {table} IS 'Vectors of {dimensions} dimensions: one row a text and model';
        COMMENT ON COLUMN {table}.text_hash IS 'statements.text_hash';
        COMMENT ON COLUMN {table}.model IS 'Name and revision of the encoder';
        COMMENT ON COLUMN {table}.vector IS 'Unit vector of the original text';
    """
    connection.execute(fitted(made, connection))
    parts = " UNION ALL ".join(
        f"SELECT text_hash, model, vector::FLOAT[] AS vector FROM {name}" for name in vector_tables(connection)
    )
    view = f"""
        CREATE OR REPLACE VIEW vectors AS {parts};
        COMMENT ON VIEW vectors IS 'Vectors of texts, whatever their number of dimensions: one row a text and model';
        COMMENT ON COLUMN vectors.text_hash IS 'statements.text_hash';
        COMMENT ON COLUMN vectors.model IS 'Name and revision of the encoder';
        COMMENT ON COLUMN vectors.vector IS 'Unit vector of the original text';
    """
    connection.execute(fitted(view, connection))
    return table
