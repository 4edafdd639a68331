"""The moderators' panel: what it lists, what a page shows, and how a decision is confirmed."""

import re
from collections.abc import Sequence
from html import unescape
from typing import TYPE_CHECKING, TypeAlias
from urllib.parse import parse_qs, urlsplit

import pytest
from django.contrib.auth.models import Permission
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from annotations import annotating, moderating, reporting
from annotations.admin.deciding import MOST_AT_ONCE
from annotations.models import Annotation, Flag, ModerationEntry, Source
from reader.models import User
from tests.factories import make_annotation, make_article, make_moderator, make_reader, make_reply, make_source
from tests.inline import inline_in

if TYPE_CHECKING:
    from django.test.client import _MonkeyPatchedWSGIResponse

Response: TypeAlias = "_MonkeyPatchedWSGIResponse"

pytestmark = pytest.mark.django_db

LIST = "/admin/annotations/annotation/"
DECISIONS = ("hide", "restore", "keep")


@pytest.fixture
def moderator() -> User:
    return make_moderator()


@pytest.fixture
def panel(client: Client, moderator: User) -> Client:
    """Give the browser of a moderator who is signed in."""
    return signed_in(client, moderator)


def signed_in(client: Client, person: User) -> Client:
    client.force_login(person)
    return client


def page_of(annotation: Annotation) -> str:
    return reverse("admin:annotations_annotation_change", args=[annotation.pk])


def told(response: Response) -> str:
    """Give a page as a reader reads it: its words without tags, in one spacing."""
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", response.content.decode())).split())


def listed(response: Response) -> set[int]:
    """Give the numbers of the annotations in the list."""
    return {int(number) for number in re.findall(rf'href="{LIST}(\d+)/change/', response.content.decode())}


def choose(panel: Client, action: str, annotations: Sequence[Annotation], *, query: str = "") -> Response:
    """Tick annotations in the list and choose what to do with them."""
    ids = [annotation.pk for annotation in annotations]
    form = {"action": f"{action}_selected", "_selected_action": ids, "index": 0}
    return panel.post(LIST + query, form)


def confirm(panel: Client, action: str, annotations: Sequence[Annotation], *, reason: str, query: str = "") -> Response:
    """Send the confirmation page's form."""
    seen = [f"{annotation.pk}:{annotation.key}:{_read_to(annotation)}" for annotation in annotations]
    return panel.post(f"{LIST}{action}/{query}", {"seen": seen, "rule": "spam", "reason": reason}, follow=True)


def _read_to(annotation: Annotation) -> int:
    latest = annotation.moderation_entries.first()
    return latest.pk if latest else 0


def states(*annotations: Annotation) -> list[str]:
    return [Annotation.objects.get(pk=annotation.pk).state for annotation in annotations]


# The list


def test_the_list_shows_what_was_said_about_which_words_by_whom(panel: Client) -> None:
    annotation = make_annotation(exact="39,000 cars", body="The *city* counted 12,000.")
    reporting.report(annotation=annotation, by=make_reader(), reason="misrepresented")
    page = panel.get(LIST)
    assert f'<a href="{annotation.get_absolute_url()}">“39,000 cars”</a>' in page.content.decode()
    writer = annotation.creator
    assert f'<a href="/admin/readers/{writer.username}/"><bdi>{writer}</bdi></a>' in page.content.decode()
    assert '<td class="field-open_reports">1</td>' in page.content.decode()
    for words in ("The city counted 12,000.", "Note", "Published", annotation.article.title):
        assert words in told(page)


