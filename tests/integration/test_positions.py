"""Where readers stand: agreeing and disagreeing, and what changed a mind."""

from collections.abc import Callable
from typing import Any

import pytest
from django.apps import apps
from django.contrib import admin
from django.test import Client
from django.urls import reverse

from annotations import annotating, minds, moderating, positions
from annotations.accepting import NotAccepted
from annotations.models import Annotation, ChangeOfMind, Flag, Position
from reader.models import Article, User
from tests.factories import make_annotation, make_moderator, make_reader, make_reply

pytestmark = pytest.mark.django_db

HTMX = {"HX-Request": "true"}


@pytest.fixture
def note() -> Annotation:
    return make_annotation(creator=make_reader(username="anna"))


@pytest.fixture
def ada(client: Client) -> User:
    reader = make_reader(username="ada")
    client.force_login(reader)
    return reader


def agree(annotation: Annotation, by: User | None = None, *, is_agreeing: bool = True) -> None:
    positions.take(annotation=annotation, by=by or make_reader(), is_agreeing=is_agreeing)


def stand(annotation: Annotation, viewer: User) -> positions.Stand:
    return positions.of([annotation], viewer)[annotation.pk]


def changed(annotation: Annotation, *, number: int) -> list[User]:
    readers = [make_reader() for _ in range(number)]
    for reader in readers:
        minds.change(annotation=annotation, by=reader)
    return readers


def told(annotation: Annotation, viewer: User) -> minds.Minds:
    return minds.of([annotation], viewer)[annotation.pk]


# Agreeing and disagreeing


def test_a_position_is_one_a_reader_and_the_last_counts(note: Annotation) -> None:
    ada = make_reader()
    agree(note, ada)
    agree(note, ada)
    agree(note, ada, is_agreeing=False)
    agree(note)
    assert stand(note, ada) == positions.Stand(1, 1, is_agreeing=False, is_disagreeing=True, is_possible=True)


def test_a_position_is_left_and_twice_does_nothing(note: Annotation) -> None:
    ada = make_reader()
    agree(note, ada)
    for _ in range(2):
        positions.leave(annotation=note, by=ada)
    assert stand(note, ada) == positions.Stand(is_possible=True)


@pytest.mark.parametrize("kind", ["note", "source", "disagreement"])
def test_readers_take_positions_on_every_claim(kind: str) -> None:
    annotation = make_annotation(kind=kind)
    agree(annotation)
    agree(make_reply(parent=annotation))
    assert Position.objects.count() == 2


def test_a_question_claims_nothing() -> None:
    question = make_annotation(kind="question")
    with pytest.raises(NotAccepted, match="claims nothing"):
        agree(question)
    assert not stand(question, make_reader()).is_possible


def test_a_position_is_neither_a_rating_nor_a_report(note: Annotation) -> None:
    agree(note, is_agreeing=False)
    note.refresh_from_db()
    assert (note.rating_count, note.score, Flag.objects.count()) == (0, None, 0)


def test_a_closed_account_has_no_position(note: Annotation) -> None:
    ada, ben = make_reader(), make_reader()
    agree(note, ada)
    ada.is_active = False
    ada.save()
    assert stand(note, ben).agreeing == 0


Act = Callable[[Annotation, User], object]


def _change(annotation: Annotation, by: User) -> None:
    minds.change(annotation=annotation, by=by)


@pytest.mark.parametrize("act", [pytest.param(agree, id="agree"), pytest.param(_change, id="change")])
def test_nothing_is_said_of_one_s_own_words(note: Annotation, act: Act) -> None:
    with pytest.raises(NotAccepted, match="your own"):
        act(note, note.creator)


@pytest.mark.parametrize("act", [pytest.param(agree, id="agree"), pytest.param(_change, id="change")])
def test_nothing_is_said_of_what_is_no_longer_shown(note: Annotation, act: Act) -> None:
    annotating.withdraw(annotation=note, by=note.creator)
    with pytest.raises(NotAccepted, match="no longer shown"):
        act(note, make_reader())


@pytest.mark.parametrize("act", [pytest.param(agree, id="agree"), pytest.param(_change, id="change")])
def test_nothing_is_said_beside_a_closed_article_and_what_was_said_can_be_taken_back(
    note: Annotation, act: Act
) -> None:
    ada = make_reader()
    act(note, ada)
    Article.objects.update(status=Article.Status.CLOSED)
    with pytest.raises(NotAccepted, match="closed"):
        act(note, make_reader())
    positions.leave(annotation=note, by=ada)
    minds.unchange(annotation=note, by=ada)
    assert not Position.objects.exists()
    assert not ChangeOfMind.objects.exists()


# Changes of mind


