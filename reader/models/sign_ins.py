"""Where people are signed in."""

from datetime import timedelta
from typing import Self

from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import models
from django.db.models import Exists, OuterRef
from django.utils import timezone

# So long after it was used last we keep even the surroundings of an address.
NETWORK_KEPT_FOR = timedelta(days=30)


class SignInQuerySet(models.QuerySet["SignIn"]):
    def standing(self) -> Self:
        """Keep those whose session goes on."""
        sessions = Session.objects.filter(session_key=OuterRef("session_key"), expire_date__gt=timezone.now())
        return self.filter(Exists(sessions))

    def over(self) -> Self:
        """Keep those whose session has ended, by whatever way."""
        return self.exclude(pk__in=self.model.objects.standing().values("pk"))


class SignIn(models.Model):
    """That somebody is signed in with one browser: which, from about where, and since when."""

    reader = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="sign_ins")
    session_key = models.CharField(max_length=40, unique=True)
    browser = models.CharField(max_length=60)
    # The surroundings of an address, never an address; empty when it was used last too long ago.
    network = models.CharField(max_length=50, blank=True)
    signed_in_at = models.DateTimeField(auto_now_add=True)
    seen_at = models.DateTimeField()

    objects = SignInQuerySet.as_manager()

    class Meta:
        ordering = ("-seen_at", "-id")

    def __str__(self) -> str:
        return f"{self.reader_id}: {self.browser}"
