"""Translation units of TMX files (Translation Memory eXchange 1.4b, LISA OSCAR 2005)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lxml import etree

from flows.sources.records import clean_line

_XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
# Inline elements that hold the native codes of formatting, not words; `hi` and elements we do not know hold words.
_CODES = frozenset({"bpt", "ept", "it", "ph", "ut"})


@dataclass(frozen=True, slots=True)
class Unit:
    """The English of a unit and the same in other languages: (ISO 639-1 code, text), regions left off."""

    english: str
    sources: list[tuple[str, str]]


def read_units(path: Path, problems: list[str]) -> Iterator[Unit]:
    """The units that have English and another language, one at a time, so that a file of any size can be read.

    What is wrong with the XML, and units that cannot be used, are added to `problems` with the line. Nothing that the
    file points to (DTD, entities) is read or expanded.
    """
    context = etree.iterparse(
        path,
        events=("end",),
        tag="{*}tu",
        recover=True,
        resolve_entities=False,
        load_dtd=False,
        no_network=True,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    found = False
    try:
        for _, element in context:
            found = True
            try:
                yield _unit(element)
            except ValueError as error:
                problems.append(f"{path}:{element.sourceline}: {error}")
            _forget(element)
    except etree.XMLSyntaxError as error:
        problems.append(f"{path}:{error.lineno or 1}: not well-formed XML, the rest is not read: {error.msg}")
        return
    problems += [
        f"{path}:{entry.line}: not well-formed XML: {' '.join(entry.message.split())}" for entry in context.error_log
    ]
    if not found and not context.error_log:
        problems.append(f"{path}:1: no translation units (tu) in it")


def _unit(element: Any) -> Unit:
    """Raises ValueError saying why it cannot be used."""
    if next(element.iter(etree.Entity), None) is not None:
        raise ValueError("a unit with an entity in it, which is not read")
    english = ""
    sources = []
    for variant in element.iterchildren("{*}tuv"):
        language = _language(variant)
        segment = next(variant.iterchildren("{*}seg"), None)
        text = clean_line(_words(segment)) if segment is not None else ""
        if not text or not language:
            continue
        if language == "en":
            english = english or text
        else:
            sources.append((language, text))
    if not english or not sources:
        raise ValueError("a unit without English, or with nothing else")
    return Unit(english, sources)


def _language(variant: Any) -> str:
    tag = variant.get(_XML_LANG) or variant.get("lang") or ""
    return str(tag).replace("_", "-").split("-")[0].strip().lower()


def _words(element: Any) -> str:
    parts = [element.text or ""]
    for child in element:
        if isinstance(child.tag, str) and etree.QName(child).localname not in _CODES:
            parts.append(_words(child))
        parts.append(child.tail or "")
    return "".join(parts)


def _forget(element: Any) -> None:
    """Free a unit that was read, and those before it."""
    element.clear()
    parent = element.getparent()
    while parent is not None and element.getprevious() is not None:
        del parent[0]
