"""What each stage of the pipeline asks the warehouse for, and what it gives back.

Every stage reads what is missing, a batch at a time, and writes each batch in one transaction. So a run that was
stopped anywhere goes on where it was, and a run with nothing new does almost nothing. Batches come in the order of a
key; `after` is the last key of the batch before.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, fields
from datetime import UTC, date, datetime, timedelta
from math import ceil
from pathlib import Path
from typing import Any

from duckdb import DuckDBPyConnection

from storage import exchange
from storage.database import Database, DatabaseFile, Result
from storage.errors import WarehouseError
from storage.inserts import insert
from storage.lake import PREFIX, Lake
from storage.parameters import handing_over, quoted
from storage.rows import (
    Article,
    Claim,
    ClaimStatement,
    Copy,
    Estimate,
    Fetch,
    Figure,
    Frame,
    HostDay,
    Keyness,
    Mention,
    Outlet,
    OutletPoint,
    Pair,
    Reject,
    Relation,
    Run,
    Speaker,
    Statement,
    StatementFrame,
    Story,
    StoryArticle,
    Translation,
)
from storage.vectors import Vectors, fetch_with_vectors, write_vectors

WHOLE_SOURCE = "the whole source"
"""The item of a reject where nothing of a source, or nothing further, could be read."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What was read in one article."""

    article_id: str
    statements: list[Statement]
    mentions: list[Mention]
    figures: list[Figure]


@dataclass(frozen=True, slots=True)
class Text:
    """A text to work on, under its key."""

    key: str
    text: str
    language: str


@dataclass(frozen=True, slots=True)
class GroupableArticle:
    """An article with its statements' vectors, shape (statements, dimensions); `story_id` is None if it has none."""

    article_id: str
    story_id: str | None
    title: str
    language: str
    published_at: datetime
    vectors: Vectors


@dataclass(frozen=True, slots=True)
class StoryStatements:
    """The statements of a story in order of time and place, with their vectors, shape (n, dimensions).

    `figures` has the values that each gives; `english` is None for a statement that is not translated yet, the text
    itself for an English one.
    """

    statement_ids: list[str]
    article_ids: list[str]
    texts: list[str]
    languages: list[str]
    outlets: list[str]
    english: list[str | None]
    speakers: list[str | None]
    cues: list[str | None]
    figures: list[list[float]]
    vectors: Vectors


@dataclass(frozen=True, slots=True)
class TraceableStatement:
    """A statement and, where it is known as a copy, its source with what tells which of two is earlier."""

    statement_id: str
    article_id: str
    position: int
    language: str
    text: str
    published_at: datetime
    source_id: str | None
    source_article_id: str | None
    source_position: int | None
    source_published_at: datetime | None
    similarity: float | None


@dataclass(frozen=True, slots=True)
class Worded:
    """A statement in English with the groups its outlet belongs to; `affiliation` is `unknown` where it is."""

    statement_id: str
    english: str
    outlet: str
    language: str
    affiliation: str


@dataclass(frozen=True, slots=True)
class TranslationKey:
    """What made a translation; without a revision, any of the model's; without a model, any of the engine's."""

    engine: str
    model: str | None = None
    revision: str | None = None


@dataclass(frozen=True, slots=True)
class Translated:
    """A translation, told by its key, with the text it was made of."""

    text_hash: str
    engine: str
    model: str
    revision: str
    text: str
    language: str
    english: str


