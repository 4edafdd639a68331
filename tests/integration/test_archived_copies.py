"""Archived copies of what is cited: looked for once by the check, and given by hand."""

import json
import socket
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.test import Client, override_settings

from annotations import annotating, archiving, moderating
from annotations.accepting import NotAccepted
from annotations.models import Annotation, Document, ModerationEntry, Source
from reader.models import Article, User
from tests import web
from tests.factories import make_annotation, make_article, make_moderator, make_reader, make_source
from tests.sites import OTHER_STORY, Site, page

pytestmark = pytest.mark.django_db

URL = "https://example.org/count"
COPY = f"https://web.archive.org/web/20200102030405/{URL}"


# Looked for


class Archive:
    """A service that says whether there is a copy; by the manner of the Wayback Machine."""

    def __init__(self) -> None:
        self.said: bytes = b""
        self.requests: list[str] = []

    def __call__(self, connection: socket.socket, asked: str) -> None:
        self.requests.append(asked.split(" ")[1])
        connection.sendall(self.said)

    def has(self, url: str, **facts: object) -> None:
        closest = {"available": True, "status": "200", "timestamp": "20200102030405", "url": url, **facts}
        self.says({"url": "…", "archived_snapshots": {"closest": closest}})

    def says(self, told: object) -> None:
        words = told if isinstance(told, str) else json.dumps(told)
        self.said = web.answer(words, type="application/json")


@pytest.fixture
def archive(site: Site) -> Iterator[Archive]:
    served = Archive()
    with web.serving(served) as port, override_settings(ARCHIVE_SEARCH=f"http://archive.example:{port}/available"):
        site.network = web.Network(site.port, port)
        yield served


@pytest.fixture
def site() -> Iterator[Site]:
    served = Site()
    with web.serving(served) as served.port:
        yield served


def lose(site: Site) -> Document:
    """Cite a document that says 404, and look at it until that is believed."""
    if not Document.objects.exists():
        site.cited()
    site.answers["/a"] = web.answer(status="404 Not Found")
    return site.found(looks=3)


def test_of_what_is_no_longer_there_a_copy_is_looked_for_and_linked(site: Site, archive: Archive) -> None:
    copy = f"http://web.archive.org/web/20200102030405/{site.url()}"
    archive.has(copy)
    document = lose(site)
    assert document.archived_url == copy.replace("http:", "https:", 1)
    assert document.archived_by is None
    assert document.archive_sought_at is not None


def test_of_what_changed_a_copy_is_looked_for_too(site: Site, archive: Archive) -> None:
    archive.has(f"https://web.archive.org/web/20200102030405/{site.url()}")
    site.cited()
    site.check()
    site.answers["/a"] = page(OTHER_STORY)
    assert site.found(looks=2).archived_url


def test_the_archive_is_asked_for_the_copy_closest_to_when_it_was_cited(site: Site, archive: Archive) -> None:
    archive.says({"archived_snapshots": {}})
    annotation = site.cited()
    lose(site)
    day = f"{annotation.created_at:%Y%m%d}"
    assert archive.requests == [f"/available?url=http%3A%2F%2Fexample.org%3A{site.port}%2Fa&timestamp={day}"]


def test_a_copy_is_looked_for_once(site: Site, archive: Archive) -> None:
    archive.says({"archived_snapshots": {}})
    lose(site)
    site.found(looks=2)
    assert len(archive.requests) == 1


def test_of_what_is_there_none_is_looked_for(site: Site, archive: Archive) -> None:
    site.cited()
    site.found(looks=2)
    assert archive.requests == []


def test_where_a_reader_gave_one_none_is_looked_for(site: Site, archive: Archive) -> None:
    site.cited()
    Document.objects.update(archived_url="https://elsewhere.example/a", archived_by=make_reader())
    lose(site)
    assert archive.requests == []


def test_for_what_nobody_cites_any_more_none_is_looked_for(site: Site, archive: Archive) -> None:
    annotation = site.cited()
    Document.objects.update(status="dead")
    annotating.withdraw(annotation=annotation, by=annotation.creator)
    site.check()
    assert archive.requests == []


