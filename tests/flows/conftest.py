"""Real Marian and NLLB checkpoints, small enough to be trained here, and a hub on loopback that serves one.

They know the sentences below and nothing else.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hub import Hub, use_hub

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
NLLB = {
    "Нет.": {"eng_Latn": "No.", "fra_Latn": "Non."},
    "Министр отказался от комментариев.": {"eng_Latn": "The minister declined to comment."},
    "ارتفعت أسعار النفط.": {"eng_Latn": "Oil prices rose."},
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
    _fit(model, batch, pad)
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


def _fit(model: Any, batch: Any, pad: int) -> None:
    """Train until the batch is known by heart."""
    import torch

    optimiser = torch.optim.AdamW(model.parameters(), lr=3e-3)
    for _ in range(400):
        loss = model(**batch).loss
        loss.backward()
        optimiser.step()
        optimiser.zero_grad()
        with torch.no_grad():  # as in Marian, whose decoder begins with no word; CTranslate2 relies on it
            model.model.shared.weight[pad] = 0
        if loss.item() < 0.005:
            break


@pytest.fixture(scope="session")
def nllb(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The checkpoint's folder, laid out as NLLB models are; it also knows French, in which it would say no."""
    import torch

    folder = tmp_path_factory.mktemp("nllb")
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    _train_nllb(folder)
    torch.set_num_threads(threads)
    return folder


def _nllb_tokenizer() -> Any:
    from tokenizers import Tokenizer, models, pre_tokenizers, trainers
    from transformers import NllbTokenizer

    trained: Any = Tokenizer(models.BPE(unk_token="<unk>"))
    trained.pre_tokenizer = pre_tokenizers.Metaspace(replacement="▁", prepend_scheme="always", split=True)
    texts = [*NLLB, *(text for said in NLLB.values() for text in said.values())]
    special = ["<s>", "<pad>", "</s>", "<unk>"]
    trained.train_from_iterator(texts, trainers.BpeTrainer(vocab_size=220, special_tokens=special, show_progress=False))
    model = json.loads(trained.to_str())["model"]
    codes = ["arb_Arab", "eng_Latn", "fra_Latn", "rus_Cyrl"]
    merges = [tuple(merge) for merge in model["merges"]]
    return NllbTokenizer(vocab=model["vocab"], merges=merges, additional_special_tokens=codes)


def _train_nllb(folder: Path) -> None:
    import torch
    from transformers import GenerationConfig, M2M100Config, M2M100ForConditionalGeneration

    torch.manual_seed(7)
    tokenizer = _nllb_tokenizer()
    layers: Any = dict(encoder_layers=2, decoder_layers=2, encoder_attention_heads=4, decoder_attention_heads=4)
    model = M2M100ForConditionalGeneration(
        M2M100Config(
            **layers,
            vocab_size=len(tokenizer),
            d_model=64,
            encoder_ffn_dim=128,
            decoder_ffn_dim=128,
            max_position_embeddings=POSITIONS,
            scale_embedding=True,
            dropout=0.0,
            attention_dropout=0.0,
            activation_dropout=0.0,
            encoder_layerdrop=0.0,
            decoder_layerdrop=0.0,
            pad_token_id=1,
            eos_token_id=2,
            decoder_start_token_id=2,
        )
    )
    rows = [(source, language, english) for source, said in NLLB.items() for language, english in said.items()]
    inputs, labels = [], []
    for source, target, text in rows:
        tokenizer.src_lang = "arb_Arab" if source in ARABIC else "rus_Cyrl"
        inputs.append(tokenizer(source)["input_ids"])
        tokenizer.src_lang = target
        labels.append(tokenizer(text)["input_ids"])
    batch = tokenizer.pad({"input_ids": inputs}, return_tensors="pt")
    told = tokenizer.pad({"input_ids": labels}, return_tensors="pt")["input_ids"]
    batch["labels"] = told.masked_fill(told == 1, -100)
    _fit(model, batch, 1)
    settings: Any = GenerationConfig  # which has no types
    model.generation_config = settings(
        num_beams=1, max_length=200, pad_token_id=1, eos_token_id=2, bos_token_id=0, decoder_start_token_id=2
    )
    model.save_pretrained(folder)
    tokenizer.src_lang = "eng_Latn"
    tokenizer.save_pretrained(folder)


@pytest.fixture
def hub(marian: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Hub]:
    """A hub with the checkpoint as `somebody/opus-mt-ru-en`, and an empty local cache."""
    with Hub("somebody/opus-mt-ru-en", marian) as hub:
        use_hub(monkeypatch, hub.address, tmp_path / "cache")
        yield hub


@pytest.fixture
def no_hub(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A hub's address where nobody answers, and an empty local cache."""
    use_hub(monkeypatch, "http://127.0.0.1:9", tmp_path / "cache")
