"""Who says a statement, by which reporting expression: rules over words, the same for the three languages.

A statement is read as words, quotations and punctuation. Every reporting expression outside the quotations is scored by
what stands beside it, and the best one decides; its speaker is the noun phrase after it where the expression opens its
clause ("…, said X", «…», — заявил X, وقال فلان إن) and the one before it where it does not.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from align import russian
from align.antecedents import antecedents
from align.quotations import carried, quotations
from align.reporting import Expression, ReportingLexicon
from align.speakers import (
    adverb,
    clause_follows,
    coordinated_speaker,
    inner_clause,
    speaker_after,
    speaker_before,
    speaker_with_apposition,
    subject_with_apposition,
    takes_addressee,
    trimmed,
)
from align.tokens import Sentence, bare

__all__ = ["Attribution", "ReportingLexicon", "attribute", "content"]

LEAST_WORDS = 3
_SHORT_CLAUSE = 9  # words
_ARABIC_OBJECTS = ("ه", "ها", "هم", "ني", "نا")


@dataclass(frozen=True, slots=True)
class Attribution:
    """Who says a statement; speaker and cue are verbatim spans of it, all None where nobody is named as saying it.

    `antecedent` is the speaker of an earlier statement whom a pronoun stands for, None where that is not clear. Where
    an Arabic verb has no subject, as in «وأضاف أن», there is an antecedent and no speaker.
    """

    speaker: str | None
    cue: str | None
    stance: str | None  # neutral | endorsing | distancing | emphatic | denying
    is_quote: bool
    antecedent: str | None = None


def attribute(texts: Sequence[str], lexicon: ReportingLexicon) -> list[Attribution]:
    """The attribution of each statement of one article, given in order; time grows linearly with the text."""
    voices = [_attribute(text, lexicon, carried(texts, index)) for index, text in enumerate(texts)]
    found = antecedents([(voice.speaker, voice.cue) for voice in voices], lexicon)
    return [
        replace(voice, antecedent=name) if voice.speaker or name else Attribution(None, None, None, voice.is_quote)
        for voice, name in zip(voices, found, strict=True)
    ]


def content(text: str, speaker: str | None, cue: str | None) -> str:
    """What a statement says, less who says it by which expression; all of it where too little would be left."""
    left = text
    for span in (speaker, cue):
        left = left.replace(span, " ", 1) if span else left
    return left if len(left.split()) >= LEAST_WORDS else text


def _attribute(text: str, lexicon: ReportingLexicon, goes_on: bool) -> Attribution:
    named = {word for entry in lexicon.words["named"] for word in entry}
    quoted, names = quotations(text, named, goes_on)
    sentence = Sentence.read(text, quoted, names, lexicon)
    cues = sorted(_cues(sentence), key=lambda cue: -cue.score)
    for cue in cues:
        speaker = _speaker(sentence, cue)
        if speaker:
            start, end = sentence.span(cue.first, cue.last)
            return Attribution(text[speaker[0] : speaker[1]], text[start:end], cue.expression.stance, bool(quoted))
    for cue in cues:
        if _has_no_subject(sentence, cue):
            start, end = sentence.span(cue.first, cue.last)
            return Attribution(None, text[start:end], cue.expression.stance, bool(quoted))
    all_quoted = sum(end - start for start, end in quoted) >= 0.8 * len(text.strip())
    return Attribution(None, None, None, bool(quoted) and all_quoted)


@dataclass(frozen=True, slots=True)
class _Cue:
    """An occurrence of a reporting expression: token indices, end exclusive."""

    expression: Expression
    first: int
    last: int
    pronoun: int | None  # the speaker inside the expression: «по его словам»
    score: int


def _cues(sentence: Sentence) -> Iterator[_Cue]:
    index = 0
    while index < len(sentence.tokens):
        cue = _cue_at(sentence, index) if sentence.is_word(index) else None
        if cue:
            yield cue
        index = cue.last if cue else index + 1


def _cue_at(sentence: Sentence, index: int) -> _Cue | None:
    form = sentence.form(index)
    for first_word in _verb_forms(form, sentence.lexicon.language):
        for expression in sentence.lexicon.expressions.get(first_word, ()):
            last = _matched(sentence, index + 1, expression.words[1:])
            if last:
                return _scored(sentence, expression, index, last, None)
            if expression.is_phrase and len(expression.words) > 1 and sentence.starting("pronouns", index + 1) == 1:
                last = _matched(sentence, index + 2, expression.words[1:])
                if last:
                    return _scored(sentence, expression, index, last, index + 1)
    return None


def _verb_forms(form: str, language: str) -> list[str]:
    """The forms by which a word is looked up: Arabic ones also without an attached conjunction and object."""
    forms = [form, bare(form, language)]
    if language == "ar":
        forms += [
            word[: -len(end)] for word in forms for end in _ARABIC_OBJECTS if word.endswith(end) and len(word) > 5
        ]
    return list(dict.fromkeys(forms))


def _matched(sentence: Sentence, index: int, words: Sequence[str]) -> int:
    """The index after `words`, or 0 where other words stand there; "…" among them is one to four words."""
    for position, word in enumerate(words):
        if word == "…":
            ends = (_matched(sentence, index + gap, words[position + 1 :]) for gap in range(1, 5))
            return next(filter(None, ends), 0)
        if sentence.form(index) != word:
            return 0
        index += 1
    return index


def _scored(sentence: Sentence, expression: Expression, first: int, last: int, pronoun: int | None) -> _Cue | None:
    """The occurrence with what speaks for it, or None where its words are no reporting expression here."""
    if expression.is_phrase:
        # «X отвергает обвинения: это, по его убеждению, …»: the pronoun goes on with a speaker named before
        return _Cue(expression, first, last, pronoun, 2 if pronoun is not None and first else 5)
    before = first
    while before and (skipped := sentence.ending("adverbs", before) or adverb(sentence, before)):
        before -= skipped
    if sentence.lexicon.language == "en" and sentence.is_capital(first):
        return None  # State Department
    is_name = before > 1 and sentence.is_capital(before - 1)  # Mrs May
    form = sentence.form(first)
    with_object = sentence.lexicon.language == "ar" and expression.words[0] not in (form, bare(form, "ar"))
    may_report = is_name or with_object or sentence.starting("agents", last)  # "ما كشفته المتحدثة"
    if sentence.ending("blockers", before) and not may_report:
        return None
    score = 0 if expression.is_weak else 2
    if sentence.ending("conjunctions", before):
        score -= 1  # "called it a lie and said": the first verb stands next to the speaker
    score += _reports(sentence, last)
    score += 3 * _follows_quotation(sentence, first)
    score += 2 * _closes(sentence, first, last, expression.is_weak)
    score += sentence.has_quotation
    if score < 1:
        return None
    if sentence.clause_start(first) == before and _is_participle(expression.words[0], sentence.lexicon.language):
        score -= 3  # "…, adding that": goes with the verb that has the subject
    while sentence.ending("auxiliaries", first):
        first -= 1
    return _Cue(expression, first, last, None, score)


def _reports(sentence: Sentence, start: int) -> int:
    """2: a quotation or a complementiser goes with the verb that ends at `start`; 1: one stands near; 0: none."""
    end = start
    while skipped := sentence.starting("addressees", end):
        end += skipped
    reach = 16 if sentence.lexicon.language == "ar" else 4  # in Arabic the speaker stands between
    near = end
    while sentence.is_word(near) and near - end < 16:
        if sentence.starting("complementisers", near) and near - end < reach:
            return 2 if near == end or reach == 16 else 1
        near += 1
    if clause_follows(sentence, end):
        return 1
    mark, following = sentence.form(near), sentence.form(near + 1)
    return 2 * (
        mark == '"' or (mark in ":,،" and (following == '"' or sentence.starting("complementisers", near + 1) > 0))
    )


def _follows_quotation(sentence: Sentence, index: int) -> bool:
    """Whether a quotation ends before the clause in which the verb stands: «…», — заявил; “…,” the minister said."""
    index = sentence.clause_start(index)
    while sentence.form(index - 1) in ",،—–":
        index -= 1
    return sentence.form(index - 1) == '"'


def _closes(sentence: Sentence, first: int, last: int, is_weak: bool) -> bool:
    """Whether a verb ends its sentence with a short clause of its own: "…, a study found.", «…, сообщила полиция.».

    A weak one that begins the clause does not: "His mother, called at night."
    """
    start, end = sentence.clause_start(first), last
    while sentence.is_word(end) and end - start <= _SHORT_CLAUSE:
        end += 1
    ends = end == len(sentence.tokens) and end - start <= _SHORT_CLAUSE and sentence.form(start - 1) == ","
    at_edge = first > start if sentence.lexicon.language == "en" and end == last else first == start and end > last
    return ends and at_edge and not (is_weak and first == start) and sentence.lexicon.language != "ar"


def _is_participle(verb: str, language: str) -> bool:
    if language == "ru":  # напомнив, говоря, ссылаясь; not признался, ссылается
        return verb.endswith(("в", "вши", "я", "сь")) and not verb.endswith(("ся", "лась", "лось", "лись"))
    return language == "en" and verb.endswith("ing")


def _speaker(sentence: Sentence, cue: _Cue) -> tuple[int, int] | None:
    """The characters that name the speaker of an occurrence."""
    if cue.pronoun is not None:
        return sentence.span(cue.pronoun, cue.pronoun + 1)
    verb = cue.expression.words[0]
    if cue.expression.is_phrase:
        span = speaker_after(sentence, cue.last, "", to_comma=cue.first == 0)
    elif agent := sentence.starting("agents", cue.last):
        span = speaker_after(sentence, cue.last + agent, "")
    else:
        span = _subject(sentence, cue, verb)
    return sentence.span(*span) if span else None


def _has_no_subject(sentence: Sentence, cue: _Cue) -> bool:
    """Whether a verb opens an Arabic statement and what is said comes next: «وأضاف أن»."""
    opens = sentence.lexicon.language == "ar" and trimmed(sentence, 0, cue.first) == (cue.first, cue.first)
    return opens and not cue.expression.is_phrase and sentence.starting("complementisers", cue.last) > 0


def _subject(sentence: Sentence, cue: _Cue, verb: str) -> tuple[int, int] | None:
    """The tokens of the subject of a verb, which stands before it or after."""
    clause = sentence.clause_start(cue.first)
    start = inner_clause(sentence, clause, cue.first)
    left = trimmed(sentence, start, cue.first)
    if start > clause and left[0] == left[1]:
        return speaker_after(sentence, cue.last, verb)
    if sentence.ending("conjunctions", left[1]):
        return coordinated_speaker(sentence, start, left[1] - 1)
    form = sentence.form(cue.first)
    is_joined = form[0] in "وف" and bare(form, "ar").startswith(verb) and not sentence.form(0).endswith("اما")
    if sentence.lexicon.language == "ar" and is_joined:
        return speaker_after(sentence, cue.last, verb)  # وقال: a subject before it would be another verb's
    if left[0] < left[1] and (not sentence.starting("topics", left[0]) or sentence.starting("pronouns", left[1] - 1)):
        is_russian = sentence.lexicon.language == "ru"
        beside = russian.subject_beside_object(sentence, *left, cue.last, verb) if is_russian else None
        return beside or speaker_before(sentence, *left, verb)
    if _is_participle(verb, sentence.lexicon.language) and sentence.form(start - 1) == ",":
        main = sentence.clause_start(start - 1)
        return subject_with_apposition(sentence, main, verb) or coordinated_speaker(sentence, main, start - 1)
    with_apposition = speaker_with_apposition(sentence, start, cue.last)
    if with_apposition or takes_addressee(sentence, cue.last - 1):
        return with_apposition
    return speaker_after(sentence, cue.last, verb)
