"""What stands on a page beside its article: taken out of the tree before the text is looked for, or out of the text."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from lxml.etree import _Element

from flows.sources.bylines import MOST_WORDS, NO_NAMES, is_name
from flows.sources.dates import CHANGED, read_dates
from flows.sources.page_lines import BLOCKS, comparable, text_of, words_of

ALWAYS = words_of("script style noscript template svg iframe button select textarea input object embed dialog")
PLAIN = frozenset(("html", "body", "head"))
# Words of classes and ids, and of how large a part of the page's paragraphs the element may be that has them.
NOTICES = words_of("cookie cookies consent cmp gdpr ccpa onetrust didomi foot footer")
SIDE = words_of(
    "share sharing shares social soc related recommended recommendations recommend readmore readalso also newsletter "
    "newsletters subscribe subscription signup paywall barrier promo promos promotion advert advertisement ad ads adv "
    "banner sponsored comment comments disqus respond breadcrumb breadcrumbs crumbs tags taglist keywords byline bio "
    "caption captions credit credits tweet twitter instagram telegram tgme tiktok facebook embed popular trending "
    "sidebar widget popup "
    "modal overlay pagination pager toolbar tools ticker onward teaser teasers signoff disclaimer copyright regwall "
    "login topics outbrain taboola inread"
)
SIDE_PAIRS = re.compile(
    r"read[_-]?(?:more|also|next)|see[_-]?also|more[_-](?:news|stories|on|from)|most[_-](?:read|viewed|popular)|"
    r"(?:author|writer)[_-]?(?:box|bio|card|info|about|latest)|about[_-]the[_-]?author|key[_-]?events|"
    r"(?:pic|photo|img|image)[_-]?(?:text|caption|credit|desc)|twitter-tweet|sign[_-]up|next[_-](?:up|article|post)",
    re.IGNORECASE,
)
LARGEST_SIDE = 0.3
LONGEST_SIGN_OFF = 400
LONGEST_BYLINE = 120  # characters
NEARLY_ALL, MOST = 0.95, 0.6
MARKS = re.compile(r"[A-Z]?[a-z]+|[A-Z]+")
LABEL = re.compile(
    r"^[\W_]*(?:(?:read|see|watch|listen|hear)\s+(?:also|more|next|too)|also\s+(?:read|see|watch)|read\s*:|related(?:\s+\w+)?\s*:|"
    r"more\s+(?:on|from|in)\b|don.t miss|recommended|on the web\s*:|further reading|"
    r"(?:читайте|смотрите|слушайте|читать|см\.)\s+(?:также|ещ[её]|далее|дальше|по теме)|читайте\s*:|"
    r"(?:ранее|(?:ещ[её]\s+)?(?:материалы|новости))?\s*по теме|вам (?:будет|может быть) интересно|подробнее\s*:|"
    r"(?:[إا]قر(?:أ|أوا|ؤوا|ئي|ا)|[طش]الع|شاهد(?:وا)?|تابع)\s*(?:[أا]يض|المزيد|:|\u061b)|(?:مواضيع|مقالات|أخبار|اخبار)\s+(?:ذات|متعلقة|مرتبطة))",
    re.IGNORECASE,
)
SIGN_OFF = re.compile(
    r"^[(\[]?(?:additional )?(?:reporting|writing|editing|compiled|reported|written)(?: and \w+)? by\b.{0,300}$|"
    r"^[(\[](?:редактор|перевод|подготовил|إعداد|تحرير|اعداد|كتابة)\b.{0,200}[)\]]$|"
    r"^.{0,40}\b(?:turn on|enable|включите|нужен) javascript\b.{0,80}$|"
    r"^(?:interview(?:ed)? by|interview\s*:|(?:записал|беседовал|подготовил|интервью взял)[аи]?\b|"
    r"(?:أجر[تى] الحوار|حاور(?:ه|ها|ته|تها))\s*:).{0,80}$|"
    r"^(?:©|\(c\)|copyright\b|all rights reserved|все права защищены|جميع الحقوق محفوظة|الحقوق محفوظة)",
    re.IGNORECASE,
)
CLOCK_ONLY = re.compile(r"^\W*\d{1,2}[:.]\d\d(?:[:.]\d\d)?\W*(?:[A-ZА-Я]{2,4}|am|pm|ص|م)?\W*$")
LINKED = 0.8  # the share of a paragraph's text that is links, where it is nothing else
LINKED_LIST = 0.6
LABELLED_LINKED = 0.3
CELLS = ("div", "td", "center", "font")
HOLDERS = words_of("div td center body article section main tr")
PARAGRAPHS = ("p", "li", "h2", "h3", "h4", "h5", "h6", "dd", "dt")


def close(tree: _Element, names: Sequence[str]) -> None:
    """Take out the blocks of these classes and ids, which the site says are for its subscribers."""
    closed = set(names)
    for element in list(tree.iter()) if closed else ():
        if isinstance(element.tag, str) and closed & {*element.get("class", "").split(), element.get("id")}:
            remove(element)


def prune(tree: _Element) -> None:
    """Take out what is no text of the article, by what its elements are called; never most of the text."""
    for element in list(tree.iter(*ALWAYS)):
        remove(element)
    weights = weigh(tree)
    for element in list(tree.iter("div", "section", "aside", "ul", "ol", "p", "span", "figure", "blockquote", "table",
                                  "nav", "footer", "form", "h2", "h3", "h4", "figcaption", "details")):  # fmt: skip
        if element.getparent() is None or not is_side(element):
            continue
        if is_notice(element) or weights[element] <= LARGEST_SIDE * weights[tree]:
            remove(element)
    for element in list(tree.iter("figcaption", "caption")):
        remove(element)
    for element in list(tree.iter(*PARAGRAPHS, *CELLS)):
        parent = element.getparent()
        if parent is None or (element.tag in CELLS and (parent.tag not in HOLDERS or has_blocks(element))):
            continue
        if is_pointer(element):
            remove(element)
    for element in list(tree.iter("time")):
        parent = element.getparent()
        if parent is not None and not (parent.text or "").strip() and not (element.tail or "").strip():
            remove(element)


def has_blocks(element: _Element) -> bool:
    return any(inner.tag in BLOCKS and inner.tag != "br" for inner in element.iterdescendants())


def is_side(element: _Element) -> bool:
    named = f"{element.get('class', '')} {element.get('id', '')}"
    if len(named) < 3:
        return element.get("role") in ("dialog", "alertdialog")
    if is_notice(element):
        return True
    names = named.split()
    marks = {word.lower() for name in names[:12] for word in MARKS.findall(name)}
    return not SIDE.isdisjoint(marks) or bool(SIDE_PAIRS.search(named))


def is_notice(element: _Element) -> bool:
    """Whether it asks for consent, or is the site's foot: it may be as long as the article, but has no headline."""
    if element.find(".//h1") is not None or element.find(".//article") is not None:
        return False
    if element.get("role") in ("dialog", "alertdialog"):
        return True
    marks = {word.lower() for word in MARKS.findall(f"{element.get('class', '')} {element.get('id', '')}")}
    return not NOTICES.isdisjoint(marks)