def test_the_list_asks_the_database_the_same_whatever_its_length(
    panel: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    article = make_article()
    for number in range(12):
        annotation = make_annotation(article=article, exact="The toll")
        make_reply(parent=annotation)
        reporting.report(annotation=annotation, by=make_reader(), reason="spam")
        if number in {0, 11}:
            # Session, person, their permissions twice, articles to filter by, how many, and the annotations.
            with django_assert_num_queries(7):
                panel.get(LIST)


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("state=hidden", {"hidden"}),
        ("state=published", {"question", "reported"}),
        ("reports=open", {"reported"}),
        ("reports=any", {"reported", "hidden"}),
        ("reports=none", {"question"}),
        ("kind=question", {"question"}),
        ("article=elsewhere", {"question"}),
        ("q=tally", {"reported"}),
        ("q=toll should", {"question"}),
        ("q=ada", {"hidden"}),
    ],
)
def test_the_list_narrows_to_what_is_asked(panel: Client, moderator: User, query: str, found: set[str]) -> None:
    article, elsewhere = make_article(), make_article(text="Elsewhere\n\nThe toll should stay.\n", slug="elsewhere")
    annotations = {
        "reported": make_annotation(article=article, body="Who will tally?"),
        "hidden": make_annotation(article=article, creator=make_reader(username="ada")),
        "question": make_annotation(article=elsewhere, exact="toll should", kind="question", body="Says who?"),
    }
    for name in ("reported", "hidden"):
        reporting.report(annotation=annotations[name], by=make_reader(), reason="spam")
    moderating.hide(annotation=annotations["hidden"], by=moderator, rule="attack", reason="An advert.")
    assert listed(panel.get(f"{LIST}?{query}")) == {annotations[name].pk for name in found}


# The page of one


def test_the_page_shows_the_passage_in_its_paragraph(panel: Client) -> None:
    annotation = make_annotation(exact="39,000 cars")
    page = panel.get(page_of(annotation)).content.decode()
    assert "It carries <mark>39,000 cars</mark> a day" in page


def test_the_page_shows_a_passage_across_paragraphs_in_each(panel: Client) -> None:
    annotation = make_annotation(exact="since.\nIt carries")
    page = panel.get(page_of(annotation)).content.decode()
    assert page.count("<mark>") == 2
    assert "<mark>since.</mark>" in page
    assert "<mark>It carries</mark> 39,000" in page


def test_the_page_of_a_reply_shows_the_words_its_thread_is_about(panel: Client) -> None:
    reply = make_reply(parent=make_annotation(exact="39,000 cars"))
    assert "<mark>39,000 cars</mark>" in panel.get(page_of(reply)).content.decode()


def test_the_page_shows_statement_sources_thread_reports_and_decisions(panel: Client, moderator: User) -> None:
    annotation = make_annotation(
        kind="source",
        body="They **counted**.",
        sources=[make_source(url="https://example.org/count", locator="page 4")],
    )
    make_reply(parent=annotation, body="When was that?")
    reporting.report(annotation=annotation, by=make_reader(), reason="misrepresented", details="Page 4 says otherwise.")
    moderating.keep(annotation=annotation, by=moderator, reason="Page 4 does say so.")
    page = panel.get(page_of(annotation))
    assert "<strong>counted</strong>" in page.content.decode()
    for words in ("https://example.org/count", "page 4", "When was that?", "Page 4 says otherwise.", "does say so."):
        assert words in told(page)


def test_the_page_names_the_article_with_its_publisher(panel: Client) -> None:
    article = make_article(publisher="The Daily Bridge", original_url="https://example.org/bridge")
    page = told(panel.get(page_of(make_annotation(article=article))))
    assert "The Daily Bridge" in page
    assert "https://example.org/bridge" in page


def test_words_typed_by_readers_are_never_markup(panel: Client) -> None:
    annotation = make_annotation(body="Look: <img src=x onerror=alert(1)>")
    reporting.report(annotation=annotation, by=make_reader(), reason="off topic", details="<script>alert(1)</script>")
    for address in (LIST, page_of(annotation), f"{LIST}hide/?ids={annotation.pk}", "/admin/annotations/flag/"):
        assert inline_in(panel.get(address)) == []


