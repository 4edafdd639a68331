"""Mute people: what they wrote is folded in threads, and they cause no notices, for whoever muted them and nobody else.

The margin shows them as it does to everybody: it is one kept text for all readers, and says a line of each at most.
"""

from django.contrib.auth.models import AnonymousUser
from django.db import transaction
from django.db.models import QuerySet

from annotations.models import Mute, Subscription
from reader.models import User


class Refused(ValueError):
    """Who cannot be muted, with a sentence for who asked."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


def mute(*, reader: User, person: User) -> None:
    """Mute somebody, and follow them no longer; twice does nothing more. Raises Refused for oneself."""
    if reader == person:
        raise Refused("You cannot mute yourself.")
    with transaction.atomic():
        Mute.objects.bulk_create([Mute(reader=reader, person=person)], ignore_conflicts=True)
        Subscription.objects.filter(follower=reader, person=person).delete()


def unmute(*, reader: User, person: User) -> None:
    """Hear from somebody again; twice does nothing more."""
    Mute.objects.filter(reader=reader, person=person).delete()


def is_muting(*, reader: User, person: User) -> bool:
    """Say whether one muted the other."""
    return Mute.objects.filter(reader=reader, person=person).exists()


def muted_by(reader: User) -> QuerySet[Mute]:
    """Give whom somebody muted, the latest first."""
    return Mute.objects.filter(reader=reader).select_related("person")


def ids(viewer: User | AnonymousUser) -> frozenset[int]:
    """Give the numbers of those whom a viewer muted, in one query; strangers mute nobody."""
    if not viewer.is_authenticated:
        return frozenset()
    return frozenset(Mute.objects.filter(reader=viewer).order_by().values_list("person", flat=True))
