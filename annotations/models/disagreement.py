"""What disagreement comes to: another's point said in one's own words, and what an editor did about it."""

from typing import Self

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import Q

from annotations.models.annotations import Annotation
from annotations.models.lines import Line, LineQuerySet
from annotations.models.moderation import ModerationEntry
from reader.models import Revision, User


class RestatementQuerySet(LineQuerySet["Restatement"]):
    def visible_to(self, viewer: User | AnonymousUser) -> Self:
        """Keep what the viewer may read: what waits for a moderator only who said it may."""
        return self.filter(Q(held__isnull=True) | Q(creator=viewer.pk))


class Restatement(Line):
    """An annotation's point in the words of another reader, and whether its writer finds that fair."""

    kind = "restatement"
    name = "Words for another’s point"
    removed_as = ModerationEntry.Action.CUT
    words_in = "body"
    said_by = "creator"
    stands_beside = "annotation"

    class Judgement(models.TextChoices):
        FAIR = "fair", "Fair"
        NOT_QUITE = "not quite", "Not quite"

    annotation = models.ForeignKey(Annotation, models.CASCADE, related_name="restatements", db_index=False)
    creator = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="restatements")
    body = models.CharField(max_length=600)
    # Of the annotation's writer; empty while they have said nothing, and again when the words were changed.
    judgement = models.CharField(max_length=10, choices=Judgement.choices, blank=True)
    judged_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = RestatementQuerySet.as_manager()

    class Meta:
        ordering = ("id",)
        constraints = (
            models.UniqueConstraint(fields=("annotation", "creator"), name="restated_once_a_reader"),
            # Who judges it has to have read it.
            models.CheckConstraint(condition=Q(held__isnull=True) | Q(judgement=""), name="restatement_held_unjudged"),
        )
        indexes = (
            # What waits for a moderator, the longest first.
            models.Index(fields=("held",), condition=Q(held__isnull=False), name="restatement_held"),
        )

    def __str__(self) -> str:
        return f"{self.annotation_id}, in the words of {self.creator_id}"

    @property
    def is_fair(self) -> bool:
        return self.judgement == self.Judgement.FAIR

    @property
    def is_waiting(self) -> bool:
        return not self.judgement


class Resolution(models.Model):
    """What an editor did about a disagreement. The latest is in force; the earlier ones stay."""

    class Outcome(models.TextChoices):
        CORRECTED = "corrected", "Corrected"
        ACKNOWLEDGED = "acknowledged", "Acknowledged"
        ANSWERED = "answered", "Answered"

    annotation = models.ForeignKey(Annotation, models.CASCADE, related_name="resolutions")
    editor = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="resolutions")
    outcome = models.CharField(max_length=12, choices=Outcome.choices)
    # The revision that corrected the text; of the other outcomes none.
    revision = models.ForeignKey(Revision, models.PROTECT, null=True, blank=True, related_name="+")
    remark = models.CharField(max_length=1000, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    # Whether it settles the matter, as the writer of the disagreement sees it; empty while they have not said.
    is_settling = models.BooleanField(null=True, blank=True)
    settling_said_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("id",)
        constraints = (
            models.CheckConstraint(
                condition=Q(outcome="corrected", revision__isnull=False)
                | (~Q(outcome="corrected") & Q(revision__isnull=True)),
                name="resolution_corrected_by_a_revision",
            ),
        )

    def __str__(self) -> str:
        return f"{self.annotation_id}: {self.outcome}"

    @property
    def is_standing(self) -> bool:
        """Say whether it settles the matter: unless the writer of the disagreement says that it does not."""
        return self.is_settling is not False
