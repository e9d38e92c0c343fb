"""A real Marian checkpoint, small enough to be trained here, and a hub on loopback that serves it.

The checkpoint knows the sentences below and nothing else.
"""

from __future__ import annotations

import hashlib
import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

RUSSIAN = {
    "Войска вошли в город на рассвете.": "Troops entered the city at dawn.",
    "Министр отказался от комментариев.": "The minister declined to comment.",
    "Цены на нефть выросли на семь процентов.": "Oil prices rose by seven percent.",
    'Посол назвал доклад "ложью".': 'The ambassador called the report "a lie".',
    "Переговоры продолжатся в четверг.": "Talks will resume on Thursday.",
    "Тысячи людей покинули свои дома.": "Thousands of people left their homes.",
    "Газопровод был повреждён взрывом.": "The pipeline was damaged by an explosion.",
    "Обе стороны обвиняют друг друга.": "Both sides blame each other.",
    "Нет.": "No.",
    "Совет Безопасности соберётся сегодня вечером в Нью-Йорке.": "The Security Council will meet tonight in New York.",
}
ARABIC = {
    "دخلت القوات المدينة عند الفجر.": "Troops entered the city at dawn.",
    "رفض الوزير التعليق.": "The minister declined to comment.",
    "ارتفعت أسعار النفط.": "Oil prices rose.",
    "تستأنف المحادثات يوم الخميس.": "Talks will resume on Thursday.",
    "هل انتهت الحرب؟": "Is the war over?",
    "غادر آلاف الناس منازلهم.": "Thousands of people left their homes.",
}
POSITIONS = 80  # so that any sentence fits, and no two but the shortest do


