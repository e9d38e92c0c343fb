"""OPUS-MT (Tiedemann and Thottingal 2020): Marian models, run with transformers, from the hub or from a folder."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from flows.revisions import files_revision
from flows.translators import EngineUnavailable, Translation

if TYPE_CHECKING:
    from sacremoses import MosesPunctNormalizer

REQUIRED = ("config.json", "vocab.json", "source.spm", "target.spm")
WEIGHTS = ("model.safetensors", "pytorch_model.bin")  # either will do
OPTIONAL = ("generation_config.json", "tokenizer_config.json", "special_tokens_map.json", "target_vocab.json")

_CLAUSE_END = re.compile(r"[.!?…؟۔;؛:،,»)\]][\"”»)]*\s+|\s+[—–-]\s+")
_SPACE = re.compile(r"\s+")


class OpusMT:
    """Translates with one model a language, loaded at the first text in that language."""

    engine = "opus-mt"
    problems: Sequence[str] = ()  # it reads no files of the user's but models, which are whole or not to be had

    def __init__(self, models: Mapping[str, str], revision: str | None = None, batch_size: int = 32) -> None:
        """models: by language (ISO 639-1), a folder or a name on the hub; revision: of those from the hub.

        batch_size: texts that the model works on at once.
        """
        self._names = dict(models)
        self._revision = revision
        self._batch_size = batch_size
        self._models: dict[str, _Model] = {}

    def model_of(self, language: str) -> tuple[str, str | None]:
        """The model's name, and its revision where it lies on this machine."""
        name = self._name(language)
        if Path(name).is_dir():
            try:
                return name, _find(name, self._revision)[1]
            except _Unusable as error:
                raise EngineUnavailable(f"opus-mt {language}: model {name} {error}") from error
        from flows import hub

        cached = hub.cached_folder(name, self._revision)
        return name, cached.name if cached else self._revision

    def translate(self, texts: Sequence[str], language: str) -> list[Translation | None]:
        """Same length and order as `texts`; None for a blank text. Give it many texts, so that alike lengths meet.

        Raises EngineUnavailable where the language has no model, or its model cannot be had or loaded.
        """
        if not any(text.strip() for text in texts):
            return [None] * len(texts)
        model = self._model(language)
        english = model.translate(texts, self._batch_size)
        return [Translation(said, self.engine, model.name, model.revision) if said else None for said in english]

    def _model(self, language: str) -> _Model:
        if language not in self._models:
            name = self._name(language)
            try:
                folder, revision = _find(name, self._revision)
                self._models[language] = _load(folder, name, revision, language)
            except _Unusable as error:
                raise EngineUnavailable(f"opus-mt {language}: model {name} {error}") from error
        return self._models[language]

    def _name(self, language: str) -> str:
        name = self._names.get(language)
        if name is None:
            raise EngineUnavailable(f"opus-mt {language}: no model; name one in translate.models")
        return name


class _Unusable(Exception):
    """The second half of a sentence that begins with the model's name."""


def _find(name: str, revision: str | None) -> tuple[Path, str]:
    """The model's folder, and its commit or, for a user's own folder, the hash of its files."""
    folder = Path(name)
    if folder.is_dir():
        if lacking := lacking_files(folder):
            raise _Unusable(f"lacks {', '.join(lacking)}; save it there with its tokenizer")
        return folder, files_revision(sorted(path for path in folder.iterdir() if path.name in _wanted(folder)))

    from flows import hub

    cached = hub.cached_folder(name, revision)
    if cached is None or lacking_files(cached):
        try:
            files = hub.list_files(name, revision)
            weights = [weights for weights in WEIGHTS if weights in files][:1]
            cached = hub.download(name, [*REQUIRED, *OPTIONAL, *weights], revision)
        except hub.HubUnavailable as error:
            remedy = "fetch it once with network, or name a folder in translate.models"
            raise _Unusable(f"{error}; {remedy}") from error
        if lacking := lacking_files(cached):
            raise _Unusable(f"is no opus-mt model: it lacks {', '.join(lacking)}")
    return cached, cached.name


def _wanted(folder: Path) -> set[str]:
    weights = [name for name in WEIGHTS if (folder / name).is_file()][:1]
    return {name for name in (*REQUIRED, *OPTIONAL) if (folder / name).is_file()} | set(weights)


def lacking_files(folder: Path) -> list[str]:
    """What a folder lacks to hold an opus-mt model; nothing where it is whole."""
    lacking = [name for name in REQUIRED if not (folder / name).is_file()]
    if not any((folder / name).is_file() for name in WEIGHTS):
        lacking.append(" or ".join(WEIGHTS))
    return lacking


