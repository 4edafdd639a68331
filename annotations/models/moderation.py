"""Reports by readers and the log of what moderators did."""

from typing import NoReturn, Self

from django.conf import settings
from django.db import models

from annotations.models.annotations import Annotation


class FlagQuerySet(models.QuerySet["Flag"]):
    def open(self) -> Self:
        """Keep the reports that wait for a moderator; withdrawing an annotation leaves nothing to decide."""
        return self.filter(settled_by__isnull=True, annotation__state=Annotation.State.PUBLISHED)

    def with_people(self) -> Self:
        return self.select_related("creator", "settled_by__moderator", "annotation__creator")


class Flag(models.Model):
    """One reader's report of one annotation, open until a moderator decides about the annotation."""

    class Reason(models.TextChoices):
        SPAM = "spam", "Spam or advertising"
        ABUSE = "abuse", "Insult, threat or harassment"
        PRIVACY = "privacy", "Private information"
        MISLEADING = "misleading", "A source that is misquoted or made up"
        OFF_TOPIC = "off topic", "Not about these words"
        OTHER = "other", "Something else"

    annotation = models.ForeignKey(Annotation, models.CASCADE, related_name="flags")
    creator = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="flags")
    reason = models.CharField(max_length=12, choices=Reason.choices)
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
        return "Waiting" if self.annotation.is_published else self.annotation.get_state_display()


class AppendOnlyError(TypeError):
    """Somebody tried to change or delete a line of the log."""

    def __init__(self) -> None:
        super().__init__("The moderation log is only ever added to; record a new decision instead.")


class ModerationEntryQuerySet(models.QuerySet["ModerationEntry"]):
    def with_people(self) -> Self:
        return self.select_related("moderator", "annotation__creator")

    def update(self, **_values: object) -> NoReturn:
        """Refuse: the log is only added to. `bulk_update` ends here too."""
        raise AppendOnlyError

    def delete(self) -> NoReturn:
        """Refuse: the log is only added to."""
        raise AppendOnlyError

    def bulk_create(self, *_arguments: object, **_options: object) -> NoReturn:
        """Refuse: it can overwrite rows on a conflict, and decisions are made one at a time."""
        raise AppendOnlyError


class ModerationEntry(models.Model):
    """One line of the log: who did what to which annotation, and why. Only ever added.

    The refusals here stop our own code and the admin. Database triggers would not add to that: whoever holds a
    connection that skips this model can drop a trigger too, and there would be two dialects of them to keep.
    """

    class Action(models.TextChoices):
        HIDE = "hide", "Hidden"
        RESTORE = "restore", "Restored"
        KEEP = "keep", "Looked at, kept"
        PLACE = "place", "Set on other words by hand"
        REMOVE = "remove", "Removed another reader’s words for it"
        UNLINK = "unlink", "Took away an archived copy"

    annotation = models.ForeignKey(Annotation, models.PROTECT, related_name="moderation_entries")
    moderator = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="moderation_entries")
    action = models.CharField(max_length=8, choices=Action.choices)
    from_state = models.CharField(max_length=10, choices=Annotation.State.choices)
    to_state = models.CharField(max_length=10, choices=Annotation.State.choices)
    reason = models.CharField(max_length=1000)
    # Of an anchor set by hand: where it was and where it is now, in words. Of what was removed: whose words, and which.
    details = models.TextField(blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = ModerationEntryQuerySet.as_manager()

    class Meta:
        ordering = ("-id",)
        verbose_name = "moderation log entry"
        verbose_name_plural = "moderation log"

    def __str__(self) -> str:
        return f"{self.get_action_display()}: {self.reason}"

    def save(self, *_arguments: object, using: str | None = None, **_options: object) -> None:
        """Add the line; refuse to save it a second time."""
        if not self._state.adding:
            raise AppendOnlyError
        # A new object that carries the number of a line there is must not replace it.
        super().save(force_insert=True, using=using)

    def delete(self, *_arguments: object, **_options: object) -> NoReturn:
        """Refuse: the log is only added to."""
        raise AppendOnlyError
