"""Anchors set by hand: moderators and editors say where an annotation belongs, and the log keeps why."""

import threading
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from annotations import annotating, moderating, placing
from annotations.models import Annotation, ModerationEntry
from annotations.placing import Spot
from reader import publishing
from reader.models import Article, User
from tests.factories import (
    anchor_of,
    make_annotation,
    make_document,
    make_editor,
    make_moderator,
    make_reader,
    make_reply,
    make_revision,
)

pytestmark = pytest.mark.django_db

FIRST = "The bridge was built in 1990 with public money."
SECOND = "It carries 39,000 cars a day, they say."
THIRD = "Nobody has counted the cars, or the people in the cars, since."


@pytest.fixture
def annotation() -> Annotation:
    """Give one that has lost its words: they were in paragraph 2, which revision 2 takes out."""
    article = publishing.publish(make_document(FIRST, SECOND, THIRD))
    found = make_annotation(article=article, exact="39,000 cars", body="Who counted?")
    make_revision(article, FIRST, THIRD)
    return found


@pytest.fixture
def warden(client: Client) -> User:
    moderator = make_moderator()
    client.force_login(moderator)
    return moderator


def address(annotation: Annotation) -> str:
    return f"/annotations/{annotation.pk}/anchor/"


def fill(annotation: Annotation, **given: object) -> dict[str, object]:
    """Give the form as a person sends it, who sets it on words of paragraph 3."""
    return {
        "seen": anchor_of(annotation).key,
        "to": "words",
        "block": "p3",
        "words": "counted the cars",
        "reason": "They say the same.",
        **given,
    }


def set_by_hand(annotation: Annotation, by: User, spot: Spot, *, seen: str = "") -> ModerationEntry:
    return placing.set_by_hand(
        annotation=annotation, by=by, spot=spot, reason="They say the same.", seen=seen or anchor_of(annotation).key
    )


def place(annotation: Annotation) -> tuple[str, str, str]:
    """Give status, words and block."""
    anchor = anchor_of(annotation)
    quoted = anchor.revision.quote(anchor.span) if anchor.span else ""
    return anchor.status, quoted, anchor.paragraph.name if anchor.paragraph else ""


# What is set


def test_a_moderator_sets_it_on_other_words_and_the_log_says_so(
    client: Client, annotation: Annotation, warden: User
) -> None:
    response = client.post(address(annotation), fill(annotation))
    entry = ModerationEntry.objects.get()
    assert response.headers["Location"] == annotation.get_absolute_url()
    assert place(annotation) == ("changed", "counted the cars", "p3")
    assert (entry.action, entry.moderator, entry.reason) == ("place", warden, "They say the same.")
    assert entry.details == "From nowhere (words gone) to “counted the cars” in paragraph 3."
    assert (entry.from_state, entry.to_state) == ("published", "published")


def test_an_editor_may_set_it_too(client: Client, annotation: Annotation) -> None:
    client.force_login(make_editor())
    client.post(address(annotation), fill(annotation))
    assert place(annotation)[2] == "p3"


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        pytest.param({"to": "block"}, ("changed", THIRD, "p3"), id="all of a paragraph"),
        pytest.param({"block": "p1", "words": " 1990 "}, ("changed", "1990", "p1"), id="words with spaces round them"),
        pytest.param(
            {"block": "p1", "words": "public money.\r\n\r\nNobody has"},
            ("changed", "public money.\nNobody has", "p1"),
            id="words that go on in the next paragraph",
        ),
        pytest.param(
            {"words": "Nobody has\r\ncounted"}, ("changed", "Nobody has counted", "p3"), id="words broken by their mail"
        ),
    ],
)
def test_it_can_be_set_on(
    client: Client, annotation: Annotation, warden: User, given: dict[str, str], expected: tuple[str, str, str]
) -> None:
    assert client.post(address(annotation), fill(annotation, **given)).status_code == 302
    assert place(annotation) == expected


def test_words_that_stand_are_called_gone(client: Client, warden: User) -> None:
    annotation = make_annotation(exact="39,000 cars")
    client.post(address(annotation), fill(annotation, to="gone", block="", words=""))
    anchor = anchor_of(annotation)
    assert (place(annotation), anchor.stood_in, anchor.removed_in) == (("orphaned", "", ""), "p2", None)
    assert ModerationEntry.objects.get().details == "From “39,000 cars” in paragraph 2 to nowhere (words gone)."
    assert b"About words that are gone from" in client.get(annotation.get_absolute_url()).content


def test_the_very_words_elsewhere_are_moved_and_where_they_were_exact() -> None:
    article = publishing.publish(make_document(SECOND, FIRST, f"{SECOND} So they say."))
    annotation = make_annotation(article=article, exact="39,000 cars")
    by = make_moderator()
    set_by_hand(annotation, by, Spot(block="p3", words="39,000 cars"))
    assert place(annotation) == ("moved", "39,000 cars", "p3")
    set_by_hand(annotation, by, Spot(block="p1", words="39,000 cars"))
    assert place(annotation) == ("exact", "39,000 cars", "p1")


