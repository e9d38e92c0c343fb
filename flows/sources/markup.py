"""Markup that parsers would take minutes over: told by its tags, before anything is parsed."""

from __future__ import annotations

import re

from flows.sources.records import Unfit

MOST_TAGS = 25_000  # what takes the square of their number still ends in seconds
MOST_ATTRIBUTES = 100  # of one tag; parsers compare each with all that came before

# As HTML5 has them: a name begins with anything, and a quotation mark opens a value only behind "=". All is possessive,
# so that no character is read twice.
ATTRIBUTE = r"""[\s/]*+[^\s/>][^\s/>=]*+(?:\s*+=\s*+(?:"[^"]*+"|'[^']*+'|[^\s>"'][^\s>]*+)?+)?+"""
TAG = rf"<(?P<name>[a-z_][^\s/>]*+)(?:{ATTRIBUTE}){{0,{MOST_ATTRIBUTES}}}+(?P<more>{ATTRIBUTE})?"
XML_TAG = re.compile(TAG, re.IGNORECASE)
HTML_TAG = re.compile(rf"<!--(?:-?>|.*?(?:--!?>|\Z))|{TAG}", re.DOTALL | re.IGNORECASE)
PLAIN = ("script", "style", "title", "textarea", "iframe", "noembed", "noframes", "xmp")
PLAIN_END = {name: re.compile(f"</{name}", re.IGNORECASE) for name in PLAIN}  # up to there it is text


def check_html(text: str) -> None:
    """Raise Unfit where a page has more tags, or a tag more attributes, than any article has."""
    tags = at = 0
    while found := HTML_TAG.search(text, at):
        at = found.end()
        if found["name"]:
            tags += 1
            _check(tags, found)
            if end := PLAIN_END.get(found["name"].lower()):
                closed = end.search(text, at)
                at = closed.end() if closed else len(text)


def check_xml(text: str) -> None:
    """The same for a feed, counting what looks like a tag also in comments and CDATA; ends of tags count too."""
    if text.count("<") > 3 * MOST_TAGS:
        raise Unfit(f"more than {MOST_TAGS} tags")
    for tags, found in enumerate(XML_TAG.finditer(text), start=1):
        _check(tags, found)


def _check(tags: int, tag: re.Match[str]) -> None:
    if tag["more"]:
        raise Unfit(f"a tag with more than {MOST_ATTRIBUTES} attributes")
    if tags > MOST_TAGS:
        raise Unfit(f"more than {MOST_TAGS} tags")
