"""What a writer sees of what waits, was sent back or was taken down, and how they appeal; what others see of it."""

import uuid
from collections.abc import Callable
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse

from annotations import (
    annotating,
    appealing,
    asking,
    minds,
    moderating,
    news,
    positions,
    rating,
    reporting,
    resolving,
    restating,
    restraining,
    threads,
    verdicts,
    waiting,
)
from annotations.accepting import NotAccepted
from annotations.models import Annotation, Appeal, Notice, WatchedTerm
from annotations.moving import Refused
from reader.models import Article, User
from tests.factories import (
    make_annotation,
    make_article,
    make_editor,
    make_moderator,
    make_reader,
    make_reply,
    make_source,
    make_target,
)

pytestmark = pytest.mark.django_db

HTMX = {"HX-Request": "true"}
WAITS = "Kept. A moderator looks at it first; until then only you see it."


@pytest.fixture
def moderator() -> User:
    return make_moderator()


@pytest.fixture
def watched() -> None:
    WatchedTerm.objects.create(words="casino")


def signed_in(reader: User) -> Client:
    client = Client()
    client.force_login(reader)
    return client


def seen(address: str, viewer: User | None = None) -> str:
    client = signed_in(viewer) if viewer else Client()
    response = client.get(address)
    assert response.status_code == 200, address
    return response.content.decode()


def appeal_address(annotation: Annotation) -> str:
    return reverse("appeal", args=[annotation.pk])


def denied(moderator: User, **fields: Any) -> Annotation:
    annotation = make_annotation(**fields)
    moderating.deny(annotation=annotation, by=moderator, rule="off topic", reason="Say what it has to do with this.")
    return annotation


def removed(moderator: User, **fields: Any) -> Annotation:
    annotation = make_annotation(**fields)
    moderating.remove(annotation=annotation, by=moderator, rule="attack", reason="About people.")
    return annotation


# What waits


@pytest.mark.usefixtures("watched")
@pytest.mark.parametrize("headers", [{}, HTMX], ids=["as a page", "in the panel"])
def test_who_posts_what_is_held_is_told_so(headers: dict[str, str]) -> None:
    article = make_article()
    sent = {"kind": "note", "body": "My casino.", "place": "paragraph", "revision": "1"}
    sent["token"] = "f2a3ec4c-6d73-4a5e-9f8e-0d0a7c3b1a10"
    client = signed_in(make_reader())
    response = client.post(reverse("attach", args=[article.slug, "p1"]), sent, headers=headers, follow=True)
    assert WAITS in response.content.decode()
    assert "Thank you" not in response.content.decode()


@pytest.mark.usefixtures("watched")
def test_who_answers_with_what_is_held_is_told_so() -> None:
    head = make_annotation()
    sent = {"body": "My casino.", "token": "f2a3ec4c-6d73-4a5e-9f8e-0d0a7c3b1a10"}
    response = signed_in(make_reader()).post(reverse("replies", args=[head.pk]), sent, follow=True)
    assert WAITS in response.content.decode()


@pytest.mark.usefixtures("watched")
def test_who_edits_so_that_it_is_held_is_told_so() -> None:
    own = make_annotation()
    sent = {"body": "My casino.", "version": "1"}
    response = signed_in(own.creator).post(reverse("edit", args=[own.pk]), sent, follow=True)
    assert WAITS in response.content.decode()


@pytest.mark.usefixtures("watched")
def test_who_asks_with_words_that_are_held_is_told_so() -> None:
    article, reader = make_article(), make_reader()
    target = make_target(article=article, exact="39,000 cars")
    asked = asking.ask(article=article, by=reader, target=target, token=uuid.uuid4(), body="Not a casino?")
    assert asked.sentence == WAITS


@pytest.mark.usefixtures("watched")
def test_what_waits_is_nowhere_but_on_its_writer_s_pages() -> None:
    held = make_annotation(exact="39,000 cars", body="Nothing but a casino.")
    home = held.article.get_absolute_url()
    pages = ["", "p2/", "whole/", "sources/", "edition/", "disputes/", "requests/", "orphans/", "revisions/1/"]
    addresses = [*(f"{home}{page}" for page in pages), held.creator.get_absolute_url(), "/", "/moderation/log/"]
    for viewer in (None, make_reader()):
        for address in addresses:
            assert "a casino" not in seen(address, viewer), address
        client = signed_in(viewer) if viewer else Client()
        assert client.get(held.get_absolute_url()).status_code == 404
    for address in (f"{home}p2/", held.creator.get_absolute_url(), held.get_absolute_url()):
        assert "Waiting for a moderator" in seen(address, held.creator).replace("waiting", "Waiting")


