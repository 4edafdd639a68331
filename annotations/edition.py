"""The annotated text as a printed book has it: numbers in the text, notes at the end, and the works they cite.

Read in six queries whatever the number of annotations. Only what is published is in it; what was withdrawn or hidden
and has been answered leaves a stub, as in the threads.
"""

import itertools
from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple

from django.contrib.auth.models import AnonymousUser
from django.db.models import Case, F, Q, Value, When, Window
from django.db.models import Count as CountOf
from django.db.models.functions import RowNumber
from django.utils.text import Truncator

from annotations import signs
from annotations.models import Anchor, Annotation, Source
from annotations.threads import MOST_INDENTED
from reader.models import Article, Paragraph, Revision
from reader.text import naming
from reader.text.marking import Insertion, insert
from reader.text.references import references

# A thousand notes are a book of two hundred pages, and a page that is drawn within a second.
MOST_NOTES = 1_000
MOST_ANSWERS = 1_000

# Of the words in question, their beginning and their end: enough to find them in the text.
_LEMMA_BEGINNING, _LEMMA_END = 70, 30
_TITLE_LENGTH = 90


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


def read(revision_id: int) -> Edition:
    """Give the edition of a revision."""
    paragraphs = list(Paragraph.objects.filter(revision=revision_id).with_article())
    revision = paragraphs[0].revision
    sizes, heads = _heads(revision_id)
    places = _places(paragraphs, heads)
    heads.sort(key=lambda head: places[head.id])
    numbers = {head.id: number for number, head in enumerate(heads, start=1)}
    answers = _answers(numbers)
    published = [said for said in (*heads, *answers.printed) if said.is_published]
    cited = _cited(said.id for said in published)
    works = _works(cited, {**numbers, **{answer.id: numbers[answer.root] for answer in answers.printed}})
    press = _Press(paragraphs, heads, places, answers, _citations(cited, works))
    older = sizes - Counter((head.is_gone, head.paragraph) for head in heads)
    return Edition(
        article=revision.article,
        revision=revision,
        leaves=press.leaves(),
        sections=press.sections(Counter({paragraph: number for (_, paragraph), number in older.items()})),
        about_article=press.section(_WHOLE, older=older[False, None]),
        gone=press.section(_GONE, older=older[True, None]),
        works=works,
        colophon=Colophon(
            total=sizes.total(),
            printed=len(heads),
            answered=sum(answer.is_published for answer in answers.printed),
            newest_at=max((said.moved_at for said in published), default=None),
            has_footnotes=any(paragraph.kind == Paragraph.Kind.FOOTNOTE for paragraph in paragraphs),
        ),
    )


def runs(numbers: Iterable[int]) -> list[Run]:
    """Give the numbers, each once and in order, those that follow one another run together."""
    found: list[Run] = []
    for number in sorted(set(numbers)):
        if found and number == found[-1].last + 1:
            found[-1] = Run(found[-1].first, number)
        else:
            found.append(Run(number, number))
    return found


def level(sizes: Iterable[int], most: int) -> int:
    """Give how many of each may stay, the same number for all, so that together they are no more than `most`.

    Those with fewer leave their room to the others. At least one of each stays.
    """
    left, smallest_first = most, sorted(sizes)
    for place, size in enumerate(smallest_first):
        share = left // (len(smallest_first) - place)
        if size > share:
            return max(share, 1)
        left -= size
    return max(smallest_first, default=1)


def lemma(words: str) -> str:
    """Give the words of a passage by which it is found: all of a short one, of a long one its beginning and its end."""
    words = " ".join(words.split())
    if len(words) <= _LEMMA_BEGINNING + _LEMMA_END:
        return words
    beginning, end = words[:_LEMMA_BEGINNING], words[-_LEMMA_END:]
    if " " in beginning and " " in end:
        beginning, end = beginning.rsplit(" ", 1)[0], end.split(" ", 1)[1]
    return f"{beginning.rstrip(' ,;:.–—-')} … {end}"


