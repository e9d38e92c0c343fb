"""Engines that translate statements into English, all behind one small protocol."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from flows.settings import FOREIGN, MODEL_ENGINES, TranslateSettings

if TYPE_CHECKING:
    from flows.translators.neural import Kind, NeuralTranslator


@dataclass(frozen=True, slots=True)
class Translation:
    """A text in English, and what made it: enough to tell when another engine or model would make another.

    licence: the model's, where it says; flaw: what is plainly wrong with it.
    """

    english: str
    engine: str
    model: str
    revision: str
    licence: str | None = None
    flaw: str | None = None


class Translator(Protocol):
    """What an engine does."""

    engine: str

    @property
    def problems(self) -> Sequence[str]:
        """What it could not read of the user's files, a line each naming the file and the place."""
        ...

    def model_of(self, language: str) -> tuple[str, str | None]:
        """The model that `translate` would use, and its revision where that is known before loading it.

        Raises EngineUnavailable where the engine has none for this language.
        """
        ...

    def translate(self, texts: Sequence[str], language: str) -> list[Translation | None]:
        """Translate `texts`, all in `language` (ISO 639-1). Same length and order; None: nothing for this text.

        Raises EngineUnavailable where the engine cannot work at all for this language.
        """
        ...


class EngineUnavailable(Exception):
    """Why an engine cannot work here and what to do, in one line for the user."""


def load_translators(settings: TranslateSettings) -> dict[str, Translator]:
    """The engines that the settings name, and those that `auto` picks from. Cheap: models are read when first needed.

    Raises UserError naming a memory file that does not exist or is of no kind that can be read.
    """
    translators: dict[str, Translator] = {}
    named = {engine for language in FOREIGN for engine in settings.engines_for(language)}
    if "memory" in named:
        from flows.translators.memory import TranslationMemory

        translators["memory"] = TranslationMemory(settings.memory)
    for engine in [*MODEL_ENGINES] if "auto" in named else [name for name in MODEL_ENGINES if name in named]:
        translators[engine] = load_neural(engine, settings)
    return translators


def load_neural(engine: str, settings: TranslateSettings) -> NeuralTranslator:
    """An engine that translates with models."""
    from flows.translators.neural import NeuralTranslator

    return NeuralTranslator(kind_of(engine), settings.models_of(engine), settings.batch_size)


def kind_of(engine: str) -> Kind:
    """The kind of models that an engine translates with."""
    if engine == "nllb":
        from flows.translators.nllb import Nllb

        return Nllb()
    if engine == "firefox":
        from flows.translators.firefox import Firefox

        return Firefox()
    if engine in ("opus-mt-ct2", "nllb-ct2"):
        from flows.translators.ctranslate2 import Converted

        return Converted(kind_of(engine.removesuffix("-ct2")))
    from flows.translators.opus_mt import OpusMT

    return OpusMT()
