import uuid

import pytest
from django.test import Client

from annotations import moderating
from annotations.models import Annotation
from reader.models import Article, User
from tests.factories import make_annotation, make_moderator, make_reader, make_reply, make_source

pytestmark = pytest.mark.django_db

HTMX = {"HX-Request": "true"}


@pytest.fixture
def writer(client: Client) -> User:
    user = make_reader(username="anna")
    client.force_login(user)
    return user


@pytest.fixture
def annotation(writer: User) -> Annotation:
    return make_annotation(creator=writer, exact="39,000 cars", body="First words.")


def hide(annotation: Annotation, reason: str = "It calls names.") -> None:
    moderating.hide(annotation=annotation, by=make_moderator(), rule="attack", reason=reason)


# One annotation's page


def test_an_annotation_has_a_page_with_its_thread_and_its_article(client: Client, annotation: Annotation) -> None:
    make_reply(parent=annotation, body="An answer to it.")
    page = client.get(f"/annotations/{annotation.pk}/").content.decode()
    assert "First words." in page
    assert "An answer to it." in page
    assert "39,000 cars" in page
    assert annotation.article.title in page


def test_a_reply_has_an_address_too(client: Client, annotation: Annotation) -> None:
    answer = make_reply(parent=annotation, body="An answer to it.")
    assert client.get(f"/annotations/{answer.pk}/").status_code == 200


@pytest.mark.parametrize("number", ["987654", "9" * 30, "9" * 1000], ids=["unused", "too large", "absurd"])
def test_an_annotation_that_never_was_is_not_found(client: Client, writer: User, number: str) -> None:
    assert client.get(f"/annotations/{number}/").status_code == 404


def test_an_annotation_cannot_be_posted_to(client: Client, annotation: Annotation) -> None:
    assert client.post(f"/annotations/{annotation.pk}/").status_code == 405


# Replies


def test_a_reply_stands_in_the_thread_of_what_it_answers(client: Client, annotation: Annotation) -> None:
    response = client.post(f"/annotations/{annotation.pk}/replies/", {"body": "Indeed.", "token": uuid.uuid4()})
    answer = Annotation.objects.get(kind="reply")
    assert response.status_code == 302
    assert (answer.parent, answer.root) == (annotation, annotation)


def test_a_reply_to_a_reply_belongs_to_the_same_thread(client: Client, annotation: Annotation) -> None:
    first = make_reply(parent=annotation)
    client.post(f"/annotations/{first.pk}/replies/", {"body": "Indeed.", "token": uuid.uuid4()})
    answer = Annotation.objects.latest("id")
    assert (answer.parent, answer.root) == (first, annotation)


def test_an_empty_reply_is_answered_with_the_form(client: Client, annotation: Annotation) -> None:
    response = client.post(f"/annotations/{annotation.pk}/replies/", {"body": " ", "token": uuid.uuid4()})
    assert response.status_code == 422
    assert "Please write something" in response.content.decode()


def test_a_reply_posted_twice_is_one_reply(client: Client, annotation: Annotation) -> None:
    form = {"body": "Indeed.", "token": uuid.uuid4()}
    for _ in range(2):
        client.post(f"/annotations/{annotation.pk}/replies/", form)
    assert Annotation.objects.filter(kind="reply").count() == 1


def test_a_reply_with_other_words_from_the_same_form_is_asked_about_and_can_be_posted(
    client: Client, annotation: Annotation
) -> None:
    address, token = f"/annotations/{annotation.pk}/replies/", str(uuid.uuid4())
    client.post(address, {"body": "Indeed.", "token": token})
    response = client.post(address, {"body": "On second thoughts.", "token": token})
    page = response.content.decode()
    assert response.status_code == 422
    assert "On second thoughts." in page
    assert token not in page


def test_what_is_too_long_to_keep_is_not_lost_on_the_way_to_sign_in(annotation: Annotation) -> None:
    form = {"body": "長" * 80_000, "token": uuid.uuid4()}
    response = Client().post(f"/annotations/{annotation.pk}/replies/", form)
    assert response.status_code == 422
    assert "長長長" in response.content.decode()


def test_htmx_gets_the_thread_with_the_reply(client: Client, annotation: Annotation) -> None:
    form = {"body": "Indeed.", "token": uuid.uuid4()}
    response = client.post(f"/annotations/{annotation.pk}/replies/", form, headers=HTMX)
    page = response.content.decode()
    assert response.status_code == 201
    assert page.lstrip().startswith(f'<div class="thread" id="thread-{annotation.pk}"')
    assert "Indeed." in page


