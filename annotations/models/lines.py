"""Lines: what readers say in a few plain words beside what others wrote, and that a moderator looks at some first.

A restatement is one, and so are the remark of a verdict on a source and the address of an archived copy. The line
belongs to who said it and stands beside an annotation; where it waits, `held` is the line of the log that says why, and
since when.
"""

from typing import ClassVar, Self, TypeVar

from django.db import models

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

    held = models.ForeignKey(ModerationEntry, models.PROTECT, null=True, blank=True, related_name="+", db_index=False)
    changed_at = models.DateTimeField(auto_now=True)

    class Meta:
        abstract = True

    @property
    def line(self) -> str:
        """Give the words; empty where nothing is said any more."""
        raise NotImplementedError

    @property
    def writer(self) -> User:
        raise NotImplementedError

    @property
    def beside(self) -> Annotation:
        """Give the annotation that it was put beside."""
        raise NotImplementedError

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
        """Take the words away; what else was said with them stays."""
        raise NotImplementedError


Kept = TypeVar("Kept", bound=Line)


class LineQuerySet(models.QuerySet[Kept]):
    def held(self) -> Self:
        """Keep what waits for a moderator, the longest first: not what went out of sight with all of an account."""
        return self.filter(held__isnull=False).exclude(held__action=ModerationEntry.Action.PURGE).order_by("held")

    def with_all(self) -> Self:
        """Read with it all that a moderator is shown of it."""
        raise NotImplementedError