class Warehouse:
    """Coverage in a DuckDB file or on DuckLake, opened a batch at a time.

    place: the file, or an address as `storage.lake.Lake` takes it; made on the first write.
    wait: seconds to wait while another process has it; files, as_of: of a lake, see there.
    Methods raise `WarehouseError` if it is missing, in use, broken, or from a newer version.
    """

    def __init__(
        self,
        place: str | Path,
        wait: float = 30.0,
        files: str | Path | None = None,
        as_of: datetime | None = None,
    ) -> None:
        if str(place).startswith(PREFIX):
            self.database: Database = Lake(str(place), wait, files, as_of)
        elif as_of:
            raise WarehouseError(f"{place} keeps no past; a warehouse on DuckLake (`ducklake:...`) does")
        else:
            self.database = DatabaseFile(place, wait)

    @property
    def place(self) -> str:
        """As the user names it."""
        return self.database.name

    def alone(self, waiting: Callable[[], object] = lambda: None) -> AbstractContextManager[object]:
        """Have what was taken in to this run, where several may work on one warehouse; waits for its turn.

        waiting: called once where it has to.
        """
        return self.database.alone(waiting)

    def query(self, sql: str, parameters: Sequence[Any] | dict[str, Any] = ()) -> Result:
        """Run one statement read-only. Raises `WarehouseError` with DuckDB's message where the SQL is wrong."""
        with self.database.reading() as connection:
            return self.database.run(connection, sql, parameters)

    def export(self, relation: str, path: Path) -> None:
        """Write a table, a view or a SELECT in parentheses to a Parquet file."""
        with self.database.reading() as connection:
            self.database.run(connection, f"COPY (FROM {relation}) TO '{quoted(path)}' (FORMAT parquet)")

    def publish(self, out: Path) -> None:
        """Write a compact copy for readers to a new file; the vectors are left out."""
        exchange.publish(self.database, out)

    def export_all(self, folder: Path) -> dict[str, int]:
        """Write every table as a Parquet file into an empty folder, with the schema. Returns the rows of each."""
        return exchange.export(self.database, folder)

    # -- runs ---------------------------------------------------------------------------------------------------------

    def start_run(self, run_id: str, name: str, config: dict[str, Any], versions: dict[str, str]) -> None:
        """Record a run. Where it is the only one now, one that is still said to be running was killed."""
        with self.database.writing() as connection:
            if not self.database.is_shared:
                connection.execute("UPDATE runs SET state = 'killed' WHERE state = 'running'")
            insert(
                connection,
                "runs",
                [Run(run_id, name, _now(), "running", json.dumps(config), json.dumps(versions))],
                "OR REPLACE",
            )

    def finish_run(self, run_id: str, state: str, counts: dict[str, Any], error: str | None = None) -> None:
        with self.database.writing() as connection:
            connection.execute(
                "UPDATE runs SET finished_at = ?, state = ?, counts = ?, error = ? WHERE run_id = ?",
                [_now(), state, json.dumps(counts), error, run_id],
            )

    # -- coverage -----------------------------------------------------------------------------------------------------

    def write_outlets(self, outlets: Sequence[Outlet]) -> None:
        """Store what is known of outlets, in place of what was known before."""
        with self.database.writing() as connection:
            insert(connection, "outlets", outlets, "OR REPLACE")

    def write_coverage(
        self,
        articles: Sequence[Article],
        rejects: Sequence[Reject] = (),
        fetches: Sequence[Fetch] = (),
        outlets: Sequence[Outlet] = (),
        settled: Sequence[tuple[str | None, Sequence[str]]] = (),
        asked: Sequence[HostDay] = (),
    ) -> int:
        """Store what a source brought; an article that is there already stays as it is. Returns how many are new.

        outlets: what to store of the articles' outlets; of one that is there already only a missing country is filled
        in, and one that is not given gets a row with its language. settled: rejects to delete before these are stored,
        as pairs of a source (None: any) and items: those named, "all", or "all but pages", which addresses stand for.
        asked: added to what hosts were asked on these days.
        """
        with self.database.writing() as connection:
            (before,) = connection.execute("SELECT count(*) FROM articles").fetchone() or (0,)
            if settled:
                _delete_settled(connection, settled)
            insert(connection, "articles", _last_of(articles[::-1], "article_id"), "OR IGNORE")
            insert(connection, "rejects", _last_of(rejects, "source", "item"), "OR REPLACE")
            insert(connection, "fetches", _last_of(fetches, "url"), "OR REPLACE")
            if asked:
                _add_asked(connection, asked)
            named = [*outlets, *(Outlet(article.outlet, language=article.language) for article in articles)]
            insert(connection, "outlets", _last_of(named[::-1], "outlet"), "OR IGNORE")
            for outlet in outlets:
                if outlet.country:
                    connection.execute(
                        "UPDATE outlets SET country = ? WHERE outlet = ? AND country IS NULL",
                        [outlet.country, outlet.outlet],
                    )
            (after,) = connection.execute("SELECT count(*) FROM articles").fetchone() or (0,)
        return int(after - before)

    def fetched(self, urls: Sequence[str]) -> list[Fetch]:
        """What is known of those of the URLs that were fetched to their end."""
        sql = "SELECT * FROM fetches SEMI JOIN (SELECT unnest($1::VARCHAR[]) AS url) USING (url)"
        return [Fetch(*row) for row in self.query(sql, [urls]).rows]

    def asked_on(self, day: date) -> dict[str, int]:
        """How many requests were made to each host on a day, UTC."""
        return dict(self.query("SELECT host, requests FROM host_days WHERE day = $1", [day]).rows)

    # -- reading ------------------------------------------------------------------------------------------------------

    def count_unread(self, read_as: str) -> int:
        return self._count(f"SELECT count(*) {_UNREAD} AND text IS NOT NULL", [read_as])

    def count_unreadable(self, read_as: str) -> int:
        """How many articles other rules have read and no text is left of, so that they stay as they are."""
        return self._count(f"SELECT count(*) {_UNREAD} AND text IS NULL", [read_as])

    def unread(self, read_as: str, limit: int) -> list[Text]:
        """Articles whose statements were not made with the reading rules of that fingerprint."""
        sql = f"SELECT article_id, text, language {_UNREAD} AND text IS NOT NULL ORDER BY article_id LIMIT ?"
        return [Text(*row) for row in self.query(sql, [read_as, limit]).rows]

    def write_readings(self, read_as: str, readings: Sequence[Reading]) -> None:
        """Replace what was read in these articles before; copies that were traced are traced anew."""
        ids = [reading.article_id for reading in readings]
        with self.database.writing() as connection:
            traced = "SELECT 1 FROM articles WHERE list_contains($1, article_id) AND traced_as IS NOT NULL LIMIT 1"
            if connection.execute(traced, [ids]).fetchone():
                _forget_copies(connection)
            old = "SELECT statement_id FROM statements WHERE list_contains($1, article_id)"
            for table in ("mentions", "figures", "pairs", "statement_frames"):
                connection.execute(f"DELETE FROM {table} WHERE statement_id IN ({old})", [ids])
            connection.execute("DELETE FROM statements WHERE list_contains($1, article_id)", [ids])
            insert(connection, "statements", [row for reading in readings for row in reading.statements])
            insert(connection, "mentions", [row for reading in readings for row in reading.mentions])
            insert(connection, "figures", [row for reading in readings for row in reading.figures])
            connection.execute("UPDATE articles SET read_as = $2 WHERE list_contains($1, article_id)", [ids, read_as])

    def drop_texts(self, stored_before: datetime) -> int:
        """Drop the texts of articles that were read and stored before then; nothing else needs them. Returns how many.

        The database may keep the bytes for a while: see docs/responsible-use.md.
        """
        dropped = self._count(f"SELECT count(*) FROM articles {_DROPPABLE}", [stored_before])
        if dropped:
            with self.database.writing() as connection:
                connection.execute(f"UPDATE articles SET text = NULL {_DROPPABLE}", [stored_before])
        return dropped

    # -- copies -------------------------------------------------------------------------------------------------------

    def forget_copies_unless(self, traced_as: str) -> None:
        """Forget all copies where any were traced by rules of another fingerprint."""
        if self._count("SELECT count(*) FROM articles WHERE traced_as <> ?", [traced_as]):
            with self.database.writing() as connection:
                _forget_copies(connection)

    def count_untraced(self) -> int:
        return self._count(f"SELECT count(*) {_UNTRACED}", [])

    def untraced(self, limit: int) -> list[str]:
        """Articles that were read and whose copies were not traced, the earliest first."""
        sql = f"SELECT article_id {_UNTRACED} ORDER BY published_at, article_id LIMIT ?"
        return [row[0] for row in self.query(sql, [limit]).rows]

    def traceable(self, articles: Sequence[str], max_days: float) -> list[TraceableStatement]:
        """The statements of these articles, and of those that were traced and are near them in time, in its order."""
        sql = """
            WITH hours AS (
                SELECT DISTINCT date_trunc('hour', published_at) AS hour FROM articles
                WHERE list_contains($articles, article_id)
            ), near AS (
                SELECT article_id, published_at, language FROM articles a
                WHERE list_contains($articles, article_id) OR traced_as IS NOT NULL AND EXISTS (
                    SELECT 1 FROM hours
                    WHERE a.published_at BETWEEN hour - $reach AND hour + $reach + INTERVAL 1 HOUR
                )
            )
            SELECT s.statement_id, s.article_id, s.position, n.language, s.text, n.published_at,
                c.source_statement_id, t.article_id, t.position, a.published_at, c.similarity
            FROM near n JOIN statements s USING (article_id)
            LEFT JOIN copies c USING (statement_id)
            LEFT JOIN statements t ON t.statement_id = c.source_statement_id
            LEFT JOIN articles a ON a.article_id = t.article_id
            ORDER BY n.published_at, s.article_id, s.position
        """
        parameters = {"articles": list(articles), "reach": timedelta(days=max_days)}
        return [TraceableStatement(*row) for row in self.query(sql, parameters).rows]

    def write_copies(self, articles: Sequence[str], copies: Sequence[Copy], traced_as: str) -> None:
        """Store copies, in place of what was known of their statements, and that these articles were traced.

        What had one of the copies as its source gets that one's source.
        """
        with self.database.writing() as connection:
            connection.execute(
                """
                UPDATE copies SET source_statement_id = n.source
                FROM (SELECT unnest($1) AS statement, unnest($2) AS source) n WHERE source_statement_id = n.statement
                """,
                [[copy.statement_id for copy in copies], [copy.source_statement_id for copy in copies]],
            )
            insert(connection, "copies", copies, "OR REPLACE")
            connection.execute(
                "UPDATE articles SET traced_as = $2 WHERE list_contains($1, article_id)", [list(articles), traced_as]
            )

    # -- translation --------------------------------------------------------------------------------------------------

    def count_untranslated(self, language: str, keys: Sequence[TranslationKey], in_claims: bool = False) -> int:
        return self._count(
            f"SELECT count(DISTINCT s.text_hash) {_UNTRANSLATED}", _translation_parameters(language, keys, in_claims)
        )

    def untranslated(
        self, language: str, keys: Sequence[TranslationKey], after: str, limit: int, in_claims: bool = False
    ) -> list[Text]:
        """Texts in a language for which nothing among `keys` has made a translation; `in_claims`: only of claims."""
        sql = f"""
            SELECT s.text_hash, any_value(s.text), any_value(a.language) {_UNTRANSLATED} AND s.text_hash > $after
            GROUP BY s.text_hash ORDER BY s.text_hash LIMIT $limit
        """
        parameters = _translation_parameters(language, keys, in_claims) | {"after": after, "limit": limit}
        return [Text(*row) for row in self.query(sql, parameters).rows]

    def foreign_languages(self) -> list[str]:
        """The languages of stored articles, English apart."""
        return [
            row[0]
            for row in self.query("SELECT DISTINCT language FROM articles WHERE language <> 'en' ORDER BY 1").rows
        ]

    def count_without_english(self, in_claims: bool = False) -> int:
        """How many statements have no English."""
        chosen = "AND statement_id IN (SELECT statement_id FROM claim_statements)" if in_claims else ""
        return self._count(f"SELECT count(*) FROM told WHERE english IS NULL {chosen}", [])

    def write_translations(self, translations: Sequence[Translation]) -> None:
        with self.database.writing() as connection:
            insert(connection, "translations", translations, "OR IGNORE")

    def count_unassessed(self, assessed_as: str, languages: Sequence[str]) -> int:
        parameters = {"assessed_as": assessed_as, "languages": list(languages)}
        return self._count(f"SELECT count(*) FROM ({_UNASSESSED})", parameters)

    def unassessed(self, assessed_as: str, languages: Sequence[str], limit: int) -> list[Translated]:
        """Translations out of these languages whose quality was not estimated with what `assessed_as` stands for."""
        parameters = {"assessed_as": assessed_as, "languages": list(languages), "limit": limit}
        return [Translated(*row) for row in self.query(f"{_UNASSESSED} ORDER BY ALL LIMIT $limit", parameters).rows]

    def write_estimates(self, estimates: Sequence[Estimate], assessed_as: str) -> None:
        columns = [[getattr(estimate, field.name) for estimate in estimates] for field in fields(Estimate)]
        with self.database.writing() as connection, handing_over(columns):
            connection.execute(_ASSESS, [*columns, assessed_as])

    # -- vectors ------------------------------------------------------------------------------------------------------

    def count_unencoded(self, model: str) -> int:
        return self._count(f"SELECT count(DISTINCT text_hash) {_UNENCODED}", {"model": model})

    def unencoded(self, model: str, limit: int, after: str = "") -> list[Text]:
        """Texts without a vector of that encoder."""
        sql = f"""
            SELECT text_hash, any_value(text), '' {_UNENCODED} AND text_hash > $after
            GROUP BY text_hash ORDER BY text_hash LIMIT $limit
        """
        return [Text(*row) for row in self.query(sql, {"model": model, "after": after, "limit": limit}).rows]

    def write_vectors(self, model: str, hashes: Sequence[str], vectors: Vectors) -> None:
        """Store unit vectors, shape (n, dimensions), under the hashes of their texts."""
        with self.database.writing() as connection:
            write_vectors(connection, model, hashes, vectors)

    # -- stories ------------------------------------------------------------------------------------------------------

    def count_ungrouped(self, model: str) -> int:
        return self._count(f"SELECT count(*) {_UNGROUPED}", [model])

    def ungrouped(self, model: str, limit: int) -> list[str]:
        """Articles that have vectors of that encoder and no story, the earliest first."""
        sql = f"SELECT article_id {_UNGROUPED} ORDER BY published_at, article_id LIMIT ?"
        return [row[0] for row in self.query(sql, [model, limit]).rows]

    def groupable(
        self, articles: Sequence[str], model: str, dimensions: int, max_days: float
    ) -> list[GroupableArticle]:
        """These articles, and those with a story that are near enough in time to share it, in order of time."""
        parameters = {"articles": list(articles), "model": model, "reach": ceil(max_days)}
        with self.database.reading() as connection:
            rows, vectors = fetch_with_vectors(connection, _GROUPABLE.format(f"vectors_{dimensions}"), parameters)
        return _by_article(rows, vectors)

    def write_stories(self, stories: Sequence[Story], articles: Sequence[StoryArticle]) -> None:
        with self.database.writing() as connection:
            insert(connection, "stories", stories, "OR IGNORE")
            insert(connection, "story_articles", articles, "OR IGNORE")

    # -- claims -------------------------------------------------------------------------------------------------------

    def unaligned(self, settings: str, with_english: bool = True) -> list[tuple[str, str]]:
        """Stories whose claims were not made from what their statements are now, with English, speakers and figures.

        settings: a fingerprint of all that shapes claims; with_english: whether translations do. Returns (story_id,
        fingerprint to store with the claims).
        """
        english = "coalesce(english, '-')" if with_english else "'-'"
        sql = f"""
            SELECT story_id, fingerprint FROM (
                SELECT story_id, md5(? || string_agg(
                    concat(statement_id, {english}, coalesce(speaker, '-'), coalesce(cue, '-'), given), ','
                    ORDER BY statement_id
                )) AS fingerprint
                FROM told LEFT JOIN (
                    SELECT statement_id, string_agg(value, ' ' ORDER BY value) AS given FROM figures
                    GROUP BY statement_id
                ) USING (statement_id)
                WHERE story_id IS NOT NULL GROUP BY story_id
            ) JOIN stories USING (story_id)
            WHERE aligned_as IS DISTINCT FROM fingerprint ORDER BY story_id
        """
        return self.query(sql, [settings]).rows

    def story_statements(self, story: str, model: str, dimensions: int) -> StoryStatements:
        sql = f"""
            SELECT t.statement_id, t.article_id, t.text, t.language, t.outlet, t.english, t.speaker, t.cue, v.vector
            FROM told t
            JOIN statements s USING (statement_id)
            JOIN vectors_{dimensions} v ON v.text_hash = s.text_hash AND v.model = ?
            WHERE t.story_id = ?
            ORDER BY t.published_at, t.article_id, t.position
        """
        figures = """
            SELECT statement_id, list(value) FROM figures JOIN statements USING (statement_id)
            JOIN story_articles USING (article_id) WHERE story_id = ? GROUP BY statement_id
        """
        with self.database.reading() as connection:
            rows, vectors = fetch_with_vectors(connection, sql, [model, story])
            values = dict(connection.execute(figures, [story]).fetchall())
        return StoryStatements(
            rows["statement_id"],
            rows["article_id"],
            rows["text"],
            rows["language"],
            rows["outlet"],
            rows["english"],
            rows["speaker"],
            rows["cue"],
            [values.get(statement, []) for statement in rows["statement_id"]],
            vectors,
        )

    def claim_members(self, story: str) -> dict[str, str]:
        """The claim of each statement of a story that is in one."""
        sql = "SELECT m.statement_id, claim_id FROM claim_statements m JOIN claims USING (claim_id) WHERE story_id = ?"
        return dict(self.query(sql, [story]).rows)

    def write_claims(
        self,
        story: str,
        fingerprint: str,
        claims: Sequence[Claim],
        members: Sequence[ClaimStatement],
        pairs: Sequence[Pair] = (),
        relations: Sequence[Relation] = (),
        speakers: Sequence[Speaker] = (),
    ) -> None:
        """Replace the claims of a story, their relations, what its statements are most like elsewhere, its speakers."""
        with self.database.writing() as connection:
            connection.execute(
                "DELETE FROM relations WHERE claim_id IN (SELECT claim_id FROM claims WHERE story_id = ?)", [story]
            )
            connection.execute(
                "DELETE FROM claim_statements WHERE claim_id IN (SELECT claim_id FROM claims WHERE story_id = ?)",
                [story],
            )
            connection.execute("DELETE FROM claims WHERE story_id = ?", [story])
            connection.execute(
                "DELETE FROM pairs WHERE statement_id IN (SELECT statement_id FROM told WHERE story_id = ?)", [story]
            )
            connection.execute("DELETE FROM speakers WHERE story_id = ?", [story])
            insert(connection, "speakers", speakers)
            insert(connection, "pairs", pairs)
            insert(connection, "claims", claims)
            insert(connection, "relations", relations)
            insert(connection, "claim_statements", members, "OR REPLACE")
            connection.execute("UPDATE stories SET aligned_as = ? WHERE story_id = ?", [fingerprint, story])

    # -- framing ------------------------------------------------------------------------------------------------------

    def unframed(self, framed_as: str) -> list[tuple[str, str]]:
        """Stories whose statements, English, copies, claims or outlets changed since they were framed by these rules.

        Returns pairs of (story, fingerprint to store with what is found).
        """
        sql = """
            SELECT story_id, fingerprint FROM (
                SELECT t.story_id, md5(? || any_value(coalesce(st.aligned_as, '-')) || string_agg(
                    t.statement_id || t.outlet || coalesce(t.english, '-') || coalesce(t.stance, '-')
                    || coalesce(c.source_outlet, '-') || coalesce(o.affiliation, '-') || coalesce(a.read_as, '-'), ','
                    ORDER BY t.statement_id
                )) AS fingerprint
                FROM told t JOIN stories st USING (story_id) JOIN articles a USING (article_id)
                LEFT JOIN outlets o ON o.outlet = t.outlet
                LEFT JOIN copied c ON c.statement_id = t.statement_id
                GROUP BY t.story_id
            ) JOIN stories USING (story_id)
            WHERE framed_as IS DISTINCT FROM fingerprint ORDER BY story_id
        """
        return self.query(sql, [framed_as]).rows

    def own_wordings(self, story: str) -> list[Worded]:
        """A story's statements that are in English and no copy of another outlet's, in order of time and place."""
        sql = """
            SELECT statement_id, english, t.outlet, t.language, coalesce(o.affiliation, 'unknown')
            FROM told t ANTI JOIN copied USING (statement_id) LEFT JOIN outlets o ON o.outlet = t.outlet
            WHERE story_id = ? AND english IS NOT NULL
            ORDER BY t.published_at, t.article_id, t.position
        """
        return [Worded(*row) for row in self.query(sql, [story]).rows]

    def divergences(self, story: str) -> dict[tuple[str, str], float]:
        """How far apart each two outlets of a story are, where that is known: see the view `divergence`."""
        sql = """
            SELECT d.outlet_a, d.outlet_b, d.divergence FROM divergence d
            WHERE d.story_id = ? AND d.divergence IS NOT NULL
        """
        return {(one, other): far for one, other, far in self.query(sql, [story]).rows}

    def write_frames(self, frames: Sequence[Frame]) -> None:
        """Replace the frames that statements are searched for."""
        with self.database.writing() as connection:
            connection.execute("DELETE FROM frames")
            insert(connection, "frames", frames, "OR REPLACE")

    def write_framing(
        self,
        story: str,
        fingerprint: str,
        keyness: Sequence[Keyness],
        points: Sequence[OutletPoint],
        frames: Sequence[StatementFrame],
    ) -> None:
        """Replace the words that set a story's outlets apart, its map, and the frames of its statements."""
        with self.database.writing() as connection:
            connection.execute(
                """
                DELETE FROM statement_frames WHERE statement_id IN (
                    SELECT statement_id FROM statements JOIN story_articles USING (article_id) WHERE story_id = ?
                )
                """,
                [story],
            )
            insert(connection, "statement_frames", frames, "OR REPLACE")
            connection.execute("DELETE FROM keyness WHERE story_id = ?", [story])
            connection.execute("DELETE FROM outlet_map WHERE story_id = ?", [story])
            insert(connection, "keyness", keyness, "OR REPLACE")
            insert(connection, "outlet_map", points, "OR REPLACE")
            connection.execute("UPDATE stories SET framed_as = ? WHERE story_id = ?", [fingerprint, story])

    def _count(self, sql: str, parameters: Sequence[Any] | dict[str, Any]) -> int:
        return int(self.query(sql, parameters).rows[0][0])


