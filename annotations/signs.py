"""The signs that stand beside annotations: one glyph, one word and one colour for each thing readers say.

Pure. A screen reader hears the word; the glyph carries it where there is no colour.
"""

from typing import NamedTuple


class Sign(NamedTuple):
    """How one kind of statement is shown. `key` is what the database and the style sheet call it."""

    key: str
    glyph: str
    word: str
    # How a count of them is worded: "1 source for", "2 sources for", and short: "2 for".
    singular: str
    plural: str
    short: str


# In the order they are counted and drawn.
SIGNS = {
    sign.key: sign
    for sign in (
        Sign("supports", "+", "Supports", "source for", "sources for", "for"),
        Sign("contradicts", "−", "Contradicts", "source against", "sources against", "against"),
        Sign("context", "≈", "Context", "context", "context", "context"),
        Sign("disagreement", "≠", "Disagrees", "disagreement", "disagreements", "disputed"),
        Sign("question", "?", "Source?", "reader asks", "readers ask", "asked"),
        Sign("note", "*", "Note", "note", "notes", "notes"),
        Sign("reply", "↳", "Reply", "reply", "replies", "replies"),
    )
}


class Count(NamedTuple):
    """How many statements of one sign there are somewhere."""

    sign: Sign
    number: int

    @property
    def words(self) -> str:
        """Give the count as it is read out: 1 source for, 2 notes."""
        return f"{self.number} {self.sign.singular if self.number == 1 else self.sign.plural}"

    @property
    def label(self) -> str:
        """Give the words without the number."""
        return self.sign.singular if self.number == 1 else self.sign.plural

    @property
    def short(self) -> str:
        """Give the words for a narrow line: for, disputed, note."""
        return self.sign.singular if self.number == 1 and self.sign.key == "note" else self.sign.short


def counts(numbers: dict[str, int]) -> list[Count]:
    """Give the counts above none, in the order of the signs."""
    return [Count(sign, numbers[key]) for key, sign in SIGNS.items() if numbers.get(key)]