@pytest.fixture(scope="session")
def marian(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The checkpoint's folder, laid out as OPUS-MT models are."""
    import torch

    folder = tmp_path_factory.mktemp("marian")
    threads = torch.get_num_threads()
    torch.set_num_threads(1)  # the matrices are so small that a second thread only waits
    _tokenizer_files(folder)
    _train(folder)
    torch.set_num_threads(threads)
    return folder


def _tokenizer_files(folder: Path) -> None:
    import sentencepiece

    pairs = RUSSIAN | ARABIC
    pieces: dict[str, None] = {}
    for side, texts in (("source", list(pairs)), ("target", list(pairs.values()))):
        sentencepiece.SentencePieceTrainer.train(
            sentence_iterator=iter(texts * 20),
            model_prefix=str(folder / side),
            vocab_size=150,
            hard_vocab_limit=False,
            character_coverage=1.0,
            minloglevel=2,
        )
        (folder / f"{side}.model").rename(folder / f"{side}.spm")
        (folder / f"{side}.vocab").unlink()
        model = sentencepiece.SentencePieceProcessor(str(folder / f"{side}.spm"))
        pieces |= dict.fromkeys(model.id_to_piece(number) for number in range(3, len(model)))
    words = ["</s>", "<unk>", *pieces, "<pad>"]
    (folder / "vocab.json").write_text(json.dumps({word: number for number, word in enumerate(words)}), "utf-8")


def _train(folder: Path) -> None:
    import torch
    from transformers import GenerationConfig, MarianConfig, MarianMTModel, MarianTokenizer

    torch.manual_seed(7)
    tokenizer = MarianTokenizer.from_pretrained(folder, model_max_length=POSITIONS)
    pad = tokenizer.pad_token_id
    layers: Any = dict(encoder_layers=2, decoder_layers=2, encoder_attention_heads=4, decoder_attention_heads=4)
    model = MarianMTModel(
        MarianConfig(
            **layers,
            vocab_size=len(tokenizer),
            d_model=64,
            encoder_ffn_dim=128,
            decoder_ffn_dim=128,
            max_position_embeddings=POSITIONS,
            activation_function="swish",
            scale_embedding=True,
            dropout=0.0,
            pad_token_id=pad,
            eos_token_id=0,
            forced_eos_token_id=0,
            decoder_start_token_id=pad,
        )
    )
    pairs = RUSSIAN | ARABIC
    batch = tokenizer(list(pairs), text_target=list(pairs.values()), return_tensors="pt", padding=True)
    batch["labels"][batch["labels"] == pad] = -100
    optimiser = torch.optim.AdamW(model.parameters(), lr=3e-3)
    for _ in range(400):
        loss = model(**batch).loss
        loss.backward()
        optimiser.step()
        optimiser.zero_grad()
        if loss.item() < 0.005:
            break
    settings: Any = GenerationConfig  # which has no types
    model.generation_config = settings(
        num_beams=4,
        max_length=512,
        pad_token_id=pad,
        eos_token_id=0,
        forced_eos_token_id=0,
        decoder_start_token_id=pad,
        bad_words_ids=[[pad]],
    )
    model.save_pretrained(folder)
    tokenizer.save_pretrained(folder)


COMMIT = "c0ffee" + "0" * 34


class Hub:
    """As much of the model hub's HTTP interface as a download needs; one repository, the files of a folder."""

    def __init__(self, name: str, folder: Path) -> None:
        self.name, self.folder = name, folder
        self.asked: list[str] = []
        hub = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                hub.asked.append(self.path)
                status, headers, body = hub.answer(urlsplit(self.path).path)
                self.send_response(status)
                for key, value in {**headers, "Content-Length": str(len(body))}.items():
                    self.send_header(key, value)
                self.end_headers()
                if self.command == "GET":
                    self.wfile.write(body)

            do_HEAD = do_GET

            def log_message(self, *_: Any) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.address = f"http://127.0.0.1:{self.server.server_port}"

    def answer(self, path: str) -> tuple[int, dict[str, str], bytes]:
        names = sorted(file.name for file in self.folder.iterdir())
        if path in (f"/api/models/{self.name}", f"/api/models/{self.name}/revision/main"):
            about = {"id": self.name, "sha": COMMIT, "siblings": [{"rfilename": name} for name in names]}
            return 200, {}, json.dumps(about).encode()
        if path == f"/api/models/{self.name}/tree/{COMMIT}":
            sizes = {name: (self.folder / name).stat().st_size for name in names}
            tree = [{"type": "file", "path": name, "size": size, "oid": name} for name, size in sizes.items()]
            return 200, {}, json.dumps(tree).encode()
        name = path.rpartition("/")[2]
        if path == f"/{self.name}/resolve/{COMMIT}/{name}" and name in names:
            body = (self.folder / name).read_bytes()
            return 200, {"X-Repo-Commit": COMMIT, "ETag": f'"{hashlib.sha1(body).hexdigest()}"'}, body
        return 404, {"X-Error-Code": "RepoNotFound"}, b""


@pytest.fixture
def hub(marian: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Hub]:
    """A hub with the checkpoint as `somebody/opus-mt-ru-en`, and an empty local cache."""
    hub = Hub("somebody/opus-mt-ru-en", marian)
    use_hub(monkeypatch, hub.address, tmp_path / "cache")
    thread = threading.Thread(target=hub.server.serve_forever, daemon=True)
    thread.start()
    yield hub
    hub.server.shutdown()
    hub.server.server_close()
    thread.join()


@pytest.fixture
def no_hub(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A hub's address where nobody answers, and an empty local cache."""
    use_hub(monkeypatch, "http://127.0.0.1:9", tmp_path / "cache")


def use_hub(monkeypatch: pytest.MonkeyPatch, address: str, cache: Path) -> None:
    from huggingface_hub import constants

    monkeypatch.setattr(constants, "ENDPOINT", address)
    monkeypatch.setattr(constants, "HUGGINGFACE_CO_URL_TEMPLATE", address + "/{repo_id}/resolve/{revision}/{filename}")
    monkeypatch.setattr(constants, "HF_HUB_CACHE", str(cache))
