"""What is downloaded is what the hub has, whatever happens on the way."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from hub import COMMIT, Hub, use_hub

from flows import hub as client
from flows.hub import HubUnavailable

NAME = "somebody/model"
FILES = ["README.md", "config.json", "weights.bin"]
SIZE = 3_000_000


@pytest.fixture
def hub(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Hub]:
    folder = tmp_path / "published"
    folder.mkdir()
    (folder / "config.json").write_text("{}")
    (folder / "empty.json").write_text("")
    (folder / "weights.bin").write_bytes(os.urandom(SIZE))
    with Hub(NAME, folder) as served:
        use_hub(monkeypatch, served.address, tmp_path / "cache")
        monkeypatch.setattr(client, "PAUSES", (0.0, 0.0, 0.0))
        yield served


def blobs(cache: Path) -> list[str]:
    return sorted(path.name for path in cache.rglob("blobs/*"))


def test_a_full_download_takes_the_files_that_there_are_and_names_their_commit(hub: Hub, tmp_path: Path) -> None:
    folder = client.download(NAME, [*FILES, "empty.json"])
    assert folder.name == COMMIT
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == {
        name: (hub.folder / name).read_bytes() for name in ("config.json", "empty.json", "weights.bin")
    }
    assert blobs(tmp_path / "cache") == sorted(map(hub.checksum, ["config.json", "empty.json", "weights.bin"]))
    assert client.cached_folder(NAME) == client.cached_folder(NAME, COMMIT) == folder


def test_what_is_in_the_cache_is_not_sent_again(hub: Hub) -> None:
    client.download(NAME, ["config.json"])
    client.download(NAME, FILES)
    assert hub.sent == [("config.json", 0), ("weights.bin", 0)]


def test_a_transfer_that_breaks_off_goes_on_where_it_was(hub: Hub) -> None:
    hub.cuts["weights.bin"] = [1_000_000, 1_500_000]
    folder = client.download(NAME, FILES)
    assert (folder / "weights.bin").read_bytes() == (hub.folder / "weights.bin").read_bytes()
    places = [place for name, place in hub.sent if name == "weights.bin"]
    assert len(places) == 3 and 0 == places[0] < places[1] <= 1_000_000 < places[2] <= 2_500_000


def test_a_download_that_failed_goes_on_where_it_was_at_the_next_call(hub: Hub, tmp_path: Path) -> None:
    hub.cuts["weights.bin"] = [2_000_000, 0, 0, 0]
    with pytest.raises(HubUnavailable, match="could not be downloaded"):
        client.download(NAME, FILES)
    assert client.cached_folder(NAME) is None
    hub.sent.clear()
    folder = client.download(NAME, FILES)
    assert (folder / "weights.bin").read_bytes() == (hub.folder / "weights.bin").read_bytes()
    ((name, place),) = hub.sent
    assert name == "weights.bin" and place > 1_000_000
    assert not list((tmp_path / "cache").rglob("*.incomplete"))


def test_where_no_part_can_be_asked_for_it_begins_anew(hub: Hub) -> None:
    hub.ranges = False
    hub.cuts["weights.bin"] = [2_000_000]
    folder = client.download(NAME, FILES)
    assert (folder / "weights.bin").read_bytes() == (hub.folder / "weights.bin").read_bytes()


@pytest.mark.parametrize("file", ["weights.bin", "config.json"])
def test_bytes_that_have_another_checksum_are_refused_and_forgotten(file: str, hub: Hub, tmp_path: Path) -> None:
    hub.wrong = {file}
    with pytest.raises(HubUnavailable, match=rf"was refused: {file} .*{hub.checksum(file)}") as failure:
        client.download(NAME, FILES)
    assert "\n" not in str(failure.value)
    assert not [name for name in blobs(tmp_path / "cache") if name.startswith(hub.checksum(file))]
    assert client.cached_folder(NAME) is None
    hub.wrong = set()
    assert (client.download(NAME, FILES) / file).read_bytes() == (hub.folder / file).read_bytes()


def test_a_beginning_that_is_not_of_this_file_is_found_out(hub: Hub, tmp_path: Path) -> None:
    partial = tmp_path / "cache" / "models--somebody--model" / "blobs" / f"{hub.checksum('weights.bin')}.incomplete"
    partial.parent.mkdir(parents=True)
    partial.write_bytes(b"of another")
    with pytest.raises(HubUnavailable, match="was refused"):
        client.download(NAME, FILES)
    assert (client.download(NAME, FILES) / "weights.bin").stat().st_size == SIZE


def test_a_download_tells_how_far_it_is_from_where_it_begins(hub: Hub) -> None:
    hub.cuts["weights.bin"] = [2_000_000, 0, 0, 0]
    with pytest.raises(HubUnavailable):
        client.download(NAME, FILES)
    told: list[tuple[str, int, int]] = []
    with client.watched_by(lambda *report: told.append(report)):
        client.download(NAME, FILES)
    client.download(NAME, FILES)
    assert {(name, total) for name, _, total in told} == {(NAME, SIZE + 2)}
    done = [here for _, here, _ in told]
    assert 1_000_000 < done[0] < SIZE and done == sorted(done) and done[-1] == SIZE + 2


def test_a_hub_that_did_not_answer_is_not_asked_again_for_a_while(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Hub(NAME, tmp_path) as served:
        use_hub(monkeypatch, served.address, tmp_path / "cache")
        served.answer = lambda _: (503, {}, b"")  # type: ignore[method-assign]
        for _ in range(2):
            with pytest.raises(HubUnavailable, match="the hub cannot be reached"):
                client.list_files(NAME)
            assert client.unreachable() == served.address
        assert len(served.asked) == 1
        with pytest.raises(HubUnavailable, match="neither a folder nor a name on the hub"):
            client.list_files("a/b/c")
        monkeypatch.setattr(client, "SILENT_FOR", 0.0)
        with pytest.raises(HubUnavailable):
            client.list_files(NAME)
        assert client.unreachable() is None and len(served.asked) == 2
