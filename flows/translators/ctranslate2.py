"""Models of transformers on CTranslate2: converted once to 8-bit integers, which a processor multiplies fastest."""

from __future__ import annotations

import json
import os
import shutil
import tempfile
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from align.cores import cores
from flows import hub
from flows.checksums import LIST, damaged, read_list, write_list
from flows.translators import EngineUnavailable
from flows.translators.models import ModelFiles, Unusable
from flows.translators.seq2seq import AGAIN, Codec, TransformersKind, load_network, loading, most_new

TOKENS = 2048  # of a batch, padding included and counted for each hypothesis, of which there are two at least
FORM = "int8"


class Converted:
    """The models of a kind that transformers runs, run by CTranslate2."""

    def __init__(self, kind: TransformersKind) -> None:
        self.engine = f"{kind.engine}-ct2"
        self._kind = kind

    def find_local(self, name: str, language: str) -> ModelFiles | None:
        _check_installed()
        return self._kind.find_local(name, language)

    def find(self, name: str, language: str) -> ModelFiles:
        _check_installed()
        return self._kind.find(name, language)

    def load(self, files: ModelFiles, language: str) -> Int8:
        _check_installed()
        codec = self._kind.codec(files, language)
        folder = _converted_folder(files)
        if not _is_whole(folder):
            _convert(self._kind.architecture, codec, files, folder)
        with loading(files):
            return Int8(codec, folder, _setting(files, "max_position_embeddings"), _setting(files, "num_beams"))


class Int8:
    """A converted model with its codec."""

    at_once: int | None = 4096  # CTranslate2 sorts and batches them by itself

    def __init__(self, codec: Codec, folder: Path, positions: int, beams: int) -> None:
        """positions: how many tokens the model has places for; beams: how wide it searches."""
        from ctranslate2 import Translator, get_cuda_device_count

        _use_widest_vectors()
        self._codec, self._positions, self._beams = codec, positions, beams
        self.longest = positions // 2  # so that a longer translation has room too
        # On a processor, a core a batch is faster than all cores on one batch.
        threads = {} if get_cuda_device_count() else {"inter_threads": cores(), "intra_threads": 1}
        self._translator = Translator(str(folder), device="auto", **threads)

    def lengths(self, texts: Sequence[str]) -> list[int]:
        return [len(ids) for ids in self._codec.ids(texts)] if texts else []

    def translate(self, texts: Sequence[str], *, again: bool) -> list[str]:
        if not texts:
            return []
        ids, tokenizer = self._codec.ids(texts), self._codec.tokenizer
        first = self._codec.first
        settings: dict[str, Any] = {"beam_size": self._beams} if not again else _again()
        try:
            made = self._translator.translate_batch(
                [tokenizer.convert_ids_to_tokens(each) for each in ids],
                None if first is None else [[tokenizer.convert_ids_to_tokens(first)]] * len(ids),
                max_batch_size=TOKENS // max(2, settings["beam_size"]),
                batch_type="tokens",
                max_input_length=0,
                max_decoding_length=most_new(max(map(len, ids)), self._positions),
                **settings,
            )
        except RuntimeError as error:
            raise EngineUnavailable(f"ctranslate2 failed: {' '.join(str(error).split())[:200]}") from error
        return self._codec.english([tokenizer.convert_tokens_to_ids(one.hypotheses[0]) for one in made])


def _use_widest_vectors() -> None:
    """Have CTranslate2 compute with AVX-512 where PyTorch does; by itself it stops at AVX2, which is a tenth slower.

    $CT2_FORCE_CPU_ISA, where it is set, decides.
    """
    from torch.backends.cpu import get_cpu_capability

    if get_cpu_capability() == "AVX512":
        os.environ.setdefault("CT2_FORCE_CPU_ISA", "AVX512")


def _again() -> dict[str, Any]:
    """The settings of a second try, by CTranslate2's names."""
    return {"beam_size" if name == "num_beams" else name: value for name, value in AGAIN.items()}


def _setting(files: ModelFiles, name: str) -> int:
    """A whole number that a model's files tell, those of its search before those of its shape; 1 where none does."""
    for file in ("generation_config.json", "config.json"):
        path = files.folder / file
        if path.is_file() and (value := json.loads(path.read_text("utf-8")).get(name)) is not None:
            return int(value)
    return 1


def _converted_folder(files: ModelFiles) -> Path:
    """Where a model lies converted: beside the hub's cache, a folder a revision."""
    from huggingface_hub import constants

    name = files.name.replace("/", "--") if files.folder != Path(files.name) else files.folder.name
    return Path(constants.HF_ASSETS_CACHE) / "rashomon" / name / f"{files.revision}-{FORM}"


def _is_whole(folder: Path) -> bool:
    """Whether all files are there as they were written."""
    try:
        told = read_list(folder)
    except ValueError:
        return False
    return bool(told and not damaged(folder, told))


def _convert(architecture: str, codec: Codec, files: ModelFiles, folder: Path) -> None:
    """Put a converted model into its folder, whole or not at all. Raises Unusable."""
    from ctranslate2.converters import TransformersConverter

    if (files.folder / "target_vocab.json").exists():
        raise Unusable("has two vocabularies, which CTranslate2 cannot convert; use opus-mt for it")
    hub.tell(f"{files.name}, converting it to 8-bit integers", 0, 0)
    converter: Any = TransformersConverter(str(files.folder))
    converter.load_model = lambda *_, **__: load_network(architecture, files)
    converter.load_tokenizer = lambda *_, **__: codec.tokenizer
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=folder.parent, prefix=".") as scratch:
            made = Path(scratch) / folder.name
            with loading(files):
                converter.convert(str(made), quantization=FORM)
            write_list(made, [path.relative_to(made) for path in made.iterdir() if path.name != LIST])
            shutil.rmtree(folder, ignore_errors=True)
            try:
                made.rename(folder)
            except OSError:
                if not _is_whole(folder):  # which another process has made meanwhile
                    raise
    except OSError as error:
        raise Unusable(f"could not be converted in {folder.parent}: {error.strerror}") from error


def _check_installed() -> None:
    if find_spec("ctranslate2") is None:
        raise Unusable("is run by ctranslate2, which is not installed; `pip install 'rashomon[ctranslate2]'`")
