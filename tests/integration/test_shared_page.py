"""The reading page as every reader gets it who is not signed in: kept, current, and the same for all."""

import gzip
from collections.abc import Callable
from typing import Any

import pytest
from django.core.cache import caches
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from annotations import (
    annotating,
    archiving,
    moderating,
    placing,
    reporting,
    resolving,
    seeding,
    stories,
    verdicts,
    vetting,
)
from annotations.middleware import ADDRESS
from annotations.models import Annotation, WatchedTerm
from reader.models import Article
from tests.factories import (
    anchor_of,
    make_annotation,
    make_article,
    make_editor,
    make_moderator,
    make_reader,
    make_reply,
    make_resolution,
    make_revision,
    make_source,
)

pytestmark = pytest.mark.django_db


def read(
    article: Article, *, method: str = "get", cookies: dict[str, str] | None = None, **headers: str
) -> HttpResponse:
    """Ask for the page as a stranger does; a header's name is written with underscores."""
    stranger = Client(headers=headers)
    stranger.cookies.load(cookies or {})
    response: HttpResponse = getattr(stranger, method)(article.get_absolute_url())
    return response


def words(response: Any) -> str:
    return str(response.content, "utf-8")


def make_load(annotations: int) -> Article:
    size = seeding.Size(articles=1, paragraphs=3, annotations=annotations, readers=5)
    return seeding.fill(size, seed=annotations)[0]


@pytest.mark.parametrize("number", [0, 10, 300])
def test_the_page_costs_three_queries_whatever_the_number_of_annotations(number: int) -> None:
    article = make_load(number)
    caches["pages"].clear()
    with CaptureQueriesContext(
        connection,
    ) as drawn:
        read(article)
    with CaptureQueriesContext(connection) as kept:
        read(article)
    assert (len(drawn), len(kept)) == (3, 1)


def test_a_kept_page_is_not_drawn_again(client: Client) -> None:
    address = make_article().get_absolute_url()
    first, second = client.get(address), client.get(address)
    assert first.templates
    assert not second.templates
    assert first.content == second.content


def test_a_page_that_the_browser_has_costs_one_query_and_no_bytes() -> None:
    article = make_load(10)
    etag = read(article).headers["ETag"]
    caches["pages"].clear()
    with CaptureQueriesContext(connection) as queries:
        response = read(article, if_none_match=etag)
    assert (response.status_code, response.content, len(queries)) == (304, b"", 1)
    assert response.headers["ETag"] == etag


def test_the_page_stays_small_with_many_annotations() -> None:
    sizes = [len(gzip.compress(read(make_load(number)).content)) for number in (300, 3000)]
    assert sizes[1] < sizes[0] * 1.5 < 45_000


def attach(annotation: Annotation) -> None:
    make_annotation(article=annotation.article, body="Something else.")


def edit(annotation: Annotation) -> None:
    annotating.edit(annotation=annotation, by=annotation.creator, version=1, body="On second thoughts.")


def withdraw(annotation: Annotation) -> None:
    annotating.withdraw(annotation=annotation, by=annotation.creator)


def answer(annotation: Annotation) -> None:
    make_reply(parent=annotation)


def hide(annotation: Annotation) -> None:
    moderating.hide(annotation=annotation, by=make_moderator(), rule="attack", reason="Not about these words.")


def revise(annotation: Annotation) -> None:
    make_revision(annotation.article, "Something else entirely.")


def place(annotation: Annotation) -> None:
    spot, seen = placing.Spot(block="p3"), anchor_of(annotation).key
    placing.set_by_hand(annotation=annotation, by=make_moderator(), spot=spot, reason="It is there.", seen=seen)


def lose(annotation: Annotation) -> None:
    spot, seen = placing.Spot(), anchor_of(annotation).key
    placing.set_by_hand(annotation=annotation, by=make_moderator(), spot=spot, reason="It is gone.", seen=seen)


@pytest.mark.parametrize("change", [attach, edit, withdraw, answer, hide, revise, place, lose])
def test_every_visible_change_gives_the_page_a_new_tag(change: Callable[[Annotation], None]) -> None:
    annotation = make_annotation()
    etag = read(annotation.article).headers["ETag"]
    change(annotation)
    response = read(annotation.article, if_none_match=etag)
    assert response.status_code == 200
    assert response.headers["ETag"] != etag


def test_a_confirmation_gives_the_page_a_new_tag() -> None:
    annotation = make_annotation(exact="39,000 cars")
    make_revision(annotation.article, "It carries 40,000 cars a day, they say.")
    etag = read(annotation.article).headers["ETag"]
    placing.confirm(annotation=annotation, by=annotation.creator, seen=anchor_of(annotation).key)
    assert read(annotation.article, if_none_match=etag).status_code == 200


def test_what_an_editor_did_about_a_disagreement_gives_the_page_a_new_tag_and_so_does_its_writer() -> None:
    annotation = make_annotation(kind="disagreement")
    first = read(annotation.article).headers["ETag"]
    resolution = make_resolution(of=annotation, by=make_editor())
    second = read(annotation.article, if_none_match=first).headers["ETag"]
    resolving.settle(resolution=resolution, by=annotation.creator, is_settling=False)
    assert len({first, second, read(annotation.article, if_none_match=second).headers["ETag"]}) == 3


