"""`rashomon models`: listed, fetched ahead, verified, mended and carried over, as a user does it."""

from __future__ import annotations

import hashlib
import re
import shutil
from pathlib import Path
from typing import Any

import pytest
import yaml
from commands import Command, command_in
from hub import COMMIT, Hub, use_hub
from models import save_sentence_model

from flows.encoders import open_encoder
from flows.errors import UserError
from flows.model_store import check_models, choices_of_auto, list_models, pull
from flows.settings import TranslateSettings
from flows.translators import load_neural

CONFIG = """\
sources: [{kind: jsonl, path: articles.jsonl}]
translate:
  engines: [opus-mt]
  models: {opus-mt: {ru: MODEL, ar: MODEL}}
"""
ENCODER = """\
sources: [{kind: jsonl, path: articles.jsonl}]
translate: {engines: [opus-mt], models: {opus-mt: {ru: somebody/else, ar: somebody/else}}}
encode: {model: MODEL}
"""
TEXTS = ["Нет.", "Переговоры продолжатся в четверг."]
ENGLISH = ["No.", "Talks will resume on Thursday."]


def config(folder: Path, model: object) -> Path:
    path = folder / "run.yaml"
    path.write_text(CONFIG.replace("MODEL", str(model)))
    return path


@pytest.fixture
def run(tmp_path: Path, hub: Hub) -> Command:
    """The command in a folder with a config, with the hub and its cache."""
    config(tmp_path, hub.name)
    (tmp_path / "articles.jsonl").write_text("")
    command = command_in(tmp_path, tmp_path / "prefect")
    changed = {"HF_ENDPOINT": hub.address, "HF_HUB_CACHE": str(tmp_path / "cache"), "HF_HUB_OFFLINE": "0"}
    return Command(command.folder, command.environment | changed)


def content(folder: Path, file: str) -> Path:
    """The content of a file in the cache."""
    (found,) = folder.rglob(f"snapshots/{COMMIT}/{file}")
    return found.resolve()


def english(folder: Path) -> list[str]:
    found = load_neural("opus-mt", TranslateSettings(models={"opus-mt": {"ru": str(folder)}})).translate(TEXTS, "ru")
    return [one.english for one in found if one]


def test_a_model_is_pulled_checked_and_mended_by_the_command(run: Command, hub: Hub, tmp_path: Path) -> None:
    away = run("models", "check", "--config", "run.yaml").stdout
    assert "--  opus-mt ru" in away and "not here" in away
    hub.cuts["model.safetensors"] = [100_000]
    pulled = run("models", "pull", "opus-mt", "--config", "run.yaml", "--language", "ru")
    assert re.fullmatch(rf"ok  opus-mt ru +{hub.name} {COMMIT[:12]}, [\d.]+ MB, licence unknown\n", pulled.stdout)
    assert re.search(rf"{hub.name}: [\d.]+ MB of [\d.]+ MB, [\d.]+ \w+/s\n", pulled.stderr)
    (first, second) = [place for name, place in hub.sent if name == "model.safetensors"]
    assert first == 0 < second
    assert "ok  opus-mt ru" in run("models", "check", "--config", "run.yaml").stdout

    weights = content(tmp_path / "cache", "model.safetensors")
    data = weights.read_bytes()
    weights.write_bytes(data[:-1] + bytes([data[-1] ^ 1]))
    told = run("models", "check", "--config", "run.yaml", code=1).stdout
    assert "!!  opus-mt ru" in told and "model.safetensors" in told and "`rashomon models pull opus-mt`" in told
    hub.sent.clear()
    run("models", "pull", "opus-mt", "--config", "run.yaml")
    assert hub.sent == [("model.safetensors", 0)]
    assert weights.read_bytes() == data
    run("models", "check", "--config", "run.yaml")


def test_what_is_carried_over_works_where_there_is_no_hub(run: Command, hub: Hub, tmp_path: Path) -> None:
    pulled = run("models", "pull", "--config", "run.yaml", "--to", "stick").stdout
    assert f"{Path('stick', 'models.yaml')} says what a config needs" in pulled
    there = tmp_path / "there"
    there.mkdir()
    shutil.move(tmp_path / "stick", there / "stick")
    keys = yaml.safe_load((there / "stick" / "models.yaml").read_text())
    assert keys == {"translate": {"models": {"opus-mt": dict.fromkeys(["ru", "ar"], "stick/somebody--opus-mt-ru-en")}}}
    folder = there / "stick" / "somebody--opus-mt-ru-en"
    assert not any(path.is_symlink() for path in folder.iterdir())
    names = sorted(path.name for path in folder.iterdir() if path.name != "SHA256SUMS")
    sums = [f"{hashlib.sha256((folder / name).read_bytes()).hexdigest()}  {name}\n" for name in names]
    assert (folder / "SHA256SUMS").read_text() == "".join(sums)

    (there / "run.yaml").write_text(CONFIG.replace("MODEL", "stick/somebody--opus-mt-ru-en"))
    hub.asked.clear()
    offline = {"HF_HUB_OFFLINE": "1", "HF_HUB_CACHE": str(there / "none"), "HF_ENDPOINT": hub.address}
    bare = Command(there, run.environment | offline)
    checked = bare("models", "check", "--config", "run.yaml").stdout
    assert f"ok  opus-mt ru     {folder}" in checked and "as their checksums say" in checked
    assert english(folder) == ENGLISH
    assert hub.asked == []

    (folder / "vocab.json").write_bytes(b"{}")
    assert "vocab.json" in bare("models", "check", "--config", "run.yaml", code=1).stdout
    assert "copy it there anew" in bare("models", "pull", "--config", "run.yaml", code=1).stderr


