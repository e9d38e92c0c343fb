"""Reads a whole report from the warehouse's views, as they are at one moment."""

from __future__ import annotations

import difflib
import json
from collections import defaultdict
from collections.abc import Callable, Iterable
from functools import partial
from typing import TYPE_CHECKING, Any

from align.figures import find_figures
from flows.errors import UserError
from flows.reports.content import (
    Article,
    Brief,
    Claim,
    Denial,
    Discrepancy,
    Divergence,
    Figures,
    Frame,
    Framed,
    Given,
    HeadToHead,
    Keyword,
    Method,
    Name,
    Outlet,
    OutletMap,
    Phrase,
    Report,
    Source,
    Stance,
    Statement,
    Story,
    Telling,
    Translated,
    Voice,
    Wording,
)
from flows.reports.lists import STORIES
from flows.reports.texts import clean, safe_link

if TYPE_CHECKING:
    from storage import Result, Warehouse

MAX_STORIES = 20
MAX_VOICES = 15
MAX_WORDS = 8
MAX_BEHIND = 20
"""Statements behind a figure."""
_LANGUAGE_ORDER = {"en": 0, "ru": 1, "ar": 2}

Query = Callable[[str, dict[str, Any]], "Result"]
Row = dict[str, Any]


def read_report(warehouse: Warehouse, story: str | None = None) -> Report:
    """Read one story, or all of them, as they are at one moment.

    Raises `UserError` where there is no story, or none of that id, and `WarehouseError` where the file cannot be used.
    """
    with warehouse.database.reading() as connection:
        query: Query = partial(warehouse.database.run, connection)
        briefs = _briefs(query)
        chosen = [choose(briefs, story)] if story is not None else [brief for brief in briefs if brief.claims]
        shown = chosen[:MAX_STORIES]
        return Report(
            stories=_stories(query, shown),
            bare=[brief for brief in briefs if not brief.claims] if story is None else [],
            left_out=len(chosen) - len(shown),
            rejects=int(query("SELECT count(*) FROM rejects", {}).rows[0][0]),
            method=_method(query),
        )


def read_claim(warehouse: Warehouse, claim: str) -> tuple[Story, Claim]:
    """The claim of that whole id, and its story."""
    with warehouse.database.reading() as connection:
        query: Query = partial(warehouse.database.run, connection)
        story = query("SELECT story_id FROM claims WHERE claim_id = $claim", {"claim": claim}).rows[0][0]
        (read,) = _stories(query, [brief for brief in _briefs(query) if brief.story_id == story])
        return read, next(found for found in read.claims if found.claim_id == claim)


def read_head_to_head(
    warehouse: Warehouse, first: str, second: str, story: str | None = None
) -> tuple[list[HeadToHead], int]:
    """One story that two outlets cover, or all of them, those of most outlets first; and how many more there are.

    first, second: whole names. Raises `UserError` where there is no story that both cover.
    """
    with warehouse.database.reading() as connection:
        query: Query = partial(warehouse.database.run, connection)
        briefs = _briefs(query)
        both = {row[0] for row in query(_COVERED_BY_BOTH, {"outlets": [first, second]}).rows}
        if story is not None:
            briefs = [choose(briefs, story)]
        chosen = [brief for brief in briefs if brief.story_id in both]
        if not chosen:
            where = f"story {briefs[0].story_id} is not covered by both" if story else "no story is covered by both"
            raise UserError(f"{where} {clean(first)} and {clean(second)}; `rashomon report` shows who covers what")
        shown = chosen[:MAX_STORIES]
        voices = _grouped(query, _VOICES_OF, {"outlets": [first, second], "stories": [b.story_id for b in shown]})
        pairs = [_head_to_head(read, clean(first), clean(second), voices) for read in _stories(query, shown)]
        return pairs, len(chosen) - len(shown)


def find_claim(warehouse: Warehouse, claim: str) -> str:
    """The id of the only claim whose id is that or begins so. Raises `UserError` naming the nearest ones."""
    rows = warehouse.query(_NEAREST_CLAIMS, {"claim": claim}).rows
    begun = [row for row in rows if row[1]]
    if claim and len(begun) == 1:
        return str(begun[0][0])
    listed = "".join(f"\n  {claim_id}  {_clean(gist)}" for claim_id, _, gist in begun or rows)
    raise UserError(
        f"no claim {clean(claim)!r} in the warehouse; `rashomon claims` lists all"
        + (listed and f"; the nearest:{listed}")
    )


