"""What is written down of requests: which one a line belongs to, and one line of each for programs to read."""

import json
import logging
from contextvars import ContextVar

from django.utils import timezone

# The request that is being answered; in no way to be told from which reader it came.
request_id: ContextVar[str] = ContextVar("request_id", default="")

requests = logging.getLogger("reader.requests")


class RequestFilter(logging.Filter):
    """Lets everything pass, and says of each line to which request it belongs."""

    def filter(self, record: logging.LogRecord) -> bool:
        known = request_id.get()
        record.request_id = f" [{known}]" if known else ""
        return True


def tell(*, method: str, route: str, status: int, seconds: float, size: int | None) -> None:
    """Write one line of a request. No address, no name, nothing that was asked for beyond the kind of page."""
    said = {
        "time": timezone.now().isoformat(timespec="milliseconds"),
        "id": request_id.get(),
        "method": method,
        "route": route,
        "status": status,
        "ms": round(seconds * 1000, 2),
        "bytes": size,
    }
    requests.info(json.dumps(said))
