"""Fetching from the web: what is refused, and how, whatever an address or its server tries."""

import gzip
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from ipaddress import ip_address
from pathlib import Path

import pytest

from reader.importing import fetching
from reader.importing.fetching import Fetched, FetchError
from tests import web

CERTIFICATE = str(Path(__file__).parents[1] / "data" / "tls" / "example.org.pem")
PAGE = web.answer("<p>A page.</p>")


@pytest.fixture
def serving() -> Iterator[Callable[..., int]]:
    """Give what starts a server and gives its port; all end with the test."""
    with ExitStack() as started:

        def serve(manner: web.Manner | bytes | dict[str, bytes], *, certificate: str = "") -> int:
            chosen = manner if callable(manner) else web.saying(manner)
            return started.enter_context(web.serving(chosen, certificate=certificate))

        yield serve


def fetch(port: int, path: str = "/", *, network: web.Network | None = None, **options: object) -> Fetched:
    network = network or web.Network(port)
    accept = {"text/html", "text/plain"}
    return fetching.fetch(f"http://example.org:{port}{path}", accept=accept, network=network, **options)  # type: ignore[arg-type]


def refused(address: str, network: fetching.Internet | None = None) -> str:
    with pytest.raises(FetchError) as refusal:
        fetching.fetch(address, accept={"text/html"}, seconds=2, network=network)
    return str(refusal.value)


# What is fetched


def test_a_page_comes_with_its_address_type_and_character_set(serving: Callable[..., int]) -> None:
    port = serving(web.answer("<p>A page.</p>", type='Text/HTML; Charset="ISO-8859-1"'))
    assert fetch(port, "/ä?b#c") == Fetched(
        f"http://example.org:{port}/%C3%A4?b", "text/html", "iso-8859-1", b"<p>A page.</p>"
    )


def test_what_is_packed_is_unpacked(serving: Callable[..., int]) -> None:
    port = serving(web.answer(gzip.compress(b"A page."), Content_Encoding="gzip"))
    assert fetch(port).body == b"A page."


def test_the_server_is_told_who_asks_and_nothing_else(serving: Callable[..., int]) -> None:
    asked: list[str] = []
    port = serving(_raw(asked))
    fetch(port)
    names = {line.partition(":")[0] for line in asked[0].splitlines()[1:] if line}
    assert names == {"Host", "User-Agent", "Accept", "Accept-Encoding", "Connection"}
    assert f"Host: example.org:{port}\r\n" in asked[0]
    assert "User-Agent: Gloss/" in asked[0]


def test_cookies_are_not_kept(serving: Callable[..., int]) -> None:
    asked: list[str] = []
    there = web.answer(status="302 Found", Location="/there", Set_Cookie="seen=1")
    port = serving(_raw(asked, there, PAGE))
    fetch(port)
    assert len(asked) == 2
    assert "Cookie" not in asked[1]


def _raw(asked: list[str], *answers: bytes) -> web.Manner:
    """Write down what was asked, and give one answer after the other."""
    waiting = iter(answers or (PAGE,))

    def manner(connection: socket.socket, request: str) -> None:
        asked.append(request)
        connection.sendall(next(waiting))

    return manner


