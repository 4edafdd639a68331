"""Fetch one address from the web, and nothing from anywhere else: the only code of Gloss that asks strangers' servers.

An address can lie about where it leads. So its host is resolved once, every answer is checked, and the connection goes
to an address that was checked; a redirect is an address like any other. Each refusal is a sentence for whoever gave
the address.
"""

import queue
import socket
import ssl
import time
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import cache
from http import HTTPStatus
from http.client import HTTPException
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address, ip_network
from threading import Thread, Timer
from urllib.parse import urljoin

from django.conf import settings
from urllib3 import BaseHTTPResponse
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import DecodeError, HTTPError, LocationParseError
from urllib3.util import Url, parse_url

MOST_REDIRECTS = 5
_PORTS = {"http": 80, "https": 443}
_REDIRECTS = {301, 302, 303, 307, 308}
_ENCODINGS = {"", "identity", "gzip", "x-gzip", "deflate"}
_CHUNK_BYTES = 65536

# What is not the public internet: https://www.iana.org/assignments/iana-ipv4-special-registry/, with multicast and what
# is reserved. The relays of 6to4 are among them, as what lies behind them is anybody's guess.
_NOT_PUBLIC = [
    ip_network(block)
    for block in (
        *("0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24"),
        *("192.0.2.0/24", "192.88.99.0/24", "192.168.0.0/16", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24"),
        *("224.0.0.0/4", "240.0.0.0/4"),
        # Of version 6 only what follows is public at all; these parts of it lead elsewhere: Teredo and other protocols,
        # documentation, 6to4.
        *("2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20"),
    )
]
# Whatever is mapped to version 4, translated to it, local to a site or a link, or multicast lies outside.
_PUBLIC_6 = IPv6Network("2000::/3")

IpAddress = IPv4Address | IPv6Address


class FetchError(ValueError):
    """An address that was not fetched, with a sentence for whoever gave it."""


@dataclass(frozen=True)
class Fetched:
    """What an address gave: `address` is where it was in the end, `charset` what the server said of it, or nothing."""

    address: str
    content_type: str
    charset: str
    body: bytes


class Internet:
    """What the fetcher knows of the network. Tests have another one, which leads to a server of theirs."""

    def resolve(self, host: str) -> list[str]:
        """Give the addresses of a host. Raises OSError when it has none."""
        return [str(found[4][0]) for found in socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)]

    def permits(self, address: IpAddress, port: int) -> bool:
        """Say whether a connection may go there: to the public internet, at the two ports that pages are served from.

        Articles are not elsewhere, and other ports belong to mail, databases and machines that may be our own.
        """
        is_outside = address.version == 6 and address not in _PUBLIC_6
        return port in _PORTS.values() and not is_outside and not any(address in block for block in _NOT_PUBLIC)

    def tls(self) -> ssl.SSLContext:
        """Give what certificates are checked with: those that this machine trusts."""
        return _system_trust()


INTERNET = Internet()


def fetch(
    address: str,
    *,
    accept: Collection[str],
    most_bytes: int = 5_000_000,
    seconds: float = 10,
    network: Internet | None = None,
) -> Fetched:
    """Give what is at an address of the public web, if its type is among `accept`.

    Both limits are on the whole of it: bytes as they are when unpacked, seconds with every redirect. No cookies are
    kept, no proxy is taken from the environment. Raises FetchError.
    """
    network = network or INTERNET
    deadline = _Deadline(seconds)
    url = _parsed(address)
    for _ in range(MOST_REDIRECTS + 1):
        with _asked(url, accept=accept, network=network, deadline=deadline) as answer:
            if answer.status not in _REDIRECTS:
                return _read(url, answer, accept=accept, most_bytes=most_bytes, deadline=deadline)
            url = _redirected(url, answer)
    raise FetchError(f"It sends visitors on and on: more than {MOST_REDIRECTS} redirects.")


class _Deadline:
    """When all of it has to be done."""

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        self.at = time.monotonic() + seconds

    def left(self) -> float:
        """Give the seconds that are left. Raises FetchError when there are none."""
        left = self.at - time.monotonic()
        if left <= 0:
            raise self.error()
        return left

    def error(self) -> FetchError:
        return FetchError(f"It took longer than {self.seconds:g} seconds, and was given up.")


