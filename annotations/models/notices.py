"""Notices: what a reader is told, because it concerns what they wrote or asked, and whether they want mail of it."""

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Coalesce

from annotations import states
from annotations.models.annotations import Annotation
from annotations.models.moderation import ModerationEntry
from reader.models import User


class NoticeQuerySet(models.QuerySet["Notice"]):
    def to(self, reader: User) -> Self:
        return self.filter(reader=reader)

    def unread(self) -> Self:
        return self.filter(read_at__isnull=True)


class Notice(models.Model):
    """That something happened to what a reader wrote or asked."""

    class Event(models.TextChoices):
        ANSWERED = "answered", "What you asked for has an answer"
        DECLINED = "declined", "Your answer is not what was asked for"
        RESTATED = "restated", "Your point was put in other words"
        JUDGED = "judged", "What you put in other words was looked at"
        RESOLVED = "resolved", "An editor looked at what you disputed"
        SETTLED = "settled", "The writer said whether that settles it"
        MODERATED = "moderated", "A moderator decided about what you wrote"
        REPORTED = "reported", "A moderator looked at what you reported"
        LINE = "line", "A moderator looked at a line of yours"

    reader = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="notices", db_index=False)
    event = models.CharField(max_length=10, choices=Event.choices)
    # What to look at.
    annotation = models.ForeignKey(Annotation, models.CASCADE, related_name="notices")
    # Of a decision about a line of the reader's: the decision, whose reason they are told.
    entry = models.ForeignKey(ModerationEntry, models.PROTECT, null=True, blank=True, related_name="+", db_index=False)
    # Who did it.
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    read_at = models.DateTimeField(null=True, blank=True)

    objects = NoticeQuerySet.as_manager()

    class Meta:
        ordering = ("-id",)
        # A reader's own, newest first.
        indexes = (models.Index(fields=("reader", "-id"), name="notice_by_reader"),)
        constraints = (
            # Nobody is told the same twice before they have read it; it also finds what waits for a reader. Where there
            # is no decision it counts as the same one: otherwise no two would be the same.
            models.UniqueConstraint(
                "reader",
                "event",
                "annotation",
                "actor",
                Coalesce("entry", 0, output_field=models.BigIntegerField()),
                condition=Q(read_at__isnull=True),
                name="notice_once_while_unread",
            ),
        )

    def __str__(self) -> str:
        return f"{self.reader_id}: {self.event}"

    @property
    def is_by_moderator(self) -> bool:
        """Say whether it tells of a decision, which is told without a name."""
        return self.event in DECIDED

    @property
    def is_readable(self) -> bool:
        """Say whether its reader may read what it is about."""
        is_own = self.annotation.creator_id == self.reader_id and self.annotation.state in states.WRITERS
        return self.annotation.is_published or is_own


# What a moderator decided: told without a name, and to everybody whom it concerns.
DECIDED = frozenset({Notice.Event.MODERATED, Notice.Event.REPORTED, Notice.Event.LINE})


class NoticePreference(models.Model):
    """Whether a reader wants mail about what concerns them; who has said nothing does."""

    reader = models.OneToOneField(settings.AUTH_USER_MODEL, models.CASCADE, related_name="notice_preference")
    is_mailed = models.BooleanField(default=True)

    def __str__(self) -> str:
        return f"{self.reader_id}: {'mail' if self.is_mailed else 'no mail'}"
