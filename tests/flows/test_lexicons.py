"""Lexicons: a user's names and frames come beside the shipped ones."""

from __future__ import annotations

from importlib import resources
from pathlib import Path

import pytest
import yaml

from align.encoders import EmbeddedEncoder
from align.framing.naming import find_mentions
from flows.errors import UserError
from flows.lexicons import background_texts, load_frames, load_knowledge, load_names, load_reporting

OWN = """
referents:
  dam:
    en:
      neutral: [the dam]
      negative: [the death trap]
"""


def test_reporting_expressions_come_in_three_languages() -> None:
    assert set(load_reporting().lexicons) == {"en", "ru", "ar"}


def test_a_users_names_are_added_to_the_shipped_ones(tmp_path: Path) -> None:
    (tmp_path / "own.yaml").write_text(OWN, encoding="utf-8")
    names = load_names([tmp_path / "own.yaml"])
    found = find_mentions("Rebels shelled the death trap.", "en", names.lexicon)
    assert [(mention.referent, mention.valence) for mention in found] == [
        ("armed-group", "neutral"),
        ("dam", "negative"),
    ]
    assert find_mentions("Боевики отступили.", "ru", names.lexicon)


def test_the_fingerprint_changes_with_the_names(tmp_path: Path) -> None:
    (tmp_path / "own.yaml").write_text(OWN, encoding="utf-8")
    assert load_names([tmp_path / "own.yaml"]).fingerprint != load_names([]).fingerprint == load_names([]).fingerprint


@pytest.mark.parametrize(
    "text", ["- a", "referents: {dam: {xx: {neutral: [a]}}}", "referents: {dam: {en: {bad: [a]}}}", "[", ""]
)
def test_a_wrong_file_is_named(tmp_path: Path, text: str) -> None:
    (tmp_path / "own.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(UserError, match=r"own\.yaml"):
        load_names([tmp_path / "own.yaml"])


def test_a_users_frames_are_added_to_the_shipped_ones_and_are_experimental(tmp_path: Path) -> None:
    (tmp_path / "own.yaml").write_text("frames: {health: {examples: {en: [The epidemic spread.]}}}", encoding="utf-8")
    shipped, frames = load_frames([]), load_frames([tmp_path / "own.yaml"])
    assert [frame.name for frame in frames.frames] == [*(frame.name for frame in shipped.frames), "health"]
    assert frames.frames[-1].is_experimental and frames.fingerprint != shipped.fingerprint


@pytest.mark.parametrize("text", ["frames: {a: {}}", "names: {}", "- a", "[", ""])
def test_a_wrong_file_of_frames_is_named(tmp_path: Path, text: str) -> None:
    (tmp_path / "own.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(UserError, match=r"own\.yaml"):
        load_frames([tmp_path / "own.yaml"])
    with pytest.raises(UserError, match=r"none\.yaml: cannot be read: No such file"):
        load_frames([tmp_path / "none.yaml"])


def test_every_shipped_frame_has_examples_and_words_of_all_three_languages() -> None:
    shipped = yaml.safe_load((resources.files("configs") / "lexicons" / "frames.yaml").read_text("utf-8"))["frames"]
    for frame, entry in shipped.items():
        assert list(entry["examples"]) == list(entry["words"]) == ["en", "ru", "ar"], frame
        assert {len(examples) for examples in entry["examples"].values()} == {8}, frame


def test_the_background_is_of_all_three_languages() -> None:
    assert len(background_texts()) == 369


def test_every_shipped_concept_has_words_of_all_three_languages() -> None:
    text = (resources.files("configs") / "lexicons" / "concepts.yaml").read_text("utf-8")
    concepts = yaml.load(text, Loader=yaml.CSafeLoader)
    assert len(concepts) > 500
    for concept, words in concepts.items():
        assert isinstance(concept, str) and list(words) == ["en", "ru", "ar"], concept
        assert all(isinstance(items, str) and items.split() for items in words.values()), concept


def test_what_is_known_of_words_joins_the_three_scripts() -> None:
    known = load_knowledge(EmbeddedEncoder().encode).vocabulary
    alike = known.likeness(["killed", "погибли", "قتلى", "parliament"], by_concept=True)
    assert (alike[:3, :3] > 0.8).all() and (alike[3, :3] < 0.8).all()