def is_pointer(element: _Element) -> bool:
    """Whether a paragraph only points to other pages: it is a link, or says "read also" and is mostly one."""
    text = text_of(element).strip()
    if not text or len(text) > 400:
        return False
    links = [text_of(link).strip() for link in element.iter("a")]
    linked = sum(map(len, links))
    if linked >= (LINKED if len(links) < 2 else LINKED_LIST) * len(text):
        return not element.tag.startswith("h")
    if LABEL.match(text):
        return linked >= LABELLED_LINKED * len(text) or len(text) < 30
    return False


def weigh(tree: _Element) -> dict[_Element, int]:
    """How many characters the paragraphs in each element have, links left out."""
    weights: dict[_Element, int] = dict.fromkeys(tree.iter(), 0)
    for element in reversed(weights):
        if element.tag == "p":
            linked = sum(len(piece) for link in element.iter("a") for piece in link.itertext())
            weights[element] += sum(map(len, element.itertext())) - linked
        if (parent := element.getparent()) is not None and element is not tree:
            weights[parent] += weights[element]
    return weights


def remove(element: _Element) -> None:
    """Take an element out, but leave the text that follows it."""
    parent = element.getparent()
    if parent is None:
        return
    if element.tail:
        before = element.getprevious()
        if before is None:
            parent.text = (parent.text or "") + element.tail
        else:
            before.tail = (before.tail or "") + element.tail
    parent.remove(element)


