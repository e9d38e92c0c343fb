"""What the head of a page says in `<meta>`, `<title>` and `<link>`."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from lxml.etree import _Element

from flows.sources.page_lines import text_of
from flows.sources.records import clean_line
from flows.sources.urls import is_front_page, is_web_address

LONGEST = 1_000  # characters of a value
MOST = 500  # elements


@dataclass(frozen=True, slots=True)
class Head:
    """`meta` has values by lower-case name, property or itemprop, in order."""

    title: str = ""
    address: str | None = None
    language: str = ""
    meta: dict[str, list[str]] = field(default_factory=dict)

    def values(self, *names: str) -> Iterator[str]:
        """What is said under these names, in their order."""
        for name in names:
            yield from self.meta.get(name, ())

    def value(self, *names: str) -> str:
        return next(self.values(*names), "")


def read_head(tree: _Element) -> Head:
    meta: dict[str, list[str]] = {}
    for number, element in enumerate(tree.iter("meta")):
        content = element.get("content", "")
        if number < MOST and content.strip() and len(content) <= LONGEST:
            for key in {element.get(kind, "").strip().lower() for kind in ("name", "property", "itemprop")} - {""}:
                meta.setdefault(key, []).append(clean_line(content))
    title = tree.find(".//head/title")
    title = tree.find(".//title") if title is None else title
    said = "" if title is None else clean_line(text_of(title)[:LONGEST])
    locale = next(iter(meta.get("og:locale", ())), "").replace("_", "-")
    return Head(said, _address(tree, meta), (locale or tree.get("lang", "")).lower(), meta)


def _address(tree: _Element, meta: dict[str, list[str]]) -> str | None:
    """The address the page gives itself, unless that is a front page."""
    links = [link.get("href", "") for link in tree.iter("link") if "canonical" in link.get("rel", "").lower().split()]
    for address in (*links[:1], *meta.get("og:url", ())[:1]):
        address = str(address).strip()
        if is_web_address(address) and not is_front_page(address):
            return address
    return None
