"""Saying another's point in one's own words, and whether that is fair: the acts, the forms and what threads show."""

import re
import uuid
from collections.abc import Callable
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from annotations import annotating, moderating, muting, restating, threads, vetting
from annotations.accepting import NotAccepted
from annotations.models import Annotation, ModerationEntry, Notice, Restatement
from reader.models import Article, User
from tests.factories import (
    make_annotation,
    make_article,
    make_moderator,
    make_reader,
    make_reply,
    make_restatement,
    paragraph_of,
)

pytestmark = pytest.mark.django_db

HTMX = {"HX-Request": "true"}
WORDS = "You are saying that nobody counted."


@pytest.fixture
def anna() -> User:
    return make_reader(username="anna")


@pytest.fixture
def bob(client: Client) -> User:
    """Give a reader who is signed in."""
    reader = make_reader(username="bob")
    client.force_login(reader)
    return reader


@pytest.fixture
def disagreement(anna: User) -> Annotation:
    return make_annotation(creator=anna, kind="disagreement", exact="39,000 cars", body="Nobody counted.")


def address_of(annotation: Annotation) -> str:
    return f"/annotations/{annotation.pk}/restatement/"


def judge(restatement: Restatement, judgement: str = "fair") -> Restatement:
    restatement.refresh_from_db()
    by = restatement.annotation.creator
    return restating.judge(restatement=restatement, by=by, judgement=judgement, seen=restatement.key)


def close(article: Article, status: str = "closed") -> None:
    Article.objects.filter(pk=article.pk).update(status=status)


def page_of(annotation: Annotation, viewer: User | None = None) -> str:
    """Give the page of an annotation as this viewer gets it, or a stranger."""
    client = Client()
    if viewer:
        client.force_login(viewer)
    return client.get(annotation.get_absolute_url()).content.decode()


def told(event: str) -> list[tuple[str, str]]:
    """Give who was told of an event, and of whom."""
    return list(Notice.objects.filter(event=event).values_list("reader__username", "actor__username"))


# Restating


def test_a_restatement_stands_with_the_post_for_everybody(client: Client, bob: User, disagreement: Annotation) -> None:
    response = client.post(address_of(disagreement), {"restatement": f" {WORDS} \n"}, follow=True)
    assert "Kept. anna is asked whether it is fair." in response.content.decode()
    page = page_of(disagreement)
    assert WORDS in page
    assert "In the words of bob: waiting for its writer" in page


def test_its_writer_is_told(bob: User, disagreement: Annotation) -> None:
    make_restatement(of=disagreement, by=bob)
    assert told("restated") == [("anna", "bob")]


def test_the_same_words_again_change_nothing(bob: User, disagreement: Annotation) -> None:
    first = judge(make_restatement(of=disagreement, by=bob))
    again = make_restatement(of=disagreement, by=bob)
    assert (again.pk, again.judgement, again.changed_at) == (first.pk, "fair", first.changed_at)


def test_other_words_replace_the_first_and_wait_again(bob: User, disagreement: Annotation) -> None:
    first = judge(make_restatement(of=disagreement, by=bob))
    make_restatement(of=disagreement, by=bob, body="You are saying that it is old.")
    first.refresh_from_db()
    assert (first.body, first.judgement, first.judged_at) == ("You are saying that it is old.", "", None)
    assert disagreement.restatements.count() == 1


def test_words_are_kept_as_one_paragraph(bob: User, disagreement: Annotation) -> None:
    assert make_restatement(of=disagreement, by=bob, body="One\r\n\r\n  two.\x00").body == "One two."


def test_the_form_shows_what_the_reader_said_before(client: Client, bob: User, disagreement: Annotation) -> None:
    make_restatement(of=disagreement, by=bob, body=WORDS)
    page = client.get(address_of(disagreement)).content.decode()
    assert f">\n{WORDS}</textarea>" in page
    assert "39,000 cars" in page


def test_a_restatement_can_be_taken_back_and_twice(client: Client, bob: User, disagreement: Annotation) -> None:
    make_restatement(of=disagreement, by=bob)
    for _ in range(2):
        response = client.post(address_of(disagreement), {"take_back": "yes"}, follow=True)
        assert "Taken back." in response.content.decode()
    assert not disagreement.restatements.exists()


