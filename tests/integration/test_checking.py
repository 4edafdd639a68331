"""What the check of sources finds, whatever servers do, and what comes of it."""

import datetime as dt
import gzip
import socket
import threading
import time
from collections.abc import Callable, Iterator
from email.utils import format_datetime
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from annotations import annotating, checking, moderating
from annotations.checking import calling
from annotations.checking.findings import look
from annotations.models import Annotation, Document
from reader.importing import fetching
from tests import web
from tests.factories import make_annotation, make_article, make_moderator, make_source
from tests.sites import OTHER_STORY, STORY, Site, page, redirect

pytestmark = pytest.mark.django_db

CERTIFICATE = str(Path(__file__).parents[1] / "data" / "tls" / "example.org.pem")


@pytest.fixture
def site() -> Iterator[Site]:
    served = Site()
    with web.serving(served) as served.port:
        yield served


# What is there


def test_a_document_that_is_there_is_known_by_its_title_its_date_and_its_words(site: Site) -> None:
    site.cited()
    site.answers["/a"] = page(head='<meta property="article:published_time" content="2015-09-11">')
    document = site.found()
    assert (document.status, document.http_status, document.obstacle) == ("alive", 200, "")
    assert (document.found_title, document.found_on) == ("The count", dt.date(2015, 9, 11))
    assert document.first_hash == document.content_hash != ""
    assert document.checked_at is not None


def test_what_is_there_is_looked_at_again_after_a_week(site: Site) -> None:
    site.cited()
    document = site.found()
    assert document.check_after is not None
    assert document.check_after - timezone.now() > dt.timedelta(days=6, hours=23)
    assert checking.run(pause=0, network=web.Network(site.port)).found.total() == 0


# Each is a document that is there for as long as anybody looks.
THERE = {
    "a PDF": web.answer(b"%PDF-1.7 \x00\xff", type="application/pdf"),
    "a picture": web.answer(b"\x89PNG\r\n\x1a\n\x00", type="image/png"),
    "plain text": web.answer("Twelve thousand.", type="text/plain"),
    "a page without a type": web.answer("Twelve thousand.", type=""),
    "a page of a few words": page("Twelve thousand."),
    "a page of scripts": page("<script>draw()</script>"),
    "a page in no UTF-8": page(type="text/html; charset=utf-8").replace(b"The bridge", b"The br\xfcdge"),
    "a page with a wrong charset": page(type="text/html; charset=utf-16"),
    "a page with a charset that nobody knows": page(type="text/html; charset=klingon"),
    "a page with characters that no database keeps": page(title="The \x00 count &#0; &#xD800; \x07"),
    "a page with a title that has no end": page(title="count " * 500),
    "a page that nests without end": page("<div>" * 5000),
    "a page of brackets": web.answer("<" * 50_000),
    "a page with a tag of the server's that has no end": page(ETag='"' + "a" * 2000 + '"'),
    "a page about a page that was not found": page(title="Not found: how a bridge was lost"),
    "a page of a magazine called 404": page(title="404 Media on bridges"),
    "a packed page": web.answer(gzip.compress(STORY.encode()), Content_Encoding="gzip"),
    "more than we read": web.answer(b"a" * 5_000_001, type="application/pdf"),
    "more than we read, it says": web.answer("A page.", Content_Length="9000000"),
    "a bomb": web.answer(gzip.compress(bytes(9_000_000)), Content_Encoding="gzip"),
    "what is packed in another way": web.answer(b"\x28\xb5", Content_Encoding="zstd"),
}


@pytest.mark.parametrize("answer", [pytest.param(answer, id=name) for name, answer in THERE.items()])
def test_it_is_there_whatever_it_is(site: Site, answer: bytes) -> None:
    site.cited()
    site.answers["/a"] = answer
    assert site.found(looks=3).status == "alive"


def _endless(connection: socket.socket, asked: str) -> None:
    connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n")
    while True:
        connection.sendall(b"word " * 10_000)


def test_a_page_without_end_is_there(site: Site) -> None:
    site.cited()
    site.answers["/a"] = _endless
    assert site.found().status == "alive"


# What is not there


