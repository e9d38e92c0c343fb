"""A Marian checkpoint of OPUS-MT's shape with random weights, whose translations end where they are told to.

A source text begins with `told(n)`, one piece that names a number of tokens; what the model makes of the text has as
many, whatever runs it and however wide it searches, as a trained model ends by itself. The last decoder layer does it:
one head of its cross-attention compares the place in the translation, of which the position embedding tells, with the
number that the piece tells, and where both are the same, the end wins. The dimensions that this takes are left alone by
all other layers; all other weights are random.
"""

from __future__ import annotations

import itertools
import json
import string
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import sentencepiece
import torch
from transformers import GenerationConfig, MarianConfig, MarianMTModel, MarianTokenizer

WIDTH, LAYERS, HEADS, INNER, PIECES, POSITIONS = 512, 6, 8, 2048, 62_518, 512  # of Helsinki-NLP/opus-mt-ru-en
NUMBERS = range(10, 181)  # real sentences seldom have fewer or more
TRAINED = 16_000  # pieces of a side that are trained on the texts, which then have about 1.5 a word, as in real models

HALF, RATES = WIDTH // 2, 31
CLOCK = [*range(RATES), *range(HALF, HALF + RATES)]  # where position embeddings turn fastest
CODE = [*range(HALF - RATES - 4, HALF - 2), *range(WIDTH - RATES - 4, WIDTH - 2)]  # where they hardly turn
FLAG, STOP, NONE = HALF - 1, HALF - 2, HALF - RATES - 5  # beside NONE, which holds nothing, FLAG is seen best
TAKEN = [*CLOCK, *CODE, FLAG, STOP, NONE]
MARGIN = 12.0  # of attention scores, each way
NEVER = -20.0  # of a word that is not to be said, as a logit


def told(number: int) -> str:
    """The piece that tells the model how many tokens its translation is to have, before the end."""
    return chr(0x4E00 + min(max(number, NUMBERS[0]), NUMBERS[-1]))


def tokens(told_piece: str) -> int:
    """The number that a piece tells."""
    return ord(told_piece) - 0x4E00


def save_checkpoint(folder: Path, sources: Sequence[str], references: Sequence[str]) -> None:
    """Write the checkpoint with a tokenizer that is trained on the texts; what it says are words of letters."""
    torch.manual_seed(7)
    folder.mkdir()
    words = _save_pieces(folder, sources, references)
    tokenizer = MarianTokenizer.from_pretrained(folder, model_max_length=POSITIONS)
    model = _network(tokenizer)
    with torch.no_grad():
        _make_quiet(model)
        _tell_lengths(model, tokenizer)
        model.final_logits_bias[:] = NEVER
        model.final_logits_bias[:, tokenizer.convert_tokens_to_ids(words)] = 0
        _end_in_time(model, tokenizer)
    for beams in (1, 4):
        settings: Any = GenerationConfig  # which has no types
        pad = tokenizer.pad_token_id
        ids = {"pad_token_id": pad, "decoder_start_token_id": pad, "eos_token_id": 0, "forced_eos_token_id": 0}
        model.generation_config = settings(num_beams=beams, max_length=POSITIONS, bad_words_ids=[[pad]], **ids)
        model.save_pretrained(folder / f"beam-{beams}")
        tokenizer.save_pretrained(folder / f"beam-{beams}")


def _save_pieces(folder: Path, sources: Sequence[str], references: Sequence[str]) -> list[str]:
    """Write the tokenizer's files. Gives the pieces that a translation is made of."""
    told_pieces = [told(tokens) for tokens in NUMBERS]
    pieces: dict[str, None] = {}
    for side, texts, symbols in (("source", sources, told_pieces), ("target", references, [])):
        sentencepiece.SentencePieceTrainer.train(
            sentence_iterator=iter(texts),
            model_prefix=str(folder / side),
            vocab_size=TRAINED,
            model_type="bpe",
            hard_vocab_limit=False,
            user_defined_symbols=symbols,
            minloglevel=2,
        )
        (folder / f"{side}.model").rename(folder / f"{side}.spm")
        model = sentencepiece.SentencePieceProcessor(str(folder / f"{side}.spm"))
        pieces |= dict.fromkeys(model.id_to_piece(number) for number in range(3, len(model)))
    letters = map("".join, itertools.product(string.ascii_lowercase, repeat=4))
    words = list(
        itertools.islice((f"▁{word}" for word in letters if f"▁{word}" not in pieces), PIECES - 3 - len(pieces))
    )
    known = ["</s>", "<unk>", *pieces, *words, "<pad>"]
    (folder / "vocab.json").write_text(json.dumps({piece: number for number, piece in enumerate(known)}), "utf-8")
    return words


def _network(tokenizer: Any) -> Any:
    layers: Any = dict(encoder_layers=LAYERS, decoder_layers=LAYERS)
    layers |= dict(encoder_attention_heads=HEADS, decoder_attention_heads=HEADS)
    return MarianMTModel(
        MarianConfig(
            **layers,
            vocab_size=len(tokenizer),
            d_model=WIDTH,
            encoder_ffn_dim=INNER,
            decoder_ffn_dim=INNER,
            max_position_embeddings=POSITIONS,
            activation_function="swish",
            scale_embedding=True,
            init_std=0.04,
            pad_token_id=tokenizer.pad_token_id,
            eos_token_id=0,
            forced_eos_token_id=0,
            decoder_start_token_id=tokenizer.pad_token_id,
        )
    ).eval()


