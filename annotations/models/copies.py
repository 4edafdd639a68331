"""Archived copies that wait: a reader gave one, and a moderator looks first at where it leads."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from annotations.models.lines import Line, LineQuerySet
from annotations.models.moderation import ModerationEntry
from annotations.models.sources import Source


class OfferedCopyQuerySet(LineQuerySet["OfferedCopy"]):
    """What can be asked of any lines."""


class OfferedCopy(Line):
    """Where a reader says that a copy of a source's document is, as long as that waits.

    What is let stand becomes the document's own (`Document.archived_url`), and this goes.
    """

    kind = "copy"
    name = "Archived copy"
    removed_as = ModerationEntry.Action.UNLINK
    words_in = "url"
    said_by = "reader"
    stands_beside = "source__annotation"

    source = models.ForeignKey(Source, models.CASCADE, related_name="offered_copies", db_index=False)
    reader = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="offered_copies")
    url = models.CharField(max_length=2000)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = OfferedCopyQuerySet.as_manager()

    class Meta:
        ordering = ("id",)
        verbose_name_plural = "offered copies"
        constraints = (models.UniqueConstraint(fields=("source", "reader"), name="copy_offered_once_a_reader"),)
        indexes = (
            # What waits for a moderator, the longest first.
            models.Index(fields=("held",), condition=Q(held__isnull=False), name="offered_copy_held"),
        )

    def __str__(self) -> str:
        return self.url
