"""Keeps coverage and what is made of it, in a DuckDB file or on DuckLake: the only room that knows DuckDB.

>>> from storage import Warehouse
>>> warehouse = Warehouse("rashomon.duckdb")
>>> warehouse.query("SELECT outlet, count(*) FROM articles GROUP BY outlet").rows  # doctest: +SKIP
"""

from storage.database import Result
from storage.errors import NoWarehouse, WarehouseError
from storage.identity import article_id, claim_id, statement_id, story_id, text_hash
from storage.parquet import ParquetError, read_parquet
from storage.warehouse import (
    WHOLE_SOURCE,
    GroupableArticle,
    Reading,
    StoryStatements,
    Text,
    TraceableStatement,
    Translated,
    TranslationKey,
    Warehouse,
    Worded,
)

__all__ = [
    "WHOLE_SOURCE",
    "GroupableArticle",
    "NoWarehouse",
    "ParquetError",
    "Reading",
    "Result",
    "StoryStatements",
    "Text",
    "TraceableStatement",
    "Translated",
    "TranslationKey",
    "Warehouse",
    "WarehouseError",
    "Worded",
    "article_id",
    "claim_id",
    "read_parquet",
    "statement_id",
    "story_id",
    "text_hash",
]