def test_only_one_s_own_is_taken_back(bob: User, disagreement: Annotation) -> None:
    make_restatement(of=disagreement)
    restating.take_back(annotation=disagreement, by=bob)
    assert disagreement.restatements.count() == 1


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (" ", "Please say in a few words what they are saying."),
        ("?!", "Please say in a few words what they are saying."),
        ("word " * 200, "This is 999 characters long; 600 is the most. Please shorten it."),
    ],
    ids=["nothing", "no words", "too many"],
)
def test_words_that_cannot_be_kept_come_back_with_the_reason(
    client: Client, bob: User, disagreement: Annotation, words: str, sentence: str
) -> None:
    response = client.post(address_of(disagreement), {"restatement": words})
    page = response.content.decode()
    assert response.status_code == 422
    assert sentence in page
    assert words.strip() in page
    assert not Restatement.objects.exists()


def test_one_s_own_is_for_others_to_say(client: Client, disagreement: Annotation) -> None:
    client.force_login(disagreement.creator)
    assert client.get(address_of(disagreement)).status_code == 403
    with pytest.raises(NotAccepted, match=r"^This is your own"):
        make_restatement(of=disagreement, by=disagreement.creator)


def test_a_question_has_no_point_to_put_in_other_words(client: Client, bob: User) -> None:
    question = make_annotation(kind="question")
    assert client.get(address_of(question)).status_code == 404
    assert "Put it in your words" not in page_of(question, bob)
    with pytest.raises(NotAccepted, match=r"^A question claims nothing"):
        make_restatement(of=question, by=bob)


def test_a_stranger_signs_in_first(disagreement: Annotation) -> None:
    response = Client().get(address_of(disagreement))
    assert response.headers["Location"] == f"/accounts/login/?next={address_of(disagreement)}"


def test_what_is_hidden_is_not_there_to_restate(client: Client, bob: User, disagreement: Annotation) -> None:
    moderating.hide(annotation=disagreement, by=make_moderator(), rule="attack", reason="An insult.")
    assert client.get(address_of(disagreement)).status_code == 404
    with pytest.raises(NotAccepted, match=r"withdrawn or hidden"):
        make_restatement(of=disagreement, by=bob)


def test_a_closed_article_takes_no_restatements_but_gives_them_back(
    client: Client, bob: User, disagreement: Annotation
) -> None:
    make_restatement(of=disagreement, by=bob)
    close(disagreement.article)
    assert "This article is closed to new annotations." in client.get(address_of(disagreement)).content.decode()
    response = client.post(address_of(disagreement), {"restatement": "Late words."})
    assert (response.status_code, "Late words." in response.content.decode()) == (422, True)
    client.post(address_of(disagreement), {"take_back": "yes"})
    assert not Restatement.objects.exists()


def test_a_restatement_is_only_put_and_got(client: Client, bob: User, disagreement: Annotation) -> None:
    assert client.delete(address_of(disagreement)).status_code == 405


def test_in_the_panel_the_thread_is_drawn_anew(client: Client, bob: User, disagreement: Annotation) -> None:
    response = client.post(address_of(disagreement), {"restatement": WORDS}, headers=HTMX)
    assert response.text.lstrip().startswith(f'<div class="thread" id="thread-{disagreement.pk}">')
    assert WORDS in response.text


def test_in_the_panel_what_is_wrong_stays_below_the_post(client: Client, bob: User, disagreement: Annotation) -> None:
    response = client.post(address_of(disagreement), {"restatement": ""}, headers=HTMX)
    assert response.headers["HX-Retarget"] == f"#slot-{disagreement.pk}"
    assert response.content.decode().lstrip().startswith("<form")


def test_the_way_to_restate_stands_behind_more(bob: User, disagreement: Annotation) -> None:
    assert "Put it in your words" in page_of(disagreement, bob)
    assert "Put it in your words" in page_of(disagreement)
    assert "Put it in your words" not in page_of(disagreement, disagreement.creator)
    make_restatement(of=disagreement, by=bob)
    assert "Change your words for it" in page_of(disagreement, bob)


