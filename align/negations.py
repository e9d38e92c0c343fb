"""Negations of a text and of its English translation, counted against each other.

Plain ones are words of their own that negate what is said. The wide ones are these and what may stand for them in
another language: affixes ("unlikely"), "lack", "fail", عدم, «отсутствие».
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from itertools import islice

from align.words import ARABIC_SIGNS


def _cues(english: str, russian: str, arabic: str) -> Mapping[str, re.Pattern[str]]:
    """Whole words, in Arabic with what is attached before them; vowel signs are to be taken out first."""
    return {
        "en": re.compile(rf"(?<![\w’'])(?:{english})(?!\w)", re.I | re.X),
        "ru": re.compile(rf"(?<!\w)(?:{russian})(?!\w)", re.I | re.X),
        "ar": re.compile(rf"(?<!\w)[وفأ]?(?:{arabic})(?!\w)", re.X),
    }


_ENGLISH = r"""not(?!\ only|\ just|\ least) | no(?!\ less|\ fewer|\ doubt|\.) | never | none | nothing | nobody
    | nowhere | neither | without | cannot | \w+n[’']t"""
# What goes with «не» and is no negation of its own where there is one.
_RUSSIAN_TOO = re.compile(r"(?<!\w)(?:ни(?:к\w*|ч\w*|где|сколько)?)(?!\w)", re.I)
_RUSSIAN = r"""(?<!чуть\ )(?<!едва\ )не(?!\ только|\ мене|\ более|\ меньш|\ просто|\ раз\b|\ исключ|\ мо[гж]\w*\ не\b)
    | (?<!на\ )нет | (?<!как\ )нельзя | без | отнюдь"""
_ARABIC = r"""لا(?!\ [يت]زال|\ [يت]زالون|\ سيما|\ بد\b|\ شك|\ إلى) | لم | لن | ليس | ليست | ليسوا | لست | لسنا
    | [بل]?(?:دون|بدون|بلا)"""
_PLAIN = _cues(_ENGLISH, _RUSSIAN, _ARABIC)
_WIDE = _cues(
    rf"""{_ENGLISH} | no | not | nor | \w+less(?:ly)? | un(?!i|der|til|less\b)\w+ | non\w* | dis(?!c|t|p)\w+
    | in(?:ab|acc|ad|cap|corr|def|eff|el|evi|ex|indis|inf|ins|invis|inval|vol|dep|dir|con|comp)\w+
    | im(?:poss|prob|pract|mobil|penet|pat|mat|mor|per|pol)\w+ | irr\w+ | ill(?:eg|it)\w+ | fail\w* | lack\w*
    | refus\w* | den(?:y|ies|ied)\w* | reject\w* | prevent\w* | avoid\w* | except\w* | hardly | barely | scarcely
    | rarely | seldom | few | little | instead | rather | absen\w+ | missing | unless | stop\w* | loss | lost
    | ban\w* | prohibit\w* | forb\w+ | less | far\ from | free\ of | instead | only | until | yet | anti\w*""",
    rf"""{_RUSSIAN}
    | не(?!сколь|котор|дел|давн|ред|фт|смотр|бо\b|бе|много|г\b|г[оа]\b|е\b|й|ё|м|посред|т\b|задолг|однокр)\w+
    | ни\w* | нет | без\w+ | бес(?=[сптшк])\w+ | отсутств\w* | лиш\w* | кроме | отказ\w* | едва | вряд | запре\w*
    | исключ\w* | отриц\w* | отверг\w* | мало | избег\w* | избеж\w* | предотвр\w* | вместо | прекра\w* | переста\w+
    | утрат\w* | пока | трудно | против\w* | только | потер\w*""",
    rf"""{_ARABIC} | (?:ال|لل|[بل])?لا\w+ | لا | ما | (?:ال|[بل]ال|[بل])?غير\w* | [بل]?(?:ال)?عدم | انعدام | نفى
    | [ين]نفي | رفض\w* | [يت]رفض\w* | سوى | إلا | [بل]?فشل\w* | [يت]فشل\w* | باستثناء | افتق\w* | [يت]فتق\w* | نقص
    | غياب | كلا | أبد\w* | قط | خال\w* | [يت]?منع\w* | [يت]?حظر\w* | [يت]?تجنب\w* | بدلا\w* | حرم\w* | فقد\w+ | صعب\w*
    | نادر\w* | قلي\w+ | قلما | مستحيل | لول\w* | توقف\w* | فقط | ليس\w*""",
)
_AUXILIARY = re.compile(
    r"\b(?:is|are|was|were|will|would|can|could|should|may|might|must|has|have|had|does|do|did|be|been)\b(?!\ not\b)"
)
_MOST_VARIANTS = 3
NAMES = ("negations lost", "negations surely lost", "wide negations lost", "negations surely added")


def compare_negations(source: str, language: str, english: str) -> dict[str, float]:
    """How many negations of one are not in the other, at most 2 of each kind; 0 of an unknown language.

    Surely: also where whatever may negate in the other is counted.
    """
    if language not in _PLAIN:
        return dict.fromkeys(NAMES, 0.0)
    said, said_wide = _count(_PLAIN, source, language), _count(_WIDE, source, language)
    told, told_wide = _count(_PLAIN, english, "en"), _count(_WIDE, english, "en")
    excess = (said - told, said - told_wide, said_wide - told_wide, told - said_wide)
    return {name: float(min(max(count, 0), 2)) for name, count in zip(NAMES, excess, strict=True)}


def may_negate(text: str, language: str) -> bool:
    """Whether anything in a text may stand for a negation; of an unknown language that is not known."""
    return language not in _WIDE or _count(_WIDE, text, language) > 0


def negated(english: str) -> list[str]:
    """The text with "not" after an auxiliary, for each of the first few that have none."""
    verbs = islice(_AUXILIARY.finditer(english), _MOST_VARIANTS)
    return [f"{english[: verb.end()]} not{english[verb.end() :]}" for verb in verbs]


def _count(cues: Mapping[str, re.Pattern[str]], text: str, language: str) -> int:
    shown = ARABIC_SIGNS.sub("", text)
    found = len(cues[language].findall(shown))
    return found or int(language == "ru" and _RUSSIAN_TOO.search(shown) is not None)
