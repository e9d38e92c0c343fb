"""How well the estimated quality of translations tells true outputs of real systems from wrong ones.

    python benchmarks/doubt.py flores-dev.ru-en.jsonl flores-dev.ar-en.jsonl

Each file, named with its pair of languages, holds a JSON object a line: `source`, `reference` and the output of each
system under its name. Outputs are made wrong as training makes references wrong (`align/corruptions.py`), but nothing
of the files is learned from. Each kind is set against the outputs it was made of. ECE is the expected calibration
error; tau, where sacrebleu is installed (`pip install rashomon[bench]`), Kendall's of the quality of outputs with their
chrF (Popović 2015).
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from random import Random

import click
from rich.table import Table
from scipy.stats import kendalltau
from sklearn.metrics import roc_auc_score

from align.corruptions import corrupt
from align.doubt import Estimate, estimate
from align.encoders import EmbeddedEncoder
from align.evaluation import calibration_error
from align.flaws import find_flaw
from align.pairs import Knowledge
from flows.doubt import TRUE_SHARE
from flows.lexicons import load_knowledge
from flows.reports.standard_output import StandardOutput
from flows.weights import load_weights

KINDS = ("half", "shuffled", "number", "negation")


@dataclass(frozen=True)
class Outputs:
    """What one system made of the sources of a language, with its estimates and, by kind and row, of wrong ones."""

    system: str
    language: str
    sources: list[str]
    english: list[str]
    true: list[Estimate]
    wrong: Mapping[str, dict[int, Estimate]]

    def auc(self, kind: str) -> float:
        wrong = self.wrong[kind]
        told = [self.true[row].quality for row in wrong] + [made.quality for made in wrong.values()]
        return float(roc_auc_score([1] * len(wrong) + [0] * len(wrong), told))

    def calibration(self) -> float:
        """The error where `TRUE_SHARE` of translations are true and the rest wrong in each way alike."""
        told = [made.quality for made in self.true]
        count = round(len(told) * (1 - TRUE_SHARE) / TRUE_SHARE / len(KINDS))
        for kind, wrong in self.wrong.items():
            told += [made.quality for made in Random(kind).sample(list(wrong.values()), count)]
        return calibration_error(told, [1.0] * len(self.true) + [0.0] * (len(told) - len(self.true)))

    def marked(self) -> list[float]:
        """The share that is doubtful: of the true ones, then of each kind of wrong ones."""
        return [
            sum(made.doubt is not None for made in some) / len(some)
            for some in (self.true, *(list(wrong.values()) for wrong in self.wrong.values()))
        ]

    def flawed(self) -> float:
        """The share with a flaw that is found without any estimate."""
        pairs = zip(self.sources, self.english, strict=True)
        return sum(find_flaw(*pair, self.language) is not None for pair in pairs) / len(self.english)

    def tau(self, references: Sequence[str]) -> float:
        """Kendall's tau-b of the estimates with the chrF of each output."""
        from sacrebleu.metrics import CHRF

        chrf = CHRF()
        scores = [
            chrf.sentence_score(english, [reference]).score
            for english, reference in zip(self.english, references, strict=True)
        ]
        return float(kendalltau([made.quality for made in self.true], scores).statistic)


class Estimator:
    """The shipped estimates for the sources of one language."""

    def __init__(self, sources: list[str], language: str, knowledge: Knowledge) -> None:
        self.sources, self.language, self._knowledge = sources, language, knowledge
        self._vectors, self._learned = knowledge.encode(sources), load_weights().doubt

    def outputs(self, system: str, english: list[str]) -> Outputs:
        wrong = {}
        for kind in KINDS:
            made = corrupt(kind, self.sources, english, Random(f"{system} {self.language} {kind}"))
            wrong[kind] = dict(zip(made, self._estimates(list(made), list(made.values())), strict=True))
        true = self._estimates(list(range(len(english))), english)
        return Outputs(system, self.language, self.sources, english, true, wrong)

    def _estimates(self, rows: list[int], english: list[str]) -> list[Estimate]:
        vectors = self._vectors[rows], self._knowledge.encode(english)
        chosen = [self.sources[row] for row in rows]
        return estimate(chosen, english, self.language, vectors, self._learned, self._knowledge)


def separation(systems: Sequence[Outputs], references: Mapping[str, list[str]]) -> Table:
    table = Table("language", "system", *KINDS, "ECE", "tau", title="True or wrong: AUC by kind")
    for outputs in systems:
        is_scored = outputs.system != "reference" and find_spec("sacrebleu")
        tau = f"{outputs.tau(references[outputs.language]):.3f}" if is_scored else "–"
        figures = [*(outputs.auc(kind) for kind in KINDS), outputs.calibration()]
        table.add_row(outputs.language, outputs.system, *(f"{figure:.3f}" for figure in figures), tau)
    return table


def marks(systems: Sequence[Outputs]) -> Table:
    table = Table("language", "system", "flawed", "true", *KINDS, title="Marked as doubtful, %")
    for outputs in systems:
        shares = [outputs.flawed(), *outputs.marked()]
        table.add_row(outputs.language, outputs.system, *(f"{100 * share:.1f}" for share in shares))
    return table


@click.command()
@click.argument("data", type=click.Path(path_type=Path, exists=True, dir_okay=False), nargs=-1, required=True)
def main(data: tuple[Path, ...]) -> None:
    """Print how well the shipped estimates tell true outputs in DATA from wrong ones, and how many are marked."""
    knowledge = load_knowledge(EmbeddedEncoder().encode)
    systems: list[Outputs] = []
    references: dict[str, list[str]] = {}
    for file in data:
        pair = re.search(r"\b(\w\w)-en\b", file.name)
        if not pair:
            raise click.UsageError(f"{file}: its name tells no language, such as `ru-en`")
        rows = [json.loads(line) for line in file.read_text("utf-8").splitlines()]
        columns = {name: [row[name] for row in rows] for name in rows[0]}
        estimator = Estimator(columns.pop("source"), pair[1], knowledge)
        references[pair[1]] = columns["reference"]
        systems += [estimator.outputs(system, english) for system, english in columns.items()]
    out = StandardOutput()
    out.print(separation(systems, references))
    out.print(marks(systems))
    sizes = {kind: [len(outputs.wrong[kind]) for outputs in systems] for kind in KINDS}
    out.print("Wrong ones a system: " + ", ".join(f"{kind} {min(some)} to {max(some)}" for kind, some in sizes.items()))
    doubts = [e.doubt for outputs in systems for e in outputs.true if e.doubt]
    out.print("Why true ones are marked: " + ", ".join(f"{d} {doubts.count(d)}" for d in sorted(set(doubts))))


if __name__ == "__main__":
    main()
