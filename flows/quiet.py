"""Model libraries that keep to themselves: no progress bars, notices or warnings on the terminal."""

from __future__ import annotations

import logging
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from typing import Any

_LOGGERS = ("transformers", "huggingface_hub", "sentence_transformers")


@contextmanager
def quiet_models() -> Iterator[None]:
    """Silence transformers, sentence-transformers and huggingface_hub within; afterwards all is as it was."""
    from huggingface_hub.utils.tqdm import are_progress_bars_disabled, disable_progress_bars, enable_progress_bars

    bars: Any = import_module("transformers.utils.logging")  # whose functions have no types
    loggers = [logging.getLogger(name) for name in _LOGGERS]
    levels = [logger.level for logger in loggers]
    weights_bar, hub_bar = bars.is_progress_bar_enabled(), not are_progress_bars_disabled()
    bars.disable_progress_bar()
    disable_progress_bars()
    for logger in loggers:
        logger.setLevel(logging.ERROR)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        for logger, level in zip(loggers, levels, strict=True):
            logger.setLevel(level)
        if weights_bar:
            bars.enable_progress_bar()
        if hub_bar:
            enable_progress_bars()