# Restating in an answer


def answer(client: Client, parent: Annotation, *, body: str = "But 1990?", **fields: str) -> Any:
    form = {"body": body, "token": str(uuid.uuid4()), "restatement": WORDS, **fields}
    return client.post(f"/annotations/{parent.pk}/replies/", form)


def test_an_answer_may_begin_with_the_other_s_point(client: Client, bob: User, disagreement: Annotation) -> None:
    answer(client, disagreement)
    assert Annotation.objects.get(kind="reply").body == "But 1990?"
    assert disagreement.restatements.get().body == WORDS


def test_an_answer_needs_no_restatement(client: Client, bob: User, disagreement: Annotation) -> None:
    answer(client, disagreement, restatement="")
    assert Annotation.objects.filter(kind="reply").count() == 1
    assert not Restatement.objects.exists()


@pytest.mark.parametrize("wrong", [{"body": " "}, {"restatement": "?"}], ids=["the answer", "the restatement"])
def test_of_both_neither_is_kept_when_one_cannot_be(
    client: Client, bob: User, disagreement: Annotation, wrong: dict[str, str]
) -> None:
    response = answer(client, disagreement, **wrong)
    page = response.content.decode()
    assert response.status_code == 422
    assert '<details class="first-say" open>' in page
    assert (wrong.get("restatement", WORDS) in page, wrong.get("body", "But 1990?") in page) == (True, True)
    assert not Annotation.objects.filter(kind="reply").exists()
    assert not Restatement.objects.exists()


def test_an_answer_that_arrives_twice_changes_nothing(client: Client, bob: User, disagreement: Annotation) -> None:
    token = str(uuid.uuid4())
    answer(client, disagreement, token=token)
    judge(disagreement.restatements.get())
    answer(client, disagreement, token=token)
    assert Annotation.objects.filter(kind="reply").count() == 1
    assert disagreement.restatements.get().is_fair


def test_a_restatement_waits_for_its_reader_to_sign_in(disagreement: Annotation) -> None:
    stranger = Client()
    answer(stranger, disagreement)
    stranger.force_login(make_reader())
    page = stranger.get(f"/annotations/{disagreement.pk}/replies/").content.decode()
    assert WORDS in page
    assert '<details class="first-say" open>' in page


def test_a_preview_keeps_the_restatement(client: Client, bob: User, disagreement: Annotation) -> None:
    assert WORDS in answer(client, disagreement, preview="yes").content.decode()


@pytest.mark.parametrize("case", ["one's own", "a question", "restated before"])
def test_who_has_nothing_to_restate_is_not_offered_it(
    client: Client, bob: User, disagreement: Annotation, case: str
) -> None:
    found = {
        "one's own": lambda: make_annotation(creator=bob, article=disagreement.article),
        "a question": lambda: make_annotation(kind="question", article=disagreement.article),
        "restated before": lambda: make_restatement(of=disagreement, by=bob).annotation,
    }[case]()
    assert "first-say" in client.get(f"/annotations/{make_reply(parent=disagreement).pk}/replies/").content.decode()
    assert "first-say" not in client.get(f"/annotations/{found.pk}/replies/").content.decode()


# Judging


def judgement(client: Client, restatement: Restatement, said: str = "fair", **fields: str) -> Any:
    form = {"judgement": said, "seen": restatement.key, **fields}
    return client.post(f"/restatements/{restatement.pk}/judgement/", form, follow=True)


def test_its_writer_says_that_it_is_fair(client: Client, bob: User, disagreement: Annotation) -> None:
    restatement = make_restatement(of=disagreement, by=bob)
    client.force_login(disagreement.creator)
    assert "Noted: fair." in judgement(client, restatement).content.decode()
    assert re.search(r"Fair</b>, says <bdi>anna</bdi>", page_of(disagreement))
    assert told("judged") == [("bob", "anna")]


