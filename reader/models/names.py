"""Whose a name is: of the accounts that bear one, and of those that gave one up and may want it back."""

import hashlib
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.db import IntegrityError, models
from django.db.models import Q
from django.utils import timezone

from reader import usernames

if TYPE_CHECKING:
    from reader.models.users import User

# So long a name that was given up leads to who bore it, and nobody else gets it or one that looks like it.
KEPT_FOR = timedelta(days=365)


class NameTaken(IntegrityError):
    """A name is somebody else's, or was until lately."""


def key_of(username: str) -> str:
    """Give what stands for all names that look like this one, and tells none of them to who only looks."""
    return hashlib.sha256(usernames.skeleton(username).encode()).hexdigest()


class NameQuerySet(models.QuerySet["Name"]):
    def like(self, username: str) -> Self:
        """Keep the row of this name, or of the one that looks like it: one at most."""
        return self.filter(key=key_of(username))

    def kept(self) -> Self:
        """Keep the names that are somebody's: borne, or given up no longer ago than they are kept."""
        return self.filter(Q(given_up_at=None) | Q(given_up_at__gt=timezone.now() - KEPT_FOR))

    def given_up_by(self, reader: "User") -> Self:
        return self.filter(reader=reader, given_up_at__isnull=False).order_by("-given_up_at")

    def bear(self, reader: "User") -> None:
        """Write down that this account bears its name, and has given up the one before.

        Call it in the transaction that saves the account. Raises NameTaken, or IntegrityError where another account
        is taking the same name at this moment.
        """
        key = key_of(reader.username)
        # Not by related objects: of an account just made there are none to ask for.
        found = {name.key: name for name in self.filter(Q(key=key) | Q(reader=reader, given_up_at=None))}
        name = found.pop(key, None)
        if name is None:
            self.create(key=key, username=reader.username, reader=reader)
        elif not (name.is_of(reader) and name.given_up_at is None and name.username == reader.username):
            self._take(name, reader)
        if found:
            self.filter(pk__in=[each.pk for each in found.values()]).update(given_up_at=timezone.now())

    def _take(self, name: "Name", reader: "User") -> None:
        if not name.is_free_for(reader):
            raise NameTaken
        # Of two who take it at once the second finds it changed.
        as_seen = self.filter(pk=name.pk, reader=name.reader_id, given_up_at=name.given_up_at)
        if not as_seen.update(reader=reader, username=reader.username, given_up_at=None):
            raise NameTaken


class Name(models.Model):
    """One name and all that look like it: whose it is, and since when they bear it no longer.

    A row for every name of every account, each look there once. So the database itself refuses a name to the second of
    two who want it, whether it is borne or kept, and whoever asks first.
    """

    key = models.CharField(max_length=64, unique=True)
    # How it was written last. Empty, like whose it was, of an account that was removed.
    username = models.CharField(max_length=usernames.MAX_LENGTH, blank=True)
    reader = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, null=True, blank=True, related_name="names")
    given_up_at = models.DateTimeField(null=True, blank=True)

    objects = NameQuerySet.as_manager()

    class Meta:
        ordering = ("id",)

    def __str__(self) -> str:
        return self.username or "a name that nobody bears"

    @property
    def kept_until(self) -> datetime | None:
        """Give until when it is kept for who gave it up, or None while it is borne."""
        return self.given_up_at + KEPT_FOR if self.given_up_at else None

    def is_of(self, reader: "User") -> bool:
        return self.reader_id is not None and self.reader_id == reader.pk

    def is_free_for(self, reader: "User | None") -> bool:
        """Say whether somebody may take it: who bore it at any time, everybody else when it is kept no longer."""
        is_over = self.kept_until is not None and self.kept_until <= timezone.now()
        return is_over or (reader is not None and self.is_of(reader))