def _silent(connection: socket.socket, asked: str) -> None:
    threading.Event().wait(3)


def _dripping(connection: socket.socket, asked: str) -> None:
    connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n")
    while True:
        connection.sendall(b"a")
        time.sleep(0.02)


def _reset(connection: socket.socket, asked: str) -> None:
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\x01\x00\x00\x00\x00\x00\x00\x00")
    connection.close()


def _flooding(connection: socket.socket, asked: str) -> None:
    connection.sendall(b"HTTP/1.1 200 OK\r\n" + b"".join(b"X-%d: a\r\n" % number for number in range(5000)) + b"\r\n")


# What a server does, what keeps the document from us, and what that comes to after how many looks.
MISSED: dict[str, tuple[bytes | web.Manner, str, str, int]] = {
    "says 404": (web.answer("No.", status="404 Not Found"), "not found", "dead", 3),
    "says 410": (web.answer("No.", status="410 Gone"), "not found", "dead", 3),
    "says in words that there is no such page": (page(title="Page not found – The Site"), "not found", "dead", 3),
    "says 404 in the title": (page(title="404"), "not found", "dead", 3),
    "leads to the front page": (redirect("302 Found", "/"), "not found", "dead", 3),
    "leads to the front page for good": (redirect("301 Moved Permanently", "/?utm_source=x"), "not found", "dead", 3),
    "leads to what is gone": (redirect("301 Moved Permanently", "/gone"), "not found", "dead", 3),
    "says 500": (web.answer("No.", status="500 Broken"), "no answer", "dead", 4),
    "says 503 and nothing more": (web.answer("No.", status="503 Away"), "no answer", "dead", 4),
    "gives an empty page": (web.answer(""), "no answer", "dead", 4),
    "says that nothing was modified though nobody asked": (
        b"HTTP/1.1 304 Not Modified\r\n\r\n",
        "no answer",
        "dead",
        4,
    ),
    "hangs up": (b"", "no answer", "dead", 4),
    "resets the connection": (_reset, "no answer", "dead", 4),
    "answers by the letter": (_dripping, "no answer", "dead", 4),
    "does not answer": (_silent, "no answer", "dead", 4),
    "speaks another language": (b"SSH-2.0-OpenSSH_9.9\r\n", "no answer", "dead", 4),
    "floods us with headers": (_flooding, "no answer", "dead", 4),
    "gives less than it announced": (page(Content_Length="10000"), "no answer", "dead", 4),
    "does not unpack": (web.answer(b"no gzip", Content_Encoding="gzip"), "no answer", "dead", 4),
    "leads nowhere": (web.answer(status="302 Found"), "no answer", "dead", 4),
    "leads in circles": (redirect("302 Found", "/a"), "no answer", "dead", 4),
    "leads in circles for good": (redirect("301 Moved Permanently", "/a"), "no answer", "dead", 4),
    "leads to a server that is gone": (redirect("302 Found", "http://gone.example/a"), "no server", "dead", 4),
    "says 401": (web.answer("No.", status="401 Unauthorized"), "sign-in", "blocked", 1),
    "says 402": (web.answer("No.", status="402 Payment Required"), "sign-in", "blocked", 1),
    "leads to where one signs in": (redirect("302 Found", "/account/login?next=/a"), "sign-in", "blocked", 1),
    "says 403": (web.answer("No.", status="403 Forbidden"), "refused", "blocked", 1),
    "says 451": (web.answer("No.", status="451 Unavailable For Legal Reasons"), "refused", "blocked", 1),
    "says 999": (web.answer("No.", status="999 Request denied"), "refused", "blocked", 1),
    "says 202 to robots": (page(status="202 Accepted"), "refused", "blocked", 1),
    "says 429": (web.answer("No.", status="429 Too Many Requests"), "busy", "blocked", 3),
    "says 503 and when to come back": (web.answer("", status="503 Away", Retry_After="9"), "busy", "blocked", 3),
    "leads to a private address": (redirect("301 Moved Permanently", "http://10.0.0.1/a"), "not public", "blocked", 1),
    "leads to this machine": (redirect("302 Found", "http://[::1]/a"), "not public", "blocked", 1),
    "leads to another port": (redirect("302 Found", "http://example.org:22/a"), "not public", "blocked", 1),
    "leads to a file": (redirect("302 Found", "file:///etc/passwd"), "not public", "blocked", 1),
}


