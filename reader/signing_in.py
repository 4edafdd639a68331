"""Know where people are signed in, so that they can see it and end it.

What is known is little: which browser in words, about where, and when. It is written down when somebody signs in, and
at most once an hour after.
"""

from datetime import timedelta

from django.contrib.sessions.models import Session
from django.core.cache import caches
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from reader import devices
from reader.models import SignIn, User
from reader.models.sign_ins import NETWORK_KEPT_FOR

_GRAIN = timedelta(hours=1)


def is_told(session_key: str) -> bool:
    """Say whether this process wrote down within the hour that a session is used, and take it that it now does."""
    return not caches["people"].add(f"seen.{session_key}", 1, timeout=_GRAIN.total_seconds())


def note(*, reader: User, session_key: str, user_agent: str, address: str) -> None:
    """Write down that a session is used now, and from where."""
    now, network = timezone.now(), devices.network(address)
    seen = {"browser": devices.browser(user_agent), "network": network, "seen_at": now, "reader": reader}
    SignIn.objects.update_or_create(session_key=session_key, defaults=seen)


def standing(reader: User) -> QuerySet[SignIn]:
    """Give where a reader is signed in, what was used last first."""
    return SignIn.objects.filter(reader=reader).standing()


def end(*, reader: User, sign_in_id: int) -> None:
    """Sign a reader out of one browser; where they are not signed in that does nothing."""
    _end(SignIn.objects.filter(reader=reader, pk=sign_in_id))


def end_others(*, reader: User, but: str | None) -> None:
    """Sign a reader out everywhere but in the session of this key."""
    _end(SignIn.objects.filter(reader=reader).exclude(session_key=but or ""))


def forget() -> int:
    """Forget where sessions came from that were used too long ago, and those that are over; say how many."""
    old = SignIn.objects.filter(seen_at__lt=timezone.now() - NETWORK_KEPT_FOR).exclude(network="")
    return old.update(network="") + SignIn.objects.over().delete()[0]


def _end(sign_ins: QuerySet[SignIn]) -> None:
    with transaction.atomic():
        Session.objects.filter(session_key__in=list(sign_ins.values_list("session_key", flat=True))).delete()
        sign_ins.delete()
