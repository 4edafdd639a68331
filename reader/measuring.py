"""What the site counts of itself, for Prometheus. Nothing at all is counted unless METRICS_TOKEN is set.

Several processes count, each in files of its own in one folder, and whichever is asked adds them up.
"""

import os
import socket
from functools import cache
from typing import TYPE_CHECKING

from django.conf import settings

if TYPE_CHECKING:
    from prometheus_client import CollectorRegistry, Counter, Histogram

# From a kept page to a form that waited for a lock, in seconds.
_BUCKETS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)


class _Meters:
    requests: "Counter"
    seconds: "Histogram"
    kept_pages: "Counter"
    database_errors: "Counter"
    mail_failures: "Counter"


def is_on() -> bool:
    """Say whether anything is counted."""
    return bool(settings.METRICS_TOKEN)


def request(*, method: str, route: str, status: int, seconds: float) -> None:
    """Count a request that was answered."""
    if meters := _meters():
        meters.requests.labels(method, route, str(status)).inc()
        meters.seconds.labels(route).observe(seconds)


def kept_page(*, is_hit: bool) -> None:
    """Count a page that was kept already, or had to be drawn."""
    if meters := _meters():
        meters.kept_pages.labels("hit" if is_hit else "miss").inc()


def database_error() -> None:
    """Count a request that the database did not answer."""
    if meters := _meters():
        meters.database_errors.inc()


def mail_failure() -> None:
    """Count a mail that could not be sent."""
    if meters := _meters():
        meters.mail_failures.inc()


def gathered() -> "CollectorRegistry":
    """Give what all processes have counted."""
    from prometheus_client import CollectorRegistry, multiprocess  # noqa: PLC0415

    registry = CollectorRegistry()
    if _meters():
        multiprocess.MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
    return registry


def tidy() -> None:
    """Begin anew: forget what processes counted that have ended."""
    for path in settings.METRICS_DIR.glob("*.db"):
        path.unlink(missing_ok=True)


def _meters() -> _Meters | None:
    return _made() if settings.METRICS_TOKEN else None


@cache
def _made() -> _Meters:
    settings.METRICS_DIR.mkdir(parents=True, exist_ok=True)
    # Read when it is imported, so only from here on.
    os.environ["PROMETHEUS_MULTIPROC_DIR"] = str(settings.METRICS_DIR)
    from prometheus_client import CollectorRegistry, Counter, Histogram, values  # noqa: PLC0415

    # In containers that share the folder, processes of the same number are not the same.
    values.ValueClass = values.MultiProcessValue(lambda: f"{socket.gethostname()}-{os.getpid()}")  # type: ignore[no-untyped-call]
    registry = CollectorRegistry()
    meters = _Meters()
    meters.requests = Counter(
        "gloss_requests", "Requests that were answered.", ("method", "route", "status"), registry=registry
    )
    meters.seconds = Histogram(
        "gloss_request_seconds", "How long answering took.", ("route",), buckets=_BUCKETS, registry=registry
    )
    meters.kept_pages = Counter(
        "gloss_kept_pages", "Pages for strangers that were kept, or drawn.", ("result",), registry=registry
    )
    meters.database_errors = Counter(
        "gloss_database_errors", "Requests that the database did not answer.", registry=registry
    )
    meters.mail_failures = Counter("gloss_mail_failures", "Mails that could not be sent.", registry=registry)
    return meters
