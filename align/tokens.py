"""A statement as words, marks and quotations, read by a lexicon."""

from collections.abc import Iterator
from dataclasses import dataclass

from align.quotations import Spans
from align.reporting import ReportingLexicon
from align.words import WORD, fold

_MARKS = ",،;؛:—–()"
LONGEST_SPEAKER = 18  # words
_LONGEST_CLAUSE = 60  # words between marks that are read for one


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
        position, quotations = 0, set(quoted)
        for start, end in [*sorted([*quoted, *names]), (len(text), len(text))]:
            tokens.extend(_tokens(text, position, start))
            if start < end:
                tokens.append(Token(start, end, '"' if (start, end) in quotations else fold(text[start:end])))
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

    def forms(self, start: int, end: int) -> list[str]:
        """The forms of the tokens `start` to `end`, end exclusive."""
        return [token.form for token in self.tokens[start:end]]

    def is_place(self, index: int) -> bool:
        """Whether the token is a preposition that tells where something is said."""
        return (self.form(index),) in self.lexicon.words["places"]

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