@override_settings(ARCHIVE_SEARCH="")
def test_with_no_service_named_none_is_asked(site: Site) -> None:
    document = lose(site)
    assert (document.archived_url, document.archive_sought_at) == ("", None)


def test_a_copy_that_was_found_counts_as_activity(site: Site, archive: Archive) -> None:
    archive.has(f"https://web.archive.org/web/2020/{site.url()}")
    annotation = site.cited()
    Document.objects.update(status="dead")
    before = annotation.article.activity
    site.answers["/a"] = web.answer(status="404 Not Found")
    site.check()
    annotation.article.refresh_from_db()
    assert annotation.article.activity > before


# What an archive may say that is no copy of the document.
NO_COPY: dict[str, object] = {
    "it has none": {"archived_snapshots": {}},
    "it has none, in a list": {"archived_snapshots": []},
    "a list": [1, 2],
    "a word": '"no"',
    "nothing": "null",
    "a closest that is none": {"archived_snapshots": {"closest": "no"}},
    "a copy that is not available": {"closest": {"available": False}},
    "a copy of another document": {"url": "https://web.archive.org/web/2020/https://other.example/"},
    "a copy of an error": {"status": "404"},
    "an address that is no copy": {"url": "https://elsewhere.example/a"},
    "an address that is none": {"url": "javascript:alert(1)"},
    "a number for an address": {"url": 7},
}


@pytest.mark.parametrize("told", [pytest.param(told, id=name) for name, told in NO_COPY.items()])
def test_there_is_no_copy_when_the_archive_says(site: Site, archive: Archive, told: object) -> None:
    if isinstance(told, dict) and "archived_snapshots" not in told:
        archive.has(**{"url": f"https://web.archive.org/web/2020/{site.url()}", **told.get("closest", told)})
    else:
        archive.says(told)
    document = lose(site)
    assert document.archived_url == ""
    assert document.archive_sought_at is not None


@pytest.mark.parametrize(
    "said",
    [
        pytest.param(web.answer("No.", status="503 Away"), id="busy"),
        pytest.param(web.answer("No.", status="429 Too Many Requests"), id="asked too often"),
        pytest.param(web.answer("<p>A page.</p>"), id="a page"),
        pytest.param(web.answer("{", type="application/json"), id="half an answer"),
        pytest.param(web.answer("[" * 90_000, type="application/json"), id="brackets without end"),
        pytest.param(web.answer("1" * 200_000, type="application/json"), id="too much"),
        pytest.param(b"", id="nothing"),
    ],
)
def test_an_archive_that_does_not_say_is_asked_again_in_the_next_run(site: Site, archive: Archive, said: bytes) -> None:
    archive.said = said
    assert lose(site).archive_sought_at is None
    site.check()
    assert len(archive.requests) == 2


def test_an_archive_that_fails_three_times_is_left_alone_for_the_run(site: Site, archive: Archive) -> None:
    article = make_article()
    for number in range(5):
        site.cited(f"/{number}", article=article)
    Document.objects.update(status="dead")
    site.check()
    assert len(archive.requests) == 3


# Cited


def cite(url: str, *, article: Article | None = None, creator: User | None = None) -> Annotation:
    return make_annotation(article=article, creator=creator, kind="source", sources=[make_source(url=url)])


def test_who_cites_a_copy_cites_the_original_and_gives_its_copy() -> None:
    anna = make_reader(username="anna")
    cite(COPY, creator=anna)
    document = Document.objects.get()
    assert (document.canonical_url, document.archived_url, document.archived_by) == (URL, COPY, anna)


def test_a_copy_that_was_given_before_stays() -> None:
    article = cite(COPY).article
    cite(f"https://archive.ph/2021/{URL}", article=article)
    assert Document.objects.get().archived_url == COPY


# Given by hand


@pytest.fixture
def source() -> Source:
    """Give a source whose document is no longer there."""
    found = cite(URL).sources.get()
    Document.objects.update(status="dead", obstacle="not found")
    return found


