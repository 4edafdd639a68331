"""One connection to an address that was checked, asked once, and hung up on when time is over."""

import socket
import ssl
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from http.client import HTTPException
from threading import Timer

from django.conf import settings
from urllib3 import BaseHTTPResponse
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import DecodeError, HTTPError
from urllib3.util import Url

from reader.importing.network import (
    Deadline,
    FetchError,
    Internet,
    IpAddress,
    Trouble,
    addresses_of,
    host_of,
    port_of,
)


@contextmanager
def asked(url: Url, *, headers: Mapping[str, str], network: Internet, deadline: Deadline) -> Iterator[BaseHTTPResponse]:
    """Give the server's answer, none of it read but its head, and hang up afterwards or when time is over.

    Raises FetchError, also for what fails while the answer is read.
    """
    with _translated(url, deadline):
        connection = _connected(url, network=network, deadline=deadline)
        try:
            with _hung_up_at(deadline, connection):
                yield _head(url, connection, headers=headers, deadline=deadline)
        finally:
            connection.close()


@contextmanager
def _translated(url: Url, deadline: Deadline) -> Iterator[None]:
    """Turn what fails on the way into a sentence."""
    try:
        yield
    except FetchError:
        raise
    except ssl.SSLCertVerificationError as error:
        raise FetchError(
            f"{host_of(url)} cannot prove that it is who it says: {error.verify_message}.", Trouble.UNTRUSTED
        ) from error
    except DecodeError as error:
        raise FetchError("What came could not be unpacked.", Trouble.UNUSABLE) from error
    except (HTTPError, HTTPException, OSError, ValueError) as error:
        # When we hung up, that looks like any broken connection.
        if time.monotonic() >= deadline.at or isinstance(error, TimeoutError):
            raise deadline.error() from error
        raise FetchError(f"The connection to {host_of(url)} failed or broke off.", Trouble.BROKEN) from error


def _connected(url: Url, *, network: Internet, deadline: Deadline) -> HTTPConnection:
    """Connect to the first of the host's addresses that answers; each gets its share of the time."""
    addresses = addresses_of(url, network=network, deadline=deadline)
    for index, address in enumerate(addresses):
        connection = _connection(url, address, network, seconds=deadline.left() / (len(addresses) - index))
        try:
            connection.connect()
        except (HTTPError, OSError):
            connection.close()
            if index == len(addresses) - 1:
                raise
        else:
            return connection
    raise FetchError(f"There is no server called {host_of(url)}.", Trouble.NO_SERVER)


def _connection(url: Url, address: IpAddress, network: Internet, *, seconds: float) -> HTTPConnection:
    """Give a connection to the very address that was checked; its certificate must be that of the host's name."""
    if url.scheme == "http":
        return HTTPConnection(str(address), port_of(url), timeout=seconds)
    name = host_of(url).rstrip(".")
    return HTTPSConnection(str(address), port_of(url), timeout=seconds, ssl_context=network.tls(), server_hostname=name)


@contextmanager
def _hung_up_at(deadline: Deadline, connection: HTTPConnection) -> Iterator[None]:
    """End the connection when time is over, whatever it is waiting for: a byte every second resets any time-out."""
    timer = Timer(deadline.left(), _hang_up(connection.sock))
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()


def _hang_up(connected: socket.socket) -> Callable[[], None]:
    def hang_up() -> None:
        with suppress(OSError):
            # Of the socket below, as TLS would say goodbye first, and be heard by whoever reads from it.
            socket.socket.shutdown(connected, socket.SHUT_RDWR)

    return hang_up


def _head(url: Url, connection: HTTPConnection, *, headers: Mapping[str, str], deadline: Deadline) -> BaseHTTPResponse:
    said = {
        "Host": url.netloc or "",
        "User-Agent": _agent(),
        **headers,
        "Accept-Encoding": "gzip, deflate",
        "Connection": "close",
    }
    connection.timeout = deadline.left()
    connection.request("GET", url.request_uri, headers=said, preload_content=False)
    answer = connection.getresponse()
    # A head that was cut off when we hung up looks like a whole one.
    deadline.left()
    return answer


def _agent() -> str:
    """Say who asks, and where whoever minds can find out more."""
    host = settings.ALLOWED_HOSTS[0].lstrip(".")
    return "Gloss/0.1" if host in {"*", "localhost"} else f"Gloss/0.1 (+https://{host}/)"
