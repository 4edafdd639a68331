import datetime as dt
import threading
import uuid
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from annotations.models import Anchor, Annotation
from reader.models import Article, User
from tests.factories import make_annotation, make_article, make_reader, paragraph_of

pytestmark = pytest.mark.django_db

WORDS = "It carries 39,000 cars a day"


@pytest.fixture
def article() -> Article:
    return make_article()


@pytest.fixture
def writer(client: Client) -> User:
    user = make_reader(username="anna")
    client.force_login(user)
    return user


def post(client: Client, article: Article, *, name: str = "p2", words: str = WORDS, **fields: Any) -> Any:
    """Post the form of a paragraph as a browser does."""
    assert article.current_revision is not None
    form: dict[str, Any] = {"kind": "note", "body": "Worth knowing.", "token": uuid.uuid4(), "revision": 1}
    if words:
        start = article.current_revision.text.index(words)
        form |= {"place": "words", "start": start, "end": start + len(words), "exact": words}
    return client.post(f"/articles/{article.slug}/{name}/annotations/", form | fields)


def test_a_passage_is_kept_with_its_words_and_what_stands_around_them(
    client: Client, article: Article, writer: User
) -> None:
    response = post(client, article)
    annotation = Annotation.objects.get()
    assert response.status_code == 302
    assert (annotation.exact, annotation.creator, annotation.target) == (WORDS, writer, "passage")
    assert annotation.prefix.endswith("since.\n")
    assert annotation.suffix.startswith(", they say.")


def test_a_new_annotation_has_an_exact_anchor_in_the_current_revision(
    client: Client, article: Article, writer: User
) -> None:
    post(client, article)
    anchor = Anchor.objects.get()
    assert (anchor.status, anchor.paragraph, anchor.revision) == (
        "exact",
        paragraph_of(article, "p2"),
        article.current_revision,
    )


def test_the_words_may_cross_paragraphs(client: Client, article: Article, writer: User) -> None:
    post(client, article, words="said the mayor.\nThe toll")
    assert Anchor.objects.get().paragraph == paragraph_of(article, "p2")
    page = client.get(f"/articles/{article.slug}/").content.decode()
    assert page.count('class="m m-note"') == 2


def test_white_space_at_the_ends_of_a_selection_is_left_out(client: Client, article: Article, writer: User) -> None:
    post(client, article, words=" cars a day, ")
    assert Annotation.objects.get().exact == "cars a day,"


def test_a_sentence_can_be_chosen_by_its_number(client: Client, article: Article, writer: User) -> None:
    post(client, article, words="", place="s1")
    assert Annotation.objects.get().exact == "“It is safe,” said the mayor."


def test_a_whole_paragraph_is_a_target(client: Client, article: Article, writer: User) -> None:
    post(client, article, words="", place="paragraph")
    annotation = Annotation.objects.get()
    assert (annotation.target, annotation.span) == ("paragraph", paragraph_of(article, "p2").span)


def test_the_whole_article_is_a_target(client: Client, article: Article, writer: User) -> None:
    post(client, article, name="whole", words="", place="article")
    assert (Annotation.objects.get().target, Annotation.objects.get().span) == ("article", None)


def test_a_source_keeps_its_fields(client: Client, article: Article, writer: User) -> None:
    post(
        client,
        article,
        kind="source",
        url="https://Example.org/count?utm_source=x",
        stance="contradicts",
        title="The count",
        publisher="The Office",
        published_on="2015-09-11",
        locator="page 4",
        excerpt="38,000 cars",
    )
    source = Annotation.objects.get().sources.get()
    assert source.document.canonical_url == "https://example.org/count"
    assert source.url == "https://Example.org/count?utm_source=x"
    assert (source.stance, source.published_on, source.locator) == (
        "contradicts",
        dt.date(2015, 9, 11),
        "page 4",
    )
    assert Annotation.objects.get().sign == "contradicts"


def test_a_disagreement_keeps_its_grounds_and_what_would_change_a_mind(
    client: Client, article: Article, writer: User
) -> None:
    post(client, article, kind="disagreement", grounds="number", would_change_my_mind="A later count.")
    annotation = Annotation.objects.get()
    assert (annotation.grounds, annotation.would_change_my_mind) == ("number", "A later count.")


