"""Verdicts: what readers who opened a source say of it, who may, and what comes of it."""

import re
import threading
import uuid
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from annotations import accepting, annotating, ledger, moderating, verdicts
from annotations.accepting import NotAccepted
from annotations.models import Annotation, Source, SourceVerdict
from reader.models import Article, User
from tests.factories import make_annotation, make_article, make_moderator, make_reader, make_reply, make_source

pytestmark = pytest.mark.django_db

HTMX = {"HX-Request": "true"}


@pytest.fixture
def source() -> Source:
    """Give a source of anna's, which contradicts the words it is cited for."""
    return make_cited(creator=make_reader(username="anna"), stance="contradicts")


def make_cited(*, article: Article | None = None, creator: User | None = None, **told: Any) -> Source:
    annotation = make_annotation(article=article, creator=creator, kind="source", sources=[make_source(**told)])
    return annotation.sources.get()


def give(source: Source, verdict: str, *, by: User | None = None, remark: str = "") -> SourceVerdict:
    return verdicts.give(source=source, by=by or make_reader(), verdict=verdict, remark=remark)


def is_verified(source: Source) -> bool:
    return Source.objects.get(pk=source.pk).is_verified


def edit(source: Source, **told: Any) -> Annotation:
    draft = {"url": source.url, "stance": source.stance, "title": source.title, **told}
    annotation = Annotation.objects.get(pk=source.annotation_id)
    return annotating.edit(
        annotation=annotation,
        by=annotation.creator,
        version=annotation.version,
        body=f"{annotation.body} {uuid.uuid4()}",
        sources=[accepting.SourceDraft(**draft)],
    )


# What makes a source verified


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        pytest.param(["supports"], True, id="one reader bears it out"),
        pytest.param(["partly"], True, id="one does so in part"),
        pytest.param(["does not say"], False, id="one says it does not say this"),
        pytest.param(["could not open"], False, id="nobody could open it"),
        pytest.param(["supports", "does not say"], False, id="one against one"),
        pytest.param(["supports", "partly", "does not say"], True, id="two against one"),
        pytest.param(["supports", *["could not open"] * 3], True, id="what cannot be opened never counts against"),
    ],
)
def test_a_source_is_verified_when_more_bear_it_out_than_not(
    source: Source, given: list[str], expected: object
) -> None:
    for verdict in given:
        give(source, verdict)
    assert is_verified(source) is expected
    told = verdicts.of_sources([source], make_reader())[source.pk]
    assert told.is_verified is expected


def test_the_last_word_of_a_reader_is_the_one_that_counts(source: Source) -> None:
    ada = make_reader()
    give(source, "supports", by=ada)
    give(source, "does not say", by=ada)
    assert [each.verdict for each in SourceVerdict.objects.all()] == ["does not say"]
    assert not is_verified(source)


def test_a_verdict_taken_back_counts_no_more_and_twice_does_nothing(source: Source) -> None:
    ada = make_reader()
    give(source, "supports", by=ada)
    for _ in range(2):
        verdicts.take_back(source=source, by=ada)
    assert not is_verified(source)
    assert not SourceVerdict.objects.exists()


def test_the_ledger_tells_which_sources_are_verified(source: Source) -> None:
    give(source, "supports")
    revision = source.annotation.article.current_revision
    assert revision
    paragraphs = list(ledger.with_evidence(revision.paragraphs.all()))
    assert ledger.read(paragraphs).sums.whole.words == "1 against, verified"


def test_every_verdict_gives_the_page_a_new_activity(source: Source) -> None:
    ada = make_reader()
    seen = []
    for act in (
        lambda: give(source, "could not open", by=ada),
        lambda: give(source, "partly", by=ada),
        lambda: verdicts.take_back(source=source, by=ada),
        lambda: verdicts.take_back(source=source, by=ada),
    ):
        act()
        seen.append(Article.objects.get(pk=source.annotation.article_id).activity)
    assert [activity - seen[0] for activity in seen] == [0, 1, 2, 2]


def test_a_verified_source_in_part_says_so(client: Client, source: Source) -> None:
    give(source, "partly")
    assert "Verified in part" in client.get(source.annotation.get_absolute_url()).content.decode()


# What is refused


