"""Notices: what readers are told because it concerns them, on a page and by mail."""

import re
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pytest_django import DjangoCaptureOnCommitCallbacks

from annotations import annotating, mailing, notifying
from annotations.models import Annotation, Notice
from annotations.models.notices import DECIDED
from reader.models import User
from tests.factories import make_annotation, make_article, make_reader

pytestmark = pytest.mark.django_db

Event = Notice.Event


@pytest.fixture
def ada(client: Client) -> User:
    reader = make_reader(username="ada")
    client.force_login(reader)
    EmailAddress.objects.create(user=reader, email=reader.email, primary=True, verified=True)
    return reader


@pytest.fixture
def bob() -> User:
    return make_reader(username="bob")


@pytest.fixture
def question(ada: User) -> Annotation:
    return make_annotation(creator=ada, kind="question", exact="39,000 cars", body="Who counted?")


@pytest.fixture
def committed(django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks) -> Any:
    """Give what runs, at its end, what an act left for after its commit."""
    return lambda: django_capture_on_commit_callbacks(execute=True)


def page_of(client: Client) -> str:
    return client.get("/notices/").content.decode()


# Telling


def test_who_is_told_finds_it_on_their_page_as_new_once(client: Client, bob: User, question: Annotation) -> None:
    notifying.tell(question.creator, Event.ANSWERED, annotation=question, actor=bob)
    first, second = page_of(client), page_of(client)
    assert "gave a source for what you asked" in first
    assert (first.count("is-unread"), second.count("is-unread")) == (1, 0)
    assert f'href="/annotations/{question.pk}/"' in second


def test_nobody_is_told_of_their_own_acts(ada: User, question: Annotation) -> None:
    assert notifying.tell(ada, Event.ANSWERED, annotation=question, actor=ada) is None
    assert not Notice.objects.exists()


def test_the_same_is_told_once_while_it_is_unread(client: Client, ada: User, bob: User, question: Annotation) -> None:
    for _ in range(2):
        notifying.tell(ada, Event.ANSWERED, annotation=question, actor=bob)
    assert Notice.objects.count() == 1
    page_of(client)
    notifying.tell(ada, Event.ANSWERED, annotation=question, actor=bob)
    assert Notice.objects.count() == 2


def test_another_person_and_another_event_are_told_apart(ada: User, bob: User, question: Annotation) -> None:
    for event, actor in ((Event.ANSWERED, bob), (Event.ANSWERED, make_reader()), (Event.SETTLED, bob)):
        notifying.tell(ada, event, annotation=question, actor=actor)
    assert Notice.objects.count() == 3


def test_an_act_that_is_undone_tells_nothing(ada: User, bob: User, question: Annotation) -> None:
    with transaction.atomic():
        notifying.tell(ada, Event.ANSWERED, annotation=question, actor=bob)
        transaction.set_rollback(True)
    assert not Notice.objects.exists()


# The page


def test_notices_are_shown_to_who_they_concern_only(client: Client, ada: User, bob: User, question: Annotation) -> None:
    notifying.tell(ada, Event.ANSWERED, annotation=question, actor=bob)
    client.force_login(bob)
    assert "gave a source" not in page_of(client)
    assert Notice.objects.unread().count() == 1


def test_a_stranger_is_asked_to_sign_in_first(client: Client) -> None:
    assert client.get("/notices/").headers["Location"] == "/accounts/login/?next=/notices/"


def test_the_page_of_notices_cannot_be_posted_to(client: Client, ada: User) -> None:
    assert client.post("/notices/").status_code == 405


def test_a_look_at_the_head_alone_reads_nothing(client: Client, ada: User, bob: User, question: Annotation) -> None:
    notifying.tell(ada, Event.ANSWERED, annotation=question, actor=bob)
    client.head("/notices/")
    assert Notice.objects.unread().count() == 1


