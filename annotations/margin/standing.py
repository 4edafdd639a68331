"""Everything read about the annotations of one revision in one query: those to show, and the numbers of all."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from django.db.models import Case, Expression, F, Max, OuterRef, Q, Subquery, Value, When, Window
from django.db.models import Count as CountOf
from django.db.models.functions import Coalesce, RowNumber, Substr
from django.utils.text import Truncator

from annotations import filtering, signs
from annotations.margin.shapes import Entry, Margin, Orphan, Orphans, View
from annotations.markdown import shorten
from annotations.models import Anchor, Annotation
from reader import usernames
from reader.text.spans import Span

# Of each sign, on each paragraph: enough for a full margin, few enough to keep the page small.
MOST_OF_A_SIGN = 8

# Two lines of the margin, with the kind and the name.
_ENTRY_LENGTH = 72
_GIST_LENGTH = 54
# That readers on both sides find it helpful.
_BADGE_LENGTH = 14
# Of words that are gone, under the article.
_GONE_LENGTH = 200
# Of those who wrote, as many names are offered to choose from.
_MOST_WRITERS = 40


@dataclass(frozen=True)
class Standing:
    """Everything read about annotations: those to show, and the numbers of all, by paragraph."""

    entries: dict[int | None, list[Entry]]
    numbers: dict[int | None, dict[str, int]]
    orphans: Orphans
    # Of those that the filter leaves out.
    left_out: int
    # Notes beside the text, whatever the filter leaves out.
    notes: int
    writers: Sequence[str]

    def margin(self, paragraph_id: int | None, *, most: int) -> Margin:
        entries = self.entries.get(paragraph_id, [])
        if len(entries) > most:
            # In their order, but none is left out that readers on both sides find helpful while another is not.
            chosen = {entry.id for entry in sorted(entries, key=lambda entry: not entry.is_bridging)[:most]}
            entries = [entry for entry in entries if entry.id in chosen]
        return Margin(entries, signs.counts(self.numbers.get(paragraph_id, {})))

    def totals(self) -> list[signs.Count]:
        sums: dict[str, int] = defaultdict(int)
        for numbers in self.numbers.values():
            for sign, number in numbers.items():
                sums[sign] += number
        return signs.counts(sums)


def read_standing(revision_id: int, view: View) -> Standing:
    """Give what stands on a revision, as this view has it."""
    entries: dict[int | None, list[Entry]] = defaultdict(list)
    numbers: dict[int | None, dict[str, int]] = defaultdict(dict)
    left_out: dict[tuple[int | None, str], int] = {}
    notes: dict[tuple[int | None, int], int] = {}
    orphans: list[Orphan] = []
    orphan_numbers: dict[str, int] = {}
    writers: Counter[str] = Counter()
    for found in _first(revision_id, view):
        if not usernames.is_former(found.creator):
            writers[found.creator] += 1
        if found.sign == Annotation.Kind.NOTE and not found.is_gone:
            notes[found.paragraph, found.is_shown] = found.number
        if found.is_gone and found.is_shown:
            orphans.append(found.orphan())
            orphan_numbers[found.sign] = found.number
        elif not found.is_shown and not found.is_gone:
            left_out[found.paragraph, found.sign] = found.number
        elif found.is_shown:
            entries[found.paragraph].append(found.entry())
            numbers[found.paragraph][found.sign] = found.number
    orphans.sort(key=lambda orphan: (orphan.removed_in or 0, orphan.id), reverse=True)
    return Standing(
        entries=entries,
        numbers=numbers,
        orphans=Orphans(orphans, sum(orphan_numbers.values())),
        left_out=sum(left_out.values()),
        notes=sum(notes.values()),
        writers=sorted(name for name, _ in writers.most_common(_MOST_WRITERS)),
    )


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
    is_bridging: int
    words: str
    removed_in: int | None
    stood_in: str
    latest: int
    is_new: int

    def entry(self) -> Entry:
        sign, creator = signs.SIGNS[self.sign], usernames.shown(self.creator)
        room = _ENTRY_LENGTH - len(sign.word) - len(creator) - (_BADGE_LENGTH if self.is_bridging else 0)
        return Entry(
            id=self.annotation,
            sign=sign,
            gist=shorten(self.gist, min(_GIST_LENGTH, room)),
            creator=creator,
            target=self.target,
            span=None if self.start is None or self.end is None else Span(self.start, self.end),
            latest=self.latest,
            is_new=bool(self.is_new),
            is_bridging=bool(self.is_bridging),
        )

    def orphan(self) -> Orphan:
        words = Truncator(self.words).chars(_GONE_LENGTH)
        sign = signs.SIGNS[self.sign]
        creator = usernames.shown(self.creator)
        return Orphan(self.annotation, sign, self.gist, creator, words, self.removed_in, self.stood_in)


def _first(revision_id: int, view: View) -> Iterator[_Found]:
    """Give the first few of each sign in each place, those about words that are gone as in a place of their own.

    Those that the filter leaves out are places of their own too, so that one query counts them as well. First are
    those that readers find most helpful, and where words are gone the newest, unless another order was asked for.
    """
    place = [F("paragraph"), F("is_gone"), F("annotation__sign")]
    shown: Expression = Value(1)
    if view.filter.is_narrow:
        kept = Q(annotation__in=view.filter.heads(revision_id, view.viewer))
        shown = Case(When(kept, then=Value(1)), default=Value(0))
        place.append(F("is_shown"))
    best = filtering.best("annotation")
    order = view.filter.sorting(head="annotation", start="start", among=best)
    newest = Case(When(is_gone=1, then=F("annotation")), default=Value(0))
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
                order_by=order if view.filter.sort else [newest.desc(), *best],
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
        "annotation__is_bridging",
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
