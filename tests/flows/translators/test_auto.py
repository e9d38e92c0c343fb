"""The best engine of those that are usable here and now."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest

from flows.translators import EngineUnavailable
from flows.translators.auto import choose
from flows.translators.models import ModelFiles, Unusable
from flows.translators.neural import NeuralTranslator


@dataclass
class Engine:
    """local: its model lies here; fetched: it can be had; loads: it is not damaged."""

    engine: str
    local: bool = True
    fetched: bool = True
    loads: bool = True
    longest: int = 100

    def find_local(self, name: str, language: str) -> ModelFiles | None:
        return ModelFiles(name, Path(), "1", None) if self.local else None

    def find(self, name: str, language: str) -> ModelFiles:
        if not self.local and not self.fetched:
            raise Unusable("cannot be had")
        return ModelFiles(name, Path(), "1", None)

    def load(self, files: ModelFiles, language: str) -> Engine:
        if not self.loads:
            raise Unusable("is damaged")
        return self

    def lengths(self, texts: Sequence[str]) -> list[int]:
        return [1 for _ in texts]

    def translate(self, texts: Sequence[str], *, again: bool) -> list[str]:
        return [*texts]


def chosen(*engines: Engine) -> str:
    return choose([NeuralTranslator(engine, {"ru": "m"}) for engine in engines], "ru").engine


def test_the_first_is_best() -> None:
    assert chosen(Engine("a"), Engine("b")) == "a"


def test_one_whose_model_lies_here_comes_before_a_better_one_that_has_to_be_fetched() -> None:
    assert chosen(Engine("a", local=False), Engine("b")) == "b"
    assert chosen(Engine("a", local=False), Engine("b", local=False)) == "a"


def test_one_that_cannot_be_loaded_or_had_is_passed_over() -> None:
    assert chosen(Engine("a", loads=False), Engine("b")) == "b"
    assert chosen(Engine("a", local=False), Engine("b", loads=False)) == "a"
    assert chosen(Engine("a", local=False, fetched=False), Engine("b", local=False)) == "b"


def test_where_none_is_usable_it_tells_what_each_lacks() -> None:
    with pytest.raises(EngineUnavailable, match="^a ru: model m is damaged; b ru: model m cannot be had$"):
        chosen(Engine("a", loads=False), Engine("b", local=False, fetched=False))