def test_nobody_judges_their_own_source(source: Source) -> None:
    with pytest.raises(NotAccepted, match="your own"):
        give(source, "supports", by=source.annotation.creator)


@pytest.mark.parametrize("verdict", ["", "maybe", "SUPPORTS"])
def test_what_is_no_verdict_is_refused(source: Source, verdict: str) -> None:
    with pytest.raises(NotAccepted) as refusal:
        give(source, verdict)
    assert refusal.value.field == "verdict"


def test_a_remark_that_is_too_long_is_refused(source: Source) -> None:
    with pytest.raises(NotAccepted) as refusal:
        give(source, "supports", remark="a" * (verdicts.REMARK_MAX_LENGTH + 1))
    assert refusal.value.field == "remark"
    assert give(source, "supports", remark="a" * verdicts.REMARK_MAX_LENGTH)


def test_a_remark_is_one_line(source: Source) -> None:
    assert give(source, "supports", remark=" On page\r\n 12\x00. ").remark == "On page 12."


def test_a_source_that_is_no_longer_shown_is_not_judged(source: Source) -> None:
    moderating.hide(annotation=source.annotation, by=make_moderator(), rule="attack", reason="Made up.")
    with pytest.raises(NotAccepted, match="no longer shown"):
        give(source, "supports")


def test_a_closed_article_takes_no_verdicts_and_lets_them_go(source: Source) -> None:
    ada = make_reader()
    give(source, "supports", by=ada)
    Article.objects.update(status=Article.Status.CLOSED)
    with pytest.raises(NotAccepted, match="closed"):
        give(source, "does not say", by=ada)
    verdicts.take_back(source=source, by=ada)
    assert not is_verified(source)


# What becomes of verdicts when the source is edited


def test_an_edit_of_what_is_said_about_a_source_keeps_its_verdicts(source: Source) -> None:
    give(source, "supports")
    edited = edit(source, title="Another title", locator="p. 12", url="http://www.example.org/count/?utm_source=x")
    kept = edited.sources.get()
    assert (kept.pk, kept.locator, kept.is_verified) == (source.pk, "p. 12", True)
    assert kept.verdicts.count() == 1


@pytest.mark.parametrize(
    "told",
    [
        pytest.param({"url": "https://example.org/another"}, id="another document"),
        pytest.param({"stance": "supports"}, id="cited for the opposite"),
    ],
)
def test_a_source_that_is_no_longer_what_was_judged_loses_its_verdicts(source: Source, told: dict[str, str]) -> None:
    give(source, "supports")
    fresh = edit(source, **told).sources.get()
    assert not fresh.is_verified
    assert not SourceVerdict.objects.exists()


def test_of_two_citations_of_one_document_an_edit_leaves_as_many_as_it_says(source: Source) -> None:
    for _ in range(2):
        annotation = Annotation.objects.get(pk=source.annotation_id)
        annotating.edit(
            annotation=annotation,
            by=annotation.creator,
            version=annotation.version,
            body=f"{annotation.body} Again.",
            sources=[make_source(stance="contradicts", locator="p. 1"), make_source(stance="contradicts")],
        )
    assert [each.locator for each in annotation.sources.all()] == ["p. 1", ""]
    edit(source)
    assert annotation.sources.count() == 1


def test_a_verdict_on_a_source_that_was_taken_out_meanwhile_says_so(source: Source) -> None:
    edit(source, url="https://example.org/another")
    with pytest.raises(NotAccepted, match="took this source out"):
        give(source, "supports")


@pytest.mark.django_db(transaction=True)
def test_of_two_verdicts_at_once_both_count() -> None:
    source = make_cited()
    readers = [make_reader(), make_reader()]
    failures: list[BaseException] = []
    start = threading.Barrier(2)

    def run(reader: User) -> None:
        try:
            start.wait(10)
            give(source, "partly", by=reader)
        except BaseException as failure:
            failures.append(failure)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(reader,)) for reader in readers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert not failures
    assert verdicts.of_sources([source], make_reader())[source.pk].counts == {"partly": 2}
    assert is_verified(source)


# What pages tell


def shown(client: Client, source: Source) -> str:
    return " ".join(client.get(source.annotation.get_absolute_url()).content.decode().split())


