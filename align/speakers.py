"""The noun phrase that names the speaker, before or after a reporting expression: rules over words, no parser."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from align.quotations import Spans
from align.reporting import ReportingLexicon
from align.words import WORD, fold

_MARKS = ",،;؛:—–()"
_LONGEST = 18  # words of a speaker
_LONGEST_CLAUSE = 60  # words between marks that are read for one
_LONGEST_LISTED = 5  # words of one of several speakers

_RUSSIAN_ASIDE = ("ив", "ав", "я", "вшись", "вший", "вшая", "вшие")
_RUSSIAN_VERB = re.compile(r"(?:ли|[еию]т|ся)$")
_ACTIVE_PARTICIPLE = re.compile(r"\w{2,}(?:вш|[юяуа]щ)(?:ий|ая|ие)")
_SUBJECT_WITH_VERB = re.compile(r"(?:he|she|it|they|we|i|you|there)'(?:s|re|m|d|ll|ve)$")
_PLURAL = re.compile(r"(?:[кгхшжчщ]и|[^м]ения|[ыи]е|тери|[^аеиоуыэюя]ы)$")
_ADJECTIVE = re.compile(r"(?:[иыо]й|ая|яя|ое)$")
_GERUND = re.compile(r"[^аь]я$")
_TANWIN = "\u064b"
_PREPOSITIONAL = re.compile(r"(?:[ое]м|[ое]й|[иы]х)$")
_RELATIVE = ("who", "which", "that", "whose")
_PARTS_OF_TIME = ("ходе", "время", "рамках", "ответ")  # "в ходе допроса"
_ACCUSATIVE = re.compile(r"(?:[ыи]е|[ую]ю)$")

# "تمديد", "اتهام", "استئناف", "مواصلة"
_VERBAL_NOUN = re.compile(r"ت\w{2}ي\w|ا\w{1,4}ا\w|م\wا\w{1,2}ة|\w{3,4}ة")

# token indices, end exclusive
Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Token:
    """A word, a punctuation mark, or a whole quotation, at `start` to `end` of the sentence."""

    start: int
    end: int
    form: str  # folded word, the mark itself, or '"' for a quotation

    @property
    def is_word(self) -> bool:
        return self.form not in _MARKS and self.form != '"'


@dataclass(frozen=True, slots=True)
class Sentence:
    """A statement as tokens, with the lexicon it is read by."""

    text: str
    tokens: list[Token]
    lexicon: ReportingLexicon
    has_quotation: bool

    @classmethod
    def read(cls, text: str, quoted: Spans, names: Spans, lexicon: ReportingLexicon) -> "Sentence":
        """`quoted`, `names`: the spans of quotations and of names between marks; each becomes one token."""
        tokens: list[Token] = []
        position = 0
        for start, end in [*sorted([*quoted, *names]), (len(text), len(text))]:
            tokens.extend(_tokens(text, position, start))
            if start < end:
                tokens.append(Token(start, end, '"' if (start, end) in quoted else fold(text[start:end])))
            position = end
        if lexicon.language == "ar":
            tokens = _detached(tokens, lexicon)
        return cls(text, tokens, lexicon, bool(quoted))

    def span(self, first: int, last: int) -> tuple[int, int]:
        """The characters of the tokens `first` to `last`, end exclusive."""
        return self.tokens[first].start, self.tokens[last - 1].end

    def form(self, index: int) -> str:
        """The token's form; a full stop before the first and after the last."""
        return self.tokens[index].form if 0 <= index < len(self.tokens) else "."

    def is_word(self, index: int) -> bool:
        return 0 <= index < len(self.tokens) and self.tokens[index].is_word

    def clause_start(self, end: int) -> int:
        """The index of the first of the words that stand together before `end`; of a very long run not the first."""
        start = end
        while end - start < _LONGEST_CLAUSE and self.is_word(start - 1):
            start -= 1
        return start

    def is_capital(self, index: int) -> bool:
        """Whether a word begins with a capital, be it after an Arabic article: "al-Hasani", "ар-Радвани"."""
        if not self.is_word(index):
            return False
        article, dash, rest = self.text[self.tokens[index].start : self.tokens[index].end].partition("-")
        return article[0].isupper() or (bool(dash) and len(article) < 4 and rest[:1].isupper())

    def is_name(self, index: int) -> bool:
        """Whether the token is a name between quotation marks."""
        return self.is_word(index) and self.form(index)[0] in '«“„"'

    def starting(self, key: str, index: int) -> int:
        """How many tokens from `index` on are an entry of the word list `key`, the longest; 0: none."""
        entries = self.lexicon.words[key]
        for length in (4, 3, 2, 1):
            if index + length > len(self.tokens):
                continue
            forms = tuple(token.form for token in self.tokens[index : index + length])
            if forms in entries or (bare(forms[0], self.lexicon.language), *forms[1:]) in entries:
                return length
        return 0

    def ending(self, key: str, end: int) -> int:
        """How many tokens before `end` are an entry of the word list `key`, the longest; 0: none."""
        entries = self.lexicon.words[key]
        for length in (4, 3, 2, 1):
            forms = tuple(token.form for token in self.tokens[end - length : end])
            if end >= length and (forms in entries or (bare(forms[0], self.lexicon.language), *forms[1:]) in entries):
                return length
        return 0


