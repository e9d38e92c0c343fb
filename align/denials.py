"""Words that part a denial from what it denies: of denying, of disputing, of saying no, and of what others allege."""

from __future__ import annotations

import re
from collections.abc import Mapping

from align.words import ARABIC_SIGNS

Patterns = Mapping[str, re.Pattern[str]]

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


def _patterns(english: str, russian: str, arabic: str) -> Patterns:
    """Whole words, in Arabic with what is attached before them; vowel signs are to be taken out first."""
    return {
        "en": re.compile(rf"(?<!\w)(?:{english})(?!\w)", re.I | re.X),
        "ru": re.compile(rf"(?<!\w)(?:{russian})(?!\w)", re.I | re.X),
        "ar": re.compile(rf"(?<!\w)[وف]?[بلك]?(?:{arabic})(?!\w)", re.X),
    }


# What is added to the words of denial: doubt, contradiction, and what calls a thing untrue or ridiculous.
_DISPUTING = _patterns(
    rf"""{_ENGLISH}
    |denials|denying|rebut\w*|repudiat\w*|disavow\w*|disown\w*|disput\w*|contest(?:s|ed|ing)?|contradict\w*|contrary\ to
    |counter(?:s|ing)|retort\w*|doubt(?:s|ed|ful)?|disagree\w*|challeng(?:es|ed|ing)|scoff\w*|ridicul\w*
    |brush\w*\ (?:aside|off)|wav\w*\ away|play\w*\ down|lies|lying|liars?|falsehoods?|falsely|fake\w*|forged
    |invent(?:ed|ions?)|fiction\w*|fairy\ tales?|myths?|hoax\w*|slander\w*|libel\w*|smear\w*|disinformation
    |misinformation|misleading|unfounded|unsubstantiated|unproven|absurd\w*|nonsensical|preposterous|laughable|rubbish
    |not\ true|no\ basis|no\ evidence|nothing\ to\ do\ with
    """,
    rf"""{_RUSSIAN}
    |оспор\w*|оспар\w*|возра[жз]\w*|парир\w*|сомне\w*|сомнит\w*|усомни\w*|отм[её]л|отмел[аи]|открест\w*|несогла\w*
    |ложн\w*|лжив\w*|выдум\w*|подделк\w*|фальсифи\w*|клевет\w*|дезинформ\w*|абсурд\w*|нелеп\w*|бред\w*|чушь
    |чепух\w*|сказк\w*|миф(?:а|ом|ы|ов|ами)?|беспочвен\w*|надуман\w*|противореч\w*|вопреки
    |не\ соответств\w*|не\ имеет\ отношения|не\ подтвер\w*
    """,
    rf"""{_ARABIC}
    |ننف\w*|[أا]نكر\w*|[يت]نكر\w*|[يت]رفض\w*|[يت]كذب\w*|اكاذيب|[يت]فند\w*|[يت]دحض\w*|شكك\w*|[يت]شكك\w*|تشكيك\w*
    |اعترض\w*|تنصل\w*|زائف\w*|مزيف\w*|ملفق\w*|افتراء\w*|سخيف\w*|هراء|عبثي\w*|خراف\w*|مختلق\w*|تضليل\w*|خلافا\ ل\w*
    |تناقض\w*|[يت]ناقض\w*|لا\ صحة|لا\ صلة|غير\ صحيح\w*
    """,
)
_NEGATING = _patterns(
    r"no|not|never|none|nothing|nobody|neither|nor|without|cannot|\w+n[’']t",
    r"не|ни|нет|никак\w*|ничего|ничто|никогда|никто|никому|без",
    r"لا|لم|لن|ليس\w*|غير|دون|سوى|أي",
)
_ALLEGING = _patterns(
    r"accus\w*|alleg\w*|assertions?|claim(?:s|ed)?|charges?|reports?|suggestions?|reproach\w*|stor(?:y|ies)|version",
    r"обвин\w*|утвержд\w*|упр[её]к\w*|сообщения|заявления|верси\w*|слух\w*|якобы|будто",
    r"(?:ال)?اتهام\w*|اتهم\w*|[يت]تهم\w*|مزاعم|زعم\w*|[يت]زعم\w*|ادعاء\w*|ما\ تردد|تقارير|أنباء|رواية",
)


def denies(text: str, language: str) -> bool:
    """Whether a text has a word of denial; of an unknown language none is known."""
    return language in _DENYING and _DENYING[language].search(text) is not None


def disputes(text: str, language: str) -> bool:
    """Whether a text has a word that denies, doubts or ridicules what others say; wider than `denies`."""
    return _has(_DISPUTING, text, language)


def negates(text: str, language: str) -> bool:
    """Whether a text has a word of negation."""
    return _has(_NEGATING, text, language)


def alleges(text: str, language: str) -> bool:
    """Whether a text accuses, or speaks of accusations, assertions and reports."""
    return _has(_ALLEGING, text, language)


def _has(patterns: Patterns, text: str, language: str) -> bool:
    return language in patterns and patterns[language].search(ARABIC_SIGNS.sub("", text)) is not None
