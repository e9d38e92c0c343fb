"""Whom a pronoun speaker stands for: the last speaker that its article names, where that is clear."""

from collections.abc import Sequence

from align.persons import names_person
from align.reporting import ReportingLexicon
from align.tokens import bare
from align.words import WORD, fold

_REACH = 4  # statements back; what is further off may be somebody else
_GENDERS = {
    "en": {"he": "", "she": ""},
    "ru": {"он": "m", "его": "m", "она": "f", "ее": "f", "они": "p", "их": "p"},
    "ar": {"هو": "m", "هي": "f"},
}
_ENDINGS = {"ла": "f", "ли": "p", "ют": "p", "ят": "p", "л": "m"}

# speaker and cue as a statement has them
Voice = tuple[str | None, str | None]


def antecedents(voices: Sequence[Voice], lexicon: ReportingLexicon) -> list[str | None]:
    """For each statement of an article the named speaker that its pronoun stands for, None where there is none to tell.

    voices: in order. A cue without a speaker is an Arabic verb whose subject is the one who spoke before. Pronoun and
    name must agree in gender and number, as far as pronouns and verbs tell these; in English, which does not tell them,
    the name must be a person's.
    """
    pronouns = _GENDERS.get(lexicon.language, {})
    found: list[str | None] = []
    named: list[tuple[int, str, str]] = []  # where, the speaker, its gender
    for position, (speaker, cue) in enumerate(voices):
        gender = _gender(cue, lexicon)
        pronoun = fold(speaker) if speaker else ""
        if speaker and not _stands_for_another(pronoun, lexicon):
            found.append(None)
            named.append((position, speaker, gender))
            continue
        wanted = pronouns.get(pronoun) if speaker else gender if cue else None
        recent = [entry for entry in named[-_REACH:] if position - entry[0] <= _REACH]
        last = _last(recent, wanted, lexicon.language) if wanted is not None else None
        found.append(last)
        if last:
            named.append((position, last, wanted or ""))
    return found


def _stands_for_another(pronoun: str, lexicon: ReportingLexicon) -> bool:
    return (pronoun,) in lexicon.words["pronouns"]


def _last(named: Sequence[tuple[int, str, str]], wanted: str, language: str) -> str | None:
    """The last of the named speakers, passing over those whose gender is another one."""
    for _, speaker, gender in reversed(named):
        if gender and wanted and gender != wanted:
            continue
        if language != "en" or _is_person(speaker, [other for _, other, _ in named]):
            return speaker
        return None
    return None


def _is_person(speaker: str, named: Sequence[str]) -> bool:
    """Whether an English form names a person, be it by the last name of one named before."""
    full = [form for form in named if names_person(form, "en")]
    return speaker in full or any(speaker.split()[-1] in WORD.findall(form) for form in full)


def _gender(cue: str | None, lexicon: ReportingLexicon) -> str:
    """The gender or number of the one whose cue it is: "m", "f", "p" for plural, empty where the cue does not tell."""
    words = [fold(word) for word in WORD.findall(cue or "")]
    if not words:
        return ""
    if lexicon.language == "ru":
        return next((gender for ending, gender in _ENDINGS.items() if words[-1].endswith(ending)), "")
    return _arabic_gender(words[0], lexicon) if lexicon.language == "ar" else ""


def _arabic_gender(word: str, lexicon: ReportingLexicon) -> str:
    form = word if word in lexicon.expressions else bare(word, "ar")
    if all(expression.is_phrase for expression in lexicon.expressions.get(form, ())):
        return ""
    is_feminine = form.endswith("ت") or (form[0] == "ت" and f"ي{form[1:]}" in lexicon.expressions)
    return "f" if is_feminine else "m"