@pytest.mark.parametrize("case", [pytest.param(case, id=name) for name, case in MISSED.items()])
def test_it_comes_to_this_when_a_server(
    site: Site, monkeypatch: pytest.MonkeyPatch, case: tuple[bytes | web.Manner, str, str, int]
) -> None:
    answer, obstacle, status, looks = case
    monkeypatch.setattr(calling, "_ASK_SECONDS", 0.3)
    names = {"example.org": ["127.0.0.1"]}
    site.cited()
    site.answers |= {"/a": answer, "/": page(), "/account/login?next=/a": page()}
    seen = []
    for _ in range(looks):
        site.check(network=web.Network(site.port, names=names))
        seen.append(Document.objects.get().status)
    assert seen == [""] * (looks - 1) + [status]
    assert Document.objects.get().obstacle == obstacle
    assert Document.objects.get().standing.split(" ")[0] in {"dead": ("No", "Does"), "blocked": ("Cannot",)}[status]


def test_a_host_that_no_server_has_any_more_is_dead_at_the_fourth_look(site: Site) -> None:
    site.cited()
    for _ in range(4):
        site.check(network=web.Network(site.port, names={}))
    document = Document.objects.get()
    assert (document.status, document.obstacle, document.http_status) == ("dead", "no server", None)


@pytest.mark.parametrize("address", ["http://10.0.0.1/a", "http://127.0.0.1/a", "http://169.254.169.254/latest/"])
def test_a_private_address_is_never_asked(site: Site, address: str) -> None:
    make_annotation(kind="source", sources=[make_source(url=address)])
    assert site.found().obstacle == "not public"
    assert site.requests == []


def test_who_cannot_prove_who_they_are_is_blocked_at_the_third_look(site: Site) -> None:
    with web.serving(web.saying(page()), certificate=CERTIFICATE) as port:
        make_annotation(kind="source", sources=[make_source(url=f"https://example.org:{port}/a")])
        for _ in range(3):
            site.check(network=web.Network(port))
    assert (Document.objects.get().status, Document.objects.get().obstacle) == ("blocked", "untrusted")


def test_there_is_no_way_from_https_back_to_http(site: Site) -> None:
    with web.serving(web.saying(redirect("301 Moved Permanently", site.url())), certificate=CERTIFICATE) as port:
        make_annotation(kind="source", sources=[make_source(url=f"https://example.org:{port}/a")])
        site.check(network=web.Network(port, site.port, trust=CERTIFICATE))
    assert Document.objects.get().obstacle == "not public"
    assert site.requests == []


def test_what_is_missing_once_is_still_said_to_be_there(site: Site) -> None:
    site.cited()
    checked_at = site.found().checked_at
    site.answers["/a"] = web.answer(status="404 Not Found")
    document = site.found(looks=2)
    assert (document.status, document.checked_at, document.failure_count) == ("alive", checked_at, 2)


def test_looks_that_miss_it_lie_ever_farther_apart(site: Site) -> None:
    site.cited()
    site.answers["/a"] = web.answer(status="500 Broken")
    days = []
    for _ in range(6):
        check_after = site.found().check_after
        assert check_after is not None
        days.append(round((check_after - timezone.now()) / dt.timedelta(days=1)))
    assert days == [1, 3, 7, 14, 30, 30]


def test_what_failed_and_then_is_fine_is_fine(site: Site) -> None:
    site.cited()
    site.answers["/a"] = web.answer(status="500 Broken")
    site.found(looks=3)
    site.answers["/a"] = page()
    document = site.found()
    assert (document.status, document.failure_count, document.obstacle) == ("alive", 0, "")


def test_what_was_dead_and_came_back_is_there(site: Site) -> None:
    site.cited()
    site.answers["/a"] = web.answer(status="410 Gone")
    assert site.found(looks=3).status == "dead"
    site.answers["/a"] = page()
    assert site.found().status == "alive"


