"""Copies of all that the site keeps about one reader, made for them."""

import secrets
from datetime import datetime, timedelta
from pathlib import Path
from typing import Self

from django.conf import settings
from django.db import models
from django.utils import timezone

# So long a copy can be fetched; it holds everything, so it is not left lying about.
KEPT_FOR = timedelta(days=7)


def make_token() -> str:
    """Give what names a copy, and cannot be guessed."""
    return secrets.token_urlsafe(32)


class ExportQuerySet(models.QuerySet["Export"]):
    def of(self, reader_id: int) -> Self:
        return self.filter(reader=reader_id)

    def standing(self) -> Self:
        """Keep those that are not too old to be fetched."""
        return self.filter(asked_at__gt=timezone.now() - KEPT_FOR)

    def over(self) -> Self:
        return self.filter(asked_at__lte=timezone.now() - KEPT_FOR)


class Export(models.Model):
    """One copy: asked for by its reader, made by the worker, fetched by the reader alone, and gone after a week."""

    reader = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="exports")
    token = models.CharField(max_length=50, unique=True, default=make_token, editable=False)
    asked_at = models.DateTimeField(auto_now_add=True)
    made_at = models.DateTimeField(null=True, blank=True)
    size = models.PositiveBigIntegerField(default=0)

    objects = ExportQuerySet.as_manager()

    class Meta:
        ordering = ("-id",)

    def __str__(self) -> str:
        return f"of {self.reader_id}, {self.asked_at:%Y-%m-%d}"

    @property
    def path(self) -> Path:
        """Give where its file is, or will be."""
        return Path(settings.VAR_DIR) / "exports" / f"{self.token}.zip"

    @property
    def kept_until(self) -> datetime:
        return self.asked_at + KEPT_FOR