def test_its_writer_may_change_the_judgement(client: Client, bob: User, disagreement: Annotation) -> None:
    restatement = judge(make_restatement(of=disagreement, by=bob))
    client.force_login(disagreement.creator)
    assert "Noted: not quite." in judgement(client, restatement, "not quite").content.decode()
    assert "In the words of bob: not quite" in page_of(disagreement)


def test_the_same_judgement_again_tells_nobody_twice(bob: User, disagreement: Annotation) -> None:
    restatement = judge(make_restatement(of=disagreement, by=bob))
    Notice.objects.all().delete()
    again = judge(restatement)
    assert (again.judged_at, told("judged")) == (restatement.judged_at, [])


def test_words_that_were_changed_meanwhile_are_read_again(client: Client, bob: User, disagreement: Annotation) -> None:
    read = make_restatement(of=disagreement, by=bob)
    make_restatement(of=disagreement, by=bob, body="The opposite of it.")
    client.force_login(disagreement.creator)
    page = judgement(client, read).content.decode()
    assert "These words were changed while you were reading. Please read them again." in page
    assert "The opposite of it." in page
    assert not disagreement.restatements.get().judgement


def test_in_the_panel_a_refusal_is_said_below_the_post(client: Client, bob: User, disagreement: Annotation) -> None:
    read = make_restatement(of=disagreement, by=bob)
    make_restatement(of=disagreement, by=bob, body="The opposite of it.")
    client.force_login(disagreement.creator)
    response = client.post(f"/restatements/{read.pk}/judgement/", {"judgement": "fair", "seen": read.key}, headers=HTMX)
    slot = re.search(r'<div class="slot"[^>]*>\s*<div class="errors" role="alert">\s*<p>These words', response.text)
    assert (response.status_code, slot is not None) == (422, True)


@pytest.mark.parametrize("said", ["", "splendid", "fair\x00"])
def test_what_is_no_judgement_is_refused(client: Client, bob: User, disagreement: Annotation, said: str) -> None:
    restatement = make_restatement(of=disagreement, by=bob)
    client.force_login(disagreement.creator)
    assert "Say whether it is fair or not quite." in judgement(client, restatement, said).content.decode()
    assert not disagreement.restatements.get().judgement


def test_nobody_else_judges(client: Client, bob: User, disagreement: Annotation) -> None:
    restatement = make_restatement(of=disagreement, by=bob)
    assert judgement(client, restatement).status_code == 403
    with pytest.raises(NotAccepted, match=r"^Only who wrote it"):
        restating.judge(restatement=restatement, by=bob, judgement="fair", seen=restatement.key)


def test_a_stranger_does_not_judge(disagreement: Annotation) -> None:
    restatement = make_restatement(of=disagreement)
    response = Client().post(f"/restatements/{restatement.pk}/judgement/")
    assert response.headers["Location"].startswith("/accounts/login/")


def test_a_judgement_is_only_posted(client: Client, bob: User, disagreement: Annotation) -> None:
    assert client.get(f"/restatements/{make_restatement(of=disagreement).pk}/judgement/").status_code == 405


def test_words_that_were_taken_back_are_not_judged(disagreement: Annotation) -> None:
    restatement = make_restatement(of=disagreement)
    restating.take_back(annotation=disagreement, by=restatement.creator)
    with pytest.raises(NotAccepted, match=r"^These words were taken back"):
        restating.judge(restatement=restatement, by=disagreement.creator, judgement="fair", seen=restatement.key)


def test_of_what_was_withdrawn_nothing_is_judged(disagreement: Annotation) -> None:
    restatement = make_restatement(of=disagreement)
    annotating.withdraw(annotation=disagreement, by=disagreement.creator)
    with pytest.raises(NotAccepted, match=r"no longer shown"):
        judge(restatement)


@pytest.mark.parametrize("status", ["closed", "archived"])
def test_what_waits_can_be_judged_after_an_article_is_closed(disagreement: Annotation, status: str) -> None:
    restatement = make_restatement(of=disagreement)
    close(disagreement.article, status)
    assert judge(restatement).is_fair


# Removing


