"""Sequence-to-sequence models on transformers: loaded whole or not at all, and run on a GPU where there is one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any, Protocol

from flows.translators.models import ModelFiles, Unusable

AGAIN = {"num_beams": 6, "no_repeat_ngram_size": 3, "repetition_penalty": 1.2}
"""The settings of a second try: a wider search that goes round in no circles."""


class Codec(Protocol):
    """Texts to the token ids of a model, and back."""

    tokenizer: Any
    first: int | None
    """The token that the English is made to begin with, where the model has to be told that it is to be English."""

    def ids(self, texts: Sequence[str]) -> list[list[int]]:
        """The token ids of each text, with the end."""
        ...

    def english(self, made: Any) -> list[str]:
        """The texts of rows of token ids that the model made."""
        ...


class Seq2Seq:
    """A model's network with its codec."""

    at_once: int | None = None

    def __init__(self, codec: Codec, network: Any, positions: int) -> None:
        """positions: how many tokens the network has places for."""
        import torch

        self._codec, self._positions = codec, positions
        self._network = network.to("cuda" if torch.cuda.is_available() else "cpu").eval()
        # The settings of the model are kept but for its length limit, which `generate` is given a closer one for.
        self._network.generation_config.max_length = None
        self.longest = positions // 2  # so that a longer translation has room too

    def lengths(self, texts: Sequence[str]) -> list[int]:
        return [len(ids) for ids in self._codec.ids(texts)] if texts else []

    def translate(self, texts: Sequence[str], *, again: bool) -> list[str]:
        import torch

        ids = self._codec.ids(texts)
        padded = self._codec.tokenizer.pad({"input_ids": ids}, return_tensors="pt").to(self._network.device)
        with torch.inference_mode():
            made = self._network.generate(
                **padded,
                max_new_tokens=most_new(max(map(len, ids)), self._positions),
                do_sample=False,
                **({} if self._codec.first is None else {"forced_bos_token_id": self._codec.first}),
                **(AGAIN if again else {}),
            )
        return self._codec.english(made)


def most_new(longest: int, positions: int) -> int:
    """How many tokens of English at most: seldom more than three to one; a model that loops stops there."""
    return min(positions - 1, 3 * longest + 16)


def load_network(architecture: Any, files: ModelFiles) -> Any:
    """A transformers model of that class. Raises Unusable where a file is damaged or weights are missing."""
    import torch

    with loading(files):
        network, report = architecture.from_pretrained(
            files.folder, local_files_only=True, dtype=torch.float32, output_loading_info=True
        )
    if report["missing_keys"]:  # which transformers would fill with random numbers
        raise Unusable(f"cannot be loaded from {files.folder}: its weights lack {min(report['missing_keys'])}")
    return network


@contextmanager
def loading(files: ModelFiles) -> Iterator[None]:
    """Load a model's files quietly within. Raises Unusable with the reason where that fails."""
    from flows.quiet import quiet_models

    with quiet_models():
        try:
            yield
        except Exception as error:  # a damaged file fails in as many ways as there are formats
            reason = " ".join(str(error).split())[:200]
            raise Unusable(f"cannot be loaded from {files.folder}: {reason or type(error).__name__}") from error
