"""How often something may be done: so many times in so long, several such at once. Computes only: no clock, no data.

The numbers are chosen for people who read and write, and against programs: docs/moderating.md says why each. A name
with `.new` is for accounts younger than a week, one with `.address` for all who come from one address together.
"""

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

OFF = "off"
# What counts wrong passwords of all names from one address.
WRONG_PASSWORDS = "wrong_passwords"

DEFAULTS = (
    "annotations=1/4s,10/m,60/h,200/d annotations.new=1/10s,5/m,20/h,50/d annotations.address=60/m,400/h "
    "asks=10/m,60/h,200/d asks.new=5/m,20/h,50/d asks.address=60/m,400/h "
    "edits=10/m,60/h,200/d edits.new=6/m,30/h,60/d "
    "restatements=1/4s,10/m,60/h restatements.new=1/10s,5/m,20/h "
    "judgements=30/m,300/h judgements.new=15/m,100/h judgements.address=120/m,1200/h "
    "reports=5/m,20/d reports.new=2/m,5/d reports.address=60/d "
    "previews=60/m searches=30/m "
    "sign-ups=5/h "
    "sign-ins=5/5m sign-ins.address=20/h "
    "password-mails=3/h password-mails.address=20/h"
)

_UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86400}
_RATE = re.compile(r"([1-9][0-9]{0,5})/([1-9][0-9]{0,3})?([smhd])")


@dataclass(frozen=True)
class Rate:
    """So many times within so many seconds."""

    number: int
    seconds: int


Limits = Mapping[str, tuple[Rate, ...]]


class RatesError(ValueError):
    """Limits that nobody can read, with a sentence for whoever wrote them."""


def parse(changes: str) -> Limits:
    """Read limits such as `annotations=1/4s,60/h searches=30/m`, each instead of the one of that name we chose.

    An empty one, such as `asks=`, sets no limit. `off` gives none at all. Raises RatesError.
    """
    if changes.strip().lower() == OFF:
        return {}
    limits = {name: _rates(rates) for name, rates in _pairs(DEFAULTS)}
    for name, rates in _pairs(changes):
        if name.partition(".")[0] not in limits or name.partition(".")[2] not in {"", "new", "address"}:
            raise RatesError(f"There is no limit named {name}; there are {', '.join(limits)}.")
        limits[name] = _rates(rates)
    return limits


def wait(moments: Sequence[float], rates: Sequence[Rate], now: float) -> float:
    """Give the seconds until something may be done once more that was done at these moments; 0 for now.

    The moments are in order, the oldest first. What is refused is not among them, so who tries again too soon waits
    no longer for it.
    """
    waits = [0.0]
    for rate in rates:
        recent = [moment for moment in moments if moment > now - rate.seconds]
        if len(recent) >= rate.number:
            waits.append(recent[-rate.number] + rate.seconds - now)
    return max(waits)


def longest(rates: Sequence[Rate]) -> int:
    """Give the seconds after which none of the rates looks back any more."""
    return max(rate.seconds for rate in rates)


def of_accounts(limits: Limits) -> dict[str, str] | bool:
    """Give the limits that allauth counts, in its words; False for none.

    Wrong passwords count, right ones do not: of a name from one address; and of all names from one address, by what
    allauth knows nothing of and never clears.
    """
    if not limits:
        return False
    return {
        "login_failed": ",".join(_of("key", limits["sign-ins"])),
        WRONG_PASSWORDS: ",".join(_of("ip", limits["sign-ins.address"])),
        "reset_password": ",".join(
            (*_of("ip", limits["password-mails.address"]), *_of("key", limits["password-mails"]))
        ),
    }


def said(seconds: float) -> str:
    """Say a wait as people do, never shorter than it is: 40 seconds, 3 minutes, 2 hours."""
    whole = max(1, math.ceil(seconds))
    if whole < 120:
        return _several(whole, "second")
    return _several(math.ceil(whole / 60), "minute") if whole < 7200 else _several(math.ceil(whole / 3600), "hour")


def _of(whose: str, rates: Sequence[Rate]) -> list[str]:
    return [f"{rate.number}/{rate.seconds}s/{whose}" for rate in rates]


def _several(number: int, thing: str) -> str:
    return f"{number} {thing}{'' if number == 1 else 's'}"


def _pairs(text: str) -> list[tuple[str, str]]:
    pairs = [part.partition("=") for part in text.replace(";", " ").split()]
    if wrong := [name for name, sign, _ in pairs if not sign]:
        raise RatesError(f"Limits are written as name=number/time, such as searches=30/m; this is none: {wrong[0]}.")
    return [(name, rates) for name, _, rates in pairs]


def _rates(text: str) -> tuple[Rate, ...]:
    return tuple(_rate(part) for part in text.split(",") if part)


def _rate(text: str) -> Rate:
    found = _RATE.fullmatch(text)
    if not found:
        raise RatesError(f"A rate is a number in a time (s, m, h or d), such as 10/m or 5/15m; this is none: {text}.")
    return Rate(int(found[1]), int(found[2] or 1) * _UNITS[found[3]])
