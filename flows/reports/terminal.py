"""A report for the terminal, as wide as it is. Text goes through `Text`, so nothing in it is read as markup."""

from __future__ import annotations

from collections.abc import Iterable

from rich.console import Console
from rich.padding import Padding
from rich.rule import Rule
from rich.table import Table
from rich.text import Text

from flows.reports.content import Claim, Given, HeadToHead, Name, Outlet, Phrase, Report, Story, Telling, Voice, Wording
from flows.reports.method import describe_method
from flows.reports.texts import SIGNS, after, bounded, delay, doubtful, found_how_well, moment, number, plural

_TONES = {"en": "blue", "ru": "red", "ar": "green"}
_VALENCES = {"negative": "magenta", "neutral": "", "positive": "yellow"}


def print_report(report: Report, console: Console, most_claims: int | None = None) -> None:
    """Print every story, with all its claims or the first `most_claims`."""
    for story in report.stories:
        _print_story(story, console, most_claims)
    if report.left_out:
        console.print(Text(f"{plural(report.left_out, 'story')} more with claims: ask for one by its id."))
    if report.bare:
        console.print(Text(f"\n{plural(len(report.bare), 'story')} without a claim that outlets share", "bold"))
        for brief in report.bare[:20]:
            console.print(Text(f"  {brief.title} ({plural(brief.articles, 'article')})"))
        if len(report.bare) > 20:
            console.print(Text(f"  and {len(report.bare) - 20} more"))
    console.print(_rule(console, "dim"))
    for line in describe_method(report):
        console.print(Text(line, "dim"))


def print_claim(claim: Claim, story: Story, console: Console) -> None:
    """Print one claim with all its statements and figures."""
    console.print(_rule(console, "bold"))
    console.print(Text(story.title.text, "bold"))
    console.print(Text(f"story {story.story_id}, claim {claim.claim_id}", "dim"))
    _print_claim(claim, story, console)
    for figures in (figures for figures in story.figures if figures.claim is claim):
        console.print(Padding(_given(figures.unit or "figures", figures.given), (0, 0, 0, 3)))


def print_head_to_head(pairs: list[HeadToHead], more: int, console: Console) -> None:
    """Print stories as two outlets cover them, and how many more there are."""
    for pair in pairs:
        _print_head_to_head(pair, console)
    if more:
        console.print(Text(f"\n{plural(more, 'story')} more: ask for one by its id."))


def _print_head_to_head(pair: HeadToHead, console: Console) -> None:
    first, second = pair.outlets
    console.print(_rule(console, "bold"))
    console.print(Text(pair.story.title.text, "bold"))
    console.print(_outlets(pair.outlets))
    only = ", ".join(f"{len(pair.told_only_by(outlet))} told only by {outlet.name}" for outlet in pair.outlets)
    apart = pair.story.divergence.get((first.name, second.name))
    console.print(
        Text(
            f"{plural(len(pair.shared), 'claim')} told by both, {only}"
            + ("" if apart is None else f"; distance {apart.far:.2f}")
        )
    )
    for claim in pair.shared:
        console.print()
        _print_head(claim, console)
        _print_tellings([claim.tellings[outlet.name] for outlet in pair.outlets], console)
    for outlet in pair.outlets:
        _print_told_only_by(outlet, pair, console)
    if pair.figures:
        console.print(Text("\nFigures that differ", "bold"))
    for figures in pair.figures:
        console.print(
            Padding(_given(f"claim {figures.claim.number}, {figures.unit or 'no unit'}", figures.given), (0, 0, 0, 3))
        )
    if pair.naming:
        console.print(Text("\nWhat they are called", "bold").append("  − negative  = neutral  + positive", "dim"))
    for referent, called in pair.naming.items():
        console.print(Text(f"   {referent}", "bold"))
        _print_lines(
            [(o, Text(", ").join(map(_name, names))) for o, names in zip(pair.outlets, called, strict=True)], console
        )
    if pair.voices:
        console.print(Text("\nWhom both quote, and how", "bold"))
    outlets = {outlet.name: outlet for outlet in pair.outlets}
    for speaker, voices in pair.voices.items():
        console.print(Text(f"   {speaker}", "bold"))
        _print_lines([(outlets[voice.outlet], _treated(voice)) for voice in voices], console)


def _print_told_only_by(outlet: Outlet, pair: HeadToHead, console: Console) -> None:
    if claims := pair.told_only_by(outlet):
        console.print(Text("\nTold only by ", "bold").append_text(_outlets([outlet])))
    for claim in claims:
        told = f" (told by {len(claim.tellings)} of {len(pair.story.outlets)})"
        console.print(Padding(Text(f"{claim.number}. {claim.gist.text}").append(told, "dim"), (0, 0, 0, 3)))


