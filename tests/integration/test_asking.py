"""Asking for a source: by one click and in words, together with others, and what answers."""

import threading
import uuid
from typing import Any

import pytest
from django.core import mail
from django.db import connection
from django.test import Client
from django.urls import reverse

from annotations import annotating, asking, ledger, moderating
from annotations.accepting import AlreadyPosted, NotAccepted
from annotations.asking import Asked
from annotations.models import Annotation, Answer, Ask, Notice
from reader.models import Article, User
from tests.factories import (
    make_annotation,
    make_article,
    make_moderator,
    make_reader,
    make_reply,
    make_revision,
    make_source,
    make_target,
    paragraph_of,
)

pytestmark = pytest.mark.django_db

SENTENCE = "It carries 39,000 cars a day, they say."
PLAIN = "What is the source for this?"


@pytest.fixture
def article() -> Article:
    return make_article()


@pytest.fixture
def ada() -> User:
    return make_reader(username="ada")


@pytest.fixture
def bob() -> User:
    return make_reader(username="bob")


def ask(article: Article, by: User, *, exact: str = SENTENCE, body: str = "", token: uuid.UUID | None = None) -> Asked:
    target = make_target(article=article, exact=exact)
    return asking.ask(article=article, by=by, target=target, body=body, token=token or uuid.uuid4())


def source_on(article: Article, exact: str = "39,000 cars", **fields: Any) -> Annotation:
    return make_annotation(article=article, kind="source", exact=exact, **fields)


def address_of(article: Article, exact: str = SENTENCE, *, revision: int = 1) -> str:
    assert article.current_revision
    start = article.current_revision.text.index(exact)
    return f"/articles/{article.slug}/p2/request/?revision={revision}&start={start}&end={start + len(exact)}"


def askers(question: Annotation) -> list[str]:
    return list(question.asks.values_list("reader__username", flat=True))


def is_settled(question: Annotation) -> bool:
    question.refresh_from_db()
    return question.is_settled


# One click


def test_one_click_asks_without_a_word(client: Client, article: Article, ada: User) -> None:
    client.force_login(ada)
    response = client.post(address_of(article))
    question = Annotation.objects.get()
    assert response.headers["Location"] == f"/articles/{article.slug}/p2/?at={question.pk}#annotation-{question.pk}"
    assert (question.kind, question.exact, question.body, question.gist) == ("question", SENTENCE, "", PLAIN)
    assert askers(question) == ["ada"]


def test_a_stranger_signs_in_and_is_one_click_away(client: Client, article: Article, ada: User) -> None:
    address = address_of(article)
    page = client.get(f"/articles/{article.slug}/p2/").content.decode()
    assert address.replace("&", "&amp;") in page
    assert client.post(address).headers["Location"].startswith("/accounts/login/?next=/articles/")
    client.force_login(ada)
    page = client.get(address).content.decode()
    assert SENTENCE in page
    assert PLAIN in page
    assert not Annotation.objects.exists()


def test_a_button_stands_beside_each_sentence(client: Client, article: Article, ada: User) -> None:
    client.force_login(ada)
    page = client.get(f"/articles/{article.slug}/p2/").content.decode()
    assert page.count('class="ask-it" type="submit"') == 2
    assert "Ask for that of sentence 2" in page


def test_a_closed_article_has_no_button_and_takes_no_request(client: Client, article: Article, ada: User) -> None:
    client.force_login(ada)
    Article.objects.update(status=Article.Status.CLOSED)
    assert "ask-it" not in client.get(f"/articles/{article.slug}/p2/").content.decode()
    response = client.post(address_of(article))
    assert response.status_code == 422
    assert "closed to new annotations" in response.content.decode()


def test_words_that_moved_in_a_revision_are_asked_about_where_they_are(
    client: Client, article: Article, ada: User
) -> None:
    client.force_login(ada)
    address = address_of(article)
    make_revision(article, "Something before.", f"First of all. {SENTENCE}")
    article.refresh_from_db()
    moved = next(block for block in paragraphs(article) if SENTENCE in block.text)
    response = client.post(address.replace("/p2/", f"/{moved.name}/"))
    assert response.status_code == 302
    assert Annotation.objects.get().exact == SENTENCE


def paragraphs(article: Article) -> Any:
    assert article.current_revision
    return article.current_revision.paragraphs.all()