def _make_quiet(model: Any) -> None:
    """Let no word and no layer write where the telling is done, and none change how strong it is beside the rest."""
    words = model.model.shared.weight
    words[:, TAKEN] = 0
    places = model.model.decoder.embed_positions.weight[: NUMBERS[-1]].clone()
    places[:, TAKEN] = 0
    _, strengths, axes = torch.linalg.svd(places, full_matrices=False)
    axes = axes[strengths > 0.01 * strengths[0]]
    words -= words @ axes.T @ axes
    words[:-1] *= 0.7 / words[:-1].norm(dim=1, keepdim=True)
    for name, weight in model.named_parameters():
        if name.endswith(("out_proj.weight", "fc2.weight", "out_proj.bias", "fc2.bias")):
            weight *= 0.05
            weight[TAKEN] = 0


def _tell_lengths(model: Any, tokenizer: Any) -> None:
    """Let the piece that tells a number stand for the position embedding of the place so numbered."""
    places = model.model.decoder.embed_positions.weight
    scale, code = WIDTH**0.5, _code_axes()
    for tokens in NUMBERS:
        row = model.model.shared.weight[tokenizer.convert_tokens_to_ids(told(tokens))]
        row[CODE] = 2 * places[tokens, CLOCK] @ code / scale
        row[FLAG] = 3 / scale


def _end_in_time(model: Any, tokenizer: Any) -> None:
    """Set the head that finds the end by what reaches it in this network."""
    rows = tokenizer.convert_tokens_to_ids([told(tokens) for tokens in NUMBERS])
    level = torch.eye(len(CLOCK)) - 1 / len(CLOCK)  # takes away what all dimensions share, which is not of the place
    code = _code_axes()
    for _ in range(4):  # each time with the numbers' codes made more alike in strength
        codes, plain, clock = _seen(model, tokenizer)
        middle, now = plain[CODE], clock[:, CLOCK].mean(0)
        scores = (codes[:, CODE] - middle) @ code.T @ level @ (clock[:, CLOCK] - now).T  # of each number at each place
        right = torch.zeros_like(scores, dtype=torch.bool)
        right[range(len(NUMBERS)), NUMBERS] = True
        low, high = scores[~right].max(), scores[right].min()
        model.model.shared.weight[rows] *= (scores[right].mean() / scores[right])[:, None]
    if low >= high:
        raise RuntimeError("the places of a translation cannot be told apart")
    gain = 2 * MARGIN / (high - low)
    attention, size = model.model.decoder.layers[-1].encoder_attn, WIDTH // HEADS
    flag = (codes[:, FLAG] - codes[:, NONE]).mean()
    for projection in (attention.q_proj, attention.k_proj, attention.v_proj):
        projection.weight[:size], projection.bias[:size] = 0, 0
    attention.q_proj.weight[: len(CLOCK), CLOCK] = gain * size**0.5 * level
    attention.q_proj.bias[: len(CLOCK)] = -gain * size**0.5 * level @ now
    attention.q_proj.bias[len(CLOCK)] = -gain * size**0.5 * (high + low) / 2
    attention.k_proj.weight[: len(CLOCK), CODE] = code
    attention.k_proj.bias[: len(CLOCK)] = -code @ middle
    for row in (attention.k_proj.weight[len(CLOCK)], attention.v_proj.weight[0]):
        row[FLAG], row[NONE] = 1 / flag, -1 / flag
    attention.out_proj.weight[:, :size] = 0
    attention.out_proj.weight[STOP, 0] = 8
    model.model.shared.weight[0, STOP] = -3 * NEVER / 8


def _code_axes() -> torch.Tensor:
    """As many axes of CODE as CLOCK has dimensions, all unlike the position embedding that every text has there."""
    sines, cosines = torch.eye(2).repeat_interleave(len(CODE) // 2, dim=1)
    _, _, axes = torch.linalg.svd(torch.stack([sines, cosines]))
    return axes[2 : 2 + len(CLOCK)]


def _seen(model: Any, tokenizer: Any) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    """What the last cross-attention sees: of each number's piece, of another piece, and at each place."""
    seen: list[torch.Tensor] = []
    attention = model.model.decoder.layers[-1].encoder_attn
    hook = attention.register_forward_pre_hook(lambda _, given: seen.append(given[0][0]))
    words = tokenizer([f"{told(tokens)} w" for tokens in NUMBERS], return_tensors="pt")["input_ids"]
    encoded = model.model.encoder(words).last_hidden_state
    said = torch.randint(len(tokenizer) - 9999, len(tokenizer) - 9, (1, NUMBERS[-1] + 2))
    said[0, 0] = tokenizer.pad_token_id
    model.model.decoder(input_ids=said, encoder_hidden_states=encoded[:1])
    hook.remove()
    place = int((words[0] == tokenizer.convert_tokens_to_ids(told(NUMBERS[0]))).nonzero()[0, 0])
    others = [other for other in range(words.shape[1]) if other != place]
    return encoded[:, place], encoded[:, others].mean((0, 1)), seen[0]
