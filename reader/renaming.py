"""Change the name that others see.

Whoever had the name before keeps it for a year, and it leads to them: links, mail and what others wrote of them go on
meaning the same person. What was written stays as it was written, mentions of the old name included.
"""

from datetime import datetime, timedelta

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from reader import usernames
from reader.models import User
from reader.models.users import NAME_TAKEN
from reader.signals import name_changed

# Often enough for who has thought about it; who changes every day wants not to be known.
AT_MOST_EVERY = timedelta(days=30)


class NotRenamed(ValueError):
    """Why somebody keeps the name they have, in a sentence for them."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


def next_at(reader: User) -> datetime | None:
    """Give from when a reader may change their name again, or None when they may now."""
    if reader.renamed_at is None:
        return None
    again = reader.renamed_at + AT_MOST_EVERY
    return again if timezone.now() < again else None


def rename(*, reader: User, username: str) -> User:
    """Give a reader another name, and give them as they are now; the name they have changes nothing.

    Raises NotRenamed for a name that cannot be one, is kept for the site, is another's or was until lately, and when
    the last change is too short ago.
    """
    name = usernames.normalize(username)
    with transaction.atomic():
        current = User.objects.select_for_update(no_key=True).get(pk=reader.pk)
        if current.username == name:
            return current
        _check(current, name)
        current.username, current.renamed_at = name, timezone.now()
        try:
            with transaction.atomic():
                current.save(update_fields=["username", "username_skeleton", "renamed_at"])
        except IntegrityError as error:
            raise NotRenamed(NAME_TAKEN) from error
        # Last, for it counts up what many readers wait for.
        name_changed.send(sender=User, reader=current)
    return current


def _check(reader: User, name: str) -> None:
    if reader.is_sample:
        raise NotRenamed("A sample account keeps its name.")
    if again := next_at(reader):
        raise NotRenamed(f"You changed your name lately. You can do it again from {again:%-d %B %Y} on.")
    try:
        usernames.validate_username(name)
        usernames.refuse_reserved(name)
    except ValidationError as error:
        raise NotRenamed(" ".join(error.messages)) from error
    if User.objects.is_taken(name, by=reader):
        raise NotRenamed(NAME_TAKEN)
