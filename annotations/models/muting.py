"""Whom readers do not want to hear from."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q


class Mute(models.Model):
    """That one reader muted another. Nobody but the first learns of it."""

    reader = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="mutes", db_index=False)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="muted_by")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ("-id",)
        constraints = (
            models.UniqueConstraint(fields=("reader", "person"), name="muted_once"),
            models.CheckConstraint(condition=~Q(reader=F("person")), name="mute_of_another"),
        )

    def __str__(self) -> str:
        return f"{self.reader_id} mutes {self.person_id}"
