"""Negations of a text, to be counted against those of its translation."""

from __future__ import annotations

import re

import numpy as np

from align.words import ARABIC_SIGNS

Cues = dict[str, re.Pattern[str]]


def _cues(english: str, russian: str, arabic: str) -> Cues:
    """Whole words, in Arabic with what is attached before them; vowel signs are to be taken out first."""
    return {
        "en": re.compile(rf"(?<![\w’'])(?:{english})(?!\w)", re.I | re.X),
        "ru": re.compile(rf"(?<!\w)(?:{russian})(?!\w)", re.I | re.X),
        "ar": re.compile(rf"(?<!\w)[وف]?[بلك]?(?:{arabic})(?!\w)", re.X),
    }


# What negates for sure. Two that go together in one language, such as «никогда не», are one.
_PLAIN = _cues(
    r"""not(?!\ only|\ just|\ least) | no(?!\ less|\ fewer|\ doubt|\.) | never | none | nothing | nobody
    | nowhere | neither | without | cannot | \w+n[’']t""",
    r"""(?:ни\w*\ (?:\w+\ ){0,2}|нет\ )?не(?!\ только|\ мене|\ меньш|\ просто|\ раз\b|\ исключ)
    | нет | ни | никто | ничто | никак\w* | нельзя | без | нигде | отнюдь""",
    r"""لا(?!\ [يت]زال|\ [يت]زالون|\ سيما|\ بد\b|\ شك|\ إلى) | لم | لن | ليس\w* | لست | دون | بدون | بلا | ما\ [يت]\w+""",
)
# What may.
_POSSIBLE = _cues(
    r"""no | not | never | none | nothing | nobody | nowhere | neither | nor | without | cannot | \w+n[’']t
    | \w+less(?:ly)? | un(?!i|der|til|less)\w+ | in(?:ab|acc|ad|cap|cor|def|eff|el|ev|ex|indis|inf|ins|invis|inval)\w+
    | im(?:poss|prob|pract|mobil|penet|pat)\w+ | irr\w+ | ill(?:eg|it)\w+ | dis\w+ | non\w* | fail\w* | lack\w*
    | refus\w* | den(?:y|ies|ied)\w* | reject\w* | prevent\w* | avoid\w* | except\w* | hardly | barely | scarcely
    | rarely | seldom | few | little | instead | rather | absen\w+ | missing | unless | until | only | stop\w* | free
    | ban\w* | prohibit\w* | forb\w+ | less | far\ from | impossible | declin\w+ | outside | away | beyond | yet""",
    r"""не\w* | ни\w* | нет | без\w* | бес\w* | отсутств\w* | лиш\w* | кроме | отказ\w* | едва | вряд | запре\w*
    | исключ\w* | вне | отриц\w* | опроверг\w* | отверг\w* | мало\w* | избег\w* | избеж\w* | предотвр\w* | вместо
    | прекра\w* | помимо | редко | слишком | трудно | против\w* | ещ[её] | пока""",
    r"""(?:ال)?لا\w* | لم | لن | ليس\w* | لست | ما | (?:ال)?غير\w* | دون | بدون | عدم | انعدام | نفى | [ين]نفي | رفض\w*
    | [يت]رفض\w* | سوى | إلا | فشل\w* | [يت]فشل\w* | باستثناء | افتق\w* | [يت]فتق\w* | نقص | غياب | بلا | بل | كلا | أبد\w*
    | قط | خال\w* | يمنع\w* | تمنع\w* | منع\w* | حظر\w* | [يت]حظر\w* | تجنب\w* | [يت]تجنب\w* | بدلا\w* | حرم\w* | فقد\w*
    | صعب\w* | نادر\w* | قلي\w+ | قلما | امتن\w+ | خارج | أقل | مستحيل | لول\w*""",
)


def missing_negations(source: str, english: str, language: str) -> dict[str, float]:
    """TODO"""
    if language not in _PLAIN:
        return dict.fromkeys(("negations lost", "negations perhaps lost", "negations added", "negations perhaps added"), 0.0)
    said, may = _count(_PLAIN, source, language), _count(_POSSIBLE, source, language)
    told, told_may = _count(_PLAIN, english, "en"), _count(_POSSIBLE, english, "en")
    return {
        "negations lost": float(np.clip(said - told_may, 0, 1)),
        "negations perhaps lost": float(np.clip(said - told, 0, 2)),
        "negations added": float(np.clip(told - may, 0, 1)),
        "negations perhaps added": float(np.clip(told - said, 0, 2)),
    }


def _count(cues: Cues, text: str, language: str) -> int:
    return len(cues[language].findall(ARABIC_SIGNS.sub("", text))) if language in cues else 0
