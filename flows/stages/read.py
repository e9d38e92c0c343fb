"""Articles to statements: who says each, the names it uses and the figures it gives."""

from __future__ import annotations

from collections.abc import Sequence
from importlib.metadata import version

from align.attribution import attribute
from align.figures import find_figures
from align.framing.naming import find_mentions
from align.statements import split_statements
from flows.lexicons import Names, Reporting, load_names, load_reporting
from flows.progress import report, warn
from flows.settings import Settings
from flows.stages import Counts, batch_task
from storage import Reading, Text, Warehouse, rows, statement_id, text_hash

ARTICLES_A_BATCH = 100


def read(settings: Settings, warehouse: Warehouse) -> Counts:
    """Split articles into statements; find who says them, the names they use and the figures they give."""
    reader = Reader(load_reporting(), load_names(settings.names))
    total = warehouse.count_unread(reader.fingerprint)
    done = statements = 0
    while batch := warehouse.unread(reader.fingerprint, ARTICLES_A_BATCH):
        statements += _read_batch(batch, reader, warehouse)
        done += len(batch)
        report("read", done, total, f"{statements} statements")
    if left := warehouse.count_unreadable(reader.fingerprint):
        stay = "article stays" if left == 1 else "articles stay"
        warn(f"{left} {stay} as other rules have read them: no text is kept of them (keep_text)")
    return {"articles": done, "statements": statements}


@batch_task("read articles")
def _read_batch(batch: Sequence[Text], reader: Reader, warehouse: Warehouse) -> int:
    readings = [reader.read(text.key, text.text, text.language) for text in batch]
    warehouse.write_readings(reader.fingerprint, readings)
    return sum(len(reading.statements) for reading in readings)


class Reader:
    """Reads articles by the lexicons given; `fingerprint` changes whenever what it makes might."""

    def __init__(self, reporting: Reporting, names: Names) -> None:
        self.reporting = reporting
        self.names = names
        self.fingerprint = text_hash(version("rashomon"), reporting.fingerprint, names.fingerprint)

    def read(self, article: str, text: str, language: str) -> Reading:
        statements = split_statements(text, language)
        lexicon = self.reporting.lexicons.get(language)
        texts = [statement.text for statement in statements]
        voices = attribute(texts, lexicon) if lexicon else [None] * len(texts)
        reading = Reading(article, [], [], [])
        for statement, voice in zip(statements, voices, strict=True):
            key = statement_id(article, statement.position, statement.text)
            reading.statements.append(
                rows.Statement(
                    statement_id=key,
                    article_id=article,
                    position=statement.position,
                    start_offset=statement.start,
                    end_offset=statement.end,
                    text=statement.text,
                    text_hash=text_hash(statement.text),
                    speaker=voice.speaker if voice else None,
                    cue=voice.cue if voice else None,
                    stance=voice.stance if voice else None,
                    is_quote=bool(voice and voice.is_quote),
                    antecedent=voice.antecedent if voice else None,
                )
            )
            reading.mentions.extend(
                rows.Mention(key, name.start, name.end, name.surface, name.referent, name.valence)
                for name in find_mentions(statement.text, language, self.names.lexicon)
            )
            reading.figures.extend(
                rows.Figure(key, figure.start, figure.end, figure.surface, figure.value, figure.unit, figure.bound)
                for figure in find_figures(statement.text, language)
            )
        return reading