@cache
def _system_trust() -> ssl.SSLContext:
    return ssl.create_default_context()


# Where it leads


def _parsed(address: str) -> Url:
    """Take an address apart into what it says; anything but a plain web address is refused."""
    try:
        url = parse_url(address.strip())
    except LocationParseError as error:
        raise FetchError("That is not a web address.") from error
    if url.scheme not in _PORTS:
        raise FetchError("Only addresses that begin with http:// or https:// can be fetched.")
    if not url.host:
        raise FetchError("The address names no server.")
    if url.auth:
        raise FetchError("The address holds a name or a password. Please leave them out.")
    return url._replace(fragment=None, path=url.path or "/")


def _redirected(url: Url, answer: BaseHTTPResponse) -> Url:
    """Give where the answer sends us. Raises FetchError when we do not go there."""
    place = answer.headers.get("Location")
    if not place:
        raise FetchError("It sends visitors on, but does not say where to.")
    with suppress(UnicodeError):
        place = place.encode("latin-1").decode("utf-8")
    try:
        target = _parsed(urljoin(url.url, place))
    except ValueError as error:
        raise FetchError(f"It sends visitors on to where nothing is fetched from. {error}") from error
    if url.scheme == "https" and target.scheme == "http":
        raise FetchError("It sends visitors on from https to http, where anybody on the way could change the text.")
    return target


def _addresses(url: Url, *, network: Internet, deadline: _Deadline) -> list[IpAddress]:
    """Resolve the host, once, and give where it is. Raises FetchError unless all of that is the public internet."""
    host = _host(url)
    literal = _literal(host)
    found = [literal] if literal else [ip_address(text) for text in _resolved(host, network=network, deadline=deadline)]
    if not all(network.permits(address, _port(url)) for address in found):
        if url.port not in {None, *_PORTS.values()}:
            raise FetchError(f"Nothing is fetched from port {url.port}: pages are at 80 and 443.")
        raise FetchError(f"{host} is not on the public internet, and nothing is fetched from elsewhere.")
    return found


def _literal(host: str) -> IpAddress | None:
    """Give the address when the host is one, and None for a name.

    Some would read 2130706433, 0x7f.1 or 0177.0.0.1 as 127.0.0.1. No page is served under such a name.
    """
    try:
        return ip_address(host)
    except ValueError:
        last = host.rstrip(".").rpartition(".")[2].lower()
        if last.isdecimal() or last.startswith("0x") or ":" in host:
            raise FetchError(f"{host} is a number and not the name of a server.") from None
        return None


def _resolved(host: str, *, network: Internet, deadline: _Deadline) -> list[str]:
    """Ask for the addresses of a name. That cannot be interrupted, so it is left behind when it takes too long."""
    answers: queue.SimpleQueue[list[str] | OSError | UnicodeError] = queue.SimpleQueue()

    def ask() -> None:
        try:
            answers.put(network.resolve(host))
        except (OSError, UnicodeError) as error:
            answers.put(error)

    Thread(target=ask, daemon=True).start()
    try:
        answer = answers.get(timeout=deadline.left())
    except queue.Empty:
        raise deadline.error() from None
    if isinstance(answer, Exception) or not answer:
        raise FetchError(f"There is no server called {host}.")
    return answer


def _host(url: Url) -> str:
    return (url.host or "").strip("[]")


def _port(url: Url) -> int:
    return _PORTS[url.scheme or ""] if url.port is None else url.port


# Asking


@contextmanager
def _asked(url: Url, *, accept: Collection[str], network: Internet, deadline: _Deadline) -> Iterator[BaseHTTPResponse]:
    """Give the server's answer, none of it read but its head, and hang up afterwards or when time is over."""
    with _translated(url, deadline):
        connection = _connected(url, network=network, deadline=deadline)
        try:
            with _hung_up_at(deadline, connection):
                yield _head(url, connection, accept=accept, deadline=deadline)
        finally:
            connection.close()