def find_outlet(warehouse: Warehouse, name: str) -> str:
    """The whole name of the outlet, in whatever case, or of the only one whose name begins so.

    Raises `UserError` naming the nearest ones.
    """
    names = [row[0] for row in warehouse.query("SELECT DISTINCT outlet FROM articles ORDER BY outlet").rows]
    folded = {known: clean(known).casefold() for known in names}
    sought = clean(name).casefold()
    begun = [known for known in names if sought and folded[known].startswith(sought)]
    exact = [known for known in begun if known == name] or [known for known in begun if folded[known] == sought]
    if len(exact or begun) == 1:
        return str((exact or begun)[0])
    beginnings = [folded[known][: len(sought)] for known in names]
    close = difflib.get_close_matches(sought, [*folded.values(), *beginnings], n=3, cutoff=0.6)
    near = begun or [known for known, start in zip(names, beginnings, strict=True) if {folded[known], start} & {*close}]
    listed = "".join(f"\n  {clean(known)}" for known in (near or names)[:10])
    which = "the nearest" if near else "there are, among others" if len(names) > 10 else "there are"
    raise UserError(f"no outlet {clean(name)!r} in the warehouse; {which}:{listed}")


def read_briefs(warehouse: Warehouse) -> list[Brief]:
    """All stories, those that most outlets cover first. Raises `UserError` where there is none."""
    return _briefs(warehouse.query)


def choose(briefs: list[Brief], story: str) -> Brief:
    """The story of that id, or the only one whose id begins so. Raises `UserError` naming the nearest ones."""
    begun = [brief for brief in briefs if story and brief.story_id.startswith(story)]
    if len(begun) == 1:
        return begun[0]
    ids = [brief.story_id for brief in briefs]
    near = [brief.story_id for brief in begun] or difflib.get_close_matches(story, ids, n=3, cutoff=0.5)
    offered = [brief for brief in briefs if brief.story_id in (near or ids)[:5]]
    listed = "\n".join(f"  {brief.story_id}  {brief.title}" for brief in offered)
    which = "the nearest" if near else "the largest"
    raise UserError(f"no story {clean(story)!r} in the warehouse; {which}:\n{listed}")


def _briefs(query: Query) -> list[Brief]:
    found = query(STORIES, {})
    if not found.rows:
        articles = query("SELECT count(*) FROM articles", {}).rows[0][0]
        raise UserError(
            f"the warehouse has {articles} articles and no story yet: nothing to report. "
            "`rashomon run CONFIG.yaml` takes coverage in and groups it into stories."
        )
    rows = [dict(zip(found.columns, map(_clean, row), strict=True)) for row in found.rows]
    return [Brief(**{name: row[name] for name in Brief.__slots__}) for row in rows]


def _stories(query: Query, briefs: list[Brief]) -> list[Story]:
    ids = [brief.story_id for brief in briefs]
    tables = {name: _grouped(query, sql, {"stories": ids}) for name, sql in _QUERIES.items()}
    return [_story(brief, {name: table[brief.story_id] for name, table in tables.items()}) for brief in briefs]


def _grouped(query: Query, sql: str, parameters: dict[str, Any]) -> defaultdict[str, list[Row]]:
    """Rows by story."""
    result = query(sql, parameters)
    groups: defaultdict[str, list[Row]] = defaultdict(list)
    for values in result.rows:
        row = dict(zip(result.columns, map(_clean, values), strict=True))
        groups[row["story_id"]].append(row)
    return groups


def _head_to_head(story: Story, first: str, second: str, voices: dict[str, list[Row]]) -> HeadToHead:
    outlets = {outlet.name: outlet for outlet in story.outlets}
    by_speaker = _by(voices[story.story_id], "person")
    shared = [rows for rows in by_speaker.values() if {row["outlet"] for row in rows} == {first, second}]
    named = {rows[0]["speaker"]: [_voice(row, [], []) for row in rows] for rows in shared}
    return HeadToHead(story, outlets[first], outlets[second], named)


