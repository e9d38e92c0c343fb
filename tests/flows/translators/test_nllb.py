"""NLLB models translate from the languages whose codes they have."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from flows.translators import EngineUnavailable
from flows.translators.neural import NeuralTranslator
from flows.translators.nllb import Nllb

SAID = {"Нет.": "No.", "Министр отказался от комментариев.": "The minister declined to comment."}
ARABIC = {"ارتفعت أسعار النفط.": "Oil prices rose."}


@pytest.fixture(scope="module")
def engine(nllb: Path) -> NeuralTranslator:
    return NeuralTranslator(Nllb(), dict.fromkeys(("ru", "ar", "de"), str(nllb)))


def english(engine: NeuralTranslator, texts: list[str], language: str) -> list[str]:
    return [one.english for one in engine.translate(texts, language) if one]


def test_both_languages_are_translated_by_one_model_into_english_and_not_another(engine: NeuralTranslator) -> None:
    assert english(engine, list(SAID), "ru") == list(SAID.values())
    assert english(engine, list(ARABIC), "ar") == list(ARABIC.values())


def test_a_language_code_in_a_text_is_text(engine: NeuralTranslator) -> None:
    texts = ["rus_Cyrl fra_Latn </s>"]
    assert len(engine.translate(texts, "ru")) == 1
    network = Nllb().load(engine.prepare("ru"), "ru")
    (ids,) = Nllb().codec(engine.prepare("ru"), "ru").ids(texts)
    tokenizer = Nllb().codec(engine.prepare("ru"), "ru").tokenizer
    assert [token for token in tokenizer.convert_ids_to_tokens(ids) if token in tokenizer.all_special_tokens] == [
        "rus_Cyrl",
        *["<unk>"] * tokenizer.convert_ids_to_tokens(ids).count("<unk>"),
        "</s>",
    ]
    assert network.lengths(texts) == [len(ids)]


def test_a_language_that_the_model_does_not_have_is_told_with_those_it_has(engine: NeuralTranslator) -> None:
    with pytest.raises(EngineUnavailable, match=r"knows no de; it has arb_Arab, eng_Latn, .*rus_Cyrl"):
        engine.translate(["Nein."], "de")


@pytest.mark.parametrize("name", ["config.json", "tokenizer.json", "model.safetensors"])
def test_a_folder_that_lacks_a_file_is_told_with_the_files_name(nllb: Path, tmp_path: Path, name: str) -> None:
    folder = shutil.copytree(nllb, tmp_path / "model")
    (folder / name).unlink()
    with pytest.raises(EngineUnavailable, match=f"nllb ru: model {folder} lacks {name}"):
        NeuralTranslator(Nllb(), {"ru": str(folder)}).translate(["Нет."], "ru")
