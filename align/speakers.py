"""The noun phrase that names the speaker, before or after a reporting expression: rules over words, no parser."""

import re

from align import arabic, russian
from align.tokens import LONGEST_SPEAKER, Sentence, Span, bare

_LONGEST_LISTED = 5  # words of one of several speakers
_RUSSIAN_ASIDE = ("ив", "ав", "я", "вшись", "вший", "вшая", "вшие")
_RUSSIAN_VERB = re.compile(r"(?:ли|[еию]т|ся)$")
_ACTIVE_PARTICIPLE = re.compile(r"\w{2,}(?:вш|[юяуа]щ)(?:ий|ая|ие)")
_SUBJECT_WITH_VERB = re.compile(r"(?:he|she|it|they|we|i|you|there)'(?:s|re|m|d|ll|ve)$")
_GERUND = re.compile(r"[^аь]я$")
_RELATIVE = ("who", "which", "that", "whose")


def speaker_after(sentence: Sentence, start: int, verb: str, *, to_comma: bool = False) -> Span | None:
    """The speaker that follows a reporting expression; `verb` is its first folded word, empty for a phrase.

    `to_comma`: the expression opens its sentence, so that all up to a comma names the speaker; what is said follows.
    """
    while skipped := sentence.starting("addressees", start) or sentence.starting("adverbs", start):
        start += skipped
        while sentence.lexicon.language == "ru" and sentence.form(start).isascii() and sentence.is_word(start + 1):
            start += 1  # рассказал газете Evening News сосед
    if sentence.is_name(start) and sentence.is_word(start + 1):  # рассказали «Телеграфу» два дипломата
        start += 1
    if sentence.starting("pronouns", start):
        return start, start + 1
    if to_comma and (comma := _comma(sentence, start)):
        return start, comma
    if sentence.lexicon.language == "ru" and verb and not russian.is_plural(verb):
        start = russian.after_place(sentence, start)
        if sentence.is_place(start):
            return None
    governed = verb == "" or (sentence.lexicon.language == "ar" and arabic.takes_clause(sentence, start))
    end = start + 2 * (sentence.form(start) == "كل" and sentence.form(start + 1) == "من")
    while (
        end - start < LONGEST_SPEAKER
        and sentence.is_word(end)
        and not _ends_speaker(sentence, start, end, verb, governed)
    ):
        end += 1
    if end == start or (end == start + 1 and sentence.is_place(start)):
        return None
    if verb and sentence.starting("finite", end):  # "said the bridge was shut": what is said, not who
        return None
    if not to_comma and sentence.form(end) in ",،" and (longer := _apposition_end(sentence, end)) > end:
        end = longer
    elif sentence.lexicon.language == "ar" and (verb or sentence.is_word(end)):
        end = arabic.subject_end(sentence, start, end, verb)
    return start, end


def _comma(sentence: Sentence, start: int) -> int:
    """The index of the comma that ends the words from `start` on; 0 where something else does or they are many."""
    end = start
    is_english = sentence.lexicon.language == "en"  # "a report that was leaked"
    while end - start < LONGEST_SPEAKER and sentence.is_word(end):
        if sentence.starting("complementisers", end) and not is_english:
            return 0
        end += 1
    return end if end > start and sentence.form(end) in ",،" else 0


def clause_follows(sentence: Sentence, start: int) -> bool:
    """Whether an English clause begins at `start` with no "that": "there was little to do", "troops had left"."""
    end = start
    if _SUBJECT_WITH_VERB.match(sentence.form(start)):
        return True
    while end - start < LONGEST_SPEAKER and sentence.is_word(end) and not sentence.starting("breaks", end):
        if sentence.starting("finite", end):
            return end > start
        end += 1
    return False


def _ends_speaker(sentence: Sentence, start: int, index: int, verb: str, governed: bool) -> bool:
    """`governed`: the words of `within` do not end it, since no verb can take them for its own."""
    if sentence.starting("complementisers", index) and (verb or sentence.lexicon.language != "en"):
        return True
    if sentence.starting("breaks", index):
        joins = russian.is_plural(verb) and sentence.starting("conjunctions", index) and sentence.is_capital(index + 1)
        goes_on = governed and sentence.starting("within", index) >= sentence.starting("breaks", index)
        return not joins and (index == start or not goes_on)
    if index == start:
        return False
    if sentence.starting("subordinators", index):
        return True
    if sentence.lexicon.language == "ru" and sentence.is_capital(index - 1) and _GERUND.search(sentence.form(index)):
        return True
    if sentence.form(index).isdigit() and sentence.is_capital(index - 1):  # "said Ann Lee 40 years later"
        return True
    if sentence.lexicon.language == "ar":
        return arabic.ends_speaker(sentence, index, verb)
    if sentence.lexicon.language == "en":
        form = sentence.form(index)
        is_finite = bool(verb) and sentence.starting("finite", index) > 0
        is_participle = form.endswith("ing") and len(form) > 5 and sentence.is_word(index + 1)
        return is_finite or (is_participle and not sentence.is_capital(index))
    return False