_COVERED_BY_BOTH = """
    SELECT story_id FROM story_articles JOIN articles USING (article_id) WHERE list_contains($outlets, outlet)
    GROUP BY story_id HAVING count(DISTINCT outlet) = 2
"""
_VOICES_OF = """
    SELECT * FROM attribution
    WHERE list_contains($stories, story_id) AND list_contains($outlets, outlet)
    ORDER BY list_position($outlets, outlet), statements DESC, speaker, stance
"""
_NEAREST_CLAIMS = """
    WITH near AS (
        SELECT claim_id, statement_id, starts_with(claim_id, $claim) AS is_begun,
            levenshtein(left(claim_id, length($claim)), $claim) AS edits
        FROM claims ORDER BY edits, claim_id LIMIT 5
    )
    SELECT claim_id, is_begun, coalesce(english, text)
    FROM near JOIN told USING (statement_id) ORDER BY edits, claim_id
"""
_CHOSEN = "WHERE list_contains($stories, story_id)"
_BEHIND = "list(t.statement_id ORDER BY t.published_at, t.position, t.statement_id) AS behind"
_QUERIES = {
    "articles": f"""
        SELECT sa.story_id, a.article_id, a.outlet, a.language, a.title, s.text AS opening, a.url, a.published_at,
            o.country, coalesce(o.affiliation, 'unknown') AS affiliation, r.source_outlet, r.hours_after_source
        FROM story_articles sa JOIN articles a USING (article_id) LEFT JOIN outlets o USING (outlet)
        LEFT JOIN republications r ON r.article_id = a.article_id AND r.is_republished
        LEFT JOIN statements s ON s.article_id = a.article_id AND s.position = 0
        {_CHOSEN} ORDER BY a.published_at, a.outlet, a.title
    """,
    "translated": f"""
        SELECT
            story_id, language, CASE WHEN language = 'en' THEN '' ELSE engine END AS engine, model, revision, licence,
            count(*) AS statements, count(doubt) AS doubtful
        FROM told {_CHOSEN} GROUP BY ALL ORDER BY language, engine NULLS LAST, model, revision
    """,
    "coverage": f"SELECT * FROM coverage {_CHOSEN} AND is_told ORDER BY first_published_at, outlet",
    "comparison": f"""
        SELECT comparison.*, claims.statement_id = comparison.statement_id AS is_gist,
            copied.source_outlet, copied.hours_after_source
        FROM comparison JOIN claims USING (story_id, claim_id)
        LEFT JOIN (SELECT statement_id, source_outlet, hours_after_source FROM copied) copied
            ON copied.statement_id = comparison.statement_id
        {_CHOSEN} ORDER BY comparison.published_at, comparison.outlet, comparison.position
    """,
    "denials": f"SELECT * FROM denials {_CHOSEN} ORDER BY probability DESC, claim_id, denial_id",
    "discrepancies": f"SELECT * FROM discrepancies {_CHOSEN} ORDER BY outlets DESC, claim_id, unit",
    "figures": f"""
        SELECT story_id, claim_id, unit, outlet, value, CASE WHEN count(*) = count(bound) THEN min(bound) END AS bound
        FROM claim_figures {_CHOSEN} AND is_compared
        GROUP BY story_id, claim_id, unit, outlet, value ORDER BY value, outlet
    """,
    "differing": f"""
        SELECT c.story_id, c.claim_id, c.unit, c.statement_id, f.surface, f.value
        FROM claim_figures c JOIN discrepancies USING (story_id, claim_id) JOIN figures f
            ON f.statement_id = c.statement_id AND f.value = c.value AND f.unit IS NOT DISTINCT FROM c.unit
        {_CHOSEN} AND c.is_compared AND discrepancies.unit IS NOT DISTINCT FROM c.unit
    """,
    "naming": f"""
        SELECT n.*, {_BEHIND} FROM naming n
        JOIN mentions m ON m.referent = n.referent AND m.valence = n.valence AND lower(m.surface) = n.surface
        JOIN told t ON t.statement_id = m.statement_id
            AND t.story_id = n.story_id AND t.outlet = n.outlet AND t.language = n.language
        WHERE list_contains($stories, n.story_id)
        GROUP BY ALL ORDER BY n.referent, n.outlet, n.mentions DESC, n.surface
    """,
    "voices": f"""
        SELECT *, statement_ids AS behind FROM attribution {_CHOSEN}
        QUALIFY row_number() OVER (
            PARTITION BY story_id ORDER BY statements DESC, quotes DESC, speaker, outlet
        ) <= {MAX_VOICES}
        ORDER BY statements DESC, quotes DESC, speaker, outlet
    """,
    "stances": f"""
        SELECT t.story_id, t.outlet, t.stance, count(*) AS statements, {_BEHIND} FROM told t
        {_CHOSEN} AND t.stance IS NOT NULL GROUP BY t.story_id, t.outlet, t.stance
    """,
    "divergence": f"SELECT * FROM divergence {_CHOSEN}",
    "keyness": f"""
        SELECT story_id, grouping, group_name, word, z, statements, others,
            statement_ids AS behind, other_statement_ids AS elsewhere
        FROM keyness {_CHOSEN}
        QUALIFY row_number() OVER (PARTITION BY story_id, grouping, group_name ORDER BY z DESC, word) <= {MAX_WORDS}
        ORDER BY grouping = 'outlet', grouping DESC, group_name, z DESC, word
    """,
    "frames": f"""
        SELECT
            story_id, frame, f1, is_experimental, outlet, sum(statements)::BIGINT AS statements,
            sum(statements) / sum(of_statements) AS share, flatten(list(statement_ids ORDER BY language)) AS behind
        FROM framing {_CHOSEN} GROUP BY ALL ORDER BY f1 DESC NULLS LAST, frame
    """,
    "told": f"""
        SELECT t.story_id, t.statement_id, t.article_id, t.language, t.text, t.english, t.doubt, c.claim_id, t.is_quote,
            t.english IS NULL AS is_untranslated, t.doubt IS NOT NULL AS is_doubtful
        FROM told t LEFT JOIN claim_statements c USING (statement_id)
        {_CHOSEN} ORDER BY t.published_at, t.outlet, t.title, t.article_id, t.position
    """,
    "outlet_map": f"SELECT * FROM outlet_map {_CHOSEN} ORDER BY outlet",
}