@pytest.mark.parametrize("kind", ["note", "disagreement"])
def test_any_statement_may_cite_a_source(client: Client, article: Article, writer: User, kind: str) -> None:
    post(client, article, kind=kind, grounds="number", url="https://example.org/count", stance="context")
    assert Annotation.objects.get().sources.count() == 1


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        pytest.param({"exact": "It carries 38,000 cars a day"}, "not the words at that place", id="other words"),
        pytest.param({"start": 0}, "not the words at that place", id="another start"),
        pytest.param({"start": 90_000, "end": 90_010}, "not in this text", id="beyond the text"),
        pytest.param({"start": 30, "end": 20}, "not in this text", id="the end before the start"),
        pytest.param({"start": "", "end": ""}, "Choose the words", id="no words chosen"),
        pytest.param({"start": "x"}, "whole number", id="an offset that is no number"),
        pytest.param({"place": "s9"}, "not in this paragraph", id="a sentence that is not there"),
        pytest.param({"place": "s٣"}, "not in this paragraph", id="a sentence in other figures"),
        pytest.param({"body": "  "}, "Please write something", id="an empty body"),
        pytest.param({"body": "*** <b></b>"}, "markup without words", id="markup only"),
        pytest.param({"body": "long " * 2001}, "10,000 is the most", id="too long a body"),
        pytest.param({"kind": "source"}, "needs a full web address", id="a source without an address"),
        pytest.param(
            {"kind": "source", "url": "javascript:alert(1)", "stance": "supports"},
            "begins with https://",
            id="an address that is a script",
        ),
        pytest.param({"kind": "source", "url": "https://example.org"}, "Say whether the source", id="no stance"),
        pytest.param({"kind": "disagreement"}, "in which way the words are wrong", id="no grounds"),
        pytest.param({"kind": "reply"}, "Select a valid choice", id="a kind this form does not make"),
        pytest.param({"kind": ""}, "Choose what you want to add", id="no kind"),
        pytest.param({"revision": 2}, "was revised while you were writing", id="another revision"),
        pytest.param({"token": "x"}, "valid UUID", id="a token that is none"),
        pytest.param({"url": "https://example.org", "stance": "x"}, "Select a valid choice", id="a stance unknown"),
        pytest.param({"published_on": "yesterday"}, "Write the date as", id="a date that is none"),
        pytest.param({"body": "nul \x00 here"}, "Null characters", id="characters no database keeps"),
    ],
)
def test_wrong_input_is_answered_with_the_form_and_why(
    client: Client, article: Article, writer: User, fields: dict[str, Any], sentence: str
) -> None:
    response = post(client, article, **{"title": "what I typed", **fields})
    assert response.status_code == 422
    page = response.content.decode()
    assert sentence in page
    assert "what I typed" in page
    assert not Annotation.objects.exists()


def test_everything_that_stands_in_the_way_is_said_at_once(client: Client, article: Article, writer: User) -> None:
    page = post(client, article, kind="disagreement", body="", url="nowhere").content.decode()
    for sentence in ("in which way the words are wrong", "Please write something", "needs a full web address"):
        assert sentence in page


@pytest.mark.parametrize("words", ["👩‍👩‍👧 waves", "e\u0301tat", "🇫🇷", "a 𝒳 b"])
def test_offsets_count_code_points(client: Client, writer: User, words: str) -> None:
    article = make_article(text=f"A Title\n\n😀 Before it {words} and after it stands more.\n\nThe end of this text.\n")
    assert article.current_revision is not None
    normalized = next(p.text for p in article.current_revision.paragraphs.all())
    exact = normalized[normalized.index("it ") + 3 : normalized.index(" and after")]
    assert post(client, article, name="p1", words=exact).status_code == 302
    assert Annotation.objects.get().exact == exact


def test_offsets_in_utf_16_units_are_refused(client: Client, writer: User) -> None:
    article = make_article(text="A Title\n\n😀😀 and the words themselves here.\n\nThe end of this text.\n")
    words = "the words"
    start = article.current_revision.text.index(words) + 2  # type: ignore[union-attr]
    response = post(client, article, name="p1", words=words, start=start, end=start + len(words))
    assert response.status_code == 422


def test_the_same_form_posted_twice_makes_one_annotation(client: Client, article: Article, writer: User) -> None:
    token = uuid.uuid4()
    first, second = post(client, article, token=token), post(client, article, token=token)
    assert Annotation.objects.count() == 1
    assert second.headers["Location"] == first.headers["Location"]


def test_a_form_posted_again_after_a_revision_still_finds_what_it_made(
    client: Client, article: Article, writer: User
) -> None:
    token = uuid.uuid4()
    first, second = post(client, article, token=token), post(client, article, token=token, revision=2)
    assert second.headers["Location"] == first.headers["Location"]


def test_the_same_form_with_other_words_is_asked_about_and_can_be_posted(
    client: Client, article: Article, writer: User
) -> None:
    token = uuid.uuid4()
    post(client, article, token=token)
    response = post(client, article, token=token, body="A second thought.")
    assert response.status_code == 422
    page = response.content.decode()
    assert "A second thought." in page
    assert str(token) not in page


def test_two_people_may_send_the_same_token(client: Client, article: Article, writer: User) -> None:
    token = uuid.uuid4()
    post(client, article, token=token)
    client.force_login(make_reader())
    post(client, article, token=token)
    assert Annotation.objects.count() == 2