@pytest.fixture
def finder(client: Client) -> User:
    user = make_reader(username="anna")
    client.force_login(user)
    return user


def place(source: Source) -> str:
    return f"/sources/{source.pk}/archived-copy/"


def thread(client: Client, source: Source) -> str:
    return client.get(source.annotation.get_absolute_url()).content.decode()


def post(client: Client, source: Source, url: str = COPY, **fields: str) -> Any:
    return client.post(place(source), {"archived_url": url, **fields})


def test_a_reader_gives_a_copy_and_all_can_follow_it(client: Client, source: Source, finder: User) -> None:
    assert "give an archived copy" in thread(client, source)
    assert client.get(place(source)).status_code == 200
    assert post(client, source).status_code == 302
    document = Document.objects.get()
    assert (document.archived_url, document.archived_by) == (COPY, finder)
    shown = thread(Client(), source)
    assert f'<a href="{COPY}" rel="nofollow noopener external">archived copy' in shown
    assert "No longer there" in shown


def test_a_stranger_is_asked_to_sign_in_and_comes_back(client: Client, source: Source) -> None:
    assert place(source) in thread(client, source)
    response = client.get(place(source))
    assert response.status_code == 302
    assert f"next={place(source)}" in response.headers["Location"]


@pytest.mark.parametrize(
    ("url", "sentence"),
    [
        ("", "Give the address of the copy."),
        ("nowhere", "A source needs a full web address"),
        ("javascript:alert(1)", "A source needs a full web address"),
        ("https://user:secret@elsewhere.example/", "Leave the name and password out"),
        ("https://example.org/elsewhere", "on the same site"),
        ("https://blog.example.org/count", "on the same site"),
        ("https://web.archive.org/web/2020/https://other.example/", "a copy of another document"),
        (f"https://elsewhere.example/{'a' * 2000}", "at most 2000 characters"),
    ],
)
def test_what_is_no_copy_is_refused_in_words_and_kept_in_the_form(
    client: Client, source: Source, finder: User, url: str, sentence: str
) -> None:
    response = post(client, source, url)
    assert response.status_code == 422
    assert sentence in response.content.decode()
    assert f'value="{url}"' in response.content.decode() or not url
    assert Document.objects.get().archived_url == ""


@pytest.mark.parametrize("url", ["https://archive.ph/AbC12", "https://perma.cc/AB-12", "http://library.example/a.pdf"])
def test_a_copy_may_be_wherever_somebody_else_keeps_it(client: Client, source: Source, finder: User, url: str) -> None:
    post(client, source, f" {url} ")
    assert Document.objects.get().archived_url == url


def test_who_gave_a_copy_may_give_a_better_one(client: Client, source: Source, finder: User) -> None:
    post(client, source, "https://perma.cc/AB-12")
    assert "change<span" in thread(client, source)
    assert 'value="https://perma.cc/AB-12"' in client.get(place(source)).content.decode()
    post(client, source)
    assert Document.objects.get().archived_url == COPY


def test_another_s_copy_is_not_for_others_to_change(client: Client, source: Source, finder: User) -> None:
    archiving.give(source=source, by=make_reader(), url="https://perma.cc/AB-12")
    assert "change<span" not in thread(client, source)
    assert client.get(place(source)).status_code == 403
    assert post(client, source).status_code == 403
    assert post(client, source, **{"take-away": "1"}).status_code == 403


def test_what_the_check_found_anybody_may_replace(client: Client, source: Source, finder: User) -> None:
    Document.objects.update(archived_url="https://web.archive.org/web/2019/" + URL)
    assert "change<span" in thread(client, source)
    post(client, source)
    assert Document.objects.get().archived_by == finder


def test_of_two_who_give_one_at_once_the_second_is_told_and_keeps_what_they_typed(
    client: Client, source: Source, finder: User
) -> None:
    other = make_reader()
    with pytest.raises(NotAccepted, match="Somebody has given"):
        archiving.give(source=source, by=finder, url=COPY) and archiving.give(source=source, by=other, url=COPY)


