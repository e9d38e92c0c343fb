"""The encoder that a config names is opened, or the user is told what to do."""

from __future__ import annotations

from pathlib import Path

import pytest

from flows.encoders import open_encoder
from flows.errors import UserError


@pytest.fixture
def no_hub(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A hub's address where nobody answers, and an empty local cache."""
    from huggingface_hub import constants

    monkeypatch.setattr(constants, "ENDPOINT", "http://127.0.0.1:9")
    monkeypatch.setattr(constants, "HF_HUB_CACHE", str(tmp_path / "cache"))


@pytest.mark.usefixtures("no_hub")
def test_the_embedded_encoder_needs_no_hub() -> None:
    assert open_encoder("embedded").dimensions == 512


@pytest.mark.usefixtures("no_hub")
def test_without_a_hub_it_says_at_once_and_in_one_line_what_to_do(capfd: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(UserError) as failure:
        open_encoder("sentence-transformers/LaBSE")
    assert str(failure.value) == (
        "encode.model: sentence-transformers/LaBSE is not in the local cache and the hub cannot be reached; "
        "fetch it once with network, name a folder, or use `embedded`"
    )
    assert capfd.readouterr() == ("", "")


@pytest.mark.usefixtures("no_hub")
def test_what_is_neither_folder_nor_name_is_told(tmp_path: Path) -> None:
    with pytest.raises(UserError, match=r"encode\.model: /no/such/folder is neither a folder nor a name on the hub"):
        open_encoder("/no/such/folder")
    with pytest.raises(UserError, match=r"encode\.model: .*holds no model that loads"):
        open_encoder(str(tmp_path))