def _apposition_end(sentence: Sentence, comma: int) -> int:
    """Where the speaker ends that has reached a comma: after "…, an engineer", "…, 67" or other names, else there."""
    first = end = comma + 1
    while sentence.is_word(end) and not _ends_speaker(sentence, first, end, "", governed=True):
        end += 1
    if end == first or end - first > 10:
        return comma
    if sentence.lexicon.language == "ar":
        return end if end - first <= 3 and sentence.form(end) == "،" else comma
    joined = [index for index in range(first + 1, end) if sentence.starting("conjunctions", index)]
    if all(sentence.is_capital(index) or index in joined for index in range(first, end)):
        if sentence.form(end) == ",":
            return max(end, _apposition_end(sentence, end))
        return end if joined or sentence.form(end) == "." else comma
    head = sentence.form(first)
    begins = sentence.starting("appositions", first) or head.isdigit() or head.endswith("'s")
    if sentence.lexicon.language == "ru":
        begins = _ends_reporting(sentence, comma, end) or _ACTIVE_PARTICIPLE.fullmatch(head) is not None
    return end if begins else comma


def _ends_reporting(sentence: Sentence, comma: int, end: int) -> bool:
    """Whether a Russian apposition after a name ends its sentence: «…», — сказал Пётр Котов, директор завода."""
    before = sentence.forms(max(0, comma - 2 * LONGEST_SPEAKER), comma)
    reports = "—" in before and '"' in before and sentence.is_capital(comma - 1)
    return reports and end == len(sentence.tokens) and not _is_aside(sentence, comma + 1)


def speaker_before(sentence: Sentence, start: int, end: int, verb: str) -> Span | None:
    """The speaker in the words `start` to `end` that stand before a verb; `verb` is its folded form."""
    start, end = trimmed(sentence, start, end)
    if sentence.ending("auxiliaries", end):  # "has previously said"
        start, end = trimmed(sentence, start, end - 1)
    for index in range(end - 1, start - 1, -1):
        if sentence.starting("complementisers", index) and index > start:
            start, end = trimmed(sentence, index + 1, end)
            break
    if sentence.lexicon.language == "ru":
        end = next((index for index in range(start + 1, end) if sentence.starting("objects", index)), end)
    if start < end and sentence.lexicon.language != "ar" and sentence.starting("pronouns", end - 1):
        return end - 1, end
    if start >= end or (sentence.starting("breaks", start) and not sentence.is_place(start)):
        return None
    if _is_clause(sentence, start, end):  # "Rangers had another late claim"
        return None
    if sentence.lexicon.language == "ru" and not russian.is_plural(verb):
        start = russian.after_place(sentence, start)
    if sentence.is_place(start) and not russian.is_plural(verb):
        while start + 1 < end and (sentence.is_place(start) or sentence.is_capital(start)):
            start += 1
    start = _list_start(sentence, start, end)
    return (start, end) if end - start <= LONGEST_SPEAKER else None


def _is_clause(sentence: Sentence, start: int, end: int) -> bool:
    """Whether English words have a finite verb that belongs to no relative clause among them, and so name nobody."""
    verbs = any(
        sentence.starting("finite", index) and not sentence.is_capital(index) for index in range(start + 1, end)
    )
    return verbs and not any(sentence.form(index) in _RELATIVE for index in range(start, end))


def _list_start(sentence: Sentence, start: int, end: int) -> int:
    """Where a list of speakers begins whose last ones are the words `start` to `end`: "Britain, France and Norway"."""
    last = start - bool(sentence.ending("conjunctions", start))
    if last == start and not any(sentence.starting("conjunctions", index) for index in range(start, end)):
        return start
    while sentence.form(last - 1) == ",":
        first = sentence.clause_start(last - 1)
        is_name = sentence.is_capital(first) and sentence.is_capital(last - 2) and last - 1 - first <= _LONGEST_LISTED
        if not is_name or any(sentence.starting(key, first) for key in ("places", "breaks", "openers", "adverbs")):
            break
        start = last = first
    return start


def coordinated_speaker(sentence: Sentence, start: int, end: int) -> Span | None:
    """The subject at the head of the words `start` to `end`, shared with a verb there: "X called it a lie and said"."""
    start, end = trimmed(sentence, start, end)
    if sentence.starting("breaks", start) and not sentence.is_place(start):
        return None
    for index in range(start + 1, end):
        if _is_finite(sentence, index):
            return speaker_before(sentence, start, index, sentence.form(index))
    name = next((index for index in range(start + 1, end) if sentence.is_capital(index)), start)
    while name + 1 < end and sentence.is_capital(name + 1):
        name += 1
    return (start, name + 1) if start < end else None


def _is_finite(sentence: Sentence, index: int) -> bool:
    """Whether a word is a verb in a finite form: an auxiliary, a reporting verb, or an English word in -ed."""
    verbs = sentence.lexicon.expressions.get(sentence.form(index), ())
    in_past = (
        sentence.lexicon.language == "en" and sentence.form(index).endswith("ed") and not sentence.is_capital(index)
    )
    return in_past or sentence.starting("finite", index) > 0 or any(not (v.is_phrase or v.is_weak) for v in verbs)


