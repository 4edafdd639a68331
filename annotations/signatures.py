"""Where a reader's name stands, so that it is shown anew when it changes."""

from django.db import transaction
from django.db.models import F

from annotations.models import Anchor, Annotation, Position, Resolution, Restatement, SourceVerdict
from reader.models import Article, Revision, User


def show_anew(reader: User) -> None:
    """Count one visible change on every article whose pages name a reader, in the transaction that changes the name.

    The rows are locked in one order, so that nobody who does the same at this moment waits for ever.
    """
    with transaction.atomic():
        articles = Article.objects.filter(pk__in=_naming(reader)).order_by("pk")
        ids = list(articles.select_for_update(no_key=True).values_list("pk", flat=True))
        Article.objects.filter(pk__in=ids).update(activity=F("activity") + 1)


def _naming(reader: User) -> set[int]:
    """Give the articles beside which a reader is named, by their numbers."""
    of_annotations = (
        SourceVerdict.objects.filter(reader=reader).values_list("source__annotation__article"),
        *(
            signed.values_list("annotation__article")
            for signed in (
                Position.objects.filter(reader=reader),
                Restatement.objects.filter(creator=reader),
                Resolution.objects.filter(editor=reader),
                Anchor.objects.filter(set_by=reader),
            )
        ),
    )
    own = Annotation.objects.filter(creator=reader).order_by().values_list("article")
    revised = Revision.objects.filter(creator=reader).order_by().values_list("article")
    found = own.union(revised, *(signed.order_by() for signed in of_annotations))
    return {number for (number,) in found}
