"""The warehouse's tables and the report as Prefect assets, each with what it is made of."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import quote

from prefect import Task
from prefect.assets import Asset, AssetProperties, materialize
from prefect.cache_policies import NO_CACHE

from flows.settings import Settings
from flows.sources import source_name
from storage import Warehouse

MADE_OF = {
    "articles": (),
    "statements": ("articles",),
    "translations": ("statements",),
    "stories": ("articles", "statements"),
    "claims": ("stories", "statements", "translations"),
}
"""The tables that a run writes, in the order of the pipeline."""
MOST_SOURCES = 50


def show_lineage(warehouse: Warehouse, settings: Settings) -> None:
    """Tell Prefect that the run wrote these tables, and the report where there is one."""
    place = _key("duckdb", settings.warehouse)
    sources = [_key("source", source_name(source)) for source in settings.sources[:MOST_SOURCES]]
    for table, parts in MADE_OF.items():
        ((rows,),) = warehouse.query(f"SELECT count(*) FROM {table}").rows
        made_of = [f"{place}/{part}" for part in parts] or sources
        _materialize(f"{place}/{table}", table, made_of, rows)
    if settings.report:
        made_of = [f"{place}/{part}" for part in ("claims", "statements", "translations")]
        _materialize(_key("file", str(settings.report)), settings.report.name, made_of)


def _materialize(key: str, name: str, made_of: Sequence[str], rows: int | None = None) -> None:
    asset = Asset(key=key, properties=AssetProperties(name=name))

    @materialize(asset, by="rashomon", asset_deps=[*made_of], name=f"store {name}", cache_policy=NO_CACHE)
    def store() -> None:
        if rows is not None:
            asset.add_metadata({"rows": rows})

    task: Task[[], None] = store
    task()


def _key(scheme: str, place: str) -> str:
    """An address without the characters that keys of assets must not have, `%` among them."""
    return f"{scheme}://{quote(place.replace('://', '/'), safe='/:.-_~').replace('%', '=')}"[:480]