def _print_lines(lines: Iterable[tuple[Outlet, Text]], console: Console) -> None:
    table = Table.grid(padding=(0, 2, 0, 0))
    table.add_column(width=min(30, max(18, console.width // 4)))
    table.add_column(ratio=1)
    for outlet, text in lines:
        table.add_row(_outlets([outlet]), text)
    console.print(Padding(table, (0, 0, 0, 5)))


def _treated(voice: Voice) -> Text:
    counts = [plural(voice.statements, "statement")] + [plural(voice.quotes, "quote")] * bool(voice.quotes)
    return Text(f"{voice.stance or 'no stance'}: {', '.join(counts)}").append(
        f" ({voice.cues})" if voice.cues else "", "cyan"
    )


def _given(what: str, given: list[Given]) -> Text:
    listed = "; ".join(f"{part.outlet}: {bounded(part.value, part.bound)}" for part in given)
    return Text(f"{what}: {listed}")


def _rule(console: Console, style: str) -> Rule:
    # rich minds the encoding only where a rule has a title.
    return Rule(characters="-" if console.options.ascii_only else "─", style=style)


def _print_story(story: Story, console: Console, most_claims: int | None) -> None:
    console.print(_rule(console, "bold"))
    console.print(Text(story.title.text, "bold"))
    if story.title_by:
        console.print(Text(f"headline of {story.title_by}", "dim"))
    first, last = story.articles[0].published_at, story.articles[-1].published_at
    counts = [(len(story.articles), "article"), (len(story.outlets), "outlet"), (story.statements, "statement")]
    console.print(Text(", ".join([*(plural(*count) for count in counts), f"{moment(first)} to {moment(last)} UTC"])))
    untranslated = f", {plural(story.untranslated, 'statement')} not translated yet" if story.untranslated else ""
    if copies := [article for article in story.articles if article.source]:
        listed = "; ".join(f"{a.outlet}, {after(a.source.hours, a.source.outlet)}" for a in copies if a.source)
        console.print(Text(f"{plural(len(copies), 'article')} republished: {listed}", "yellow"))
    doubtfully = f", {plural(story.doubtful, 'statement')} translated doubtfully" if story.doubtful else ""
    console.print(Text(f"{plural(len(story.claims), 'claim')} told by two outlets or more{untranslated}{doubtfully}"))
    for claim in story.claims[:most_claims]:
        _print_claim(claim, story, console)
    if more := len(story.claims) - len(story.claims[:most_claims]):
        console.print(Text(f"\n{plural(more, 'claim')} more; `rashomon report` shows them", "bold"))
    _print_figures(story, console)
    _print_naming(story, console)
    _print_frames(story, console)
    _print_keywords(story, console)
    _print_distances(story, console)


def _print_claim(claim: Claim, story: Story, console: Console) -> None:
    console.print()
    _print_head(claim, console)
    sources = f", {plural(claim.independent, 'source')}" if claim.has_copies else ""
    console.print(
        Text(
            f"   told by {len(claim.tellings)} of {len(story.outlets)}{sources}, probability {claim.probability:.2f}",
            "dim",
        )
    )
    _print_tellings(claim.tellings.values(), console)
    if claim.missing:
        console.print(Padding(Text("left out by ", "dim").append_text(_outlets(claim.missing)), (0, 0, 0, 3)))
    for denial in story.denied_by(claim):
        console.print(_linked("denied by", denial.claim, denial.probability))
    for denial in story.denied(claim):
        console.print(_linked("denies", denial.denied, denial.probability))


def _print_head(claim: Claim, console: Console) -> None:
    head = Table.grid(padding=(0, 1))
    head.add_row(Text(f"{claim.number}.", "bold"), Text(claim.gist.text, "bold"))
    console.print(head)


def _print_tellings(tellings: Iterable[Telling], console: Console) -> None:
    # A fixed first column lines the wordings up from claim to claim.
    table = Table.grid(padding=(0, 2, 0, 0))
    table.add_column(width=min(24, max(14, console.width // 4)))
    table.add_column(ratio=1)
    for telling in tellings:
        table.add_row(_teller(telling), _wordings(telling.wordings))
    console.print(Padding(table, (0, 0, 0, 3)))


def _linked(how: str, claim: Claim, probability: float) -> Padding:
    text = Text(f"{how} {claim.number}. ", "magenta").append(claim.gist.text).append(f" ({probability:.2f})", "dim")
    return Padding(text, (0, 0, 0, 3))


def _teller(telling: Telling) -> Text:
    text = _outlets([telling.outlet])
    return text.append("\nfirst", "bold") if telling.is_first else text.append(f"\n{delay(telling.hours)}", "dim")


def _outlets(outlets: Iterable[Outlet]) -> Text:
    return Text(", ").join(
        Text(outlet.name, _TONES.get(outlet.language, "")).append(f" [{outlet.language}]", "dim") for outlet in outlets
    )


def _wordings(wordings: list[Wording]) -> Text:
    """English first, where there is one, then the original."""
    return Text("\n").join(_wording(wording) for wording in wordings)


def _wording(wording: Wording) -> Text:
    text = Text()
    if wording.english is not None:
        text.append(f"[en, {wording.engine}] ", "dim").append(f"{wording.english}\n")
        if wording.doubt:
            text.append(f"{doubtful(wording.doubt)}\n", "yellow")
    text.append_text(_said(wording.text, wording.english is not None))
    if wording.text.language != "en" and wording.english is None:
        text.append(" (not translated yet)", "dim italic")
    voice = [part for part in (wording.speaker, wording.cue, wording.stance) if part]
    if wording.is_quote:
        voice.append("quote")
    if voice:
        text.append("\n— " + " · ".join(voice), "cyan")
    if wording.source:
        text.append(f"\nwire copy, {after(wording.source.hours, wording.source.outlet)}", "yellow")
    return text


def _said(phrase: Phrase, is_dim: bool) -> Text:
    tag = "" if phrase.language == "en" else f"[{phrase.language}] "
    return Text(tag, "dim").append(phrase.text, "dim" if is_dim else "")


def _print_figures(story: Story, console: Console) -> None:
    if not story.discrepancies:
        return
    console.print(Text("\nFigures that differ", "bold"))
    for item in story.discrepancies:
        unit = f" {item.unit}" if item.unit else ""
        span = f"claim {item.claim.number}: {number(item.lowest)} to {number(item.highest)}{unit}"
        given = "; ".join(f"{part.outlet}: {bounded(part.value, part.bound)}" for part in item.given)
        console.print(Padding(Text(f"{span} ({given})"), (0, 0, 0, 3)))


def _print_naming(story: Story, console: Console) -> None:
    if not story.naming:
        return
    console.print(Text("\nWhat they are called", "bold").append("  − negative  = neutral  + positive", "dim"))
    for referent, outlets in story.naming.items():
        console.print(Text(f"   {referent}", "bold"))
        called = ((outlet, outlets.get(outlet.name)) for outlet in story.outlets)
        _print_lines([(outlet, Text(", ").join(map(_name, names))) for outlet, names in called if names], console)


def _name(name: Name) -> Text:
    often = f" ×{name.mentions}" if name.mentions > 1 else ""
    return Text(f"{SIGNS.get(name.valence, '')}{name.surface}{often}", _VALENCES.get(name.valence, ""))


def _print_frames(story: Story, console: Console) -> None:
    """Which outlets show each frame the most: a whole table is too wide for most terminals."""
    if not story.frames:
        return
    console.print(Text("\nGeneric frames", "bold").append("  in percent of an outlet's statements", "dim"))
    for frame in story.frames:
        console.print(Text(f"   {frame.name} ", "bold").append(found_how_well(frame.f1, frame.is_experimental), "dim"))
        ranked = sorted(story.outlets, key=lambda outlet: -frame.outlets[outlet.name].share)
        told = (Text(f"{frame.outlets[o.name].share * 100:.0f} ").append_text(_outlets([o])) for o in ranked)
        console.print(Padding(Text(", ").join(told), (0, 0, 0, 5)))


def _print_keywords(story: Story, console: Console) -> None:
    if not story.keywords:
        return
    console.print(Text("\nWords that set outlets apart", "bold").append("  z, their statements : others'", "dim"))
    groups: dict[str, list[str]] = {}
    for word in story.keywords:
        told = f"{word.word} ({word.z:.1f}, {word.statements}:{word.others})"
        groups.setdefault(f"{word.group} [{word.grouping}]", []).append(told)
    for group, words in groups.items():
        console.print(Padding(Text(f"{group}: ", "cyan").append(", ".join(words), "default"), (0, 0, 0, 3)))


def _print_distances(story: Story, console: Console) -> None:
    """The pairs of outlets that are furthest apart and nearest: a whole matrix is too wide for most terminals."""
    pairs = sorted((pair.far, *pair.outlets) for pair in story.pairs)
    if not pairs:
        return
    console.print(Text("\nHow far apart they are", "bold").append("  0 the same, 100 as far as can be", "dim"))
    for name, some in (("nearest", pairs[:3]), ("furthest", pairs[:2:-1][:3])):
        told = "; ".join(f"{far * 100:.0f} {one} and {other}" for far, one, other in some)
        if told:
            console.print(Padding(Text(f"{name}: ", "dim").append(told, "default"), (0, 0, 0, 3)))
