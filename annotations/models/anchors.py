"""Anchors: where an annotation's words lie in one revision."""

from django.conf import settings
from django.db import models

from annotations.models.annotations import Annotation
from reader.models import Paragraph, Revision
from reader.text.spans import Span


class Anchor(models.Model):
    """The place of one annotation in one revision. Replies have none; they follow what they answer."""

    class Status(models.TextChoices):
        EXACT = "exact", "The same words"
        MOVED = "moved", "The same words, elsewhere"
        CHANGED = "changed", "The words were edited"
        ORPHANED = "orphaned", "The words are gone"

    # Found by the constraint and by the index below, so neither needs an index of its own.
    annotation = models.ForeignKey(Annotation, models.CASCADE, related_name="anchors", db_index=False)
    revision = models.ForeignKey(Revision, models.CASCADE, related_name="anchors", db_index=False)
    status = models.CharField(max_length=8, choices=Status.choices, default=Status.EXACT)
    # The block the passage begins in; empty for the whole article and for orphans.
    paragraph = models.ForeignKey(Paragraph, models.CASCADE, null=True, blank=True, related_name="anchors")
    start = models.PositiveIntegerField(null=True, blank=True)
    end = models.PositiveIntegerField(null=True, blank=True)
    # Likeness of the words it was written about and those it stands on now, 0 to 1.
    score = models.FloatField(default=1.0)
    # Of an orphan: the number of the revision that removed its words, and the name of the block they stood in.
    removed_in = models.PositiveIntegerField(null=True, blank=True)
    stood_in = models.CharField(max_length=12, blank=True)
    # Of a changed passage: the number of the revision that edited its words last, empty where a person set it on these;
    # and when its writer said that what they wrote still applies.
    edited_in = models.PositiveIntegerField(null=True, blank=True)
    confirmed_at = models.DateTimeField(null=True, blank=True)
    # Who set it by hand; empty where Gloss found the place.
    set_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")

    class Meta:
        ordering = ("revision", "start")
        constraints = (models.UniqueConstraint(fields=("annotation", "revision"), name="anchor_once_a_revision"),)
        # What stands on one paragraph, and what stands on each (the margin).
        indexes = (models.Index(fields=("revision", "paragraph", "start"), name="anchor_by_place"),)

    def __str__(self) -> str:
        return f"{self.annotation_id} in revision {self.revision_id}: {self.status}"

    @property
    def is_orphaned(self) -> bool:
        return self.status == self.Status.ORPHANED

    @property
    def span(self) -> Span | None:
        """Give where the words lie, or None when they are gone or the target is the whole article."""
        return None if self.start is None or self.end is None else Span(self.start, self.end)

    @property
    def key(self) -> str:
        """Name it as a person saw it, so that an act about it can say when it has changed meanwhile."""
        return f"{self.revision_id}.{self.status}.{self.start}.{self.end}"
