"""Engines that translate statements into English, all behind one small protocol."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from flows.settings import TranslateSettings


@dataclass(frozen=True, slots=True)
class Translation:
    """A text in English, and what made it: enough to tell when another engine or model would make another."""

    english: str
    engine: str
    model: str
    revision: str


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


def load_translators(settings: TranslateSettings) -> list[Translator]:
    """The engines in the order they are to be tried. Cheap: files and models are read at the first translation.

    Raises UserError naming a memory file that does not exist or is of no kind that can be read.
    """
    translators: list[Translator] = []
    for engine in settings.engines:
        if engine == "opus-mt":
            from flows.translators.opus_mt import OpusMT

            models = {str(language): name for language, name in settings.models.items()}
            translators.append(OpusMT(models, settings.revision, settings.batch_size))
        elif settings.memory:
            from flows.translators.memory import TranslationMemory

            translators.append(TranslationMemory(settings.memory))
    return translators