def test_a_stranger_who_replies_comes_back_to_their_words(client: Client, annotation: Annotation) -> None:
    stranger = Client()
    form = {"body": "Kept for later.", "token": uuid.uuid4()}
    response = stranger.post(f"/annotations/{annotation.pk}/replies/", form)
    assert response.headers["Location"] == f"/accounts/login/?next=/annotations/{annotation.pk}/replies/"
    stranger.force_login(make_reader())
    assert "Kept for later." in stranger.get(f"/annotations/{annotation.pk}/replies/").content.decode()


def test_what_is_hidden_cannot_be_answered(client: Client, annotation: Annotation) -> None:
    hide(annotation)
    form = {"body": "Indeed.", "token": uuid.uuid4()}
    assert client.post(f"/annotations/{annotation.pk}/replies/", form).status_code == 422
    client.force_login(make_reader())
    assert client.post(f"/annotations/{annotation.pk}/replies/", form).status_code == 404


def test_a_thread_a_thousand_answers_deep_can_be_read(client: Client, annotation: Annotation, writer: User) -> None:
    parent = annotation
    for number in range(1000):
        parent = Annotation.objects.create(
            article=annotation.article,
            revision=annotation.revision,
            creator=writer,
            kind="reply",
            sign="reply",
            target="annotation",
            parent=parent,
            root=annotation,
            body="x",
            body_html=f"<p>answer {number}</p>",
            token=uuid.uuid4(),
        )
    assert "answer 999" in client.get(f"/annotations/{annotation.pk}/").content.decode()


# Edits


def test_a_writer_can_edit(client: Client, annotation: Annotation) -> None:
    response = client.post(f"/annotations/{annotation.pk}/edit/", {"body": "Second *words*.", "version": 1})
    annotation.refresh_from_db()
    assert response.status_code == 302
    assert (annotation.body, annotation.gist, annotation.version) == ("Second *words*.", "Second words.", 2)
    assert annotation.edited_at is not None


def test_an_edit_keeps_the_passage(client: Client, annotation: Annotation) -> None:
    client.post(f"/annotations/{annotation.pk}/edit/", {"body": "Second words.", "version": 1})
    annotation.refresh_from_db()
    assert annotation.exact == "39,000 cars"


def test_an_edited_source_changes_its_sign(client: Client, writer: User) -> None:
    annotation = make_annotation(creator=writer, kind="source", sources=[make_source()])
    form = {"body": "On reading it again.", "version": 1, "url": "https://example.org/b", "stance": "contradicts"}
    client.post(f"/annotations/{annotation.pk}/edit/", form)
    annotation.refresh_from_db()
    assert annotation.sign == "contradicts"
    assert annotation.sources.get().url == "https://example.org/b"


def test_of_two_edits_at_once_the_second_is_told_and_keeps_its_words(client: Client, annotation: Annotation) -> None:
    client.post(f"/annotations/{annotation.pk}/edit/", {"body": "From one window.", "version": 1})
    response = client.post(f"/annotations/{annotation.pk}/edit/", {"body": "From the other.", "version": 1})
    page = response.content.decode()
    assert response.status_code == 422
    assert "edited elsewhere" in page
    assert "From one window." in page
    assert "From the other." in page
    assert Annotation.objects.get().body == "From one window."


def test_the_second_of_two_edits_can_be_saved_after_looking(client: Client, annotation: Annotation) -> None:
    client.post(f"/annotations/{annotation.pk}/edit/", {"body": "From one window.", "version": 1})
    response = client.post(f"/annotations/{annotation.pk}/edit/", {"body": "From the other.", "version": 1})
    assert 'name="version" value="2"' in response.content.decode()


def test_the_form_to_edit_holds_what_stands(client: Client, annotation: Annotation) -> None:
    assert "First words." in client.get(f"/annotations/{annotation.pk}/edit/").content.decode()


@pytest.mark.parametrize("act", ["edit", "withdraw"])
def test_another_reader_may_not_change_it(client: Client, annotation: Annotation, act: str) -> None:
    client.force_login(make_reader())
    address = f"/annotations/{annotation.pk}/{act}/"
    assert client.get(address).status_code == 403
    assert client.post(address, {"body": "Mine now.", "version": 1}).status_code == 403
    assert Annotation.objects.get().body == "First words."


@pytest.mark.parametrize("act", ["edit", "withdraw", "reports"])
def test_a_stranger_is_asked_to_sign_in(client: Client, annotation: Annotation, act: str) -> None:
    response = Client().get(f"/annotations/{annotation.pk}/{act}/")
    assert response.headers["Location"] == f"/accounts/login/?next=/annotations/{annotation.pk}/{act}/"


def test_an_edit_to_nothing_is_refused(client: Client, annotation: Annotation) -> None:
    assert client.post(f"/annotations/{annotation.pk}/edit/", {"body": "", "version": 1}).status_code == 422
    assert Annotation.objects.get().body == "First words."


def test_a_hidden_annotation_cannot_be_edited(client: Client, annotation: Annotation) -> None:
    hide(annotation)
    assert client.post(f"/annotations/{annotation.pk}/edit/", {"body": "Better.", "version": 1}).status_code == 422


