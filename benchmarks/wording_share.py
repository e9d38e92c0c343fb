"""How much the wording should count against the vectors when claims are scored, on gold events.

    python benchmarks/wording_share.py configs/gold/*

For each share, the mean pairwise F1, B-cubed F1 and share of null statements left out over the events, each scored with
the threshold fitted on the others.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from align.claims import find_claims, fit_min_score, labels_of
from align.encoders import EmbeddedEncoder
from align.evaluation import score_groups
from align.neighbours import Matrix, contrasted
from align.wording import word_overlap
from flows.gold import GoldEvent, load_event

SHARES = (0.0, 0.3, 0.5, 0.6, 0.65, 0.7, 0.75, 0.8, 1.0)


def parts(event: GoldEvent, encoder: EmbeddedEncoder) -> tuple[Matrix, Matrix]:
    """The scores of every pair of statements by their vectors, and by their wording."""
    texts = [statement.text for statement in event.statements]
    vectors = encoder.encode(texts)
    overlap = word_overlap(texts, [statement.language for statement in event.statements], encoder.encode)
    return contrasted(np.clip(vectors @ vectors.T, 0, 1), event.outlets), contrasted(overlap, event.outlets)


def held_out(events: Sequence[GoldEvent], scores: Sequence[Matrix]) -> list[tuple[float, float, float]]:
    """Each event's scores, with the threshold fitted on the others."""
    fitting = [(matrix, event.outlets, event.labels) for event, matrix in zip(events, scores, strict=True)]
    found = []
    for number, (matrix, outlets, gold) in enumerate(fitting):
        min_score = fit_min_score(fitting[:number] + fitting[number + 1 :])
        groups = score_groups(gold, labels_of(find_claims(matrix, outlets, min_score), len(gold)), outlets)
        found.append((groups.pairs.f1, groups.b_cubed.f1, groups.left_out))
    return found


def main(folders: Sequence[str]) -> None:
    encoder = EmbeddedEncoder()
    events = [load_event(Path(folder)) for folder in folders]
    pairs = [parts(event, encoder) for event in events]
    print("share  pairwise F1  B-cubed F1  left out")
    for share in SHARES:
        mean = np.mean(held_out(events, [(1 - share) * whole + share * words for whole, words in pairs]), axis=0)
        print(f"{share:5.2f}  {mean[0]:11.3f}  {mean[1]:10.3f}  {mean[2]:8.3f}")


if __name__ == "__main__":
    main(sys.argv[1:])
