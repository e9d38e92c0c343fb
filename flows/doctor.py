"""`rashomon doctor`: what is installed, what works offline, where files lie."""

from __future__ import annotations

import os
import platform
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib import resources
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from align.cores import cores
from align.encoders import EmbeddedEncoder
from flows import hub
from flows.settings import FOREIGN, MODEL_ENGINES, TranslateSettings, warehouse_place
from flows.translators import kind_of
from flows.translators.models import Unusable, split_name
from storage import Warehouse, WarehouseError

PACKAGES = (
    "rashomon",
    "prefect",
    "duckdb",
    "transformers",
    "sentence-transformers",
    "sentencepiece",
    "torch",
    "trafilatura",
)


@dataclass(frozen=True, slots=True)
class Check:
    name: str
    ok: bool
    finding: str


def examine(warehouse: str) -> Iterator[Check]:
    """Look at everything a run needs, a check at a time; nothing is fetched or written.

    Raises `UserError` where the warehouse's address must not be shown.
    """
    warehouse_place(warehouse, Path.cwd())
    yield Check("python", sys.version_info >= (3, 11), f"{platform.python_version()} at {sys.executable}")
    for package in PACKAGES:
        yield _package(package)
    yield Check("cores", True, str(cores()))
    yield _attempt("encoder embedded", _embedded)
    for engine in MODEL_ENGINES:
        for language in FOREIGN:
            yield _model(engine, language, TranslateSettings().models_of(engine)[language])
    yield Check("translator memory", True, "usable offline; name your files in translate.memory")
    yield _attempt(f"warehouse {warehouse}", lambda: _warehouse(warehouse))
    yield Check("shipped configs", True, str(resources.files("configs")))
    yield Check("models from the hub", True, _hub_cache())
    yield Check(
        "prefect", True, os.environ.get("PREFECT_API_URL") or "no PREFECT_API_URL: a run starts an API of its own"
    )


def _package(name: str) -> Check:
    try:
        return Check(name, True, version(name))
    except PackageNotFoundError:
        return Check(name, False, f"not installed; install it with `pip install {name}`")


def _attempt(name: str, find: Callable[[], str]) -> Check:
    try:
        return Check(name, True, find())
    except (WarehouseError, ValueError) as error:
        return Check(name, False, str(error))


def _embedded() -> str:
    encoder = EmbeddedEncoder()
    return f"{encoder.name} {encoder.revision}, {encoder.encode(['ready']).shape[1]} dimensions; usable offline"


def _model(engine: str, language: str, model: str) -> Check:
    try:
        found = kind_of(engine).find_local(model, language)
    except Unusable as error:
        return Check(f"translator {engine} {language}", False, f"{model} {error}")
    if found:
        finding = "usable offline"
    elif hub.cached_folder(split_name(model)[0]):
        finding = "only partly here; the first run does the rest"
    else:
        finding = "not here; the first run fetches it, or `rashomon models pull`"
    return Check(f"translator {engine} {language}", found is not None, f"{model}: {finding}")


def _warehouse(place: str) -> str:
    articles, stories, claims = (
        Warehouse(place, wait=1)
        .query("SELECT (SELECT count(*) FROM articles), (SELECT count(*) FROM stories), (SELECT count(*) FROM claims)")
        .rows[0]
    )
    return f"{warehouse_place(place, Path.cwd())}: {articles} articles, {stories} stories, {claims} claims"


def _hub_cache() -> str:
    from huggingface_hub import constants

    return f"{constants.HF_HUB_CACHE}{' (HF_HUB_OFFLINE is set)' if constants.HF_HUB_OFFLINE else ''}"
