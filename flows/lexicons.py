"""The shipped lexicons, and a user's own beside them."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from typing import Any

import yaml

from align.attribution import ReportingLexicon
from align.concepts import Concepts
from align.framing.frames import Frame, read_frames
from align.framing.naming import NameLexicon
from align.pairs import Knowledge
from align.wording import Encode
from flows.errors import UserError
from flows.settings import LANGUAGES
from flows.yaml_file import read_yaml
from storage import text_hash


@dataclass(frozen=True, slots=True)
class Reporting:
    """Reporting expressions by language; `fingerprint` changes with them."""

    lexicons: dict[str, ReportingLexicon]
    fingerprint: str


@dataclass(frozen=True, slots=True)
class Names:
    """Names of contested referents; `fingerprint` changes with them."""

    lexicon: NameLexicon
    fingerprint: str


@dataclass(frozen=True, slots=True)
class Frames:
    """Generic frames; `fingerprint` changes with them."""

    frames: list[Frame]
    fingerprint: str


def load_knowledge(encode: Encode) -> Knowledge:
    """What the shipped lexicons know of words, with an encoder's vectors of them."""
    text = (resources.files("configs") / "lexicons" / "concepts.yaml").read_text("utf-8")
    reporting = load_reporting()
    # Some thousand lines, which the parser in Python takes a second for.
    concepts = Concepts.from_mapping(yaml.load(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader)))
    return Knowledge(encode, concepts, reporting.lexicons, text_hash(text, reporting.fingerprint))


def load_reporting() -> Reporting:
    """The shipped reporting expressions of every language."""
    folder = resources.files("configs") / "lexicons"
    texts = {language: (folder / f"{language}.yaml").read_text("utf-8") for language in LANGUAGES}
    lexicons = {
        language: ReportingLexicon.from_mapping(language, yaml.safe_load(text)) for language, text in texts.items()
    }
    return Reporting(lexicons, text_hash(*texts.values()))


def load_names(paths: Sequence[Path]) -> Names:
    """The shipped names, with those of a user's files added: a referent named again there replaces the shipped one.

    Raises `UserError` naming the file and the key that is wrong.
    """
    texts, mappings = _load_files("names", paths, NameLexicon.from_mapping)
    return Names(NameLexicon.from_mapping(*mappings), text_hash(*texts))


def load_frames(paths: Sequence[Path]) -> Frames:
    """The shipped frames, with those of a user's files added: a frame named again there replaces the shipped one.

    Raises `UserError` naming the file and the key that is wrong.
    """
    texts, mappings = _load_files("frames", paths, read_frames)
    return Frames(read_frames(*mappings), text_hash(*texts))


def background_texts() -> list[str]:
    """Sentences from all kinds of news in three languages: what statements and articles are measured against."""
    lines = (resources.files("configs") / "background.jsonl").read_text(encoding="utf-8").splitlines()
    return [text for line in lines for text in json.loads(line).values()]


def _load_files(kind: str, paths: Sequence[Path], check: Callable[[Any], object]) -> tuple[list[str], list[Any]]:
    """The texts and the content of the shipped lexicon of that kind and of a user's, each checked by itself."""
    shipped = (resources.files("configs") / "lexicons" / f"{kind}.yaml").read_text("utf-8")
    texts, mappings = [shipped], [yaml.safe_load(shipped)]
    for path in paths:
        text, mapping = _load_file(kind, path, check)
        texts.append(text)
        mappings.append(mapping)
    return texts, mappings


def _load_file(kind: str, path: Path, check: Callable[[Any], object]) -> tuple[str, Any]:
    file = read_yaml(path)
    try:
        check(file.data)
    except (ValueError, TypeError, AttributeError) as error:
        told = f"{path}: {' '.join(str(error).split())}; see configs/lexicons/{kind}.yaml for the form"
        raise UserError(told) from error
    return file.text, file.data