def test_words_that_a_revision_changed_are_not_asked_about(client: Client, article: Article, ada: User) -> None:
    client.force_login(ada)
    address = address_of(article)
    make_revision(article, "The bridge was built in 1990.", "It carries 40,000 cars a day, they say.")
    response = client.post(address)
    assert response.status_code == 422
    assert "no longer there as they were" in response.content.decode()
    assert not Annotation.objects.exists()


@pytest.mark.parametrize("query", ["", "?revision=x", "?revision=1&start=-4&end=2", "?revision=99&start=1&end=2"])
def test_an_address_that_names_no_words_is_answered_in_words_or_as_not_found(
    client: Client, article: Article, ada: User, query: str
) -> None:
    client.force_login(ada)
    response = client.post(f"/articles/{article.slug}/p2/request/{query}")
    assert response.status_code in {404, 422}
    assert not Annotation.objects.exists()


def test_the_click_takes_no_other_method(client: Client, article: Article, ada: User) -> None:
    client.force_login(ada)
    assert client.put(address_of(article)).status_code == 405


def test_a_script_gets_the_ledger_the_thread_and_the_row(client: Client, article: Article, ada: User) -> None:
    client.force_login(ada)
    shown = f"http://testserver/articles/{article.slug}/p2/"
    response = client.post(address_of(article), headers={"HX-Request": "true", "HX-Current-URL": shown})
    page = response.content.decode()
    assert 'id="ledger" data-hx-swap-oob="true"' in page
    assert 'data-hx-swap-oob="beforeend:#threads"' in page
    assert 'id="p2"' in page
    assert "You ask for the source of this." in page
    assert 'aria-pressed="true"' in page


def test_a_script_is_told_in_the_ledger_what_stands_in_the_way(client: Client, article: Article, ada: User) -> None:
    client.force_login(ada)
    Article.objects.update(status=Article.Status.CLOSED)
    shown = f"http://testserver/articles/{article.slug}/p2/"
    response = client.post(address_of(article), headers={"HX-Request": "true", "HX-Current-URL": shown})
    assert response.status_code == 422
    assert 'role="alert">This article is closed' in response.content.decode()


def test_the_form_posts_a_question_without_words(client: Client, article: Article, ada: User) -> None:
    client.force_login(ada)
    form = {"kind": "question", "place": "s0", "revision": 1, "token": uuid.uuid4(), "body": " "}
    response = client.post(f"/articles/{article.slug}/p2/annotations/", form, follow=True)
    assert "You ask for the source of this." in response.content.decode()
    assert Annotation.objects.get().exact == SENTENCE


@pytest.mark.parametrize("kind", ["note", "disagreement", "source"])
def test_other_kinds_still_need_words(kind: str) -> None:
    with pytest.raises(NotAccepted, match="Please write something"):
        make_annotation(kind=kind, body="")


def test_a_question_without_words_says_what_it_asks_wherever_it_stands(
    client: Client, article: Article, ada: User
) -> None:
    question = ask(article, ada).question
    client.force_login(ada)
    home = article.get_absolute_url()
    addresses = home, f"{home}p2/", f"{home}edition/", f"/annotations/{question.pk}/", "/readers/ada/"
    for address in addresses:
        assert PLAIN in client.get(address).content.decode(), address
    quoted = client.get(f"/annotations/{question.pk}/replies/?quote=1").content.decode()
    assert f"&gt; {PLAIN}" in quoted


def test_a_preview_of_a_question_without_words_shows_what_it_asks(client: Client) -> None:
    assert PLAIN in client.post("/preview/", {"body": "", "kind": "question"}).content.decode()
    assert PLAIN not in client.post("/preview/", {"body": "", "kind": "note"}).content.decode()


def test_words_can_be_added_to_a_question_and_taken_away_again(article: Article, ada: User) -> None:
    question = ask(article, ada).question
    edited = annotating.edit(annotation=question, by=ada, version=1, body="Who counted?")
    assert edited.gist == "Who counted?"
    edited = annotating.edit(annotation=question, by=ada, version=2, body="")
    assert (edited.body, edited.gist) == ("", PLAIN)


# Together


def test_an_ask_on_the_same_words_joins_the_first(article: Article, ada: User, bob: User) -> None:
    first, second = ask(article, ada), ask(article, bob)
    assert second.question == first.question
    assert (first.is_new, second.is_new, second.is_joined) == (True, False, True)
    assert askers(first.question) == ["ada", "bob"]


