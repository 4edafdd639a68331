"""What a printed edition shows: the text with its numbers, the notes with their answers, and the works they cite."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple

from annotations import signs
from reader.models import Article, Paragraph, Revision
from reader.text import naming

# Of the words in question, their beginning and their end: enough to find them in the text.
_LEMMA_BEGINNING, _LEMMA_END = 70, 30


class Run(NamedTuple):
    """Numbers that follow one another: 3, or 3–5."""

    first: int
    last: int

    def __str__(self) -> str:
        return f"{self.first}" if self.first == self.last else f"{self.first}–{self.last}"

    @property
    def words(self) -> str:
        """Give it as it is read out."""
        return f"Note {self.first}" if self.first == self.last else f"Notes {self.first} to {self.last}"


@dataclass(frozen=True)
class Citation:
    """What a note says about one of the works: by its number, with the place in it and the words that matter."""

    work: int
    sign: signs.Sign
    url: str
    title: str
    locator: str
    excerpt: str


@dataclass(frozen=True)
class Said:
    """One statement as it is printed. Of a stub nothing is known but who took it away."""

    id: int
    stub: str = ""
    creator: str = ""
    created_at: datetime | None = None
    is_edited: bool = False
    html: str = ""
    citations: Sequence[Citation] = ()
    # How far it is indented under what it answers.
    indent: int = 0


@dataclass(frozen=True)
class Note:
    """One numbered annotation with its answers."""

    number: int
    said: Said
    sign: signs.Sign
    # What it is about, cut in the middle; empty for a whole paragraph and the whole article.
    words: str
    is_about_paragraph: bool
    grounds: str
    would_change_my_mind: str
    # What has become of its words since it was written; the number of the revision that did it may be unknown.
    status: str
    edited_in: int | None
    removed_in: int | None
    stood_in: str
    is_confirmed: bool
    answers: Sequence[Said]
    # The number of answers that are not printed.
    later: int
    # The first number of the mark in the text that leads here; 0 where there is none.
    mark: int

    @property
    def stood_label(self) -> str:
        return naming.label(self.stood_in).lower() if self.stood_in else ""


@dataclass(frozen=True)
class Section:
    """The notes on one block of the text, or on none, with the number of those that are not printed."""

    notes: Sequence[Note]
    older: int
    paragraph: Paragraph | None = None

    @property
    def label(self) -> str:
        """Give what the block is called; among notes, the text's own are told from those of readers."""
        match self.paragraph:
            case None:
                return ""
            case Paragraph(kind=Paragraph.Kind.FOOTNOTE, marker=marker):
                return f"Footnote {marker}".strip()
            case Paragraph(kind=Paragraph.Kind.NOTE):
                return "The text’s closing note"
            case paragraph:
                return paragraph.label


@dataclass(frozen=True)
class Leaf:
    """One block of the text with the numbers of its notes."""

    paragraph: Paragraph
    html: str
    references: Sequence[str]


@dataclass(frozen=True)
class Work:
    """One document that the notes cite, however often: how it is known, what it does and for which notes."""

    number: int
    url: str
    title: str
    publisher: str
    published_on: date | None
    stances: Sequence[tuple[str, int]]
    notes: Sequence[Run]

    @property
    def has_several_notes(self) -> bool:
        return len(self.notes) > 1 or self.notes[0].first != self.notes[0].last


@dataclass(frozen=True)
class Colophon:
    """What an edition says of itself."""

    # How many annotations there are; how many of them are printed, with how many answers, and when the newest came.
    total: int
    printed: int
    answered: int
    newest_at: datetime | None
    # Whether the text has numbers of its own, from which those of the notes must be told.
    has_footnotes: bool


@dataclass(frozen=True)
class Edition:
    """A revision with everything said about it, as it is printed."""

    article: Article
    revision: Revision
    leaves: Sequence[Leaf]
    sections: Sequence[Section]
    about_article: Section
    gone: Section
    works: Sequence[Work]
    colophon: Colophon


def runs(numbers: Iterable[int]) -> list[Run]:
    """Give the numbers, each once and in order, those that follow one another run together."""
    found: list[Run] = []
    for number in sorted(set(numbers)):
        if found and number == found[-1].last + 1:
            found[-1] = Run(found[-1].first, number)
        else:
            found.append(Run(number, number))
    return found


def lemma(words: str) -> str:
    """Give the words of a passage by which it is found: all of a short one, of a long one its beginning and its end."""
    words = " ".join(words.split())
    if len(words) <= _LEMMA_BEGINNING + _LEMMA_END:
        return words
    beginning, end = words[:_LEMMA_BEGINNING], words[-_LEMMA_END:]
    if " " in beginning and " " in end:
        beginning, end = beginning.rsplit(" ", 1)[0], end.split(" ", 1)[1]
    return f"{beginning.rstrip(' ,;:.–—-')} … {end}"