def test_no_proxy_of_the_environment_is_used(serving: Callable[..., int], monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    assert fetch(serving(PAGE)).body


# Where nothing is fetched from


@pytest.mark.parametrize(
    "address",
    [
        pytest.param("127.0.0.1", id="this machine"),
        pytest.param("127.8.9.10", id="this machine, elsewhere in its block"),
        pytest.param("0.0.0.0", id="unspecified"),
        pytest.param("10.1.2.3", id="private 10"),
        pytest.param("172.31.0.1", id="private 172"),
        pytest.param("192.168.1.1", id="private 192"),
        pytest.param("100.64.0.1", id="shared by a provider's customers"),
        pytest.param("169.254.169.254", id="a cloud's metadata"),
        pytest.param("192.0.0.8", id="protocols"),
        pytest.param("192.0.2.1", id="documentation 192"),
        pytest.param("192.88.99.1", id="relays of 6to4"),
        pytest.param("198.19.0.1", id="measuring"),
        pytest.param("198.51.100.1", id="documentation 198"),
        pytest.param("203.0.113.1", id="documentation 203"),
        pytest.param("224.0.0.1", id="multicast"),
        pytest.param("240.0.0.1", id="reserved"),
        pytest.param("255.255.255.255", id="broadcast"),
        pytest.param("::1", id="this machine, version 6"),
        pytest.param("::", id="unspecified, version 6"),
        pytest.param("fe80::1", id="link-local"),
        pytest.param("fe80::1%1", id="link-local with its link"),
        pytest.param("fec0::1", id="site-local"),
        pytest.param("fd00::1", id="unique-local"),
        pytest.param("ff02::1", id="multicast, version 6"),
        pytest.param("::ffff:127.0.0.1", id="mapped"),
        pytest.param("::ffff:8.8.8.8", id="mapped, though public"),
        pytest.param("::127.0.0.1", id="compatible"),
        pytest.param("64:ff9b::7f00:1", id="translated"),
        pytest.param("64:ff9b:1::7f00:1", id="translated locally"),
        pytest.param("2002:7f00:1::", id="6to4"),
        pytest.param("2001:0:4136:e378:8000:63bf:3fff:fdd2", id="Teredo"),
        pytest.param("2001:db8::1", id="documentation, version 6"),
        pytest.param("3fff::1", id="documentation, newer"),
        pytest.param("100::1", id="discarding"),
    ],
)
def test_nothing_but_the_public_internet_is_asked(address: str) -> None:
    network = web.Network(names={"example.org": [address]})
    assert refused("http://example.org/", network) == (
        "example.org is not on the public internet, and nothing is fetched from elsewhere."
    )
    if "%" not in address:
        assert "is not on the public internet" in refused(f"http://{f'[{address}]' if ':' in address else address}/")


@pytest.mark.parametrize("address", ["8.8.8.8", "172.32.0.1", "100.128.0.1", "2606:4700::1111", "2a00:1450::1"])
def test_the_public_internet_is_open_at_two_ports(address: str) -> None:
    ports = [port for port in range(2**16) if fetching.INTERNET.permits(ip_address(address), port)]
    assert ports == [80, 443]


def test_one_private_address_among_public_ones_is_enough() -> None:
    network = web.Network(names={"example.org": ["8.8.8.8", "192.168.1.1"]})
    assert "is not on the public internet" in refused("http://example.org/", network)


def test_a_name_is_resolved_once_and_the_connection_goes_to_what_was_checked(serving: Callable[..., int]) -> None:
    network = web.Network(port := serving(PAGE), names={"example.org": ["127.0.0.1"]})
    fetch(port, network=network)
    assert network.asked == ["example.org"]


def test_the_next_address_is_tried_when_one_does_not_answer(serving: Callable[..., int]) -> None:
    port = serving(PAGE)

    class TwoHomes(web.Network):
        def permits(self, address: fetching.IpAddress, port: int) -> bool:
            return True

    assert fetch(port, network=TwoHomes(names={"example.org": ["127.0.0.2", "127.0.0.1"]})).body


@pytest.mark.parametrize("host", ["2130706433", "0177.0.0.1", "127.1", "0x7f.1", "0x7f000001", "127.0.0.1.", "1.2.3"])
def test_numbers_that_only_some_read_as_an_address_are_refused(host: str) -> None:
    assert "is a number and not the name of a server" in refused(f"http://{host}/", web.Network(80))


@pytest.mark.parametrize(
    ("address", "sentence"),
    [
        ("ftp://example.org/", "begin with http:// or https://"),
        ("file:///etc/passwd", "begin with http:// or https://"),
        ("gopher://example.org/", "begin with http:// or https://"),
        ("//example.org/", "begin with http:// or https://"),
        ("example.org", "begin with http:// or https://"),
        ("", "begin with http:// or https://"),
        ("http:///a", "names no server"),
        ("http://anna:secret@example.org/", "holds a name or a password"),
        ("http://example.org:22/", "Nothing is fetched from port 22"),
        ("https://example.org:0/", "Nothing is fetched from port 0"),
        ("http://example.org:99999/", "not a web address"),
        ("http://exa mple.org/", "not a web address"),
        ("http://①②⑦.⓪.⓪.①/", "not a web address"),
        ("http://unknown.example/", "There is no server called unknown.example"),
    ],
)
def test_what_is_no_address_of_a_page_is_refused(address: str, sentence: str) -> None:
    assert sentence in refused(address, web.Network(names={"example.org": ["8.8.8.8"]}))


def test_production_does_not_ask_this_machine(serving: Callable[..., int]) -> None:
    port = serving(PAGE)
    assert "Nothing is fetched from port" in refused(f"http://127.0.0.1:{port}/")
    assert "not on the public internet" in refused("http://localhost/")


# Redirects


def test_redirects_are_followed(serving: Callable[..., int]) -> None:
    moved = {"/a": web.answer(status="301 Moved Permanently", Location="b/ä?c"), "/b/%C3%A4?c": PAGE}
    port = serving(moved)
    assert fetch(port, "/a").address == f"http://example.org:{port}/b/%C3%A4?c"


def test_a_redirect_is_resolved_and_checked_anew(serving: Callable[..., int]) -> None:
    port = serving(web.answer(status="302 Found", Location="http://intranet.example/"))
    network = web.Network(port, names={"example.org": ["127.0.0.1"], "intranet.example": ["10.0.0.1"]})
    assert "intranet.example is not on the public internet" in refused(f"http://example.org:{port}/", network)


@pytest.mark.parametrize(
    "place",
    [
        "http://127.0.0.1/",
        "http://169.254.169.254/latest/meta-data/",
        "http://[::1]/",
        "//10.0.0.1/",
        "http://2130706433/",
        "file:///etc/passwd",
        "gopher://example.org/",
        "http://anna:secret@example.org/",
        "http://example.org:22/",
        "http://[::1/",
        "javascript:alert(1)",
    ],
)
def test_a_redirect_to_where_nothing_is_fetched_from_is_refused(serving: Callable[..., int], place: str) -> None:
    port = serving(web.answer(status="307 Temporary Redirect", Location=place))
    with pytest.raises(FetchError):
        fetch(port, network=web.Network(port, names={"example.org": ["127.0.0.1"]}))


def test_redirects_in_a_circle_end(serving: Callable[..., int]) -> None:
    asked: list[str] = []
    port = serving(_raw(asked, *[web.answer(status="302 Found", Location="/")] * 9))
    with pytest.raises(FetchError, match="more than 5 redirects"):
        fetch(port)
    assert len(asked) == 6


def test_a_redirect_to_nowhere_is_refused(serving: Callable[..., int]) -> None:
    with pytest.raises(FetchError, match="does not say where to"):
        fetch(serving(web.answer(status="302 Found")))


# Who answers


def test_a_certificate_of_the_name_is_accepted(serving: Callable[..., int]) -> None:
    port = serving(PAGE, certificate=CERTIFICATE)
    network = web.Network(port, trust=CERTIFICATE)
    fetched = fetching.fetch(f"https://example.org:{port}/", accept={"text/html"}, network=network)
    assert fetched.body == b"<p>A page.</p>"


@pytest.mark.parametrize(
    ("host", "trust", "reason"),
    [
        pytest.param("other.example", CERTIFICATE, "other.example cannot prove", id="of another name"),
        pytest.param("127.0.0.1", CERTIFICATE, "127.0.0.1 cannot prove", id="of a name, not of the address"),
        pytest.param("example.org", "", "example.org cannot prove", id="of nobody we trust"),
    ],
)
def test_any_other_certificate_is_refused(serving: Callable[..., int], host: str, trust: str, reason: str) -> None:
    port = serving(PAGE, certificate=CERTIFICATE)
    assert reason in refused(f"https://{host}:{port}/", web.Network(port, trust=trust))


def test_there_is_no_way_from_https_back_to_http(serving: Callable[..., int]) -> None:
    plain = serving(PAGE)
    back = web.answer(status="302 Found", Location=f"http://example.org:{plain}/")
    port = serving(back, certificate=CERTIFICATE)
    assert "from https to http" in refused(f"https://example.org:{port}/", web.Network(port, plain, trust=CERTIFICATE))


# What comes back


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        pytest.param(web.answer("Gone.", status="404 Not Found"), "answered “404 Not Found”", id="404"),
        pytest.param(web.answer("No.", status="500 <b>Own words</b>"), "“500 Internal Server Error”", id="500"),
        pytest.param(web.answer("Hm.", status="599 What"), "answered “599”", id="a status nobody knows"),
        pytest.param(web.answer("{}", type="application/json"), "answered with application/json", id="wrong type"),
        pytest.param(web.answer("A page.", type=""), "something that it does not name", id="no type"),
        pytest.param(web.answer(""), "The answer was empty", id="nothing"),
        pytest.param(web.answer(b"\x28\xb5", Content_Encoding="zstd"), "did not ask for", id="packed otherwise"),
        pytest.param(web.answer(b"no gzip", Content_Encoding="gzip"), "could not be unpacked", id="broken packing"),
        pytest.param(web.answer("Short.", Content_Length="100"), "failed or broke off", id="less than announced"),
        pytest.param(web.answer("A page.", Content_Length="9000000"), "over 5 MB", id="more than 5 MB announced"),
        pytest.param(web.answer("A page.", Content_Length="many"), "failed or broke off", id="no number for a length"),
        pytest.param(b"SSH-2.0-OpenSSH_9.9\r\n", "failed or broke off", id="no web server"),
        pytest.param(b"", "failed or broke off", id="hung up"),
    ],
)
def test_what_is_no_page_is_refused(serving: Callable[..., int], said: bytes, sentence: str) -> None:
    with pytest.raises(FetchError, match=sentence.replace("“", ".")):
        fetch(serving(said))