@dataclass(frozen=True)
class _Statement:
    """An annotation as it is read. What is not published has a place and no words."""

    id: int
    state: str
    creator: str
    created_at: datetime
    edited_at: datetime | None
    html: str

    @property
    def is_published(self) -> bool:
        return self.state == Annotation.State.PUBLISHED

    @property
    def moved_at(self) -> datetime:
        return self.edited_at or self.created_at


@dataclass(frozen=True)
class _Head(_Statement):
    """The head of a thread, with where its words are in the revision."""

    sign: str
    target: str
    exact: str
    grounds: str
    would_change_my_mind: str
    is_gone: bool
    # The block that its words begin in.
    paragraph: int | None
    start: int | None
    end: int | None
    status: str
    edited_in: int | None
    removed_in: int | None
    stood_in: str
    confirmed_at: datetime | None


@dataclass(frozen=True)
class _Answer(_Statement):
    parent: int
    root: int


class _Place(NamedTuple):
    """Where a note's number stands and how the notes of one place follow one another."""

    # The position of the block in the text, or one of the two below.
    block: int
    # In code points of the block's own text.
    position: int = 0
    is_about_paragraph: bool = False
    start: int = 0
    removed_in: int = 0
    id: int = 0


# Behind all blocks: what is about the article, then what is about words that are gone.
_WHOLE, _GONE = 10**9, 10**9 + 1


@dataclass(frozen=True)
class _Answers:
    """The answers to printed annotations, oldest first, and the number of all by the head of their thread."""

    printed: Sequence[_Answer]
    numbers: Mapping[int, int]


def _heads(revision_id: int) -> tuple[Counter[tuple[bool, int | None]], list[_Head]]:
    """Give the number of annotations in each place, and the newest of each, as many as there is room for."""
    anchored = Annotation.objects.filter(anchors__revision=revision_id).standing_for(AnonymousUser())
    orphaned = When(anchors__status=Anchor.Status.ORPHANED, then=Value(value=True))
    standing = anchored.annotate(is_gone=Case(orphaned, default=Value(value=False)))
    counted = standing.values_list("is_gone", "anchors__paragraph").annotate(number=CountOf("pk")).order_by()
    sizes = Counter({(bool(is_gone), paragraph): number for is_gone, paragraph, number in counted})
    rank = Window(RowNumber(), partition_by=[F("is_gone"), F("anchors__paragraph")], order_by=F("pk").desc())
    newest = standing.annotate(rank=rank).filter(rank__lte=level(sizes.values(), MOST_NOTES))
    return sizes, list(itertools.starmap(_Head, newest.values_list(*_COLUMNS, *_HEAD_COLUMNS)))


# In the order of the fields above.
_COLUMNS = ("pk", "state", "creator__username", "created_at", "edited_at", "body_html")
_HEAD_COLUMNS = (
    "sign",
    "target",
    "exact",
    "grounds",
    "would_change_my_mind",
    "is_gone",
    "anchors__paragraph",
    "anchors__start",
    "anchors__end",
    "anchors__status",
    "anchors__edited_in",
    "anchors__removed_in",
    "anchors__stood_in",
    "anchors__confirmed_at",
)


def _places(paragraphs: Sequence[Paragraph], heads: Sequence[_Head]) -> dict[int, _Place]:
    """Give for each annotation where its number stands: at the end of its words, in the block that holds it."""
    starts = [paragraph.start for paragraph in paragraphs]
    places: dict[int, _Place] = {}
    for head in heads:
        if head.is_gone:
            # What was removed last comes first.
            places[head.id] = _Place(_GONE, removed_in=-(head.removed_in or 0), id=head.id)
        elif head.start is None or head.end is None:
            places[head.id] = _Place(_WHOLE, id=head.id)
        else:
            block = max(bisect_left(starts, head.end) - 1, 0)
            is_about_paragraph = head.target == Annotation.Target.PARAGRAPH
            position = min(head.end, paragraphs[block].end) - starts[block]
            places[head.id] = _Place(block, position, is_about_paragraph, head.start, id=head.id)
    return places


