"""Does the site take as long to answer about an account that is there as about one that is not?

    python -m benchmarks.enumeration [--rounds 60]

Each question is asked in two ways, in turns, of the site itself in one process with a database of its own (SQLite), as
a site asks that confirms addresses: the limits on guessing are off, the passwords are hashed as they are in production,
and mail is left to the worker. Told are the medians, how far they are apart, and how likely a difference as large as
the one seen is if there is none (the rank-sum test of Mann and Whitney, two-sided). A difference that a stranger could
use is far above what the network adds by chance, some milliseconds; of one below half a millisecond nobody learns.
"""

import itertools
import math
import os
import statistics
import sys
import tempfile
import time
from argparse import ArgumentParser
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from django.test import Client

PASSWORD = "correct horse battery"
STRANGERS_PASSWORD = "battery staple horse"
_WARMING = 3


class Question(NamedTuple):
    """Something a stranger may ask, about an account that is there and about one that is not."""

    name: str
    there: Callable[[], None]
    not_there: Callable[[], None]


def main() -> None:
    parser = ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--rounds", type=int, default=60)
    rounds = parser.parse_args().rounds
    with tempfile.TemporaryDirectory() as folder:
        _start(folder)
        print(f"{'':44}{'there':>10}{'not there':>12}{'apart':>10}{'by chance':>12}")
        for question in _questions():
            _tell(question.name, *_measure(question, rounds))


def _start(folder: str) -> None:
    os.environ |= {
        "VAR_DIR": folder,
        "DATABASE_URL": f"sqlite:///{folder}/gloss.sqlite3",
        "ALLOWED_HOSTS": "localhost",
        "EMAIL_VERIFICATION": "mandatory",
        "EMAIL_URL": "console:",
        "LIMITS": "off",
        "DJANGO_SETTINGS_MODULE": "reader.settings",
    }
    import django  # noqa: PLC0415  (settings come first)
    from django.conf import settings  # noqa: PLC0415
    from django.core.management import call_command  # noqa: PLC0415

    settings.ACCOUNT_RATE_LIMITS = False
    settings.STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    django.setup()
    call_command("migrate", verbosity=0)
    call_command("createcachetable", verbosity=0)


def _questions() -> Sequence[Question]:
    """Give what a stranger may ask; each question makes up names that nobody bears, for as often as it is asked."""
    from allauth.account.models import EmailAddress  # noqa: PLC0415
    from django.test import Client  # noqa: PLC0415

    from reader.models import User  # noqa: PLC0415

    ada = User.objects.create_user("ada", "ada@example.org", PASSWORD)
    EmailAddress.objects.create(user=ada, email=ada.email, primary=True, verified=True)
    berta = User.objects.create_user("berta", "berta@example.org", PASSWORD)
    EmailAddress.objects.create(user=berta, email=berta.email, primary=True, verified=True)
    # Two that a stranger made: one with an address that has an account, one with an address that has none.
    for name, email in (("carla", ada.email), ("dora", "dora@example.org")):
        stranger = User.objects.create_user(name, email, STRANGERS_PASSWORD)
        EmailAddress.objects.create(user=stranger, email=email, primary=True)
    numbers = itertools.count(1)

    def post(path: str, make: Callable[[int], dict[str, str]], client: "Client | None" = None) -> Callable[[], None]:
        def ask() -> None:
            number = next(numbers)
            (client or Client(headers={"host": "localhost"})).post(path, make(number))

        return ask

    def sign_in(login: str) -> Callable[[], None]:
        return post("/accounts/login/", lambda n: {"login": login.format(n=n), "password": "wrong"})

    def sign_in_as_made(name: str) -> Callable[[], None]:
        return post("/accounts/login/", lambda _: {"login": name, "password": STRANGERS_PASSWORD})

    def reset(email: str) -> Callable[[], None]:
        return post("/accounts/password/reset/", lambda n: {"email": email.format(n=n)})

    def sign_up(email: str) -> Callable[[], None]:
        return post(
            "/accounts/signup/",
            lambda n: {"username": f"new{n}", "email": email.format(n=n), "password1": PASSWORD},
        )

    return [
        Question("sign in by name, wrong password", sign_in("ada"), sign_in("otto{n}")),
        Question("sign in by address, wrong password", sign_in("ada@example.org"), sign_in("otto{n}@example.org")),
        Question("ask for a new password", reset("ada@example.org"), reset("otto{n}@example.org")),
        Question("sign up with an address", sign_up("ada@example.org"), sign_up("otto@example.org")),
        Question("sign in by name to what was signed up so", sign_in_as_made("carla"), sign_in_as_made("dora")),
        Question("sign in by its address", sign_in_as_made(ada.email), sign_in_as_made("dora@example.org")),
        Question(
            "add an address to one's account",
            _add("berta", "ada@example.org", numbers),
            _add("berta", "otto@example.org", numbers),
        ),
    ]


def _add(name: str, email: str, numbers: "itertools.count[int]") -> Callable[[], None]:
    """Give what adds an address to an account, whose other addresses are taken away before each time."""
    from allauth.account.models import EmailAddress  # noqa: PLC0415
    from django.test import Client  # noqa: PLC0415

    client = Client(headers={"host": "localhost"})
    client.post("/accounts/login/", {"login": name, "password": PASSWORD})
    client.post("/accounts/reauthenticate/", {"password": PASSWORD})

    def ask() -> None:
        client.post("/accounts/email/", {"action_add": "", "email": email.format(n=next(numbers))})

    def clear() -> None:
        EmailAddress.objects.filter(user__username=name, primary=False).delete()

    ask.before = clear  # type: ignore[attr-defined]
    return ask


def _measure(question: Question, rounds: int) -> tuple[list[float], list[float]]:
    """Give how many milliseconds each took, asked in turns, the first in each round by turns as well."""
    times: tuple[list[float], list[float]] = ([], [])
    for round_number in range(rounds + _WARMING):
        order = (0, 1) if round_number % 2 else (1, 0)
        for way in order:
            ask = (question.there, question.not_there)[way]
            getattr(ask, "before", lambda: None)()
            start = time.perf_counter()
            ask()
            took = (time.perf_counter() - start) * 1000
            if round_number >= _WARMING:
                times[way].append(took)
    return times


def _tell(name: str, there: Sequence[float], not_there: Sequence[float]) -> None:
    one, other = statistics.median(there), statistics.median(not_there)
    chance = _by_chance(there, not_there)
    print(f"{name:44}{one:>7.1f} ms{other:>9.1f} ms{one - other:>+7.2f} ms{chance:>12.2f}")
    sys.stdout.flush()


def _by_chance(one: Sequence[float], other: Sequence[float]) -> float:
    """Give the probability that two samples of one kind differ in rank as much as these, by the normal distribution."""
    ranked = sorted([(value, 0) for value in one] + [(value, 1) for value in other])
    ranks = sum(place for place, (_, sample) in enumerate(ranked, 1) if sample == 0)
    n, m = len(one), len(other)
    u = ranks - n * (n + 1) / 2
    deviation = math.sqrt(n * m * (n + m + 1) / 12)
    return math.erfc(abs(u - n * m / 2) / deviation / math.sqrt(2))


if __name__ == "__main__":
    main()
