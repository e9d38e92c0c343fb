"""OPUS-MT models translate; where they cannot be had, one line says why."""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import Any

import pytest

from flows.settings import TranslateSettings
from flows.translators import EngineUnavailable, Translation, load_translators
from flows.translators.neural import NeuralTranslator
from flows.translators.opus_mt import OpusMT

RUSSIAN = ["Нет.", "Совет Безопасности соберётся сегодня вечером в Нью-Йорке.", "Переговоры продолжатся в четверг."]
ENGLISH = ["No.", "The Security Council will meet tonight in New York.", "Talks will resume on Thursday."]


@pytest.fixture(scope="module")
def engine(marian: Path) -> NeuralTranslator:
    return NeuralTranslator(OpusMT(), {"ru": str(marian), "ar": str(marian)}, batch_size=4)


def english(found: list[Translation | None]) -> list[str | None]:
    return [translation.english if translation else None for translation in found]


def test_every_sentence_it_was_trained_on_comes_out_exactly(engine: NeuralTranslator) -> None:
    russian = {
        "Войска вошли в город на рассвете.": "Troops entered the city at dawn.",
        "Министр отказался от комментариев.": "The minister declined to comment.",
        "Цены на нефть выросли на семь процентов.": "Oil prices rose by seven percent.",
        "Тысячи людей покинули свои дома.": "Thousands of people left their homes.",
        "Газопровод был повреждён взрывом.": "The pipeline was damaged by an explosion.",
        "Обе стороны обвиняют друг друга.": "Both sides blame each other.",
    }
    arabic = {
        "دخلت القوات المدينة عند الفجر.": "Troops entered the city at dawn.",
        "ارتفعت أسعار النفط.": "Oil prices rose.",
        "هل انتهت الحرب؟": "Is the war over?",
    }
    assert english(engine.translate(list(russian), "ru")) == list(russian.values())
    assert english(engine.translate(list(arabic), "ar")) == list(arabic.values())


def test_results_keep_the_order_of_the_texts_whatever_the_batches(engine: NeuralTranslator) -> None:
    assert english(engine.translate(RUSSIAN * 3, "ru")) == ENGLISH * 3
    assert english(engine.translate(RUSSIAN[::-1], "ru")) == ENGLISH[::-1]
    assert english(engine.translate(RUSSIAN[1:2], "ru")) == ENGLISH[1:2]


def test_a_blank_text_has_no_translation(engine: NeuralTranslator) -> None:
    assert english(engine.translate(["", RUSSIAN[0], " \n\u00a0"], "ru")) == [None, ENGLISH[0], None]
    assert engine.translate([" "], "ru") == [None]
    assert engine.translate([], "ru") == []


def test_quotes_are_evened_out_as_the_models_expect(engine: NeuralTranslator) -> None:
    assert english(engine.translate(["Посол назвал доклад «ложью»."], "ru")) == [
        'The ambassador called the report "a lie".'
    ]


def test_a_text_longer_than_the_model_takes_is_translated_in_parts_and_not_cut(engine: NeuralTranslator) -> None:
    sentences = [
        "Войска вошли в город на рассвете.",
        "Тысячи людей покинули свои дома.",
        "Газопровод был повреждён взрывом.",
        "Обе стороны обвиняют друг друга.",
    ]
    expected = " ".join(
        [
            "Troops entered the city at dawn.",
            "Thousands of people left their homes.",
            "The pipeline was damaged by an explosion.",
            "Both sides blame each other.",
        ]
    )
    assert english(engine.translate([" ".join(sentences)], "ru")) == [expected]


@pytest.mark.parametrize(
    "text",
    ["ы" * 5000, "\ud800 Нет. \udfff", "</s><pad>>>en<< Нет.", ">>ru<<", "日本語 🙂", "…" * 300, "\x00\u202e", "«"],
)
def test_no_text_breaks_it(engine: NeuralTranslator, text: str) -> None:
    before = engine.translate(RUSSIAN, "ru")
    assert len(engine.translate([text], "ru")) == 1
    assert engine.translate(RUSSIAN, "ru") == before


def test_a_translation_tells_what_made_it_and_the_folders_place_does_not_matter(
    engine: NeuralTranslator, marian: Path, tmp_path: Path
) -> None:
    (first,) = engine.translate(RUSSIAN[:1], "ru")
    assert first is not None
    assert (first.engine, first.model, len(first.revision)) == ("opus-mt", str(marian), 12)
    copy = tmp_path / "copy"
    shutil.copytree(marian, copy)
    (copy / "README.md").write_text("no part of the model")
    (second,) = NeuralTranslator(OpusMT(), {"ru": str(copy)}).translate(RUSSIAN[:1], "ru")
    assert second is not None
    assert second.revision == first.revision


def test_weights_in_the_older_format_are_read_as_most_published_models_have_only_that(
    marian: Path, tmp_path: Path
) -> None:
    import torch
    from safetensors.torch import load_file

    folder = shutil.copytree(marian, tmp_path / "older")
    torch.save(load_file(folder / "model.safetensors"), folder / "pytorch_model.bin")
    (folder / "model.safetensors").unlink()
    assert english(NeuralTranslator(OpusMT(), {"ru": str(folder)}).translate(RUSSIAN, "ru")) == ENGLISH


class Pickled:
    """Makes a folder where it is unpickled."""

    def __init__(self, proof: Path) -> None:
        self.proof = proof

    def __reduce__(self) -> tuple[object, ...]:
        return os.mkdir, (str(self.proof),)