def straighten(tree: _Element) -> None:
    """Old layouts as new ones: table cells as divs, and text that is parted by empty lines as paragraphs."""
    for table in list(tree.iter("table")):
        if table.get("align", "").lower() in ("left", "right") and table.find(".//img") is not None:
            remove(table)  # a picture with its caption
        elif is_layout(table):
            for element in [table, *table.iter("tbody", "thead", "tfoot", "tr", "td", "th")]:
                element.tag = "div"
    for parent in dict.fromkeys(line.getparent() for line in tree.iter("br") if is_double(line)):
        if parent is not None:
            part(parent)


def mark(tree: _Element, headline: _Element | None) -> int:
    """Mark what holds the text as one article: nearly all paragraphs, or most of them and the headline.

    Returns how many characters the paragraphs have.
    """
    about = {tree} if headline is None else {headline, *headline.iterancestors()}
    weights = weigh(tree)
    holder = tree
    while (child := max(holder, key=lambda one: weights[one], default=None)) is not None:
        if child.tag == "p" or weights[child] < (MOST if child in about else NEARLY_ALL) * weights[tree]:
            break
        holder = child
    if weights[tree] and holder.tag not in PLAIN:
        if holder.tag not in ("main", "section", "div"):
            holder.tag = "article"
        holder.set("itemprop", "articleBody")  # where trafilatura looks first
        for entry in holder.iterdescendants("article", "div"):
            entry.tag = "div"
            entry.attrib.pop("class", "")
            entry.attrib.pop("id", "")
    return weights[tree]


def is_layout(table: _Element) -> bool:
    return any(
        element.tag in ("p", "table", "div", "br") for element in table.iterdescendants("p", "table", "div", "br")
    )


def is_double(line: _Element) -> bool:
    following = line.getnext()
    return following is not None and following.tag == "br" and not (line.tail or "").strip()


def part(parent: _Element) -> None:
    """Make paragraphs of what stands between two line breaks."""
    children = list(parent)
    paragraph = parent.makeelement("p")
    paragraph.text, parent.text = parent.text, None
    made = [paragraph]
    for child in children:
        parent.remove(child)
        tail, child.tail = child.tail, None
        if child.tag == "br":
            last = made[-1]
            if last.tag == "p" and not (tail or "").strip():
                made.append(parent.makeelement("p"))
            elif last.tag == "p" and (len(last) or (last.text or "").strip()):
                _append_text(last, f"\n{tail or ''}")
            else:
                _append_text(last, tail or "")
            continue
        if isinstance(child.tag, str) and child.tag in (
            "p",
            "div",
            "table",
            "ul",
            "ol",
            "blockquote",
            "h2",
            "h3",
            "h4",
            "hr",
            "figure",
        ):
            made += [child, parent.makeelement("p")]
        else:
            made[-1].append(child)
        _append_text(made[-1], tail or "")
    if parent.tag not in ("td", "section", "article", "main", "body"):
        parent.tag = "div"
    parent.extend(one for one in made if one.tag != "p" or len(one) or (one.text or "").strip())


def _append_text(element: _Element, text: str) -> None:
    if len(element):
        element[-1].tail = (element[-1].tail or "") + text
    else:
        element.text = (element.text or "") + text


def kept(lines: Sequence[str], title: str, authors: Sequence[str]) -> Iterator[str]:
    """The lines of a text but for its headline, who wrote it and when, times of day, notices and sign-offs."""
    names = {comparable(name) for name in authors} | {comparable(", ".join(authors))} - {""}
    said = comparable(title)
    begun = False
    for line in lines:
        key = comparable(line[:LONGEST_SIGN_OFF])
        if key in names or (len(line) < LONGEST_SIGN_OFF and (CLOCK_ONLY.match(line) or SIGN_OFF.match(line))):
            continue
        if not begun and (key == said or is_of_byline(line, key, names)):
            continue
        begun = begun or len(line) > LONGEST_BYLINE
        yield line


def signature(lines: Sequence[str]) -> str:
    """The writer's name, where the text ends with a line that is no more than a name; "" where it does not."""
    last = lines[-1] if lines else ""
    return last if 1 < len(last.split()) <= 3 and is_name(last) and last[0].isupper() else ""


def is_of_byline(line: str, key: str, names: set[str]) -> bool:
    """Whether a line above the text tells only who wrote it or when."""
    if len(line) > LONGEST_BYLINE or line.endswith((".", "!", "?", "؟", "…", ":")):
        return False
    return (
        any(name in key for name in names)
        or next(read_dates(line), None) is not None
        or CHANGED.search(line.lower()) is not None
        or (len(key.split()) <= MOST_WORDS and not NO_NAMES.isdisjoint(key.split()))
    )
