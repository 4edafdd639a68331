"""Documents: what readers cite beside one article, each once, and what the last look at its address found."""

from datetime import datetime
from typing import Self

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import Exists, F, OuterRef, Q

from annotations.models.annotations import Annotation
from reader.models import Article, User


class DocumentQuerySet(models.QuerySet["Document"]):
    def published(self) -> Self:
        """Keep what is beside articles that are read."""
        return self.filter(article__current_revision__isnull=False)

    def on(self, article: Article) -> Self:
        return self.filter(article=article)

    def cited(self) -> Self:
        """Keep what something that all may read cites. Nobody is shown the others, and nobody looks after them."""
        return self.filter(Exists(Annotation.objects.published().filter(sources__document=OuterRef("pk"))))

    def due(self, now: datetime) -> Self:
        """Keep what is to be looked at by now, of what is cited beside articles that are read."""
        is_due = Q(check_after__isnull=True) | Q(check_after__lte=now)
        return self.cited().filter(is_due, article__current_revision__isnull=False)

    def wanting_a_copy(self) -> Self:
        """Keep what is not there any more as it was cited, has no copy, and was never looked for in an archive."""
        lost = self.cited().filter(status__in=LOST, archived_url="", archive_sought_at__isnull=True)
        return lost.filter(article__current_revision__isnull=False)


class Document(models.Model):
    """One document beside one article, however often it is cited there. A Source cites it for some words."""

    class Status(models.TextChoices):
        ALIVE = "alive", "There"
        MOVED = "moved", "Moved"
        CHANGED = "changed", "Changed since it was cited"
        DEAD = "dead", "No longer there"
        BLOCKED = "blocked", "Cannot be checked"

    class Obstacle(models.TextChoices):
        ROBOTS = "robots", "asks robots to stay away"
        REFUSED = "refused", "does not let us in"
        SIGN_IN = "sign-in", "asks visitors to sign in"
        BUSY = "busy", "asks us to come back another time"
        UNTRUSTED = "untrusted", "cannot prove that it is who it says"
        NOT_PUBLIC = "not public", "leads to where nothing is fetched from"
        NOT_FOUND = "not found", "has no such page any more"
        NO_SERVER = "no server", "has no server any more"
        NO_ANSWER = "no answer", "does not answer"

    article = models.ForeignKey(Article, models.CASCADE, related_name="documents", db_index=False)
    # The address in one spelling, so that the same document is known again.
    canonical_url = models.CharField(max_length=2000, db_index=True)
    # The first of the documents that readers have marked as the same story; empty where it is that one, or alone.
    same_as = models.ForeignKey("self", models.SET_NULL, null=True, blank=True, related_name="copies")

    # What the last look found; empty before the first. Only the scheduled check looks, never a page.
    status = models.CharField(max_length=8, choices=Status.choices, blank=True)
    # When a look last bore the status out.
    checked_at = models.DateTimeField(null=True, blank=True)
    # Why the last look did not find the document; what is not yet believed leaves the status as it was.
    obstacle = models.CharField(max_length=10, choices=Obstacle.choices, blank=True)
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
    # How often in a row it was not found, and when to look again; empty: at the next round.
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

    @property
    def is_lost(self) -> bool:
        """Say whether it is not there any more as it was cited."""
        return self.status in LOST

    @property
    def standing(self) -> str:
        """Say in a few words what is remarkable about it; nothing where it is there, or was never looked at."""
        match self.status:
            case self.Status.CHANGED:
                return "Changed since it was cited"
            case self.Status.DEAD if self.obstacle == self.Obstacle.NO_ANSWER:
                return "Does not answer any more"
            case self.Status.DEAD:
                return "No longer there"
            case self.Status.BLOCKED if self.obstacle in BLOCKING:
                return f"Cannot be checked ({self.get_obstacle_display()})"
            case self.Status.BLOCKED:
                return "Cannot be checked"
        return ""

    @property
    def shown(self) -> tuple[str, str, str]:
        """Give all that pages show of what checks found, but for the day."""
        return self.standing, self.moved_to, self.archived_url

    def may_be_given_a_copy_by(self, reader: User | AnonymousUser) -> bool:
        """Say whether the reader may give its archived copy, or another one than there is.

        What somebody gave is theirs to change; what a check found is anybody's who is signed in.
        """
        is_free = not self.archived_url or self.archived_by_id is None
        return reader.is_authenticated and (is_free or self.archived_by_id == reader.pk)


# Not there any more as it was cited: what a copy in an archive is good for.
LOST = (Document.Status.DEAD, Document.Status.CHANGED)
# What keeps us from looking, and says nothing about the document itself.
BLOCKING = (
    Document.Obstacle.ROBOTS,
    Document.Obstacle.REFUSED,
    Document.Obstacle.SIGN_IN,
    Document.Obstacle.BUSY,
    Document.Obstacle.UNTRUSTED,
    Document.Obstacle.NOT_PUBLIC,
)


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