@pytest.mark.django_db(transaction=True)
def test_the_same_form_posted_twice_at_once_makes_one_annotation(article: Article) -> None:
    user, token, statuses = make_reader(), uuid.uuid4(), []

    def send() -> None:
        client = Client()
        client.force_login(user)
        statuses.append(post(client, article, token=token).status_code)
        connection.close()

    threads = [threading.Thread(target=send) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert statuses == [302] * 4
    assert Annotation.objects.count() == 1


def test_htmx_gets_the_panel_and_the_rows_that_changed(client: Client, article: Article, writer: User) -> None:
    assert article.current_revision is not None
    start = article.current_revision.text.index(WORDS)
    form = {
        "kind": "note",
        "body": "Worth knowing.",
        "token": uuid.uuid4(),
        "revision": 1,
        "place": "words",
        "start": start,
        "end": start + len(WORDS),
        "exact": WORDS,
    }
    response = client.post(f"/articles/{article.slug}/p2/annotations/", form, headers={"HX-Request": "true"})
    page = response.content.decode()
    assert response.status_code == 201
    assert 'id="place"' in page
    assert page.count("data-hx-swap-oob") == 2
    assert f'data-ids="{Annotation.objects.get().pk}"' in page


def test_a_stranger_keeps_what_they_wrote_through_signing_in(client: Client, article: Article) -> None:
    response = post(client, article, body="Written before signing in.")
    place = f"/articles/{article.slug}/p2/"
    assert response.status_code == 302
    assert response.headers["Location"].startswith("/accounts/login/?next=")
    client.force_login(make_reader())
    page = client.get(place).content.decode()
    assert "Written before signing in." in page
    assert "not posted yet" in page
    assert not Annotation.objects.exists()


def test_a_draft_is_shown_where_it_was_written_only(client: Client, article: Article) -> None:
    post(client, article, body="Written before signing in.")
    client.force_login(make_reader())
    assert "Written before" not in client.get(f"/articles/{article.slug}/p1/").content.decode()


@pytest.mark.parametrize("body", ["字" * 10_000, "😀 word " * 1_400], ids=["Chinese", "emoji"])
def test_the_longest_body_in_any_script_is_kept_through_signing_in(client: Client, article: Article, body: str) -> None:
    post(client, article, body=body)
    client.force_login(make_reader())
    assert body.strip() in client.get(f"/articles/{article.slug}/p2/").content.decode()


def test_what_is_too_long_to_keep_through_signing_in_is_shown_again(client: Client, article: Article) -> None:
    response = post(client, article, body="長" * 80_000)
    assert response.status_code == 422
    page = response.content.decode()
    assert "too long to be kept while you sign in" in page
    assert "長長長" in page


def test_a_draft_is_gone_once_it_is_posted(client: Client, article: Article) -> None:
    post(client, article, body="Written before signing in.")
    client.force_login(make_reader())
    post(client, article, body="Written before signing in.")
    assert "not posted yet" not in client.get(f"/articles/{article.slug}/p2/").content.decode()


def test_htmx_is_sent_to_sign_in_with_the_whole_page(client: Client, article: Article) -> None:
    response = client.post(f"/articles/{article.slug}/p2/annotations/", {"body": "x"}, headers={"HX-Request": "true"})
    assert response.headers["HX-Redirect"].startswith("/accounts/login/")


def test_reading_the_address_of_posting_is_not_allowed(client: Client, article: Article) -> None:
    assert client.get(f"/articles/{article.slug}/p2/annotations/").status_code == 405


def test_a_paragraph_that_never_was_is_not_found(client: Client, article: Article, writer: User) -> None:
    assert post(client, article, name="p99").status_code == 404


def test_attaching_raises_the_activity(client: Client, article: Article, writer: User) -> None:
    before = Article.objects.get().activity
    post(client, article)
    assert Article.objects.get().activity == before + 1


def test_a_refused_annotation_leaves_nothing_behind(client: Client, article: Article, writer: User) -> None:
    before = Article.objects.get().activity
    post(client, article, exact="something else")
    assert (Article.objects.get().activity, Anchor.objects.count()) == (before, 0)


def test_the_kind_and_the_words_can_be_chosen_by_the_address(client: Client, article: Article) -> None:
    make_annotation(article=article)
    start = article.current_revision.text.index(WORDS)  # type: ignore[union-attr]
    page = client.get(f"/articles/{article.slug}/p2/?kind=source&start={start}&end={start + 10}").content.decode()
    assert 'value="source" checked' in page
    assert f'name="start" value="{start}"' in page


@pytest.mark.parametrize(
    "query",
    [
        "start=5&end=2",
        "start=x&end=9",
        "start=1&end=99999999",
        "start=٣&end=9",
        f"start=1&end={'9' * 1000}",
        "page=x",
        "at=x",
    ],
)
def test_a_strange_query_is_passed_over(client: Client, article: Article, query: str) -> None:
    assert client.get(f"/articles/{article.slug}/p2/?{query}").status_code == 200
