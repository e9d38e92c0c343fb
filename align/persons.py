"""Which speakers of a story are one person, in Latin, Cyrillic and Arabic script.

A person is a given and a family name. Within a script two forms are of one person where both names are written alike;
across scripts where their consonants are, in coarse classes that survive transliteration. Titles and offices do not
count, so two ministers are not one, and what names nobody (an office, a country, an institution) is a person of its
own. Wrongly joined voices are worse than voices left apart: whatever could be two people stays apart.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from align.words import WORD, fold

METHOD = "persons-1"
"""Changes whenever which speakers are one person might."""

_LEAST_FAMILY = 2  # consonants of a family name by which scripts are bridged
_LEAST_CONSONANTS = 5  # of both names, where the family has no more or where one may differ
_FAR = 2  # consonants apart: not the same name

# two forms, and how many consonants apart their names are
_Link = tuple[int, int, int]


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


# Words in capitals that are no part of a person's name; what stands after them may be one.
_NO_NAMES = _set("""
    mr mrs ms dr prof sir lord lady president vice prime deputy minister secretary general major colonel captain
    lieutenant sergeant admiral commander brigadier marshal ambassador senator congressman congresswoman governor mayor
    chancellor premier king queen prince princess sheikh imam ayatollah archbishop bishop pope judge justice professor
    doctor chief chairman chairwoman director spokesman spokeswoman spokesperson representative envoy mp ceo press
    foreign interior defence defense treasury finance energy oil state national security council ministry house office
    agency bank union united nations party group company university institute committee commission court army forces
    министр президент вице премьер генерал майор полковник капитан адмирал посол сенатор депутат губернатор мэр глава
    директор председатель представитель секретарь советник профессор доктор господин госпожа официальный специальный
    заместитель пресс эксперт аналитик совет союз агентство банк партия институт университет комитет комиссия компания
""")
_PARTICLES = _set("bin ibn ben van von der de del la al el abu бин ибн бен ван фон дер де ла аль эль абу")
_BEFORE_NO_PERSON = _set("the a an of for at from in")
_AFTER_PERSON = _set("of from at in who with on for из от с со в во на при который которая возглавляющий возглавляющая")
_JOINED = _set("and и")
_ARABIC_PARTICLES = _set("بن ابن بنت ابو ابي ال")
_ARTICLE = re.compile(r"^(?:al|el|ar|as|ash|ad|at|an|az|аль|эль|ар|ас|аш|ад|ат|ан|аз|эр|эс|эш|эд|эт|эн)-(?=\w)")
_POSSESSIVE = re.compile(r"['’]s$")


@dataclass(frozen=True, slots=True)
class _Name:
    given: tuple[str, ...]  # folded; where it is not told which word is the name, several
    family: str
    language: str


def same_persons(speakers: Sequence[tuple[str, str]]) -> list[int]:
    """For each speaker, a form and its language, the index of the first speaker that is the same person.

    Give the speakers of one story: a family name alone is taken for the one person there who bears it. Forms that
    differ in case only are one.
    """
    first = list(range(len(speakers)))
    folded: dict[str, int] = {}
    for index, (form, _) in enumerate(speakers):
        first[index] = folded.setdefault(_plain(form), index)
    names = {index: name for index in folded.values() if (name := _name(*speakers[index]))}
    links = [*_alike(names), *_in_arabic(names, folded, speakers)]
    groups = _joined(names, _unambiguous(links, names))
    groups |= _by_family_name(groups, names, folded, speakers)
    return [groups.get(index, index) for index in first]


def name_persons(speakers: Sequence[tuple[str, str]]) -> dict[tuple[str, str], str]:
    """The person of each speaker of a story, told by the form that names it best.

    speakers: form and language, once for each statement. The best form is an English one, of those of several words
    the one used most, of these the shortest.
    """
    used = Counter(speakers)
    forms = list(used)
    first = same_persons(forms)
    best: dict[int, tuple[str, str]] = {}
    for form, group in zip(forms, first, strict=True):
        best[group] = min(best.get(group, form), form, key=lambda form: _rank(form, used[form]))
    return {form: best[group][0] for form, group in zip(forms, first, strict=True)}


def names_person(form: str, language: str) -> bool:
    """Whether a form in Latin or Cyrillic letters has the given and the family name of one person."""
    return _name(form, language) is not None


def _rank(speaker: tuple[str, str], uses: int) -> tuple[bool, bool, int, int, str]:
    form, language = speaker
    return language != "en", " " not in form, -uses, len(form), form


def _plain(form: str) -> str:
    words = [fold(word) for word in WORD.findall(form)]
    return " ".join(words[1:] if len(words) > 1 and words[0] == "the" else words)


def _name(form: str, language: str) -> _Name | None:
    """The name of the one person that a form in Latin or Cyrillic letters is of."""
    if language == "ar":
        return None
    words = list(WORD.finditer(form))
    if any(fold(word[0]) in _JOINED for word in words):
        return None
    for start, end in _runs(form, words):
        after = fold(words[end][0]) if end < len(words) else ""
        gap = form[words[end - 1].end() : words[end].start()].strip() if end < len(words) else ""
        before = fold(words[start - 1][0]) if start else ""
        if before in _BEFORE_NO_PERSON or before.endswith("'s") or (after and not gap and after not in _AFTER_PERSON):
            continue
        named = [_bare(word[0]) for word in words[start:end] if fold(word[0]) not in _PARTICLES]
        if len(named) >= 2:
            return _Name(tuple(named[-3:-1]), named[-1], language)
    return None


def _runs(form: str, words: Sequence[re.Match[str]]) -> Iterator[tuple[int, int]]:
    """Words in capitals that stand together and may be a name; indices, end exclusive."""
    start = 0
    for index, word in enumerate(words):
        if index and form[words[index - 1].end() : word.start()].strip():
            yield from [(start, index)] if index - start > 1 else []
            start = index
        if not _may_name(word[0], inside=index > start):
            yield from [(start, index)] if index - start > 1 else []
            start = index + 1
    if len(words) - start > 1:
        yield start, len(words)


def _may_name(word: str, *, inside: bool) -> bool:
    bare = _ARTICLE.sub("", word.lower())
    capital = word[0].isupper() or word[-len(bare)].isupper()
    abbreviation = len(word) > 1 and word.isupper()
    country = bare.endswith("ии")  # России, Сирии: a genitive that no name in the nominative ends like
    is_other = fold(word) in _NO_NAMES or abbreviation or country or bool(_POSSESSIVE.search(word))
    return (capital and not is_other) or (inside and fold(word) in _PARTICLES)


def _bare(word: str) -> str:
    return _ARTICLE.sub("", fold(word))


def _alike(names: dict[int, _Name]) -> list[_Link]:
    """Pairs of forms in Latin or Cyrillic letters that have the same name."""
    by_key: dict[tuple[str, str], list[int]] = {}
    links: list[_Link] = []
    for index, name in names.items():
        for other in by_key.setdefault((name.language, name.family), []):
            if names[other].given[-1] == name.given[-1]:
                links.append((other, index, 0))
        by_key[name.language, name.family].append(index)
    near = _Near(names)
    for one, name in names.items():
        for other in near.to(name.family):
            apart = _apart(names[other], name)
            if one < other and names[other].language != name.language and apart < _FAR:
                links.append((one, other, apart))
    return links


class _Near:
    """Names by their families' consonants and by what is left of these without one, so that few need comparing."""

    def __init__(self, names: dict[int, _Name]) -> None:
        self._index: dict[str, set[int]] = {}
        for index, name in names.items():
            for part in _parts(name.family):
                self._index.setdefault(part, set()).add(index)

    def to(self, family: str) -> list[int]:
        """The names whose families may be at most one consonant away from this one, in order."""
        return sorted(set().union(*(self._index.get(part, set()) for part in _parts(family))))