def test_different_kinds_of_trouble_do_not_bear_each_other_out(site: Site) -> None:
    site.cited()
    for status in ("429 Busy", "429 Busy", "404 Not Found", "404 Not Found"):
        site.answers["/a"] = web.answer(status=status)
        site.check()
    assert (Document.objects.get().status, Document.objects.get().failure_count) == ("", 2)


# What changed


def test_new_words_are_believed_when_two_looks_find_the_same(site: Site) -> None:
    site.cited()
    site.check()
    site.answers["/a"] = page(OTHER_STORY)
    assert site.found().status == "alive"
    document = site.found()
    assert (document.status, document.standing) == ("changed", "Changed since it was cited")
    assert document.first_hash != document.content_hash


def test_what_may_have_changed_is_looked_at_again_the_next_day(site: Site) -> None:
    site.cited()
    site.check()
    site.answers["/a"] = page(OTHER_STORY)
    check_after = site.found().check_after
    assert check_after is not None
    assert check_after - timezone.now() < dt.timedelta(days=1)


def test_a_page_that_says_something_else_each_time_has_not_changed(site: Site) -> None:
    site.cited()
    for number in range(4):
        site.answers["/a"] = page(f"{STORY} You are visitor {number}.")
        site.check()
    assert Document.objects.get().status == "alive"


def test_a_page_that_is_what_it_was_again_has_not_changed(site: Site) -> None:
    site.cited()
    for words in (STORY, OTHER_STORY, OTHER_STORY):
        site.answers["/a"] = page(words)
        site.check()
    site.answers["/a"] = page()
    assert site.found().status == "alive"


@pytest.mark.parametrize(
    "anew",
    [
        pytest.param(page(STORY.replace(". ", ".</p><p class='new'>")), id="new markup"),
        pytest.param(page(STORY.upper()), id="in capitals"),
        pytest.param(page(STORY.replace(",", " –")), id="other commas"),
        pytest.param(page(f"{STORY}</p></article><nav>More stories</nav><p>"), id="other furniture"),
        pytest.param(page(title="Another title"), id="another title"),
    ],
)
def test_the_same_words_are_the_same_document_in(site: Site, anew: bytes) -> None:
    site.cited()
    site.check()
    site.answers["/a"] = anew
    assert site.found(looks=2).status == "alive"


@pytest.mark.parametrize("type", ["application/pdf", "image/png", "text/plain"])
def test_of_what_is_no_page_every_byte_counts(site: Site, type: str) -> None:  # noqa: A002
    site.cited()
    site.answers["/a"] = web.answer(b"one\x00", type=type)
    site.check()
    site.answers["/a"] = web.answer(b"two\x00", type=type)
    assert site.found(looks=2).status == "changed"


def test_what_has_become_too_large_to_read_says_nothing_of_its_words(site: Site) -> None:
    site.cited()
    site.check()
    first = Document.objects.get().content_hash
    site.answers["/a"] = web.answer(b"a" * 5_000_001)
    document = site.found(looks=2)
    assert (document.status, document.content_hash) == ("alive", first)


# What moved


@pytest.mark.parametrize("status", ["301 Moved Permanently", "308 Permanent Redirect"])
def test_a_permanent_redirect_is_a_move(site: Site, status: str) -> None:
    site.cited()
    site.answers |= {"/a": redirect(status, "/b"), "/b": page()}
    document = site.found()
    assert (document.status, document.moved_to) == ("moved", site.url("/b"))


@pytest.mark.parametrize("status", ["302 Found", "303 See Other", "307 Temporary Redirect"])
def test_a_temporary_redirect_is_none(site: Site, status: str) -> None:
    site.cited()
    site.answers |= {"/a": redirect(status, "/b"), "/b": page()}
    assert (site.found().status, site.found().moved_to) == ("alive", "")


def test_a_move_leads_as_far_as_it_is_for_good(site: Site) -> None:
    site.cited()
    site.answers |= {
        "/a": redirect("301 Moved Permanently", "/b"),
        "/b": redirect("302 Found", "/c"),
        "/c": redirect("301 Moved Permanently", "/d"),
        "/d": page(),
    }
    assert site.found().moved_to == site.url("/b")