@pytest.mark.parametrize("event", Event.values)
def test_each_event_is_told_in_words_of_its_own(client: Client, bob: User, question: Annotation, event: str) -> None:
    notifying.tell(question.creator, event, annotation=question, actor=bob)
    told = re.search(r'class="told-what">(.*?)</p>', page_of(client), re.DOTALL)
    assert told is not None
    who = "A moderator" if event in DECIDED else "bob"
    words = " ".join(re.sub(r"<[^>]+>", " ", told[1]).split())
    assert words.startswith(f"New {who} ")
    assert len(words.removeprefix(f"New {who} ").split()) > 3


def test_words_that_are_no_longer_shown_are_not_told(client: Client, bob: User, question: Annotation) -> None:
    notifying.tell(question.creator, Event.ANSWERED, annotation=question, actor=bob)
    annotating.withdraw(annotation=question, by=question.creator)
    page = page_of(client)
    assert "It is no longer shown." in page
    assert "Who counted?" not in page


def test_many_notices_are_paged_and_cost_the_same_number_of_queries(client: Client, ada: User, bob: User) -> None:
    article, numbers = make_article(), []
    for _ in range(2):
        for _ in range(16):
            note = make_annotation(article=article, creator=ada)
            notifying.tell(ada, Event.RESTATED, annotation=note, actor=bob)
        client.get("/")
        with CaptureQueriesContext(connection) as queries:
            page = page_of(client)
        numbers.append(len(queries))
    assert numbers[0] == numbers[1]
    assert page.count('class="told') - page.count('class="told-what') == 30
    assert "Page 1 of 2" in page


# How many wait


def test_every_page_says_how_many_wait_until_they_are_read(client: Client, bob: User, question: Annotation) -> None:
    notifying.tell(question.creator, Event.ANSWERED, annotation=question, actor=bob)
    assert '1<span class="unseen"> new notice' in client.get("/").content.decode()
    page_of(client)
    assert 'class="unread"' not in client.get("/").content.decode()


def test_what_comes_while_a_reader_is_there_is_counted_at_once(
    client: Client, committed: Any, bob: User, question: Annotation
) -> None:
    assert 'class="unread"' not in client.get("/").content.decode()
    with committed():
        notifying.tell(question.creator, Event.ANSWERED, annotation=question, actor=bob)
    assert 'class="unread"' in client.get("/").content.decode()


def test_the_number_costs_strangers_nothing_and_readers_nothing_on_their_next_page(client: Client, ada: User) -> None:
    def asked(visitor: Client) -> int:
        with CaptureQueriesContext(connection) as queries:
            visitor.get("/following/")
            visitor.get("/")
        return sum("annotations_notice" in query["sql"] for query in queries)

    assert (asked(Client()), asked(client), asked(client)) == (0, 1, 0)


# Mail


def test_an_answer_is_mailed_after_the_commit(committed: Any, ada: User, bob: User, question: Annotation) -> None:
    with committed():
        notifying.tell(ada, Event.ANSWERED, annotation=question, actor=bob)
        assert not mail.outbox
    (sent,) = mail.outbox
    assert sent.to == ["ada@example.org"]
    assert f"http://localhost:8000/annotations/{question.pk}/" in sent.body
    assert "“39,000 cars”" in sent.body
    assert sent.subject == "A source for what you asked"


@pytest.mark.parametrize("event", sorted(mailing.MAILED))
def test_what_is_mailed_has_a_subject_and_says_who_did_it(
    committed: Any, bob: User, question: Annotation, event: str
) -> None:
    with committed():
        notifying.tell(question.creator, event, annotation=question, actor=bob)
    assert "bob" in mail.outbox[0].body
    assert len(mail.outbox[0].subject) > 10


def test_what_is_not_worth_a_mail_is_not_mailed(committed: Any, ada: User, bob: User, question: Annotation) -> None:
    with committed():
        for event in set(Event.values) - mailing.MAILED:
            notifying.tell(ada, event, annotation=question, actor=bob)
    assert not mail.outbox


def of_a_sample(reader: User) -> None:
    User.objects.filter(pk=reader.pk).update(is_sample=True)