def test_a_hub_that_cannot_be_reached_is_one_line(run: Command) -> None:
    away = Command(run.folder, run.environment | {"HF_ENDPOINT": "http://127.0.0.1:9"})
    told = away("models", "pull", "opus-mt", "--config", "run.yaml", code=1)
    assert told.stderr == (
        "Error: the hub at http://127.0.0.1:9 cannot be reached; see to the network, HTTPS_PROXY or HF_ENDPOINT "
        "and pull again\n"
    )
    assert told.stdout == ""


def test_wrong_bytes_are_refused_in_one_line(run: Command, hub: Hub) -> None:
    hub.wrong = {"source.spm"}
    told = run("models", "pull", "opus-mt", "--config", "run.yaml", "--language", "ru", code=1).stderr
    assert re.search(r"^Error: opus-mt ru: model .* was refused: source\.spm came with other bytes .*$", told, re.M)


def test_a_list_says_where_a_model_lies_and_whether_it_can_be_used(marian: Path, tmp_path: Path) -> None:
    own = shutil.copytree(marian, tmp_path / "own")
    (own / "README.md").write_text("---\nlicense: apache-2.0\n---\n")
    result = list_models(config(tmp_path, own))
    rows = [dict(zip(result.columns, row, strict=True)) for row in result.rows]
    assert [(row["engine"], row["language"]) for row in rows] == [("opus-mt", "ru"), ("opus-mt", "ar"), ("encoder", "")]
    assert (rows[0]["model"], rows[0]["place"], rows[0]["licence"], rows[0]["state"]) == (
        *(str(own), str(own)),
        *("apache-2.0", "usable"),
    )
    assert re.fullmatch(r"[\d.]+ MB", str(rows[0]["size"]))
    assert (rows[2]["model"], rows[2]["state"]) == ("embedded", "usable, a part of this installation")
    assert list(choices_of_auto(tmp_path / "run.yaml")) == []


@pytest.mark.usefixtures("no_hub")
def test_what_lies_nowhere_is_listed_so(tmp_path: Path) -> None:
    (row, *_) = list_models(config(tmp_path, "somebody/else")).rows
    assert row == ("opus-mt", "ru", "somebody/else", *[None] * 3, row[6], None)
    assert row[6] == "not here; fetched at first use or by `rashomon models pull`"


def test_a_folder_without_a_list_is_only_as_whole_as_its_names_say(marian: Path, tmp_path: Path) -> None:
    own = shutil.copytree(marian, tmp_path / "own")
    path = config(tmp_path, own)
    assert {(one.mark, "no checksums" in one.said) for one in check_models(path)} == {("ok", True)}
    (own / "source.spm").unlink()
    assert {(one.mark, "lacks source.spm" in one.said) for one in check_models(path)} == {("!!", True)}


@pytest.mark.parametrize("line", ["no checksum", f"{'0' * 64}  ../other", f"{'0' * 64}  /etc/passwd", "\x00\udcff"])
def test_a_list_that_is_none_is_told_with_the_line(line: str, marian: Path, tmp_path: Path) -> None:
    own = shutil.copytree(marian, tmp_path / "own")
    (own / "SHA256SUMS").write_bytes(line.encode("utf-8", "surrogateescape"))
    finding = next(iter(check_models(config(tmp_path, own))))
    assert finding.is_damaged and "SHA256SUMS, line 1: is no checksum" in finding.said


@pytest.mark.parametrize(
    ("engines", "language", "message"),
    [(["opusmt"], None, "opusmt: expected .*did you mean 'opus-mt'"), ([], "de", "de: expected ru, ar")],
)
def test_a_name_that_is_none_is_told(engines: list[str], language: Any, message: str) -> None:
    with pytest.raises(UserError, match=message):
        list(pull(None, engines, language, None))


def test_an_encoder_from_the_hub_is_pulled_carried_over_and_checked_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    published = save_sentence_model(tmp_path)
    path = tmp_path / "run.yaml"
    path.write_text(ENCODER.replace("MODEL", "somebody/small"))
    with Hub("somebody/small", published) as hub:
        use_hub(monkeypatch, hub.address, tmp_path / "cache")
        (line, _) = pull(path, ["encoder"], None, tmp_path / "stick")
        assert line.startswith(f"ok  encoder        somebody/small {COMMIT[:12]}, ")
        carried = tmp_path / "stick" / "somebody--small"
        assert yaml.safe_load((tmp_path / "stick" / "models.yaml").read_text()) == {
            "encode": {"model": "stick/somebody--small"}
        }
        hub.asked.clear()
        path.write_text(ENCODER.replace("MODEL", str(carried)))
        (finding,) = (one for one in check_models(path) if one.model.engine == "encoder")
        assert (finding.mark, finding.model.name) == ("ok", str(carried))
        assert open_encoder(str(carried)).encode(["ready"]).shape == (1, 32)
        assert hub.asked == []