@pytest.mark.parametrize("place", ["/a/", "/a?utm_source=x", "//www.example.org:{port}/a", "//m.example.org:{port}/a"])
def test_another_spelling_of_the_same_address_is_no_move(site: Site, place: str) -> None:
    site.cited()
    site.answers |= {"/a": redirect("301 Moved Permanently", place.format(port=site.port))}
    site.answers |= {"/a/": page(), "/a?utm_source=x": page()}
    if place.startswith("//"):

        def manner(connection: socket.socket, asked: str) -> None:
            is_there = f"Host: {place[2:].format(port=site.port)[:-2]}" in asked
            connection.sendall(page() if is_there else redirect("301 Moved", place.format(port=site.port)))

        site.answers["/a"] = manner
    assert (site.found().status, site.found().moved_to) == ("alive", "")


def test_what_moved_and_changed_is_said_to_have_done_both(site: Site) -> None:
    site.cited()
    site.check()
    site.answers |= {"/a": redirect("301 Moved Permanently", "/b"), "/b": page(OTHER_STORY)}
    document = site.found(looks=2)
    assert (document.status, document.moved_to) == ("changed", site.url("/b"))


def test_a_front_page_is_a_document_too(site: Site) -> None:
    site.cited("/")
    site.answers |= {"/": redirect("302 Found", "/en/"), "/en/": redirect("302 Found", "/index.html")}
    site.answers["/index.html"] = page()
    assert site.found().status == "alive"


# Manners


def robots(words: str, **headers: str) -> bytes:
    return web.answer(words, type="text/plain", **headers)


# What a server says to robots, and whether its pages may be looked at then.
ROBOTS: dict[str, tuple[bytes | web.Manner, bool]] = {
    "lets all in": (robots("User-agent: *\nDisallow:\n"), True),
    "keeps other pages to itself": (robots("User-agent: *\nDisallow: /b\n"), True),
    "keeps others out": (robots("User-agent: Other\nDisallow: /\n"), True),
    "lets us in alone": (robots("User-agent: *\nDisallow: /\n\nUser-agent: Gloss\nAllow: /\n"), True),
    "has no such file": (web.answer(status="404 Not Found"), True),
    "keeps the file to itself": (web.answer(status="403 Forbidden"), True),
    "leads in circles": (redirect("302 Found", "/robots.txt"), True),
    "leads to a private address": (redirect("302 Found", "http://10.0.0.1/robots.txt"), True),
    "sends bytes": (robots("\x00\x01\x02\xff"), True),
    "sends a page": (page(), True),
    "sends nothing": (robots(""), True),
    "keeps all out": (robots("User-agent: *\nDisallow: /\n"), False),
    "keeps us out": (robots("User-agent: gloss\nDisallow: /a\n"), False),
    "keeps all out behind a mark": (robots("\ufeffUser-agent: *\r\nDisallow: /\r\n"), False),
    "keeps all out among bytes": (web.answer(b"\xff\xfe\n\nUser-agent: *\nDisallow: /\n", type=""), False),
    "says so elsewhere": (redirect("301 Moved Permanently", "/elsewhere.txt"), False),
    "says more than we read": (robots("#" * 600_000), False),
    "says what cannot be taken apart": (robots("User-agent: *\nDisallow: //[\n"), False),
}


@pytest.mark.parametrize(
    ("answer", "is_open"), [pytest.param(answer, is_open, id=name) for name, (answer, is_open) in ROBOTS.items()]
)
def test_robots_are_let_in_or_not_where_a_server(site: Site, answer: bytes | web.Manner, *, is_open: bool) -> None:
    site.cited()
    site.answers |= {"/robots.txt": answer, "/elsewhere.txt": robots("User-agent: *\nDisallow: /")}
    document = site.found()
    assert ((document.status, document.obstacle) == ("alive", "")) is is_open
    assert ("/a" in site.paths) is is_open
    if not is_open:
        assert document.standing == "Cannot be checked (asks robots to stay away)"


