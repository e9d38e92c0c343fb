"""Who wrote an article: names only, as the page says them; none of outlets, posts or places."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from lxml.etree import _Element

from flows.sources.page_head import Head
from flows.sources.page_lines import BLOCKS, Line, about_headline, comparable
from flows.sources.records import clean_line

MOST = 12
LONGEST_NAME = 60
MOST_WORDS = 5
META = (
    "author",
    "article:author",
    "og:article:author",
    "parsely-author",
    "sailthru.author",
    "byl",
    "byline",
    "dc.creator",
    "dcterms.creator",
    "citation_author",
    "mediator_author",
    "cxenseparse:author",
)
WRITERS = re.compile(
    "written by|author|by|автор|автор статьи|текст|كتب بواسطة|كُتب بواسطة|الكاتب|بقلم|كتبه", re.IGNORECASE
)
LABELS = (
    r"(?:words |written |reported |story |report )?by|authors?|"
    r"авторы?(?: статьи| текста| материала)?|текст|записала?|беседовала?|подготовила?|онлайн вели|онлайн ведут|онлайн в[её]л[аи]?|"
    r"بقلم|كتب(?:ه|ته|ت)?|كتب بواسطة|الكاتبة?|تحقيق|تقرير|إعداد|اعداد|حوار|أجرى الحوار|حاوره|حاورته|حاورها"
)
LABELLED = re.compile(
    rf"(?:^|[|·•/\u2013\u2014.,]\s*|\s-\s|\s{{2,}})(?:{LABELS})(?:\s*[:：]\s*|\s+)(?P<names>\S.*)", re.IGNORECASE
)
NEEDS_COLON = re.compile(
    r"^(?:текст|записала?|беседовала?|подготовила?|كتب(?:ه|ته|ت)?|تحقيق|تقرير|إعداد|اعداد|حوار|authors?)\s+[^:\s]", re.I
)
SIGNED = re.compile(r"^[(\[]?(?:reporting|writing|reported|written)(?: and \w+)? by\s+(?P<names>[^;)\]]+)", re.IGNORECASE)
LEADS = re.compile(rf"^(?:{LABELS})(?:\s*[:：]\s*|\s+)", re.IGNORECASE)
NAMES_END = re.compile(
    r"\s*(?:[|·•;()\[\]<>]|\s[-\u2013\u2014]\s|\d|\s(?:in|at|for|from)\s|\bupdated\b|\bpublished\b|\.\s|\.$|\n)|"
    r"[,،]\s*(?=для\b|специально\b)",
)
PARTS = re.compile(r"\s*(?:[,،;/&|\n]|\s(?:and|with|и|و)\s)\s*", re.IGNORECASE)
NO_NAMES = frozenset(
    "admin administrator editor editors editorial newsroom staff desk team reporter reporters correspondent "
    "correspondents writer contributor contributors columnist agency agencies news press media desk guest photographer "
    "redaction редакция редактор редакции корреспондент корреспонденты обозреватель журналист агентство служба новости "
    "новостей пресс-служба собкор спецкор колумнист отдел "
    "المحرر المحررون التحرير تحرير محرر محررة مراسل مراسلة مراسلنا مراسلو مراسلون وكالة وكالات الوكالة هيئة "
    "صحيفة موقع شبكة كاتب كاتبة صحافي صحافية صحفي صحفية خاص متابعات أخبار غرفة قسم".split()
)
PARTICLES = frozenset("van von de der den di da del della du la le el al bin ibn ben bint al- d' dos das af och y оглы кызы".split())
CLASSES = re.compile(r"\b(?:author|byline|writer|writers|reporter|by-line|contributor|avtor|katib|kateb|auteur)\b", re.IGNORECASE)
NOT_OF_PAGE = re.compile(r"related|comment|sidebar|latest|more|recommend|popular|teaser|bio\b|about", re.IGNORECASE)
MOST_ELEMENTS = 100


def authors(
    tree: _Element, head: Head, described: Sequence[str], publisher: str, title: str, lines: Sequence[Line]
) -> tuple[str, ...]:
    """The writers' names, in order; from the first of these places that has any.

    described, publisher: what JSON-LD says; title: the headline, beside which the lines of the page name the writers.
    """
    outlets = {comparable(name) for name in (publisher, head.value("og:site_name"), head.value("application-name")) if name}
    outlets |= {comparable(part) for part in re.split(r"\s+[|\u2013\u2014·»:ـ-]+\s+|\s*\|\s*", head.title)}
    for told in (described, list(_said(head)), list(_marked(tree, title, lines)), list(_written(title, lines))):
        if names := list(_names(told, outlets)):
            return tuple(names[:MOST])
    return ()


def _names(told: Iterable[str], outlets: set[str]) -> Iterator[str]:
    seen: set[str] = set()
    for text in told:
        text = LEADS.sub("", clean_line(text))
        ended = NAMES_END.search(text, 1) if text else None
        for part in PARTS.split(text[: ended.start()] if ended else text):
            name = part.strip(" .,:;-\u2013\u2014\"'«»*")
            key = comparable(name)
            if is_name(name) and key not in seen and key not in outlets:
                seen.add(key)
                yield name


def is_name(text: str) -> bool:
    """Whether it may be the name of a person: a few words, in capitals where the script has them, none of a post."""
    words = text.split()
    if not 1 <= len(words) <= MOST_WORDS or len(text) > LONGEST_NAME or len(text) < 2:
        return False
    if any(character.isdigit() or character in "@#_/\\=<>{}?!%…" for character in text):
        return False
    if any(word.casefold() in NO_NAMES for word in words):
        return False
    return all(is_part_of_name(word) for word in words)


def is_part_of_name(word: str) -> bool:
    first = next((character for character in word if character.isalpha()), "")
    if not first:
        return False
    return not first.islower() or word.casefold() in PARTICLES or word.casefold().startswith(("al-", "el-", "d'", "d’", "ad-", "as-"))


def _said(head: Head) -> Iterator[str]:
    yield from (value for value in head.values(*META) if "://" not in value and not value.startswith(("@", "/")))
    for number in "12":
        if WRITERS.fullmatch(head.value(f"twitter:label{number}").strip(" :")):
            yield head.value(f"twitter:data{number}")


def _marked(tree: _Element, title: str, lines: Sequence[Line]) -> Iterator[str]:
    """What is marked as an author by microdata, by `rel`, or by a class beside the headline."""
    marked = [e for e in tree.xpath("//*[@itemprop='author' or @rel='author']")[:MOST_ELEMENTS] if not _is_of_others(e)]
    for element in marked:
        inner = element.find(".//*[@itemprop='name']")
        yield element.get("content") or _shown(element if inner is None else inner)
    if marked:
        return
    below, above = about_headline(lines, title)
    for line in (*below, *above):
        found = [element for element in line.element.iter() if _is_of_author(element)]
        found += [line.element] if _is_of_author(line.element) and not found else []
        for element in found or _outer(line.element):
            link = element.find(".//a")
            yield _shown(element if link is None else link)
        if found:
            return


def _outer(element: _Element) -> list[_Element]:
    """The block about a line that is of an author, where it is that line's alone or little more."""
    parent = element.getparent()
    return [parent] if parent is not None and _is_of_author(parent) and len("".join(parent.itertext())) < 200 else []


