"""A YAML file of the user's, with the place of everything in it, so that an error can name it.

Stricter than YAML: all keys are text, and none is there twice.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from flows.errors import UserError

Location = Sequence[str | int]
_READ_AS = {"bool": "true or false", "int": "a number", "float": "a number", "timestamp": "a date", "null": "nothing"}


@dataclass(frozen=True, slots=True)
class YamlFile:
    """`data` as Python has it; `node` as it stands in the file, None where that is empty."""

    path: Path
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
                pair = next(((key, value) for key, value in node.value if key.value == part), None)
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
        node = yaml.compose(text, Loader=yaml.SafeLoader)
        data = yaml.safe_load(text)
    except OSError as error:
        raise UserError(f"{path}: cannot be read: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise UserError(f"{path}: is not UTF-8 text (byte {error.start}); save it as UTF-8") from error
    except yaml.YAMLError as error:
        raise UserError(f"{path}: is not YAML: {' '.join(str(error).split())}") from error
    if wrong := [f"{path}, line {line + 1}: {reason}" for line, reason in _wrong_keys(node, [], set())]:
        raise UserError("\n".join(wrong))
    return YamlFile(path, data, node)


def key_path(location: Location) -> str:
    """`sources[0].path`."""
    return "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in location).lstrip(".")


def _wrong_keys(node: yaml.Node | None, location: list[str | int], seen: set[int]) -> Iterator[tuple[int, str]]:
    """Lines, from 0, with what is wrong with a key there. `seen`: nodes that an alias may lead to again."""
    if node is None or id(node) in seen:
        return
    seen.add(id(node))
    if isinstance(node, yaml.SequenceNode):
        for number, value in enumerate(node.value):
            yield from _wrong_keys(value, [*location, number], seen)
    if not isinstance(node, yaml.MappingNode):
        return
    lines: dict[str, int] = {}
    for key, value in node.value:
        here = [*location, str(key.value)]
        if misread := _misread(key):
            yield key.start_mark.line, f"{key_path(here)}: {misread}"
        elif key.value in lines:
            first = lines[key.value] + 1
            yield key.start_mark.line, f"{key_path(here)}: is there already, in line {first}; keep one of them"
        lines[key.value] = key.start_mark.line
        yield from _wrong_keys(value, here, seen)


def _misread(node: yaml.Node) -> str | None:
    kind = _READ_AS.get(node.tag.rpartition(":")[2])
    return f'found {node.value}, which YAML reads as {kind}; put it in quotes: "{node.value}"' if kind else None