def test_counts_are_told_in_words_that_fit_what_it_is_cited_for(client: Client, source: Source) -> None:
    for verdict in ("supports", "supports", "partly", "does not say", "could not open"):
        give(source, verdict)
    told = "2 readers say it contradicts this · 1 says partly · 1 says it does not say this · 1 could not open it"
    assert f"Verified</b> · {told}</summary>" in shown(client, source)


def test_names_stand_behind_the_counts(client: Client, source: Source) -> None:
    give(source, "partly", by=make_reader(username="ada"), remark="Only <of> 1990.")
    content = shown(client, source)
    assert (
        '<a href="/readers/ada/"><bdi>ada</bdi></a>: partly <q class="remark" dir="auto">Only &lt;of&gt; 1990.</q>'
        in content
    )


def test_a_source_of_which_nobody_says_anything_has_no_counts(client: Client, source: Source) -> None:
    content = shown(client, source)
    assert "<summary>" not in content[content.index('class="verdicts"') :].split("</div>")[0]


def test_of_many_readers_the_first_are_named_and_a_page_names_all(client: Client, source: Source) -> None:
    for number in range(verdicts.MOST_NAMED + 2):
        give(source, "supports", by=make_reader(username=f"reader-{number}-of-many"))
    address = reverse("verdicts", args=[source.pk])
    content = shown(client, source)
    assert f'<a href="{address}">All {verdicts.MOST_NAMED + 2}</a>' in content
    assert content.count("-of-many</bdi></a>") == verdicts.MOST_NAMED
    assert client.get(address).content.decode().count("-of-many</bdi></a>") == verdicts.MOST_NAMED + 2


def test_one_s_own_verdict_is_named_first(client: Client, source: Source) -> None:
    ada = make_reader(username="ada")
    give(source, "partly", by=ada)
    for _ in range(verdicts.MOST_NAMED):
        give(source, "supports")
    told = verdicts.of_sources([source], ada)[source.pk]
    assert told.own
    assert told.own.reader == ada
    client.force_login(ada)
    assert "Change what you said" in shown(client, source)


def test_a_verdict_of_a_closed_account_is_nowhere(client: Client, source: Source) -> None:
    ada = make_reader(username="ada")
    give(source, "supports", by=ada)
    ada.is_active = False
    ada.save()
    for content in (shown(client, source), client.get(reverse("verdicts", args=[source.pk])).content.decode()):
        assert "ada</bdi></a>" not in content
        assert "Verified" not in content