@pytest.mark.parametrize("answer", [web.answer(status="500 Broken"), b"", _reset, _silent])
def test_a_server_that_fails_to_say_what_robots_may_have_is_not_asked_for_more(
    site: Site, monkeypatch: pytest.MonkeyPatch, answer: bytes | web.Manner
) -> None:
    monkeypatch.setattr(calling, "_ASK_SECONDS", 0.3)
    site.cited()
    site.answers["/robots.txt"] = answer
    document = site.found()
    assert (document.status, document.obstacle, document.failure_count) == ("", "no answer", 1)
    assert site.paths == []


def test_what_robots_may_have_is_asked_once_a_run(site: Site) -> None:
    article = make_article()
    for number in range(3):
        site.cited(f"/{number}", article=article)
    site.check()
    assert sum("GET /robots.txt " in request for request in site.requests) == 1


def test_where_a_page_leads_robots_have_to_be_let_in_too(site: Site) -> None:
    site.cited()
    site.answers |= {"/a": redirect("302 Found", "/b"), "/robots.txt": robots("User-agent: *\nDisallow: /b\n")}
    assert site.found().obstacle == "robots"
    assert site.paths == ["/a"]


def _times(site: Site) -> Callable[[socket.socket, str], None]:
    def manner(connection: socket.socket, asked: str) -> None:
        site.requests.append(f"AT {time.monotonic()}")
        connection.sendall(page())

    return manner


@pytest.mark.parametrize(
    ("said", "pause"), [(web.answer(status="404 Not Found"), 0.2), (robots("User-agent: *\nCrawl-delay: 1\n"), 1.0)]
)
def test_a_server_is_left_alone_between_two_questions(site: Site, said: bytes, pause: float) -> None:
    article = make_article()
    for path in ("/0", "/1"):
        site.cited(path, article=article)
        site.answers[path] = _times(site)
    site.answers["/robots.txt"] = said
    site.check(pause=0.2)
    first, second = (float(each.split(" ")[1]) for each in site.requests if each.startswith("AT"))
    assert second - first >= pause


def test_others_are_asked_while_one_server_is_left_alone(site: Site) -> None:
    article = make_article()
    for host in ("one.example", "two.example"):
        for path in ("/0", "/1"):
            site.cited(path, host=host, article=article)
    site.check(pause=0.1)
    hosts = [request.split("Host: ")[1][:3] for request in site.requests if "robots.txt" not in request]
    assert hosts == ["one", "two", "one", "two"]


def test_a_server_that_is_busy_is_left_alone_and_nothing_is_counted_against_what_was_not_asked(site: Site) -> None:
    article = make_article()
    for path in ("/0", "/1", "/2"):
        site.cited(path, article=article)
        site.answers[path] = web.answer(status="429 Too Many Requests", Retry_After="172800")
    site.check()
    assert site.paths == ["/0"]
    assert [document.failure_count for document in Document.objects.all()] == [1, 0, 0]
    later = timezone.now() + dt.timedelta(days=1, hours=23)
    assert Document.objects.filter(check_after__gt=later).count() == 3


@pytest.mark.parametrize(
    ("said", "days"),
    [
        pytest.param("432000", 5, id="in seconds"),
        pytest.param(format_datetime(timezone.now() + dt.timedelta(days=5), usegmt=True), 5, id="as a date"),
        pytest.param("1", 1, id="too soon for us"),
        pytest.param("99999999999999999999", 30, id="in a far future"),
        pytest.param("Fri, 31 Dec 9999 23:59:59 GMT", 30, id="at the end of time"),
        pytest.param("soon", 1, id="in words"),
        pytest.param("-1", 1, id="before"),
        pytest.param("Mon, 99 Foo 2026 99:99:99", 1, id="as no date"),
    ],
)
def test_who_is_busy_is_asked_again_when_they_say(site: Site, said: str, days: int) -> None:
    site.cited()
    site.answers["/a"] = web.answer(status="429 Too Many Requests", Retry_After=said)
    check_after = site.found().check_after
    assert check_after is not None
    assert round((check_after - timezone.now()) / dt.timedelta(days=1)) == days


