"""What a page says of its article in JSON-LD, by schema.org: headline, date, authors, and at times the text itself.

Whatever it holds is a stranger's: of any type, of any size, of other articles. So all is bounded, and nothing is
believed to be what its name says.
"""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from lxml.etree import _Element

from flows.sources.page_lines import comparable

LARGEST = 2_000_000  # characters of all blocks of a page
MOST_NODES = 2_000
DEEPEST = 8
MOST_NAMES = 20
LONGEST_VALUE = 500
ARTICLES = re.compile(r"(?:^|[/:])(?:\w*Article|\w*BlogPosting|Report|Review|NewsReport)$")
PERSON = re.compile(r"(?:^|[/:])Person$")
GROUPS = re.compile(r"Organi[sz]ation|WebSite|Brand|Corporation|Publisher")
MARKUP = re.compile(
    r"</?(?:p|br|div|h\d|li|ul|ol|a|b|i|em|strong|span|blockquote|figure|figcaption|img)\b[^<>]{0,500}>", re.IGNORECASE
)
ENDS_BLOCK = re.compile(r"</(?:p|div|h\d|li|blockquote)\s{0,9}>|<br\b[^<>]{0,99}>", re.IGNORECASE)
SELECTOR = re.compile(r"[.#]([\w-]+)")
WRAPPED = (("<!--", "-->"), ("//<![CDATA[", "//]]>"), ("/*<![CDATA[*/", "/*]]>*/"), ("<![CDATA[", "]]>"))


@dataclass(frozen=True, slots=True)
class Described:
    """Empty, where it says nothing. `closed`: classes and ids of the blocks that are for subscribers only."""

    headline: str = ""
    published: str = ""
    authors: tuple[str, ...] = ()
    publisher: str = ""
    text: str = ""
    closed: tuple[str, ...] = ()


def described(tree: _Element, address: str | None, titles: Sequence[str]) -> Described:
    """What is said of the article that the page is of: it names the page's address, or has one of these titles."""
    nodes = list(_nodes(_documents(tree)))
    node = _of_page([node for node in nodes if _is(ARTICLES, node)], address, titles)
    if node is None:
        return Described()
    named = {key: node for node in nodes if isinstance(key := node.get("@id"), str) and node.get("name")}
    return Described(
        headline=_line(node.get("headline")) or _line(node.get("name")),
        published=_line(node.get("datePublished")),
        authors=tuple(dict.fromkeys(_names(node.get("author") or node.get("creator"), named))),
        publisher=next(_names(node.get("publisher"), named, groups=True), ""),
        text="" if _is_closed(node) else _text(node),
        closed=tuple(_closed_parts(node)),
    )


def _documents(tree: _Element) -> Iterator[Any]:
    left = LARGEST
    for script in tree.iterfind(".//script[@type]"):
        if not script.get("type", "").strip().lower().startswith("application/ld+json"):
            continue
        text = script.text or ""
        left -= len(text)
        if left < 0:
            return
        text = text.strip()
        for start, end in WRAPPED:
            text = text.removeprefix(start).removesuffix(end).strip()
        try:
            yield json.loads(text.rstrip(";"), strict=False)
        except (ValueError, RecursionError):
            continue


def _nodes(documents: Iterator[Any]) -> Iterator[dict[str, Any]]:
    """What the page says itself to be or to hold, not what its articles refer to in turn."""
    waiting = [(document, 0) for document in documents]
    for _ in range(MOST_NODES):
        if not waiting:
            return
        value, depth = waiting.pop(0)
        if depth > DEEPEST:
            continue
        if isinstance(value, list):
            waiting += [(one, depth + 1) for one in value[:MOST_NODES]]
        elif isinstance(value, dict):
            yield value
            waiting += [(value[key], depth + 1) for key in ("@graph", "mainEntity", "mainEntityOfPage") if key in value]


def _of_page(articles: list[dict[str, Any]], address: str | None, titles: Sequence[str]) -> dict[str, Any] | None:
    said = {comparable(title) for title in titles} - {""}

    def fit(node: dict[str, Any]) -> tuple[bool, bool, bool]:
        headline = comparable(_line(node.get("headline")) or _line(node.get("name")))
        return (
            bool(address) and address in _addresses(node),
            bool(headline) and any(title.startswith(headline) or headline in title for title in said),
            bool(node.get("datePublished")),
        )

    best = max(articles, key=fit, default=None)
    if best is None or len(articles) == 1:
        return best
    return best if any(fit(best)[:2]) else None  # of several that are of other pages, as like as not, none is of this


def _addresses(node: dict[str, Any]) -> set[str]:
    page = node.get("mainEntityOfPage")
    given = [node.get("url"), node.get("@id"), page.get("@id") if isinstance(page, dict) else page]
    return {re.sub(r"#.*", "", value) for value in given if isinstance(value, str)}


def _is(kind: re.Pattern[str], node: dict[str, Any]) -> bool:
    types = node.get("@type")
    return any(isinstance(one, str) and kind.search(one) for one in (types if isinstance(types, list) else [types]))


def _names(value: Any, named: dict[str, dict[str, Any]], *, groups: bool = False) -> Iterator[str]:
    for one in (value if isinstance(value, list) else [value])[:MOST_NAMES]:
        if isinstance(one, dict):
            node = one if one.get("name") else named.get(str(one.get("@id")), {})
            if not groups and _is(GROUPS, node) and not _is(PERSON, node):
                continue
            names = node.get("name")
            yield from (
                _line(name) for name in (names if isinstance(names, list) else [names])[:MOST_NAMES] if _line(name)
            )
        elif _line(one):
            yield _line(one)


def _is_closed(node: dict[str, Any]) -> bool:
    """Whether it is for subscribers (as schema.org has it)."""
    return str(node.get("isAccessibleForFree")).strip().lower() == "false"


def _closed_parts(node: dict[str, Any]) -> Iterator[str]:
    parts = node.get("hasPart")
    for part in (parts if isinstance(parts, list) else [parts])[:MOST_NAMES]:
        if isinstance(part, dict) and _is_closed(part):
            yield from SELECTOR.findall(_line(part.get("cssSelector")))


def _text(node: dict[str, Any]) -> str:
    updates = node.get("liveBlogUpdate")
    entries = [one for one in updates[:MOST_NODES] if isinstance(one, dict)] if isinstance(updates, list) else []
    parts = [_plain(node.get("articleBody"))]
    for entry in entries:
        parts += [_line(entry.get("headline")), _plain(entry.get("articleBody"))]
    return "\n\n".join(part for part in parts if part)


def _plain(value: Any) -> str:
    """Text of what may be HTML, escaped once or twice; its blocks parted by blank lines."""
    if isinstance(value, list):
        value = "\n\n".join(part for part in value if isinstance(part, str))
    if not isinstance(value, str):
        return ""
    for _ in range(2):
        value = MARKUP.sub("", ENDS_BLOCK.sub("\n\n", html.unescape(value)))
    return str(value).strip()


def _line(value: Any) -> str:
    if not isinstance(value, str) or len(value) > LONGEST_VALUE:
        return ""
    return " ".join(html.unescape(html.unescape(value)).split())
