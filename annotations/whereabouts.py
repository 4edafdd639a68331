"""Where the words of annotations are now, and what has become of them since they were written about."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from django.db.models import Case, F, OuterRef, Subquery, Value, When
from django.db.models.functions import Coalesce, Substr

from annotations.models import Anchor, Annotation
from reader.text import naming
from reader.text.comparison import MOST_COMPARED
from reader.text.spans import Span


class Whereabouts(NamedTuple):
    """Where an annotation's words are in the current revision, and what has become of them.

    Blocks are given by their names, revisions by their numbers.
    """

    annotation: int
    key: str
    status: str
    span: Span | None
    # The block it stands on; empty for the whole article and for words that are gone.
    block: str
    # The block and the revision it was written about.
    home: str
    written_in: int
    # What a changed passage says now, as far as it is compared.
    now: str
    edited_in: int | None
    removed_in: int | None
    stood_in: str
    is_confirmed: bool
    is_by_hand: bool

    @property
    def block_label(self) -> str:
        return _label(self.block)

    @property
    def home_label(self) -> str:
        return _label(self.home)

    @property
    def stood_label(self) -> str:
        return _label(self.stood_in)


def of(heads: Sequence[Annotation]) -> Mapping[int, Whereabouts]:
    """Give where the words of each are in the current revision, by the annotation, in one query."""
    written = Anchor.objects.filter(annotation=OuterRef("annotation"), revision=OuterRef("annotation__revision"))
    words = Substr(
        "revision__text",
        F("start") + 1,
        Case(
            When(end__lt=F("start") + MOST_COMPARED + 1, then=F("end") - F("start")), default=Value(MOST_COMPARED + 1)
        ),
    )
    current = Anchor.objects.filter(
        annotation__in=[head.pk for head in heads], revision=F("annotation__article__current_revision")
    )
    found = current.select_related("paragraph").annotate(
        home=Coalesce(Subquery(written.values("paragraph__name")), Value("")),
        written_in=F("annotation__revision__number"),
        now=Case(When(status=Anchor.Status.CHANGED, then=words), default=Value("")),
    )
    return {anchor.annotation_id: _told_of(anchor) for anchor in found}


def _told_of(anchor: Anchor) -> Whereabouts:
    told = vars(anchor)
    return Whereabouts(
        annotation=anchor.annotation_id,
        key=anchor.key,
        status=anchor.status,
        span=anchor.span,
        block=anchor.paragraph.name if anchor.paragraph else "",
        home=told["home"],
        written_in=told["written_in"],
        now=told["now"],
        edited_in=anchor.edited_in,
        removed_in=anchor.removed_in,
        stood_in=anchor.stood_in,
        is_confirmed=anchor.confirmed_at is not None,
        is_by_hand=anchor.set_by_id is not None,
    )


def _label(name: str) -> str:
    return naming.label(name).lower() if name else ""
