"""How well republished copy is told from independent articles on the same event, on made republications of gold ones.

    python benchmarks/copies.py configs/gold/*

Every gold article is republished by invented outlets with more and more edits: words replaced, clauses cut, sentences
dropped, moved and added, a credit put before or after, quotation marks and accents changed. What must not be found are
the other articles of the event in the language, each of which is given a stock phrase that all use and a quotation of
another article under words of its own; of the outlets that borrow two sentences of an article, these alone are copies.
Both thresholds are chosen on one half of the events and scored on the other, and the other way round.
"""

from __future__ import annotations

import random
import re
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import product
from pathlib import Path

import numpy as np

from align.copies import MIN_SIMILARITY, Passage, earliest, find_links
from align.evaluation import Counts
from align.statements import split_statements
from flows.gold import GoldEvent, load_event

EDITS = (0.0, 0.05, 0.1, 0.2)
SIMILARITIES = (0.3, 0.4, 0.45, 0.5, 0.55, 0.6, 0.65, 0.7, 0.8)
SHARES = (0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8)
HOUR = 3600.0

CREDITS = {
    "en": ("LONDON (Agency) - ", ", Agency reported."),
    "ru": ("МОСКВА (Агентство) — ", ", сообщает Агентство."),
} | {"ar": ("(وكالة) - ", "، بحسب ما نقلت الوكالة.")}
STOCK = {"en": "He did not elaborate.", "ru": "Подробности не уточняются.", "ar": "ولم يقدم مزيدا من التفاصيل."}
REPORTED = {
    "en": "“{}”, a visitor to the briefing recalled afterwards.",
    "ru": "«{}», — вспоминал позже один из участников встречи.",
    "ar": "واستعاد أحد الحاضرين في وقت لاحق عبارة «{}».",
}
QUOTED = re.compile("[“«]([^“”«»]{25,})[”»]")


@dataclass(frozen=True, slots=True)
class Made:
    """An article's sentences, each with the key of the original it is a copy of; what it republishes, if anything."""

    key: str
    language: str
    sentences: list[tuple[str, str | None]]
    source: str | None = None
    level: str = "original"

    def passages(self, published: float) -> list[tuple[Passage, str | None]]:
        """Its statements as they are read, with what each is a copy of."""
        statements = split_statements("\n\n".join(text for text, _ in self.sentences), self.language)
        return [
            (
                Passage(f"{self.key}#{s.position}", self.key, s.position, self.language, s.text, published),
                self._origin(s.text),
            )
            for s in statements
        ]

    def _origin(self, statement: str) -> str | None:
        """What a statement is a copy of: most of a sentence, since a credit before it may be read as one of its own."""
        return next((key for text, key in self.sentences if statement in text and 2 * len(statement) > len(text)), None)


def originals(event: GoldEvent) -> list[Made]:
    """The gold articles, each with a stock phrase and a quotation of the next article in its language."""
    texts: dict[str, list[str]] = {}
    languages = {statement.article_id: statement.language for statement in event.statements}
    for statement in event.statements:
        texts.setdefault(statement.article_id, []).append(statement.text)
    made = []
    for article, sentences in texts.items():
        language = languages[article]
        others = [text for other in texts if languages[other] == language and other != article for text in texts[other]]
        quotes = [match[1] for text in others for match in QUOTED.finditer(text)]
        shared = [REPORTED[language].format(quote.rstrip(",.،")) for quote in quotes[:1]] + [STOCK[language]]
        made.append(Made(article, language, [(text, None) for text in sentences + shared]))
    return made


def republished(article: Made, edits: float, own: list[str], dice: random.Random) -> Made:
    """The article as another outlet brings it, each kind of edit made with the probability `edits`.

    own: sentences to add, which are taken out of the list.
    """
    sentences: list[tuple[str, str | None]] = []
    vocabulary = [word for text in own for word in text.split() if word.isalpha()]
    for position, (text, _) in enumerate(article.sentences):
        if edits and dice.random() < edits:
            continue
        sentences.append((_edited(text, article.language, edits, vocabulary, dice), f"{article.key}#{position}"))
        if dice.random() < edits:
            sentences.append((own.pop(), None))
        if len(sentences) > 1 and dice.random() < edits:
            sentences[-1], sentences[-2] = sentences[-2], sentences[-1]
    return Made(f"{article.key} {edits}", article.language, sentences, article.key, f"edits {edits:g}")


