"""A report as Markdown (CommonMark with the tables of GitHub), in which text from outside is nothing but text."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from urllib.parse import quote

from flows.reports.content import (
    Claim,
    Divergence,
    Given,
    HeadToHead,
    Name,
    Outlet,
    Report,
    Story,
    Telling,
    Voice,
    Wording,
)
from flows.reports.method import describe_method
from flows.reports.texts import (
    SIGNS,
    after,
    bounded,
    delay,
    doubtful,
    found_how_well,
    language_name,
    moment,
    number,
    plural,
    translated_by,
)

_SPECIAL = re.compile(r"([\\`*_{}\[\]#|~!$])")
_OPENING = re.compile(r"^(\d*)([.)]|[-+=])")  # of a list, a rule or a heading


def render_markdown(report: Report) -> str:
    lines: list[str] = []
    for story in report.stories:
        lines += _story(story)
    if report.left_out:
        lines += [f"{plural(report.left_out, 'story')} more with claims: ask for one by its id.", ""]
    if report.bare:
        lines += [f"## {plural(len(report.bare), 'story')} without a claim that outlets share", ""]
        lines += [f"- {escape(brief.title)} ({plural(brief.articles, 'article')})" for brief in report.bare[:50]]
        lines += [f"- and {len(report.bare) - 50} more"] * (len(report.bare) > 50) + [""]
    lines += ["## How this was made", "", *(f"- {escape(line)}" for line in describe_method(report))]
    return "\n".join(lines) + "\n"


def render_claim(claim: Claim, story: Story) -> str:
    """One claim with all its statements and figures."""
    lines = [f"# {escape(story.title.text)}", "", *_claim(claim, story)]
    figures = [figures for figures in story.figures if figures.claim is claim]
    lines += [f"- {escape(part.unit or 'figures')}: {_given(part.given)}" for part in figures]
    return "\n".join(lines) + "\n"


def render_head_to_head(pairs: list[HeadToHead], more: int) -> str:
    """Stories as two outlets cover them, and how many more there are."""
    lines = [line for pair in pairs for line in _head_to_head(pair)]
    lines += [f"{plural(more, 'story')} more: ask for one by its id."] * (more > 0)
    return "\n".join(lines) + "\n"


def _head_to_head(pair: HeadToHead) -> Iterator[str]:
    first, second = (escape(outlet.name) for outlet in pair.outlets)
    yield from (
        f"# {first} and {second}: {escape(pair.story.title.text)}",
        "",
        f"## Claims told by both: {len(pair.shared)}",
        "",
    )
    for claim in pair.shared:
        yield from (f"### {claim.number}. {escape(claim.gist.text)}", "")
        for outlet in pair.outlets:
            yield from _telling(claim.tellings[outlet.name])
        yield ""
    for outlet in pair.outlets:
        claims = pair.told_only_by(outlet)
        yield from (f"## Claims told only by {escape(outlet.name)}: {len(claims)}", "")
        yield from (f"- {claim.number}. {escape(claim.gist.text)}" for claim in claims)
        yield ""
    if pair.figures:
        yield from ("## Figures that differ", "")
        yield from (
            f"- Claim {part.claim.number}, {escape(part.unit or 'no unit')}: {_given(part.given)}"
            for part in pair.figures
        )
        yield ""
    if pair.naming:
        yield from ("## What they are called", "", "− negative, = neutral, + positive", "")
        rows = ([escape(referent), *map(_called, called)] for referent, called in pair.naming.items())
        yield from _table(["Referent", first, second], rows)
    if pair.voices:
        yield from ("## Whom both quote, and how", "")
        yield from _table(
            ["Speaker", first, second],
            (
                [escape(speaker), *(_treated([v for v in voices if v.outlet == o.name]) for o in pair.outlets)]
                for speaker, voices in pair.voices.items()
            ),
        )


def _treated(voices: list[Voice]) -> str:
    return ", ".join(f"{voice.stance or 'no stance'} ×{voice.statements} ({escape(voice.cues)})" for voice in voices)


def _given(given: list[Given]) -> str:
    return "; ".join(f"{escape(part.outlet)}: {bounded(part.value, part.bound)}" for part in given)


def escape(text: str) -> str:
    """Text that renders as itself: no markup, no HTML, no link, no mention of a user or an issue."""
    text = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    text = _OPENING.sub(r"\1\\\2", _SPECIAL.sub(r"\\\1", text))
    text = re.sub(r"(?i)\b(https?|ftp):(?=//)", r"\1\\:", text)  # bare addresses become links
    text = re.sub(r"(?i)\b(www)\.", r"\1\\.", text)
    return re.sub(r"([@#])(?=\w)", "\\1\u2060", text)  # so does @someone; a word joiner is not seen


def _story(story: Story) -> Iterator[str]:
    first, last = story.articles[0].published_at, story.articles[-1].published_at
    yield from (f"# {escape(story.title.text)}", "")
    if story.title_by:
        yield from (f"Headline of {escape(story.title_by)}.", "")
    yield f"- {plural(len(story.articles), 'article')}, {moment(first)} to {moment(last)} UTC"
    for language in story.languages:
        told = (outlet for outlet in story.outlets if outlet.language == language)
        yield f"- {escape(language_name(language))}: {_names(told)}"
    yield f"- {plural(len(story.claims), 'claim')} told by two outlets or more"
    doubtfully = f", {story.doubtful} translated doubtfully" if story.doubtful else ""
    yield from (f"- {plural(story.statements, 'statement')}, {story.untranslated} not translated yet{doubtfully}", "")
    if story.claims:
        yield from _coverage(story)
        yield from ("## Claims", "")
    for claim in story.claims:
        yield from _claim(claim, story)
    yield from _figures(story)
    yield from _naming(story)
    yield from _frames(story)
    yield from _keywords(story)
    yield from _distances(story)
    yield from _articles(story)


def _coverage(story: Story) -> Iterator[str]:
    yield from ("## Who tells what", "")
    yield from _table(
        ["Claim", *(escape(outlet.name) for outlet in story.outlets)],
        (
            [f"{claim.number}. {escape(_short(claim.gist.text))}", *(_when(claim, outlet) for outlet in story.outlets)]
            for claim in story.claims
        ),
    )


def _when(claim: Claim, outlet: Outlet) -> str:
    telling = claim.tellings.get(outlet.name)
    if telling is None:
        return "–"
    when = "**first**" if telling.is_first else delay(telling.hours)
    return f"{when}, copy" if telling.is_copy else when


def _claim(claim: Claim, story: Story) -> Iterator[str]:
    yield from (f"### {claim.number}. {escape(claim.gist.text)}", "")
    for telling in claim.tellings.values():
        yield from _telling(telling)
    left_out = _names(claim.missing) if claim.missing else "no outlet"
    sources = f", {plural(claim.independent, 'source')}" if claim.has_copies else ""
    yield from ("", f"Told by {len(claim.tellings)} of {len(story.outlets)}{sources}. Left out by {left_out}.", "")
    yield from (f"Probability that they say the same: {claim.probability:.2f}.", "")
    for denial in story.denied_by(claim):
        yield from (f"Denied by {_named(denial.claim)} (probability {denial.probability:.2f})", "")
    for denial in story.denied(claim):
        yield from (f"Denies {_named(denial.denied)} (probability {denial.probability:.2f})", "")


def _telling(telling: Telling) -> Iterator[str]:
    after = "first to tell it" if telling.is_first else f"{delay(telling.hours)} after the first"
    outlet = f"**{escape(telling.outlet.name)}** ({escape(telling.outlet.language)})"
    yield f"- {outlet}, {moment(telling.first_at)}, {after}"
    for wording in telling.wordings:
        yield from (f"  {line}" if line else "" for line in ("", *_wording(wording)))


def _named(claim: Claim) -> str:
    return f"claim {claim.number}: {escape(_short(claim.gist.text))}"


def _wording(wording: Wording) -> Iterator[str]:
    yield f"> {escape(wording.text.text)}"
    if wording.english is not None:
        yield from (">", f"> English ({escape(translated_by(wording.engine or ''))}): {escape(wording.english)}")
        if wording.doubt:
            yield from (">", f"> **{escape(doubtful(wording.doubt))}**")
    elif wording.text.language != "en":
        yield from (">", "> Not translated yet.")
    voice = [escape(part) for part in (wording.speaker, wording.cue, wording.stance) if part]
    if wording.is_quote:
        voice.append("direct quote")
    if wording.source:
        voice.append(f"wire copy, {after(wording.source.hours, escape(wording.source.outlet))}")
    if wording.link:
        voice.append(f"[article](<{_address(wording.link)}>)")
    if voice:
        yield from ("", " · ".join(voice))


def _figures(story: Story) -> Iterator[str]:
    if not story.discrepancies:
        return
    yield from ("## Figures that differ", "")
    for item in story.discrepancies:
        span = f"{number(item.lowest)} to {number(item.highest)} {escape(item.unit or '')}".rstrip()
        yield f"- Claim {item.claim.number}: {span} ({_given(item.given)})"
    yield ""


def _naming(story: Story) -> Iterator[str]:
    if not story.naming:
        return
    yield from ("## What they are called", "", "− negative, = neutral, + positive", "")
    rows = (
        [escape(outlet.name), *(_called(outlets.get(outlet.name, [])) for outlets in story.naming.values())]
        for outlet in story.outlets
    )
    yield from _table(["Outlet", *map(escape, story.naming)], rows)


def _called(names: list[Name]) -> str:
    return ", ".join(f"{SIGNS.get(name.valence, '')} {escape(name.surface)}" for name in names) or "–"


def _frames(story: Story) -> Iterator[str]:
    if not story.frames:
        return
    yield from ("## Generic frames", "", "In percent of an outlet's statements; F1: how well a frame is found.", "")
    heads = (f"{escape(frame.name)} ({found_how_well(frame.f1, frame.is_experimental)})" for frame in story.frames)
    rows = (
        [escape(outlet.name), *(f"{frame.outlets[outlet.name].share * 100:.0f}" for frame in story.frames)]
        for outlet in story.outlets
    )
    yield from _table(["Outlet", *heads], rows)


def _keywords(story: Story) -> Iterator[str]:
    if not story.keywords:
        return
    yield from ("## Words that set outlets apart", "")
    rows = (
        [
            f"{escape(word.group)} ({word.grouping})",
            escape(word.word),
            f"{word.z:.1f}",
            f"{word.statements}",
            f"{word.others}",
            "; ".join(f"{escape(_short(s.in_english or ''))} ({escape(s.article.outlet)})" for s in word.behind[:1]),
        ]
        for word in story.keywords
    )
    yield from _table(["Group", "Word", "z", "Statements", "Others'", "Such as"], rows)


def _distances(story: Story) -> Iterator[str]:
    if not story.divergence:
        return
    yield from ("## How far apart they are", "", "In percent, from claims, naming and stance: 0 is the same.", "")
    rows = (
        [
            escape(row.name),
            *(_percent(story.divergence.get((row.name, column.name))) for column in story.outlets),
        ]
        for row in story.outlets
    )
    yield from _table(["Outlet", *(escape(outlet.name) for outlet in story.outlets)], rows)


def _percent(pair: Divergence | None) -> str:
    return "–" if pair is None else f"{pair.far * 100:.0f}"


def _articles(story: Story) -> Iterator[str]:
    yield from ("## Articles", "")
    for article in story.articles:
        title = escape(article.title.text)
        linked = f"[{title}](<{_address(article.link)}>)" if article.link else title
        source = article.source
        copied = f", wire copy, {after(source.hours, escape(source.outlet))}" if source else ""
        yield f"- {moment(article.published_at)}, {escape(article.outlet)}: {linked}{copied}"
    yield ""


def _table(head: list[str], rows: Iterable[list[str]]) -> Iterator[str]:
    for cells in (head, ["---"] * len(head), *rows):
        yield f"| {' | '.join(cells)} |"
    yield ""


def _names(outlets: Iterable[Outlet]) -> str:
    return ", ".join(escape(outlet.name) for outlet in outlets)


def _short(text: str, most: int = 90) -> str:
    return text if len(text) <= most else text[: most - 1].rsplit(" ", 1)[0] + "…"


def _address(link: str) -> str:
    """A link for use between angle brackets, with nothing left in it that Markdown reads."""
    return quote(link, safe=":/?#@&=+,;%~-._")
