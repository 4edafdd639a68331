"""One question to one server: whatever is answered is given, and no guard of fetching is lower for it."""

import gzip
import socket
from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest

from reader.importing import fetching
from reader.importing.fetching import Answer, FetchError, Trouble
from tests import web


@pytest.fixture
def serving() -> Iterator[Callable[[web.Manner | bytes], int]]:
    """Give what starts a server and gives its port; all end with the test."""
    with ExitStack() as started:
        yield lambda manner: started.enter_context(web.serving(manner if callable(manner) else web.saying(manner)))


def ask(port: int, **options: object) -> Answer:
    return fetching.ask(f"http://example.org:{port}/a", network=web.Network(port), **options)  # type: ignore[arg-type]


@pytest.mark.parametrize("status", ["404 Not Found", "429 Too Many Requests", "503 Away", "999 Go away"])
def test_a_refusal_is_an_answer(serving: Callable[..., int], status: str) -> None:
    answer = ask(serving(web.answer("Not for you.", status=status, Retry_After="60")))
    assert (answer.status, answer.headers["retry-after"]) == (int(status[:3]), "60")
    assert (answer.is_success, answer.body) == (False, b"")


def test_a_success_comes_with_its_type_headers_and_body(serving: Callable[..., int]) -> None:
    answer = ask(serving(web.answer("A page.", type="Text/HTML; charset=KOI8-R", ETag='"a"')))
    assert (answer.content_type, answer.charset, answer.body) == ("text/html", "koi8-r", b"A page.")
    assert (answer.headers["etag"], answer.is_whole, answer.is_success) == ('"a"', True, True)


def test_a_redirect_is_told_and_not_followed(serving: Callable[..., int]) -> None:
    asked: list[str] = []

    def manner(connection: socket.socket, request: str) -> None:
        asked.append(request)
        connection.sendall(web.answer(status="308 Permanent Redirect", Location="../b"))

    port = serving(manner)
    assert ask(port).next_address == f"http://example.org:{port}/b"
    assert len(asked) == 1


@pytest.mark.parametrize("place", ["http://10.0.0.1:22/", "file:///etc/passwd", "http://a:b@example.org/", ""])
def test_a_redirect_to_where_nothing_is_fetched_from_is_no_answer(serving: Callable[..., int], place: str) -> None:
    port = serving(web.answer(status="301 Moved Permanently", Location=place))
    with pytest.raises(FetchError) as refusal:
        fetching.ask(ask(port).next_address, network=web.Network(port))
    assert refusal.value.trouble in {Trouble.REFUSED, Trouble.UNUSABLE}


def test_conditions_are_sent_and_not_modified_is_an_answer_without_a_body(serving: Callable[..., int]) -> None:
    asked: list[str] = []

    def manner(connection: socket.socket, request: str) -> None:
        asked.append(request)
        connection.sendall(b'HTTP/1.1 304 Not Modified\r\nETag: "a"\r\n\r\n')

    answer = ask(serving(manner), conditions={"If-None-Match": '"a"'})
    assert (answer.status, answer.body) == (304, b"")
    assert 'If-None-Match: "a"\r\n' in asked[0]


def test_a_condition_cannot_smuggle_a_header(serving: Callable[..., int]) -> None:
    with pytest.raises(FetchError):
        ask(serving(web.answer("A page.")), conditions={"If-None-Match": '"a"\r\nHost: elsewhere.example'})


@pytest.mark.parametrize(
    "said",
    [
        pytest.param(web.answer("word " * 1000), id="announced"),
        pytest.param(web.answer("word " * 1000, Content_Length=""), id="until it hangs up"),
        pytest.param(web.answer(gzip.compress(bytes(9_000_000)), Content_Encoding="gzip"), id="unpacked"),
        pytest.param(web.answer("word", Content_Encoding="zstd"), id="packed in another way"),
    ],
)
def test_of_what_is_too_large_or_cannot_be_unpacked_nothing_is_given(serving: Callable[..., int], said: bytes) -> None:
    answer = ask(serving(said), most_bytes=1000)
    assert (answer.status, answer.is_whole, answer.body) == (200, False, b"")


@pytest.mark.parametrize(
    ("address", "trouble"),
    [
        ("http://127.0.0.1/", Trouble.REFUSED),
        ("http://example.org:22/", Trouble.REFUSED),
        ("http://unknown.example/", Trouble.NO_SERVER),
    ],
)
def test_why_there_is_no_answer_is_told(address: str, trouble: Trouble) -> None:
    with pytest.raises(FetchError) as refusal:
        fetching.ask(address, network=web.Network(names={"example.org": ["127.0.0.1"]}))
    assert refusal.value.trouble is trouble


@pytest.mark.parametrize(
    ("said", "trouble"),
    [
        pytest.param(b"SSH-2.0-OpenSSH_9.9\r\n", Trouble.BROKEN, id="no web server"),
        pytest.param(web.answer("Short.", Content_Length="100"), Trouble.BROKEN, id="less than announced"),
        pytest.param(web.answer(b"no gzip", Content_Encoding="gzip"), Trouble.UNUSABLE, id="broken packing"),
    ],
)
def test_a_broken_answer_is_no_answer(serving: Callable[..., int], said: bytes, trouble: Trouble) -> None:
    with pytest.raises(FetchError) as refusal:
        ask(serving(said))
    assert refusal.value.trouble is trouble
