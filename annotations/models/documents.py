"""Documents: what readers cite beside one article, each once, and what the last look at its address found."""

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from reader.models import Article


class DocumentQuerySet(models.QuerySet["Document"]):
    def published(self) -> Self:
        """Keep what is beside articles that are read."""
        return self.filter(article__current_revision__isnull=False)

    def on(self, article: Article) -> Self:
        return self.filter(article=article)


class Document(models.Model):
    """One document beside one article, however often it is cited there. A Source cites it for some words."""

    class Status(models.TextChoices):
        ALIVE = "alive", "There"
        MOVED = "moved", "Moved"
        CHANGED = "changed", "Changed since it was cited"
        DEAD = "dead", "No longer there"
        BLOCKED = "blocked", "Cannot be checked"

    article = models.ForeignKey(Article, models.CASCADE, related_name="documents", db_index=False)
    # The address in one spelling, so that the same document is known again.
    canonical_url = models.CharField(max_length=2000, db_index=True)
    # The first of the documents that readers have marked as the same story; empty where it is that one, or alone.
    same_as = models.ForeignKey("self", models.SET_NULL, null=True, blank=True, related_name="copies")

    # What the last look found; empty before the first. Only the scheduled check looks, never a page.
    status = models.CharField(max_length=8, choices=Status.choices, blank=True)
    checked_at = models.DateTimeField(null=True, blank=True)
    # Of the last answer, where there was one.
    http_status = models.PositiveSmallIntegerField(null=True, blank=True)
    found_title = models.CharField(max_length=300, blank=True)
    found_on = models.DateField(null=True, blank=True, help_text="The date that the document bears.")
    moved_to = models.CharField(max_length=2000, blank=True)
    # Of the words of the document, when it was first seen and last; they differ when it changed.
    first_hash = models.CharField(max_length=64, blank=True)
    content_hash = models.CharField(max_length=64, blank=True)
    # For conditional requests, as the server gave them.
    etag = models.CharField(max_length=300, blank=True)
    last_modified = models.CharField(max_length=100, blank=True)
    # How often in a row no answer came, and when to look again; empty: at the next round.
    failure_count = models.PositiveSmallIntegerField(default=0)
    check_after = models.DateTimeField(null=True, blank=True)
    # A copy in an archive: found or given by hand, by whom, and when one was looked for, which is done once.
    archived_url = models.CharField(max_length=2000, blank=True)
    archived_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")
    archive_sought_at = models.DateTimeField(null=True, blank=True)

    objects = DocumentQuerySet.as_manager()

    class Meta:
        ordering = ("id",)
        constraints = (models.UniqueConstraint(fields=("article", "canonical_url"), name="document_once_an_article"),)
        indexes = (
            # What is due to be looked at.
            models.Index(fields=("check_after",), name="document_by_check"),
        )

    def __str__(self) -> str:
        return self.canonical_url

    @property
    def story_id(self) -> int:
        """Give what is counted once: the id of the first document of the same story, which may be its own."""
        return self.same_as_id or self.pk


class SameStoryQuerySet(models.QuerySet["SameStory"]):
    def on(self, article: Article) -> Self:
        return self.filter(first__article=article)

    def counted(self) -> Self:
        """Keep those of readers who are still here."""
        return self.filter(reader__is_active=True)


class SameStory(models.Model):
    """One reader's word that two documents beside an article are the same story, or that they are not."""

    # The smaller id first, so that a pair is always the same pair.
    first = models.ForeignKey(Document, models.CASCADE, related_name="+")
    second = models.ForeignKey(Document, models.CASCADE, related_name="+")
    reader = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="same_stories")
    is_same = models.BooleanField()
    created_at = models.DateTimeField(auto_now_add=True)

    objects = SameStoryQuerySet.as_manager()

    class Meta:
        ordering = ("id",)
        verbose_name_plural = "same stories"
        constraints = (
            models.UniqueConstraint(fields=("first", "second", "reader"), name="same_story_once_a_reader"),
            models.CheckConstraint(condition=Q(first__lt=F("second")), name="same_story_in_order"),
        )

    def __str__(self) -> str:
        return f"{self.first_id} {'=' if self.is_same else '≠'} {self.second_id}, says {self.reader_id}"