def test_an_undone_withdrawal_gives_the_page_a_new_tag() -> None:
    annotation = make_annotation()
    withdraw(annotation)
    etag = read(annotation.article).headers["ETag"]
    annotating.reinstate(annotation=annotation, by=annotation.creator)
    assert read(annotation.article, if_none_match=etag).status_code == 200


def test_an_archived_copy_that_comes_or_goes_gives_the_page_a_new_tag() -> None:
    source = make_annotation(kind="source").sources.get()
    reader, article = make_reader(), source.annotation.article
    etags = [read(article).headers["ETag"]]
    archiving.give(source=source, by=reader, url="https://perma.cc/AB-12")
    etags.append(read(article).headers["ETag"])
    archiving.take_away(source=source, by=reader)
    etags.append(read(article).headers["ETag"])
    assert len(set(etags)) == 3


def test_a_verdict_gives_the_page_a_new_tag() -> None:
    source = make_annotation(kind="source").sources.get()
    etag = read(source.annotation.article).headers["ETag"]
    verdicts.give(source=source, by=make_reader(), verdict="supports")
    assert read(source.annotation.article, if_none_match=etag).status_code == 200


def test_a_remark_that_is_let_stand_and_one_that_goes_give_the_page_a_new_tag() -> None:
    annotation, warden = make_annotation(kind="source"), make_moderator()
    WatchedTerm.objects.create(words="casino")
    source = annotation.sources.get()
    given = verdicts.give(source=source, by=make_reader(), verdict="partly", remark="A casino.")
    before = read(annotation.article).headers["ETag"]
    vetting.let_stand(line=given, by=warden, seen=given.key)
    between = read(annotation.article).headers["ETag"]
    given.refresh_from_db()
    vetting.remove(line=given, by=warden, reason="It mocks her.", seen=given.key)
    assert len({before, between, read(annotation.article).headers["ETag"]}) == 3


def test_two_documents_that_become_one_story_give_the_page_a_new_tag() -> None:
    article = make_article()
    first, second = (
        make_annotation(article=article, kind="source", sources=[make_source(url=f"https://example.org/{place}")])
        for place in range(2)
    )
    one, other = first.sources.get().document, second.sources.get().document
    etag = read(article).headers["ETag"]
    for _ in range(stories.ENOUGH):
        stories.say(document=one, other=other.pk, by=make_reader(), is_same=True)
    assert read(article, if_none_match=etag).status_code == 200


def test_an_edit_that_changes_nothing_leaves_the_page_its_tag() -> None:
    annotation = make_annotation()
    etag = read(annotation.article).headers["ETag"]
    annotating.edit(annotation=annotation, by=annotation.creator, version=1, body=annotation.body)
    assert read(annotation.article, if_none_match=etag).status_code == 304


def test_a_report_that_nobody_has_answered_changes_nothing() -> None:
    annotation = make_annotation()
    etag = read(annotation.article).headers["ETag"]
    reporting.report(annotation=annotation, by=make_reader(), reason="spam")
    assert read(annotation.article, if_none_match=etag).status_code == 304


def test_the_very_next_request_shows_what_was_attached() -> None:
    article = make_article()
    before = words(read(article))
    make_annotation(article=article, body="Nobody had said so before.")
    assert "Nobody had said so" not in before
    assert "Nobody had said so" in words(read(article))


def test_the_very_next_request_leaves_out_what_was_hidden_and_shows_it_when_restored() -> None:
    annotation = make_annotation(body="Nobody had said so before.")
    warden = make_moderator()
    seen = ["Nobody had said so" in words(read(annotation.article))]
    moderating.hide(annotation=annotation, by=warden, rule="attack", reason="Not about these words.")
    seen.append("Nobody had said so" in words(read(annotation.article)))
    moderating.restore(annotation=annotation, by=warden, reason="It is, after all.")
    seen.append("Nobody had said so" in words(read(annotation.article)))
    assert seen == [True, False, True]


def test_a_stranger_gets_no_cookie() -> None:
    response = read(make_article())
    assert "Set-Cookie" not in response.headers
    assert not response.cookies


def test_nothing_of_a_signed_in_reader_reaches_a_stranger(client: Client) -> None:
    article, reader = make_article(), make_reader(username="eleonora")
    client.force_login(reader)
    own = words(client.get(article.get_absolute_url()))
    assert "eleonora" in own
    assert "eleonora" not in words(read(article))


def test_a_signed_in_reader_gets_a_page_of_their_own(client: Client) -> None:
    article = make_article()
    read(article)
    client.force_login(make_reader(username="eleonora"))
    response = client.get(article.get_absolute_url(), headers={"If-None-Match": read(article).headers["ETag"]})
    assert response.status_code == 200
    assert "private" in response.headers["Cache-Control"]
    assert "ETag" not in response.headers