_UNREAD = "FROM articles WHERE read_as IS DISTINCT FROM ?"
_DROPPABLE = "WHERE stored_at < ? AND read_as IS NOT NULL AND text IS NOT NULL"
_UNTRACED = "FROM articles WHERE read_as IS NOT NULL AND traced_as IS NULL"
_UNTRANSLATED = """
    FROM statements s JOIN articles a USING (article_id)
    WHERE a.language = $language
    AND (NOT $in_claims OR s.statement_id IN (SELECT statement_id FROM claim_statements))
    AND NOT EXISTS (
        SELECT 1 FROM translations t
        JOIN (SELECT unnest($engines) AS engine, unnest($models) AS model, unnest($revisions) AS revision) k
        ON t.engine = k.engine
            AND t.model = coalesce(k.model, t.model) AND t.revision = coalesce(k.revision, t.revision)
        WHERE t.text_hash = s.text_hash
    )
"""
_UNASSESSED = """
    SELECT t.text_hash, t.engine, t.model, t.revision, any_value(s.text), a.language, t.english
    FROM translations t JOIN statements s USING (text_hash) JOIN articles a USING (article_id)
    WHERE t.assessed_as IS DISTINCT FROM $assessed_as AND list_contains($languages, a.language)
    GROUP BY ALL
"""
_ASSESS = """
    UPDATE translations SET quality = e.quality, doubt = e.doubt, assessed_as = $7
    FROM (
        SELECT unnest($1) AS text_hash, unnest($2) AS engine, unnest($3) AS model, unnest($4) AS revision,
            unnest($5) AS quality, unnest($6::VARCHAR[]) AS doubt
    ) e
    WHERE translations.text_hash = e.text_hash AND translations.engine = e.engine
        AND translations.model = e.model AND translations.revision = e.revision
"""
_SETTLED = """
    DELETE FROM rejects
    WHERE (source, item) IN (SELECT unnest($1::VARCHAR[]), unnest($2::VARCHAR[]))
        OR source IN (SELECT unnest($3::VARCHAR[])) OR item IN (SELECT unnest($4::VARCHAR[]))
        OR source IN (SELECT unnest($5::VARCHAR[])) AND NOT regexp_matches(item, '^https?://')
"""
_UNGROUPED = """
    FROM articles ANTI JOIN story_articles USING (article_id)
    WHERE article_id IN (SELECT article_id FROM statements JOIN vectors USING (text_hash) WHERE model = ?)
"""
# Which rows to fetch is known before any vector is read: a join alone reads the vectors of all times.
_GROUPABLE = """
    WITH days AS (
        SELECT DISTINCT unnest(range(
            date_trunc('day', published_at) - to_days($reach),
            date_trunc('day', published_at) + to_days($reach + 1),
            INTERVAL 1 DAY
        )) AS day
        FROM articles WHERE article_id IN (SELECT unnest($articles))
    ), near AS (
        SELECT a.article_id, story_id, title, language, published_at
        FROM articles a LEFT JOIN story_articles USING (article_id)
        WHERE article_id IN (SELECT unnest($articles))
            OR story_id IS NOT NULL AND date_trunc('day', published_at) IN (SELECT day FROM days)
    ), places AS MATERIALIZED (
        SELECT near.*, s.position, v.rowid AS place
        FROM near JOIN statements s USING (article_id) JOIN {0} v ON v.text_hash = s.text_hash AND v.model = $model
    )
    SELECT p.article_id, p.story_id, p.title, p.language, p.published_at, v.vector
    FROM places p JOIN {0} v ON v.rowid = p.place
    ORDER BY p.published_at, p.article_id, p.position
"""
_UNENCODED = "FROM statements WHERE text_hash NOT IN (SELECT text_hash FROM vectors WHERE model = $model)"