def bare(form: str, language: str) -> str:
    """An Arabic word without the conjunction written with it; other words as they are."""
    return form[1:] if language == "ar" and form[0] in "وف" and len(form) > 2 else form


def _tokens(text: str, start: int, end: int) -> Iterator[Token]:
    position = start
    for word in WORD.finditer(text, start, end):
        yield from _marks(text, position, word.start())
        yield Token(word.start(), word.end(), fold(word[0]))
        position = word.end()
    yield from _marks(text, position, end)


def _marks(text: str, start: int, end: int) -> Iterator[Token]:
    for index in range(start, end):
        in_number = text[index] == "," and text[index - 1 : index].isdigit() and text[index + 1 : index + 2].isdigit()
        if text[index] in _MARKS and not in_number:
            yield Token(index, index + 1, text[index])


def _detached(tokens: list[Token], lexicon: ReportingLexicon) -> list[Token]:
    """Arabic tokens with the preposition ل apart where it belongs to an expression: وفقا ل + وزارة."""
    detached: list[Token] = []
    for token in tokens:
        if detached and len(token.form) > 1 and token.form[0] == "ل":
            before = detached[-1].form
            found = [e for form in (before, bare(before, "ar")) for e in lexicon.expressions.get(form, ())]
            if any(expression.words[1:] == ("ل",) for expression in found):
                detached.append(Token(token.start, token.start + 1, "ل"))
                token = Token(token.start + 1, token.end, token.form[1:])
        detached.append(token)
    return detached


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
    if sentence.lexicon.language == "ru" and verb and not is_plural(verb):
        start = _after_place(sentence, start)
        if _place(sentence, start):
            return None
    governed = verb == "" or _takes_clause(sentence, start)
    end = start + 2 * (sentence.form(start) == "كل" and sentence.form(start + 1) == "من")
    while end - start < _LONGEST and sentence.is_word(end) and not _ends_speaker(sentence, start, end, verb, governed):
        end += 1
    if end == start or (end == start + 1 and _place(sentence, start)):
        return None
    if verb and sentence.starting("finite", end):  # "said the bridge was shut": what is said, not who
        return None
    if not to_comma and sentence.form(end) in ",،" and (longer := _apposition_end(sentence, end)) > end:
        end = longer
    elif sentence.lexicon.language == "ar" and (verb or sentence.is_word(end)):
        end = _arabic_end(sentence, start, end, verb)
    return start, end


def _after_place(sentence: Sentence, start: int) -> int:
    """The index after words that tell where it was said, «на новостном сайте», if more follow; else `start`."""
    if not _place(sentence, start):
        return start
    end = start + 1 + (sentence.form(start + 1) in _PARTS_OF_TIME)
    while _PREPOSITIONAL.search(sentence.form(end)) and sentence.is_word(end + 1):
        end += 1
    return end + 1 if sentence.is_word(end + 1) else start


def _comma(sentence: Sentence, start: int) -> int:
    """The index of the comma that ends the words from `start` on; 0 where something else does or they are many."""
    end = start
    is_english = sentence.lexicon.language == "en"  # "a report that was leaked"
    while end - start < _LONGEST and sentence.is_word(end):
        if sentence.starting("complementisers", end) and not is_english:
            return 0
        end += 1
    return end if end > start and sentence.form(end) in ",،" else 0