_COUNTING = ("naming", "voices", "stances", "keyness", "frames")  # those whose rows name the statements behind them
_BEHIND_BY = ("behind", "quoted", "elsewhere")  # their columns that do


def _story(brief: Brief, rows: dict[str, list[Row]]) -> Story:
    title, title_by = _title(brief.title, rows["articles"])
    outlets = _outlets(rows["articles"])
    articles = {row["article_id"]: _article(row) for row in rows["articles"]}
    _add_quotes(rows)
    behind = _behind(rows, articles)
    claims = _claims(rows["comparison"], rows["coverage"], outlets, _by(rows["differing"], "statement_id"))
    by_id = {claim.claim_id: claim for claim in claims}
    counted = partial(_counted, behind)
    naming: dict[str, dict[str, list[Name]]] = {}
    for row in rows["naming"]:
        names = naming.setdefault(row["referent"], {}).setdefault(row["outlet"], [])
        names.append(Name(row["surface"], row["valence"], row["mentions"], counted(row)))
    stances: dict[str, dict[str, Stance]] = {}
    for row in rows["stances"]:
        stances.setdefault(row["outlet"], {})[row["stance"]] = Stance(row["statements"], counted(row))
    pairs = [_divergence(row) for row in rows["divergence"] if row["divergence"] is not None]
    return Story(
        story_id=brief.story_id,
        title=title,
        title_by=title_by,
        articles=list(articles.values()),
        outlets=list(outlets.values()),
        statements=sum(row["statements"] for row in rows["translated"]),
        claims=claims,
        denials=[
            Denial(by_id[row["denial_id"]], by_id[row["claim_id"]], row["probability"]) for row in rows["denials"]
        ],
        discrepancies=[_discrepancy(row, by_id[row["claim_id"]], rows["figures"]) for row in rows["discrepancies"]],
        figures=_figures(rows["figures"], by_id),
        naming=naming,
        voices=[_voice(row, counted(row), counted(row, "quoted")) for row in rows["voices"]],
        stances=stances,
        divergence={outlets: pair for pair in pairs for outlets in (pair.outlets, pair.outlets[::-1])},
        translated=[
            Translated(**{name: row[name] for name in Translated.__slots__})
            for row in rows["translated"]
            if row["engine"] != ""
        ],
        keywords=[_keyword(row, counted(row), counted(row, "elsewhere")) for row in rows["keyness"]],
        frames=_frames(rows["frames"], outlets, counted),
        outlet_map=_outlet_map(rows["outlet_map"], outlets),
        behind=list(behind.values()),
    )


def _behind(rows: dict[str, list[Row]], articles: dict[str, Article]) -> dict[str, Statement]:
    """By their ids, in the order of the articles: the statements behind each figure, and those of poor English."""
    counting = (row for table in _COUNTING for row in rows[table])
    counted = {statement for row in counting for some in _BEHIND_BY for statement in _first(row, some)}
    for poor in ("is_untranslated", "is_doubtful"):
        counted.update([row["statement_id"] for row in rows["told"] if row[poor]][:MAX_BEHIND])
    told = [row for row in rows["told"] if row["statement_id"] in counted]
    return {
        row["statement_id"]: Statement(
            number=number,
            article=articles[row["article_id"]],
            text=Phrase(row["text"], row["language"]),
            english=None if row["language"] == "en" else row["english"],
            doubt=row["doubt"],
            claim_id=row["claim_id"],
        )
        for number, row in enumerate(told, 1)
    }


