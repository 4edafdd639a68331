"""The application that granian serves: Django, behind a door at which bodies are waited for.

Django answers one request after the other in this thread, which is fastest for pages that are kept. Through granian's
WSGI it would also read bodies in it, and one telephone in a tunnel, half-way through a form, would stop a whole process
for as long as it likes. So the event loop takes bodies in, any number at once and each within its time, and Django is
called when there is nothing left to wait for (docs/decisions/slow-clients.md). `reader.wsgi` is for other servers.
"""

import asyncio
import io
import logging
import os
import sys
from asyncio.events import _get_running_loop, _set_running_loop
from collections.abc import AsyncIterator, Callable
from concurrent.futures import ThreadPoolExecutor
from http import HTTPStatus
from typing import Any, Protocol

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "reader.settings")

_django = get_wsgi_application()

from django.conf import settings  # noqa: E402

from reader import sizes  # noqa: E402

logger = logging.getLogger(__name__)

# A body has this long to arrive, and longer by a second for as many bytes: a telephone's slowest network sends these.
_BODY_SECONDS = settings.BODY_SECONDS
_BYTES_A_SECOND = 16 * 1024
# Requests that bring something are answered beside those that only read: one may wait for a lock or the mail server.
_ANSWERED_AT_ONCE = 4

_PLAIN = ("content-type", "text/plain; charset=utf-8")

Environ = dict[str, Any]
Answer = tuple[int, list[tuple[str, str]], bytes]


class Asker(Protocol):
    """What granian gives of a request that it has the first lines of."""

    client: str
    server: str
    scheme: str
    method: str
    path: str
    query_string: str
    http_version: str
    authority: str | None
    headers: Any


class Door(Protocol):
    """Through what granian gives the body, and takes the answer."""

    def __aiter__(self) -> AsyncIterator[bytes]: ...

    def response_bytes(self, status: int, headers: list[tuple[str, str]], body: bytes) -> None: ...


class _Cut(Exception):
    """A body that is not read to its end, and the answer instead."""

    def __init__(self, status: int, words: str) -> None:
        super().__init__(words)
        self.answer: Answer = (status, [_PLAIN, ("connection", "close")], f"{words}\n".encode())


_TOO_SLOW = "This took too long to arrive. Nothing was changed; please send it again."
_TOO_BIG = sizes.TOO_BIG.reason
_BROKEN = "This broke off before its end."

_answering = ThreadPoolExecutor(_ANSWERED_AT_ONCE, thread_name_prefix="answering")


async def application(scope: Asker, proto: Door) -> None:
    """Answer a request."""
    environ = _environ(scope)
    if "CONTENT_LENGTH" not in environ and "HTTP_TRANSFER_ENCODING" not in environ:
        proto.response_bytes(*_at_once(environ))
        return
    try:
        if await _take_in(environ, proto):
            loop = asyncio.get_running_loop()
            proto.response_bytes(*await loop.run_in_executor(_answering, _answer, environ))
        else:
            proto.response_bytes(*_at_once(environ))
    except _Cut as cut:
        proto.response_bytes(*cut.answer)


async def _take_in(environ: Environ, proto: Door) -> bool:
    """Take a body in, where the site is going to read it, and say whether it was taken."""
    is_measured = "CONTENT_LENGTH" in environ
    most = sizes.most_bytes(
        environ["PATH_INFO"], is_known=settings.SESSION_COOKIE_NAME in environ.get("HTTP_COOKIE", "")
    )
    if is_measured:
        length = environ["CONTENT_LENGTH"]
        if not length.isdecimal() or not 0 < int(length) <= most:
            return False
        most = int(length)
    body = io.BytesIO()
    try:
        async with asyncio.timeout(_BODY_SECONDS + most / _BYTES_A_SECOND):
            async for chunk in proto:
                if body.tell() + len(chunk) > most:
                    raise _Cut(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, _TOO_BIG)
                body.write(chunk)
    except TimeoutError:
        raise _Cut(HTTPStatus.REQUEST_TIMEOUT, _TOO_SLOW) from None
    except RuntimeError:
        # Granian's word for a client that is no longer there.
        raise _Cut(HTTPStatus.BAD_REQUEST, _BROKEN) from None
    if is_measured and body.tell() < most:
        raise _Cut(HTTPStatus.BAD_REQUEST, _BROKEN)
    environ.pop("HTTP_TRANSFER_ENCODING", None)
    environ["CONTENT_LENGTH"] = str(body.tell())
    body.seek(0)
    environ["wsgi.input"] = body
    return True


def _at_once(environ: Environ) -> Answer:
    """Have Django answer here and now. It must not think that it would keep a loop waiting: the loop is meant to."""
    loop = _get_running_loop()
    _set_running_loop(None)
    try:
        return _answer(environ)
    finally:
        _set_running_loop(loop)


def _answer(environ: Environ) -> Answer:
    """Give Django's answer, whole: the largest there is, a picture, is less than a megabyte."""
    said: list[Any] = []

    def start(status: str, headers: list[tuple[str, str]], _error: object = None, /) -> Callable[[bytes], object]:
        said.extend((int(status[:3]), headers))
        return said.append

    try:
        response = _django(environ, start)
        try:
            body = b"".join(response)
        finally:
            # Here the request has ended: Django looks after its connections.
            response.close()
    except Exception:
        logger.exception("A request could not be answered.")
        return HTTPStatus.INTERNAL_SERVER_ERROR, [_PLAIN], b"Gloss could not answer. The fault is ours.\n"
    status, headers = said
    return status, headers, body


# What WSGI says of a request

_ALWAYS: Environ = {
    "SCRIPT_NAME": "",
    "wsgi.version": (1, 0),
    "wsgi.errors": sys.stderr,
    "wsgi.multithread": True,
    "wsgi.multiprocess": True,
    "wsgi.run_once": False,
}
_NOTHING = io.BytesIO()
# Browsers send two dozen; whoever makes up names shall not fill the memory with them.
_MOST_NAMES = 256

_names: dict[str, str] = {}


def _environ(scope: Asker) -> Environ:
    """Give a request as WSGI has it."""
    environ = _ALWAYS.copy()
    environ["REQUEST_METHOD"] = scope.method
    path = scope.path
    # WSGI has the bytes of a path as if each were a letter.
    environ["PATH_INFO"] = path if path.isascii() else path.encode("utf-8", "replace").decode("latin-1")
    environ["QUERY_STRING"] = scope.query_string
    environ["wsgi.url_scheme"] = scope.scheme
    environ["wsgi.input"] = _NOTHING
    environ["SERVER_PROTOCOL"] = "HTTP/" + scope.http_version
    environ["SERVER_NAME"], _, environ["SERVER_PORT"] = scope.server.rpartition(":")
    environ["REMOTE_ADDR"] = scope.client.rpartition(":")[0].strip("[]")
    for name, value in scope.headers.items():
        key = _names.get(name) or _key(name)
        if key in environ:
            environ[key] += ("; " if key == "HTTP_COOKIE" else ",") + value
        elif key:
            environ[key] = value
    if scope.authority and "HTTP_HOST" not in environ:
        environ["HTTP_HOST"] = scope.authority
    return environ


def _key(name: str) -> str:
    """Give the name that WSGI has for a header; nothing for one that would pass for another's."""
    if "_" in name:
        return ""
    key = name.upper().replace("-", "_")
    if key not in {"CONTENT_TYPE", "CONTENT_LENGTH"}:
        key = f"HTTP_{key}"
    if len(_names) < _MOST_NAMES:
        _names[name] = key
    return key