def test_a_signed_in_reader_s_page_asks_for_session_account_state_and_last_visit_only(client: Client) -> None:
    article = make_load(10)
    client.force_login(make_reader())
    client.get(article.get_absolute_url())
    with CaptureQueriesContext(connection) as queries:
        client.get(article.get_absolute_url())
    assert len(queries) == 4


def test_caches_on_the_way_are_told_what_the_page_depends_on() -> None:
    response = read(make_article())
    assert {name.strip() for name in response.headers["Vary"].split(",")} == {"Accept-Encoding", "Cookie"}
    assert response.headers["Cache-Control"] == "public, no-cache"
    assert not response.headers["ETag"].startswith("W/")


def test_a_head_request_has_the_headers_of_the_page_and_no_body() -> None:
    article = make_article()
    page, head = read(article), read(article, method="head")
    assert head.content == b""
    assert (head.headers["ETag"], head.headers["Content-Length"]) == (
        page.headers["ETag"],
        page.headers["Content-Length"],
    )


def test_a_browser_that_takes_gzip_gets_the_same_page_packed() -> None:
    article = make_article()
    plain, packed = read(article), read(article, accept_encoding="br, gzip")
    assert packed.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed.content) == plain.content
    assert packed.headers["ETag"] != plain.headers["ETag"]


@pytest.mark.parametrize("refusal", ["", "br", "gzip;q=0", "gzip; q=0.0, br", "identity"])
def test_who_does_not_take_gzip_is_not_given_it(refusal: str) -> None:
    response = read(make_article(), accept_encoding=refusal)
    assert "Content-Encoding" not in response.headers
    assert "<!doctype html>" in words(response)


@pytest.mark.parametrize(
    ("cookies", "mark"),
    [({"theme": "dark"}, 'data-theme="dark"'), ({"marks": "off"}, 'data-marks="off"'), ({}, 'data-theme="system"')],
)
def test_the_page_is_as_the_browser_wants_it(cookies: dict[str, str], mark: str) -> None:
    article = make_article()
    for others in ({"theme": "light"}, {}):
        read(article, cookies=others)
    assert mark in words(read(article, cookies=cookies))


@pytest.mark.parametrize(
    "other",
    [{"cookies": {"theme": "dark"}}, {"cookies": {"marks": "off"}}, {"accept_encoding": "gzip"}],
    ids=["another theme", "without marks", "packed"],
)
def test_not_modified_is_said_of_the_same_variant_only(other: dict[str, Any]) -> None:
    article = make_article()
    etag = read(article).headers["ETag"]
    assert read(article, if_none_match=etag).status_code == 304
    assert read(article, if_none_match=etag, **other).status_code == 200


def test_unknown_preferences_make_no_further_variants() -> None:
    article = make_article()
    assert read(article, cookies={"theme": "plaid"}).headers["ETag"] == read(article).headers["ETag"]


@pytest.mark.parametrize("form", ["W/{}", '"other", {}', "*"], ids=["made weak by a proxy", "among others", "any"])
def test_a_tag_is_known_in_every_form_it_may_come_back(form: str) -> None:
    article = make_article()
    etag = read(article).headers["ETag"]
    assert read(article, if_none_match=form.format(etag)).status_code == 304


def test_a_tag_of_another_article_is_not_taken_for_this_one() -> None:
    etag = read(make_load(1)).headers["ETag"]
    assert read(make_load(2), if_none_match=etag).status_code == 200


def test_an_address_that_holds_no_article_costs_one_query() -> None:
    with CaptureQueriesContext(connection) as queries:
        response = Client().get(reverse("reading", args=["nothing-here"]))
    assert (response.status_code, len(queries)) == (404, 1)


def test_an_article_without_a_published_revision_is_not_there() -> None:
    Article.objects.create(slug="unpublished")
    assert Client().get(reverse("reading", args=["unpublished"])).status_code == 404


def test_the_page_cannot_be_posted_to() -> None:
    assert Client().post(make_article().get_absolute_url()).status_code == 405


@pytest.mark.parametrize("slug", ["bridge", "the-bridge_2", "A" * 100])
def test_strangers_get_the_page_at_the_address_that_the_site_map_gives_it(slug: str) -> None:
    address = ADDRESS.fullmatch(reverse("reading", args=[slug]))
    assert address is not None
    assert address["slug"] == slug


@pytest.mark.parametrize("place", ["p1/", "whole/", "p1/annotations/", "p1"])
def test_other_addresses_of_an_article_are_left_to_the_site_map(place: str) -> None:
    assert ADDRESS.fullmatch(reverse("reading", args=["bridge"]) + place) is None


def test_a_stranger_s_page_is_as_safe_as_every_other() -> None:
    article = make_article()
    page, other = read(article), Client().get(reverse("library"))
    names = (
        "Content-Security-Policy",
        "X-Frame-Options",
        "Permissions-Policy",
        "Referrer-Policy",
        "X-Content-Type-Options",
    )
    for name in (*names, "Cross-Origin-Opener-Policy"):
        said = (sorted(response.headers[name].split("; ")) for response in (page, other))
        assert next(said) == next(said)


def test_a_stranger_s_page_is_not_given_under_another_host_s_name() -> None:
    assert read(make_article(), host="elsewhere.example").status_code == 400
