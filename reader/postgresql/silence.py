"""Whether a server answers at all, asked by itself and in a moment.

libpq gives a server two seconds at least to be found, and an open connection has no end to its patience: neither tells
a slow server from one that is gone. So the server is asked the first thing that it can be asked, whether it speaks TLS.
It answers with one letter, before anybody has signed in.
"""

import socket
import struct
import time
from collections.abc import Mapping
from typing import Any, NamedTuple, Self

# PostgreSQL, "Frontend/Backend Protocol", SSLRequest: the length of the message, and its code.
_QUESTION = struct.pack("!ii", 8, 80877103)
# Twice the way there and back and a new process, also of a server on another continent's shore.
PATIENCE_SECONDS = 0.5
# Found silent, it is not asked again before then, so that only one in many waits.
MEMORY_SECONDS = 1.0

_silent_until: dict["Server", float] = {}


class Server(NamedTuple):
    """Where a PostgreSQL listens: a host or the folder of its socket, and a port."""

    host: str
    port: int

    @classmethod
    def of(cls, parameters: Mapping[str, Any]) -> Self | None:
        """Give the server that a connection would go to; None where libpq chooses among several, or by itself."""
        host, port = str(parameters.get("host") or ""), str(parameters.get("port") or "5432")
        if not host or "," in host or not port.isdecimal() or "service" in parameters or "hostaddr" in parameters:
            return None
        return cls(host, int(port))

    def is_silent(self) -> bool:
        """Say whether it lets one wait. A server that refuses to be connected to has answered."""
        if time.monotonic() < _silent_until.get(self, 0):
            return True
        try:
            self._ask(time.monotonic() + PATIENCE_SECONDS)
        except TimeoutError:
            _silent_until[self] = time.monotonic() + MEMORY_SECONDS
            return True
        except OSError:
            return False
        return False

    def _ask(self, until: float) -> None:
        with self._connected(until) as connection:
            connection.settimeout(_left(until))
            connection.sendall(_QUESTION)
            connection.settimeout(_left(until))
            connection.recv(1)

    def _connected(self, until: float) -> socket.socket:
        if not self.host.startswith("/"):
            return socket.create_connection(self, timeout=_left(until))
        connection = socket.socket(socket.AF_UNIX)
        connection.settimeout(_left(until))
        connection.connect(f"{self.host}/.s.PGSQL.{self.port}")
        return connection


def _left(until: float) -> float:
    """Give the seconds that are left; a time-out of zero would mean something else."""
    return max(until - time.monotonic(), 0.001)
