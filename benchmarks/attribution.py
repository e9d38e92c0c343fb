"""Who says what in translated news, scored against 403 sentences that were marked by hand.

    python benchmarks/attribution.py news.jsonl

NTREX-128 is not shipped; what was marked lies in benchmarks/attribution.jsonl, by document, sentence and characters.
Each sentence is read alone. Draw 1 is of any sentences, later ones of such as have a common reporting word in English.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import click
from rich.table import Table

from align.attribution import attribute
from align.evaluation import score_presence, score_tokens
from flows.lexicons import load_reporting
from flows.reports.standard_output import StandardOutput


def _rows(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


def _span(text: str, span: list[int] | None) -> str | None:
    return text[span[0] : span[1]] if span else None


@click.command()
@click.argument("news", type=click.Path(path_type=Path, exists=True, dir_okay=False))
def main(news: Path) -> None:
    """Score the speakers and cues found in NEWS, sentences in three languages, one JSON object a line."""
    texts = {(row["document"], row["sentence"]): row for row in _rows(news)}
    marked = _rows(Path(__file__).with_suffix(".jsonl"))
    lexicons = load_reporting().lexicons
    table = Table("draw", "language", "sentences", "attributed F1", "speaker F1", "cue F1")
    for draw, language in dict.fromkeys((row["draw"], row["language"]) for row in marked):
        chosen = [row for row in marked if (row["draw"], row["language"]) == (draw, language)]
        read = [texts[row["document"], row["sentence"]][language] for row in chosen]
        voices = [attribute([text], lexicons[language])[0] for text in read]
        speakers = [_span(text, row["speaker"]) for text, row in zip(read, chosen, strict=True)]
        cues = [_span(text, row["cue"]) for text, row in zip(read, chosen, strict=True)]
        scores = (
            score_presence(speakers, [voice.speaker for voice in voices]),
            score_tokens(speakers, [voice.speaker for voice in voices]),
            score_tokens(cues, [voice.cue for voice in voices]),
        )
        table.add_row(str(draw), language, str(len(chosen)), *(f"{score.f1:.3f}" for score in scores))
    StandardOutput().print(table)


if __name__ == "__main__":
    main()
