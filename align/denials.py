"""Words that say something is not so: what parts a denial from the claim it denies."""

from __future__ import annotations

import re

_ENGLISH = r"""
    den(?:y|ies|ied|ial)|reject\w*|dismiss\w*|refut\w*|lie|baseless|forger\w*|fabricat\w*|fake|false|untrue|no\ truth
    |propaganda|groundless|nonsense|countered
"""
_RUSSIAN = r"""
    опроверг\w*|опроверж\w*|отриц\w*|отверг\w*|отклон\w*|ложь\w*|лжи\w*|фальш\w*|вымыс\w*|вран\w*|необоснован\w*
    |безоснов\w*|бездоказательн\w*|голословн\w*|неправд\w*|фейк\w*|пропаганд\w*
"""
_ARABIC = r"""
    نف[ىتوي]\w*|ينف\w*|تنف\w*|رفض\w*|كذب\w*|أكاذيب|باطل\w*|مفبرك\w*|دحض\w*|فند\w*|زيف\w*
    |لا\ أساس|عار\w*\ عن\ الصحة|دعاية
"""
_DENYING = {
    "en": re.compile(rf"\b(?:{_ENGLISH})\b", re.I | re.X),
    "ru": re.compile(rf"\b(?:{_RUSSIAN})\b", re.I | re.X),
    "ar": re.compile(rf"(?:\b|و|ف)(?:{_ARABIC})\b", re.X),
}


def denies(text: str, language: str) -> bool:
    """Whether a text has a word of denial; of an unknown language none is known."""
    return language in _DENYING and _DENYING[language].search(text) is not None