def test_a_changed_mind_counts_once_and_is_taken_back(note: Annotation) -> None:
    ada = make_reader()
    for _ in range(2):
        minds.change(annotation=note, by=ada)
    assert ChangeOfMind.objects.count() == 1
    for _ in range(2):
        minds.unchange(annotation=note, by=ada)
    assert not ChangeOfMind.objects.exists()


def test_changed_minds_are_counted_in_public_from_five_on(note: Annotation) -> None:
    readers = changed(note, number=minds.TOLD_FROM - 1)
    stranger = make_reader()
    assert told(note, stranger).number == 0
    assert told(note, readers[0]).is_own
    changed(note, number=1)
    assert told(note, stranger) == minds.Minds(5, is_own=False, is_possible=True)


def test_a_closed_account_s_changed_mind_is_not_counted(note: Annotation) -> None:
    readers = changed(note, number=minds.TOLD_FROM)
    readers[0].is_active = False
    readers[0].save()
    assert told(note, make_reader()).number == 0


@pytest.mark.parametrize("kind", ["question", "reply"])
def test_questions_and_answers_change_no_minds(kind: str) -> None:
    annotation = make_annotation(kind="question") if kind == "question" else make_reply(parent=make_annotation())
    with pytest.raises(NotAccepted, match="notes, sources and disagreements"):
        minds.change(annotation=annotation, by=make_reader())


def test_only_one_s_own_changed_mind_is_seen_below_five(client: Client, ada: User, note: Annotation) -> None:
    minds.change(annotation=note, by=ada)
    assert "Changed your mind, as only you can see" in client.get(note.get_absolute_url()).content.decode()
    assert "Changed your mind" not in Client().get(note.get_absolute_url()).content.decode()


def test_nobody_learns_whose_mind_was_changed(client: Client, note: Annotation) -> None:
    names = [reader.username for reader in changed(note, number=6)]
    moderator = make_moderator()
    client.force_login(moderator)
    pages = [
        note.get_absolute_url(),
        f"{note.article.get_absolute_url()}p1/",
        reverse("admin:annotations_annotation_change", args=[note.pk]),
    ]
    for page in pages:
        content = client.get(page).content.decode()
        assert not [name for name in names if name in content], page
    assert "Changed 6 readers’ minds" in client.get(note.get_absolute_url()).content.decode()


@pytest.mark.parametrize("name", ["Position", "ChangeOfMind"])
def test_the_panel_has_no_list_of_positions_or_changed_minds(name: str) -> None:
    assert apps.get_model("annotations", name) not in admin.site._registry


# The buttons


def send(client: Client, annotation: Annotation, name: str, act: str, **form: str) -> Any:
    return client.post(reverse(name, args=[annotation.pk]), {"act": act, **form})


def test_a_reader_agrees_and_comes_back_to_where_they_were(client: Client, ada: User, note: Annotation) -> None:
    back = f"{note.article.get_absolute_url()}p1/#annotation-{note.pk}"
    response = send(client, note, "position", "agree", next=back)
    assert response.headers["Location"] == back
    content = client.get(back).content.decode()
    assert f'id="agree-{note.pk}" aria-pressed="true"' in content
    assert '<span class="number">1</span>' in content
    assert "You agree." in content


def test_a_pressed_button_leaves_the_position(client: Client, ada: User, note: Annotation) -> None:
    agree(note, ada)
    assert 'name="act" value="leave"' in client.get(note.get_absolute_url()).content.decode()
    send(client, note, "position", "leave")
    assert not Position.objects.exists()


def test_in_the_panel_a_button_comes_back_as_it_stands(client: Client, ada: User, note: Annotation) -> None:
    response = client.post(reverse("position", args=[note.pk]), {"act": "disagree"}, headers=HTMX)
    content = response.content.decode()
    assert f'id="disagree-{note.pk}" aria-pressed="true"' in content
    assert "You disagree." in content
    assert "<html" not in content


def test_in_the_panel_the_line_below_follows_a_changed_mind(client: Client, ada: User, note: Annotation) -> None:
    response = client.post(reverse("mind", args=[note.pk]), {"act": "change"}, headers=HTMX)
    content = response.content.decode()
    assert f'id="mind-{note.pk}" aria-pressed="true"' in content
    assert f'id="stand-{note.pk}" data-hx-swap-oob="true"' in content
    assert "Nobody sees that it was you." in content


def test_a_changed_mind_is_taken_back_by_its_button(client: Client, ada: User, note: Annotation) -> None:
    send(client, note, "mind", "change")
    assert 'name="act" value="unchange"' in client.get(note.get_absolute_url()).content.decode()
    send(client, note, "mind", "unchange")
    assert not ChangeOfMind.objects.exists()


