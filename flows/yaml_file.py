"""A YAML file of the user's, with the place of everything in it, so that an error can name it.

Stricter than YAML: all keys are text, and none is there twice; no text has control characters or halves of surrogate
pairs, which escapes in quotes can make; and aliases do not unfold to more than can be held.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import inf
from pathlib import Path
from typing import Any

import yaml

from flows.errors import UserError

Location = Sequence[str | int]
MOST_NODES = 1_000_000
LONGEST_KEY = 80  # characters, as shown
_UNFIT = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")
_READ_AS = {"bool": "true or false", "int": "a number", "float": "a number", "timestamp": "a date", "null": "nothing"}


@dataclass(frozen=True, slots=True)
class YamlFile:
    """`data` as Python has it; `node` as it stands in the file, None where that is empty."""

    path: Path
    text: str
    data: Any
    node: yaml.Node | None

    def where(self, location: Location) -> str:
        """`run.yaml, line 3: sources[0].path`."""
        return f"{self.path}, line {self._find(location)[0] + 1}: {key_path(location)}"

    def misread(self, location: Location) -> str | None:
        """What to do about a value that is meant as text and that YAML reads as something else; None where it is not.

        The best known is `NO`, which is false.
        """
        node = self._find(location)[1]
        return _misread(node) if isinstance(node, yaml.ScalarNode) and node.value else None

    def _find(self, location: Location) -> tuple[int, yaml.Node | None]:
        """The line, from 0, of the deepest part of a location that the file has; the node where it has it all."""
        node = self.node
        line = node.start_mark.line if node else 0
        for part in location:
            if isinstance(node, yaml.MappingNode):
                # from the end: what `<<` merges in comes first, and what the mapping says itself counts
                pair = next(((key, value) for key, value in reversed(node.value) if key.value == part), None)
                if pair is None:
                    return line, None
                line, node = pair[0].start_mark.line, pair[1]
            elif isinstance(node, yaml.SequenceNode) and isinstance(part, int) and part < len(node.value):
                node = node.value[part]
                line = node.start_mark.line
            else:
                return line, None
        return line, node


def read_yaml(path: Path) -> YamlFile:
    """Read a file. Raises `UserError` naming the file, and the line and the key of what is wrong in it."""
    try:
        text = path.read_text(encoding="utf-8")
        loader = _Loader(text)
        node = loader.get_single_node()
        if _unfolded(node, {}) > MOST_NODES:
            raise UserError(f"{path}: its aliases (*name) unfold to more than {MOST_NODES} values; write them out")
        # before there is data, for which keys are merged
        if wrong := [f"{path}, line {line + 1}: {reason}" for line, reason in _wrong(node, [], set())]:
            raise UserError("\n".join(wrong))
        return YamlFile(path, text, loader.construct_document(node) if node else None, node)
    except OSError as error:
        raise UserError(f"{path}: cannot be read: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise UserError(f"{path}: is not UTF-8 text (byte {error.start}); save it as UTF-8") from error
    except yaml.YAMLError as error:
        raise UserError(f"{path}: is not YAML: {_in_one_line(error)}") from error
    except RecursionError as error:
        raise UserError(f"{path}: is nested too deeply to be read") from error


class _Loader(yaml.SafeLoader):
    """Tells the place of a value that is not what YAML takes it for, such as the date 2024-02-30."""

    def construct_object(self, node: Any, deep: bool = False) -> Any:
        try:
            return super().construct_object(node, deep)
        except (AttributeError, KeyError, OverflowError, TypeError, ValueError) as error:
            told = (
                f"found {node.value!r:.80}, which is no {node.tag.rpartition(':')[2]}; put it in quotes if it is text"
            )
            raise yaml.constructor.ConstructorError(None, None, told, node.start_mark) from error


def key_path(location: Location) -> str:
    """`sources[0].path`."""
    parts = (f"[{part}]" if isinstance(part, int) else f".{_shown_key(part)}" for part in location)
    return "".join(parts).lstrip(".")


def _shown_key(key: str) -> str:
    return key if key.isprintable() and len(key) <= LONGEST_KEY else f"{key!r:.{LONGEST_KEY}}"


def _in_one_line(error: Exception) -> str:
    return " ".join(_UNFIT.sub("\ufffd", str(error)).split())


def _unfolded(node: yaml.Node | None, known: dict[int, float]) -> float:
    """How many values there are where aliases are written out; more than any number where one holds itself."""
    if not isinstance(node, yaml.CollectionNode):
        return 1
    if id(node) not in known:
        known[id(node)] = inf
        parts = [part for pair in node.value for part in pair] if isinstance(node, yaml.MappingNode) else node.value
        known[id(node)] = 1 + sum(_unfolded(part, known) for part in parts)
    return known[id(node)]


def _wrong(node: yaml.Node | None, location: list[str | int], seen: set[int]) -> Iterator[tuple[int, str]]:
    """Lines, from 0, with what is wrong with a key or a text there. `seen`: nodes that an alias may lead to again."""
    if node is None or id(node) in seen:
        return
    seen.add(id(node))
    if isinstance(node, yaml.ScalarNode) and (unfit := _UNFIT.search(node.value)):
        yield (
            node.start_mark.line,
            f"{key_path(location) or 'the file'}: has the character {unfit[0]!r}, fit for no text",
        )
    if isinstance(node, yaml.SequenceNode):
        for number, value in enumerate(node.value):
            yield from _wrong(value, [*location, number], seen)
    if not isinstance(node, yaml.MappingNode):
        return
    lines: dict[str, int] = {}
    for key, value in node.value:
        if not isinstance(key, yaml.ScalarNode):
            yield key.start_mark.line, f"{key_path(location) or 'the file'}: has a key that is no text"
            continue
        here = [*location, key.value]
        if misread := _misread(key):
            yield key.start_mark.line, f"{key_path(here)}: {misread}"
        elif not key.value.isprintable():
            yield key.start_mark.line, f"{key_path(here)}: a key with a character that cannot be shown"
        elif key.value in lines:
            first = lines[key.value] + 1
            yield key.start_mark.line, f"{key_path(here)}: is there already, in line {first}; keep one of them"
        lines[key.value] = key.start_mark.line
        yield from _wrong(value, here, seen)


def _misread(node: yaml.Node) -> str | None:
    kind = _READ_AS.get(node.tag.rpartition(":")[2])
    value = _shown_key(node.value)
    return f'found {value}, which YAML reads as {kind}; put it in quotes: "{value}"' if kind else None
