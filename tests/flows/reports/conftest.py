"""Warehouses to report on: gold events as a perfect run would store them, and one with hostile coverage."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from align.encoders import EmbeddedEncoder
from align.figures import find_figures
from align.framing.frames import FrameFinder
from align.persons import name_persons
from flows.lexicons import background_texts, load_frames
from flows.stages.encode import encoder_key
from flows.stages.frame import frame_story
from storage import Reading, Warehouse, article_id, claim_id, statement_id, story_id, text_hash
from storage.rows import (
    Article,
    Claim,
    ClaimStatement,
    Copy,
    Estimate,
    Figure,
    Frame,
    Keyness,
    Mention,
    Outlet,
    Reject,
    Relation,
    Speaker,
    Statement,
    Story,
    StoryArticle,
    Translation,
)

GOLD = Path(__file__).parents[3] / "configs" / "gold"
NOW = datetime(2018, 9, 7, 12, 0)
STANCES = {"alleged": "distancing", "утверждает": "distancing", "denied": "denying", "confirmed": "endorsing"}
Record = dict[str, Any]


@pytest.fixture(scope="session")
def enclave(tmp_path_factory: pytest.TempPathFactory) -> Warehouse:
    """The event `enclave`; the statements of one Arabic outlet are not translated yet."""
    warehouse = Warehouse(tmp_path_factory.mktemp("enclave") / "enclave.duckdb")
    add_gold(warehouse, "enclave", untranslated="enclave-ar-3")
    add_run(warehouse)
    return warehouse


@pytest.fixture(scope="session")
def doubted(tmp_path_factory: pytest.TempPathFactory) -> Warehouse:
    """The event `enclave`, one Arabic outlet translated by a model: in a wording of the first claim a number differs,
    in all others the model has lost an address."""
    warehouse = Warehouse(tmp_path_factory.mktemp("doubted") / "doubted.duckdb")
    add_gold(warehouse, "enclave", untranslated="enclave-ar-3")
    model = ("opus-mt", "Helsinki-NLP/opus-mt-ar-en", "c0ffee")
    found = warehouse.query("SELECT text FROM told WHERE english IS NULL AND language = 'ar' ORDER BY position").rows
    flaws = [(text, None if text.startswith("ويتقاطع") else "lost <b>https://a.example/") for (text,) in found]
    warehouse.write_translations(
        [Translation(text_hash(text), *model, "In English.", NOW, "CC-BY-4.0", flaw) for text, flaw in flaws]
    )
    warehouse.write_estimates(
        [Estimate(text_hash(text), *model, 0.21, "number") for text, flaw in flaws if flaw is None], "weights"
    )
    return warehouse


@pytest.fixture
def build(tmp_path: Path) -> Callable[..., Warehouse]:
    """Build a warehouse from articles with their sentences: see `add`."""

    def build(*stories: Record) -> Warehouse:
        warehouse = Warehouse(tmp_path / "built.duckdb")
        warehouse.write_outlets([])
        for story in stories:
            add(warehouse, **story)
        return warehouse

    return build


@cache
def framing() -> tuple[EmbeddedEncoder, FrameFinder]:
    encoder = EmbeddedEncoder()
    return encoder, FrameFinder(load_frames([]).frames, encoder.encode, background_texts())


def add_run(warehouse: Warehouse) -> None:
    config = {"encode": {"model": "embedded"}, "align": {"min_probability": 0.46}}
    warehouse.start_run("run-1", "brave-otter", config, {"rashomon": "0.1.0"})
    warehouse.finish_run("run-1", "completed", {})
    rejects = [Reject("feed.xml", f"https://a.example/{n}", "no article in the page", NOW) for n in range(3)]
    warehouse.write_coverage([], rejects)


def add_gold(warehouse: Warehouse, event: str, untranslated: str | None = None) -> None:
    articles = _records(event, "articles")
    statements = _records(event, "statements")
    for article in articles:
        article["statements"] = [line for line in statements if line["article"] == article["id"]]
    story = add(warehouse, articles, _records(event, "names"), untranslated, _records(event, "relations"))
    encoder, finder = framing()
    texts = sorted({line["text"] for line in statements})
    vectors = encoder.encode(texts)
    warehouse.write_vectors(encoder_key(encoder), [text_hash(text) for text in texts], vectors)
    warehouse.write_frames([Frame(each.name, each.f1, each.is_experimental) for each in load_frames([]).frames])
    frame_story(story, "framed", warehouse, encoder, finder)


def add(
    warehouse: Warehouse,
    articles: list[Record],
    names: Iterable[Record] = (),
    untranslated: str | None = None,
    relations: Iterable[Record] = (),
) -> str:
    """Store articles as one story, with the statements, claims and translations they give. Returns the story's id.

    An article has the fields of a gold one, and `statements`: gold statements, of which only `text` must be there.
    The statements of the article `untranslated` get no English.
    """
    for record in articles:
        record["article_id"] = article_id(record["outlet"], record.get("url"), record["title"], record["text"])
    articles.sort(key=lambda record: record["published_at"])
    warehouse.write_outlets(
        [Outlet(record["outlet"], record.get("country"), record["language"]) for record in articles]
    )
    warehouse.write_coverage([_article(record) for record in articles])
    readings = [_reading(record, names) for record in articles]
    warehouse.write_readings("rules-1", readings)
    translated = [record for record in articles if record.get("id") != untranslated or untranslated is None]
    warehouse.write_translations([translation for record in translated for translation in _translations(record)])
    story = story_id(articles[0]["article_id"])
    title = next((record["title"] for record in articles if record["language"] == "en"), articles[0]["title"])
    warehouse.write_stories([Story(story, title)], [StoryArticle(record["article_id"], story) for record in articles])
    _write_claims(warehouse, story, articles, readings, relations)
    return story


def _write_claims(
    warehouse: Warehouse, story: str, articles: list[Record], readings: list[Reading], relations: Iterable[Record]
) -> None:
    members: dict[str, list[str]] = {}
    for record, reading in zip(articles, readings, strict=True):
        for line, statement in zip(record["statements"], reading.statements, strict=True):
            if line.get("claim"):
                members.setdefault(line["claim"], []).append(statement.statement_id)
    keys = {claim: claim_id(story, ids[0]) for claim, ids in members.items()}
    claims = [Claim(keys[claim], story, ids[0], 0.8) for claim, ids in members.items()]
    rows = [ClaimStatement(member, keys[claim], 0.8) for claim, ids in members.items() for member in ids]
    links = [Relation(keys[row["claim"]], keys[row["denies"]], "denies", 0.6) for row in relations]
    voices = [
        (statement.speaker, record["language"])
        for record, reading in zip(articles, readings, strict=True)
        for statement in reading.statements
        if statement.speaker
    ]
    speakers = [Speaker(story, *voice, person) for voice, person in name_persons(voices).items()]
    warehouse.write_claims(story, "settings-1", claims, rows, relations=links, speakers=speakers)


def _article(record: Record) -> Article:
    published = datetime.fromisoformat(record["published_at"]).astimezone(UTC).replace(tzinfo=None)
    return Article(
        article_id=record["article_id"],
        outlet=record["outlet"],
        language=record["language"],
        url=record.get("url"),
        title=record["title"],
        text=record["text"],
        published_at=published,
        source="gold",
        stored_at=NOW,
    )


def _reading(record: Record, names: Iterable[Record]) -> Reading:
    statements = [_statement(record, position, line) for position, line in enumerate(record["statements"])]
    return Reading(
        record["article_id"],
        statements,
        [mention for statement in statements for mention in _mentions(statement, record, names)],
        [figure for statement in statements for figure in _figures(statement, record["language"])],
    )


def _statement(record: Record, position: int, line: Record) -> Statement:
    text, cue = line["text"], line.get("cue")
    start = max(record["text"].find(text), 0)
    return Statement(
        statement_id=statement_id(record["article_id"], position, text),
        article_id=record["article_id"],
        position=position,
        start_offset=start,
        end_offset=start + len(text),
        text=text,
        text_hash=text_hash(text),
        speaker=line.get("speaker"),
        cue=cue,
        stance=STANCES.get(cue, "neutral") if cue else None,
        is_quote=line.get("quote", False),
        antecedent=line.get("antecedent"),
    )


def _mentions(statement: Statement, record: Record, names: Iterable[Record]) -> list[Mention]:
    found = {}
    for name in names:
        if (name["article"], name["n"]) == (record.get("id"), statement.position):
            start = statement.text.index(name["text"])
            end = start + len(name["text"])
            found[start] = Mention(statement.statement_id, start, end, name["text"], name["referent"], name["valence"])
    return list(found.values())


def _figures(statement: Statement, language: str) -> list[Figure]:
    return [
        Figure(statement.statement_id, found.start, found.end, found.surface, found.value, found.unit, found.bound)
        for found in find_figures(statement.text, language)
    ]


def _translations(record: Record) -> list[Translation]:
    return [
        Translation(text_hash(line["text"]), "memory", "gold", "1", line["en"], NOW)
        for line in record["statements"]
        if line.get("en")
    ]


def _records(event: str, name: str) -> list[Record]:
    return [json.loads(line) for line in (GOLD / event / f"{name}.jsonl").read_text("utf-8").splitlines()]


HOSTILE = (
    '"><script>document.title="owned"; console.error("owned")</script>'
    "<img src=http://tracker.example/x.png onerror=alert(1)>"
)
MARKUP = "# | [red]`*_~~[x](http://a.example)<b>&amp;</b> @all www.a.example \\"
CONTROLS = "\x1b[31mred\x07\x9b2J\u202eevil\u2066"


@pytest.fixture
def hostile(build: Callable[..., Warehouse]) -> Warehouse:
    """Two outlets whose every text field holds markup and control characters, and whose links are no web addresses.

    So does the word that sets one of them apart.
    """
    texts = [f"{HOSTILE} says one {CONTROLS}", f"{MARKUP} says two"]
    articles = [
        {
            "id": f"hostile-{number}",
            "outlet": f"{number} {HOSTILE}{MARKUP}{CONTROLS}",
            "country": HOSTILE,
            "language": language,
            "url": url,
            "title": f"{number} {HOSTILE}{MARKUP}{CONTROLS}",
            "text": text,
            "published_at": f"2024-01-0{number + 1}T10:00:00+00:00",
            "statements": [
                {
                    "text": text,
                    "en": f"{HOSTILE}{MARKUP}",
                    "claim": "c",
                    "speaker": HOSTILE,
                    "cue": MARKUP,
                    "quote": True,
                }
            ],
        }
        for number, (language, url, text) in enumerate(
            [("ar", "javascript:alert(1)", texts[0]), ("ru", "https://a.example/\"onclick='x()'><b>(_*", texts[1])]
        )
    ]
    names = [
        {"article": "hostile-0", "n": 0, "text": HOSTILE, "referent": HOSTILE, "valence": "negative"},
        {"article": "hostile-1", "n": 0, "text": MARKUP, "referent": MARKUP, "valence": "positive"},
    ]
    warehouse = build({"articles": articles, "names": names})
    (story, outlet, statement), (_, _, other) = warehouse.query("SELECT story_id, outlet, statement_id FROM told").rows
    words = [Keyness(story, "outlet", outlet, f"{HOSTILE}{CONTROLS}", 3.0, 1.0, 3, 1, [statement], [other])]
    warehouse.write_framing(story, "framed", words, [], [])
    return warehouse


WIRE = {"en": ("Wire One", "Daily Two", "Own Three"), "ar": ("وكالة أولى", "صحيفة ثانية", "صحيفة ثالثة")}


@pytest.fixture
def wire(build: Callable[..., Warehouse]) -> Warehouse:
    """A claim in two languages; in each the second outlet repeats the first, three hours later, and the third does not.

    Of the English outlets the third leaves the claim out, and so does the third of the Arabic ones.
    """
    articles = [
        {
            "outlet": outlet,
            "language": language,
            "title": f"Headline of {outlet}",
            "text": f"Text of {outlet}.",
            "published_at": f"2024-03-01T{8 + 3 * number:02}:{30 * (language == 'ar'):02}:00+00:00",
            "statements": [{"text": f"Text of {outlet}.", "claim": "claim" if number < 2 else None}],
        }
        for language, outlets in WIRE.items()
        for number, outlet in enumerate(outlets)
    ]
    warehouse = build({"articles": articles})
    ids = dict(warehouse.query("SELECT outlet, statement_id FROM told").rows)
    copies = [Copy(ids[second], ids[first], 0.9) for first, second, _ in WIRE.values()]
    warehouse.write_copies([], copies, "rules")
    return warehouse