def _edited(text: str, language: str, edits: float, vocabulary: Sequence[str], dice: random.Random) -> str:
    # Words alone: editors do not lose one of two quotation marks.
    words = [dice.choice(vocabulary) if word.isalpha() and dice.random() < edits else word for word in text.split()]
    text = " ".join(words)
    before, after = CREDITS[language]
    if "," in text[len(text) // 2 :] and dice.random() < edits:
        text = text.rsplit(",", 1)[0] + "."
    if dice.random() < edits:
        text = before + text
    elif dice.random() < edits and text[-1] == ".":
        text = text[:-1] + after
    marks = {"«": '"', "»": '"', "“": '"', "”": '"', "’": "'", "ё": "е", "أ": "ا", "إ": "ا", "–": "-"}
    return text.translate(str.maketrans(marks)) if edits else text


def borrowed(article: Made, own: list[str]) -> Made:
    """An article of somebody's own that takes two sentences over; its own are taken out of the list."""
    taken = [(text, f"{article.key}#{place}") for place, (text, _) in list(enumerate(article.sentences))[1:3]]
    return Made(
        f"{article.key} borrowed", article.language, [*((own.pop(), None) for _ in range(8)), *taken], None, "borrowed"
    )


def pool(event: GoldEvent, others: Iterable[GoldEvent]) -> list[Made]:
    """All articles of an event, real and made; what others add of their own is from the other events."""
    dice = random.Random(event.name)
    real = originals(event)
    own: dict[str, list[str]] = {}
    for statement in (statement for other in others for statement in other.statements):
        own.setdefault(statement.language, []).append(statement.text)
    for sentences in own.values():
        dice.shuffle(sentences)
    made = list(real)
    for article in real:
        made += [republished(article, edits, own[article.language], dice) for edits in EDITS]
        made.append(borrowed(article, own[article.language]))
    return made


@dataclass(frozen=True, slots=True)
class Scores:
    """Statements and articles, each by the level of edits; "" is all of them."""

    statements: dict[str, Counts]
    articles: dict[str, Counts]

    @property
    def f1(self) -> float:
        return (self.statements[""].f1 + self.articles[""].f1) / 2


def score(made: Sequence[Made], min_similarity: float) -> dict[float, Scores]:
    """Scores by the least share of an article's text that makes it a republication."""
    # All real ones come first, an hour before the rest.
    read = [passage for article in made for passage in article.passages(HOUR * (article.level != "original"))]
    passages = [passage for passage, _ in read]
    links = find_links(passages, max_days=4, min_similarity=min_similarity)
    sources = {key: source for key, (source, _) in earliest(links, {p.key: p.order for p in passages}).items()}
    levels = {article.key: article.level for article in made}
    rows = [(levels[p.article], sources.get(p.key), wanted) for p, wanted in read]
    statements = {level: _counts(rows, level) for level in ("", *dict.fromkeys(levels.values()))}
    shares = {article.key: _share(article.key, passages, sources) for article in made}
    found = {}
    for least in SHARES:
        marked = [(a.level, s[0] if (s := shares[a.key]) and s[1] >= least else None, a.source) for a in made]
        found[least] = Scores(statements, {level: _counts(marked, level) for level in statements})
    return found


def _counts(rows: Sequence[tuple[str, str | None, str | None]], level: str) -> Counts:
    some = [(found, wanted) for of, found, wanted in rows if level in ("", of)]
    right = sum(1 for found, wanted in some if found and found == wanted)
    return Counts(right, sum(1 for found, _ in some if found), sum(1 for _, wanted in some if wanted))


def _share(article: str, passages: Sequence[Passage], sources: dict[str, str]) -> tuple[str, float] | None:
    """What an article repeats most of, and the share of its text: as the view `republications` has it."""
    its = [passage for passage in passages if passage.article == article]
    taken: dict[str, int] = {}
    for passage in its:
        source = sources.get(passage.key, "").split("#")[0]
        if source and source != article:
            taken[source] = taken.get(source, 0) + len(passage.text)
    if not taken:
        return None
    most = max(taken, key=lambda source: taken[source])
    return most, taken[most] / sum(len(passage.text) for passage in its)


def choose(scores: dict[float, dict[str, dict[float, Scores]]], events: Sequence[str]) -> tuple[float, float]:
    """Both thresholds with the best mean F1 of those by which no original is a copy; of equal ones the highest.

    Independent articles that are taken for one hide what the analysis is about, and are rarer here than in the news.
    """
    means = {
        (similarity, share): round(float(np.mean([scores[similarity][event][share].f1 for event in events])), 3)
        for similarity, share in product(SIMILARITIES, SHARES)
        if not any(scores[similarity][event][share].statements["original"].found for event in events)
    }
    return max(means, key=lambda pair: (means[pair], pair))


def main(folders: Sequence[str]) -> None:
    events = [load_event(Path(folder)) for folder in folders]
    if len(events) < 2:
        sys.exit("name two gold events or more")
    pools = {event.name: pool(event, [other for other in events if other is not event]) for event in events}
    scores = {s: {name: score(made, s) for name, made in pools.items()} for s in SIMILARITIES}
    print("similarity  statements P      R     F1   articles (share 0.5) P      R     F1")
    for similarity, by_event in scores.items():
        some = [by_share[0.5] for by_share in by_event.values()]
        kinds = [counts for kind in ("statements", "articles") for counts in [[getattr(s, kind)[""] for s in some]]]
        cells = [np.mean([(c.precision, c.recall, c.f1) for c in counts], axis=0) for counts in kinds]
        print(f"{similarity:10.2f}  " + "      ".join("  ".join(f"{value:.3f}" for value in cell) for cell in cells))
    names = list(pools)
    halves = names[: len(names) // 2], names[len(names) // 2 :]
    for chosen_on, scored_on in (halves, halves[::-1]):
        similarity, share = choose(scores, chosen_on)
        shipped = f"(shipped: {MIN_SIMILARITY}, 0.5)"
        print(f"\nchosen on {', '.join(chosen_on)}: similarity {similarity}, share {share} {shipped}")
        _print_levels([scores[similarity][event][share] for event in scored_on], ", ".join(scored_on))


def _print_levels(scores: Sequence[Scores], events: str) -> None:
    print(f"scored on {events:24} statements P      R     F1     articles P      R     F1")
    for level in scores[0].statements:
        cells = []
        for kind in ("statements", "articles"):
            counts = [getattr(one, kind)[level] for one in scores]
            total = Counts(sum(c.right for c in counts), sum(c.found for c in counts), sum(c.wanted for c in counts))
            values = (total.precision if total.found else None, total.recall if total.wanted else None)
            values += (total.f1 if total.found or total.wanted else None,)
            cells.append("  ".join("    –" if value is None else f"{value:.3f}" for value in values))
        print(f"  {level or 'all':32} {'          '.join(cells)}")


if __name__ == "__main__":
    main(sys.argv[1:])
