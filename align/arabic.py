"""Where an Arabic subject ends: at an adverb, at its verb's preposition, or where its object follows at once."""

import re

from align.tokens import LONGEST_SPEAKER, Sentence

_PRONOUNS = ("ه", "ها", "هم")
_TANWIN = "\u064b"

# "تمديد", "اتهام", "استئناف", "مواصلة"
_VERBAL_NOUN = re.compile(r"ت\w{2}ي\w|ا\w{1,4}ا\w|م\wا\w{1,2}ة|\w{3,4}ة")


def ends_speaker(sentence: Sentence, index: int, verb: str) -> bool:
    """Whether a word inside a clause ends the speaker that stands before it."""
    form, token = sentence.form(index), sentence.tokens[index]
    if _TANWIN in sentence.text[token.start : token.end] and not sentence.form(index - 1).isdigit():  # "قال مازحًا"
        return True
    if any(sentence.starting(key, index) for key in ("addressees", "adverbs", "objects")):
        return True
    if form == "في":  # "في إحاطتها": where it was said, not who
        return sentence.form(index + 1).endswith(_PRONOUNS) and len(sentence.form(index + 1)) > 3
    takes_b = (verb,) in sentence.lexicon.words["with_b"]
    return takes_b and form[0] == "ب" and not sentence.starting("bound", index)


def takes_clause(sentence: Sentence, start: int) -> bool:
    """Whether a clause goes on to أن or إن with no preposition before it: all until there is the speaker."""
    end = start
    while end - start < LONGEST_SPEAKER and sentence.is_word(end):
        if sentence.starting("complementisers", end):
            return sentence.starting("complementisers", end) == 1 and not sentence.starting("within", end - 1)
        end += 1
    return False


def subject_end(sentence: Sentence, start: int, end: int, verb: str) -> int:
    """Where an Arabic subject ends that its object follows with nothing between: by definiteness, roughly."""
    forms = sentence.forms(start, end)
    definite = [form.startswith(("ال", "لل")) for form in forms]
    if sentence.form(end)[0] == "ب" and (verb,) in sentence.lexicon.words["with_object"]:
        # "اتهم البيت الأبيض المملكة العربية السعودية ب": the object is the last noun that is no adjective in ي
        nouns = [n for n in range(1, len(forms)) if forms[n].startswith("ال") and not forms[n].endswith(("ي", "ية"))]
        starts = nouns or [n for n in range(1, len(forms)) if forms[n].endswith(_PRONOUNS) and len(forms[n]) > 4]
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
    with_pronoun = after.endswith(_PRONOUNS) and (known or before.endswith("ي"))
    return is_name_over or with_pronoun or (known and after.startswith("ال") and not after.endswith("ي"))
