"""What stands beside the text: the rows of the reading page, read in two queries whatever the number of annotations.

For each paragraph the newest few annotations of every sign are marked and listed, and all are counted. The rest are
on the paragraph's own page. A filter says which of them stand there at all.
"""

from bisect import bisect_left, bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from django.contrib.auth.models import AnonymousUser
from django.db.models import Case, Expression, F, Max, OuterRef, Q, Subquery, Value, When, Window
from django.db.models import Count as CountOf
from django.db.models.functions import Coalesce, RowNumber, Substr
from django.utils.text import Truncator

from annotations import filtering, mapping, sidenotes, signs
from annotations.filtering import Filter
from annotations.markdown import shorten
from annotations.models import Anchor, Annotation
from annotations.sidenotes import Sidenote
from reader.models import Article, Paragraph, Revision, User
from reader.text import naming
from reader.text.marking import Mark, mark
from reader.text.references import references
from reader.text.spans import Span

# Of each sign, on each paragraph: enough for a full margin, few enough to keep the page small.
MOST_OF_A_SIGN = 8

# For the height of the margin: characters in a line of text, lines of text to an entry, fewest entries shown.
_LINE_LENGTH = 62
_ENTRY_LINES = 1.6
# Two lines of the margin, with the kind and the name.
_ENTRY_LENGTH = 82
_GIST_LENGTH = 54
# Of words that are gone, under the article.
_GONE_LENGTH = 200
_FEWEST_ENTRIES = 2
# Of those who wrote, as many names are offered to choose from.
_MOST_WRITERS = 40


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
class _Standing:
    """Everything read about annotations: those to show, and the numbers of all, by paragraph."""

    entries: dict[int | None, list[Entry]]
    numbers: dict[int | None, dict[str, int]]
    orphans: Orphans
    # Of those that the filter leaves out.
    left_out: int
    writers: Sequence[str]

    def margin(self, paragraph_id: int | None, *, most: int) -> Margin:
        entries = self.entries.get(paragraph_id, [])
        return Margin(entries[:most], signs.counts(self.numbers.get(paragraph_id, {})))

    def totals(self) -> list[signs.Count]:
        sums: dict[str, int] = defaultdict(int)
        for numbers in self.numbers.values():
            for sign, number in numbers.items():
                sums[sign] += number
        return signs.counts(sums)


@dataclass(frozen=True)
class View:
    """What one reader wants to see of the margin: everything, unless something is asked for."""

    filter: Filter = filtering.ALL
    viewer: User | AnonymousUser = AnonymousUser()  # noqa: RUF009  (it holds nothing that could change)
    # The id of an annotation: what others wrote after it is marked as new.
    since: int | None = None


EVERYTHING = View()


def read(article: Article, view: View = EVERYTHING) -> Reading:
    """Give the article's current revision with its margin."""
    assert article.current_revision_id is not None  # noqa: S101  (only published articles are read)
    return read_revision(article.current_revision_id, view)


def read_revision(revision_id: int, view: View = EVERYTHING) -> Reading:
    """Give a revision with its article and its margin, in two queries."""
    newest = (
        Annotation.objects.published().filter(article=OuterRef("revision__article")).order_by("-id").values("id")[:1]
    )
    blocks = Paragraph.objects.filter(revision=revision_id).with_article()
    paragraphs = list(blocks.annotate(newest=Coalesce(Subquery(newest), 0)))
    revision = paragraphs[0].revision
    standing = _standing(revision_id, view)
    marks = _marks(paragraphs, standing)
    linking = references((paragraph.name, paragraph.html) for paragraph in paragraphs)
    totals = {paragraph.name: sum(standing.numbers.get(paragraph.pk, {}).values()) for paragraph in paragraphs}
    notes = sidenotes.beside(paragraphs, linking, crowded=[name for name, total in totals.items() if total])
    rows = [
        Row(
            paragraph=paragraph,
            html=mark(paragraph.html, marks.get(paragraph.pk, ())),
            margin=standing.margin(
                paragraph.pk, most=_capacity(paragraph, notes.get(paragraph.name, ()), totals[paragraph.name])
            ),
            references=linking.get(paragraph.name, ()),
            sidenotes=notes.get(paragraph.name, ()),
        )
        for paragraph in paragraphs
    ]
    counts = standing.totals()
    return Reading(
        article=revision.article,
        revision=revision,
        rows=rows,
        about_article=standing.margin(None, most=MOST_OF_A_SIGN),
        orphans=standing.orphans,
        counts=counts,
        columns=mapping.draw(
            [_stretch(row.paragraph, row.margin.counts) for row in rows if row.paragraph.is_numbered],
            is_right_to_left=revision.article.direction == "rtl",
        ),
        newest=vars(paragraphs[0])["newest"],
        filter=view.filter,
        whole=sum(count.number for count in counts) + standing.left_out,
        writers=standing.writers,
    )


