"""Limits: how often something may be done by one account and from one address, counted alike by every process.

    asking_from  says where a request comes from, while it is answered
    count        something is done now; raises TooOften when that is too often
    forget       throws away what nothing looks back at any more

What is done is counted in the transaction that does it, as its last step: what is not done in the end was never
counted, of two at once the second sees the first, and since everything else is locked by then, nobody waits in a ring.
docs/decisions/limits.md says why these are rows of our own.
"""

import ipaddress
import math
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import NamedTuple

from django.conf import settings
from django.core.cache import caches
from django.core.cache.backends.db import DatabaseCache
from django.db import connection, transaction
from django.utils import timezone

from reader import hashing, rates
from reader.models import Tally, User
from reader.rates import Rate

# Of an IPv6 address so many bits are one connection's: it has all the addresses in it.
_BITS = 64

# What is limited, as readers say that they do it. Those who write are told that their words are still there.
_DEEDS = {
    "annotations": "post",
    "asks": "ask for a source",
    "edits": "save",
    "restatements": "say it in your words",
    "judgements": "say what you think of something",
    "reports": "report something",
    "previews": "look at a preview",
    "searches": "look up a source",
    "sign-ups": "make an account",
    "sign-ins": "try to sign in",
    "password-mails": "ask for a new password",
}
_WRITING = {"annotations", "edits", "restatements", "reports"}


# How each of our own refusals begins; pages that say it in their heading leave it out.
BEGINNING = "That was too often in a short time. "

# The same on both databases. What is written is what stands there already: it only takes the lock.
_LOCK = """
    INSERT INTO reader_tally (key, moments, over_at) VALUES {rows}
    ON CONFLICT (key) DO UPDATE SET over_at = reader_tally.over_at
    RETURNING key, moments, over_at
"""


class TooOften(Exception):
    """Something was done too often in a short time, with a sentence on when it may be done again."""

    def __init__(self, message: str, *, seconds: int) -> None:
        super().__init__(message)
        self.message = message
        self.seconds = seconds


@dataclass
class Visit:
    """One request while it is answered: where it comes from; if it was refused, how many seconds it waits, and why."""

    address: str
    wait: int = 0
    refusal: str = ""


class _Counted(NamedTuple):
    """One count that something goes into: whose it is, and what it may come to."""

    key: str
    rates: Sequence[Rate]


_visit: ContextVar[Visit | None] = ContextVar("visit", default=None)


@contextmanager
def asking_from(address: str) -> Iterator[Visit]:
    """Let everything inside be counted for this address too. Outside of it, as in commands, accounts alone count."""
    visit = Visit(address)
    before = _visit.set(visit)
    try:
        yield visit
    finally:
        _visit.reset(before)


def count(limit: str, *, by: User | None = None, is_new: bool = False) -> None:
    """Count that something is done now, by an account, or by a stranger; `is_new` for the tighter limit of the new.

    Raises TooOften, and counts nothing then.
    """
    counted = sorted(_counted(limit, by, is_new=is_new))
    if not counted:
        return
    with transaction.atomic():
        tallies = _locked(counted)
        now = timezone.now().timestamp()
        if wait := max(rates.wait(tallies[each.key].moments, each.rates, now) for each in counted):
            raise too_often(limit, wait)
        for each in counted:
            tally, memory = tallies[each.key], rates.longest(each.rates)
            tally.moments = [moment for moment in tally.moments if moment > now - memory] + [
                math.floor(now * 100) / 100
            ]
            tally.over_at = datetime.fromtimestamp(now + memory, tz=UTC)
        Tally.objects.bulk_update(tallies.values(), ["moments", "over_at"])


def too_often(limit: str, wait: float) -> TooOften:
    """Give the refusal of something that was done too often, and let the answer say when to come back."""
    kept = " What you typed is still here." if limit in _WRITING else ""
    return refusal(f"{BEGINNING}You can {_DEEDS[limit]} again in {rates.said(wait)}.{kept}", wait)


def refusal(message: str, wait: float) -> TooOften:
    """Give a refusal in words of one's own, and let the answer say when to come back."""
    seconds = max(1, math.ceil(wait))
    if visit := _visit.get():
        visit.wait, visit.refusal = seconds, message
    return TooOften(message, seconds=seconds)


def unmapped(address: str) -> str:
    """Give an address in its plain form: one of IPv4 may come in the clothes of IPv6, and all of those look alike."""
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return address
    return str((isinstance(found, ipaddress.IPv6Address) and found.ipv4_mapped) or found)


def connection_of(address: str) -> str:
    """Give what of an address is one connection's: all of IPv4, the first 64 bits of IPv6."""
    return str(ipaddress.ip_network(f"{address}/{_BITS}", strict=False)) if ":" in address else address


def forget() -> int:
    """Throw away the counts that nothing looks back at any more, and say how many of our own that were."""
    forgotten, _ = Tally.objects.filter(over_at__lte=timezone.now()).delete()
    _forget_cached()
    return forgotten


def _counted(limit: str, by: User | None, *, is_new: bool) -> Iterator[_Counted]:
    """Give the counts that something goes into: of the account, and of the address; a stranger has only that."""
    limits, visit = settings.LIMITS, _visit.get()
    own = limits.get(limit, ())
    of_account = limits.get(f"{limit}.new", own) if is_new else own
    of_address = limits.get(f"{limit}.address", own if by is None else ())
    if by is not None and of_account:
        yield _Counted(hashing.keyed(f"{limit} account {by.pk}"), of_account)
    if visit is not None and of_address:
        yield _Counted(hashing.keyed(f"{limit} address {connection_of(visit.address)}"), of_address)


def _locked(counted: Sequence[_Counted]) -> dict[str, Tally]:
    """Give the tallies, locked in the order of their keys; one that is not there yet is made.

    Both in one statement: who locks those that are there and then makes the others waits in a ring with another.
    """
    now = connection.ops.adapt_datetimefield_value(timezone.now())
    values = [value for each in counted for value in (each.key, now)]
    found = Tally.objects.raw(_LOCK.format(rows=", ".join(["(%s, '[]', %s)"] * len(counted))), values)
    return {tally.key: tally for tally in found}


def _forget_cached() -> None:
    """Throw away what is over in the cache where allauth counts: it does so itself only when that is full."""
    cache = caches["default"]
    if isinstance(cache, DatabaseCache):
        with connection.cursor() as cursor:
            table = connection.ops.quote_name(cache._table)  # type: ignore[attr-defined]
            over = connection.ops.adapt_datetimefield_value(timezone.now().replace(microsecond=0))
            cursor.execute(f"DELETE FROM {table} WHERE expires < %s", [over])  # noqa: S608
