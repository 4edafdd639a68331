"""The way from one annotation to the next through an article, in the order of its words."""

from dataclasses import dataclass

from django.contrib.auth.models import AnonymousUser
from django.db.models import Count, F, Q, QuerySet, Value
from django.db.models.functions import Coalesce

from annotations.filtering import Filter, annotation_id
from annotations.models import Anchor, Annotation
from reader.models import Article, Paragraph, User

# Where what is about the article as a whole stands: after all words.
_END = 2**31 - 1


@dataclass(frozen=True)
class Step:
    """An annotation to go to, and the name of the block it begins in; empty for the whole article."""

    annotation: int
    block: str


@dataclass(frozen=True)
class Walk:
    """Where a reader stands among the annotations, and what is before and behind them."""

    previous: Step | None
    next: Step | None
    # From 1; None between two annotations, or at one that the filter leaves out.
    number: int | None
    total: int
    filter: Filter


def walk(
    article: Article, viewer: User | AnonymousUser, *, narrowing: Filter, at: str, block: Paragraph | None = None
) -> Walk | None:
    """Give the way on from an annotation, by its id, or else from a block; None where nothing can be walked through.

    A block without an annotation chosen comes before all that begins in it. None stands for the whole article, which
    comes last. In a constant number of queries, however many annotations.
    """
    revision_id = article.current_revision_id
    assert revision_id is not None  # noqa: S101  (only published articles are read)
    here = _place_of(revision_id, at) or (block.start if block else _END, 0)
    standing = _standing(revision_id)
    if narrowing.is_narrow:
        standing = standing.filter(annotation__in=narrowing.heads(revision_id, viewer))
    before, after = _before(*here), _after(*here)
    numbers = standing.aggregate(
        total=Count("pk"), before=Count("pk", filter=before), here=Count("pk", filter=Q(annotation=here[1]))
    )
    if not numbers["total"]:
        return None
    return Walk(
        previous=_step(standing.filter(before).order_by(F("place").desc(), "-annotation")),
        next=_step(standing.filter(after).order_by(F("place").asc(), "annotation")),
        number=numbers["before"] + 1 if numbers["here"] else None,
        total=numbers["total"],
        filter=narrowing,
    )


def _standing(revision_id: int) -> QuerySet[Anchor]:
    anchors = Anchor.objects.filter(revision=revision_id, annotation__state=Annotation.State.PUBLISHED)
    return anchors.exclude(status=Anchor.Status.ORPHANED).annotate(place=Coalesce("start", Value(_END)))


def _place_of(revision_id: int, at: str) -> tuple[int, int] | None:
    """Give where the thread of an annotation stands: the beginning of its words, and its head's id."""
    pk = annotation_id(at)
    if pk is None:
        return None
    head = Annotation.objects.filter(pk=pk).values(head=Coalesce("root", "pk"))
    anchors = Anchor.objects.filter(revision=revision_id, annotation__in=head)
    anchor = anchors.exclude(status=Anchor.Status.ORPHANED).values_list("start", "annotation").first()
    return (_END if anchor[0] is None else anchor[0], anchor[1]) if anchor else None


def _before(place: int, annotation: int) -> Q:
    return Q(place__lt=place) | Q(place=place, annotation__lt=annotation)


def _after(place: int, annotation: int) -> Q:
    return Q(place__gt=place) | Q(place=place, annotation__gt=annotation)


def _step(anchors: QuerySet[Anchor]) -> Step | None:
    found = anchors.values_list("annotation", "paragraph__name").first()
    return Step(found[0], found[1] or "") if found else None
