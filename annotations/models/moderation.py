"""Reports by readers and the log of what moderators did."""

from django.conf import settings
from django.db import models

from annotations.models.annotations import Annotation


class Flag(models.Model):
    """One reader's report of one annotation."""

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

    class Meta:
        ordering = ("-created_at",)
        verbose_name = "report"
        constraints = (models.UniqueConstraint(fields=("annotation", "creator"), name="flag_once_a_reader"),)

    def __str__(self) -> str:
        return f"{self.get_reason_display()} ({self.annotation_id})"


class ModerationEntry(models.Model):
    """One line of the log: who did what to which annotation, and why. Only ever added."""

    class Action(models.TextChoices):
        HIDE = "hide", "Hidden"
        RESTORE = "restore", "Restored"

    annotation = models.ForeignKey(Annotation, models.PROTECT, related_name="moderation_entries")
    moderator = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="moderation_entries")
    action = models.CharField(max_length=8, choices=Action.choices)
    from_state = models.CharField(max_length=10, choices=Annotation.State.choices)
    to_state = models.CharField(max_length=10, choices=Annotation.State.choices)
    reason = models.CharField(max_length=1000)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ("-id",)
        verbose_name = "moderation log entry"
        verbose_name_plural = "moderation log"

    def __str__(self) -> str:
        return f"{self.get_action_display()}: {self.reason}"