# Withdrawing


def test_a_withdrawn_annotation_is_gone(client: Client, annotation: Annotation) -> None:
    client.post(f"/annotations/{annotation.pk}/withdraw/")
    assert Client().get(f"/annotations/{annotation.pk}/").status_code == 404
    assert "First words." not in client.get(annotation.article.get_absolute_url()).content.decode()


def test_a_withdrawn_annotation_with_replies_leaves_a_stub(client: Client, annotation: Annotation) -> None:
    make_reply(parent=annotation, body="An answer to it.")
    client.post(f"/annotations/{annotation.pk}/withdraw/")
    page = Client().get(f"/annotations/{annotation.pk}/").content.decode()
    assert "Withdrawn by its writer." in page
    assert "An answer to it." in page
    assert "First words." not in page


def test_withdrawing_asks_first(client: Client, annotation: Annotation) -> None:
    page = client.get(f"/annotations/{annotation.pk}/withdraw/").content.decode()
    assert "will no longer see" in page
    assert Annotation.objects.get().is_published


def test_withdrawing_twice_does_nothing_more(client: Client, annotation: Annotation) -> None:
    client.post(f"/annotations/{annotation.pk}/withdraw/")
    activity = Article.objects.get().activity
    client.post(f"/annotations/{annotation.pk}/withdraw/")
    assert Article.objects.get().activity == activity


# Hidden


def test_a_hidden_annotation_vanishes_for_readers_at_once(client: Client, annotation: Annotation) -> None:
    address = annotation.article.get_absolute_url()
    reader = Client()
    assert "First words." in reader.get(address).content.decode()
    hide(annotation)
    assert "First words." not in reader.get(address).content.decode()
    assert "First words." not in reader.get(f"{address}p2/").content.decode()
    assert reader.get(f"/annotations/{annotation.pk}/").status_code == 404


def test_a_hidden_annotation_shows_its_writer_why(client: Client, annotation: Annotation) -> None:
    hide(annotation, reason="It calls names.")
    for address in (f"/annotations/{annotation.pk}/", f"{annotation.article.get_absolute_url()}p2/"):
        page = client.get(address).content.decode()
        assert "First words." in page
        assert "Hidden by a moderator: personal attack" in page


def test_a_hidden_annotation_keeps_its_replies(client: Client, annotation: Annotation) -> None:
    make_reply(parent=annotation, body="An answer to it.")
    hide(annotation)
    page = Client().get(f"{annotation.article.get_absolute_url()}p2/").content.decode()
    assert "An answer to it." in page
    assert "Hidden by a moderator: personal attack." in page
    assert "First words." not in page
    assert "It calls names." not in page


def test_a_hidden_reply_that_was_answered_leaves_a_stub(client: Client, annotation: Annotation) -> None:
    rude = make_reply(parent=annotation, body="A rude answer.")
    make_reply(parent=rude, body="A calm answer to it.")
    hide(rude)
    page = Client().get(f"/annotations/{annotation.pk}/").content.decode()
    assert "A rude answer." not in page
    assert "Hidden by a moderator: personal attack." in page
    assert "A calm answer to it." in page


def test_a_hidden_reply_without_answers_leaves_nothing(client: Client, annotation: Annotation) -> None:
    hide(make_reply(parent=annotation, body="A rude answer."))
    page = Client().get(f"/annotations/{annotation.pk}/").content.decode()
    assert "A rude answer." not in page
    assert "Hidden by a moderator" not in page


# Reports


def test_a_reader_can_report_with_a_reason(client: Client, annotation: Annotation) -> None:
    client.force_login(make_reader())
    response = client.post(f"/annotations/{annotation.pk}/reports/", {"reason": "attack", "details": "See line 2."})
    flag = annotation.flags.get()
    assert response.status_code == 302
    assert (flag.reason, flag.details) == ("attack", "See line 2.")


def test_a_report_needs_a_reason(client: Client, annotation: Annotation) -> None:
    client.force_login(make_reader())
    response = client.post(f"/annotations/{annotation.pk}/reports/", {"details": "See line 2."})
    page = response.content.decode()
    assert response.status_code == 422
    assert "Choose a reason." in page
    assert "See line 2." in page


def test_reporting_twice_is_told(client: Client, annotation: Annotation) -> None:
    client.force_login(make_reader())
    for status in (302, 422):
        response = client.post(f"/annotations/{annotation.pk}/reports/", {"reason": "attack"})
        assert response.status_code == status
    assert annotation.flags.count() == 1


def test_nobody_reports_themselves(client: Client, annotation: Annotation) -> None:
    assert client.post(f"/annotations/{annotation.pk}/reports/", {"reason": "spam"}).status_code == 422
