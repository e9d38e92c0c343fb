"""The words that set one group of outlets apart from the others on the same story.

The log-odds ratio of a word between a group and all others, with an informative Dirichlet prior, over its standard
deviation (Monroe, Colaresi and Quinn 2008, "Fightin' Words", https://doi.org/10.1093/pan/mpn018). The prior is the
story's own counts: what a story is about is common to all its outlets, and what else a warehouse happens to hold does
not change what sets these apart.
"""

from __future__ import annotations

import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import snowballstemmer

from align.wording import content_words

METHOD = "keyness 2"
LEAST_Z = 1.96
LEAST_STATEMENTS = 3
"""In fewer statements of a group a word may come from one passage."""
MOST_WORDS = 20
PRIOR_SHARE = 0.1
"""How many words the prior counts for, of as many as the story has: with all of them hardly any word stands out."""

# Besides those that `content_words` leaves out: they say how English puts a thing, and translators differ in them.
_PHRASING = """
    i me my mine we our ours you your yours him himself them themselves itself hers theirs one ones another each
    every some any all both either neither none nobody nothing something someone anything anyone everything everyone
    other others such same own what whatever when whenever where whereas while why how whose whom which there here
    then thus these those if though although because since until unless despite during between among against through
    throughout within without under below above upon onto off down again further once just only even still yet
    already also too very quite rather almost nearly much many most more less least few several so than nor per via
    amid being am do does did doing done having can cannot could may might must shall should let get got make made
    go went come came ca wo say saying tell told add added according
"""
_UNTELLING = frozenset(_PHRASING.split())
_CONTRACTED = re.compile(r"(?:n['’]t|['’](?:s|re|ve|ll|d|m))\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Keyword:
    """A word that a group uses more than the others.

    word: its commonest form in the story; statements, others: which ones of the group and of all others have it, as
    numbers from 0.
    """

    word: str
    z: float
    log_odds: float
    statements: tuple[int, ...]
    others: tuple[int, ...]


def log_odds(
    count: float, total: float, other: float, other_total: float, prior: float, prior_total: float
) -> tuple[float, float]:
    """The log-odds ratio of a word in two texts, and its z-score; both 0 where all there is is that word.

    count of total, other of other_total: how often it stands in each; prior of prior_total: how often in the
    background, counted into both, and more than 0.
    """
    ours, theirs = count + prior, other + prior
    rest, other_rest = total + prior_total - ours, other_total + prior_total - theirs
    if rest <= 0 or other_rest <= 0:
        return 0.0, 0.0
    ratio = math.log(ours / rest) - math.log(theirs / other_rest)
    return ratio, ratio / math.sqrt(1 / ours + 1 / theirs)


def telling_words(text: str, names: Iterable[str] = ()) -> dict[str, str]:
    """The stems of an English text's content words, each with the form it stands in; without these outlets' names."""
    for name in names:
        text = re.sub(rf"\b{re.escape(name)}\b", " ", text, flags=re.IGNORECASE)
    lowered = (word.lower() for word in content_words(_CONTRACTED.sub("", text), "en"))
    forms = [word for word in lowered if len(word) > 1 and word not in _UNTELLING and not word[0].isdigit()]
    return dict(zip(snowballstemmer.stemmer("english").stemWords(forms), forms, strict=True))


def find_keywords(words: Sequence[dict[str, str]], groups: Sequence[str]) -> dict[str, list[Keyword]]:
    """The words that set each group apart from all the others together, the surest first.

    words: of each statement, as `telling_words` gives them; groups: the group of each statement. A word counts once a
    statement, so that one that is repeated does not count for a habit.
    """
    forms: defaultdict[str, Counter[str]] = defaultdict(Counter)
    everywhere: defaultdict[str, list[int]] = defaultdict(list)
    found: defaultdict[str, defaultdict[str, list[int]]] = defaultdict(lambda: defaultdict(list))
    for number, (some, group) in enumerate(zip(words, groups, strict=True)):
        for stem, form in some.items():
            forms[stem][form] += 1
            everywhere[stem].append(number)
            found[group][stem].append(number)
    named = {stem: min(some, key=lambda form: (-some[form], form)) for stem, some in forms.items()}
    if len(found) < 2:
        return {}
    return {group: _keywords(found[group], everywhere, named) for group in sorted(found)}


def _keywords(found: dict[str, list[int]], everywhere: dict[str, list[int]], named: dict[str, str]) -> list[Keyword]:
    """found, everywhere: of each stem the statements that have it, of the group and of the story."""
    own, total = (sum(map(len, some.values())) for some in (found, everywhere))
    keywords = []
    for stem, statements in found.items():
        count, all_count = len(statements), len(everywhere[stem])
        prior = all_count * PRIOR_SHARE, total * PRIOR_SHARE
        ratio, z = log_odds(count, own, all_count - count, total - own, *prior)
        if z >= LEAST_Z and count >= LEAST_STATEMENTS:
            others = sorted(set(everywhere[stem]).difference(statements))
            keywords.append(Keyword(named[stem], z, ratio, tuple(statements), tuple(others)))
    return sorted(keywords, key=lambda keyword: (-keyword.z, keyword.word))[:MOST_WORDS]