def removal(client: Client, restatement: Restatement, reason: str = "It mocks her.", **fields: str) -> Any:
    form = {"reason": reason, "seen": restatement.key, **fields}
    return client.post(f"/restatements/{restatement.pk}/removal/", form, follow=True)


@pytest.fixture
def warden(client: Client) -> User:
    moderator = make_moderator()
    client.force_login(moderator)
    return moderator


def test_a_moderator_removes_a_restatement_and_the_log_keeps_it(
    client: Client, warden: User, disagreement: Annotation
) -> None:
    restatement = make_restatement(of=disagreement, by=make_reader(username="bob"), body=WORDS)
    assert "Removed. The log keeps why." in removal(client, restatement).content.decode()
    entry = ModerationEntry.objects.get()
    assert (entry.action, entry.moderator, entry.reason) == ("cut", warden, "It mocks her.")
    assert (entry.details, entry.annotation, entry.to_state) == (f"bob: {WORDS}", disagreement, "")
    assert not Restatement.objects.exists()


def test_the_form_shows_the_words_that_are_to_go(client: Client, warden: User, disagreement: Annotation) -> None:
    restatement = make_restatement(of=disagreement, body=WORDS)
    assert WORDS in client.get(f"/restatements/{restatement.pk}/removal/").content.decode()
    assert f"/restatements/{restatement.pk}/removal/" in page_of(disagreement, warden)


@pytest.mark.parametrize(
    ("reason", "sentence"),
    [
        ("", "Please say why, in a few words"),
        ("…", "Please say why, in a few words"),
        ("word " * 300, "This is 1499 characters long; 1000 is the most."),
    ],
    ids=["none", "no words", "too long"],
)
def test_a_removal_needs_a_reason(
    client: Client, warden: User, disagreement: Annotation, reason: str, sentence: str
) -> None:
    response = removal(client, make_restatement(of=disagreement), reason)
    assert response.status_code == 422
    assert sentence in response.content.decode()
    assert Restatement.objects.exists()
    assert not ModerationEntry.objects.exists()


def test_other_words_than_were_read_are_not_removed(client: Client, warden: User, disagreement: Annotation) -> None:
    read = make_restatement(of=disagreement)
    now = make_restatement(of=disagreement, by=read.creator, body="Something kinder.")
    page = removal(client, read).content.decode()
    assert "These words were changed while you were deciding." in page
    assert "Something kinder." in page
    assert "It mocks her." in page
    assert f'value="{now.key}"' in page


def test_what_is_gone_is_not_removed_twice(client: Client, warden: User, disagreement: Annotation) -> None:
    restatement = make_restatement(of=disagreement)
    removal(client, restatement)
    assert removal(client, restatement).status_code == 404
    with pytest.raises(moderating.StaleDecision, match=r"^It is gone already"):
        vetting.remove(line=restatement, by=warden, reason="Mocks.", seen=restatement.key)
    assert ModerationEntry.objects.count() == 1


def test_a_reader_removes_nothing(client: Client, bob: User, disagreement: Annotation) -> None:
    restatement = make_restatement(of=disagreement)
    address = f"/restatements/{restatement.pk}/removal/"
    assert (client.get(address).status_code, client.post(address).status_code) == (403, 403)
    assert address not in page_of(disagreement, bob)
    with pytest.raises(PermissionDenied):
        vetting.remove(line=restatement, by=bob, reason="Mocks.", seen=restatement.key)


def test_a_stranger_removes_nothing(disagreement: Annotation) -> None:
    response = Client().post(f"/restatements/{make_restatement(of=disagreement).pk}/removal/")
    assert response.headers["Location"].startswith("/accounts/login/")


def test_a_removal_is_only_got_and_posted(client: Client, warden: User, disagreement: Annotation) -> None:
    assert client.put(f"/restatements/{make_restatement(of=disagreement).pk}/removal/").status_code == 405


# What is shown, and in which order