def _load(folder: Path, name: str, revision: str, language: str) -> _Model:
    import torch
    from sacremoses import MosesPunctNormalizer
    from transformers import MarianMTModel, MarianTokenizer

    from flows.quiet import quiet_models

    with quiet_models():
        try:
            tokenizer = MarianTokenizer.from_pretrained(folder, local_files_only=True)
            loaded: Any = MarianMTModel.from_pretrained(
                folder, local_files_only=True, dtype=torch.float32, output_loading_info=True
            )
            network, report = loaded
        except Exception as error:  # a damaged file fails in as many ways as there are formats
            reason = " ".join(str(error).split())[:200]
            raise _Unusable(f"cannot be loaded from {folder}: {reason or type(error).__name__}") from error
    if report["missing_keys"]:  # which transformers would fill with random numbers
        raise _Unusable(f"cannot be loaded from {folder}: its weights lack {min(report['missing_keys'])}")
    network = network.to("cuda" if torch.cuda.is_available() else "cpu").eval()
    # The settings of the model are kept but for its length limit, which `generate` is given a closer one for.
    network.generation_config.max_length = None
    # OPUS-MT models are trained on text evened out by this Moses script (their model cards: "normalization +
    # SentencePiece"), which transformers leaves to the caller. Without its rule for numbers: that makes the Russian
    # "10 000" the English "10.000".
    evening = MosesPunctNormalizer(language, norm_numbers=False)
    return _Model(name, revision, tokenizer, network, evening)


@dataclass(frozen=True, slots=True)
class _Model:
    name: str
    revision: str
    tokenizer: Any  # MarianTokenizer and MarianMTModel, whose own types do not say what they take
    network: Any
    evening: MosesPunctNormalizer

    def translate(self, texts: Sequence[str], batch_size: int) -> list[str]:
        """The English of each; empty for a blank text."""
        parts: list[tuple[int, list[int]]] = []  # the position of its text, token ids
        for position, text in enumerate(texts):
            parts += [(position, tokens) for tokens in self._tokens(_encodable(text))]
        # Longest first: little padding, and what does not fit into memory fails at once rather than near the end.
        order = sorted(range(len(parts)), key=lambda part: -len(parts[part][1]))
        english = [""] * len(parts)
        for start in range(0, len(order), batch_size):
            batch = order[start : start + batch_size]
            for part, said in zip(batch, self._generate([parts[part][1] for part in batch]), strict=True):
                english[part] = said
        whole: list[list[str]] = [[] for _ in texts]
        for (position, _), said in zip(parts, english, strict=True):
            whole[position].append(said)
        return [" ".join(filter(None, said)) for said in whole]

    def _tokens(self, text: str) -> list[list[int]]:
        """The token ids of the text, in as many parts as the model needs; none for a blank text."""
        text = self.evening.normalize(text)
        if not text:
            return []
        # `</s>` and the like in a text are text.
        tokens: list[int] = self.tokenizer(text, verbose=False, split_special_tokens=True)["input_ids"]
        # Half of the positions, so that a longer translation has room too.
        if len(tokens) <= self.network.config.max_position_embeddings // 2 or len(text) < 2:
            return [tokens]
        middle = _cut(text)
        return self._tokens(text[:middle]) + self._tokens(text[middle:])

    def _generate(self, batch: list[list[int]]) -> list[str]:
        import torch

        padded = self.tokenizer.pad({"input_ids": batch}, return_tensors="pt").to(self.network.device)
        # English is seldom longer than three tokens to one; a model that loops stops there.
        longest = min(self.network.config.max_position_embeddings - 1, 3 * len(batch[0]) + 16)
        with torch.inference_mode():
            made = self.network.generate(**padded, max_new_tokens=longest, do_sample=False)
        said: list[str] = self.tokenizer.batch_decode(
            made, skip_special_tokens=True, clean_up_tokenization_spaces=False, use_source_tokenizer=False
        )
        return [text.strip() for text in said]


def _encodable(text: str) -> str:
    """The text with lone surrogates, which no tokenizer takes, replaced."""
    return text.encode("utf-8", "replace").decode("utf-8")


def _cut(text: str) -> int:
    """Where to cut a text in two: after the clause, else the word, that ends nearest to the middle."""
    for pattern in (_CLAUSE_END, _SPACE):
        ends = [found.end() for found in pattern.finditer(text)]
        inner = [end for end in ends if len(text) // 8 <= end <= len(text) - len(text) // 8]
        if inner:
            return min(inner, key=lambda end: abs(end - len(text) // 2))
    return len(text) // 2
