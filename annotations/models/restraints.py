"""What keeps order before anybody has to decide: suspensions, watched words, known sites, slow mode."""

from datetime import datetime
from typing import Self

from django.conf import settings
from django.db import models
from django.utils import timezone

from reader.models import Article


class SuspensionQuerySet(models.QuerySet["Suspension"]):
    def in_force(self, at: datetime | None = None) -> Self:
        """Keep those that hold now, or at a moment."""
        at = at or timezone.now()
        return self.filter(lifted_at__isnull=True, created_at__lte=at, until__gt=at)


class Suspension(models.Model):
    """That a reader may not write, rate or report until a day, and why."""

    class Scope(models.TextChoices):
        WRITING = "writing", "Writing"
        RATING = "rating", "Rating"
        REPORTING = "reporting", "Reporting"

    reader = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="suspensions", db_index=False)
    scope = models.CharField(max_length=10, choices=Scope.choices)
    until = models.DateTimeField()
    reason = models.CharField(max_length=1000, help_text="The reader is told.")
    moderator = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)
    lifted_at = models.DateTimeField(null=True, blank=True)

    objects = SuspensionQuerySet.as_manager()

    class Meta:
        ordering = ("-id",)
        # Whether a reader may do something now.
        indexes = (models.Index(fields=("reader", "scope", "until"), name="suspension_by_reader"),)

    def __str__(self) -> str:
        return f"{self.reader}: no {self.scope} until {self.until:%Y-%m-%d}"


class WatchedTerm(models.Model):
    """Words for which an annotation or a line beside one waits for a moderator. None of them is forbidden."""

    words = models.CharField(max_length=100, unique=True, help_text="A word or a few, without regard to capitals.")
    note = models.CharField(max_length=300, blank=True, help_text="Why it is watched; only moderators read it.")
    creator = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ("words",)

    def __str__(self) -> str:
        return self.words


class KnownSite(models.Model):
    """A site that what is published here has linked to: its registered name, such as example.co.uk."""

    name = models.CharField(max_length=255, unique=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ("name",)

    def __str__(self) -> str:
        return self.name


class SlowModeQuerySet(models.QuerySet["SlowMode"]):
    def on(self, article: Article) -> "SlowMode | None":
        """Give the slow mode of an article that holds now, or None."""
        return self.filter(article=article, until__gt=timezone.now()).select_related("moderator").first()


class SlowMode(models.Model):
    """That readers pause between what they write beside one article, for a while."""

    article = models.OneToOneField(Article, models.CASCADE, related_name="slow_mode")
    seconds = models.PositiveIntegerField(help_text="Between two annotations or answers of one reader.")
    until = models.DateTimeField()
    moderator = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    reason = models.CharField(max_length=1000)
    created_at = models.DateTimeField(auto_now=True)

    objects = SlowModeQuerySet.as_manager()

    class Meta:
        ordering = ("id",)

    def __str__(self) -> str:
        return f"{self.article_id}: {self.seconds} seconds until {self.until:%Y-%m-%d %H:%M}"
