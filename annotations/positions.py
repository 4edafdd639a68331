"""Positions: whether readers agree with what another wrote. It is neither a rating of its quality nor a report.

    take   agree, or disagree; the second word replaces the first
    leave  take no position any more

A position is shown as a number only. It tells where its reader stands on what may be a heated matter, and is taken by
one press of a button, so it is no statement to be held to; who wants to be heard by name answers. A verdict on a source
is another thing: it is a finding, and worth what the reader who made it is worth.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.contrib.auth.models import AnonymousUser
from django.db import transaction
from django.db.models import Count, Q

from annotations import judging, pacing, rating
from annotations.accepting import NotAccepted
from annotations.models import Annotation, Position
from reader.models import User


@dataclass(frozen=True)
class Stand:
    """How many agree with an annotation and how many disagree, and where the viewer stands."""

    agreeing: int = 0
    disagreeing: int = 0
    is_agreeing: bool = False
    is_disagreeing: bool = False
    # Whether it is one to take a position on, for this viewer or once they have signed in.
    is_possible: bool = False

    @property
    def phrases(self) -> Sequence[str]:
        """Give each number that is not nought, in words."""
        words: list[str] = []
        if self.agreeing:
            words.append(f"{self.agreeing} agree{'s' if self.agreeing == 1 else ''}")
        if self.disagreeing:
            words.append(f"{self.disagreeing} disagree{'s' if self.disagreeing == 1 else ''}")
        return words


def take(*, annotation: Annotation, by: User, is_agreeing: bool) -> Position:
    """Agree or disagree with what another wrote; doing it twice does nothing more.

    Raises NotAccepted with a sentence for the reader: for a question, which claims nothing, for what is their own or
    not published, and on an article that is closed.
    """
    with transaction.atomic():
        current = Annotation.objects.locked().get(pk=annotation.pk)
        _check(current, by)
        said = {"is_agreeing": is_agreeing}
        position = Position.objects.update_or_create(annotation=current, reader=by, defaults=said)[0]
        rating.follow(current, reader=by)
        pacing.count("judgements", by=by)
    return position


def leave(*, annotation: Annotation, by: User) -> None:
    """Take no position any more; twice does nothing more. It may be left at any time."""
    with transaction.atomic():
        left, _ = Position.objects.filter(annotation=annotation, reader=by).delete()
        if left:
            rating.follow(annotation, reader=by)


def of(annotations: Sequence[Annotation], viewer: User | AnonymousUser) -> Mapping[int, Stand]:
    """Give how each annotation stands with readers, by its id, in one query for all of them."""
    is_own = Q(reader=viewer.pk)
    counted = (
        Position.objects.counted()
        .filter(annotation__in=[annotation.pk for annotation in annotations])
        .order_by()
        .values_list("annotation")
        .annotate(
            agreeing=Count("pk", filter=Q(is_agreeing=True)),
            disagreeing=Count("pk", filter=Q(is_agreeing=False)),
            own_yes=Count("pk", filter=Q(is_agreeing=True) & is_own),
            own_no=Count("pk", filter=Q(is_agreeing=False) & is_own),
        )
    )
    found = {pk: (agreeing, disagreeing, bool(yes), bool(no)) for pk, agreeing, disagreeing, yes, no in counted}
    nobody = 0, 0, False, False
    return {each.pk: Stand(*found.get(each.pk, nobody), _is_possible(each, viewer)) for each in annotations}


def _is_possible(annotation: Annotation, viewer: User | AnonymousUser) -> bool:
    is_a_claim = annotation.kind != Annotation.Kind.QUESTION
    return is_a_claim and annotation.article.is_open and not annotation.is_by(viewer)


def _check(annotation: Annotation, by: User) -> None:
    judging.check(annotation, by, own="This is your own. Whether they agree is for other readers to say.")
    if annotation.kind == Annotation.Kind.QUESTION:
        raise NotAccepted("A question claims nothing, so there is nothing to agree with. You can ask it too.")