@pytest.mark.parametrize(
    ("state", "offered"),
    [
        ("published", ["deny", "hide", "spam", "remove"]),
        ("reported", ["keep", "deny", "hide", "spam", "remove"]),
        ("hidden", ["restore", "deny", "spam", "remove"]),
        ("withdrawn", []),
    ],
)
def test_the_page_offers_the_decisions_that_fit(panel: Client, moderator: User, state: str, offered: list[str]) -> None:
    annotation = make_annotation()
    if state == "reported":
        reporting.report(annotation=annotation, by=make_reader(), reason="spam")
    if state == "hidden":
        moderating.hide(annotation=annotation, by=moderator, rule="attack", reason="An advert.")
    if state == "withdrawn":
        annotating.withdraw(annotation=annotation, by=annotation.creator)
    page = panel.get(page_of(annotation)).content.decode()
    assert re.findall(rf'href="{LIST}(\w+)/\?ids={annotation.pk}"', page) == offered


# Deciding


def test_choosing_asks_first_and_lists_what_was_chosen(panel: Client) -> None:
    article = make_article()
    chosen = [make_annotation(article=article, body=f"Number {number}.") for number in (1, 2)]
    answer = choose(panel, "hide", chosen)
    page = panel.get(answer["Location"])
    assert "Hide 2 annotations" in told(page)
    for annotation in chosen:
        assert f'name="seen" value="{annotation.pk}:published.1:0"' in page.content.decode()
        assert annotation.gist in told(page)
    assert states(*chosen) == ["published", "published"]


@pytest.mark.parametrize("reason", ["", "  ", "\u200b"], ids=repr)
def test_a_decision_without_a_reason_is_asked_again_with_the_selection_kept(panel: Client, reason: str) -> None:
    article = make_article()
    chosen = [make_annotation(article=article) for _ in range(2)]
    page = confirm(panel, "hide", chosen, reason=reason)
    assert page.status_code == 422
    assert "Please say why, in a few words" in told(page)
    assert all(f'name="seen" value="{annotation.pk}:published.1:0"' in page.content.decode() for annotation in chosen)
    assert states(*chosen) == ["published", "published"]


def test_a_reason_too_long_is_asked_again_with_what_was_typed(panel: Client) -> None:
    page = confirm(panel, "hide", [make_annotation()], reason="Because. " * 200)
    assert page.status_code == 422
    assert "1,799 characters long; 1,000 is the most" in told(page)
    assert "Because. Because." in page.content.decode()


def test_many_are_hidden_with_one_reason_and_a_line_of_the_log_each(panel: Client, moderator: User) -> None:
    article = make_article()
    chosen = [make_annotation(article=article) for _ in range(3)]
    page = confirm(panel, "hide", chosen, reason="All adverts.")
    assert states(*chosen) == ["hidden"] * 3
    assert "Hidden: 3 annotations." in told(page)
    entries = ModerationEntry.objects.all()
    assert [(entry.moderator, entry.reason) for entry in entries] == [(moderator, "All adverts.")] * 3


def test_one_is_restored_from_its_page(panel: Client, moderator: User) -> None:
    annotation = make_annotation()
    moderating.hide(annotation=annotation, by=moderator, rule="attack", reason="An advert.")
    [address] = re.findall(rf'href="({LIST}restore/[^"]+)"', panel.get(page_of(annotation)).content.decode())
    [seen] = re.findall(r'name="seen" value="([^"]+)"', panel.get(address).content.decode())
    assert seen == f"{annotation.pk}:hidden.1:{annotation.moderation_entries.get().pk}"
    page = panel.post(address, {"seen": seen, "reason": "It was none."}, follow=True)
    assert states(annotation) == ["published"]
    assert f"Restored: {annotation}" in told(page)


def test_a_reported_one_is_kept_and_its_reports_are_answered(panel: Client) -> None:
    annotation = make_annotation()
    reporting.report(annotation=annotation, by=make_reader(), reason="spam")
    confirm(panel, "keep", [annotation], reason="No advert.")
    assert states(annotation) == ["published"]
    assert listed(panel.get(f"{LIST}?reports=open")) == set()


