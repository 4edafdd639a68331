"""Where readers stand: whether they agree with what another wrote, and whether it changed their mind."""

from typing import Self

from django.conf import settings
from django.db import models

from annotations.models.annotations import Annotation


class PositionQuerySet(models.QuerySet["Position"]):
    def counted(self) -> Self:
        """Keep those of readers who are still here."""
        return self.filter(reader__is_active=True)


class Position(models.Model):
    """That one reader agrees with an annotation, or disagrees. It is neither a rating nor a report."""

    annotation = models.ForeignKey(Annotation, models.CASCADE, related_name="positions", db_index=False)
    reader = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="positions")
    is_agreeing = models.BooleanField()
    created_at = models.DateTimeField(auto_now_add=True)
    changed_at = models.DateTimeField(auto_now=True)

    objects = PositionQuerySet.as_manager()

    class Meta:
        ordering = ("id",)
        constraints = (models.UniqueConstraint(fields=("annotation", "reader"), name="position_once_a_reader"),)

    def __str__(self) -> str:
        return f"{self.reader_id} {'agrees' if self.is_agreeing else 'disagrees'} with {self.annotation_id}"


class ChangeOfMindQuerySet(models.QuerySet["ChangeOfMind"]):
    def counted(self) -> Self:
        """Keep those of readers who are still here."""
        return self.filter(reader__is_active=True)


class ChangeOfMind(models.Model):
    """That an annotation changed one reader's mind. Only how many they are is ever shown, and only from five on."""

    annotation = models.ForeignKey(Annotation, models.CASCADE, related_name="changes_of_mind", db_index=False)
    reader = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="changes_of_mind")
    created_at = models.DateTimeField(auto_now_add=True)

    objects = ChangeOfMindQuerySet.as_manager()

    class Meta:
        ordering = ("id",)
        verbose_name_plural = "changes of mind"
        constraints = (models.UniqueConstraint(fields=("annotation", "reader"), name="mind_changed_once"),)

    def __str__(self) -> str:
        return f"{self.annotation_id} changed a mind"
