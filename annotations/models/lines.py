"""Lines: what readers say in a few plain words beside what others wrote, and that a moderator looks at some first.

A restatement is one, and so are the remark of a verdict on a source and the address of an archived copy. The line
belongs to who said it and stands beside an annotation; where it waits, `held` is the line of the log that says why, and
since when.
"""

from operator import attrgetter
from typing import ClassVar, Self, TypeVar, cast

from django.db import models
from django.db.models.constants import LOOKUP_SEP

from annotations.models.annotations import Annotation
from annotations.models.moderation import ModerationEntry
from reader.models import User


class Line(models.Model):
    """Words that somebody put beside an annotation, and whether they wait for a moderator: then only they see them."""

    # As addresses name it, and as pages do.
    kind: ClassVar[str]
    name: ClassVar[str]
    # By which act of a moderator it goes, as the log has it.
    removed_as: ClassVar[str]
    # The fields that have its words and who said them, and the way to the annotation that it stands beside.
    words_in: ClassVar[str]
    said_by: ClassVar[str]
    stands_beside: ClassVar[str]

    held = models.ForeignKey(ModerationEntry, models.PROTECT, null=True, blank=True, related_name="+", db_index=False)
    changed_at = models.DateTimeField(auto_now=True)

    class Meta:
        abstract = True

    @property
    def line(self) -> str:
        """Give the words; empty where nothing is said any more."""
        return cast(str, getattr(self, self.words_in))

    @property
    def writer(self) -> User:
        return cast(User, getattr(self, self.said_by))

    @property
    def beside(self) -> Annotation:
        """Give the annotation that it was put beside."""
        return cast(Annotation, attrgetter(self.stands_beside.replace(LOOKUP_SEP, "."))(self))

    @property
    def is_held(self) -> bool:
        return self.held_id is not None

    @property
    def is_changed_since_held(self) -> bool:
        return self.held is not None and self.changed_at > self.held.created_at

    @property
    def key(self) -> str:
        """Name it as it stands, so that nobody decides about words that were changed, or decided about, meanwhile."""
        return f"{self.changed_at.isoformat()}{'.held' if self.is_held else ''}"

    def clear(self) -> None:
        """Take the words away; where more was said with them, that stays."""
        self.delete()


Kept = TypeVar("Kept", bound=Line)


class LineQuerySet(models.QuerySet[Kept]):
    def held(self) -> Self:
        """Keep what waits for a moderator, the longest first: not what went out of sight with all of an account."""
        return self.filter(held__isnull=False).exclude(held__action=ModerationEntry.Action.PURGE).order_by("held")

    def by(self, reader: User) -> Self:
        """Keep what a reader said."""
        return self.filter(**{self.model.said_by: reader})

    def with_all(self) -> Self:
        """Read with it all that a moderator is shown of it."""
        beside = self.model.stands_beside
        revision = f"{beside}__article__current_revision"
        return self.select_related("held", self.model.said_by, f"{beside}__creator", revision).defer(
            f"{revision}__text"
        )