def test_the_page_of_all_verdicts_has_pages(client: Client, source: Source, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(verdicts, "NAMED_ON_A_PAGE", 2)
    for name in ("ada", "ben", "cleo"):
        give(source, "partly", by=make_reader(username=name))
    address = reverse("verdicts", args=[source.pk])
    assert "cleo</bdi></a>" in client.get(address).content.decode()
    second = client.get(f"{address}?page=2").content.decode()
    assert "ada</bdi></a>" in second
    assert "cleo</bdi></a>" not in second


def test_the_page_of_all_verdicts_is_there_as_long_as_the_source_is(client: Client, source: Source) -> None:
    address = reverse("verdicts", args=[source.pk])
    assert "Nobody who opened it has said yet" in client.get(address).content.decode()
    assert client.post(address).status_code == 405
    annotating.withdraw(annotation=source.annotation, by=source.annotation.creator)
    assert client.get(address).status_code == 404


def test_answers_to_a_source_have_no_verdicts_of_their_own(client: Client, source: Source) -> None:
    make_reply(parent=source.annotation)
    assert shown(client, source).count('class="verdicts"') == 1


@pytest.mark.parametrize("number", [1, 12])
def test_the_page_of_all_takes_the_same_queries_for_many(client: Client, source: Source, number: int) -> None:
    for _ in range(number):
        give(source, "partly")
    with CaptureQueriesContext(connection) as queries:
        client.get(reverse("verdicts", args=[source.pk]))
    assert len(queries) == 5


# The form


@pytest.fixture
def ada(client: Client) -> User:
    reader = make_reader(username="ada")
    client.force_login(reader)
    return reader


def address(source: Source) -> str:
    return reverse("verdict", args=[source.pk])


def test_a_reader_says_what_they_found(client: Client, ada: User, source: Source) -> None:
    form = client.get(address(source)).content.decode()
    assert "Yes, it contradicts this" in form
    response = client.post(address(source), {"verdict": "partly", "remark": "In table 2."})
    assert response.headers["Location"] == source.annotation.get_absolute_url()
    given = SourceVerdict.objects.get()
    assert (given.reader, given.verdict, given.remark) == (ada, "partly", "In table 2.")


def test_the_form_begins_with_what_the_reader_said(client: Client, ada: User, source: Source) -> None:
    assert "Take it back" not in client.get(address(source)).content.decode()
    give(source, "partly", by=ada, remark="In table 2.")
    form = client.get(address(source)).content.decode()
    assert re.search(r'value="partly"[^>]* checked', form)
    assert 'value="In table 2."' in form
    assert "Take it back" in form


def test_a_verdict_is_taken_back_by_the_form(client: Client, ada: User, source: Source) -> None:
    give(source, "partly", by=ada)
    client.post(address(source), {"take-back": "1"})
    assert not SourceVerdict.objects.exists()


def test_in_the_panel_the_thread_comes_back_with_the_verdict(client: Client, ada: User, source: Source) -> None:
    response = client.post(address(source), {"verdict": "supports"}, headers=HTMX)
    content = response.content.decode()
    assert "1 reader says it contradicts this" in content
    assert "Kept. Thank you for looking." in content


def test_a_stranger_signs_in_first(client: Client, source: Source) -> None:
    for response in (client.get(address(source)), client.post(address(source), {"verdict": "partly"})):
        assert response.headers["Location"].startswith(reverse("account_login"))
    assert not SourceVerdict.objects.exists()


def test_who_cited_it_has_no_form(client: Client, source: Source) -> None:
    client.force_login(source.annotation.creator)
    assert client.get(address(source)).status_code == 403
    assert client.post(address(source), {"verdict": "supports"}).status_code == 403


def test_a_source_that_is_not_there_has_no_form(client: Client, ada: User, source: Source) -> None:
    assert client.get(reverse("verdict", args=[999_999])).status_code == 404
    moderating.hide(annotation=source.annotation, by=make_moderator(), rule="attack", reason="Made up.")
    assert client.post(address(source), {"verdict": "partly"}).status_code == 404


@pytest.mark.parametrize(
    ("form", "why"),
    [
        pytest.param({"remark": "In table 2."}, "Choose what you found.", id="nothing chosen"),
        pytest.param({"verdict": "maybe", "remark": "In table 2."}, "Choose what you found.", id="something else"),
        pytest.param({"verdict": "partly", "remark": "In table 2." * 30}, "300 is the most", id="too long"),
    ],
)
def test_what_is_wrong_is_said_and_what_was_typed_kept(
    client: Client, ada: User, source: Source, form: dict[str, str], why: str
) -> None:
    response = client.post(address(source), form)
    content = response.content.decode()
    assert response.status_code == 422
    assert why in content
    assert f'value="{form["remark"]}"' in content
    assert not SourceVerdict.objects.exists()


def test_what_is_wrong_in_the_panel_stays_in_its_slot(client: Client, ada: User, source: Source) -> None:
    response = client.post(address(source), {"remark": "x"}, headers=HTMX)
    assert response.headers["HX-Retarget"] == f"#slot-{source.annotation_id}"
    assert response.status_code == 422


def test_a_closed_article_says_so_and_keeps_what_was_typed(client: Client, ada: User, source: Source) -> None:
    Article.objects.update(status=Article.Status.CLOSED)
    response = client.post(address(source), {"verdict": "partly", "remark": "In table 2."})
    assert response.status_code == 422
    assert "This article is closed" in response.content.decode()
    assert 'value="In table 2."' in response.content.decode()


def test_another_method_is_refused(client: Client, ada: User, source: Source) -> None:
    assert client.delete(address(source)).status_code == 405


def test_a_reader_of_a_closed_article_is_not_asked(client: Client, source: Source) -> None:
    Article.objects.update(status=Article.Status.CLOSED)
    assert "Say what you found" not in shown(client, source)


def test_one_form_serves_two_sources_of_one_article(client: Client, ada: User) -> None:
    article = make_article()
    for url in ("https://example.org/a", "https://example.org/b"):
        client.post(address(make_cited(article=article, url=url)), {"verdict": "partly"})
    assert SourceVerdict.objects.filter(reader=ada).count() == 2