def test_it_is_told_on_its_page_and_its_writer_is_asked(client: Client, annotation: Annotation, warden: User) -> None:
    set_by_hand(annotation, warden, Spot(block="p3", words="counted the cars"))
    client.force_login(annotation.creator)
    content = client.get(annotation.get_absolute_url()).content.decode()
    assert "Set by hand on these words" in content
    assert "This was set on other words by hand. Does this still apply?" in " ".join(content.split())


def test_setting_it_again_ends_what_its_writer_confirmed(annotation: Annotation, warden: User) -> None:
    set_by_hand(annotation, warden, Spot(block="p3", words="counted the cars"))
    placing.confirm(annotation=annotation, by=annotation.creator, seen=anchor_of(annotation).key)
    set_by_hand(annotation, warden, Spot(block="p1", words="1990"))
    assert anchor_of(annotation).confirmed_at is None
    assert annotation.anchors.count() == 2


# What is refused


@pytest.mark.parametrize(
    ("given", "said"),
    [
        pytest.param({"reason": " "}, "Please say why", id="no reason"),
        pytest.param({"reason": "x" * 1001}, "at most 1000 characters", id="too long a reason"),
        pytest.param({"to": ""}, "Choose where it belongs.", id="no choice"),
        pytest.param({"block": ""}, "Choose the paragraph.", id="no paragraph"),
        pytest.param({"block": "p2"}, "Select a valid choice", id="a paragraph that is gone"),
        pytest.param({"words": " "}, "Give the words", id="no words"),
        pytest.param({"words": "39,000 cars"}, "do not stand in paragraph 3", id="words that are not there"),
        pytest.param({"words": "money. Nobody"}, "do not stand in paragraph 3", id="words that begin before it"),
        pytest.param({"words": "the"}, "stand there 3 times", id="words that stand there often"),
        pytest.param({"to": "gone"}, "It stands there already.", id="what is so already"),
    ],
)
def test_it_is_said_why_it_is_not_set_and_what_was_typed_is_kept(
    client: Client, annotation: Annotation, warden: User, given: dict[str, str], said: str
) -> None:
    response = client.post(address(annotation), fill(annotation, **({"reason": "They say the same."} | given)))
    content = response.content.decode()
    assert response.status_code == 422
    assert said in content
    assert given.get("words", "counted the cars").strip() in content
    assert not ModerationEntry.objects.exists()
    assert place(annotation)[0] == "orphaned"


def test_of_words_that_stand_there_often_one_is_chosen(client: Client, annotation: Annotation, warden: User) -> None:
    given = fill(annotation, words="the cars")
    content = client.post(address(annotation), given).content.decode()
    assert 'name="which" value="2"' in content
    client.post(address(annotation), given | {"which": "2"})
    anchor = anchor_of(annotation)
    assert anchor.start == anchor.revision.text.rindex("the cars")


def test_words_that_stand_there_too_often_to_look_at_need_more_round_them(client: Client, warden: User) -> None:
    article = publishing.publish(make_document(FIRST, "car " * 30))
    annotation = make_annotation(article=article, exact="1990")
    content = client.post(address(annotation), fill(annotation, block="p2", words="car")).content.decode()
    assert "stand there 30 times. Add some of the words round them." in content
    assert 'name="which"' not in content


def test_of_two_who_set_it_the_second_is_told(client: Client, annotation: Annotation, warden: User) -> None:
    given = fill(annotation)
    set_by_hand(annotation, make_moderator(username="other"), Spot(block="p1", words="1990"))
    response = client.post(address(annotation), given)
    content = response.content.decode()
    assert response.status_code == 422
    assert "somebody else set this anchor" in content
    assert "They say the same." in content
    assert place(annotation)[1] == "1990"


def test_who_was_told_can_send_it_again(client: Client, annotation: Annotation, warden: User) -> None:
    given = fill(annotation)
    set_by_hand(annotation, make_moderator(username="other"), Spot(block="p1", words="1990"))
    content = client.post(address(annotation), given).content.decode()
    assert f'name="seen" value="{anchor_of(annotation).key}"' in content
    assert client.post(address(annotation), given | {"seen": anchor_of(annotation).key}).status_code == 302


def test_a_revision_published_meanwhile_is_told(client: Client, annotation: Annotation, warden: User) -> None:
    given = fill(annotation)
    make_revision(annotation.article, FIRST, THIRD, "Something new.")
    assert "The text was revised" in client.post(address(annotation), given).content.decode()


def test_what_was_withdrawn_meanwhile_is_not_set(annotation: Annotation, warden: User) -> None:
    stale = Annotation.objects.get(pk=annotation.pk)
    annotating.withdraw(annotation=annotation, by=annotation.creator)
    with pytest.raises(moderating.StaleDecision, match="withdrawn"):
        set_by_hand(stale, warden, Spot(block="p1"))