@pytest.mark.usefixtures("watched")
def test_its_writer_may_mend_or_withdraw_what_waits() -> None:
    held = make_annotation(body="A casino.")
    page = seen(held.get_absolute_url(), held.creator)
    for name in ("edit", "withdraw"):
        assert reverse(name, args=[held.pk]) in page
    assert appeal_address(held) not in page
    signed_in(held.creator).post(reverse("withdraw", args=[held.pk]))
    held.refresh_from_db()
    assert held.is_withdrawn


JUDGEMENTS: dict[str, Callable[[Annotation, User], object]] = {
    "rated": lambda held, by: rating.rate(annotation=held, by=by, value="helpful", reasons=("clear",)),
    "agreed with": lambda held, by: positions.take(annotation=held, by=by, is_agreeing=True),
    "a change of mind": lambda held, by: minds.change(annotation=held, by=by),
    "restated": lambda held, by: restating.restate(annotation=held, by=by, body="You mean this."),
    "a verdict": lambda held, by: verdicts.give(source=held.sources.get(), by=by, verdict="supports"),
    "asked too": lambda held, by: asking.join(question=held, by=by),
    "reported": lambda held, by: reporting.report(annotation=held, by=by, reason="spam"),
    "resolved": lambda held, _: resolving.resolve(
        annotation=held, by=make_editor(), outcome="declined", remark="No.", seen=None
    ),
}


@pytest.mark.usefixtures("watched")
@pytest.mark.parametrize("judge", JUDGEMENTS.values(), ids=JUDGEMENTS.keys())
def test_what_waits_is_judged_by_nobody(judge: Callable[[Annotation, User], object]) -> None:
    is_question = judge is JUDGEMENTS["asked too"]
    more: dict[str, Any] = {} if is_question else {"sources": [make_source()]}
    held = make_annotation(kind="question" if is_question else "disagreement", body="A casino.", **more)
    with pytest.raises((NotAccepted, Refused), match=r"no longer|Only a disagreement that is shown"):
        judge(held, make_reader())


# Nobody is told before it is let through


@pytest.mark.usefixtures("watched")
def test_an_answer_that_waits_tells_nobody_and_one_let_through_tells_once(
    moderator: User, django_capture_on_commit_callbacks: Any
) -> None:
    question = make_annotation(kind="question", body="", exact="39,000 cars")
    with django_capture_on_commit_callbacks(execute=True):
        held = make_answer(question, body="Says the casino.")
    assert not Notice.objects.exists()
    assert not mail.outbox
    with django_capture_on_commit_callbacks(execute=True):
        moderating.approve(annotation=held, by=moderator)
    assert list(question.creator.notices.values_list("event", flat=True)) == ["answered"]
    moderating.hide(annotation=held, by=moderator, rule="spam", reason="An advert.")
    moderating.restore(annotation=held, by=moderator, reason="None.")
    annotating.edit(annotation=held, by=held.creator, version=1, body="The casino says so.", sources=[make_source()])
    moderating.approve(annotation=held, by=moderator)
    assert question.creator.notices.filter(event="answered").count() == 1


@pytest.mark.usefixtures("watched")
def test_a_second_answer_that_waited_is_told_of_although_the_first_was(moderator: User) -> None:
    question, knowing = make_annotation(kind="question", body="", exact="39,000 cars"), make_reader()
    make_answer(question, creator=knowing, body="Here.")
    question.creator.notices.update(read_at="2026-01-01T00:00Z")
    held = make_answer(question, creator=knowing, body="Says the casino.", url="https://example.org/other")
    assert question.creator.notices.filter(event="answered").count() == 1
    moderating.approve(annotation=held, by=moderator)
    assert question.creator.notices.filter(event="answered").count() == 2


def make_answer(question: Annotation, *, creator: User | None = None, body: str, url: str = "") -> Annotation:
    article = Article.objects.with_revision().get(pk=question.article_id)
    return asking.attach(
        answers=[question.pk],
        article=article,
        creator=creator or make_reader(),
        kind="source",
        target=make_target(article=article, exact="39,000 cars"),
        body=body,
        token=uuid.uuid4(),
        sources=[make_source(url=url or "https://example.org/count")],
    )


@pytest.mark.usefixtures("watched")
def test_the_news_of_a_page_begin_with_what_was_let_through(moderator: User) -> None:
    held = make_annotation(body="A casino.")
    article = held.article

    def told() -> list[int]:
        state = Article.objects.state_of(article.slug)
        assert state
        return [one.id for one in news.latest(state)]

    assert told() == []
    moderating.approve(annotation=held, by=moderator)
    assert told() == [held.pk]


# What was sent back