def test_giving_the_same_twice_counts_once(source: Source) -> None:
    reader = make_reader()
    archiving.give(source=source, by=reader, url=COPY)
    source.annotation.article.refresh_from_db()
    before = source.annotation.article.activity
    archiving.give(source=source, by=reader, url=COPY)
    source.annotation.article.refresh_from_db()
    assert source.annotation.article.activity == before


def test_who_gave_a_copy_may_take_it_away(client: Client, source: Source, finder: User) -> None:
    post(client, source)
    assert post(client, source, **{"take-away": "1"}).status_code == 302
    assert (Document.objects.get().archived_url, Document.objects.get().archived_by) == ("", None)
    assert not ModerationEntry.objects.exists()


def test_a_moderator_takes_a_copy_away_and_the_log_keeps_why(client: Client, source: Source) -> None:
    archiving.give(source=source, by=make_reader(username="anna"), url=COPY)
    client.force_login(make_moderator())
    assert "change<span" in thread(client, source)
    response = post(client, source, **{"take-away": "1", "reason": "It leads to a shop."})
    assert response.status_code == 302
    entry = ModerationEntry.objects.get()
    assert (entry.action, entry.reason, entry.details) == ("unlink", "It leads to a shop.", f"anna: {COPY}")
    assert Document.objects.get().archived_url == ""
    notices = User.objects.get(username="anna").notices
    assert [(notice.event, notice.entry) for notice in notices.all()] == [("line", entry)]


def test_a_moderator_has_to_say_why(client: Client, source: Source) -> None:
    archiving.give(source=source, by=make_reader(), url=COPY)
    client.force_login(make_moderator())
    response = post(client, source, **{"take-away": "1", "reason": " "})
    assert response.status_code == 422
    assert "Please say why" in response.content.decode()
    assert Document.objects.get().archived_url == COPY


def test_taking_away_twice_does_nothing_more(source: Source) -> None:
    reader = make_reader()
    archiving.give(source=source, by=reader, url=COPY)
    archiving.take_away(source=source, by=reader)
    archiving.take_away(source=source, by=reader)
    assert Document.objects.get().archived_url == ""


def close(source: Source) -> None:
    Article.objects.update(status=Article.Status.CLOSED)


def hide(source: Source) -> None:
    moderating.hide(annotation=source.annotation, by=make_moderator(), rule="attack", reason="Not a source.")


def take_out(source: Source) -> None:
    annotation = source.annotation
    sources = [make_source(url="https://other.example/")]
    annotating.edit(annotation=annotation, by=annotation.creator, version=1, body="See.", sources=sources)


@pytest.mark.parametrize("change", [close, hide, take_out])
def test_nothing_is_given_any_more_where_it_is_no_longer_shown_or_closed(
    source: Source, change: Callable[[Source], None]
) -> None:
    change(source)
    with pytest.raises(NotAccepted, match=r"\.$"):
        archiving.give(source=source, by=make_reader(), url=COPY)


def test_a_closed_article_asks_for_no_copies(client: Client, source: Source) -> None:
    close(source)
    assert "give an archived copy" not in thread(client, source)


@pytest.mark.parametrize("change", [hide, take_out])
def test_the_form_of_what_is_not_there_is_not_there(
    client: Client, source: Source, finder: User, change: Callable[[Source], None]
) -> None:
    change(source)
    assert client.get(place(source)).status_code == 404
    assert post(client, source).status_code == 404


def test_the_form_can_only_be_read_and_posted(client: Client, source: Source, finder: User) -> None:
    assert client.put(place(source)).status_code == 405


def test_htmx_gets_the_thread_anew(client: Client, source: Source, finder: User) -> None:
    response = client.post(place(source), {"archived_url": COPY}, headers={"HX-Request": "true"})
    assert response.status_code == 200
    assert "Kept. Thank you for looking." in response.content.decode()
    assert COPY in response.content.decode()