def read_maps(articles: Sequence[Article]) -> dict[int, tuple[Sequence[mapping.Column], Sequence[signs.Count]]]:
    """Give the map and the counts of each article, by its id, in two queries for all."""
    revisions = [article.current_revision_id for article in articles]
    numbers: dict[int | None, dict[str, int]] = defaultdict(dict)
    totals: dict[int, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    # The state is asked of what is counted and not of all rows: else SQLite begins with the published annotations of
    # the whole site and looks for these articles among them.
    published = Q(annotation__state=Annotation.State.PUBLISHED)
    counted = (
        Anchor.objects.filter(revision__in=revisions)
        .exclude(status=Anchor.Status.ORPHANED)
        .values_list("revision__article", "paragraph", "annotation__sign")
        .annotate(number=CountOf("id", filter=published))
        .order_by()
    )
    for article_id, paragraph_id, sign, number in counted:
        numbers[paragraph_id][sign] = number
        totals[article_id][sign] += number
    stretches: dict[int, list[mapping.Stretch]] = defaultdict(list)
    blocks = Paragraph.objects.filter(revision__in=revisions, name__startswith="p").only(
        "name", "start", "end", "revision"
    )
    for paragraph in blocks.order_by("revision", "position"):
        stretches[paragraph.revision_id].append(_stretch(paragraph, signs.counts(numbers[paragraph.pk])))
    return {
        article.pk: (
            mapping.draw(stretches[article.current_revision_id or 0], is_right_to_left=article.direction == "rtl"),
            signs.counts(totals[article.pk]),
        )
        for article in articles
    }


class _Found(NamedTuple):
    """One of the first annotations of a sign in one place, as it is read, with the number of all of them."""

    is_shown: int
    is_gone: int
    paragraph: int | None
    number: int
    start: int | None
    end: int | None
    annotation: int
    sign: str
    gist: str
    target: str
    creator: str
    words: str
    removed_in: int | None
    stood_in: str
    latest: int
    is_new: int

    def entry(self) -> Entry:
        sign = signs.SIGNS[self.sign]
        return Entry(
            id=self.annotation,
            sign=sign,
            gist=shorten(self.gist, min(_GIST_LENGTH, _ENTRY_LENGTH - len(sign.word) - len(self.creator))),
            creator=self.creator,
            target=self.target,
            span=None if self.start is None or self.end is None else Span(self.start, self.end),
            latest=self.latest,
            is_new=bool(self.is_new),
        )

    def orphan(self) -> Orphan:
        words = Truncator(self.words).chars(_GONE_LENGTH)
        sign = signs.SIGNS[self.sign]
        return Orphan(self.annotation, sign, self.gist, self.creator, words, self.removed_in, self.stood_in)


def _standing(revision_id: int, view: View) -> _Standing:
    entries: dict[int | None, list[Entry]] = defaultdict(list)
    numbers: dict[int | None, dict[str, int]] = defaultdict(dict)
    left_out: dict[tuple[int | None, str], int] = {}
    orphans: list[Orphan] = []
    orphan_numbers: dict[str, int] = {}
    writers: Counter[str] = Counter()
    for found in _first(revision_id, view):
        writers[found.creator] += 1
        if found.is_gone and found.is_shown:
            orphans.append(found.orphan())
            orphan_numbers[found.sign] = found.number
        elif not found.is_shown and not found.is_gone:
            left_out[found.paragraph, found.sign] = found.number
        elif found.is_shown:
            entries[found.paragraph].append(found.entry())
            numbers[found.paragraph][found.sign] = found.number
    orphans.sort(key=lambda orphan: (orphan.removed_in or 0, orphan.id), reverse=True)
    return _Standing(
        entries=entries,
        numbers=numbers,
        orphans=Orphans(orphans, sum(orphan_numbers.values())),
        left_out=sum(left_out.values()),
        writers=sorted(name for name, _ in writers.most_common(_MOST_WRITERS)),
    )


def _first(revision_id: int, view: View) -> Iterator[_Found]:
    """Give the first few of each sign in each place, those about words that are gone as in a place of their own.

    Those that the filter leaves out are places of their own too, so that one query counts them as well. First are the
    newest, unless another order was asked for.
    """
    place = [F("paragraph"), F("is_gone"), F("annotation__sign")]
    shown: Expression = Value(1)
    if view.filter.is_narrow:
        kept = Q(annotation__in=view.filter.heads(revision_id, view.viewer))
        shown = Case(When(kept, then=Value(1)), default=Value(0))
        place.append(F("is_shown"))
    order = view.filter.sorting(head="annotation", start="start")
    answered = Annotation.objects.published().filter(root=OuterRef("annotation")).order_by().values("root")
    anchors = Anchor.objects.filter(revision=revision_id, annotation__state=Annotation.State.PUBLISHED)
    if view.filter.sort == "answered":
        anchors = anchors.annotate(answers=filtering.answers("annotation"))
    first = (
        anchors.annotate(
            is_shown=shown,
            is_gone=Case(When(status=Anchor.Status.ORPHANED, then=Value(1)), default=Value(0)),
            latest=Coalesce(Subquery(answered.annotate(latest=Max("pk")).values("latest")), F("annotation")),
            is_new=_is_new(revision_id, view),
        )
        .annotate(
            rank=Window(
                RowNumber(),
                partition_by=place,
                order_by=order if view.filter.sort else F("annotation").desc(),
            ),
            number=Window(CountOf("*"), partition_by=place),
            # Of the others the passage is in the text.
            words=Case(When(is_gone=1, then=Substr("annotation__exact", 1, _GONE_LENGTH + 1)), default=Value("")),
        )
        .filter(rank__lte=MOST_OF_A_SIGN)
        .order_by(*order)
    )
    rows = first.values_list(
        "is_shown",
        "is_gone",
        "paragraph",
        "number",
        "start",
        "end",
        "annotation",
        "annotation__sign",
        "annotation__gist",
        "annotation__target",
        "annotation__creator__username",
        "words",
        "removed_in",
        "stood_in",
        "latest",
        "is_new",
    )
    return map(_Found._make, rows)


def _is_new(revision_id: int, view: View) -> Expression:
    since = view.since if view.filter.since is None else view.filter.since
    if since is None:
        return Value(0)
    newer = Q(annotation__in=filtering.newer_threads(revision_id, since, view.viewer))
    return Case(When(newer, then=Value(1)), default=Value(0))


def _marks(paragraphs: Sequence[Paragraph], standing: _Standing) -> dict[int, list[Mark]]:
    """Give the marks of each block, by its id, in the block's own code points. Whole paragraphs are not underlined."""
    starts = [paragraph.start for paragraph in paragraphs]
    marks: dict[int, list[Mark]] = defaultdict(list)
    for entry in (entry for entries in standing.entries.values() for entry in entries):
        if entry.span is None or entry.target != Annotation.Target.PASSAGE:
            continue
        touched = slice(bisect_right(starts, entry.span.start) - 1, bisect_left(starts, entry.span.end))
        for paragraph in paragraphs[touched]:
            marks[paragraph.pk].append(Mark(entry.span.shifted(-paragraph.start), str(entry.id), entry.sign.key))
    return marks


def _capacity(paragraph: Paragraph, notes: Sequence[Sidenote], total: int) -> int:
    """Give how many of so many entries stand beside a block, under its footnotes, without being taller than it."""
    lines = len(paragraph.text) / _LINE_LENGTH + 1 - sum(note.lines for note in notes)
    if total > lines / _ENTRY_LINES:
        # One line says how many are not listed.
        lines -= 1
    return max(1 if notes else _FEWEST_ENTRIES, int(lines / _ENTRY_LINES))


def _stretch(paragraph: Paragraph, counts: Sequence[signs.Count]) -> mapping.Stretch:
    return mapping.Stretch(paragraph.name, paragraph.number, paragraph.end - paragraph.start, counts)