@lru_cache(maxsize=65_536)
def _parts(family: str) -> frozenset[str]:
    keys = [key for key in consonants(family) if len(key) >= _LEAST_FAMILY - 1]
    return frozenset(part for key in keys for part in (key, *(key[:at] + key[at + 1 :] for at in range(len(key)))))


def _in_arabic(names: dict[int, _Name], folded: dict[str, int], speakers: Sequence[tuple[str, str]]) -> list[_Link]:
    """Pairs of an Arabic form and one in another script whose names stand in it; such forms get a name of their own."""
    links: list[_Link] = []
    near = _Near(names)
    foreign = dict(names)
    for index in folded.values():
        form, language = speakers[index]
        if language != "ar":
            continue
        words = [word for word in map(fold, WORD.findall(form)) if word not in _ARABIC_PARTICLES]
        for given, family in pairwise(words):
            name = _Name((given,), family, "ar")
            for other in near.to(family):
                apart = _apart(foreign[other], name)
                if apart < _FAR:
                    names[index] = name
                    links.append((other, index, apart))
    return links


def _unambiguous(links: Sequence[_Link], names: dict[int, _Name]) -> list[_Link]:
    """The links but those of a form that is as much like two different names of another script."""
    met: dict[tuple[int, str], tuple[int, set[str]]] = {}
    for one, other, apart in sorted(links, key=lambda link: link[2]):
        for a, b in ((one, names[other]), (other, names[one])):
            nearest, spelled = met.setdefault((a, b.language), (apart, set()))
            if apart == nearest:
                spelled.add(_spelled(b))
    return [
        (one, other, apart)
        for one, other, apart in links
        if names[one].language == names[other].language
        or all(
            apart == nearest and len(spelled) == 1
            for nearest, spelled in (met[one, names[other].language], met[other, names[one].language])
        )
    ]


def _spelled(name: _Name) -> str:
    """How a name is written, in Russian without the endings that cases give a man's name."""
    words = (name.given[-1], name.family)
    return " ".join(re.sub("(?:а|у|е|ом|ым)$", "", word) if name.language == "ru" else word for word in words)