def test_a_second_look_asks_only_for_what_is_new(site: Site) -> None:
    site.cited()
    site.answers["/a"] = page(ETag='"one"', Last_Modified="Fri, 11 Sep 2015 00:00:00 GMT")
    site.check()
    site.answers["/a"] = b"HTTP/1.1 304 Not Modified\r\n\r\n"
    document = site.found()
    assert 'If-None-Match: "one"\r\n' in site.requests[-1]
    assert "If-Modified-Since: Fri, 11 Sep 2015 00:00:00 GMT\r\n" in site.requests[-1]
    assert (document.status, document.http_status, document.found_title) == ("alive", 304, "The count")
    assert document.etag == '"one"'


def test_not_modified_bears_new_words_out(site: Site) -> None:
    site.cited()
    site.answers["/a"] = page()
    site.check()
    site.answers["/a"] = page(OTHER_STORY, ETag='"two"')
    site.check()
    site.answers["/a"] = b"HTTP/1.1 304 Not Modified\r\n\r\n"
    assert site.found().status == "changed"


def test_no_condition_goes_to_where_a_page_leads_now(site: Site) -> None:
    site.cited()
    site.answers["/a"] = page(ETag='"one"')
    site.check()
    site.answers |= {"/a": redirect("302 Found", "/b"), "/b": page(OTHER_STORY)}
    site.check()
    first, second = (request for request in site.requests[-3:] if "robots" not in request)
    assert 'If-None-Match: "one"' in first
    assert "If-None-Match" not in second


def test_of_another_address_nothing_is_kept_to_ask_on_conditions(site: Site) -> None:
    site.cited()
    site.answers |= {"/a": redirect("302 Found", "/b"), "/b": page(ETag='"one"')}
    site.check()
    site.check()
    assert "If-None-Match" not in "".join(site.requests)


# What is looked at


def test_a_document_beside_several_articles_is_asked_for_once(site: Site) -> None:
    for number, host in enumerate(("example.org", "www.example.org", "example.org")):
        site.cited(host=host, article=make_article(text=f"A title\n\nText number {number}.\n"))
    site.check()
    assert len(site.paths) == 1
    assert {document.status for document in Document.objects.all()} == {"alive"}
    assert Document.objects.count() == 3


def test_what_is_fetched_is_the_plainest_address_that_readers_gave(site: Site) -> None:
    article = make_article()
    site.answers["/a?utm_source=letter"] = page()
    for path, host in (("/a?utm_source=letter", "www.example.org"), ("/a", "www.example.org")):
        site.cited(path, host=host, article=article)
    site.check()
    assert site.paths == ["/a"]
    assert f"Host: www.example.org:{site.port}" in site.requests[-1]


def withdraw(annotation: Annotation) -> None:
    annotating.withdraw(annotation=annotation, by=annotation.creator)


def hide(annotation: Annotation) -> None:
    moderating.hide(annotation=annotation, by=make_moderator(), rule="attack", reason="Not a source.")


def cite_another(annotation: Annotation) -> None:
    sources = [make_source(url="http://10.0.0.1/")]
    annotating.edit(annotation=annotation, by=annotation.creator, version=1, body="See.", sources=sources)


@pytest.mark.parametrize("change", [withdraw, hide, cite_another])
def test_what_nobody_cites_any_more_is_kept_and_not_looked_at(site: Site, change: Callable[[Annotation], None]) -> None:
    change(site.cited())
    site.check()
    assert site.requests == []
    assert Document.objects.filter(canonical_url=site.url().replace("http:", "https:")).exists()


def test_a_run_looks_at_no_more_than_it_may_and_says_so(site: Site) -> None:
    article = make_article()
    for path in ("/0", "/1", "/2"):
        site.cited(path, article=article)
    report = site.check(most=2)
    assert (report.found.total(), report.is_unfinished) == (2, True)
    assert len(site.paths) == 2


def test_a_run_begins_with_nothing_when_its_time_is_over(site: Site) -> None:
    site.cited()
    report = site.check(seconds=0)
    assert (report.found.total(), report.is_unfinished, site.requests) == (0, True, [])
    assert Document.objects.get().check_after is None


