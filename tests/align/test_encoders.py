"""Encoders turn texts into unit vectors that say what a text means, in whatever language."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from models import TEXTS, save_sentence_model

from align.encoders import EmbeddedEncoder, Encoder, EncoderUnavailable, SentenceTransformerEncoder

GOLD = Path(__file__).parents[2] / "configs" / "gold"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return save_sentence_model(tmp_path_factory.mktemp("model"))


@pytest.fixture(scope="module")
def embedded() -> Encoder:
    return EmbeddedEncoder()


@pytest.fixture(scope="module", params=["embedded", "folder"])
def encoder(request: pytest.FixtureRequest) -> Encoder:
    if request.param == "embedded":
        loaded: Encoder = request.getfixturevalue("embedded")
        return loaded
    return SentenceTransformerEncoder(str(request.getfixturevalue("folder")), "small", "1")


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


def test_a_model_is_known_by_the_name_and_revision_it_is_given(folder: Path) -> None:
    encoder = SentenceTransformerEncoder(str(folder), "somebody/small", "c0ffee")
    assert (encoder.name, encoder.revision, encoder.dimensions) == ("somebody/small", "c0ffee", 32)


def test_a_folder_without_a_model_is_told(tmp_path: Path) -> None:
    with pytest.raises(EncoderUnavailable, match=f"encoder small: {tmp_path} holds no model that loads") as failure:
        SentenceTransformerEncoder(str(tmp_path), "small", "1")
    assert "\n" not in str(failure.value)


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