def _joined(names: dict[int, _Name], links: Sequence[_Link]) -> dict[int, int]:
    """The least index of the group of each form, links being transitive."""
    group = {index: index for index in names}
    for one, other, _ in links:
        kept, left = sorted((group[one], group[other]))
        for index, label in group.items():
            if label == left:
                group[index] = kept
    return group


def _by_family_name(
    groups: dict[int, int],
    names: dict[int, _Name],
    folded: dict[str, int],
    speakers: Sequence[tuple[str, str]],
) -> dict[int, int]:
    """Forms that are a family name alone, title or not, and the one person of the story who bears it in that script."""
    bearers: dict[tuple[str, str], set[int]] = {}
    for index, name in names.items():
        bearers.setdefault((name.language, name.family), set()).add(groups[index])
    found: dict[int, int] = {}
    for index in folded.values():
        form, language = speakers[index]
        named = [word for word in WORD.findall(form) if fold(word) not in _NO_NAMES]
        persons = bearers.get((language, _bare(named[0])), set()) if len(named) == 1 and index not in names else set()
        if len(persons) == 1:
            found[index] = min(persons)
    return found


# -- names across scripts ----------------------------------------------------------------------------------------------


def _apart(one: _Name, other: _Name) -> int:
    """How many consonants two names in different scripts are apart; 2 where they are not the same."""
    families = [(a, b) for a in consonants(one.family) for b in consonants(other.family)]
    givens = [(a, b) for x in one.given for y in other.given for a in consonants(x) for b in consonants(y)]
    return min(_both_apart(family, given) for family in families for given in givens)


def _both_apart(family: tuple[str, str], given: tuple[str, str]) -> int:
    least_family, least_given = min(map(len, family)), min(map(len, given))
    enough = least_family + least_given >= _LEAST_CONSONANTS and least_given > 1
    if least_family < _LEAST_FAMILY or not least_given or (least_family == _LEAST_FAMILY and not enough):
        return _FAR
    apart = _distance(*family) + _distance(*given)
    return apart if apart == 0 or (apart == 1 and enough and least_family > _LEAST_FAMILY) else _FAR


def _distance(a: str, b: str) -> int:
    """Edits between two words (Levenshtein), 2 standing for more than one."""
    if a == b:
        return 0
    if abs(len(a) - len(b)) > 1:
        return 2
    start = next((at for at, (x, y) in enumerate(zip(a, b, strict=False)) if x != y), min(len(a), len(b)))
    rests = ((a[start + 1 :], b[start + 1 :]), (a[start + 1 :], b[start:]), (a[start:], b[start + 1 :]))
    return 1 if any(x == y for x, y in rests) else 2


_LETTERS = {
    **dict.fromkeys(["sch", "sh", "ch", "tch", "ш", "щ", "ч", "ش", "تش"], "X"),
    **dict.fromkeys(["zh", "dzh", "dj", "kh", "gh", "ck", "k", "q", "c", "g", "h", "ж", "дж", "х", "г", "к"], "K"),
    **dict.fromkeys(["ج", "خ", "غ", "ق", "ك", "ه", "ح", "گ"], "K"),
    **dict.fromkeys(["b", "p", "б", "п", "ب", "پ"], "B"),
    **dict.fromkeys(["v", "f", "ph", "в", "ф", "ف", "ڤ"], "F"),
    **dict.fromkeys(["d", "dh", "д", "د", "ض"], "D"),
    **dict.fromkeys(["t", "th", "т", "ت", "ط", "ث"], "T"),
    **dict.fromkeys(["ts", "tz", "s", "z", "с", "з", "ц", "س", "ص", "ز", "ظ", "ذ", "تس"], "S"),
    **dict.fromkeys(["l", "л", "ل"], "L"),
    **dict.fromkeys(["m", "м", "م"], "M"),
    **dict.fromkeys(["n", "н", "ن"], "N"),
    **dict.fromkeys(["r", "р", "ر"], "R"),
    **dict.fromkeys(["x", "кс", "كس"], "KS"),
}
_MAYBE: tuple[dict[str, str], ...] = ({}, {"w": "F", "j": "K"})  # vowels or consonants
_LETTER = re.compile("|".join(sorted(map(re.escape, _LETTERS), key=len, reverse=True)) + "|[wj]")


@lru_cache(maxsize=65_536)
def consonants(word: str) -> tuple[str, ...]:
    """The consonants of a name in coarse classes, in capitals: one key or, where w or j may be a vowel, two.

    Vowels, y, و, ي and ع are left out, since scripts write them or not, and a letter that comes twice counts once.
    """
    plain = "".join(
        c for c in unicodedata.normalize("NFKD", word.lower()) if not unicodedata.combining(c) or c in "\u0306"
    )
    plain = re.sub(r"^(?:ال|لل)(?=...)", "", unicodedata.normalize("NFC", plain))
    letters = _LETTER.findall(re.sub(r"(.)\1", r"\1", plain))
    read = ["".join(_LETTERS.get(letter, sounds.get(letter, "")) for letter in letters) for sounds in _MAYBE]
    return tuple(dict.fromkeys(read))
