"""What stands beside a text, as values: rows with their margins, entries, what is about words that are gone."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.contrib.auth.models import AnonymousUser

from annotations import filtering, mapping, signs
from annotations.filtering import Filter
from annotations.ledger import Ledger
from annotations.sidenotes import Sidenote
from annotations.tallying import Line, Tallies
from reader.models import Article, Paragraph, Revision, User
from reader.text import naming
from reader.text.spans import Span


@dataclass(frozen=True)
class Entry:
    """One annotation in the margin: its sign, its first words and who wrote it."""

    id: int
    sign: signs.Sign
    gist: str
    creator: str
    target: str
    span: Span | None
    # The id of the newest that is published in its thread: its own where nobody has answered.
    latest: int
    # Whether somebody else wrote in its thread since the reader was here last, where that was asked.
    is_new: bool = False
    # Whether readers on both sides of the words find it helpful.
    is_bridging: bool = False

    @property
    def is_answered(self) -> bool:
        return self.latest != self.id


@dataclass(frozen=True)
class Margin:
    """What stands beside one block of the text, or about the whole article: some entries, and the counts of all."""

    entries: Sequence[Entry]
    counts: Sequence[signs.Count]

    @property
    def total(self) -> int:
        return sum(count.number for count in self.counts)

    def number(self, sign: str) -> int:
        """Give how many there are of one sign."""
        return next((count.number for count in self.counts if count.sign.key == sign), 0)

    @property
    def more(self) -> int:
        """Give how many annotations are not listed."""
        return self.total - len(self.entries)


@dataclass(frozen=True)
class Orphan:
    """One annotation about words that are gone, under the article."""

    id: int
    sign: signs.Sign
    gist: str
    creator: str
    # What it was about, cut to a few lines.
    words: str
    # The number of the revision that removed them, None where a person said that they are gone; and where they stood.
    removed_in: int | None
    stood_in: str

    @property
    def place(self) -> str:
        """Say where the words stood: paragraph 7. Empty when nobody knows."""
        return naming.label(self.stood_in).lower() if self.stood_in else ""


@dataclass(frozen=True)
class Orphans:
    """The newest annotations about words that are gone, what was removed last first, and the number of all."""

    entries: Sequence[Orphan]
    total: int

    @property
    def more(self) -> int:
        return self.total - len(self.entries)


@dataclass(frozen=True)
class Row:
    """One block of the text, marked, with its margin."""

    paragraph: Paragraph
    html: str
    margin: Margin
    # The names of the blocks that link to it, as text does to a footnote; and the footnotes that it cites itself.
    references: Sequence[str] = ()
    sidenotes: Sequence[Sidenote] = ()
    # The state of the evidence: a line for each sentence that has any, what all comes to, and that in numbers, with
    # the notes, for narrow pages.
    lines: Sequence[Line] = ()
    tallies: Tallies = Tallies()  # noqa: RUF009  (an empty tuple)
    counts: Sequence[signs.Count] = ()


@dataclass(frozen=True)
class Reading:
    """A revision with everything beside it."""

    article: Article
    revision: Revision
    rows: Sequence[Row]
    about_article: Margin
    # These stand nowhere, and neither the counts nor the map have them.
    orphans: Orphans
    counts: Sequence[signs.Count]
    # What is known of the text, whatever the filter leaves out; in numbers, with the notes; and as a map.
    ledger: Ledger
    sums: Sequence[signs.Count]
    columns: Sequence[mapping.Column]
    # The id of the newest annotation or reply on the article, so that what comes later can be told; 0 for none.
    newest: int
    # What was asked for, how many stand beside the text without it, and some of those who wrote them, by name.
    filter: Filter
    whole: int
    writers: Sequence[str]

    @property
    def total(self) -> int:
        """Give how many are shown or counted beside the text."""
        return sum(count.number for count in self.counts)

    @property
    def headings(self) -> list[Paragraph]:
        """Give the headings of the text, of which a long one has a list of contents."""
        return [row.paragraph for row in self.rows if row.paragraph.kind == Paragraph.Kind.HEADING]

    def row(self, name: str) -> Row:
        """Give the row of a block that it has."""
        return next(row for row in self.rows if row.paragraph.name == name)

    def rows_within(self, span: Span) -> list[Row]:
        """Give the rows that a passage touches."""
        return [row for row in self.rows if row.paragraph.span.overlaps(span)]


@dataclass(frozen=True)
class View:
    """What one reader wants to see of the margin: everything, unless something is asked for."""

    filter: Filter = filtering.ALL
    viewer: User | AnonymousUser = AnonymousUser()  # noqa: RUF009  (it holds nothing that could change)
    # The id of an annotation: what others wrote after it is marked as new.
    since: int | None = None


EVERYTHING = View()