def _is_of_author(element: _Element) -> bool:
    return isinstance(element.tag, str) and bool(CLASSES.search(re.sub(r"[_-]+", " ", element.get("class", ""))))


def _is_of_others(element: _Element) -> bool:
    return any(
        above.tag in ("aside", "nav") or NOT_OF_PAGE.search(f"{above.get('class', '')} {above.get('id', '')}")
        for above in element.iterancestors()
        if above.tag not in ("body", "html", "article", "main")
    )


def _written(title: str, lines: Sequence[Line]) -> Iterator[str]:
    """What a line beside the headline says after "By", or the agency's at the end: "(Reporting by ...)"."""
    below, above = about_headline(lines, title)
    found = False
    for line in (*below, *above):
        match = LABELLED.search(line.text)
        if match and not NEEDS_COLON.match(line.text[match.start() :].lstrip(" |·•/-,.")):
            found = True
            yield match["names"]
    if not found:
        yield from (match["names"] for line in lines if (match := SIGNED.match(line.text)))


def _shown(element: _Element) -> str:
    """Its text, with its blocks parted by commas."""
    pieces: list[str] = []
    for inner in element.iter():
        if isinstance(inner.tag, str):
            pieces += [", " if inner.tag in BLOCKS or inner.tag == "a" else "", inner.text or ""]
        if inner is not element:
            pieces.append(inner.tail or "")
    return "".join(pieces)[: 4 * LONGEST_NAME].strip(" ,")
