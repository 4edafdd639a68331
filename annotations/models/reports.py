"""Reports by readers."""

from typing import Self

from django.conf import settings
from django.db import models

from annotations.models.annotations import Annotation
from annotations.models.moderation import Rule
from reader.models import User


class FlagQuerySet(models.QuerySet["Flag"]):
    def open(self) -> Self:
        """Keep the reports that wait for a moderator; withdrawing an annotation leaves nothing to decide."""
        waiting = (Annotation.State.PUBLISHED, Annotation.State.PENDING)
        return self.filter(settled_by__isnull=True, annotation__state__in=waiting)

    def by(self, creator: User) -> Self:
        return self.filter(creator=creator)

    def with_people(self) -> Self:
        return self.select_related("creator", "settled_by__moderator", "annotation__creator")


class Flag(models.Model):
    """One reader's report of one annotation, open until a moderator decides about the annotation."""

    annotation = models.ForeignKey(Annotation, models.CASCADE, related_name="flags")
    creator = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="flags")
    reason = models.CharField(max_length=16, choices=Rule.choices)
    details = models.CharField(max_length=1000, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    # The decision that answered it; empty while it waits.
    settled_by = models.ForeignKey(
        "annotations.ModerationEntry", models.PROTECT, null=True, blank=True, related_name="settled_flags"
    )

    objects = FlagQuerySet.as_manager()

    class Meta:
        ordering = ("-id",)
        verbose_name = "report"
        constraints = (models.UniqueConstraint(fields=("annotation", "creator"), name="flag_once_a_reader"),)

    def __str__(self) -> str:
        return f"{self.get_reason_display()} ({self.annotation_id})"

    @property
    def outcome(self) -> str:
        """Give what became of it: the decision that answered it, or what it waits for."""
        if self.settled_by:
            return self.settled_by.get_action_display()
        is_waiting = self.annotation.is_published or self.annotation.is_pending
        return "Waiting" if is_waiting else self.annotation.get_state_display()
