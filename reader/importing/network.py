"""Where an address leads on the network, and where nothing is fetched from.

An address can lie about where it leads. So its host is resolved once, and every answer is checked.
"""

import queue
import socket
import ssl
import time
from contextlib import suppress
from enum import Enum
from functools import cache
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address, ip_network
from threading import Thread
from urllib.parse import urljoin

from urllib3.exceptions import LocationParseError
from urllib3.util import Url, parse_url

PORTS = {"http": 80, "https": 443}

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


class Trouble(Enum):
    """Why nothing was fetched."""

    REFUSED = "we do not go there"
    NO_SERVER = "no server has the name"
    UNTRUSTED = "the server cannot prove who it is"
    SLOW = "it took too long"
    BROKEN = "the connection failed or broke off"
    UNUSABLE = "what it answered is of no use"


class FetchError(ValueError):
    """An address that was not fetched, with a sentence for whoever gave it."""

    def __init__(self, message: str, trouble: Trouble = Trouble.REFUSED) -> None:
        super().__init__(message)
        self.trouble = trouble


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
        return port in PORTS.values() and not is_outside and not any(address in block for block in _NOT_PUBLIC)

    def tls(self) -> ssl.SSLContext:
        """Give what certificates are checked with: those that this machine trusts."""
        return _system_trust()


@cache
def _system_trust() -> ssl.SSLContext:
    return ssl.create_default_context()


class Deadline:
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
        """Give what says that it took too long."""
        return FetchError(f"It took longer than {self.seconds:g} seconds, and was given up.", Trouble.SLOW)


# Where it leads


def parsed(address: str) -> Url:
    """Take an address apart into what it says; anything but a plain web address is refused."""
    try:
        url = parse_url(address.strip())
    except LocationParseError as error:
        raise FetchError("That is not a web address.") from error
    if url.scheme not in PORTS:
        raise FetchError("Only addresses that begin with http:// or https:// can be fetched.")
    if not url.host:
        raise FetchError("The address names no server.")
    if url.auth:
        raise FetchError("The address holds a name or a password. Please leave them out.")
    return url._replace(fragment=None, path=url.path or "/")


def redirected(url: Url, place: str | None) -> Url:
    """Give where an answer sends us, by its Location. Raises FetchError when we do not go there."""
    if not place:
        raise FetchError("It sends visitors on, but does not say where to.", Trouble.UNUSABLE)
    with suppress(UnicodeError):
        place = place.encode("latin-1").decode("utf-8")
    try:
        target = parsed(urljoin(url.url, place))
    except ValueError as error:
        raise FetchError(f"It sends visitors on to where nothing is fetched from. {error}") from error
    if url.scheme == "https" and target.scheme == "http":
        raise FetchError("It sends visitors on from https to http, where anybody on the way could change the text.")
    return target


def addresses_of(url: Url, *, network: Internet, deadline: Deadline) -> list[IpAddress]:
    """Resolve the host, once, and give where it is. Raises FetchError unless all of that is the public internet."""
    host = host_of(url)
    literal = _literal(host)
    found = [literal] if literal else [ip_address(text) for text in _resolved(host, network=network, deadline=deadline)]
    if not all(network.permits(address, port_of(url)) for address in found):
        if url.port not in {None, *PORTS.values()}:
            raise FetchError(f"Nothing is fetched from port {url.port}: pages are at 80 and 443.")
        raise FetchError(f"{host} is not on the public internet, and nothing is fetched from elsewhere.")
    return found


def host_of(url: Url) -> str:
    """Give the name of the server, or its number without brackets."""
    return (url.host or "").strip("[]")


def port_of(url: Url) -> int:
    """Give the port, which the scheme tells where the address does not."""
    return PORTS[url.scheme or ""] if url.port is None else url.port


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


def _resolved(host: str, *, network: Internet, deadline: Deadline) -> list[str]:
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
        raise FetchError(f"There is no server called {host}.", Trouble.NO_SERVER)
    return answer
