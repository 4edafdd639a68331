"""The bibliography that readers built: every document cited beside an article, with the passages that rest on it.

Only what is published is read, so that it is the same for all; what a viewer said themselves is told beside it. How
many sources on a side one publisher stands behind is a number that is easily overlooked, and is held against nobody.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from django.contrib.auth.models import AnonymousUser
from django.core.paginator import Page, Paginator
from django.db.models.functions import Coalesce

from annotations import shelving, stories, verdicts
from annotations.models import Anchor, Annotation, Document, Source
from annotations.shelving import STANCE, WAYS, Entry, Heading, Name, Row, Share, Shelf
from annotations.signs import SIGNS, Sign
from annotations.stories import Pair
from annotations.verdicts import Told
from reader.models import Article, User
from reader.text import naming

STORIES_ON_A_PAGE = 20
# Of the passages that rest on one document under one heading, so many are read; the rest are a number.
MOST_CITATIONS = 10

# Seen from the anchor: the fields of a Row, in their order.
_COLUMNS = (
    "annotation__sources",
    "annotation__sources__document",
    Coalesce("annotation__sources__document__same_as", "annotation__sources__document"),
    "annotation__sources__stance",
    "annotation__sources__is_verified",
    "status",
    "paragraph__name",
    "paragraph__position",
    "start",
    "annotation__sources__document__canonical_url",
    "annotation__sources__title",
    "annotation__sources__publisher",
    "annotation__sources__published_on",
)


@dataclass(frozen=True)
class Citation:
    """One passage that rests on a document: who says what it does for the words, and what others found."""

    source: Source
    # Where its words are now.
    row: Row
    # None where nobody says anything.
    told: Told | None
    # Whether the viewer may say what they found in it, or may once they have signed in.
    is_judgeable: bool

    @property
    def annotation(self) -> Annotation:
        return self.source.annotation

    @property
    def sign(self) -> Sign:
        return SIGNS[self.source.stance]

    @property
    def place(self) -> str:
        """Say which block its words begin in; nothing for the whole article and for words that are gone."""
        return naming.label(self.row.block) if self.row.block else ""


@dataclass(frozen=True)
class Cited:
    """One document under one heading, with passages that rest on it, and how many more there are."""

    document: Document
    name: Name
    citations: Sequence[Citation]
    more: int


@dataclass(frozen=True)
class Story:
    """The documents that tell one story, the first of them first; mostly there is one."""

    documents: Sequence[Cited]
    # What readers say of these and others, whether they are the same, with what the other one is called.
    pairs: Sequence[tuple[Pair, int, Name]]

    @property
    def first(self) -> Cited:
        return self.documents[0]

    @property
    def copies(self) -> Sequence[Cited]:
        return self.documents[1:]


@dataclass
class Section:
    """What stands under one heading, as far as it is on this page."""

    heading: Heading
    is_continued: bool
    stories: list[Story] = field(default_factory=list)


@dataclass(frozen=True)
class Bibliography:
    """A page of what is cited beside an article, and what all of it comes to."""

    by: str
    sections: Sequence[Section]
    # Where one publisher stands behind most of what is on a side.
    shares: Sequence[Share]
    page: Page[Entry]
    # How many documents there are, and how many passages rest on them.
    documents: int
    citations: int


def of(article: Article, viewer: User | AnonymousUser, *, by: str = STANCE, page: str = "1") -> Bibliography:
    """Give a page of what is cited beside an article, in a number of queries that does not grow.

    `by` is the way to list it, one of `WAYS`; the first of them where it is none.
    """
    shelf = Shelf(_rows(article), by if by in WAYS else STANCE)
    shown = Paginator(shelf.entries, STORIES_ON_A_PAGE).get_page(page)
    return Bibliography(
        by=shelf.by,
        sections=_sections(shelf, shown, _Reading(shelf.names, article, viewer, shown.object_list)),
        shares=shelf.told,
        page=shown,
        documents=len(shelf.names),
        citations=len(shelf.rows),
    )


def names(article: Article) -> Mapping[int, Name]:
    """Give what each document is called that is cited beside an article, by its id."""
    return shelving.names(_rows(article))


class _Reading:
    """What a page tells of its entries, read for all of them at once."""

    def __init__(
        self, names: Mapping[int, Name], article: Article, viewer: User | AnonymousUser, entries: Iterable[Entry]
    ) -> None:
        read = [row.source for entry in entries for rows in entry.documents for row in rows[:MOST_CITATIONS]]
        self._names, self._article, self._viewer = names, article, viewer
        self._sources = Source.objects.with_annotation().in_bulk(read)
        self._told = verdicts.of_sources(list(self._sources.values()), viewer)
        self._pairs = stories.on(article, viewer)

    def story(self, entry: Entry) -> Story | None:
        """Give an entry as it is shown; None where all of it was taken out while it was read."""
        documents = [cited for rows in entry.documents if (cited := self._cited(rows))]
        return Story(documents, self._said_of(documents)) if documents else None

    def _cited(self, rows: Sequence[Row]) -> Cited | None:
        citations = [self._citation(row) for row in rows[:MOST_CITATIONS] if row.source in self._sources]
        if not citations:
            return None
        document = citations[0].source.document
        return Cited(document, self._names[document.pk], citations, max(len(rows) - MOST_CITATIONS, 0))

    def _citation(self, row: Row) -> Citation:
        source = self._sources[row.source]
        is_judgeable = self._article.is_open and not source.annotation.is_by(self._viewer)
        return Citation(source, row, self._told.get(row.source), is_judgeable)

    def _said_of(self, documents: Sequence[Cited]) -> list[tuple[Pair, int, Name]]:
        """Give what is said of these documents and others that are still cited, each pair once."""
        found: dict[tuple[int, int], tuple[Pair, int, Name]] = {}
        for document in (cited.document.pk for cited in documents):
            for pair in self._pairs.get(document, ()):
                if name := self._names.get(pair.other(document)):
                    found.setdefault((pair.first, pair.second), (pair, document, name))
        return list(found.values())


def _rows(article: Article) -> list[Row]:
    """Give every citation that is published, with where its words are now, in the order they were given."""
    anchors = Anchor.objects.filter(
        revision=article.current_revision_id,
        annotation__state=Annotation.State.PUBLISHED,
        annotation__sources__isnull=False,
    )
    return [Row._make(row) for row in anchors.order_by("annotation__sources").values_list(*_COLUMNS)]


def _sections(shelf: Shelf, page: Page[Entry], reading: _Reading) -> list[Section]:
    """Give what stands on a page, under its headings."""
    before = shelf.entries[page.start_index() - 2].heading if page.number > 1 else ""
    sections: dict[str, Section] = {}
    for entry in page.object_list:
        key = entry.heading
        section = sections.setdefault(key, Section(shelf.heading(key), is_continued=key == before))
        if story := reading.story(entry):
            section.stories.append(story)
    return [section for section in sections.values() if section.stories]
