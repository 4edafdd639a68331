"""What stands beside the text: the rows of the reading page, read in two queries whatever the number of annotations.

For each paragraph the newest few annotations of every sign are marked and listed, and all are counted. The rest are
on the paragraph's own page.
"""

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from django.db.models import Case, F, OuterRef, Q, QuerySet, Subquery, Value, When, Window
from django.db.models import Count as CountOf
from django.db.models.functions import Coalesce, RowNumber, Substr
from django.utils.text import Truncator

from annotations import mapping, signs
from annotations.markdown import shorten
from annotations.models import Anchor, Annotation
from reader.models import Article, Paragraph, Revision
from reader.text import naming
from reader.text.marking import Mark, mark
from reader.text.references import references
from reader.text.spans import Span

# Of each sign, on each paragraph: enough for a full margin, few enough to keep the page small.
MOST_OF_A_SIGN = 8

# For the height of the margin: characters in a line of text, lines of text to an entry, fewest entries shown.
_LINE_LENGTH = 62
_ENTRY_LINES = 1.6
# Two lines of the margin, less the kind and the name.
_GIST_LENGTH = 54
# Of words that are gone, under the article.
_GONE_LENGTH = 200
_FEWEST_ENTRIES = 2


@dataclass(frozen=True)
class Entry:
    """One annotation in the margin: its sign, its first words and who wrote it."""

    id: int
    sign: signs.Sign
    gist: str
    creator: str
    target: str
    span: Span | None


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
    # The names of the blocks that link to it, as text does to a footnote.
    references: Sequence[str] = ()


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

    def margin(self, paragraph_id: int | None, *, most: int) -> Margin:
        entries = self.entries.get(paragraph_id, [])
        return Margin(entries[:most], signs.counts(self.numbers.get(paragraph_id, {})))

    def totals(self) -> list[signs.Count]:
        sums: dict[str, int] = defaultdict(int)
        for numbers in self.numbers.values():
            for sign, number in numbers.items():
                sums[sign] += number
        return signs.counts(sums)


def read(article: Article) -> Reading:
    """Give the article's current revision with its margin."""
    assert article.current_revision_id is not None  # noqa: S101  (only published articles are read)
    return read_revision(article.current_revision_id)


def read_revision(revision_id: int) -> Reading:
    """Give a revision with its article and its margin, in two queries."""
    newest = (
        Annotation.objects.published().filter(article=OuterRef("revision__article")).order_by("-id").values("id")[:1]
    )
    blocks = Paragraph.objects.filter(revision=revision_id).with_article()
    paragraphs = list(blocks.annotate(newest=Coalesce(Subquery(newest), 0)))
    revision = paragraphs[0].revision
    standing = _standing(Anchor.objects.filter(revision=revision))
    marks = _marks(paragraphs, standing)
    linking = references((paragraph.name, paragraph.html) for paragraph in paragraphs)
    rows = [
        Row(
            paragraph=paragraph,
            html=mark(paragraph.html, marks.get(paragraph.pk, ())),
            margin=standing.margin(paragraph.pk, most=_capacity(paragraph)),
            references=linking.get(paragraph.name, ()),
        )
        for paragraph in paragraphs
    ]
    return Reading(
        article=revision.article,
        revision=revision,
        rows=rows,
        about_article=standing.margin(None, most=MOST_OF_A_SIGN),
        orphans=standing.orphans,
        counts=standing.totals(),
        columns=mapping.draw([_stretch(row.paragraph, row.margin.counts) for row in rows if row.paragraph.is_numbered]),
        newest=vars(paragraphs[0])["newest"],
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
        article.pk: (mapping.draw(stretches[article.current_revision_id or 0]), signs.counts(totals[article.pk]))
        for article in articles
    }


class _Found(NamedTuple):
    """One of the newest annotations of a sign in one place, as it is read, with the number of all of them."""

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

    def entry(self) -> Entry:
        span = None if self.start is None or self.end is None else Span(self.start, self.end)
        line = shorten(self.gist, _GIST_LENGTH)
        return Entry(self.annotation, signs.SIGNS[self.sign], line, self.creator, self.target, span)

    def orphan(self) -> Orphan:
        words = Truncator(self.words).chars(_GONE_LENGTH)
        sign = signs.SIGNS[self.sign]
        return Orphan(self.annotation, sign, self.gist, self.creator, words, self.removed_in, self.stood_in)


def _standing(anchors: QuerySet[Anchor]) -> _Standing:
    entries: dict[int | None, list[Entry]] = defaultdict(list)
    numbers: dict[int | None, dict[str, int]] = defaultdict(dict)
    orphans: list[Orphan] = []
    orphan_numbers: dict[str, int] = {}
    for found in _newest(anchors):
        if found.is_gone:
            orphans.append(found.orphan())
            orphan_numbers[found.sign] = found.number
        else:
            entries[found.paragraph].append(found.entry())
            numbers[found.paragraph][found.sign] = found.number
    orphans.sort(key=lambda orphan: (orphan.removed_in or 0, orphan.id), reverse=True)
    return _Standing(entries, numbers, Orphans(orphans, sum(orphan_numbers.values())))


def _newest(anchors: QuerySet[Anchor]) -> Iterator[_Found]:
    """Give the newest few of each sign in each place, those about words that are gone as in a place of their own."""
    place = [F("paragraph"), F("is_gone"), F("annotation__sign")]
    newest = (
        anchors.filter(annotation__state=Annotation.State.PUBLISHED)
        .annotate(is_gone=Case(When(status=Anchor.Status.ORPHANED, then=Value(1)), default=Value(0)))
        .annotate(
            rank=Window(RowNumber(), partition_by=place, order_by=F("annotation").desc()),
            number=Window(CountOf("*"), partition_by=place),
            # Of the others the passage is in the text.
            words=Case(When(is_gone=1, then=Substr("annotation__exact", 1, _GONE_LENGTH + 1)), default=Value("")),
        )
        .filter(rank__lte=MOST_OF_A_SIGN)
        .order_by("start", "annotation")
    )
    rows = newest.values_list(
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
    )
    return map(_Found._make, rows)


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


def _capacity(paragraph: Paragraph) -> int:
    lines = len(paragraph.text) / _LINE_LENGTH + 1
    return max(_FEWEST_ENTRIES, int(lines / _ENTRY_LINES))


def _stretch(paragraph: Paragraph, counts: Sequence[signs.Count]) -> mapping.Stretch:
    return mapping.Stretch(paragraph.name, paragraph.number, paragraph.end - paragraph.start, counts)
