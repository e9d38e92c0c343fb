"""Encoders turn texts into unit vectors that say what a text means, in whatever language."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from align.encoders import EmbeddedEncoder, Encoder, EncoderUnavailable, SentenceTransformerEncoder, load_encoder

GOLD = Path(__file__).parents[2] / "configs" / "gold"
TEXTS = ["Troops entered the city.", "Войска вошли в город.", "دخلت القوات المدينة.", "Oil prices rose.", "Нет."]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A sentence-transformers model with random weights: small, but of the same parts as a published one."""
    import torch
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.sentence_transformer.modules import Pooling, Transformer
    from tokenizers import BertWordPieceTokenizer
    from transformers import BertConfig, BertModel, BertTokenizer

    torch.manual_seed(7)
    plain = tmp_path_factory.mktemp("plain")
    words = BertWordPieceTokenizer(strip_accents=False)
    words.train_from_iterator(TEXTS, vocab_size=120, min_frequency=1, show_progress=False)
    words.save_model(str(plain))
    tokenizer = BertTokenizer(vocab=str(plain / "vocab.txt"), model_max_length=64)
    layers: Any = dict(hidden_size=32, num_hidden_layers=2, num_attention_heads=4, intermediate_size=64)
    BertModel(BertConfig(vocab_size=len(tokenizer), max_position_embeddings=64, **layers)).save_pretrained(plain)
    tokenizer.save_pretrained(plain)
    transformer = Transformer(str(plain))
    model = SentenceTransformer(modules=[transformer, Pooling(32)], device="cpu")
    whole = tmp_path_factory.mktemp("model")
    model.save(str(whole), create_model_card=False)
    return whole


@pytest.fixture(scope="module")
def embedded() -> Encoder:
    return load_encoder("embedded")


@pytest.fixture(scope="module", params=["embedded", "folder"])
def encoder(request: pytest.FixtureRequest) -> Encoder:
    if request.param == "embedded":
        loaded: Encoder = request.getfixturevalue("embedded")
        return loaded
    return load_encoder(str(request.getfixturevalue("folder")))


def test_rows_are_unit_vectors_in_the_order_of_the_texts(encoder: Encoder) -> None:
    rows = encoder.encode(TEXTS)
    assert rows.shape == (len(TEXTS), encoder.dimensions)
    assert rows.dtype == np.float32
    assert np.allclose(np.linalg.norm(rows, axis=1), 1, atol=1e-5)
    assert np.allclose(encoder.encode(TEXTS[::-1]), rows[::-1], atol=2e-6)
    assert encoder.encode([]).shape == (0, encoder.dimensions)


def test_a_row_does_not_depend_on_what_else_is_encoded(encoder: Encoder) -> None:
    alone = np.vstack([encoder.encode([text]) for text in TEXTS])
    together = encoder.encode([*TEXTS, "a much longer text " * 20, ""])[: len(TEXTS)]
    assert np.abs(alone - together).max() < 2e-6


def test_a_blank_text_is_all_zeros_and_disturbs_no_other(encoder: Encoder) -> None:
    rows = encoder.encode(["", TEXTS[0], " \n\t\u00a0", "\u200b\u200f\ufeff", "\x00"])
    assert np.count_nonzero(rows[[0, 2, 3, 4]]) == 0
    assert np.allclose(rows[1], encoder.encode(TEXTS[:1])[0], atol=2e-6)


def test_the_same_model_gives_the_same_rows(encoder: Encoder) -> None:
    assert np.array_equal(encoder.encode(TEXTS), encoder.encode(TEXTS))


@pytest.mark.parametrize("text", ["я" * 300_000, "слово " * 50_000, "\ud800", "a\udfffb", "🙂" * 10_000, "\U000e0001"])
def test_long_and_odd_texts_are_encoded_all_the_same(encoder: Encoder, text: str) -> None:
    assert np.isfinite(encoder.encode([text])).all()


@settings(max_examples=30, deadline=None)
@given(st.lists(st.text(st.characters(codec=None), max_size=30), max_size=4))
def test_any_text_gives_a_unit_or_a_zero_row(embedded: Encoder, texts: list[str]) -> None:
    lengths = np.linalg.norm(embedded.encode(texts), axis=1)
    assert all(np.isclose(length, 1, atol=1e-5) or length == 0 for length in lengths)


def test_the_embedded_encoder_tells_its_model_and_version(embedded: Encoder) -> None:
    assert isinstance(embedded, EmbeddedEncoder)
    assert (embedded.name, embedded.dimensions) == ("use-multilingual-v3", 512)
    assert embedded.revision[0].isdigit()


def test_a_folders_revision_is_that_of_its_content(folder: Path, tmp_path: Path) -> None:
    encoder = load_encoder(str(folder))
    assert isinstance(encoder, SentenceTransformerEncoder)
    assert (encoder.name, encoder.dimensions, len(encoder.revision)) == (str(folder), 32, 12)
    copy = shutil.copytree(folder, tmp_path / "copy")
    assert load_encoder(str(copy)).revision == encoder.revision
    (copy / "config.json").write_text((copy / "config.json").read_text() + "\n")
    assert load_encoder(str(copy)).revision != encoder.revision


def test_loading_and_encoding_print_nothing(folder: Path, capfd: pytest.CaptureFixture[str]) -> None:
    load_encoder(str(folder)).encode(TEXTS)
    assert capfd.readouterr() == ("", "")


def test_a_folder_without_a_model_is_told(tmp_path: Path) -> None:
    with pytest.raises(
        EncoderUnavailable, match=f"encoder {tmp_path}: {tmp_path} holds no model that loads"
    ) as failure:
        load_encoder(str(tmp_path))
    assert "\n" not in str(failure.value)


@pytest.mark.parametrize("name", ["/no/such/folder", "nobody/no-such-model", "no-such-model", "../up"])
def test_a_name_that_is_not_on_this_machine_is_told_at_once(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    from huggingface_hub import constants

    monkeypatch.setattr(constants, "HF_HUB_CACHE", str(tmp_path))
    with pytest.raises(EncoderUnavailable, match=f"encoder {name}: neither a folder nor in the local cache"):
        load_encoder(name)
    assert capfd.readouterr() == ("", "")


def gold(event: str) -> list[dict[str, str]]:
    lines = (GOLD / event / "statements.jsonl").read_text("utf-8").splitlines()
    return [json.loads(line) for line in lines]


@pytest.mark.parametrize("event", ["border", "enclave", "oil", "pipeline"])
def test_statements_of_one_claim_in_two_languages_are_nearer_than_others(embedded: Encoder, event: str) -> None:
    rows = gold(event)
    vectors = embedded.encode([row["text"] for row in rows])
    language = np.array([row["article"].split("-")[1] for row in rows])
    claim = np.array([row["claim"] or "" for row in rows])
    cosine = vectors @ vectors.T
    across = language[:, None] != language[None, :]
    same = across & (claim[:, None] == claim[None, :]) & (claim != "")[:, None]
    assert cosine[same].mean() > cosine[across & ~same].mean() + 0.15


@pytest.mark.parametrize("language", ["ru", "ar"])
def test_the_statement_nearest_to_a_reference_translation_is_its_own(embedded: Encoder, language: str) -> None:
    rows = [row for row in gold("enclave") if f"-{language}-" in row["article"]]
    theirs, english = (embedded.encode([row[field] for row in rows]) for field in ("text", "en"))
    hits = (english @ theirs.T).argmax(axis=1) == np.arange(len(rows))
    assert hits.mean() > 0.9