def _takes_clause(sentence: Sentence, start: int) -> bool:
    """Whether an Arabic clause goes on to أن or إن with no preposition before it: all until there is the speaker."""
    end = start
    while sentence.lexicon.language == "ar" and end - start < _LONGEST and sentence.is_word(end):
        if sentence.starting("complementisers", end):
            return sentence.starting("complementisers", end) == 1 and not sentence.starting("within", end - 1)
        end += 1
    return False


def clause_follows(sentence: Sentence, start: int) -> bool:
    """Whether an English clause begins at `start` with no "that": "there was little to do", "troops had left"."""
    end = start
    if _SUBJECT_WITH_VERB.match(sentence.form(start)):
        return True
    while end - start < _LONGEST and sentence.is_word(end) and not sentence.starting("breaks", end):
        if sentence.starting("finite", end):
            return end > start
        end += 1
    return False


def _ends_speaker(sentence: Sentence, start: int, index: int, verb: str, governed: bool) -> bool:
    """`governed`: the words of `within` do not end it, since no verb can take them for its own."""
    if sentence.starting("complementisers", index) and (verb or sentence.lexicon.language != "en"):
        return True
    if sentence.starting("breaks", index):
        joins = is_plural(verb) and sentence.starting("conjunctions", index) and sentence.is_capital(index + 1)
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
        return _ends_arabic_speaker(sentence, index, verb)
    if sentence.lexicon.language == "en":
        form = sentence.form(index)
        is_finite = bool(verb) and sentence.starting("finite", index) > 0
        is_participle = form.endswith("ing") and len(form) > 5 and sentence.is_word(index + 1)
        return is_finite or (is_participle and not sentence.is_capital(index))
    return False


def _ends_arabic_speaker(sentence: Sentence, index: int, verb: str) -> bool:
    form, token = sentence.form(index), sentence.tokens[index]
    if _TANWIN in sentence.text[token.start : token.end] and not sentence.form(index - 1).isdigit():  # "قال مازحًا"
        return True
    if any(sentence.starting(key, index) for key in ("addressees", "adverbs", "objects")):
        return True
    if form == "في":  # "في إحاطتها": where it was said, not who
        return sentence.form(index + 1).endswith(("ها", "ه", "هم")) and len(sentence.form(index + 1)) > 3
    takes_b = (verb,) in sentence.lexicon.words["with_b"]
    return takes_b and form[0] == "ب" and not sentence.starting("bound", index)


def is_plural(verb: str) -> bool:
    """Whether a Russian verb is in the plural."""
    return verb.endswith(("ли", "ют", "ут", "ят", "ат", "ны"))


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
    begins = begins or (sentence.lexicon.language == "ru" and _ACTIVE_PARTICIPLE.fullmatch(head) is not None)
    return end if begins else comma


def _arabic_end(sentence: Sentence, start: int, end: int, verb: str) -> int:
    """Where an Arabic subject ends that its object follows with nothing between: by definiteness, roughly."""
    forms = _forms(sentence, start, end)
    definite = [form.startswith(("ال", "لل")) for form in forms]
    if sentence.form(end)[0] == "ب" and (verb,) in sentence.lexicon.words["with_object"]:
        # "اتهم البيت الأبيض المملكة العربية السعودية ب": the object is the last noun that is no adjective in ي
        nouns = [n for n in range(1, len(forms)) if forms[n].startswith("ال") and not forms[n].endswith(("ي", "ية"))]
        starts = nouns or [n for n in range(1, len(forms)) if forms[n].endswith(("ه", "ها", "هم"))]
        return start + starts[-1] if starts else end
    if sentence.starting("complementisers", end) and sentence.form(end)[0] != "ب":
        return end
    if _is_feminine_name(verb, forms[0]) and definite[1:2] == [True]:
        return start + 1  # "أدانت دمشق الاعتداء"
    for index in range(1, len(forms)):
        before, form = forms[index - 1], forms[index]
        after = forms[index + 1] if index + 1 < len(forms) else ""
        known = any(definite[: index - 1])
        if sentence.starting("bound", start + index) or sentence.starting("bound", start + index - 1):
            continue
        if definite[index]:
            is_adjective = form.endswith(("ي", "ية"))
            after_adjective = index > 1 and before.endswith("ي") and not any(definite[:index])
            after_name = known and not definite[index - 1] and not is_adjective and len(before) > 3 and before[0] != "ل"
            disagrees = index == 1 and definite[0] and before.endswith("ة") and not form.endswith(("ة", "ى", "ات"))
            if after_adjective or after_name or disagrees or (index == 1 and before.endswith("ها")):
                return start + index
        elif _VERBAL_NOUN.fullmatch(form) and _has_object(definite, index, before, after):
            return start + index
        elif form.endswith("ا") and after.endswith("ا"):
            return start + index  # "نفيا قاطعا"
    return end


