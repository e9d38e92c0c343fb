"""What all translation models have in common: loaded at the first text, and texts split, batched, checked, retried."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Protocol

from align.flaws import find_flaw, gravity
from flows.translators import EngineUnavailable, Translation
from flows.translators.models import ModelFiles, Unusable
from flows.translators.parts import Parts, split

USUAL = 64
"""The tokens of a statement that is no longer than usual."""


class Network(Protocol):
    """A loaded model of one language into English."""

    longest: int
    """The most tokens of a text that it translates wholly."""
    at_once: int | None
    """How many texts it is best given at once; None: as many as the settings say."""

    def lengths(self, texts: Sequence[str]) -> list[int]:
        """How many tokens each text has."""
        ...

    def translate(self, texts: Sequence[str], *, again: bool) -> list[str]:
        """Translate texts that are no longer than `longest`, at once.

        again: in another way than usual, since the usual one failed.

        Raises EngineUnavailable where it breaks down.
        """
        ...


class Kind(Protocol):
    """An engine's kind of model."""

    engine: str

    def find_local(self, name: str, language: str) -> ModelFiles | None:
        """The model, where all of it lies on this machine. Raises Unusable where a user's folder lacks a file."""
        ...

    def find(self, name: str, language: str) -> ModelFiles:
        """The model, fetched where it has to be. Raises Unusable."""
        ...

    def load(self, files: ModelFiles, language: str) -> Network:
        """Raises Unusable where its files are damaged, a package is not installed or it knows no such language."""
        ...


class NeuralTranslator:
    """Translates with one model a language."""

    problems: Sequence[str] = ()  # it reads no files of the user's but models, which are whole or not to be had

    def __init__(self, kind: Kind, names: Mapping[str, str], batch_size: int = 64) -> None:
        """names: by language (ISO 639-1), a folder, or a name on the hub, with `@revision` where it is pinned.

        batch_size: texts of usual length that the model works on at once.
        """
        self.engine = kind.engine
        self._kind, self._names, self._batch_size = kind, dict(names), batch_size
        self._loaded: dict[str, tuple[ModelFiles, Network]] = {}

    def model_of(self, language: str) -> tuple[str, str | None]:
        """The model's name, and its revision where it lies on this machine or is pinned."""
        name = self._name(language)
        try:
            found = self._kind.find_local(name, language)
        except Unusable as error:
            raise EngineUnavailable(f"{self.engine} {language}: model {name} {error}") from error
        bare, _, revision = name.partition("@")
        return (found.name, found.revision) if found else (bare, revision or None)

    def is_local(self, language: str) -> bool:
        """Whether its model of a language lies on this machine."""
        try:
            return self._kind.find_local(self._name(language), language) is not None
        except Unusable:
            return False

    def prepare(self, language: str) -> ModelFiles:
        """Fetch and load its model of a language. Raises EngineUnavailable."""
        return self._model(language)[0]

    def translate(self, texts: Sequence[str], language: str) -> list[Translation | None]:
        """Same length and order as `texts`; None for a blank text. Give it many texts, so that alike lengths meet.

        What comes out with a flaw is tried once more with other settings, cut around addresses; of both the better is
        taken, and marked with the flaw that it still has.

        Raises EngineUnavailable where the language has no model, or its model cannot be had or loaded.
        """
        asked = [place for place, text in enumerate(texts) if text.strip()]
        found: list[Translation | None] = [None] * len(texts)
        if not asked:
            return found
        files, network = self._model(language)
        said = self._checked([_encodable(texts[place]) for place in asked], language, network)
        for place, (english, flaw) in zip(asked, said, strict=True):
            found[place] = Translation(english, self.engine, files.name, files.revision, files.licence, flaw)
        return found

    def _model(self, language: str) -> tuple[ModelFiles, Network]:
        if language not in self._loaded:
            name = self._name(language)
            try:
                files = self._kind.find(name, language)
                self._loaded[language] = files, self._kind.load(files, language)
            except Unusable as error:
                raise EngineUnavailable(f"{self.engine} {language}: model {name} {error}") from error
        return self._loaded[language]

    def _name(self, language: str) -> str:
        if name := self._names.get(language):
            return name
        known = ", ".join(sorted(self._names)) or "none"
        raise EngineUnavailable(
            f"{self.engine} {language}: no model, it has some for {known}; name one in translate.models"
        )

    def _checked(self, texts: Sequence[str], language: str, network: Network) -> list[tuple[str, str | None]]:
        """The English of each, and its flaw."""
        english = self._translate(texts, network, again=False)
        said = [(new, find_flaw(text, new, language)) for text, new in zip(texts, english, strict=True)]
        flawed = [place for place, (_, flaw) in enumerate(said) if flaw]
        others = self._translate([texts[place] for place in flawed], network, again=True)
        for place, other in zip(flawed, others, strict=True):
            flaw = find_flaw(texts[place], other, language)
            if gravity(flaw) < gravity(said[place][1]):
                said[place] = other, flaw
        return said

    def _translate(self, texts: Sequence[str], network: Network, *, again: bool) -> list[str]:
        split_texts = list(self._split(texts, network, around_fixed=again))
        parts = [part for whole in split_texts for part in whole.texts]
        lengths = network.lengths(parts)
        # Longest first: little padding, and what does not fit into memory fails at once rather than near the end.
        order = sorted(range(len(parts)), key=lambda place: -lengths[place])
        english = [""] * len(parts)
        start = 0
        while start < len(order):
            # Memory grows with the tokens, so there are fewer of long texts.
            fitting = self._batch_size * USUAL // max(lengths[order[start]], 1)
            batch = order[start : start + (network.at_once or min(self._batch_size, max(fitting, 1)))]
            start += len(batch)
            said = network.translate([parts[place] for place in batch], again=again)
            for place, text in zip(batch, said, strict=True):
                english[place] = text.strip()
        told = iter(english)
        return [whole.joined([next(told) for _ in whole.texts]) for whole in split_texts]

    def _split(self, texts: Sequence[str], network: Network, *, around_fixed: bool) -> Iterator[Parts]:
        for text in texts:
            yield split(text, lambda part: network.lengths([part])[0] <= network.longest, around_fixed=around_fixed)


def _encodable(text: str) -> str:
    """The text with lone surrogates, which no tokenizer takes, replaced."""
    return text.encode("utf-8", "replace").decode("utf-8")
