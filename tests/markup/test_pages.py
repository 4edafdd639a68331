"""Every page is valid HTML by the Nu Html Checker, its warnings included."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from annotations import annotating, following, moderating, sampling
from annotations.models import Annotation, Source
from reader import drafting
from reader.models import Article, User
from reader.text.blocks import Block
from tests.factories import make_annotation, make_editor, make_moderator, make_reader, make_reply, make_revision

pytestmark = pytest.mark.django_db

Check = Callable[..., None]
HTMX: dict[str, Any] = {"HTTP_HX_REQUEST": "true"}

# One of each kind of block, so that each template is drawn.
BLOCKS = (
    Block(kind="heading", html="What was counted", level=2),
    Block(kind="paragraph", html='The bridge carried 12,000 carts.<sup><a href="#k1">1</a></sup>', key="a"),
    Block(kind="list item", html="Carts", level=0, marker="1."),
    Block(kind="list item", html="Riders", level=1),
    Block(kind="quote", html="Nobody counted the <em>geese</em>."),
    Block(kind="table", html="<tr><th>Year</th><th>Carts</th></tr><tr><td>1801</td><td>12,000</td></tr>"),
    Block(kind="code", html="count(carts)"),
    Block(kind="heading", html="What was not", level=3),
    Block(kind="heading", html="Geese", level=4),
    Block(kind="footnote", html="By the toll keeper.", marker="1", key="k1"),
)


@pytest.fixture
def article() -> Article:
    """Give the first article with its samples."""
    return sampling.ensure()


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def test_pages_that_everybody_reads(article: Article, check_page: Check) -> None:
    home = article.get_absolute_url()
    head = Annotation.objects.filter(replies__isnull=False).earliest("pk")
    places = ("p1", "p3", "f1", "whole", "orphans", "edition", "sources")
    addresses = ["/", "/?archived=1", home, *(f"{home}{name}/" for name in places)]
    addresses += [f"{home}p3/?start=0&end=9&kind=source", f"{home}revisions/", f"{home}revisions/1/"]
    addresses += [f"{home}sources/?by=paragraph", f"{home}sources/?by=publisher"]
    addresses += [head.get_absolute_url(), head.creator.get_absolute_url(), reverse("replies", args=[head.pk])]
    for address in addresses:
        check_page(address)


def test_an_article_of_every_kind_of_block_and_its_revisions(article: Article, check_page: Check) -> None:
    make_revision(article, *BLOCKS)
    make_annotation(article=article, exact="12,000 carts", kind="disagreement")
    make_revision(article, *BLOCKS[:2], *BLOCKS[3:], note="Carts and heads.")
    home = article.get_absolute_url()
    places = "", "edition/", "orphans/", "revisions/2/", "revisions/3/", "revisions/1..2/", "revisions/2..3/", "p1/"
    for place in places:
        check_page(f"{home}{place}")


@pytest.mark.parametrize("status", [Article.Status.CLOSED, Article.Status.ARCHIVED])
def test_an_article_that_takes_no_more(article: Article, check_page: Check, status: str) -> None:
    Article.objects.filter(pk=article.pk).update(status=status)
    for address in (article.get_absolute_url(), f"{article.get_absolute_url()}p3/"):
        check_page(address)


def test_empty_pages(check_page: Check) -> None:
    check_page("/")
    check_page(make_reader().get_absolute_url())


def test_a_first_reading_of_the_text_alone(article: Article, check: Check, client: Client) -> None:
    client.cookies["reading"] = "alone"
    page = client.get(article.get_absolute_url()).content.decode()
    assert "data-alone" in page
    check(page, about="the text alone")


def test_earlier_wordings_and_ways_back(article: Article, check_page: Check) -> None:
    ada = make_reader(username="ada")
    own = make_annotation(article=article, creator=ada, kind="disagreement", exact="yell loudly")
    annotating.edit(annotation=own, by=ada, version=1, body="Nobody *yells*.", grounds="framing")
    check_page(reverse("wordings", args=[own.pk]))
    annotating.withdraw(annotation=own, by=ada)
    for address in (reverse("reinstate", args=[own.pk]), own.get_absolute_url(), f"{article.get_absolute_url()}p1/"):
        check_page(address, by=signed_in(ada))


def test_pages_on_the_way_in(check_page: Check) -> None:
    for name in ("account_login", "account_signup", "account_reset_password", "account_inactive"):
        check_page(reverse(name))


def test_filtered_pages_and_what_is_followed(article: Article, check_page: Check) -> None:
    home, ada, bob = article.get_absolute_url(), make_reader(username="ada"), make_reader(username="bob")
    following.follow_person(follower=ada, person=bob)
    following.follow_thread(follower=ada, head=Annotation.objects.earliest("pk"))
    for address in (
        f"{home}?show=source&sort=newest&since=3",
        f"{home}?by=nobody&show=<b>&since=x",
        f"{home}p3/?by=bob",
    ):
        check_page(address)
    for address in (f"{home}?followed=1", "/following/", bob.get_absolute_url(), f"{home}orphans/?show=note"):
        check_page(address, by=signed_in(ada))


def test_pages_of_who_is_signed_in(article: Article, check_page: Check) -> None:
    ada = make_reader(username="ada")
    own = make_annotation(article=article, creator=ada, kind="disagreement", exact="yell loudly")
    source = make_annotation(article=article, creator=ada, kind="source", exact="crying wolf")
    make_reply(parent=own)
    theirs = Annotation.objects.exclude(creator=ada).earliest("pk")
    addresses = [article.get_absolute_url(), own.get_absolute_url(), reverse("flags", args=[theirs.pk])]
    addresses += [reverse(name, args=[own.pk]) for name in ("edit", "withdraw", "replies")]
    addresses += [reverse("edit", args=[source.pk])]
    addresses += list(map(reverse, ("account_email", "account_change_password", "account_logout")))
    for address in addresses:
        check_page(address, by=signed_in(ada))


def test_what_moderators_and_writers_see_of_the_hidden(article: Article, check_page: Check) -> None:
    note = make_annotation(article=article, exact="crying wolf")
    make_reply(parent=note)
    moderating.hide(annotation=note, by=make_moderator(), rule="attack", reason="abuse")
    for reader in (User.objects.get(username="warden"), note.creator):
        check_page(note.get_absolute_url(), by=signed_in(reader))


def test_pages_of_editors(article: Article, check_page: Check) -> None:
    editor = make_editor()
    draft = drafting.revise(article=article, by=editor)
    addresses = [reverse("desk"), reverse("import")]
    addresses += [reverse(name, args=[draft.pk]) for name in ("draft", "draft-text", "review")]
    for address in addresses:
        check_page(address, by=signed_in(editor))


def test_forms_with_errors(article: Article, check: Check, client: Client) -> None:
    client.force_login(make_reader())
    theirs = Annotation.objects.earliest("pk")
    for address in (f"{article.get_absolute_url()}p3/annotations/", *_forms(theirs)):
        for headers in ({}, HTMX):
            response = client.post(address, {"kind": "source"}, **headers)
            assert response.status_code == 422, address
            check(response.content.decode(), about=f"{address} {headers}", is_fragment=bool(headers))


def _forms(annotation: Annotation) -> list[str]:
    return [reverse(name, args=[annotation.pk]) for name in ("replies", "flags")]


def test_fragments(article: Article, check: Check, client: Client) -> None:
    own = Annotation.objects.filter(replies__isnull=False).earliest("pk")
    client.force_login(own.creator)
    addresses = [f"{article.get_absolute_url()}{name}/" for name in ("p3", "p5", "whole")]
    addresses += [reverse(name, args=[own.pk]) for name in ("edit", "withdraw", "replies")]
    for address in addresses:
        check(client.get(address, **HTMX).content.decode(), about=address, is_fragment=True)


def test_what_scripts_ask_for_while_a_reader_reads_and_writes(article: Article, check: Check, client: Client) -> None:
    home = article.get_absolute_url()
    source = Source.objects.earliest("pk")
    news = client.get(f"{home}news/?after=0").content.decode()
    known = client.get(f"{home}p3/known-source/", {"url": source.url}, **HTMX).content.decode()
    looks = client.post("/preview/", {"body": "Some *words*."}, **HTMX).content.decode()
    for about, fragment in {"news": news, "known": known, "looks": looks}.items():
        assert fragment.strip(), about
        check(fragment, about=about, is_fragment=True)


def test_what_comes_of_an_act(article: Article, check: Check, client: Client) -> None:
    own = make_annotation(article=article, exact="yell loudly")
    client.force_login(own.creator)
    response = client.post(reverse("withdraw", args=[own.pk]), **HTMX)
    check(response.content.decode(), about="withdrawn", is_fragment=True)


def test_pages_for_what_went_wrong(check_page: Check, client: Client) -> None:
    check_page("/nothing/here/", status=404)
    check_page(reverse("desk"), by=signed_in(make_reader()), status=403)


def test_the_checker_finds_what_is_wrong(check: Check) -> None:
    with pytest.raises(AssertionError, match="in scope"):
        check("<p><div>One in the other</div></p>", about="a bad fragment", is_fragment=True)
