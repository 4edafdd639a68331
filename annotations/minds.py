"""Changes of mind: readers say that an annotation changed theirs. It is the best thing that can be said of one.

    change    say so
    unchange  say so no longer

People say it only where it costs them nothing, so nobody ever learns who did: no page, no panel and no export tells
names, and the number is told from `TOLD_FROM` readers on, below which it would be easy to guess them. Each reader sees
their own word.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.contrib.auth.models import AnonymousUser
from django.db import transaction
from django.db.models import Count, Q

from annotations import judging, pacing
from annotations.accepting import NotAccepted
from annotations.models import Annotation, ChangeOfMind
from reader.models import User

TOLD_FROM = 5
# What can change a mind: a question claims nothing, and an answer is part of what it answers.
KINDS = (Annotation.Kind.SOURCE, Annotation.Kind.NOTE, Annotation.Kind.DISAGREEMENT)


@dataclass(frozen=True)
class Minds:
    """Whose mind an annotation changed, as far as one viewer may know."""

    # How many readers'; nought while they are too few to be told.
    number: int = 0
    # Whether the viewer's is among them.
    is_own: bool = False
    # Whether it is one that may change a mind, this viewer's or theirs once they have signed in.
    is_possible: bool = False


def change(*, annotation: Annotation, by: User) -> None:
    """Say that it changed one's mind; twice does nothing more.

    Raises NotAccepted with a sentence for the reader: for a question or an answer, for what is their own or not
    published, and on an article that is closed.
    """
    with transaction.atomic():
        current = Annotation.objects.locked().get(pk=annotation.pk)
        _check(current, by)
        if ChangeOfMind.objects.get_or_create(annotation=current, reader=by)[1]:
            pacing.count("judgements", by=by)


def unchange(*, annotation: Annotation, by: User) -> None:
    """Say so no longer; twice does nothing more. It may be taken back at any time."""
    ChangeOfMind.objects.filter(annotation=annotation, reader=by).delete()


def of(annotations: Sequence[Annotation], viewer: User | AnonymousUser) -> Mapping[int, Minds]:
    """Give how many minds each annotation changed, by its id, in one query for all of them."""
    counted = (
        ChangeOfMind.objects.counted()
        .filter(annotation__in=[annotation.pk for annotation in annotations if annotation.kind in KINDS])
        .order_by()
        .values_list("annotation")
        .annotate(number=Count("pk"), own=Count("pk", filter=Q(reader=viewer.pk)))
    )
    found = {pk: (number if number >= TOLD_FROM else 0, own > 0) for pk, number, own in counted}
    return {each.pk: Minds(*found.get(each.pk, (0, False)), _is_possible(each, viewer)) for each in annotations}


def _is_possible(annotation: Annotation, viewer: User | AnonymousUser) -> bool:
    return annotation.kind in KINDS and annotation.article.is_open and not annotation.is_by(viewer)


def _check(annotation: Annotation, by: User) -> None:
    judging.check(annotation, by, own="This is your own. Whether it changed a mind is for other readers to say.")
    if annotation.kind not in KINDS:
        raise NotAccepted("This can be said of notes, sources and disagreements.")
