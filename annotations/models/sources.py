"""Sources: documents that bear on the words annotated, and what readers who opened them say."""

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q

from annotations.models.annotations import Annotation
from annotations.models.documents import Document
from annotations.models.lines import Line, LineQuerySet
from annotations.models.moderation import ModerationEntry


class SourceQuerySet(models.QuerySet["Source"]):
    def published(self) -> Self:
        """Keep what annotations cite that all may read."""
        return self.filter(annotation__state=Annotation.State.PUBLISHED)

    def with_annotation(self) -> Self:
        return self.select_related("document", "annotation__creator", "annotation__article__current_revision").defer(
            "annotation__article__current_revision__text"
        )


class Source(models.Model):
    """A document cited by one annotation, and what it does for the words."""

    class Stance(models.TextChoices):
        SUPPORTS = "supports", "Supports"
        CONTRADICTS = "contradicts", "Contradicts"
        CONTEXT = "context", "Gives context"

    annotation = models.ForeignKey(Annotation, models.CASCADE, related_name="sources")
    document = models.ForeignKey(Document, models.PROTECT, related_name="sources")
    url = models.URLField("address", max_length=2000, help_text="As its reader gave it.")
    title = models.CharField(max_length=300, blank=True)
    publisher = models.CharField(max_length=200, blank=True)
    published_on = models.DateField(null=True, blank=True)
    stance = models.CharField(max_length=12, choices=Stance.choices)
    excerpt = models.TextField(blank=True, help_text="The words that matter, quoted.")
    locator = models.CharField(max_length=200, blank=True, help_text="Where in the document: page, section, minute.")
    # Whether more of the readers who opened it bear it out, wholly or in part, than say that it does not say this.
    # Written with every verdict, so that the ledger can count by it.
    is_verified = models.BooleanField(default=False, editable=False)

    objects = SourceQuerySet.as_manager()

    class Meta:
        ordering = ("id",)

    def __str__(self) -> str:
        return self.title or self.url

    @property
    def deed(self) -> str:
        """Say what it does for the words, as it is cited."""
        return DEEDS[self.stance]


# What a document does for the words, by its stance.
DEEDS = {
    Source.Stance.SUPPORTS.value: "supports this",
    Source.Stance.CONTRADICTS.value: "contradicts this",
    Source.Stance.CONTEXT.value: "gives this context",
}


class SourceVerdictQuerySet(LineQuerySet["SourceVerdict"]):
    def counted(self) -> Self:
        """Keep those of readers who are still here: who has left, or was sent away, speaks for nothing any more."""
        return self.filter(reader__is_active=True)


class SourceVerdict(Line):
    """What one reader who opened a source says of it: whether it bears out what it is cited for.

    The verdict counts from the first; only its remark may have to wait for a moderator.
    """

    kind = "remark"
    name = "Remark on a source"
    removed_as = ModerationEntry.Action.STRIKE
    words_in = "remark"
    said_by = "reader"
    stands_beside = "source__annotation"

    class Verdict(models.TextChoices):
        SUPPORTS = "supports", "Supports it"
        PARTLY = "partly", "Partly"
        DOES_NOT_SAY = "does not say", "Does not say this"
        COULD_NOT_OPEN = "could not open", "Could not open it"

    source = models.ForeignKey(Source, models.CASCADE, related_name="verdicts", db_index=False)
    reader = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="source_verdicts")
    verdict = models.CharField(max_length=16, choices=Verdict.choices)
    remark = models.CharField(max_length=300, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = SourceVerdictQuerySet.as_manager()

    class Meta:
        ordering = ("id",)
        constraints = (
            models.UniqueConstraint(fields=("source", "reader"), name="verdict_once_a_reader"),
            models.CheckConstraint(condition=Q(held__isnull=True) | ~Q(remark=""), name="verdict_held_for_a_remark"),
        )
        indexes = (
            # What waits for a moderator, the longest first.
            models.Index(fields=("held",), condition=Q(held__isnull=False), name="verdict_held"),
        )

    def __str__(self) -> str:
        return f"{self.source_id}: {self.verdict}, says {self.reader_id}"

    @property
    def words(self) -> str:
        """Say it in words that fit what the source is cited for."""
        if self.verdict == self.Verdict.SUPPORTS:
            return f"it {self.source.deed}"
        return {
            self.Verdict.PARTLY.value: "partly",
            self.Verdict.DOES_NOT_SAY.value: "it does not say this",
            self.Verdict.COULD_NOT_OPEN.value: "could not open it",
        }[self.verdict]

    def clear(self) -> None:
        """Take the remark away; the verdict stays, as it was said when it was."""
        self.remark, self.held = "", None
        self.save(update_fields=["remark", "held"])
