"""Models converted for CTranslate2 say what they say on transformers, and are converted once."""

from __future__ import annotations

import importlib.util
import json
import shutil
from pathlib import Path

import pytest

from flows import hub
from flows.translators import EngineUnavailable
from flows.translators.ctranslate2 import Converted
from flows.translators.neural import NeuralTranslator
from flows.translators.nllb import Nllb
from flows.translators.opus_mt import OpusMT

TEXTS = [
    "Нет.",
    "Совет Безопасности соберётся сегодня вечером в Нью-Йорке.",
    "Переговоры продолжатся в четверг. Министр отказался от комментариев.",
    'Посол назвал доклад "ложью".',
]


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    from huggingface_hub import constants

    monkeypatch.setattr(constants, "HF_ASSETS_CACHE", str(tmp_path / "assets"))
    return tmp_path / "assets"


def converted(model: Path, nllb: bool = False) -> NeuralTranslator:
    return NeuralTranslator(Converted(Nllb() if nllb else OpusMT()), {"ru": str(model), "ar": str(model)})


def english(engine: NeuralTranslator, texts: list[str] = TEXTS, language: str = "ru") -> list[str]:
    return [one.english for one in engine.translate(texts, language) if one]


@pytest.mark.parametrize("beams", [1, 4])
def test_opus_mt_says_the_same_greedy_and_with_a_wider_search(marian: Path, tmp_path: Path, beams: int) -> None:
    folder = shutil.copytree(marian, tmp_path / "model")
    settings = json.loads((folder / "generation_config.json").read_text())
    (folder / "generation_config.json").write_text(json.dumps(settings | {"num_beams": beams}))
    said = english(converted(folder))
    assert said == english(NeuralTranslator(OpusMT(), {"ru": str(folder)}))
    assert said[0] == "No."


def test_nllb_says_the_same(nllb: Path) -> None:
    for language, texts in (("ru", TEXTS[:1]), ("ar", ["ارتفعت أسعار النفط."])):
        said = english(converted(nllb, nllb=True), texts, language)
        assert said == english(NeuralTranslator(Nllb(), {language: str(nllb)}), texts, language)
        assert said in (["No."], ["Oil prices rose."])


def test_a_model_is_converted_to_8_bit_integers_once_and_that_is_told(marian: Path, cache: Path) -> None:
    told: list[str] = []
    with hub.watched_by(lambda what, *_: told.append(what)):
        first = english(converted(marian))
        (weights,) = cache.rglob("model.bin")
        made = weights.stat().st_mtime_ns
        assert english(converted(marian)) == first
    assert weights.stat().st_mtime_ns == made
    assert weights.stat().st_size < (marian / "model.safetensors").stat().st_size / 2
    assert told == [f"{marian}, converting it to 8-bit integers"]
    assert [path.name for path in weights.parent.parent.iterdir()] == [weights.parent.name]


@pytest.mark.parametrize("file", ["model.bin", "shared_vocabulary.json"])
def test_a_conversion_that_is_damaged_or_lacks_a_file_is_made_anew(marian: Path, cache: Path, file: str) -> None:
    first = english(converted(marian))
    (path,) = cache.rglob(file)
    whole = path.read_bytes()
    path.write_bytes(whole[:-1])
    assert english(converted(marian)) == first
    assert path.read_bytes() == whole
    path.unlink()
    assert english(converted(marian)) == first
    assert path.read_bytes() == whole


def test_other_weights_under_the_same_name_are_converted_for_themselves(marian: Path, nllb: Path, cache: Path) -> None:
    english(converted(marian))
    english(converted(nllb, nllb=True), TEXTS[:1])
    assert len([*cache.rglob("model.bin")]) == 2


def test_what_made_a_translation_is_told_with_the_revision_of_the_model_it_was_made_from(marian: Path) -> None:
    (one,) = converted(marian).translate(["Нет."], "ru")
    (other,) = NeuralTranslator(OpusMT(), {"ru": str(marian)}).translate(["Нет."], "ru")
    assert one and other
    assert (one.engine, one.model, one.revision) == ("opus-mt-ct2", other.model, other.revision)


@pytest.mark.parametrize(
    "text", ["ы" * 5000, "\ud800 Нет. \udfff", "</s><pad>>>en<< Нет.", "日本語 🙂", "\x00\u202e", "«"]
)
def test_no_text_breaks_it(marian: Path, text: str) -> None:
    engine = converted(marian)
    assert len(engine.translate([text], "ru")) == 1
    assert english(engine, ["Нет."]) == ["No."]
    assert engine.translate([], "ru") == []


def test_a_model_that_cannot_be_converted_is_told_and_leaves_nothing(marian: Path, tmp_path: Path, cache: Path) -> None:
    folder = shutil.copytree(marian, tmp_path / "model")
    (folder / "model.safetensors").write_bytes(b"none")
    with pytest.raises(EngineUnavailable, match=r"opus-mt-ct2 ru: .* cannot be loaded") as failure:
        english(converted(folder))
    assert "\n" not in str(failure.value)
    assert not [path for path in cache.rglob("*") if path.is_file()]
    (folder / "target_vocab.json").write_text("{}")
    with pytest.raises(EngineUnavailable, match="two vocabularies"):
        english(converted(folder))


def test_without_the_package_it_says_what_to_install_and_fetches_nothing(
    hub: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = importlib.util.find_spec
    monkeypatch.setattr(
        "flows.translators.ctranslate2.find_spec", lambda name: None if name == "ctranslate2" else found(name)
    )
    with pytest.raises(EngineUnavailable, match=r"not installed; `pip install 'rashomon\[ctranslate2\]'`"):
        NeuralTranslator(Converted(OpusMT()), {"ru": "somebody/opus-mt-ru-en"}).translate(["Нет."], "ru")
    assert hub.asked == []  # type: ignore[attr-defined]
