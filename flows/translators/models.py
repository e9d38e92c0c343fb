"""Where translation models lie: in folders of the user's, or in the hub's local cache, filled where need be."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from flows import hub
from flows.revisions import files_revision

CARD = "README.md"
"""The model's card, whose head names the licence."""


class Unusable(Exception):
    """Why a model cannot be used: the second half of a sentence that begins with its name."""


class Incomplete(Unusable):
    """A folder of the user's lacks a file of the model."""


@dataclass(frozen=True, slots=True)
class ModelFiles:
    """A model on this machine; revision: its commit or, for a folder of the user's, the hash of its files."""

    name: str
    folder: Path
    revision: str
    licence: str | None


@dataclass(frozen=True, slots=True)
class Layout:
    """Which files make a model: all of `required`, the first there is of `weights`, and what there is of `optional`."""

    required: Sequence[str]
    weights: Sequence[str]
    optional: Sequence[str] = ()

    def lacking(self, folder: Path) -> list[str]:
        """What a folder lacks to hold such a model; nothing where it is whole."""
        lacking = [name for name in self.required if not (folder / name).is_file()]
        if not any((folder / name).is_file() for name in self.weights):
            lacking.append(" or ".join(self.weights))
        return lacking

    def wanted(self, there: set[str]) -> list[str]:
        """The files of the model among those that are there, in a fixed order."""
        weights = [name for name in self.weights if name in there][:1]
        return sorted(there & {*self.required, *self.optional, *weights})


def split_name(name: str) -> tuple[str, str | None]:
    """A model's name and the revision that it is pinned to: `owner/model@revision`; a folder has none."""
    if Path(name).is_dir():
        return name, None
    bare, _, revision = name.partition("@")
    return bare, revision or None


def find_local(name: str, layout: Layout) -> ModelFiles | None:
    """The model, where all of it lies on this machine.

    Raises Incomplete naming what a folder of the user's lacks.
    """
    bare, revision = split_name(name)
    folder = Path(bare)
    if folder.is_dir():
        if lacking := layout.lacking(folder):
            raise Incomplete(f"lacks {', '.join(lacking)}; save it there with its tokenizer")
        files = layout.wanted({path.name for path in folder.iterdir()})
        return ModelFiles(bare, folder, files_revision(folder / file for file in files), licence_of(folder))
    cached = hub.cached_folder(bare, revision)
    if cached is None or layout.lacking(cached):
        return None
    return ModelFiles(bare, cached, cached.name, licence_of(cached))


def find(name: str, layout: Layout) -> ModelFiles:
    """The model, fetched from the hub where it does not lie on this machine. Raises Unusable."""
    if found := find_local(name, layout):
        return found
    bare, revision = split_name(name)
    try:
        there = hub.list_files(bare, revision)
        folder = hub.download(bare, [*layout.wanted(there), CARD], revision)
    except hub.HubUnavailable as error:
        remedy = "fetch it once with network (`rashomon models pull`), or name a folder in translate.models"
        raise Unusable(f"{error}; {remedy}") from error
    if lacking := layout.lacking(folder):
        raise Unusable(f"is of another kind: it lacks {', '.join(lacking)}")
    return ModelFiles(bare, folder, folder.name, licence_of(folder))


def licence_of(folder: Path) -> str | None:
    """What the model's card says of it."""
    from huggingface_hub import metadata_load

    try:
        said = (metadata_load(folder / CARD) or {}).get("license")
    except (OSError, ValueError):
        return None
    return said if isinstance(said, str) else None