def test_conflicts_are_told_one_by_one_and_stop_nothing_else(panel: Client, moderator: User) -> None:
    article = make_article()
    fresh, hidden, withdrawn, edited = (make_annotation(article=article, body=f"{name}.") for name in "ABCD")
    moderating.hide(annotation=hidden, by=moderator, rule="attack", reason="An advert.")
    annotating.withdraw(annotation=withdrawn, by=withdrawn.creator)
    annotating.edit(annotation=edited, by=edited.creator, version=1, body="Said better.")
    page = told(confirm(panel, "hide", [fresh, hidden, withdrawn, edited], reason="All adverts."))
    assert states(fresh, hidden, withdrawn, edited) == ["hidden", "hidden", "withdrawn", "published"]
    assert f"Hidden: {fresh}" in page
    assert f"Not done: {hidden} . It is hidden already, so this cannot be done." in page
    assert "Its writer has withdrawn it" in page
    assert "Its writer edited it while you were deciding." in page


def test_what_another_moderator_kept_meanwhile_is_read_again_first(panel: Client) -> None:
    article, other = make_article(), make_moderator(username="other")
    kept, fresh = (make_annotation(article=article) for _ in range(2))
    reporting.report(annotation=kept, by=make_reader(), reason="spam")
    address = choose(panel, "hide", [kept, fresh])["Location"]
    seen = re.findall(r'name="seen" value="([^"]+)"', panel.get(address).content.decode())
    moderating.keep(annotation=kept, by=other, reason="No advert.")
    page = told(panel.post(address, {"seen": seen, "rule": "spam", "reason": "All adverts."}, follow=True))
    assert states(kept, fresh) == ["published", "hidden"]
    assert "other was faster: looked at, kept. Please read it again." in page


def test_the_list_is_found_again_as_it_was_narrowed(panel: Client) -> None:
    annotation = make_annotation()
    answer = choose(panel, "hide", [annotation], query="?state=published&kind=note")
    target = urlsplit(answer["Location"])
    page = confirm(panel, "hide", [annotation], reason="An advert.", query=f"?{target.query}")
    [(address, _)] = page.redirect_chain
    assert parse_qs(urlsplit(address).query) == {"state": ["published"], "kind": ["note"]}


def test_more_than_can_be_read_at_once_is_not_asked_about(panel: Client) -> None:
    article = make_article()
    model = make_annotation(article=article)
    copies = [make_annotation(article=article, creator=model.creator) for _ in range(MOST_AT_ONCE)]
    form = {"action": "hide_selected", "_selected_action": [model.pk], "index": 0, "select_across": 1}
    page = panel.post(LIST, form, follow=True)
    assert f"Please choose at most {MOST_AT_ONCE} at a time" in told(page)
    assert set(states(model, *copies)) == {"published"}


@pytest.mark.parametrize("query", ["", "?ids=", "?ids=one,two", "?ids=999999999999999999", "?ids=1'--"])
def test_a_link_that_names_nothing_leads_back_to_the_list(panel: Client, query: str) -> None:
    page = panel.get(f"{LIST}hide/{query}", follow=True)
    assert "Nothing was chosen." in told(page)


@pytest.mark.parametrize(
    "seen", ["", "7", "x:y", "1:1", "1:published.1", "1:published.x:0", "9" * 30 + ":published.1:0"]
)
def test_a_form_that_names_nothing_leads_back_to_the_list(panel: Client, seen: str) -> None:
    page = panel.post(f"{LIST}hide/", {"seen": seen, "rule": "spam", "reason": "An advert."}, follow=True)
    assert "Nothing was chosen." in told(page)


# Reports, log and documents


def test_reports_are_listed_with_their_annotation_and_answer(panel: Client, moderator: User) -> None:
    annotation = make_annotation()
    reporting.report(annotation=annotation, by=make_reader(), reason="attack", details="Calls me a fool.")
    address = "/admin/annotations/flag/"
    assert "Calls me a fool." in told(panel.get(f"{address}?answer=open"))
    moderating.hide(annotation=annotation, by=moderator, rule="attack", reason="An insult.")
    assert "Calls me a fool." not in told(panel.get(f"{address}?answer=open"))
    assert f'href="{page_of(annotation)}"' in panel.get(f"{address}?answer=given").content.decode()