def test_a_server_that_does_not_answer_is_named() -> None:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    with pytest.raises(FetchError, match=r"The connection to example\.org failed"):
        fetch(port)


HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n"


def _endless(connection: socket.socket, asked: str) -> None:
    connection.sendall(HEAD + b"\r\n")
    while True:
        connection.sendall(b"word " * 10_000)


def _endless_chunks(connection: socket.socket, asked: str) -> None:
    connection.sendall(HEAD + b"Transfer-Encoding: chunked\r\n\r\n")
    while True:
        connection.sendall(b"c350\r\n" + b"word " * 10_000 + b"\r\n")


def _bomb(connection: socket.socket, asked: str) -> None:
    packed = gzip.compress(bytes(50_000_000))
    connection.sendall(HEAD + f"Content-Encoding: gzip\r\nContent-Length: {len(packed)}\r\n\r\n".encode() + packed)


def _bomb_in_a_bomb(connection: socket.socket, asked: str) -> None:
    packed = gzip.compress(gzip.compress(bytes(50_000_000)))
    connection.sendall(HEAD + b"Content-Encoding: gzip, gzip\r\n\r\n" + packed)


@pytest.mark.parametrize("manner", [_endless, _endless_chunks, _bomb])
def test_five_megabytes_are_all_that_is_read(serving: Callable[..., int], manner: web.Manner) -> None:
    with pytest.raises(FetchError, match="over 5 MB"):
        fetch(serving(manner))