def test_a_writer_reads_rule_and_reason_of_what_was_sent_back_and_the_ways_on(moderator: User) -> None:
    own = denied(moderator)
    page = seen(own.get_absolute_url(), own.creator)
    assert "Sent back to its writer by a moderator: off topic." in page
    assert "Say what it has to do with this." in page
    assert "You can mend it and send it again, twice at most." in page
    for address in (reverse("edit", args=[own.pk]), reverse("withdraw", args=[own.pk]), appeal_address(own)):
        assert address in page
    assert "warden" not in page


def test_what_was_sent_back_twice_and_mended_is_not_mended_again(moderator: User) -> None:
    own = denied(moderator)
    for body in ("Better.", "Better still."):
        version = Annotation.objects.get(pk=own.pk).version
        sent = {"body": body, "version": str(version)}
        response = signed_in(own.creator).post(reverse("edit", args=[own.pk]), sent, follow=True)
        assert WAITS in response.content.decode()
        own.refresh_from_db()
        moderating.deny(annotation=own, by=moderator, rule="off topic", reason="Still not.")
    page = seen(own.get_absolute_url(), own.creator)
    assert "You have sent it again twice" in page
    assert reverse("edit", args=[own.pk]) not in page
    assert appeal_address(own) in page


def test_what_was_sent_back_unchanged_is_not_sent_again(moderator: User) -> None:
    own = denied(moderator)
    sent = {"body": own.body, "version": "1"}
    response = signed_in(own.creator).post(reverse("edit", args=[own.pk]), sent, follow=True)
    assert "You changed nothing, so nothing was sent." in response.content.decode()


# Appeals


@pytest.mark.parametrize("headers", [{}, HTMX], ids=["as a page", "in the slot"])
def test_a_writer_appeals_and_sees_that_it_waits(moderator: User, headers: dict[str, str]) -> None:
    own = removed(moderator)
    client = signed_in(own.creator)
    assert 'name="words"' in client.get(appeal_address(own), headers=headers).content.decode()
    answer = client.post(appeal_address(own), {"words": "It was a quotation."}, headers=headers, follow=True)
    page = answer.content.decode()
    assert "Sent. Another moderator looks at it, and you are told." in page
    assert "Another moderator will look at it." in page
    assert appeal_address(own) not in page
    assert Appeal.objects.get().words == "It was a quotation."


def test_a_writer_reads_what_the_other_moderator_said(moderator: User) -> None:
    own = removed(moderator)
    appealing.appeal(annotation=own, by=own.creator, words="It was a joke.")
    moderating.uphold(annotation=own, by=make_moderator(username="second"), reason="It hurt.")
    page = seen(own.get_absolute_url(), own.creator)
    assert "Removed by a moderator: personal attack." in page
    assert "About people." in page
    assert "looked at again, and it stays so. It hurt." in page
    assert "second" not in page


def test_an_appeal_without_words_says_why_and_keeps_the_form(moderator: User) -> None:
    own = removed(moderator)
    for words, said in (("…", "in a few words"), ("x" * 1001, "1000 is the most")):
        response = signed_in(own.creator).post(appeal_address(own), {"words": words})
        assert response.status_code == 422
        page = response.content.decode()
        assert said in page
        assert words in page
    assert not Appeal.objects.exists()


def test_a_second_appeal_is_refused_with_what_was_typed(moderator: User) -> None:
    own = removed(moderator)
    appealing.appeal(annotation=own, by=own.creator, words="It was a joke.")
    response = signed_in(own.creator).post(appeal_address(own), {"words": "Please."}, headers=HTMX)
    assert response.status_code == 422
    assert "one appeal for each annotation" in response.content.decode()
    assert "Please." in response.content.decode()
    assert response["HX-Retarget"] == f"#slot-{own.pk}"


def test_a_stranger_signs_in_before_an_appeal(moderator: User) -> None:
    own = removed(moderator)
    response = Client().get(appeal_address(own))
    assert response.status_code == 302
    assert response["Location"].startswith(reverse("account_login"))


def test_another_reader_finds_no_appeal_and_a_moderator_may_not_send_one(moderator: User) -> None:
    own = removed(moderator)
    assert signed_in(make_reader()).get(appeal_address(own)).status_code == 404
    assert signed_in(moderator).post(appeal_address(own), {"words": "Why not."}).status_code == 403


