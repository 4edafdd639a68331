"""What an editor did about a disagreement, whether that settles it, and where an article's disagreements are listed."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.core import mail
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pytest_django import DjangoCaptureOnCommitCallbacks

from annotations import annotating, disputing, moderating, resolving
from annotations.accepting import NotAccepted
from annotations.models import Annotation, Notice, Resolution
from reader.models import Article, User
from tests.factories import (
    confirm_address,
    make_annotation,
    make_article,
    make_editor,
    make_moderator,
    make_reader,
    make_reply,
    make_resolution,
    make_restatement,
    make_revision,
)

pytestmark = pytest.mark.django_db

HTMX = {"HX-Request": "true"}
LIST = "/articles/a-short-title/disputes/"
CORRECTIONS = "/articles/a-short-title/revisions/"
# The paragraphs of the article as it is corrected.
CORRECTED = (
    "The bridge was built in 1990 with public money. Nobody has counted the traffic since.",
    "It carries 31,000 cars a day, they say. “It is safe,” said the mayor.",
    "The toll should go.",
)


@pytest.fixture
def article() -> Article:
    return make_article()


@pytest.fixture
def anna() -> User:
    return make_reader(username="anna")


@pytest.fixture
def editor(client: Client) -> User:
    """Give an editor who is signed in."""
    found = make_editor(username="edith")
    client.force_login(found)
    return found


@pytest.fixture
def disagreement(article: Article, anna: User) -> Annotation:
    return make_annotation(
        article=article, creator=anna, kind="disagreement", exact="39,000 cars", body="Nobody counted."
    )


def address_of(annotation: Annotation) -> str:
    return f"/annotations/{annotation.pk}/resolution/"


def resolve(client: Client, annotation: Annotation, outcome: str = "acknowledged", **fields: Any) -> Any:
    return client.post(address_of(annotation), {"outcome": outcome, "seen": "", **fields}, follow=True)


def page_of(annotation: Annotation, viewer: User | None = None) -> str:
    client = Client()
    if viewer:
        client.force_login(viewer)
    return client.get(annotation.get_absolute_url()).text


def is_settled(annotation: Annotation) -> bool:
    return Annotation.objects.get(pk=annotation.pk).is_settled


def activity_of(article: Article) -> int:
    return Article.objects.get(pk=article.pk).activity


def told(event: str) -> list[tuple[str, str]]:
    """Give who was told of an event, and of whom."""
    return list(Notice.objects.filter(event=event).values_list("reader__username", "actor__username"))


def words(page: str) -> str:
    """Give a page as it is read, without markup."""
    return " ".join(re.sub(r"<[^>]+>", "", page).split())


# Resolving


def test_a_correction_is_shown_with_the_post_and_leads_to_what_changed(
    client: Client, editor: User, disagreement: Annotation
) -> None:
    make_revision(disagreement.article, *CORRECTED)
    response = resolve(client, disagreement, "corrected", revision="2", remark="You are right.\n\nThank you.")
    assert "Kept. anna is asked whether that settles it." in response.text
    page = page_of(disagreement)
    assert 'Corrected in <a href="/articles/a-short-title/revisions/1..2/">revision 2</a>' in page
    assert "by edith, editor" in words(page)
    assert "<p>You are right.</p>\n\n<p>Thank you.</p>" in page
    assert is_settled(disagreement)


@pytest.mark.parametrize("outcome", ["acknowledged", "answered"])
def test_a_point_can_be_acknowledged_or_answered(
    client: Client, editor: User, disagreement: Annotation, outcome: str
) -> None:
    resolve(client, disagreement, outcome, remark="We asked the council.")
    page = words(page_of(disagreement))
    assert f"{outcome.capitalize()} by edith, editor" in page
    assert "We asked the council." in page
    assert is_settled(disagreement)


def test_its_writer_is_told_by_notice_and_by_mail(
    editor: User, disagreement: Annotation, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    confirm_address(disagreement.creator)
    with django_capture_on_commit_callbacks(execute=True):
        make_resolution(of=disagreement, by=editor)
    assert told("resolved") == [("anna", "edith")]
    assert "edith responded, as an editor, to your disagreement" in mail.outbox[0].body
    assert "“39,000 cars”" in mail.outbox[0].body
    assert f"/annotations/{disagreement.pk}/" in mail.outbox[0].body


def test_the_notice_says_which_words_it_is_about(client: Client, editor: User, disagreement: Annotation) -> None:
    make_resolution(of=disagreement, by=editor)
    client.force_login(disagreement.creator)
    page = words(client.get("/notices/").text)
    assert "edith responded, as an editor, to what you disputed. 39,000 cars" in page


def test_it_raises_the_activity_of_the_article(editor: User, disagreement: Annotation) -> None:
    before = activity_of(disagreement.article)
    make_resolution(of=disagreement, by=editor)
    assert activity_of(disagreement.article) == before + 1


def test_the_form_offers_the_revision_that_changed_the_words(
    client: Client, editor: User, disagreement: Annotation
) -> None:
    make_revision(disagreement.article, *CORRECTED)
    make_revision(disagreement.article, *CORRECTED[:2], "The toll should stay.")
    page = client.get(address_of(disagreement)).text
    assert re.search(r'value="corrected"[^>]* checked', page)
    assert '<option value="2" selected>' in page
    assert "39,000 cars" in page


def test_the_form_offers_the_newest_where_the_words_stand_as_they_were(
    client: Client, editor: User, disagreement: Annotation
) -> None:
    for end in ("The toll should stay.", "The toll should rise."):
        make_revision(disagreement.article, "Begun.", "It carries 39,000 cars a day, they say.", end)
    page = client.get(address_of(disagreement)).text
    assert '<option value="3" selected>' in page
    assert not re.search(r'name="outcome"[^>]* checked', page)


def test_before_any_revision_nothing_can_have_been_corrected(
    client: Client, editor: User, disagreement: Annotation
) -> None:
    page = client.get(address_of(disagreement)).text
    assert "it cannot have been corrected yet" in page
    assert 'value="corrected"' not in page
    assert "Choose what was done about it." in resolve(client, disagreement, "corrected", revision="1").text
    assert not Resolution.objects.exists()


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ({"outcome": ""}, "Choose what was done about it."),
        ({"outcome": "denied"}, "Choose what was done about it."),
        ({"outcome": "corrected", "revision": ""}, "Choose the revision that corrected it"),
        ({"outcome": "corrected", "revision": "1"}, "Choose a revision that came after"),
        ({"outcome": "corrected", "revision": "x"}, "Choose a revision that came after"),
        ({"outcome": "answered", "remark": " "}, "Say the answer in a few words, or where it stands."),
        ({"remark": "word " * 300}, "This is 1499 characters long; 1000 is the most."),
    ],
    ids=["nothing", "no outcome", "no revision", "its own revision", "no number", "no answer", "too long"],
)
def test_what_cannot_be_kept_comes_back_with_the_reason(
    client: Client, editor: User, disagreement: Annotation, said: dict[str, str], sentence: str
) -> None:
    make_revision(disagreement.article, *CORRECTED)
    response = resolve(client, disagreement, **{"remark": "Typed for nothing?", **said})
    assert response.status_code == 422
    assert sentence in response.text
    assert said.get("remark", "Typed for nothing?").strip() in response.text
    assert not Resolution.objects.exists()


def test_only_editors_resolve(client: Client, disagreement: Annotation) -> None:
    for person in (disagreement.creator, make_reader(), make_moderator()):
        client.force_login(person)
        assert client.get(address_of(disagreement)).status_code == 403
        assert resolve(client, disagreement).status_code == 403
        assert address_of(disagreement) not in page_of(disagreement, person)
        with pytest.raises(PermissionDenied):
            make_resolution(of=disagreement, by=person)


def test_the_way_to_resolve_is_shown_to_editors_and_at_disagreements_only(
    editor: User, disagreement: Annotation
) -> None:
    assert address_of(disagreement) in page_of(disagreement, editor)
    note = make_annotation(article=disagreement.article)
    assert address_of(note) not in page_of(note, editor)


def test_a_stranger_signs_in_first(disagreement: Annotation) -> None:
    response = Client().get(address_of(disagreement))
    assert response.headers["Location"] == f"/accounts/login/?next={address_of(disagreement)}"


@pytest.mark.parametrize("case", ["a note", "an answer", "withdrawn", "hidden"])
def test_what_is_no_disagreement_that_is_shown_is_not_there_to_resolve(
    client: Client, editor: User, disagreement: Annotation, case: str
) -> None:
    found = disagreement
    if case == "a note":
        found = make_annotation(article=disagreement.article)
    elif case == "an answer":
        found = make_reply(parent=disagreement)
    elif case == "withdrawn":
        annotating.withdraw(annotation=disagreement, by=disagreement.creator)
    else:
        moderating.hide(annotation=disagreement, by=make_moderator(), rule="attack", reason="An insult.")
    assert client.get(address_of(found)).status_code == 404
    with pytest.raises(NotAccepted, match=r"^Only a disagreement that is shown"):
        make_resolution(of=found, by=editor)


def test_a_resolution_is_only_got_and_posted(client: Client, editor: User, disagreement: Annotation) -> None:
    assert client.delete(address_of(disagreement)).status_code == 405


def test_in_the_panel_the_thread_is_drawn_anew(client: Client, editor: User, disagreement: Annotation) -> None:
    response = client.post(address_of(disagreement), {"outcome": "acknowledged"}, headers=HTMX)
    assert response.text.lstrip().startswith(f'<div class="thread" id="thread-{disagreement.pk}">')
    assert "Acknowledged" in response.text


@pytest.mark.parametrize("status", ["closed", "archived"])
def test_a_closed_article_s_disagreements_come_to_an_end(editor: User, disagreement: Annotation, status: str) -> None:
    Article.objects.filter(pk=disagreement.article_id).update(status=status)
    found = make_resolution(of=disagreement, by=editor)
    assert resolving.settle(resolution=found, by=disagreement.creator, is_settling=True).is_settling


def test_an_editor_s_own_disagreement_is_for_another_unless_it_was_corrected(
    client: Client, editor: User, article: Article
) -> None:
    own = make_annotation(article=article, creator=editor, kind="disagreement", exact="39,000 cars")
    make_revision(article, *CORRECTED)
    assert "This is your own disagreement." in resolve(client, own, "answered", remark="I was wrong.").text
    assert words(resolve(client, own, "corrected", revision="2").text).count("is asked whether") == 0
    assert own.resolutions.get().outcome == "corrected"
    assert told("resolved") == []


# Two editors, and twice the same


def test_the_second_of_two_editors_sees_what_stands_beside_their_words(
    client: Client, editor: User, disagreement: Annotation
) -> None:
    first = make_resolution(of=disagreement, by=make_editor(username="first"), remark="We asked.")
    response = resolve(client, disagreement, "answered", remark="Counted in 2019.")
    page = words(response.text)
    assert response.status_code == 422
    assert "first resolved this while you were writing." in page
    assert "Acknowledged by first, editor" in page
    assert "Counted in 2019." in page
    assert f'name="seen" value="{first.pk}"' in response.text
    assert disagreement.resolutions.count() == 1


def test_saving_again_puts_theirs_in_its_place_and_the_first_is_folded(
    client: Client, editor: User, disagreement: Annotation
) -> None:
    first = make_resolution(of=disagreement, by=make_editor(username="first"), remark="We asked.")
    resolve(client, disagreement, "answered", remark="Counted in 2019.", seen=str(first.pk))
    page = page_of(disagreement)
    assert page.index("Counted in 2019.") < page.index("1 earlier") < page.index("We asked.")


def test_the_same_form_twice_makes_one_resolution(client: Client, editor: User, disagreement: Annotation) -> None:
    for _ in range(2):
        assert "Kept." in resolve(client, disagreement, remark="We asked.").text
    assert disagreement.resolutions.count() == 1


def test_saying_anew_what_stands_makes_no_second_one(editor: User, disagreement: Annotation) -> None:
    assert make_resolution(of=disagreement, by=editor) == make_resolution(of=disagreement, by=editor)


def test_what_nobody_has_seen_is_no_number_is_taken_for_nothing(
    client: Client, editor: User, disagreement: Annotation
) -> None:
    assert resolve(client, disagreement, seen="9" * 30).status_code == 200
    assert disagreement.resolutions.count() == 1


# Settling


def settle(client: Client, resolution: Resolution, said: str = "yes", **options: Any) -> Any:
    return client.post(f"/resolutions/{resolution.pk}/settlement/", {"settles": said}, follow=True, **options)


@pytest.fixture
def resolution(editor: User, disagreement: Annotation, client: Client) -> Resolution:
    """Give a resolution whose reader, who disagreed, is signed in."""
    found = make_resolution(of=disagreement, by=editor)
    client.force_login(disagreement.creator)
    return found


def test_its_writer_says_that_it_settles_the_matter(client: Client, resolution: Resolution) -> None:
    assert "Noted: settled." in settle(client, resolution).text
    assert "anna says that this settles it" in words(page_of(resolution.annotation))
    assert told("settled") == [("edith", "anna")]
    assert is_settled(resolution.annotation)


def test_its_writer_says_that_it_does_not_and_it_is_open_again(client: Client, resolution: Resolution) -> None:
    assert "Noted: it stays open." in settle(client, resolution, "no").text
    assert "anna says that this does not settle it" in words(page_of(resolution.annotation))
    assert not is_settled(resolution.annotation)


def test_its_writer_may_change_that(client: Client, resolution: Resolution) -> None:
    settle(client, resolution, "no")
    settle(client, resolution, "yes")
    assert is_settled(resolution.annotation)


def test_a_later_resolution_settles_it_again_until_its_writer_speaks(
    client: Client, editor: User, resolution: Resolution
) -> None:
    settle(client, resolution, "no")
    make_resolution(of=resolution.annotation, by=editor, outcome="answered", remark="Counted.")
    assert is_settled(resolution.annotation)
    assert "1 earlier" in page_of(resolution.annotation)


def test_saying_the_same_again_tells_nobody_twice(client: Client, resolution: Resolution) -> None:
    settle(client, resolution)
    Notice.objects.all().delete()
    before = activity_of(resolution.annotation.article)
    settle(client, resolution)
    assert (told("settled"), activity_of(resolution.annotation.article)) == ([], before)


def test_it_raises_the_activity_when_it_is_said(client: Client, resolution: Resolution) -> None:
    before = activity_of(resolution.annotation.article)
    settle(client, resolution, "no")
    assert activity_of(resolution.annotation.article) == before + 1


def test_an_older_resolution_is_not_settled(client: Client, editor: User, resolution: Resolution) -> None:
    make_resolution(of=resolution.annotation, by=editor, outcome="answered", remark="Counted.")
    page = settle(client, resolution, "no").text
    assert "An editor has resolved it anew since. Please read that first." in page
    assert is_settled(resolution.annotation)


def test_in_the_panel_a_refusal_is_said_below_the_post(client: Client, editor: User, resolution: Resolution) -> None:
    make_resolution(of=resolution.annotation, by=editor, outcome="answered", remark="Counted.")
    response = settle(client, resolution, headers=HTMX)
    assert response.status_code == 422
    assert re.search(r'class="slot"[^>]*>\s*<div class="errors" role="alert">\s*<p>An editor', response.text)
    assert "Counted." in response.text


@pytest.mark.parametrize("said", ["", "perhaps"])
def test_what_is_neither_is_refused(client: Client, resolution: Resolution, said: str) -> None:
    assert "Say whether that settles it or not." in settle(client, resolution, said).text
    assert Resolution.objects.get().is_settling is None


def test_nobody_else_settles_it(client: Client, editor: User, resolution: Resolution) -> None:
    for person in (editor, make_reader(), make_moderator()):
        client.force_login(person)
        assert settle(client, resolution).status_code == 403
        assert "This settles it" not in page_of(resolution.annotation, person)
        with pytest.raises(NotAccepted, match=r"^Only who disagreed"):
            resolving.settle(resolution=resolution, by=person, is_settling=True)


def test_a_stranger_settles_nothing(resolution: Resolution) -> None:
    assert Client().post(f"/resolutions/{resolution.pk}/settlement/").headers["Location"].startswith("/accounts/login/")


def test_a_settlement_is_only_posted(client: Client, resolution: Resolution) -> None:
    assert client.get(f"/resolutions/{resolution.pk}/settlement/").status_code == 405


def test_of_what_is_no_longer_shown_nothing_is_settled(resolution: Resolution) -> None:
    moderating.hide(annotation=resolution.annotation, by=make_moderator(), rule="attack", reason="An insult.")
    with pytest.raises(NotAccepted, match=r"no longer shown"):
        resolving.settle(resolution=resolution, by=resolution.annotation.creator, is_settling=True)


def test_an_undone_withdrawal_keeps_what_was_done(client: Client, resolution: Resolution) -> None:
    annotating.withdraw(annotation=resolution.annotation, by=resolution.annotation.creator)
    annotating.reinstate(annotation=resolution.annotation, by=resolution.annotation.creator)
    assert "Acknowledged" in page_of(resolution.annotation)
    assert is_settled(resolution.annotation)


def test_what_an_editor_did_stays_when_they_leave(editor: User, disagreement: Annotation) -> None:
    found = make_resolution(of=disagreement, by=editor)
    User.objects.filter(pk=editor.pk).update(is_active=False)
    assert "Acknowledged by edith" in words(page_of(disagreement))
    resolving.settle(resolution=found, by=disagreement.creator, is_settling=True)


# The words that are disputed


def test_a_disputed_paragraph_is_quoted_with_the_disagreement(article: Article, anna: User) -> None:
    whole = make_annotation(article=article, creator=anna, kind="disagreement")
    start = "The bridge was built in 1990 with public money."
    for page in (page_of(whole), Client().get("/readers/anna/").text, Client().get(LIST).text):
        assert re.search(rf'<blockquote class="words[^>]*><p>{start}', page)


def test_a_note_on_a_paragraph_does_not_quote_it(article: Article, anna: User) -> None:
    make_annotation(article=article, creator=anna)
    assert '<blockquote class="words' not in Client().get("/readers/anna/").text


def test_long_words_are_cut_between_two_of_them(anna: User) -> None:
    article = make_article(text=f"A Title\n\n{'somewhat ' * 60}long.\n")
    found = make_annotation(article=article, creator=anna, kind="disagreement")
    assert len(found.quotation) <= 281
    assert found.quotation.endswith("somewhat…")


def test_who_follows_a_disagreement_reads_its_words(client: Client, disagreement: Annotation) -> None:
    client.force_login(make_reader())
    client.post(f"/annotations/{disagreement.pk}/subscription/", {"act": "follow"})
    assert "39,000 cars" in client.get("/following/").text


# The list of them


def make_disputes(article: Article, *, open_ones: int = 1, settled: int = 1) -> list[Annotation]:
    editor = User.objects.filter(username="edith").first() or make_editor(username="edith")
    found = [make_annotation(article=article, kind="disagreement", body=f"No {number}.") for number in range(open_ones)]
    for number in range(settled):
        found.append(make_annotation(article=article, kind="disagreement", body=f"Never {number}."))
        make_resolution(of=found[-1], by=editor)
        make_restatement(of=found[-1])
    return found


def listed(query: str = "", client: Client | None = None) -> list[int]:
    page = (client or Client()).get(LIST + query).text
    return [int(pk) for pk in re.findall(r'id="dispute-(\d+)"', page)]


def test_every_disagreement_is_listed_the_open_ones_first(article: Article) -> None:
    still, done = make_disputes(article)
    make_annotation(article=article)
    assert listed() == [still.pk, done.pk]


def test_open_and_settled_ones_are_shown_apart(article: Article) -> None:
    still, done = make_disputes(article)
    assert (listed("?state=open"), listed("?state=settled")) == ([still.pk], [done.pk])


def test_what_its_writer_holds_unsettled_is_listed_as_open(article: Article) -> None:
    _, done = make_disputes(article)
    resolving.settle(resolution=done.resolutions.get(), by=done.creator, is_settling=False)
    assert done.pk in listed("?state=open")


def test_each_is_listed_with_its_words_its_grounds_and_what_was_done(editor: User, disagreement: Annotation) -> None:
    make_revision(disagreement.article, *CORRECTED)
    make_resolution(of=disagreement, by=editor, outcome="corrected", revision=2)
    page = words(Client().get(LIST).text)
    assert "39,000 cars ≠ Number Nobody counted. anna" in page
    assert "In paragraph 2, which revision 2 edited" in page
    assert "Corrected in revision 2 by edith, editor" in page


def test_words_that_are_gone_are_listed_as_gone(disagreement: Annotation) -> None:
    make_revision(disagreement.article, "Something else entirely.")
    assert "Revision 2 removed these words" in words(Client().get(LIST).text)


def test_the_states_are_links_that_say_how_many(article: Article) -> None:
    make_disputes(article, open_ones=2, settled=1)
    page = Client().get(f"{LIST}?state=open").text
    assert f'<a href="{LIST}">All 3</a>' in page
    assert f'<a href="{LIST}?state=open" aria-current="page">Open 2</a>' in page
    assert f'<a href="{LIST}?state=settled">Settled 1</a>' in page


@pytest.mark.parametrize(
    ("number", "query", "sentence"),
    [
        (0, "", "Nobody has disagreed with this text yet."),
        (1, "?state=settled", "None is settled yet."),
        (1, "?state=maybe", "A disagreement is open or settled; here are all of them."),
        (1, "?page=99", "Open"),
    ],
    ids=["none", "none settled", "no state", "no such page"],
)
def test_an_empty_or_mistaken_list_says_so(article: Article, number: int, query: str, sentence: str) -> None:
    make_disputes(article, open_ones=number, settled=0)
    response = Client().get(LIST + query)
    assert response.status_code == 200
    assert sentence in words(response.text)


def test_withdrawn_and_hidden_ones_are_not_listed(article: Article) -> None:
    one, other = make_disputes(article)
    annotating.withdraw(annotation=one, by=one.creator)
    moderating.hide(annotation=other, by=make_moderator(), rule="attack", reason="An insult.")
    assert listed() == []
    assert disputing.count(article).total == 0


def test_editors_find_the_way_to_resolve_each(client: Client, editor: User, disagreement: Annotation) -> None:
    assert address_of(disagreement) in client.get(LIST).text
    assert address_of(disagreement) not in Client().get(LIST).text


def test_a_long_list_is_paged_and_keeps_its_state(article: Article) -> None:
    make_disputes(article, open_ones=disputing.DISPUTES_ON_A_PAGE + 1)
    page = Client().get(f"{LIST}?state=open").text
    assert "Page 1 of 2" in page
    assert "?state=open&amp;page=2" in page
    assert len(listed("?state=open&page=2")) == 1


def test_the_list_is_there_for_published_articles_only_and_not_posted_to(client: Client, article: Article) -> None:
    assert client.get("/articles/never-was/disputes/").status_code == 404
    assert client.post(LIST).status_code == 405
    Article.objects.filter(pk=article.pk).update(status="archived")
    assert client.get(LIST).status_code == 200


@pytest.mark.parametrize("place", [LIST, f"{LIST}?state=settled", CORRECTIONS])
def test_twenty_disagreements_cost_as_many_queries_as_one(article: Article, place: str) -> None:
    client, editor = Client(), make_editor(username="edith")
    client.force_login(editor)
    client.get("/")
    numbers = []
    for number in (1, 19):
        made = make_disputes(article, open_ones=number, settled=number)
        latest = make_revision(article, *CORRECTED[:2], f"The toll, {number}.").number
        for found in made[1:]:
            make_resolution(of=found, by=editor, outcome="corrected", revision=latest)
        with CaptureQueriesContext(connection) as queries:
            client.get(place)
        numbers.append(len(queries))
    assert numbers[0] == numbers[1]


# The corrections


def test_the_corrections_name_the_disagreement_behind_each(editor: User, disagreement: Annotation) -> None:
    make_revision(disagreement.article, *CORRECTED)
    make_resolution(of=disagreement, by=editor, outcome="corrected", revision=2)
    page = Client().get(CORRECTIONS).text
    behind = page[page.index('id="behind-2"') : page.index('id="revision-1"')]
    assert "39,000 cars" in behind
    assert f'href="/annotations/{disagreement.pk}/"' in behind
    assert "Corrects what a reader disputed" in behind


def test_the_corrections_say_when_a_writer_is_not_content(editor: User, disagreement: Annotation) -> None:
    make_revision(disagreement.article, *CORRECTED)
    found = make_resolution(of=disagreement, by=editor, outcome="corrected", revision=2)
    resolving.settle(resolution=found, by=disagreement.creator, is_settling=False)
    assert "<bdi>anna</bdi> says that this does not settle it." in Client().get(CORRECTIONS).text


@pytest.mark.parametrize("undo", ["a later resolution", "withdrawn", "hidden"])
def test_what_is_no_longer_in_force_or_shown_is_not_behind_a_correction(
    editor: User, disagreement: Annotation, undo: str
) -> None:
    make_revision(disagreement.article, *CORRECTED)
    make_resolution(of=disagreement, by=editor, outcome="corrected", revision=2)
    undoing: dict[str, Callable[[], object]] = {
        "a later resolution": lambda: make_resolution(of=disagreement, by=editor, outcome="answered", remark="No."),
        "withdrawn": lambda: annotating.withdraw(annotation=disagreement, by=disagreement.creator),
        "hidden": lambda: moderating.hide(
            annotation=disagreement, by=make_moderator(), rule="attack", reason="An insult."
        ),
    }
    undoing[undo]()
    assert "behind-2" not in Client().get(CORRECTIONS).text


def test_of_many_behind_one_correction_the_rest_is_a_number(editor: User, article: Article) -> None:
    found = [make_annotation(article=article, kind="disagreement") for _ in range(disputing.MOST_BEHIND_ONE + 3)]
    make_revision(article, *CORRECTED)
    for one in found:
        make_resolution(of=one, by=editor, outcome="corrected", revision=2)
    page = Client().get(CORRECTIONS).text
    assert page.count('href="/annotations/') == disputing.MOST_BEHIND_ONE
    assert "and 3 more" in page


def test_the_corrections_lead_to_the_disagreements(article: Article) -> None:
    assert LIST not in Client().get(CORRECTIONS).text
    make_disputes(article, open_ones=2)
    page = words(Client().get(CORRECTIONS).text)
    assert "3 disagreements with this text2 open, 1 settled" in page


# Beside the text


def test_a_text_can_show_only_what_is_open_or_settled(article: Article) -> None:
    still, done = make_disputes(article)
    page = Client().get(f"{article.get_absolute_url()}?state=settled").text
    assert f'data-id="{done.pk}"' in page
    assert f'data-id="{still.pk}"' not in page
    assert '<option value="settled" selected>' in page
