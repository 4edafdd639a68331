"""psycopg, with connections that give up a server which has fallen silent, and a page that has waited long enough."""

import threading
import time
from collections.abc import Generator
from typing import Any, TypeVar

from django.core import signals
from psycopg import *  # noqa: F403
from psycopg import Connection, OperationalError

from reader.postgresql.silence import Server

Found = TypeVar("Found")

# A statement that takes longer than this is either slow or will never end, and then the server is asked; and again.
_FIRST_LOOK_SECONDS = 0.3
_NEXT_LOOK_SECONDS = 1.0
# A page waits for the database no longer than this in all, as for a row that somebody else holds locked. Commands and
# the worker have the time they need.
PAGE_SECONDS = 15.0

_page = threading.local()


def begin(**_: object) -> None:
    """Begin to count the time of a page."""
    _page.until = time.monotonic() + PAGE_SECONDS


def end(**_: object) -> None:
    """Count no longer."""
    _page.until = None


signals.request_started.connect(begin, dispatch_uid="reader.postgresql.begin")
signals.request_finished.connect(end, dispatch_uid="reader.postgresql.end")


class PatientConnection(Connection[Any]):
    """A connection that does not wait for ever."""

    server: Server | None = None

    def wait(self, gen: Generator[Any, Any, Found], *args: Any, **options: Any) -> Found:
        """Wait for what a statement gives; raise OperationalError when it will not come, or not in time."""
        return super().wait(self._watched(gen), *args, **options)

    def _watched(self, gen: Generator[Any, Any, Found]) -> Generator[Any, Any, Found]:
        """Give the same steps, looking about now and then while nothing comes: psycopg then sends what is false."""
        look_at = time.monotonic() + _FIRST_LOOK_SECONDS
        try:
            step = next(gen)
            while True:
                ready = yield step
                if not ready and time.monotonic() >= look_at:
                    self._look()
                    look_at = time.monotonic() + _NEXT_LOOK_SECONDS
                step = gen.send(ready)
        except StopIteration as ended:
            found: Found = ended.value
            return found

    def _look(self) -> None:
        if self.server and self.server.is_silent():
            self.close()
            raise OperationalError("the server has stopped answering")
        until: float | None = getattr(_page, "until", None)
        if until is not None and time.monotonic() >= until:
            # What was begun there is ended there too.
            self.cancel_safe(timeout=1)
            self.close()
            raise OperationalError(f"a page waited {PAGE_SECONDS:.0f} seconds for the database")


connect = PatientConnection.connect