def _add_quotes(rows: dict[str, list[Row]]) -> None:
    """To each voice those of its statements that are quotes."""
    quotes = {row["statement_id"] for row in rows["told"] if row["is_quote"]}
    for voice in rows["voices"]:
        voice["quoted"] = [statement for statement in voice["behind"] if statement in quotes]


def _first(row: Row, which: str = "behind") -> list[str]:
    """The ids of the first statements behind a figure, in the column `which`."""
    return list(dict.fromkeys(row.get(which, ())))[:MAX_BEHIND]


def _counted(behind: dict[str, Statement], row: Row, which: str = "behind") -> list[Statement]:
    return [behind[statement] for statement in _first(row, which)]


def _keyword(row: Row, behind: list[Statement], elsewhere: list[Statement]) -> Keyword:
    group = row["grouping"], row["group_name"]
    return Keyword(*group, row["word"], row["z"], row["statements"], row["others"], behind, elsewhere)


def _frames(rows: list[Row], outlets: Iterable[str], counted: Callable[[Row], list[Statement]]) -> list[Frame]:
    """The frames that any statement shows, those that are found best first."""
    none = dict.fromkeys(outlets, Framed(0, 0.0, []))
    return [
        Frame(
            frame.replace("-", " "),
            shown[0]["f1"],
            shown[0]["is_experimental"],
            none | {row["outlet"]: Framed(row["statements"], row["share"], counted(row)) for row in shown},
        )
        for frame, shown in _by(rows, "frame").items()
        if any(row["statements"] for row in shown)
    ]


def _divergence(row: Row) -> Divergence:
    return Divergence(
        outlets=(row["outlet_a"], row["outlet_b"]),
        far=row["divergence"],
        choice=row["choice"],
        claims=(row["claims_a"], row["claims_b"]),
        shared=row["shared"],
        naming=row["naming"],
        mentions=(row["mentions_a"], row["mentions_b"]),
        stance=row["stance"],
        attributed=(row["attributed_a"], row["attributed_b"]),
    )


def _outlet_map(rows: list[Row], outlets: dict[str, Outlet]) -> OutletMap | None:
    """The map in a square whose sides are as long as its longer one, so that distances stay in proportion."""
    if len(rows) < 3:
        return None
    left, top = min(row["x"] for row in rows), max(row["y"] for row in rows)
    side = max(max(row["x"] for row in rows) - left, top - min(row["y"] for row in rows)) or 1.0
    points = [(outlets[row["outlet"]], (row["x"] - left) / side, (top - row["y"]) / side) for row in rows]
    return OutletMap(points, rows[0]["stress"])


def _article(row: Row) -> Article:
    title = Phrase(_headline(row), row["language"])
    return Article(row["article_id"], row["outlet"], title, safe_link(row["url"]), row["published_at"], _source(row))


def _source(row: Row) -> Source | None:
    return Source(row["source_outlet"], row["hours_after_source"]) if row["source_outlet"] else None


def _title(title: str, articles: list[Row]) -> tuple[Phrase, str | None]:
    """The title in the language of the article it is from, and that one's outlet where it is the headline there."""
    row = next((row for row in articles if _headline(row) == title), None)
    if row is None:
        return Phrase(title, "en"), None
    return Phrase(title, row["language"]), row["outlet"] if row["title"] else None


def _headline(article: Row) -> str:
    """The headline, or the words the article opens with."""
    return article["title"] or article["opening"] or ""


def _discrepancy(found: Row, claim: Claim, figures: list[Row]) -> Discrepancy:
    same = [row for row in figures if (row["claim_id"], row["unit"]) == (claim.claim_id, found["unit"])]
    given = [Given(row["outlet"], row["value"], row["bound"]) for row in same]
    return Discrepancy(claim, found["unit"], found["lowest"], found["highest"], given)


def _figures(rows: list[Row], claims: dict[str, Claim]) -> list[Figures]:
    given: dict[tuple[str, str | None], list[Given]] = {}
    for row in rows:
        given.setdefault((row["claim_id"], row["unit"]), []).append(Given(row["outlet"], row["value"], row["bound"]))
    found = [Figures(claims[claim], unit, parts) for (claim, unit), parts in given.items()]
    return sorted(found, key=lambda figures: (figures.claim.number, figures.unit or ""))