@pytest.mark.parametrize(
    "exact", ["It carries 39,000 cars a day, they say", " It carries 39,000 cars a day, they say."]
)
def test_signs_at_the_ends_make_no_other_words(article: Article, ada: User, bob: User, exact: str) -> None:
    ask(article, ada)
    ask(article, bob, exact=exact.strip())
    assert Annotation.objects.count() == 1


def test_words_within_the_sentence_are_another_request(article: Article, ada: User, bob: User) -> None:
    ask(article, ada)
    assert ask(article, bob, exact="39,000 cars").is_new


def test_a_paragraph_of_one_sentence_is_that_sentence(article: Article, ada: User, bob: User) -> None:
    ask(article, ada, exact="The toll should go.")
    target = annotating.Target(revision_number=1, paragraph=paragraph_of(article, "p3"))
    assert not asking.ask(article=article, by=bob, target=target, token=uuid.uuid4()).is_new


def test_about_the_whole_article_readers_ask_together(article: Article, ada: User, bob: User) -> None:
    whole = annotating.Target(revision_number=1)
    for reader in (ada, bob):
        asking.ask(article=article, by=reader, target=whole, token=uuid.uuid4())
    assert askers(Annotation.objects.get()) == ["ada", "bob"]


def test_words_of_who_joins_become_a_reply(article: Article, ada: User, bob: User) -> None:
    question = ask(article, ada).question
    asked = ask(article, bob, body="The ministry says 20,000.")
    assert asked.reply is not None
    assert (asked.reply.parent, asked.reply.body, asked.reply.creator) == (question, "The ministry says 20,000.", bob)
    assert askers(question) == ["ada", "bob"]


def test_who_asks_already_is_told_so_and_loses_no_words(article: Article, ada: User) -> None:
    question = ask(article, ada).question
    assert ask(article, ada).sentence == "You ask this already."
    again = ask(article, ada, body="I mean on weekdays.")
    assert again.reply is not None
    assert "your words stand below it" in again.sentence
    assert (askers(question), Annotation.objects.count()) == (["ada"], 2)


@pytest.mark.parametrize("body", ["", "Who counted?"])
def test_the_same_form_twice_asks_once(article: Article, ada: User, bob: User, body: str) -> None:
    for reader in (ada, bob):
        token = uuid.uuid4()
        first = ask(article, reader, body=body, token=token)
        second = ask(article, reader, body=body, token=token)
        assert first.posted == second.posted
    assert Annotation.objects.count() == (2 if body else 1)


def test_the_same_form_with_other_words_is_no_double_click(article: Article, ada: User) -> None:
    token = uuid.uuid4()
    ask(article, ada, token=token)
    with pytest.raises(AlreadyPosted):
        ask(article, ada, body="Who counted?", token=token)