@pytest.mark.parametrize("name", ["position", "mind"])
def test_a_stranger_signs_in_first(client: Client, note: Annotation, name: str) -> None:
    response = send(client, note, name, "agree" if name == "position" else "change")
    assert response.headers["Location"].startswith(reverse("account_login"))
    assert not Position.objects.exists()
    assert not ChangeOfMind.objects.exists()


@pytest.mark.parametrize("name", ["position", "mind"])
def test_what_is_no_act_is_refused(client: Client, ada: User, note: Annotation, name: str) -> None:
    for act in ("", "shrug", "agree\x00"):
        response = send(client, note, name, act)
        assert response.status_code == 400
        assert response.content.decode().startswith("Choose ")


@pytest.mark.parametrize("name", ["position", "mind"])
def test_what_one_may_not_read_is_not_there(client: Client, ada: User, note: Annotation, name: str) -> None:
    moderating.hide(annotation=note, by=make_moderator(), rule="attack", reason="Abuse.")
    assert send(client, note, name, "agree" if name == "position" else "change").status_code == 404


@pytest.mark.parametrize("name", ["position", "mind"])
def test_a_button_is_pressed_and_not_read(client: Client, ada: User, note: Annotation, name: str) -> None:
    assert client.get(reverse(name, args=[note.pk])).status_code == 405


@pytest.mark.parametrize(("name", "act"), [("position", "agree"), ("mind", "change")])
def test_a_refusal_is_said_where_the_button_is(
    client: Client, ada: User, note: Annotation, name: str, act: str
) -> None:
    Article.objects.update(status=Article.Status.CLOSED)
    response = client.post(reverse(name, args=[note.pk]), {"act": act}, headers=HTMX)
    assert response.status_code == 422
    assert "This article is closed" in response.content.decode()
    plain = client.post(reverse(name, args=[note.pk]), {"act": act}, follow=True)
    assert "This article is closed" in plain.content.decode()


def test_one_is_led_back_to_no_other_site(client: Client, ada: User, note: Annotation) -> None:
    response = send(client, note, "position", "agree", next="//elsewhere.example.org/")
    assert response.headers["Location"] == note.get_absolute_url()


def test_who_wrote_it_has_numbers_and_no_buttons(client: Client, note: Annotation) -> None:
    agree(note)
    agree(note, is_agreeing=False)
    client.force_login(note.creator)
    content = client.get(note.get_absolute_url()).content.decode()
    assert f'id="agree-{note.pk}"' not in content
    assert "This changed my mind" not in content
    assert "<span>1 agrees</span><span>1 disagrees</span>" in content


def test_a_stranger_is_led_to_sign_in_by_every_button(client: Client, note: Annotation) -> None:
    content = client.get(note.get_absolute_url()).content.decode()
    assert content.count(f'href="{reverse("account_login")}?next={note.get_absolute_url()}"') >= 3


# Disagreeing before reporting


def test_the_report_form_offers_to_disagree_first(client: Client, ada: User, note: Annotation) -> None:
    content = client.get(reverse("flags", args=[note.pk])).content.decode()
    assert content.index('value="disagree"') < content.index("Report</button>")
    send(client, note, "position", "disagree", whole="1")
    assert stand(note, ada).is_disagreeing
    assert not Flag.objects.exists()
    again = client.get(reverse("flags", args=[note.pk])).content.decode()
    assert 'value="disagree"' not in again[again.index('class="reporting"') :]
    assert "You disagree with it, and that is counted." in again


def test_in_the_panel_disagreeing_instead_puts_the_form_away(client: Client, ada: User, note: Annotation) -> None:
    response = client.post(reverse("position", args=[note.pk]), {"act": "disagree", "whole": "1"}, headers=HTMX)
    content = response.content.decode()
    assert 'class="reporting"' not in content
    assert f'id="disagree-{note.pk}" aria-pressed="true"' in content
    assert "You disagree." in content


def test_a_refusal_to_disagree_instead_is_said_in_the_slot(client: Client, ada: User, note: Annotation) -> None:
    Article.objects.update(status=Article.Status.CLOSED)
    form = {"act": "disagree", "whole": "1"}
    response = client.post(reverse("position", args=[note.pk]), form, headers=HTMX)
    assert response.status_code == 422
    assert response.headers["HX-Retarget"] == f"#slot-{note.pk}"
    assert "This article is closed" in response.content.decode()


def test_a_question_is_reported_without_being_disagreed_with(client: Client, ada: User) -> None:
    question = make_annotation(kind="question")
    content = client.get(reverse("flags", args=[question.pk])).content.decode()
    assert 'value="disagree"' not in content
