"""Ratings: whether readers find an annotation helpful, and why."""

from django.conf import settings
from django.db import models

from annotations.models.annotations import Annotation


class Rating(models.Model):
    """One reader's judgement of an annotation's quality. It says nothing about who is right."""

    class Value(models.TextChoices):
        HELPFUL = "helpful", "Helpful"
        SOMEWHAT = "somewhat", "Somewhat"
        NOT = "not", "Not helpful"

    annotation = models.ForeignKey(Annotation, models.CASCADE, related_name="ratings", db_index=False)
    reader = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="ratings")
    value = models.CharField(max_length=8, choices=Value.choices)
    # At least one, of the lists in annotations.ranking.
    reasons = models.JSONField(default=list)
    # How much it counts, 0 to 1: less where the account was new when it was given.
    weight = models.FloatField(default=1.0)
    created_at = models.DateTimeField(auto_now_add=True)
    changed_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ("id",)
        constraints = (models.UniqueConstraint(fields=("annotation", "reader"), name="rating_once_a_reader"),)
        # How often a reader rated one writer lately.
        indexes = (models.Index(fields=("reader", "-changed_at"), name="rating_by_reader"),)

    def __str__(self) -> str:
        return f"{self.annotation_id}: {self.value}, says {self.reader_id}"