@pytest.mark.django_db(transaction=True)
def test_of_several_who_ask_at_once_all_ask_the_same_question() -> None:
    article, statuses = make_article(), []
    address = address_of(article)

    def send(reader: User) -> None:
        client = Client()
        client.force_login(reader)
        statuses.append(client.post(address).status_code)
        connection.close()

    threads = [threading.Thread(target=send, args=[make_reader()]) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert statuses == [302] * 3
    assert Annotation.objects.get().asks.count() == 3


@pytest.mark.django_db(transaction=True)
def test_who_asks_while_its_writer_withdraws_goes_on_asking() -> None:
    article, ada = make_article(), make_reader(username="ada")
    question = ask(article, ada).question
    address, failures = address_of(article), []

    def run(act: Any) -> None:
        try:
            act()
        except Exception as error:
            failures.append(error)
        finally:
            connection.close()

    def join() -> None:
        client = Client()
        client.force_login(make_reader(username="bob"))
        client.post(address)

    acts = (join, lambda: annotating.withdraw(annotation=question, by=ada))
    threads = [threading.Thread(target=run, args=[act]) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not failures
    assert askers(Annotation.objects.published().get()) == ["bob"]


# Asking no longer


@pytest.mark.parametrize("name", ["asks", "withdraw"])
def test_in_the_panel_a_request_that_is_passed_on_stands_below_at_once(
    client: Client, article: Article, ada: User, bob: User, name: str
) -> None:
    question = ask(article, ada).question
    asking.join(question=question, by=bob)
    client.force_login(ada)
    here = {"HX-Request": "true", "HX-Current-URL": f"http://testserver{article.get_absolute_url()}p2/"}
    content = client.post(reverse(name, args=[question.pk]), {"act": "leave"}, headers=here).content.decode()
    heir = Annotation.objects.published().get()
    _, _, passed_on = content.partition(f'data-hx-swap-oob="afterend:#thread-{question.pk}"')
    assert f'id="thread-{heir.pk}"' in passed_on
    assert "1 reader asks this." in passed_on


def test_in_the_panel_what_stood_for_a_request_goes_when_it_is_there_again(
    client: Client, article: Article, ada: User, bob: User
) -> None:
    question = ask(article, ada).question
    asking.join(question=question, by=bob)
    annotating.withdraw(annotation=question, by=ada)
    heir = Annotation.objects.published().get()
    client.force_login(ada)
    here = {"HX-Request": "true", "HX-Current-URL": f"http://testserver{article.get_absolute_url()}p2/"}
    content = client.post(reverse("reinstate", args=[question.pk]), headers=here).content.decode()
    assert f'<div id="thread-{heir.pk}" data-hx-swap-oob="delete">' in content
    assert "2 readers ask this: " in content


def test_who_joined_can_ask_no_longer(client: Client, article: Article, ada: User, bob: User) -> None:
    question = ask(article, ada).question
    client.force_login(bob)
    for act in ("join", "join", "leave", "leave"):
        client.post(f"/annotations/{question.pk}/asks/", {"act": act})
        assert askers(question) == (["ada", "bob"] if act == "join" else ["ada"])


def test_a_request_passes_on_when_its_writer_withdraws_it(article: Article, ada: User, bob: User) -> None:
    question = ask(article, ada, body="Who counted?").question
    for reader in (bob, make_reader(username="cy")):
        ask(article, reader)
    asking.take_back(question=question, by=ada)
    heir = Annotation.objects.published().get()
    assert (heir.creator, heir.exact, heir.gist) == (bob, SENTENCE, PLAIN)
    assert askers(heir) == ["bob", "cy"]
    assert [str(line.words) for line in ledger.of_paragraph(paragraph_of(article, "p2"))] == ["2 asked", ""]


def test_a_request_that_nobody_else_asks_goes_with_its_writer(article: Article, ada: User) -> None:
    question = ask(article, ada).question
    annotating.withdraw(annotation=question, by=ada)
    assert not Annotation.objects.published().exists()
    assert not Ask.objects.exists()


def test_an_undone_withdrawal_brings_everybody_back_to_the_first_question(
    article: Article, ada: User, bob: User
) -> None:
    question = ask(article, ada, body="Who counted?").question
    ask(article, bob)
    asking.answer(question=question, annotation=source_on(article), by=make_reader())
    annotating.withdraw(annotation=question, by=ada)
    ask(article, make_reader(username="dora"), exact="The bridge was built in 1990 with public money.")
    annotating.reinstate(annotation=question, by=ada)
    assert sorted(askers(question)) == ["ada", "bob"]
    assert is_settled(question)
    assert Annotation.objects.published().filter(kind="question").count() == 2


def test_an_heir_that_was_replied_to_stays(article: Article, ada: User, bob: User) -> None:
    question = ask(article, ada).question
    ask(article, bob)
    annotating.withdraw(annotation=question, by=ada)
    heir = Annotation.objects.published().get()
    make_reply(parent=heir)
    annotating.reinstate(annotation=question, by=ada)
    assert (askers(question), askers(heir)) == (["ada"], ["bob"])


def test_what_answered_a_request_answers_it_in_the_next_one_s_name(article: Article, ada: User, bob: User) -> None:
    question = ask(article, ada).question
    ask(article, bob)
    asking.answer(question=question, annotation=source_on(article), by=make_reader())
    annotating.withdraw(annotation=question, by=ada)
    heir = Annotation.objects.published().get(kind="question")
    assert heir.is_settled
    assert heir.given_answers.count() == 1
    assert Notice.objects.to(bob).get().annotation == heir


def test_who_is_gone_is_counted_no_more(article: Article, ada: User, bob: User) -> None:
    ask(article, ada)
    ask(article, bob)
    activity = Article.objects.get().activity
    bob.is_active = False
    bob.save()
    assert ledger.of_paragraph(paragraph_of(article, "p2"))[0].words == "1 asked"
    assert Article.objects.get().activity > activity


def test_asking_no_longer_needs_a_question_a_reader_and_an_act(client: Client, article: Article, ada: User) -> None:
    question, note = ask(article, ada).question, make_annotation(article=article)
    address = f"/annotations/{question.pk}/asks/"
    assert client.post(address).headers["Location"].startswith("/accounts/login/")
    client.force_login(ada)
    assert client.get(address).status_code == 405
    assert client.post(address, {"act": "shout"}).status_code == 400
    assert client.post(f"/annotations/{note.pk}/asks/", {"act": "join"}).status_code == 404


def test_a_withdrawn_question_cannot_be_joined(article: Article, ada: User, bob: User) -> None:
    question = ask(article, ada).question
    annotating.withdraw(annotation=question, by=ada)
    with pytest.raises(NotAccepted, match="no longer asked"):
        asking.join(question=question, by=bob)


# Answers


def test_a_source_answers_and_everybody_who_asks_is_told(article: Article, ada: User, bob: User) -> None:
    question = ask(article, ada).question
    ask(article, bob)
    asking.answer(question=question, annotation=source_on(article, creator=bob), by=bob)
    assert is_settled(question)
    told = Notice.objects.get()
    assert (told.reader, told.event, told.annotation, told.actor) == (ada, "answered", question, bob)


def test_an_answered_request_says_by_what(client: Client, article: Article, ada: User) -> None:
    question, source = ask(article, ada).question, source_on(article)
    asking.answer(question=question, annotation=source, by=make_reader())
    page = client.get(f"/articles/{article.slug}/p2/").content.decode()
    assert "Answered</b> by" in page
    assert f'href="/annotations/{source.pk}/"' in page
    assert "The count" in page
    assert "which <bdi>ada</bdi> asked about" in page


def test_an_answer_is_posted_with_a_tick(client: Client, article: Article, ada: User, bob: User) -> None:
    question = ask(article, ada).question
    client.force_login(bob)
    response = post_source(client, article, **{f"answers_{question.pk}": "yes"})
    assert response.status_code == 302
    assert is_settled(question)
    assert Answer.objects.get().creator == bob


def post_source(client: Client, article: Article, *, place: str = "s0", name: str = "p2", **fields: Any) -> Any:
    form = {"kind": "source", "place": place, "revision": 1, "token": uuid.uuid4(), "body": "The count itself."}
    form |= {"url": "https://example.org/count", "stance": "supports"}
    return client.post(f"/articles/{article.slug}/{name}/annotations/", form | fields)


def test_the_tick_is_set_where_the_words_are_the_same(client: Client, article: Article, ada: User) -> None:
    one = ask(article, ada).question
    other = ask(article, ada, exact="“It is safe,” said the mayor.").question
    page = client.get(f"/articles/{article.slug}/p2/?kind=source&place=s0").content.decode()
    assert f'name="answers_{one.pk}" value="yes" checked' in page
    assert f'name="answers_{other.pk}" value="yes">' in page


def test_a_form_that_comes_back_keeps_its_ticks(client: Client, article: Article, ada: User, bob: User) -> None:
    one = ask(article, ada).question
    other = ask(article, ada, exact="“It is safe,” said the mayor.").question
    client.force_login(bob)
    page = post_source(client, article, body="", **{f"answers_{other.pk}": "yes"}).content.decode()
    assert f'name="answers_{other.pk}" value="yes" checked' in page
    assert f'name="answers_{one.pk}" value="yes">' in page


def test_a_source_for_other_words_answers_nothing_and_says_so(
    client: Client, article: Article, ada: User, bob: User
) -> None:
    question = ask(article, ada).question
    client.force_login(bob)
    response = post_source(client, article, place="s1", **{f"answers_{question.pk}": "yes"})
    assert response.status_code == 422
    assert "Choose words that overlap" in response.content.decode()
    assert not Answer.objects.exists()
    assert Annotation.objects.count() == 1


def test_a_note_without_a_source_answers_nothing(client: Client, article: Article, ada: User, bob: User) -> None:
    question = ask(article, ada).question
    client.force_login(bob)
    fields = {"kind": "note", "url": "", f"answers_{question.pk}": "yes"}
    assert post_source(client, article, **fields).status_code == 302
    assert not is_settled(question)


def test_what_is_there_already_can_be_pointed_to(client: Client, article: Article, ada: User, bob: User) -> None:
    source, question = source_on(article), ask(article, ada).question
    client.force_login(bob)
    address = f"/annotations/{question.pk}/answers/"
    assert f'value="{source.pk}"' in client.get(address).content.decode()
    assert client.post(address, {"annotation": source.pk}).status_code == 302
    assert is_settled(question)


def test_only_sources_on_overlapping_words_can_be_pointed_to(client: Client, article: Article, ada: User) -> None:
    question = ask(article, ada).question
    elsewhere, note = source_on(article, "1990"), make_annotation(article=article, exact="39,000 cars")
    client.force_login(ada)
    address = f"/annotations/{question.pk}/answers/"
    assert "Nothing else with a source" in client.get(address).content.decode()
    for each in (elsewhere, note):
        assert client.post(address, {"annotation": each.pk}).status_code == 422
        with pytest.raises(NotAccepted, match="about the same words"):
            asking.answer(question=question, annotation=each, by=ada)


def test_pointing_needs_a_reader_and_a_choice(client: Client, article: Article, ada: User) -> None:
    source_on(article)
    address = f"/annotations/{ask(article, ada).question.pk}/answers/"
    assert client.get(address).headers["Location"].startswith("/accounts/login/")
    client.force_login(ada)
    assert "Choose what answers it." in client.post(address).content.decode()
    assert client.put(address).status_code == 405


def test_the_same_answer_twice_tells_once(article: Article, ada: User, bob: User) -> None:
    question, source = ask(article, ada).question, source_on(article)
    for _ in range(2):
        asking.answer(question=question, annotation=source, by=bob)
    assert (Answer.objects.count(), Notice.objects.count()) == (1, 1)


def test_several_answers_stand_beside_each_other(article: Article, ada: User, bob: User) -> None:
    question = ask(article, ada).question
    for number in range(2):
        source = source_on(article, sources=[make_source(url=f"https://example.org/{number}")])
        asking.answer(question=question, annotation=source, by=bob)
    asking.decline(given=Answer.objects.first(), by=ada)  # type: ignore[arg-type]
    assert is_settled(question)


def test_who_asked_may_say_that_it_does_not_answer(client: Client, article: Article, ada: User, bob: User) -> None:
    question = ask(article, ada).question
    given = asking.answer(question=question, annotation=source_on(article), by=bob)
    client.force_login(ada)
    client.post(f"/answers/{given.pk}/", {"act": "decline"})
    assert not is_settled(question)
    told = Notice.objects.to(bob).get()
    assert (told.event, told.annotation, told.actor) == ("declined", given.annotation, ada)
    page = client.get(f"/annotations/{question.pk}/").content.decode()
    assert "1 that does not answer it" in page
    assert "says that this does not answer" in page


def test_who_declined_may_think_again(client: Client, article: Article, ada: User, bob: User) -> None:
    question = ask(article, ada).question
    given = asking.answer(question=question, annotation=source_on(article), by=bob)
    asking.decline(given=given, by=ada)
    client.force_login(ada)
    client.post(f"/answers/{given.pk}/", {"act": "accept"})
    assert is_settled(question)


def test_a_declined_answer_is_not_given_again_by_others(article: Article, ada: User, bob: User) -> None:
    question, source = ask(article, ada).question, source_on(article)
    asking.decline(given=asking.answer(question=question, annotation=source, by=bob), by=ada)
    with pytest.raises(NotAccepted, match="says that it does not answer"):
        asking.answer(question=question, annotation=source, by=bob)
    assert not is_settled(question)


def test_who_does_not_ask_cannot_decline(client: Client, article: Article, ada: User, bob: User) -> None:
    given = asking.answer(question=ask(article, ada).question, annotation=source_on(article), by=ada)
    address = f"/answers/{given.pk}/"
    assert client.post(address).headers["Location"].startswith("/accounts/login/")
    client.force_login(bob)
    page = client.post(address, {"act": "decline"}, follow=True).content.decode()
    assert "Only who asks can say" in page
    assert client.get(address).status_code == 405
    assert client.post(address, {"act": "shrug"}).status_code == 400
    assert Answer.objects.standing().exists()


def test_one_click_on_what_was_answered_leads_to_the_answer(article: Article, ada: User, bob: User) -> None:
    question = ask(article, ada).question
    asking.answer(question=question, annotation=source_on(article), by=make_reader())
    asked = ask(article, bob)
    assert (asked.question, asked.is_answered, askers(question)) == (question, True, ["ada"])
    assert ask(article, bob, body="By whom?").is_new


def test_who_asks_too_what_was_answered_may_decline(article: Article, ada: User, bob: User) -> None:
    question = ask(article, ada).question
    given = asking.answer(question=question, annotation=source_on(article), by=make_reader())
    asking.join(question=question, by=bob)
    asking.decline(given=given, by=bob)
    assert not is_settled(question)


# What answers goes, and comes back


def test_a_request_opens_when_its_answer_is_withdrawn_and_closes_when_it_is_back(article: Article, ada: User) -> None:
    question, source = ask(article, ada).question, source_on(article)
    asking.answer(question=question, annotation=source, by=ada)
    annotating.withdraw(annotation=source, by=source.creator)
    assert not is_settled(question)
    annotating.reinstate(annotation=source, by=source.creator)
    assert is_settled(question)


def test_a_request_opens_when_its_answer_is_hidden_and_closes_when_it_is_shown(article: Article, ada: User) -> None:
    question, source, warden = ask(article, ada).question, source_on(article), make_moderator()
    asking.answer(question=question, annotation=source, by=ada)
    moderating.hide(annotation=source, by=warden, rule="attack", reason="Made up.")
    assert not is_settled(question)
    moderating.restore(annotation=source, by=warden, reason="It is real.")
    assert is_settled(question)


def test_a_request_opens_when_its_answer_loses_its_source(article: Article, ada: User) -> None:
    question = ask(article, ada).question
    note = make_annotation(article=article, exact="39,000 cars", sources=[make_source()])
    asking.answer(question=question, annotation=note, by=ada)
    annotating.edit(annotation=note, by=note.creator, version=1, body="Never mind.")
    assert not is_settled(question)
    annotating.edit(annotation=note, by=note.creator, version=2, body="Here.", sources=[make_source()])
    assert is_settled(question)


@pytest.mark.django_db(transaction=True)
def test_an_answer_that_is_withdrawn_while_it_is_given_leaves_the_request_open() -> None:
    article, ada = make_article(), make_reader(username="ada")
    question, source = ask(article, ada).question, source_on(article)
    failures: list[BaseException] = []

    def run(act: Any) -> None:
        try:
            act()
        except NotAccepted:
            pass
        except Exception as error:
            failures.append(error)
        finally:
            connection.close()

    acts = (
        lambda: asking.answer(question=question, annotation=source, by=ada),
        lambda: annotating.withdraw(annotation=source, by=source.creator),
    )
    threads = [threading.Thread(target=run, args=[act]) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not failures
    assert not is_settled(question)


# On the page


@pytest.mark.parametrize("act", ["join", "leave", "answer", "decline"])
def test_every_act_on_a_request_changes_the_page(article: Article, ada: User, bob: User, act: str) -> None:
    question, source = ask(article, ada).question, source_on(article)
    given = asking.answer(question=question, annotation=source, by=bob) if act == "decline" else None
    if act == "leave":
        asking.join(question=question, by=bob)
    before = Article.objects.get().activity
    match act:
        case "join":
            asking.join(question=question, by=bob)
        case "leave":
            asking.take_back(question=question, by=bob)
        case "answer":
            asking.answer(question=question, annotation=source, by=bob)
        case _:
            assert given
            asking.decline(given=given, by=ada)
    assert Article.objects.get().activity > before


def test_the_button_of_who_asks_is_pressed_and_takes_it_back(client: Client, article: Article, ada: User) -> None:
    question = ask(article, ada).question
    client.force_login(ada)
    page = client.get(f"/articles/{article.slug}/p2/").content.decode()
    assert f'action="/annotations/{question.pk}/asks/"' in page
    assert page.count('aria-pressed="true"') == 1
    client.post(f"/annotations/{question.pk}/asks/", {"act": "leave"})
    assert not Annotation.objects.published().exists()


def test_a_mail_of_an_answer_has_the_words_asked_about(
    article: Article, ada: User, bob: User, django_capture_on_commit_callbacks: Any
) -> None:
    ada.emailaddress_set.create(email=ada.email, primary=True, verified=True)  # type: ignore[attr-defined]
    question, source = ask(article, ada).question, source_on(article)
    with django_capture_on_commit_callbacks(execute=True):
        asking.answer(question=question, annotation=source, by=bob)
    assert SENTENCE in mail.outbox[0].body
