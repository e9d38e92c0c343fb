"""Who wrote an article: names only, as the page says them; none of outlets, posts or places."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice

from lxml.etree import _Element

from flows.sources.page_head import Head
from flows.sources.page_lines import (
    BLOCKS,
    PARAGRAPH,
    Headline,
    Line,
    comparable,
    is_of_others,
    marked,
    text_of,
    words_of,
)
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
    r"авторы?(?: статьи| текста| материала)?|текст|записала?|беседовала?|подготовила?|"
    r"онлайн в(?:ели|едут|[её]л[аи]?)|"
    r"بقلم|كتب(?:ه|ته|ت)?|كتب بواسطة|الكاتبة?|تحقيق|تقرير|إعداد|اعداد|حوار|أجرى الحوار|حاوره|حاورته|حاورها"
)
LABELLED = re.compile(
    rf"(?:^|[|·•/\u2013\u2014.,]\s*|\s-\s|\s{{2,}})(?:{LABELS})(?:\s*[:：]\s*|\s+)(?P<names>\S.*)", re.IGNORECASE
)
NEEDS_COLON = re.compile(
    r"^(?:текст|записала?|беседовала?|подготовила?|كتب(?:ه|ته|ت)?|تحقيق|تقرير|إعداد|اعداد|حوار|authors?)\s+[^:\s]", re.I
)
SIGNED = re.compile(
    r"^[(\[]?(?:(?:reporting|writing|reported|written|interview(?:ed)?)(?: and \w+)? by|interview\s*:|"
    r"(?:записал|беседовал|подготовил|"
    r"интервью взял)[аи]?\s*:?|(?:أجر[تى] الحوار|حاور(?:ه|ها|ته|تها)|أعد(?:ه|ت)?|تحرير)\s*:)\s+(?P<names>[^;)\]]+)",
    re.IGNORECASE,
)
LEADS = re.compile(rf"^(?:{LABELS})(?:\s*[:：]\s*|\s+)", re.IGNORECASE)
NAMES_END = re.compile(
    r"\s*(?:[|·•;()\[\]<>]|\s[-\u2013\u2014]\s|\d|\s(?:in|at|for|from)\s|\bupdated\b|\bpublished\b|\.\s|\.$|\n)|"
    r"[,،]\s*(?=для\b|специально\b)",
)
PARTS = re.compile(r"\s*(?:[,،;/&|\n]|\s(?:and|with|и|و)\s)\s*", re.IGNORECASE)
# The Arabic "and" is written with the word after it, where some names begin with its letter.
AND = re.compile(
    r"(?<=\w\w )(?<=[\u0621-\u064a] )و"
    r"(?!(?:ليد|ائل|سام|سيم|فاء|ديع|جدي|حيد|ردة?|عد|لاء|داد|جيه|هيب|ئام|ضاح|صفي|نيس|لد|اصف)\b)"
    r"(?=[\u0621-\u064a]{2,} [\u0621-\u064a]{2,})"
)
NO_NAMES = words_of(
    "admin administrator editor editors editorial newsroom staff desk team reporter reporters correspondent "
    "correspondents writer contributor contributors columnist agency agencies news press media desk guest photographer "
    "redaction редакция редактор редакции корреспондент корреспонденты обозреватель журналист агентство служба новости "
    "новостей пресс-служба собкор спецкор колумнист отдел "
    "المحرر المحررون التحرير تحرير محرر محررة مراسل مراسلة مراسلنا مراسلو مراسلون وكالة وكالات الوكالة هيئة "
    "صحيفة موقع شبكة كاتب كاتبة صحافي صحافية صحفي صحفية خاص متابعات أخبار غرفة قسم"
)
PARTICLES = words_of(
    "van von de der den di da del della du la le el al bin ibn ben bint al- d' dos das af och y оглы кызы "
    "де ла дель фон ван"
)
CLASSES = re.compile(
    r"\b(?:author|authors|byline|columnist|bylines|writer|writers|reporter|by-line|contributor|avtor|katib|kateb|auteur)\b",
    re.IGNORECASE,
)
CAMEL = re.compile(r"[_-]+|(?<=[a-z])(?=[A-Z])")
MOST_ELEMENTS = 100


def authors(
    tree: _Element, head: Head, described: Sequence[str], publisher: str, headline: Headline, lines: Sequence[Line]
) -> tuple[str, ...]:
    """The writers' names, in order; from the first of these places that has any.

    described, publisher: what JSON-LD says; lines: of the page, whose last ones may name the writers too.
    """
    outlets = {
        comparable(name) for name in (publisher, head.value("og:site_name"), head.value("application-name")) if name
    }
    outlets |= {comparable(part) for part in re.split(r"\s+[|\u2013\u2014·»:ـ-]+\s+|\s*\|\s*", head.title)}
    places = (described, _said(head), _marked(tree, headline), _called(headline), _written(headline), _signed(lines))
    return next(filter(None, (tuple(islice(_names(told, outlets), MOST)) for told in places)), ())


def _names(told: Iterable[str], outlets: set[str]) -> Iterator[str]:
    seen: set[str] = set()
    for text in told:
        text = LEADS.sub("", clean_line(text))
        ended = NAMES_END.search(text, 1) if text else None
        for part in PARTS.split(AND.sub("،", text[: ended.start()] if ended else text)):
            name = re.sub(r"^(?:and|и|و)\s+", "", part).strip(" .,:;-\u2013\u2014\"'«»*")
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
    if any(word.casefold() in NO_NAMES for word in words) or (len(words) == 1 and len(text) < 8 and text.isupper()):
        return False  # "REUTERS"
    return all(is_part_of_name(word) for word in words)


def is_part_of_name(word: str) -> bool:
    first = next((character for character in word if character.isalpha()), "")
    if not first:
        return False
    return (
        not first.islower()
        or word.casefold() in PARTICLES
        or word.casefold().startswith(("al-", "el-", "d'", "d’", "ad-", "as-"))
    )


def _said(head: Head) -> Iterator[str]:
    yield from (value for value in head.values(*META) if "://" not in value and not value.startswith(("@", "/")))
    for number in "12":
        if WRITERS.fullmatch(head.value(f"twitter:label{number}").strip(" :")):
            yield head.value(f"twitter:data{number}")


def _marked(tree: _Element, headline: Headline) -> Iterator[str]:
    """What is marked as an author by microdata, or by `rel`."""
    path = "//*[@itemprop='author' or contains(concat(' ', @rel, ' '), ' author ')]"
    for element in marked(tree, path, MOST_ELEMENTS):
        if not is_of_others(element, headline):
            inner = element.find(".//*[@itemprop='name']")
            yield element.get("content") or _shown(element if inner is None else inner)


def _called(headline: Headline) -> Iterator[str]:
    """What is called an author by its class, beside the headline."""
    for line in (*headline.below, *headline.above):
        found = [element for element in line.element.iter() if _is_of_author(element)] or _outer(line.element)
        for element in found:
            link = element.find(".//a")
            yield _shown(element if link is None else link)
        if found:
            return


def _outer(element: _Element) -> list[_Element]:
    """The block about a line that is of an author, where it is that line's alone or little more."""
    parent = element.getparent()
    return [parent] if parent is not None and _is_of_author(parent) and len(text_of(parent)) < 200 else []


def _is_of_author(element: _Element) -> bool:
    return isinstance(element.tag, str) and bool(CLASSES.search(CAMEL.sub(" ", element.get("class", ""))))


def _written(headline: Headline) -> Iterator[str]:
    """What a line beside the headline says after "By"."""
    for line in (*headline.below, *headline.above):
        match = LABELLED.search(line.text)
        if match and not NEEDS_COLON.match(line.text[match.start() :].lstrip(" |·•/-,.")):
            yield match["names"]


def _signed(lines: Sequence[Line]) -> Iterator[str]:
    """What a line below the text says: "(Reporting by ...)"."""
    yield from (match["names"] for line in lines if len(line.text) <= PARAGRAPH and (match := SIGNED.match(line.text)))


def _shown(element: _Element) -> str:
    """Its text, with its blocks parted by commas."""
    pieces: list[str] = []
    for inner in element.iter():
        if isinstance(inner.tag, str):
            pieces += [", " if inner.tag in BLOCKS or inner.tag == "a" else "", inner.text or ""]
        if inner is not element:
            pieces.append(inner.tail or "")
    return "".join(pieces)[: 4 * LONGEST_NAME].strip(" ,")
