"""Accounts that are to be removed."""

from datetime import timedelta

from django.conf import settings
from django.db import models
from django.utils import timezone

# So long who leaves may change their mind.
CALLED_OFF_WITHIN = timedelta(days=7)


class DepartureQuerySet(models.QuerySet["Departure"]):
    def due(self) -> "DepartureQuerySet":
        """Keep those whose week is over."""
        return self.filter(due_at__lte=timezone.now())


class Departure(models.Model):
    """That somebody leaves: their account is closed, and removed when the week is over, unless they call it off."""

    reader = models.OneToOneField(settings.AUTH_USER_MODEL, models.CASCADE, related_name="departure")
    # Whether what they wrote goes with them; else it stays, under "former reader".
    is_withdrawing = models.BooleanField()
    announced_at = models.DateTimeField(auto_now_add=True)
    due_at = models.DateTimeField()

    objects = DepartureQuerySet.as_manager()

    class Meta:
        ordering = ("due_at", "id")

    def __str__(self) -> str:
        return f"{self.reader_id} leaves on {self.due_at:%Y-%m-%d}"