def inner_clause(sentence: Sentence, start: int, end: int) -> int:
    """The index after the last word among `start` to `end` with which a clause begins inside another, or `start`."""
    found = (index + 1 for index in range(end - 1, start - 1, -1) if sentence.starting("subordinators", index))
    return next(found, start)


def speaker_with_apposition(sentence: Sentence, start: int, end: int) -> Span | None:
    """The speaker of a verb that stands right after a comma, where that comma ends an apposition or a relative clause.

    "Ann Lee, the minister, said that …"; None where the comma ends what is said: "…, said Ann Lee". `start`: the index
    after the comma, `end`: the index after the verb.
    """
    if sentence.form(start - 1) not in ",،":
        return None
    if sentence.lexicon.language == "ar":  # أما فلان، الذي …، فقال
        comma = next(index for index in range(start) if sentence.form(index) in ",،")
        topic = sentence.form(0) == "اما" and sentence.form(end - 1)[0] == "ف"
        is_where = bare(sentence.form(0), "ar") == "في" or sentence.starting("breaks", 0)
        stands_alone = 2 < start <= LONGEST_SPEAKER and not is_where
        if stands_alone and sentence.starting("complementisers", end):
            return 0, start - 1  # فلان، راكب الطائرة، أخبر بأن
        return speaker_before(sentence, 0, comma, "") if topic else None
    subject = subject_with_apposition(sentence, start, sentence.form(start))
    left = trimmed(sentence, sentence.clause_start(start - 1), start - 1)
    return subject if subject and (left[0] == left[1] or _speech_follows(sentence, start, end)) else None


def subject_with_apposition(sentence: Sentence, start: int, verb: str) -> Span | None:
    """The words before the comma at `start`, and what stands before them and another comma, as one subject.

    An apposition belongs to it, "Ann Lee, the minister,"; an aside does not: «Анна Лапина, посетив школу,».
    """
    middle = sentence.clause_start(start - 1)
    if middle == 0 or sentence.form(middle - 1) not in ",،" or middle == start - 1 or sentence.form(start - 1) != ",":
        return None
    subject = speaker_before(sentence, sentence.clause_start(middle - 1), middle - 1, verb)
    left = trimmed(sentence, middle, start - 1)
    if subject is None or left[0] == left[1] or sentence.starting("breaks", middle) or _is_aside(sentence, middle):
        return subject
    return subject[0], left[1]


def _is_aside(sentence: Sentence, start: int) -> bool:
    """Whether words tell where somebody is, or in Russian what he does or did besides."""
    form = sentence.form(start + (sentence.form(start) == "не"))
    if sentence.starting("places", start):
        return True
    return sentence.lexicon.language == "ru" and form.endswith(_RUSSIAN_ASIDE) and not sentence.is_capital(start)


def _speech_follows(sentence: Sentence, start: int, end: int) -> bool:
    """Whether what follows the verb at `start` to `end` is what is said rather than the one who says it."""
    if (
        not sentence.is_word(end)
        or sentence.starting("breaks", end)
        or any(sentence.starting("complementisers", index) for index in range(end, end + 4))
    ):
        return True
    middle = sentence.clause_start(start - 1)
    first = sentence.clause_start(middle - 1)
    if sentence.lexicon.language == "ru":
        is_participle = _ACTIVE_PARTICIPLE.fullmatch(sentence.form(middle)) or _is_aside(sentence, middle)
        return sentence.form(end).endswith(("ть", "ти", "ться", "чь")) or (  # пообещал выплатить
            first == 0 and bool(is_participle) and not any(map(_RUSSIAN_VERB.search, sentence.forms(first, middle - 1)))
        )
    if takes_addressee(sentence, start) or clause_follows(sentence, end):
        return True
    rest = end
    while sentence.is_word(rest) and rest - end <= 6:
        rest += 1
    named = sentence.is_capital(middle) or any(sentence.starting(key, middle) for key in ("appositions", "places"))
    return first == 0 and named and rest - end > 6


def takes_addressee(sentence: Sentence, verb: int) -> bool:
    """Whether after the verb at index `verb` comes to whom it is said, so that the speaker stands before it."""
    return (sentence.form(verb),) in sentence.lexicon.words["addressing"]


def trimmed(sentence: Sentence, start: int, end: int) -> Span:
    """The words `start` to `end` without the connectives before a speaker and the adverbs after it."""
    while start < end and (skipped := sentence.starting("openers", start)) and start + skipped <= end:
        start += skipped
    while start < end and (skipped := sentence.ending("adverbs", end) or adverb(sentence, end)):
        end -= skipped
    return start, max(start, end)


def adverb(sentence: Sentence, end: int) -> int:
    """1 where an English adverb in -ly ends at `end`, else 0."""
    form = sentence.form(end - 1)
    return int(sentence.lexicon.language == "en" and form.endswith("ly") and not sentence.is_capital(end - 1))
