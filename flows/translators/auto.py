"""Picks the engine that is best of those usable here and now."""

from __future__ import annotations

from collections.abc import Iterable

from flows.translators import EngineUnavailable
from flows.translators.neural import NeuralTranslator


def choose(candidates: Iterable[NeuralTranslator], language: str) -> NeuralTranslator:
    """The first whose model lies on this machine and can be loaded; else the first whose model can be fetched.

    candidates: the best first. Raises EngineUnavailable with what each of them lacks.
    """
    reasons: list[str] = []
    for translator in sorted(candidates, key=lambda each: not each.is_local(language)):
        try:
            translator.prepare(language)
        except EngineUnavailable as error:
            reasons.append(str(error))
        else:
            return translator
    raise EngineUnavailable("; ".join(reasons))