def _outlets(articles: list[Row]) -> dict[str, Outlet]:
    """Outlets by name, those of a language together: English, then Russian, then Arabic, then others."""
    found = {
        row["outlet"]: Outlet(row["outlet"], row["language"], row["country"], row["affiliation"]) for row in articles
    }

    def rank(outlet: Outlet) -> tuple[int, str, str]:
        return _LANGUAGE_ORDER.get(outlet.language, 3), outlet.language, outlet.name

    return {outlet.name: outlet for outlet in sorted(found.values(), key=rank)}


def _claims(
    comparison: list[Row], coverage: list[Row], outlets: dict[str, Outlet], differing: dict[str, list[Row]]
) -> list[Claim]:
    """Claims told by most outlets first, then the earliest. differing: figures that are, by the statement's id."""
    for row in comparison:
        row["differing"] = differing.get(row["statement_id"], [])
    statements = _by(comparison, "claim_id")
    tellings = _by(coverage, "claim_id")  # the earliest claim first, as the rows come
    ranked = sorted(tellings, key=lambda claim: -len({row["outlet"] for row in tellings[claim]}))
    return [
        _claim(claim, number, statements[claim], tellings[claim], outlets) for number, claim in enumerate(ranked, 1)
    ]


def _claim(claim_id: str, number: int, statements: list[Row], coverage: list[Row], outlets: dict[str, Outlet]) -> Claim:
    gist = next((row for row in statements if row["is_gist"]), statements[0])
    worded = _by(statements, "outlet")
    tellings = {
        row["outlet"]: Telling(
            outlets[row["outlet"]],
            row["first_published_at"],
            row["hours_after_first"],
            [_wording(statement) for statement in worded[row["outlet"]]],
        )
        for row in coverage
    }
    return Claim(
        claim_id=claim_id,
        number=number,
        gist=Phrase(gist["claim"], gist["language"] if gist["english"] is None else "en"),
        tellings=tellings,
        missing=[outlet for name, outlet in outlets.items() if name not in tellings],
        independent=coverage[0]["independent"],
    )


def _wording(row: Row) -> Wording:
    is_english = row["language"] == "en"
    return Wording(
        text=Phrase(row["text"], row["language"]),
        english=None if is_english or row["english"] is None else row["english"],
        engine=row["engine"],
        doubt=row["doubt"],
        speaker=row["speaker"],
        cue=row["cue"],
        stance=row["stance"],
        is_quote=row["is_quote"],
        link=safe_link(row["url"]),
        published_at=row["published_at"],
        source=_source(row),
        probability=row["probability"],
        differing=_differing(row),
    )


def _differing(row: Row) -> frozenset[str]:
    """The figures as the statement has them, and as its English does."""
    values = {figure["value"] for figure in row["differing"]}
    found = find_figures(row["english"], "en") if values and row["english"] else []
    english = {figure.surface for figure in found if figure.value in values}
    return frozenset(english.union(figure["surface"] for figure in row["differing"]))


def _voice(row: Row, behind: list[Statement], quoted: list[Statement]) -> Voice:
    speaker = Phrase(row["speaker"], row["language"])
    counts = row["statements"], row["quotes"]
    return Voice(speaker, row["outlet"], row["stance"], *counts, row["cues"] or "", behind, quoted)


def _method(query: Query) -> Method:
    sql = "SELECT finished_at, config, versions FROM runs ORDER BY (state = 'completed') DESC, started_at DESC LIMIT 1"
    rows = query(sql, {}).rows
    if not rows:
        return Method()
    finished_at, config, versions = rows[0]
    settings, made_with = json.loads(config), json.loads(versions)
    return Method(
        finished_at=finished_at,
        encoder=_clean(settings.get("encode", {}).get("model")),
        vectors=tuple(clean(row[0]) for row in query("SELECT DISTINCT model FROM vectors ORDER BY model", {}).rows),
        story_similarity=settings.get("align", {}).get("story_similarity"),
        min_probability=settings.get("align", {}).get("min_probability"),
        version=_clean(made_with.get("rashomon")),
    )


def _by(rows: Iterable[Row], key: str) -> dict[str, list[Row]]:
    groups: dict[str, list[Row]] = {}
    for row in rows:
        groups.setdefault(row[key], []).append(row)
    return groups


def _clean(value: Any) -> Any:
    return clean(value) if isinstance(value, str) else value
