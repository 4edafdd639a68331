"""What has been posted beside an article of late, so that an open page can tell its reader."""

from typing import NamedTuple

from django.db.models import OuterRef, Subquery
from django.db.models.functions import Coalesce

from annotations.models import Anchor, Annotation
from reader.models.articles import ArticleState
from reader.text import naming

# Of an article; a page left open for longer is told that there are more.
MOST = 100
WHOLE, GONE = "whole", "gone"


class Posted(NamedTuple):
    """One annotation or answer, by whom, and the name of the block where it or what it answers stands.

    The place is WHOLE for the article as a whole, and GONE where the words are.
    """

    id: int
    creator: int
    place: str


class Place(NamedTuple):
    """Where something new stands, and the newest of it."""

    name: str
    newest: int

    @property
    def label(self) -> str:
        """Give what the place is called."""
        names = {WHOLE: "The whole article", GONE: "Words that are gone"}
        return names.get(self.name) or naming.label(self.name)


class News(NamedTuple):
    """What others have posted since a page was drawn, newest first."""

    posted: tuple[Posted, ...]

    @property
    def number(self) -> int:
        return len(self.posted)

    @property
    def ids(self) -> str:
        """Give the ids in a line, the newest first."""
        return " ".join(str(one.id) for one in self.posted)

    @property
    def is_cut(self) -> bool:
        """Say whether there may be more than are told."""
        return self.number == MOST

    @property
    def places(self) -> list[Place]:
        """Give where they stand, each place once, that of the newest first."""
        found: dict[str, Place] = {}
        for posted in self.posted:
            found.setdefault(posted.place, Place(posted.place, posted.id))
        return list(found.values())


def latest(state: ArticleState) -> tuple[Posted, ...]:
    """Give what was posted last on an article and is published, newest first, in one query."""
    anchors = Anchor.objects.filter(annotation=OuterRef("head"), revision=state.revision_id)
    rows = (
        Annotation.objects.published()
        .filter(article=state.id)
        .annotate(head=Coalesce("root", "id"))
        .annotate(
            place=Subquery(anchors.values("paragraph__name")[:1]),
            status=Subquery(anchors.values("status")[:1]),
        )
        .order_by("-id")
        .values_list("id", "creator", "place", "status")[:MOST]
    )
    return tuple(
        Posted(pk, creator, GONE if status == Anchor.Status.ORPHANED else place or WHOLE)
        for pk, creator, place, status in rows
    )


def since(posted: tuple[Posted, ...], newest: int, *, viewer: int | None) -> News:
    """Keep what others than the viewer have posted after the newest that their page shows, by its id."""
    return News(tuple(one for one in posted if one.id > newest and one.creator != viewer))
