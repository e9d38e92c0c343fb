"""OPUS-MT (Tiedemann and Thottingal 2020): Marian models, run with transformers, from the hub or from a folder."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flows.translators.models import Layout, ModelFiles, find, find_local
from flows.translators.seq2seq import Seq2Seq, load_network, loading

LAYOUT = Layout(
    required=("config.json", "vocab.json", "source.spm", "target.spm"),
    weights=("model.safetensors", "pytorch_model.bin"),
    optional=("generation_config.json", "tokenizer_config.json", "special_tokens_map.json", "target_vocab.json"),
)


class OpusMT:
    """Marian models on transformers."""

    engine = "opus-mt"

    def find_local(self, name: str, language: str) -> ModelFiles | None:
        return find_local(name, LAYOUT)

    def find(self, name: str, language: str) -> ModelFiles:
        return find(name, LAYOUT)

    def load(self, files: ModelFiles, language: str) -> Seq2Seq:
        from transformers import MarianMTModel

        network = load_network(MarianMTModel, files)
        return Seq2Seq(MarianCodec(files, language), network, network.config.max_position_embeddings)


class MarianCodec:
    """Texts to the tokens of a Marian model, and back."""

    first: int | None = None  # it knows no other language

    def __init__(self, files: ModelFiles, language: str) -> None:
        from sacremoses import MosesPunctNormalizer
        from transformers import MarianTokenizer

        with loading(files):
            self.tokenizer: Any = MarianTokenizer.from_pretrained(files.folder, local_files_only=True)
        # OPUS-MT models are trained on text evened out by this Moses script (their model cards: "normalization +
        # SentencePiece"), which transformers leaves to the caller. Without its rule for numbers: that makes the Russian
        # "10 000" the English "10.000".
        self._evening = MosesPunctNormalizer(language, norm_numbers=False)

    def ids(self, texts: Sequence[str]) -> list[list[int]]:
        even = [self._evening.normalize(text) for text in texts]
        # `</s>` and the like in a text are text.
        found: list[list[int]] = self.tokenizer(even, verbose=False, split_special_tokens=True)["input_ids"]
        return found

    def english(self, made: Any) -> list[str]:
        said: list[str] = self.tokenizer.batch_decode(
            made, skip_special_tokens=True, clean_up_tokenization_spaces=False, use_source_tokenizer=False
        )
        return said