def test_what_waits_longest_is_looked_at_first(site: Site) -> None:
    article = make_article()
    for path in ("/0", "/1"):
        site.cited(path, article=article)
    past = timezone.now() - dt.timedelta(days=1)
    Document.objects.filter(canonical_url__endswith="/0").update(check_after=past)
    checking.run(most=1, pause=0, network=web.Network(site.port))
    assert site.paths == ["/1"]


def test_a_machine_that_is_cut_off_declares_nothing_dead(site: Site) -> None:
    article = make_article()
    for host in ("one.example", "two.example", "three.example"):
        site.cited(host=host, article=article)
    report = site.check(network=web.Network(site.port, names={}))
    assert report.is_cut_off
    assert "cut off" in str(report)
    assert {document.failure_count for document in Document.objects.all()} == {0}


def test_what_failed_before_the_first_answer_counts_once_there_is_one(site: Site) -> None:
    article = make_article()
    for host in ("one.example", "two.example", "three.example", "four.example"):
        site.cited(host=host, article=article)
    site.check(network=web.Network(site.port, names={"four.example": ["127.0.0.1"]}))
    assert [document.failure_count for document in Document.objects.all()] == [1, 1, 1, 0]


def test_one_page_that_we_stumble_over_keeps_no_other_from_being_looked_at(
    site: Site, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    article = make_article()
    for path in ("/0", "/1"):
        site.cited(path, article=article)
        site.answers[path] = page()
    monkeypatch.setattr("annotations.checking.running.look", _stumbling)
    report = site.check()
    assert report.found.total() == 1
    assert "could not be looked at" in caplog.text


def _stumbling(address: str, **options: Any) -> Any:
    if address.endswith("/0"):
        raise RuntimeError
    return look(address, **options)


@pytest.mark.django_db(transaction=True)
def test_two_runs_at_once_share_the_work(site: Site) -> None:
    article = make_article()
    for number in range(6):
        site.cited(f"/{number}", article=article)
    both = threading.Barrier(2)

    def run() -> None:
        both.wait()
        checking.run(pause=0.01, network=web.Network(site.port))
        connection.close()

    threads = [threading.Thread(target=run) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(site.paths) == [f"/{number}" for number in range(6)]
    assert {document.failure_count for document in Document.objects.all()} == {1}


def test_a_run_that_is_killed_leaves_an_hour_behind_and_what_it_had_found(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    article = make_article()
    site.cited("/0", article=article)
    site.cited("/1", article=article)
    site.answers["/0"] = page()
    monkeypatch.setattr("annotations.checking.running.look", _killed)
    with pytest.raises(KeyboardInterrupt):
        site.check()
    first, second = Document.objects.all()
    assert (first.status, second.status) == ("alive", "")
    assert second.check_after is not None
    assert second.check_after - timezone.now() < dt.timedelta(hours=1)


def _killed(address: str, **options: Any) -> Any:
    if address.endswith("/1"):
        raise KeyboardInterrupt
    return look(address, **options)


def test_no_transaction_is_open_while_a_server_is_asked(site: Site) -> None:
    opened = len(connection.savepoint_ids)
    seen: list[int] = []

    class Watching(web.Network):
        def permits(self, address: fetching.IpAddress, port: int) -> bool:
            seen.append(len(connection.savepoint_ids))
            return super().permits(address, port)

    site.cited()
    site.check(network=Watching(site.port))
    assert set(seen) == {opened}


# What readers see of it


def test_what_a_look_changes_for_readers_counts_as_activity(site: Site) -> None:
    annotation = site.cited()
    seen = []
    for status in ("404 Not Found", "404 Not Found", "404 Not Found", "404 Not Found"):
        site.answers["/a"] = web.answer(status=status)
        site.check()
        annotation.article.refresh_from_db()
        seen.append(annotation.article.activity)
    assert [activity - seen[0] for activity in seen] == [0, 0, 1, 1]


def test_that_it_is_there_changes_nothing_for_readers(site: Site) -> None:
    annotation = site.cited()
    annotation.article.refresh_from_db()
    before = annotation.article.activity
    site.found(looks=2)
    annotation.article.refresh_from_db()
    assert annotation.article.activity == before