def _answers(heads: Iterable[int]) -> _Answers:
    """Give the oldest answers to each of the heads, as many as there is room for."""
    answers = Annotation.objects.filter(root__in=list(heads))
    published = CountOf("pk", filter=Q(state=Annotation.State.PUBLISHED))
    counted = list(answers.values_list("root").annotate(number=CountOf("pk"), published=published).order_by())
    rank = Window(RowNumber(), partition_by=F("root"), order_by=F("pk").asc())
    most = level((number for _, number, _ in counted), MOST_ANSWERS)
    oldest = answers.annotate(rank=rank).filter(rank__lte=most).order_by("pk")
    found = itertools.starmap(_Answer, oldest.values_list(*_COLUMNS, "parent", "root"))
    return _Answers(list(found), {root: number for root, _, number in counted if root is not None})


def _cited(annotations: Iterable[int]) -> list[Source]:
    return list(Source.objects.filter(annotation__in=list(annotations)).order_by("id"))


def _works(cited: Sequence[Source], numbers: Mapping[int, int]) -> list[Work]:
    """Give every document once, by publisher and title; `numbers` are those of the notes, by annotation."""
    by_address: dict[str, list[Source]] = defaultdict(list)
    for source in cited:
        by_address[source.canonical_url].append(source)
    known = sorted(((_known(sources), sources) for sources in by_address.values()), key=lambda pair: pair[0].order)
    return [
        Work(
            number=number,
            url=work.url,
            title=work.title,
            publisher=work.publisher,
            published_on=work.published_on,
            stances=_stances(sources),
            notes=runs(numbers[source.annotation_id] for source in sources),
        )
        for number, (work, sources) in enumerate(known, start=1)
    ]


class _Known(NamedTuple):
    """What is known of a document from all who cite it."""

    url: str
    title: str
    publisher: str
    published_on: date | None

    @property
    def order(self) -> tuple[str, str, str]:
        title = self.title or self.url
        return (self.publisher or title).casefold(), title.casefold(), self.url


def _known(sources: Sequence[Source]) -> _Known:
    """Give each fact as the first has it who says it."""
    return _Known(
        url=sources[0].canonical_url,
        title=next((source.title for source in sources if source.title), ""),
        publisher=next((source.publisher for source in sources if source.publisher), ""),
        published_on=next((source.published_on for source in sources if source.published_on), None),
    )


def _stances(sources: Sequence[Source]) -> list[tuple[str, int]]:
    counted = Counter(source.stance for source in sources)
    return [(sign.word.lower(), counted[key]) for key, sign in signs.SIGNS.items() if counted[key]]


def _citations(cited: Sequence[Source], works: Sequence[Work]) -> dict[int, list[Citation]]:
    numbers = {work.url: work.number for work in works}
    citations: dict[int, list[Citation]] = defaultdict(list)
    for source in cited:
        citations[source.annotation_id].append(
            Citation(
                work=numbers[source.canonical_url],
                sign=signs.SIGNS[source.stance],
                url=source.url,
                title=Truncator(source.title or source.url).chars(_TITLE_LENGTH),
                locator=source.locator,
                excerpt=source.excerpt,
            )
        )
    return citations


