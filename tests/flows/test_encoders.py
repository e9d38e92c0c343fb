"""The encoder that a config names is opened, or the user is told what to do."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from models import TEXTS, save_sentence_model

from align.encoders import SentenceTransformerEncoder
from flows.encoders import open_encoder
from flows.errors import UserError

COMMIT = "c0ffee" + "0" * 34


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A hub's address where nobody answers, and an empty local cache."""
    from huggingface_hub import constants

    monkeypatch.setattr(constants, "ENDPOINT", "http://127.0.0.1:9")
    monkeypatch.setattr(constants, "HF_HUB_CACHE", str(tmp_path / "cache"))
    return tmp_path / "cache"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return save_sentence_model(tmp_path_factory.mktemp("model"))


@pytest.mark.usefixtures("cache")
def test_the_embedded_encoder_needs_no_hub() -> None:
    assert open_encoder("embedded").dimensions == 512


@pytest.mark.usefixtures("cache")
@pytest.mark.parametrize("name", ["sentence-transformers/LaBSE", "LaBSE"])
def test_without_a_hub_it_says_at_once_and_in_one_line_what_to_do(name: str, capfd: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(UserError) as failure:
        open_encoder(name)
    assert str(failure.value) == (
        f"encode.model: {name} is not in the local cache and the hub cannot be reached; "
        "fetch it once with network, name a folder, or use `embedded`"
    )
    assert capfd.readouterr() == ("", "")


@pytest.mark.usefixtures("cache")
@pytest.mark.parametrize("name", ["/no/such/folder", "../up"])
def test_what_is_neither_folder_nor_name_is_told(name: str) -> None:
    with pytest.raises(UserError, match=rf"encode\.model: {name} is neither a folder nor a name on the hub"):
        open_encoder(name)


def test_a_folder_without_a_model_is_told(tmp_path: Path) -> None:
    with pytest.raises(UserError, match=r"encode\.model: .*holds no model that loads"):
        open_encoder(str(tmp_path))


def test_a_folders_revision_is_that_of_its_content(folder: Path, tmp_path: Path) -> None:
    encoder = open_encoder(str(folder))
    assert isinstance(encoder, SentenceTransformerEncoder)
    assert (encoder.name, encoder.dimensions, len(encoder.revision)) == (str(folder), 32, 12)
    copy = shutil.copytree(folder, tmp_path / "copy")
    assert open_encoder(str(copy)).revision == encoder.revision
    (copy / "config.json").write_text((copy / "config.json").read_text() + "\n")
    assert open_encoder(str(copy)).revision != encoder.revision


@pytest.mark.parametrize("name", ["somebody/small", "small"])
def test_a_model_in_the_cache_is_used_without_the_hub_and_known_by_its_commit(
    folder: Path, cache: Path, name: str
) -> None:
    owner = "somebody" if "/" in name else "sentence-transformers"
    kept = cache / f"models--{owner}--small"
    shutil.copytree(folder, kept / "snapshots" / COMMIT)
    (kept / "refs").mkdir()
    (kept / "refs" / "main").write_text(COMMIT)
    encoder = open_encoder(name)
    assert (encoder.name, encoder.revision) == (name, COMMIT)


def test_loading_and_encoding_print_nothing(folder: Path, capfd: pytest.CaptureFixture[str]) -> None:
    open_encoder(str(folder)).encode(TEXTS)
    assert capfd.readouterr() == ("", "")


@pytest.mark.usefixtures("cache")
def test_code_in_the_folder_of_a_model_is_not_run(folder: Path, tmp_path: Path) -> None:
    model = shutil.copytree(folder, tmp_path / "model")
    proof = tmp_path / "proof"
    (model / "own.py").write_text(f"open({str(proof)!r}, 'w')\n\nclass Own:\n    pass\n")
    modules = model / "modules.json"
    modules.write_text('[{"idx": 0, "name": "0", "path": "", "type": "own.Own"}]')
    with pytest.raises(UserError, match="holds no model that loads"):
        open_encoder(str(model))
    assert not proof.exists()