def _forget_copies(connection: DuckDBPyConnection) -> None:
    connection.execute("DELETE FROM copies")
    connection.execute("UPDATE articles SET traced_as = NULL WHERE traced_as IS NOT NULL")


def _translation_parameters(language: str, keys: Sequence[TranslationKey], in_claims: bool) -> dict[str, Any]:
    return {
        "language": language,
        "in_claims": in_claims,
        "engines": [key.engine for key in keys],
        "models": [key.model for key in keys],
        "revisions": [key.revision for key in keys],
    }


def _by_article(rows: dict[str, list[Any]], vectors: Vectors) -> list[GroupableArticle]:
    """Rows sorted by article, a row a statement, to articles."""
    ids = rows["article_id"]
    starts = [row for row in range(len(ids)) if row == 0 or ids[row] != ids[row - 1]]
    return [
        GroupableArticle(
            ids[start],
            rows["story_id"][start],
            rows["title"][start],
            rows["language"][start],
            rows["published_at"][start],
            vectors[start:end],
        )
        for start, end in zip(starts, [*starts[1:], len(ids)], strict=True)
    ]


def _last_of(rows: Sequence[Any], *key: str) -> list[Any]:
    """One row a key, the last: DuckDB refuses to touch a row twice in one statement."""
    return list({tuple(getattr(row, name) for name in key): row for row in rows}.values())


