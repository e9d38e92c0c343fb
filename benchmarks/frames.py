"""How well frames are found in news that nobody looked at while making them.

    python benchmarks/frames.py news.jsonl

news.jsonl: sentences of NTREX-128 (Federmann, Kocmi and Xin 2022), a row each with `document`, `sentence`, `en`, `ru`
and `ar`. Every eleventh of them is marked in benchmarks/frames.jsonl by the codebook in docs/framing.md.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

import numpy as np

from align.encoders import EmbeddedEncoder
from align.evaluation import Counts
from align.framing.frames import LEAST_SCORE, FrameFinder
from flows.lexicons import background_texts, load_frames


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("news", type=Path)
    news = {(row["document"], row["sentence"]): row for row in _rows(parser.parse_args().news)}
    marks = _rows(Path(__file__).with_suffix(".jsonl"))
    languages = [mark["language"] for mark in marks]
    texts = [news[mark["document"], mark["sentence"]][mark["language"]] for mark in marks]
    encoder = EmbeddedEncoder()
    finder = FrameFinder(load_frames([]).frames, encoder.encode, background_texts())
    vectors = encoder.encode(texts)
    marked = np.array([[name in mark["frames"] for name in finder.names] for mark in marks])
    print("| method | precision | recall | F1 |\n| --- | ---: | ---: | ---: |")
    for method, scores in {
        "likeness and words (shipped)": finder.scores(texts, languages, vectors),
        "likeness alone": finder.scores(texts, [""] * len(texts), vectors),
        "words alone": finder.scores(texts, languages, np.zeros_like(vectors)),
        "all frames of every sentence": np.full(marked.shape, np.inf),
    }.items():
        found = scores >= LEAST_SCORE
        counts = Counts(int((marked & found).sum()), int(found.sum()), int(marked.sum()))
        print(f"| {method} | {counts.precision:.3f} | {counts.recall:.3f} | {counts.f1:.3f} |")


def _rows(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


if __name__ == "__main__":
    main()