def test_who_may_neither_moderate_nor_edit_sets_nothing(annotation: Annotation) -> None:
    with pytest.raises(PermissionDenied):
        set_by_hand(annotation, annotation.creator, Spot(block="p1"))


@pytest.mark.django_db(transaction=True)
def test_of_two_who_set_it_at_once_one_is_told(annotation: Annotation) -> None:
    people = [make_moderator(), make_moderator(username="other")]
    seen = anchor_of(annotation).key
    refused: list[Exception] = []

    def choose(by: User, words: str) -> None:
        try:
            set_by_hand(annotation, by, Spot(block="p1", words=words), seen=seen)
        except moderating.StaleDecision as error:
            refused.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=choose, args=each) for each in zip(people, ("1990", "The bridge"), strict=True)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (len(refused), ModerationEntry.objects.count()) == (1, 1)


# The page


def test_the_page_shows_what_it_was_written_about_and_where_it_stands(
    client: Client, annotation: Annotation, warden: User
) -> None:
    content = " ".join(client.get(address(annotation)).content.decode().split())
    assert "Written about paragraph 2 of revision 1" in content
    assert "<mark>39,000 cars</mark>" in content
    assert "Stands now nowhere" in content
    assert f"Paragraph 1: {FIRST}" in content


def test_the_page_says_where_the_words_stand_today(client: Client, annotation: Annotation, warden: User) -> None:
    article = annotation.article
    make_revision(article, FIRST, THIRD, "On a ferry, 39,000 cars are many.")
    content = " ".join(client.get(address(annotation)).content.decode().split())
    assert "The words as written stand today in" in content
    assert f'href="{article.get_absolute_url()}p4/"' in content


def test_a_stranger_is_asked_to_sign_in(client: Client, annotation: Annotation) -> None:
    assert client.get(address(annotation)).headers["Location"].startswith("/accounts/login/")


@pytest.mark.parametrize("method", ["get", "post"])
def test_a_reader_may_not_set_even_their_own(client: Client, annotation: Annotation, method: str) -> None:
    client.force_login(annotation.creator)
    assert getattr(client, method)(address(annotation)).status_code == 403


def test_what_has_no_words_of_its_own_has_no_such_page(client: Client, annotation: Annotation, warden: User) -> None:
    answer = make_reply(parent=annotation)
    assert client.get(address(answer)).status_code == 404


def test_what_nobody_may_read_has_no_such_page(client: Client, annotation: Annotation) -> None:
    moderating.hide(annotation=annotation, by=make_moderator(), rule="attack", reason="Not about these words.")
    client.force_login(make_editor())
    assert client.get(address(annotation)).status_code == 404
    assert client.get("/annotations/987654/anchor/").status_code == 404


def test_the_page_takes_posts_and_nothing_else(client: Client, annotation: Annotation, warden: User) -> None:
    assert client.put(address(annotation)).status_code == 405


@pytest.mark.parametrize("number", [3, 30])
def test_the_page_takes_as_many_queries_for_few_paragraphs_as_for_many(
    client: Client, warden: User, number: int
) -> None:
    article = publishing.publish(make_document(*(f"{FIRST} Number {index}." for index in range(number))))
    annotation = make_annotation(article=article)
    client.get(address(annotation))
    with CaptureQueriesContext(connection) as queries:
        client.get(address(annotation))
    assert len(queries) == 9


# The way there


@pytest.mark.parametrize(
    ("person", "is_shown"),
    [(make_moderator, True), (make_editor, True), (make_reader, False), (None, False)],
    ids=["moderators", "editors", "readers", "strangers"],
)
def test_the_way_there_is_shown_to(client: Client, annotation: Annotation, person: Any, is_shown: bool) -> None:  # noqa: FBT001
    if person:
        client.force_login(person())
    shown = [address(annotation) in client.get(annotation.get_absolute_url()).content.decode()]
    shown.append(address(annotation) in client.get(f"{annotation.article.get_absolute_url()}orphans/").content.decode())
    assert shown == [is_shown, is_shown]


def test_the_panel_leads_there_and_shows_what_was_done(client: Client, annotation: Annotation, warden: User) -> None:
    page = f"/admin/annotations/annotation/{annotation.pk}/change/"
    assert address(annotation) in client.get(page).content.decode()
    set_by_hand(annotation, warden, Spot(block="p3", words="counted the cars"))
    content = client.get(page).content.decode()
    assert "“counted the cars” in paragraph 3" in content
    assert f"Set by hand by {warden}." in content
    assert "“counted the cars” in paragraph 3" in client.get("/admin/annotations/moderationentry/").content.decode()


def test_what_is_set_raises_the_article_s_activity(annotation: Annotation, warden: User) -> None:
    before = Article.objects.get(pk=annotation.article_id).activity
    set_by_hand(annotation, warden, Spot(block="p1"))
    assert Article.objects.get(pk=annotation.article_id).activity > before
