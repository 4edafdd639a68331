"""Fetch one address from the web, and nothing from anywhere else: the only code of Gloss that asks strangers' servers.

An address can lie about where it leads. So its host is resolved once, every answer is checked, and the connection goes
to an address that was checked; a redirect is an address like any other. Each refusal is a sentence for whoever gave
the address.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from http import HTTPStatus

from urllib3 import BaseHTTPResponse
from urllib3.util import Url

from reader.importing.connecting import asked
from reader.importing.network import Deadline, FetchError, Internet, IpAddress, Trouble, host_of, parsed, redirected

__all__ = ["Answer", "FetchError", "Fetched", "Internet", "IpAddress", "Trouble", "ask", "fetch", "host"]

MOST_REDIRECTS = 5
_REDIRECTS = {301, 302, 303, 307, 308}
_ENCODINGS = {"", "identity", "gzip", "x-gzip", "deflate"}
_CHUNK_BYTES = 65536

INTERNET = Internet()


@dataclass(frozen=True)
class Fetched:
    """What an address gave: `address` is where it was in the end, `charset` what the server said of it, or nothing."""

    address: str
    content_type: str
    charset: str
    body: bytes


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What a server answered to one question, whatever it was.

    `headers` have their names in small letters. `body` is that of a success, else empty; `is_whole` is whether it was
    read to its end. `next_address` is where the answer sends visitors, empty where it does not.
    """

    address: str
    status: int
    headers: Mapping[str, str]
    content_type: str = ""
    charset: str = ""
    body: bytes = field(default=b"", repr=False)
    is_whole: bool = True
    next_address: str = ""

    @property
    def is_success(self) -> bool:
        """Say whether the server gave what was asked for."""
        return HTTPStatus.OK <= self.status < HTTPStatus.MULTIPLE_CHOICES


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
    deadline = Deadline(seconds)
    url = parsed(address)
    for _ in range(MOST_REDIRECTS + 1):
        with asked(url, headers=_accepting(accept), network=network or INTERNET, deadline=deadline) as answer:
            if answer.status not in _REDIRECTS:
                return _read(url, answer, accept=accept, most_bytes=most_bytes, deadline=deadline)
            url = redirected(url, answer.headers.get("Location"))
    raise FetchError(f"It sends visitors on and on: more than {MOST_REDIRECTS} redirects.", Trouble.UNUSABLE)


def ask(
    address: str,
    *,
    accept: Collection[str] = ("*/*",),
    conditions: Mapping[str, str] | None = None,
    most_bytes: int = 5_000_000,
    seconds: float = 10,
    network: Internet | None = None,
) -> Answer:
    """Give what the server at an address of the public web answers, be it a refusal; a redirect is not followed.

    `conditions` are headers such as If-None-Match. Of a body that is larger than `most_bytes`, or packed in a way that
    was not asked for, nothing is given. Raises FetchError when there is no answer, or a redirect to where we do not go.
    """
    deadline = Deadline(seconds)
    url = parsed(address)
    headers = {**_accepting(accept), **(conditions or {})}
    with asked(url, headers=headers, network=network or INTERNET, deadline=deadline) as answer:
        told = Answer(
            address=url.url,
            status=answer.status,
            headers={name.lower(): value for name, value in answer.headers.items()},
        )
        if answer.status in _REDIRECTS:
            return replace(told, next_address=redirected(url, answer.headers.get("Location")).url)
        if not told.is_success:
            return told
        content_type, charset = _content_type(answer.headers.get("Content-Type", ""))
        body = _body(answer, most_bytes=most_bytes, deadline=deadline) if _is_unpackable(answer) else None
        told = replace(told, content_type=content_type, charset=charset)
        return replace(told, is_whole=False) if body is None else replace(told, body=body)


def host(address: str) -> str:
    """Give the name of the server that an address leads to. Raises FetchError for what is no address of a page."""
    return host_of(parsed(address)).lower()


def _accepting(accept: Collection[str]) -> Mapping[str, str]:
    return {"Accept": ", ".join(accept)}


def _read(
    url: Url, answer: BaseHTTPResponse, *, accept: Collection[str], most_bytes: int, deadline: Deadline
) -> Fetched:
    """Read the answer to its end. Raises FetchError when it is not what was asked for, or too much of it."""
    _refuse_status(answer.status)
    content_type, charset = _content_type(answer.headers.get("Content-Type", ""))
    if content_type not in accept:
        found = content_type or "something that it does not name"
        raise FetchError(f"It answered with {found}, which is not what we can read here.", Trouble.UNUSABLE)
    if not _is_unpackable(answer):
        raise FetchError("What came is packed in a way that we did not ask for.", Trouble.UNUSABLE)
    body = _body(answer, most_bytes=most_bytes, deadline=deadline)
    if body is None:
        raise FetchError(f"It is over {most_bytes / 1_000_000:g} MB.", Trouble.UNUSABLE)
    if not body:
        raise FetchError("The answer was empty.", Trouble.UNUSABLE)
    return Fetched(url.url, content_type, charset, body)


def _refuse_status(status: int) -> None:
    if status == HTTPStatus.OK:
        return
    try:
        phrase = f"{status} {HTTPStatus(status).phrase}"
    except ValueError:
        phrase = str(status)
    raise FetchError(f"The server answered “{phrase}”.", Trouble.UNUSABLE)


def _content_type(header: str) -> tuple[str, str]:
    """Give the type in small letters, and the character set that goes with it, or nothing."""
    content_type, *parameters = header.split(";")
    named = (parameter.strip().partition("=") for parameter in parameters)
    charset = next((value.strip("\"' ") for name, _, value in named if name.lower() == "charset"), "")
    return content_type.strip().lower(), charset.lower()


def _is_unpackable(answer: BaseHTTPResponse) -> bool:
    return answer.headers.get("Content-Encoding", "").strip().lower() in _ENCODINGS


def _body(answer: BaseHTTPResponse, *, most_bytes: int, deadline: Deadline) -> bytes | None:
    """Read the body to its end; None when it is larger than it may be."""
    if int(answer.headers.get("Content-Length", "0")) > most_bytes:
        return None
    body = bytearray()
    for chunk in answer.stream(_CHUNK_BYTES):
        body += chunk
        if len(body) > most_bytes:
            return None
    deadline.left()
    return bytes(body)
