"""Professionally translated news as coverage: does a whole run find the sentences that are translations of each other?

    python benchmarks/parallel.py news.jsonl

FILE: JSON Lines with document, sentence, en, ru, ar. Each language is an outlet and each document an article of it, at
a random time of three weeks, all three of a document within a day. Of the sentences of each language a random 60 % are
kept, so that some have lost one translation or both. `rashomon run` takes them from articles to claims with the shipped
defaults and no translator; nothing is fitted on them. What is printed is over all kept sentences, for each draw.
"""

from __future__ import annotations

import json
import tempfile
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import click
import numpy as np
from rich.console import Console
from rich.table import Table

from align.evaluation import GroupScores, score_groups, score_stories
from flows.console import check_prefect, progress, quiet_prefect
from flows.reports.standard_output import StandardOutput
from flows.settings import Settings, TableSource, TranslateSettings
from storage import Warehouse

LANGUAGES = ("en", "ru", "ar")
KEPT = 0.6
START, DAYS = datetime(2026, 3, 2, tzinfo=UTC), 21


@dataclass(frozen=True)
class Sentence:
    """A sentence that was kept; `key` is the same for its translations."""

    key: str
    document: str
    language: str
    text: str


def draw(path: Path, random: np.random.Generator) -> list[Sentence]:
    """The sentences kept, in the order of the file. Raises `UsageError` naming the line that is wrong."""
    sentences = []
    for number, line in enumerate(path.read_text("utf-8").splitlines(), start=1):
        try:
            row = json.loads(line)
            key, document = f"{row['document']} {row['sentence']}", str(row["document"])
            sentences += [Sentence(key, document, language, " ".join(row[language].split())) for language in LANGUAGES]
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise click.UsageError(f"{path}, line {number}: expected document, sentence, en, ru, ar") from error
    kept = np.zeros(len(sentences), dtype=bool)
    for place in range(len(LANGUAGES)):
        rows = random.permutation(np.arange(place, len(sentences), len(LANGUAGES)))
        kept[rows[: round(KEPT * len(rows))]] = True
    return [sentence for sentence, keep in zip(sentences, kept, strict=True) if keep]


def articles(sentences: Sequence[Sentence], random: np.random.Generator) -> Iterator[dict[str, str]]:
    """An article a document and language, a paragraph a sentence."""
    texts: dict[tuple[str, str], list[str]] = defaultdict(list)
    for sentence in sentences:
        texts[sentence.document, sentence.language].append(sentence.text)
    opened = {document: random.uniform(0, DAYS) for document, _ in sorted(texts)}
    for (document, language), paragraphs in texts.items():
        yield {
            "outlet": f"Outlet {language}",
            "language": language,
            "url": f"https://{language}.example/{document}",
            "published_at": (START + timedelta(days=opened[document] + random.uniform(0, 1))).isoformat(),
            "title": "",
            "text": "\n\n".join(paragraphs),
        }


def score(sentences: Sequence[Sentence], store: Warehouse) -> tuple[GroupScores, float]:
    """Claims against translations, and stories against documents as B-cubed F1."""
    rows = store.query(
        """
        SELECT a.language, split_part(a.url, '/', -1), s.text, cs.claim_id, sa.story_id
        FROM articles a JOIN statements s USING (article_id) LEFT JOIN story_articles sa USING (article_id)
        LEFT JOIN claim_statements cs USING (statement_id)
        """
    ).rows
    stories = {(language, document): story for language, document, _, _, story in rows}
    found = {(language, document, text): claim for language, document, text, claim, _ in rows}
    labels = [
        # A sentence that was split is what the longest of its statements is.
        _claim(sentence, found) or f"alone {number}"
        for number, sentence in enumerate(sentences)
    ]
    groups = score_groups(
        [sentence.key for sentence in sentences],
        labels,
        [sentence.language for sentence in sentences],
        [sentence.language for sentence in sentences],
    )
    return groups, score_stories([document for _, document in stories], list(stories.values())).f1


def _claim(sentence: Sentence, found: dict[tuple[str, str, str], str | None]) -> str | None:
    parts = [
        text
        for language, document, text in found
        if (language, document) == (sentence.language, sentence.document) and text in sentence.text
    ]
    return found[sentence.language, sentence.document, max(parts, key=len)] if parts else None


@click.command(help=(__doc__ or "").partition("\n")[0])
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--draws", default=3, show_default=True)
def main(file: Path, draws: int) -> None:
    quiet_prefect()
    check_prefect()
    from flows.coverage import compare_coverage

    table = Table("draw", "sentences", "precision", "recall", "F1", "B-cubed F1", "left out", "stories B-cubed F1")
    for seed in range(draws):
        random = np.random.default_rng(seed)
        sentences = draw(file, random)
        with tempfile.TemporaryDirectory(prefix="rashomon-") as folder:
            source = Path(folder) / "articles.jsonl"
            lines = [json.dumps(article, ensure_ascii=False) for article in articles(sentences, random)]
            source.write_text("\n".join(lines), "utf-8")
            settings = Settings(
                name="parallel",
                warehouse=Path(folder) / "parallel.duckdb",
                sources=[TableSource(kind="jsonl", path=source)],
                translate=TranslateSettings(engines=[], memory=[]),
            ).located(Path.cwd())
            with progress(Console(stderr=True)):
                compare_coverage(settings)
            groups, stories = score(sentences, Warehouse(settings.warehouse))
        found = groups.pairs
        scores = (found.precision, found.recall, found.f1, groups.b_cubed.f1, groups.left_out, stories)
        table.add_row(str(seed), str(len(sentences)), *(f"{each:.3f}" for each in scores))
    StandardOutput().print(table)


if __name__ == "__main__":
    main()
