"""A model of texts to vectors, made on the spot."""

from __future__ import annotations

from pathlib import Path
from typing import Any

TEXTS = ["Troops entered the city.", "Войска вошли в город.", "دخلت القوات المدينة.", "Oil prices rose.", "Нет."]


def save_sentence_model(folder: Path) -> Path:
    """A sentence-transformers model with random weights: small, but of the same parts as a published one."""
    import torch
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.sentence_transformer.modules import Pooling, Transformer
    from tokenizers import BertWordPieceTokenizer
    from transformers import BertConfig, BertModel, BertTokenizer

    torch.manual_seed(7)
    plain, whole = folder / "plain", folder / "model"
    plain.mkdir()
    words = BertWordPieceTokenizer(strip_accents=False)
    words.train_from_iterator(TEXTS, vocab_size=120, min_frequency=1, show_progress=False)
    words.save_model(str(plain))
    tokenizer = BertTokenizer(vocab=str(plain / "vocab.txt"), model_max_length=64)
    layers: Any = dict(hidden_size=32, num_hidden_layers=2, num_attention_heads=4, intermediate_size=64)
    BertModel(BertConfig(vocab_size=len(tokenizer), max_position_embeddings=64, **layers)).save_pretrained(plain)
    tokenizer.save_pretrained(plain)
    model = SentenceTransformer(modules=[Transformer(str(plain)), Pooling(32)], device="cpu")
    model.save(str(whole), create_model_card=False)
    return whole