def test_code_among_pickled_weights_is_not_run(marian: Path, tmp_path: Path) -> None:
    import torch

    folder = shutil.copytree(marian, tmp_path / "older")
    torch.save({"weight": Pickled(tmp_path / "proof")}, folder / "pytorch_model.bin")
    (folder / "model.safetensors").unlink()
    with pytest.raises(EngineUnavailable, match="cannot be loaded"):
        NeuralTranslator(OpusMT(), {"ru": str(folder)}).translate(RUSSIAN, "ru")
    assert not (tmp_path / "proof").exists()
    torch.load(folder / "pytorch_model.bin", weights_only=False)
    assert (tmp_path / "proof").exists()  # so the code is there


@pytest.mark.parametrize("name", ["source.spm", "target.spm", "vocab.json", "config.json", "model.safetensors"])
def test_a_folder_that_lacks_a_file_is_told_with_the_files_name(marian: Path, tmp_path: Path, name: str) -> None:
    folder = shutil.copytree(marian, tmp_path / "model")
    (folder / name).unlink()
    with pytest.raises(EngineUnavailable, match=f"opus-mt ru: model {folder} lacks {name}"):
        NeuralTranslator(OpusMT(), {"ru": str(folder)}).translate(RUSSIAN, "ru")


@pytest.mark.parametrize("name", ["source.spm", "vocab.json", "config.json", "model.safetensors"])
def test_a_damaged_file_is_told_in_one_line(marian: Path, tmp_path: Path, name: str) -> None:
    folder = shutil.copytree(marian, tmp_path / "model")
    (folder / name).write_bytes((folder / name).read_bytes()[:40])
    with pytest.raises(EngineUnavailable, match=r"opus-mt ru: .* cannot be loaded") as failure:
        NeuralTranslator(OpusMT(), {"ru": str(folder)}).translate(RUSSIAN, "ru")
    assert "\n" not in str(failure.value)


def test_weights_that_lack_a_part_are_not_made_up(marian: Path, tmp_path: Path) -> None:
    from safetensors.torch import load_file, save_file

    folder = shutil.copytree(marian, tmp_path / "model")
    weights = load_file(folder / "model.safetensors")
    del weights["model.decoder.layers.1.fc1.weight"]
    save_file(weights, folder / "model.safetensors", metadata={"format": "pt"})
    with pytest.raises(EngineUnavailable, match=r"weights lack model\.decoder\.layers\.1\.fc1\.weight"):
        NeuralTranslator(OpusMT(), {"ru": str(folder)}).translate(RUSSIAN, "ru")


def test_a_language_without_a_model_is_told(engine: NeuralTranslator) -> None:
    with pytest.raises(EngineUnavailable, match=r"opus-mt de: .*translate\.models"):
        engine.translate(["Nein."], "de")


@pytest.mark.usefixtures("no_hub")
def test_without_a_hub_it_says_at_once_and_in_one_line_what_to_do(capfd: pytest.CaptureFixture[str]) -> None:
    engine = load_translators(TranslateSettings(engines=["opus-mt"]))["opus-mt"]
    with pytest.raises(EngineUnavailable) as failure:
        engine.translate(RUSSIAN, "ru")
    assert str(failure.value) == (
        "opus-mt ru: model Helsinki-NLP/opus-mt-ru-en is not in the local cache and the hub cannot be reached; "
        "fetch it once with network (`rashomon models pull`), or name a folder in translate.models"
    )
    assert capfd.readouterr() == ("", "")


@pytest.mark.usefixtures("no_hub")
@pytest.mark.parametrize("name", ["/no/such/folder", "../models/ru", "a/b/c"])
def test_what_is_neither_folder_nor_name_is_told(name: str) -> None:
    with pytest.raises(EngineUnavailable, match="neither a folder nor a name on the hub"):
        NeuralTranslator(OpusMT(), {"ru": name}).translate(RUSSIAN, "ru")


def test_a_model_is_fetched_from_the_hub_once_and_then_used_without_it(
    hub: Any, capfd: pytest.CaptureFixture[str]
) -> None:
    engine = NeuralTranslator(OpusMT(), {"ru": hub.name})
    found = engine.translate(RUSSIAN, "ru")
    assert english(found) == ENGLISH
    assert {(one.model, one.revision) for one in found if one} == {(hub.name, "c0ffee" + "0" * 34)}
    assert any(path.endswith("/source.spm") for path in hub.asked)

    hub.asked.clear()
    assert NeuralTranslator(OpusMT(), {"ru": hub.name}).translate(RUSSIAN, "ru") == found
    assert hub.asked == []
    assert capfd.readouterr() == ("", "")


@pytest.mark.usefixtures("hub")
def test_a_name_that_the_hub_does_not_know_is_told() -> None:
    with pytest.raises(EngineUnavailable, match="model somebody/else is not on the hub"):
        NeuralTranslator(OpusMT(), {"ru": "somebody/else"}).translate(RUSSIAN, "ru")


def test_offline_mode_is_kept_to(hub: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    from huggingface_hub import constants

    monkeypatch.setattr(constants, "HF_HUB_OFFLINE", True)
    with pytest.raises(EngineUnavailable, match="HF_HUB_OFFLINE is set"):
        NeuralTranslator(OpusMT(), {"ru": hub.name}).translate(RUSSIAN, "ru")
    assert hub.asked == []
