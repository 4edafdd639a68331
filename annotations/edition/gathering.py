"""What was written about a revision, read for the edition in five queries, as much as there is room for."""

import itertools
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.contrib.auth.models import AnonymousUser
from django.db.models import Case, F, Q, Subquery, Value, When, Window
from django.db.models import Count as CountOf
from django.db.models.functions import Coalesce, RowNumber

from annotations.models import Anchor, Annotation, ModerationEntry, Source

# A thousand notes are a book of two hundred pages, and a page that is drawn within a second.
MOST_NOTES = 1_000
MOST_ANSWERS = 1_000


@dataclass(frozen=True)
class Statement:
    """An annotation as it is read. What is not published has a place and no words."""

    id: int
    state: str
    creator: str
    created_at: datetime
    edited_at: datetime | None
    html: str
    # By which rule a moderator took it down, in words; empty where none did.
    rule: str

    @property
    def is_published(self) -> bool:
        return self.state == Annotation.State.PUBLISHED

    @property
    def moved_at(self) -> datetime:
        return self.edited_at or self.created_at


@dataclass(frozen=True)
class Head(Statement):
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
class Answer(Statement):
    """What answers the head of a thread, `root`, or another answer in it."""

    parent: int
    root: int


@dataclass(frozen=True)
class Answers:
    """The answers to printed annotations, oldest first, and the number of all by the head of their thread."""

    printed: Sequence[Answer]
    numbers: Mapping[int, int]


def heads(revision_id: int) -> tuple[Counter[tuple[bool, int | None]], list[Head]]:
    """Give the number of annotations in each place, and the newest of each, as many as there is room for."""
    anchored = Annotation.objects.filter(anchors__revision=revision_id).standing_for(AnonymousUser())
    orphaned = When(anchors__status=Anchor.Status.ORPHANED, then=Value(value=True))
    standing = anchored.annotate(is_gone=Case(orphaned, default=Value(value=False)))
    counted = standing.values_list("is_gone", "anchors__paragraph").annotate(number=CountOf("pk")).order_by()
    sizes = Counter({(bool(is_gone), paragraph): number for is_gone, paragraph, number in counted})
    rank = Window(RowNumber(), partition_by=[F("is_gone"), F("anchors__paragraph")], order_by=F("pk").desc())
    newest = standing.annotate(rank=rank).filter(rank__lte=level(sizes.values(), MOST_NOTES))
    rows = newest.annotate(rule=_rule()).values_list(*_COLUMNS, *_HEAD_COLUMNS)
    return sizes, list(itertools.starmap(Head, rows))


def answers(heads: Iterable[int]) -> Answers:
    """Give the oldest answers to each of the heads, as many as there is room for."""
    below = Annotation.objects.filter(root__in=list(heads))
    published = CountOf("pk", filter=Q(state=Annotation.State.PUBLISHED))
    counted = list(below.values_list("root").annotate(number=CountOf("pk"), published=published).order_by())
    rank = Window(RowNumber(), partition_by=F("root"), order_by=F("pk").asc())
    most = level((number for _, number, _ in counted), MOST_ANSWERS)
    oldest = below.annotate(rank=rank).filter(rank__lte=most).order_by("pk")
    found = itertools.starmap(Answer, oldest.annotate(rule=_rule()).values_list(*_COLUMNS, "parent", "root"))
    return Answers(list(found), {root: number for root, _, number in counted if root is not None})


def _rule() -> Coalesce:
    return Coalesce(Subquery(ModerationEntry.objects.taking_down().values("rule")[:1]), Value(""))


def cited(annotations: Iterable[int]) -> list[Source]:
    """Give the sources of the annotations in the order in which they were given."""
    return list(Source.objects.filter(annotation__in=list(annotations)).select_related("document").order_by("id"))


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


# In the order of the fields above.
_COLUMNS = ("pk", "state", "creator__username", "created_at", "edited_at", "body_html", "rule")
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