def _now() -> datetime:
    return datetime.now(UTC).replace(tzinfo=None)


def _delete_settled(connection: DuckDBPyConnection, settled: Sequence[tuple[str | None, Sequence[str]]]) -> None:
    """All at once: a run settles some of a thousand sources with each batch."""
    named = [(source, item) for source, items in settled if not isinstance(items, str) for item in items]
    some = [(source, item) for source, item in named if source is not None]
    anywhere = [item for source, item in named if source is None]
    whole = [source for source, items in settled if items == "all"]
    but_pages = [source for source, items in settled if items == "all but pages"]
    lists = [[source for source, _ in some], [item for _, item in some], whole, anywhere, but_pages]
    with handing_over(lists):
        connection.execute(_SETTLED, lists)


def _add_asked(connection: DuckDBPyConnection, asked: Sequence[HostDay]) -> None:
    before = "SELECT * FROM host_days WHERE list_contains($1, day)"
    told = {row[:2]: row for row in connection.execute(before, [list({row.day for row in asked})]).fetchall()}
    sums = []
    for row in asked:
        _, _, requests, failures, size = told.get((row.host, row.day), (row.host, row.day, 0, 0, 0))
        sums.append(HostDay(row.host, row.day, requests + row.requests, failures + row.failures, size + row.bytes))
    insert(connection, "host_days", sums, "OR REPLACE")