def test_what_is_packed_twice_is_refused(serving: Callable[..., int]) -> None:
    with pytest.raises(FetchError, match="did not ask for"):
        fetch(serving(_bomb_in_a_bomb))


def test_whoever_asks_may_allow_less(serving: Callable[..., int]) -> None:
    with pytest.raises(FetchError, match=r"over 1e-05 MB|over 0\.00001 MB"):
        fetch(serving(PAGE), most_bytes=10)


def _drip(head: bytes) -> web.Manner:
    def manner(connection: socket.socket, asked: str) -> None:
        connection.sendall(head)
        while True:
            connection.sendall(b"a")
            time.sleep(0.05)

    return manner


def _silent(connection: socket.socket, asked: str) -> None:
    threading.Event().wait(5)


@pytest.mark.parametrize(
    "manner",
    [
        pytest.param(_silent, id="says nothing"),
        pytest.param(_drip(b""), id="status by the letter"),
        pytest.param(_drip(b"HTTP/1.1 200 OK\r\nX-Slow: "), id="head by the letter"),
        pytest.param(_drip(HEAD + b"\r\n"), id="body by the letter"),
        pytest.param(_drip(HEAD + b"Content-Length: 1000\r\n\r\n"), id="body of a known length by the letter"),
    ],
)
@pytest.mark.parametrize("scheme", ["http", "https"])
def test_the_time_is_for_all_of_it(serving: Callable[..., int], manner: web.Manner, scheme: str) -> None:
    port = serving(manner, certificate=CERTIFICATE if scheme == "https" else "")
    network = web.Network(port, trust=CERTIFICATE)
    with pytest.raises(FetchError, match=r"took longer than 0\.3 seconds"):
        fetching.fetch(f"{scheme}://example.org:{port}/", accept={"text/html"}, seconds=0.3, network=network)


def test_time_runs_on_through_redirects(serving: Callable[..., int]) -> None:
    def late(connection: socket.socket, asked: str) -> None:
        time.sleep(0.2)
        connection.sendall(web.answer(status="302 Found", Location="/"))

    with pytest.raises(FetchError, match=r"took longer than 0\.3 seconds"):
        fetch(serving(late), seconds=0.3)


def test_a_name_that_nobody_answers_for_is_not_waited_for() -> None:
    given_up = threading.Event()

    class Deaf(web.Network):
        def resolve(self, host: str) -> list[str]:
            # Answers once it was given up.
            given_up.wait(10)
            return []

    with pytest.raises(FetchError, match=r"took longer than 0\.2 seconds"):
        fetching.fetch("http://example.org/", accept={"text/html"}, seconds=0.2, network=Deaf())
    given_up.set()
