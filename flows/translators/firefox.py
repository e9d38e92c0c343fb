"""Firefox Translations: small models for the processor, run with fxtranslate in processes of their own."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures.process import BrokenProcessPool
from functools import partial
from importlib.util import find_spec
from typing import TYPE_CHECKING

from flows.translators import EngineUnavailable
from flows.translators.firefox_models import fetch, files_in, find_cached
from flows.translators.models import ModelFiles, Unusable
from flows.translators.parts import split
from flows.workers import start_workers

if TYPE_CHECKING:
    from sentencepiece import SentencePieceProcessor

    from flows.firefox_worker import Files

LONGEST = 100  # tokens; the window has 128, but from 110 on the Portuguese model loses the thread
CLAUSE = 15  # tokens of a part in a second try: puts 15 of 30 wrong figures right, with 30 tokens 12
FEW = 32  # texts, translated about as soon as another process has started
CHUNK = 8  # texts that a process is given at a time: so few that all end at about the same time


class Firefox:
    """Models of Firefox Translations: a folder, or a pair such as `ru-en`, or `ru-en@3.0` pinned to a version."""

    engine = "firefox"

    def find_local(self, name: str, language: str) -> ModelFiles | None:
        _check_installed()
        return find_cached(name)

    def find(self, name: str, language: str) -> ModelFiles:
        return self.find_local(name, language) or fetch(name)

    def load(self, files: ModelFiles, language: str) -> Workers:
        _check_installed()
        from sentencepiece import SentencePieceProcessor

        parts = files_in(files.folder)
        try:
            # The engine itself takes a vocabulary that is none, and says nothing then.
            source, _ = (SentencePieceProcessor(model_proto=path.read_bytes()) for path in parts[1:3])
            return Workers(parts, source)
        except (OSError, RuntimeError, ValueError) as error:
            reason = " ".join(str(error).split())[:200]
            raise Unusable(f"cannot be loaded from {files.folder}: {reason or type(error).__name__}") from error


class Workers:
    """A model in processes: as many as there are cores to use, but no more than the texts need."""

    longest = LONGEST
    at_once: int | None = 4096

    def __init__(self, files: Files, vocabulary: SentencePieceProcessor) -> None:
        """Raises ValueError where a file is damaged, BrokenProcessPool where no process can be started."""
        from flows import firefox_worker

        self._vocabulary = vocabulary
        self._work = partial(firefox_worker.translate, files)
        self._pool = start_workers(firefox_worker.be_quiet)
        self._pool.submit(self._work, []).result()

    def lengths(self, texts: Sequence[str]) -> list[int]:
        return [len(self._vocabulary.encode(text)) for text in texts]

    def translate(self, texts: Sequence[str], *, again: bool) -> list[str]:
        """again: clause by clause, since the engine has no settings."""
        if not again:
            return self._translate(texts)
        wholes = [split(text, lambda part: self.lengths([part])[0] <= CLAUSE, around_fixed=False) for text in texts]
        said = iter(self._translate([part for whole in wholes for part in whole.texts]))
        return [whole.joined([next(said).strip() for _ in whole.texts]) for whole in wholes]

    def _translate(self, texts: Sequence[str]) -> list[str]:
        size = CHUNK if len(texts) > FEW else FEW
        chunks = [texts[start : start + size] for start in range(0, len(texts), size)]
        try:
            return [english for chunk in self._pool.map(self._work, chunks) for english in chunk]
        except BrokenProcessPool as error:
            raise EngineUnavailable(
                "firefox: one of the processes that translate has ended, for want of memory or since it was killed; "
                "run again for what is left"
            ) from error
        except ValueError as error:
            raise EngineUnavailable(f"firefox: the engine failed: {' '.join(str(error).split())[:200]}") from error


def _check_installed() -> None:
    if find_spec("fxtranslate") is None:
        raise Unusable("is run by fxtranslate, which is not installed; `pip install 'rashomon[firefox]'`")