def of_a_closed_account(reader: User) -> None:
    User.objects.filter(pk=reader.pk).update(is_active=False)


def not_confirmed(reader: User) -> None:
    EmailAddress.objects.update(verified=False)


def not_the_main_one(reader: User) -> None:
    EmailAddress.objects.update(primary=False)


def not_wanted(reader: User) -> None:
    notifying.set_mailed(reader, is_mailed=False)


@pytest.mark.parametrize("spoil", [of_a_sample, of_a_closed_account, not_confirmed, not_the_main_one, not_wanted])
def test_no_mail_goes_to_an_address_that_is(
    committed: Any, ada: User, bob: User, question: Annotation, spoil: Any
) -> None:
    spoil(ada)
    with committed():
        notifying.tell(ada, Event.ANSWERED, annotation=question, actor=bob)
    assert Notice.objects.count() == 1
    assert not mail.outbox


def test_what_was_withdrawn_before_the_mail_went_is_not_mailed(
    committed: Any, ada: User, bob: User, question: Annotation
) -> None:
    with committed():
        notifying.tell(ada, Event.ANSWERED, annotation=question, actor=bob)
        annotating.withdraw(annotation=question, by=ada)
    assert not mail.outbox


class Unreachable(BaseEmailBackend):
    """A mail server that is not there."""

    def send_messages(self, messages: Any) -> int:
        raise ConnectionRefusedError


def test_a_mail_server_that_is_gone_spoils_nothing(
    committed: Any, settings: Any, caplog: Any, bob: User, question: Annotation
) -> None:
    settings.EMAIL_BACKEND = f"{__name__}.Unreachable"
    with committed():
        notifying.tell(question.creator, Event.ANSWERED, annotation=question, actor=bob)
    assert Notice.objects.count() == 1
    assert "could not be sent" in caplog.text


# No more mail


@pytest.fixture
def sent(committed: Any, ada: User, bob: User, question: Annotation) -> EmailMessage:
    with committed():
        notifying.tell(ada, Event.ANSWERED, annotation=question, actor=bob)
    message: EmailMessage = mail.outbox.pop()
    return message


def link_in(message: EmailMessage) -> str:
    return str(message.extra_headers["List-Unsubscribe"]).strip("<>").removeprefix("http://localhost:8000")


def test_a_mail_program_ends_the_mail_by_one_request(sent: EmailMessage, ada: User) -> None:
    assert sent.extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert link_in(sent) in sent.body
    program = Client(enforce_csrf_checks=True)
    assert program.post(link_in(sent), {"List-Unsubscribe": "One-Click"}).status_code == 200
    assert not notifying.is_mailed(ada)


def test_opening_the_link_asks_and_changes_nothing(sent: EmailMessage, ada: User) -> None:
    page = Client().get(link_in(sent)).content.decode()
    assert f'action="{link_in(sent)}"' in page
    assert notifying.is_mailed(ada)


def test_a_made_up_link_ends_nobody_s_mail(sent: EmailMessage, ada: User) -> None:
    forged = link_in(sent)[:-2] + "x/"
    assert [Client().post(forged).status_code, Client().get(forged).status_code] == [404, 404]
    assert notifying.is_mailed(ada)


def test_the_link_ends_mail_to_nobody_else(sent: EmailMessage, bob: User) -> None:
    Client().post(link_in(sent))
    assert notifying.is_mailed(bob)


def test_a_reader_turns_mail_off_and_on_again(client: Client, ada: User) -> None:
    client.post("/notices/mail/", {"mailed": "no"})
    assert not notifying.is_mailed(ada)
    assert "You get no mail about these." in page_of(client)
    client.post("/notices/mail/", {"mailed": "yes"})
    assert notifying.is_mailed(ada)


def test_the_switch_is_for_who_is_signed_in_and_is_not_a_page(client: Client, ada: User) -> None:
    assert client.get("/notices/mail/").status_code == 405
    assert Client().post("/notices/mail/").headers["Location"] == "/accounts/login/?next=/notices/mail/"