def test_an_appeal_leaves_and_comes_back_with_what_it_is_about(moderator: User) -> None:
    own, other = denied(moderator), make_moderator(username="other")
    appealing.appeal(annotation=own, by=own.creator, words="It was a joke.")
    listed = reverse("admin:annotations_appeal_changelist")
    annotating.withdraw(annotation=own, by=own.creator)
    assert waiting.sums().appealed == 0
    assert "It was a joke." not in seen(reverse("queue"), other)
    assert "It was a joke." not in seen(f"{listed}?answer=open", other)
    assert ">Withdrawn by its writer</td>" in seen(listed, other)
    annotating.reinstate(annotation=own, by=own.creator)
    assert waiting.sums().appealed == 1
    assert "It was a joke." in seen(reverse("queue"), other)
    assert ">Waiting</td>" in seen(f"{listed}?answer=open", other)
    moderating.uphold(annotation=own, by=other, reason="Not about this.")
    assert "It was a joke." not in seen(f"{listed}?answer=open", other)
    assert "It was a joke." in seen(f"{listed}?answer=given", other)


def test_what_is_sent_again_while_its_appeal_waits_is_for_another_moderator(moderator: User) -> None:
    own = denied(moderator)
    appealing.appeal(annotation=own, by=own.creator, words="It was a joke.")
    annotating.edit(annotation=own, by=own.creator, version=1, body="It is about the toll.")
    case = seen(reverse("case", args=[own.pk]), moderator)
    assert "appeals against your own decision" in case
    assert 'name="action"' not in case


def test_an_appeal_against_a_decision_that_is_undone_is_answered_by_that(moderator: User) -> None:
    own = make_annotation()
    entry = moderating.hide(annotation=own, by=moderator, rule="attack", reason="About people.")
    appealing.appeal(annotation=own, by=own.creator, words="It was a joke.")
    moderating.undo(entry=entry, by=moderator)
    assert Appeal.objects.get().outcome == "Decision undone"
    assert moderating.hide(annotation=own, by=moderator, rule="attack", reason="About people after all.")


def test_an_appeal_is_not_deleted(moderator: User) -> None:
    own = removed(moderator)
    assert signed_in(own.creator).delete(appeal_address(own)).status_code == 405


def test_what_a_moderator_set_by_hand_meanwhile_does_not_become_the_decision(moderator: User) -> None:
    own = removed(moderator)
    own.moderation_entries.create(
        action="place", moderator=make_moderator(username="second"), from_state="removed", to_state="removed"
    )
    assert appealing.appeal(annotation=own, by=own.creator, words="A joke.").entry.action == "remove"
    assert "About people." in seen(own.get_absolute_url(), own.creator)


def test_who_is_suspended_may_still_appeal(moderator: User) -> None:
    own = make_annotation()
    restraining.purge(reader=own.creator, by=moderator, reason="A spammer.")
    own.refresh_from_db()
    assert appealing.appeal(annotation=own, by=own.creator, words="I am none.")


# Tombstones


@pytest.mark.parametrize("place", ["", "p1/", "edition/"], ids=["its page", "the paragraph", "the edition"])
def test_a_removed_head_leaves_a_tombstone_with_its_thread(moderator: User, place: str) -> None:
    head = make_annotation(body="Fools, all of them.")
    make_reply(parent=head, body="That helps nobody.")
    moderating.remove(annotation=head, by=moderator, rule="attack", reason="About people.")
    page = seen(f"{head.article.get_absolute_url()}{place}" if place else head.get_absolute_url())
    assert "Removed by a moderator: personal attack." in page
    assert "That helps nobody." in page
    for word in ("Fools", "About people.", str(head.creator)):
        assert word not in page


def test_a_removed_reply_leaves_a_tombstone_without_answers(moderator: User) -> None:
    reply = make_reply(parent=make_annotation(), body="Fools.")
    moderating.remove(annotation=reply, by=moderator, rule="attack", reason="About people.")
    for address in (reply.get_absolute_url(), f"{reply.article.get_absolute_url()}edition/"):
        assert "Removed by a moderator: personal attack." in seen(address)


def test_a_tombstone_keeps_its_rule_when_the_appeal_was_refused(moderator: User) -> None:
    own = removed(moderator)
    appealing.appeal(annotation=own, by=own.creator, words="It was a joke.")
    moderating.uphold(annotation=own, by=make_moderator(username="second"), reason="It hurt.")
    assert "Removed by a moderator: personal attack." in seen(own.get_absolute_url())


@pytest.mark.parametrize("number", [1, 10])
def test_a_thread_takes_as_many_queries_with_ten_appeals_as_with_one(
    moderator: User, number: int, django_assert_num_queries: Any
) -> None:
    head, writer = make_annotation(), make_reader()
    for _ in range(number):
        reply = make_reply(parent=head, creator=writer)
        moderating.hide(annotation=reply, by=moderator, rule="attack", reason="About people.")
        appealing.appeal(annotation=reply, by=writer, words="No.")
    with django_assert_num_queries(15):
        threads.around(head, writer)