@contextmanager
def _translated(url: Url, deadline: _Deadline) -> Iterator[None]:
    """Turn what fails on the way into a sentence."""
    try:
        yield
    except FetchError:
        raise
    except ssl.SSLCertVerificationError as error:
        raise FetchError(f"{_host(url)} cannot prove that it is who it says: {error.verify_message}.") from error
    except DecodeError as error:
        raise FetchError("What came could not be unpacked.") from error
    except (HTTPError, HTTPException, OSError, ValueError) as error:
        # When we hung up, that looks like any broken connection.
        if time.monotonic() >= deadline.at or isinstance(error, TimeoutError):
            raise deadline.error() from error
        raise FetchError(f"The connection to {_host(url)} failed or broke off.") from error


def _connected(url: Url, *, network: Internet, deadline: _Deadline) -> HTTPConnection:
    """Connect to the first of the host's addresses that answers; each gets its share of the time."""
    addresses = _addresses(url, network=network, deadline=deadline)
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
    raise FetchError(f"There is no server called {_host(url)}.")


def _connection(url: Url, address: IpAddress, network: Internet, *, seconds: float) -> HTTPConnection:
    """Give a connection to the very address that was checked; its certificate must be that of the host's name."""
    if url.scheme == "http":
        return HTTPConnection(str(address), _port(url), timeout=seconds)
    name = _host(url).rstrip(".")
    return HTTPSConnection(str(address), _port(url), timeout=seconds, ssl_context=network.tls(), server_hostname=name)


@contextmanager
def _hung_up_at(deadline: _Deadline, connection: HTTPConnection) -> Iterator[None]:
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


def _head(url: Url, connection: HTTPConnection, *, accept: Collection[str], deadline: _Deadline) -> BaseHTTPResponse:
    headers = {
        "Host": url.netloc or "",
        "User-Agent": _agent(),
        "Accept": ", ".join(accept),
        "Accept-Encoding": "gzip, deflate",
        "Connection": "close",
    }
    connection.timeout = deadline.left()
    connection.request("GET", url.request_uri, headers=headers, preload_content=False)
    answer = connection.getresponse()
    # A head that was cut off when we hung up looks like a whole one.
    deadline.left()
    return answer


def _agent() -> str:
    """Say who asks, and where whoever minds can find out more."""
    host = settings.ALLOWED_HOSTS[0].lstrip(".")
    return "Gloss/0.1" if host in {"*", "localhost"} else f"Gloss/0.1 (+https://{host}/)"


# What it answers


def _read(
    url: Url, answer: BaseHTTPResponse, *, accept: Collection[str], most_bytes: int, deadline: _Deadline
) -> Fetched:
    """Read the answer to its end. Raises FetchError when it is not what was asked for, or too much of it."""
    _refuse_status(answer.status)
    content_type, charset = _content_type(answer.headers.get("Content-Type", ""))
    if content_type not in accept:
        found = content_type or "something that it does not name"
        raise FetchError(f"It answered with {found}, which is not what we can read here.")
    if answer.headers.get("Content-Encoding", "").strip().lower() not in _ENCODINGS:
        raise FetchError("What came is packed in a way that we did not ask for.")
    if int(answer.headers.get("Content-Length", "0")) > most_bytes:
        raise _too_large(most_bytes)
    body = bytearray()
    for chunk in answer.stream(_CHUNK_BYTES):
        body += chunk
        if len(body) > most_bytes:
            raise _too_large(most_bytes)
    deadline.left()
    if not body:
        raise FetchError("The answer was empty.")
    return Fetched(url.url, content_type, charset, bytes(body))


def _refuse_status(status: int) -> None:
    if status == HTTPStatus.OK:
        return
    try:
        phrase = f"{status} {HTTPStatus(status).phrase}"
    except ValueError:
        phrase = str(status)
    raise FetchError(f"The server answered “{phrase}”.")


def _content_type(header: str) -> tuple[str, str]:
    """Give the type in small letters, and the character set that goes with it, or nothing."""
    content_type, *parameters = header.split(";")
    named = (parameter.strip().partition("=") for parameter in parameters)
    charset = next((value.strip("\"' ") for name, _, value in named if name.lower() == "charset"), "")
    return content_type.strip().lower(), charset.lower()


def _too_large(most_bytes: int) -> FetchError:
    return FetchError(f"It is over {most_bytes / 1_000_000:g} MB.")