def _is_feminine_name(verb: str, form: str) -> bool:
    """Whether the subject of an Arabic verb is a place: feminine, with neither its ending nor a plural's form."""
    return verb.endswith("ت") and not form.startswith("ال") and not form.endswith(("ة", "ات", "ى")) and form[2:3] != "ا"


def _has_object(definite: list[bool], index: int, before: str, after: str) -> bool:
    """Whether a verbal noun at `index` begins an object, by what stands beside it, and is no part of a name."""
    known = any(definite[:index])
    is_name_over = index > 2 and known and not (definite[index - 1] or definite[index - 2])
    with_pronoun = after.endswith(("ه", "ها", "هم")) and (known or before.endswith("ي"))
    return is_name_over or with_pronoun or (known and after.startswith("ال") and not after.endswith("ي"))


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
    if start >= end or (sentence.starting("breaks", start) and not _place(sentence, start)):
        return None
    if _is_clause(sentence, start, end):  # "Rangers had another late claim"
        return None
    if sentence.lexicon.language == "ru" and not is_plural(verb):
        start = _after_place(sentence, start)
    if _place(sentence, start) and not is_plural(verb):
        while start + 1 < end and (_place(sentence, start) or sentence.is_capital(start)):
            start += 1
    start = _list_start(sentence, start, end)
    return (start, end) if end - start <= _LONGEST else None


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


def speaker_after_object(sentence: Sentence, start: int, end: int, rest: int, verb: str) -> Span | None:
    """The subject of a Russian verb in the words `start` to `end` before it, where its object begins or ends them.

    «Обвинения в подкупе компания отвергает», «Потери в Баку оценивают в 30 человек», «В Киеве эти слухи отвергли».
    `rest`: the index after the verb. None where no object shows: by a plural that the verb does not share, or beside a
    place.
    """
    if sentence.lexicon.language != "ru" or sentence.starting("complementisers", rest + (sentence.form(rest) == ",")):
        return None
    last = end
    while last - 1 > start and sentence.is_capital(last - 1):
        last -= 1
    if is_plural(verb):
        if _place(sentence, start):
            names = start + 1
            while names < end and not _ACCUSATIVE.search(sentence.form(names)):
                names += 1
            return (start, names) if start + 1 < names else None
        return (last - 1, end) if start < last - 1 and last < end and _place(sentence, last - 1) else None
    if not _PLURAL.search(sentence.form(start)):
        return None
    first = last - (last == end)
    while first > start and _ADJECTIVE.search(sentence.form(first - 1)):
        first -= 1
    return (first, end) if first > start else None


def coordinated_speaker(sentence: Sentence, start: int, end: int) -> Span | None:
    """The subject at the head of the words `start` to `end`, shared with a verb there: "X called it a lie and said"."""
    start, end = trimmed(sentence, start, end)
    if sentence.starting("breaks", start) and not _place(sentence, start):
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
    found = (index + 1 for index in range(end - 1, start, -1) if sentence.starting("subordinators", index))
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
        first = bare(sentence.form(0), "ar")
        stands_alone = first != "في" and not sentence.starting("breaks", 0) and start <= _LONGEST
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
            first == 0
            and bool(is_participle)
            and not any(map(_RUSSIAN_VERB.search, _forms(sentence, first, middle - 1)))
        )
    if takes_addressee(sentence, start) or clause_follows(sentence, end):
        return True
    rest = end
    while sentence.is_word(rest):
        rest += 1
    named = sentence.is_capital(middle) or any(sentence.starting(key, middle) for key in ("appositions", "places"))
    return first == 0 and named and rest - end > 6


def _forms(sentence: Sentence, start: int, end: int) -> list[str]:
    return [sentence.form(index) for index in range(start, end)]


def takes_addressee(sentence: Sentence, verb: int) -> bool:
    """Whether after the verb at index `verb` comes to whom it is said, so that the speaker stands before it."""
    return (sentence.form(verb),) in sentence.lexicon.words["addressing"]


def _place(sentence: Sentence, index: int) -> bool:
    return (sentence.form(index),) in sentence.lexicon.words["places"]


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
