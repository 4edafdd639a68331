"""Ratings: whether readers find an annotation helpful, and why."""

from typing import Self

from django.conf import settings
from django.db import models

from annotations.models.annotations import Annotation


class RatingQuerySet(models.QuerySet["Rating"]):
    def counted(self) -> Self:
        """Keep those of readers who are still here: who has left, or was sent away, weighs nothing any more."""
        return self.filter(reader__is_active=True)


class Rating(models.Model):
    """One reader's judgement of an annotation's quality. It says nothing about who is right."""

    class Value(models.TextChoices):
        HELPFUL = "helpful", "Helpful"
        SOMEWHAT = "somewhat", "Somewhat"
        NOT = "not", "Not helpful"

    class Side(models.TextChoices):
        FOR = "for", "For the words"
        AGAINST = "against", "Against the words"
        NONE = "none", "Of no side"

    annotation = models.ForeignKey(Annotation, models.CASCADE, related_name="ratings", db_index=False)
    reader = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="ratings")
    value = models.CharField(max_length=8, choices=Value.choices)
    # At least one, of the lists in annotations.ranking.
    reasons = models.JSONField(default=list)
    # What it counted with when the annotation's score was written last: how much, 0 to 1, which is less where the
    # account is new; and on which side of the words its reader stood, by what they said in public there.
    weight = models.FloatField(default=1.0)
    side = models.CharField(max_length=7, choices=Side.choices, default=Side.NONE)
    created_at = models.DateTimeField(auto_now_add=True)
    changed_at = models.DateTimeField(auto_now=True)

    objects = RatingQuerySet.as_manager()

    class Meta:
        ordering = ("id",)
        constraints = (models.UniqueConstraint(fields=("annotation", "reader"), name="rating_once_a_reader"),)
        # How often a reader rated one writer lately.
        indexes = (models.Index(fields=("reader", "-changed_at"), name="rating_by_reader"),)

    def __str__(self) -> str:
        return f"{self.annotation_id}: {self.value}, says {self.reader_id}"