# Session, person, their permissions twice, how many, and the rows; the log can be narrowed to one of its moderators.
@pytest.mark.parametrize(("model", "queries"), [("flag", 6), ("moderationentry", 7), ("source", 6)])
def test_the_other_lists_ask_the_database_the_same_whatever_their_length(
    panel: Client, moderator: User, model: str, queries: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    article = make_article()
    for number in range(9):
        annotation = make_annotation(article=article, kind="source")
        reporting.report(annotation=annotation, by=make_reader(), reason="spam")
        moderating.hide(annotation=annotation, by=moderator, rule="attack", reason="An advert.")
        if number in {0, 8}:
            with django_assert_num_queries(queries):
                panel.get(f"/admin/annotations/{model}/")


def test_the_log_is_listed_with_who_what_and_why(panel: Client, moderator: User) -> None:
    annotation = make_annotation()
    moderating.hide(annotation=annotation, by=moderator, rule="attack", reason="An insult.")
    page = panel.get("/admin/annotations/moderationentry/")
    for words in ("An insult.", str(moderator), str(annotation), "Hidden by a moderator"):
        assert words in told(page)


@pytest.mark.parametrize("model", ["annotation", "flag", "moderationentry", "source"])
@pytest.mark.parametrize("act", ["add", "change", "delete", "delete many"])
def test_not_even_a_superuser_adds_changes_or_deletes(client: Client, moderator: User, model: str, act: str) -> None:
    signed_in(client, make_reader(is_staff=True, is_superuser=True))
    annotation = make_annotation(kind="source")
    reporting.report(annotation=annotation, by=make_reader(), reason="spam")
    moderating.hide(annotation=annotation, by=moderator, rule="attack", reason="An insult.")
    rows = {
        "annotation": Annotation.objects.all(),
        "flag": Flag.objects.all(),
        "moderationentry": ModerationEntry.objects.all(),
        "source": Source.objects.all(),
    }[model]
    before = list(rows.values())
    address = f"/admin/annotations/{model}/"
    [number] = rows.values_list("pk", flat=True)
    if act == "delete many":
        client.post(address, {"action": "delete_selected", "_selected_action": number, "post": "yes", "index": 0})
    else:
        path = "add/" if act == "add" else f"{number}/{act}/"
        assert client.post(address + path, {"reason": "other", "post": "yes"}).status_code == 403
    assert list(rows.all().values()) == before


# The door and the policy


def test_a_stranger_signs_in_where_everybody_does(client: Client) -> None:
    page = client.get(LIST, follow=True)
    addresses = [urlsplit(address).path for address, _ in page.redirect_chain]
    assert addresses[-1] == reverse("account_login")


def test_a_reader_without_a_post_is_refused(client: Client) -> None:
    signed_in(client, make_reader())
    assert client.get(LIST, follow=True).status_code == 403


@pytest.mark.parametrize("action", DECISIONS)
def test_who_may_only_look_may_not_decide(client: Client, action: str) -> None:
    looker = make_reader(is_staff=True)
    looker.user_permissions.add(Permission.objects.get(codename="view_annotation"))
    signed_in(client, looker)
    annotation = make_annotation()
    assert f"{LIST}{action}/" not in client.get(page_of(annotation)).content.decode()
    assert f"{action}_selected" not in client.get(LIST).content.decode()
    assert client.get(f"{LIST}{action}/?ids={annotation.pk}").status_code == 403
    assert confirm(client, action, [annotation], reason="I do not like it.").status_code == 403
    assert not ModerationEntry.objects.exists()


@pytest.mark.parametrize("address", ["/admin/", LIST, "page", "hide", "/admin/annotations/moderationentry/"])
def test_the_panel_carries_nothing_inline(panel: Client, address: str) -> None:
    annotation = make_annotation()
    address = {"page": page_of(annotation), "hide": f"{LIST}hide/?ids={annotation.pk}"}.get(address, address)
    page = panel.get(address)
    assert page.status_code == 200
    assert inline_in(page) == []
    assert "unsafe-inline" not in page["Content-Security-Policy"]
    assert "Gloss moderation" in told(page)