class _Press:
    """Puts together what was read. The heads come in the order of their numbers."""

    def __init__(
        self,
        paragraphs: Sequence[Paragraph],
        heads: Sequence[_Head],
        places: Mapping[int, _Place],
        answers: _Answers,
        citations: Mapping[int, Sequence[Citation]],
    ) -> None:
        self._paragraphs = paragraphs
        self._citations = citations
        self._published = answers.numbers
        self._answers: dict[int, list[_Answer]] = defaultdict(list)
        for answer in answers.printed:
            self._answers[answer.root].append(answer)
        # The numbers at each point of the text, and the notes of each place.
        self._numbers: dict[tuple[int, int], list[int]] = defaultdict(list)
        self._notes: dict[int, list[Note]] = defaultdict(list)
        for number, head in enumerate(heads, start=1):
            place = places[head.id]
            self._numbers[place.block, place.position].append(number)
            first = self._numbers[place.block, place.position][0] if place.block < _WHOLE else 0
            self._notes[place.block].append(self._note(number, head, place, mark=first))

    def leaves(self) -> list[Leaf]:
        """Give the text with its numbers."""
        linking = references((paragraph.name, paragraph.html) for paragraph in self._paragraphs)
        marks: dict[int, list[Insertion]] = defaultdict(list)
        for (block, position), numbers in self._numbers.items():
            marks[block].append(Insertion(position, _mark(Run(numbers[0], numbers[-1]))))
        return [
            Leaf(paragraph, insert(paragraph.html, marks[index], between=_COMMA), linking.get(paragraph.name, ()))
            for index, paragraph in enumerate(self._paragraphs)
        ]

    def sections(self, older: Mapping[int | None, int]) -> list[Section]:
        """Give the notes of each block that has any; `older` says how many are not printed, by paragraph."""
        return [
            Section(self._notes[index], older[paragraph.pk], paragraph)
            for index, paragraph in enumerate(self._paragraphs)
            if self._notes[index] or older[paragraph.pk]
        ]

    def section(self, place: int, *, older: int) -> Section:
        """Give the notes that stand on no block."""
        return Section(self._notes[place], older)

    def _note(self, number: int, head: _Head, place: _Place, *, mark: int) -> Note:
        replies = self._replies(head.id)
        printed = sum(not reply.stub for reply in replies)
        is_about_words = head.target == Annotation.Target.PASSAGE or head.is_gone
        return Note(
            number=number,
            said=self._said(head),
            sign=signs.SIGNS[head.sign],
            words=lemma(head.exact) if is_about_words else "",
            is_about_paragraph=place.is_about_paragraph,
            grounds=Annotation.Grounds(head.grounds).label.lower() if head.grounds and head.is_published else "",
            would_change_my_mind=head.would_change_my_mind if head.is_published else "",
            status=head.status,
            edited_in=head.edited_in,
            removed_in=head.removed_in,
            stood_in=head.stood_in,
            is_confirmed=head.confirmed_at is not None,
            answers=replies,
            later=self._published.get(head.id, 0) - printed,
            mark=mark,
        )

    def _replies(self, head: int) -> list[Said]:
        """Order the answers, oldest first, each after what it answers; a stub without answers is left out."""
        children: dict[int, list[_Answer]] = defaultdict(list)
        # An answer is younger than what it answers, so that going backwards meets the leaves first.
        for answer in reversed(self._answers[head]):
            if answer.is_published or children[answer.id]:
                children[answer.parent].append(answer)
        said: list[Said] = []
        waiting = [(answer, 1) for answer in children[head]]
        while waiting:
            answer, depth = waiting.pop()
            said.append(self._said(answer, indent=min(depth, MOST_INDENTED)))
            waiting.extend((child, depth + 1) for child in children[answer.id])
        return said

    def _said(self, statement: _Statement, *, indent: int = 0) -> Said:
        if not statement.is_published:
            return Said(statement.id, stub=_stub(statement), indent=indent)
        return Said(
            id=statement.id,
            creator=statement.creator,
            created_at=statement.created_at,
            is_edited=statement.edited_at is not None,
            html=statement.html,
            citations=self._citations.get(statement.id, ()),
            indent=indent,
        )


# Between two marks that come to stand at one place.
_COMMA = '<sup class="ref comma">,</sup>'


def _stub(statement: _Statement) -> str:
    is_hidden = statement.state == Annotation.State.HIDDEN
    return "Hidden by a moderator." if is_hidden else "Withdrawn by its writer."


def _mark(run: Run) -> str:
    return f'<sup class="ref" id="ref-{run.first}"><a href="#note-{run.first}" aria-label="{run.words}">{run}</a></sup>'