def test_what_was_found_fair_stands_open_and_the_rest_is_folded(disagreement: Annotation) -> None:
    fair = [judge(make_restatement(of=disagreement)) for _ in range(restating.MOST_OPEN + 1)]
    waiting, other = make_restatement(of=disagreement), judge(make_restatement(of=disagreement), "not quite")
    found = restating.of([disagreement], make_reader())[disagreement.pk]
    assert list(found.open) == fair[:-1]
    assert set(found.folded) == {fair[-1], waiting, other}
    assert found.label == "3 more in others’ words"


def test_who_wrote_it_finds_what_waits_open(disagreement: Annotation) -> None:
    waiting = [make_restatement(of=disagreement) for _ in range(restating.MOST_OPEN + 2)]
    found = restating.of([disagreement], disagreement.creator)[disagreement.pk]
    assert list(found.open) == waiting[: restating.MOST_OPEN]
    assert len(found.folded) == 2


def test_a_reader_finds_their_own_open_whatever_was_said_of_it(bob: User, disagreement: Annotation) -> None:
    own = judge(make_restatement(of=disagreement, by=bob), "not quite")
    assert list(restating.of([disagreement], bob)[disagreement.pk].open) == [own]


def test_the_words_of_who_was_muted_are_folded(bob: User, disagreement: Annotation) -> None:
    restatement = judge(make_restatement(of=disagreement, by=bob))
    reader = make_reader()
    muting.mute(reader=reader, person=bob)
    found = restating.of([disagreement], reader)[disagreement.pk]
    assert (list(found.open), list(found.folded)) == ([], [restatement])
    assert found.fair == {bob.pk}


def test_of_what_is_no_longer_shown_nobody_reads_restatements(disagreement: Annotation) -> None:
    make_restatement(of=disagreement, body=WORDS)
    make_reply(parent=disagreement)
    annotating.withdraw(annotation=disagreement, by=disagreement.creator)
    page = page_of(make_reply_of(disagreement))
    assert "Withdrawn by its writer." in page
    assert WORDS not in page


def make_reply_of(annotation: Annotation) -> Annotation:
    return Annotation.objects.get(parent=annotation)


def test_answers_that_began_with_a_fair_restatement_stand_first(bob: User, disagreement: Annotation) -> None:
    hasty = make_reply(parent=disagreement, body="Nonsense.")
    careful = make_reply(parent=disagreement, creator=bob)
    restatement = make_restatement(of=disagreement, by=bob)
    assert order_of(disagreement) == [hasty.pk, careful.pk]
    judge(restatement)
    assert order_of(disagreement) == [careful.pk, hasty.pk]


def order_of(head: Annotation) -> list[int]:
    thread = threads.around(head, make_reader())
    assert thread is not None
    return [post.annotation.pk for post in thread.replies]


def test_a_thread_with_a_fair_restatement_stands_before_others_on_the_same_words(bob: User) -> None:
    article = make_article()
    first, second = (make_annotation(article=article, exact="39,000 cars", creator=make_reader()) for _ in range(2))
    judge(make_restatement(of=second, by=bob))
    found = threads.on_paragraph(paragraph_of(article, "p2"), bob)
    assert [thread.head.annotation.pk for thread in found] == [second.pk, first.pk]


def test_restatements_leave_the_kept_page_as_it_is(bob: User, disagreement: Annotation) -> None:
    before = Article.objects.get(pk=disagreement.article_id).activity
    judge(make_restatement(of=disagreement, by=bob))
    restating.take_back(annotation=disagreement, by=bob)
    assert Article.objects.get(pk=disagreement.article_id).activity == before


@pytest.mark.parametrize("viewer", [lambda one: one.creator, lambda _: make_moderator(), lambda _: None])
def test_twenty_restatements_cost_as_many_queries_as_one(
    disagreement: Annotation, viewer: Callable[[Annotation], User | None]
) -> None:
    client, reader = Client(), viewer(disagreement)
    if reader:
        client.force_login(reader)
    client.get("/")
    numbers = []
    for number in (1, 19):
        for _ in range(number):
            make_restatement(of=make_reply(parent=disagreement))
            judge(make_restatement(of=disagreement))
        with CaptureQueriesContext(connection) as queries:
            client.get(disagreement.get_absolute_url())
        numbers.append(len(queries))
    assert numbers[0] == numbers[1]
