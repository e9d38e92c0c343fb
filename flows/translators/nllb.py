"""NLLB (NLLB Team 2022): one model for 200 languages, run with transformers, from the hub or from a folder."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flows.translators.models import Layout, ModelFiles, Unusable, find, find_local
from flows.translators.seq2seq import Seq2Seq, load_network, loading

LAYOUT = Layout(
    required=("config.json", "tokenizer.json"),
    weights=("model.safetensors", "pytorch_model.bin"),
    optional=(
        *("generation_config.json", "tokenizer_config.json", "special_tokens_map.json"),
        "sentencepiece.bpe.model",
    ),
)
CODES = {"ru": "rus_Cyrl", "ar": "arb_Arab"}
ENGLISH = "eng_Latn"


class Nllb:
    """NLLB models on transformers."""

    engine = "nllb"
    architecture = "M2M100ForConditionalGeneration"

    def find_local(self, name: str, language: str) -> ModelFiles | None:
        return find_local(name, LAYOUT)

    def find(self, name: str, language: str) -> ModelFiles:
        return find(name, LAYOUT)

    def codec(self, files: ModelFiles, language: str) -> NllbCodec:
        return NllbCodec(files, language)

    def load(self, files: ModelFiles, language: str) -> Seq2Seq:
        return Seq2Seq(self.codec(files, language), load_network(self.architecture, files))


class NllbCodec:
    """Texts to the tokens of an NLLB model, and back."""

    def __init__(self, files: ModelFiles, language: str) -> None:
        from transformers import NllbTokenizer

        with loading(files):
            self.tokenizer: Any = NllbTokenizer.from_pretrained(files.folder, local_files_only=True)
        self.tokenizer.src_lang = self._known(CODES.get(language, language))
        self.first: int | None = self.tokenizer.convert_tokens_to_ids(self._known(ENGLISH))

    def _known(self, code: str) -> str:
        codes = [token for token in self.tokenizer.all_special_tokens if "_" in token]
        if code not in codes:
            raise Unusable(f"knows no {code}; it has {', '.join(sorted(codes)) or 'no languages'}")
        return code

    def ids(self, texts: Sequence[str]) -> list[list[int]]:
        # `</s>` and the like in a text are text.
        found: list[list[int]] = self.tokenizer([*texts], verbose=False, split_special_tokens=True)["input_ids"]
        return found

    def english(self, made: Any) -> list[str]:
        said: list[str] = self.tokenizer.batch_decode(
            made, skip_special_tokens=True, clean_up_tokenization_spaces=False
        )
        return said
