"""Ratings: what readers may say of an annotation's quality, what comes of it, and what it is counted with."""

import re
import threading
import uuid
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from pytest_django import DjangoCaptureOnCommitCallbacks

from annotations import annotating, departing, moderating, placing, positions, ranking, rating
from annotations.accepting import NotAccepted
from annotations.models import Annotation, Rating
from annotations.ranking import Judgement, Side, Value
from reader.models import Article, User
from tests.factories import (
    anchor_of,
    make_annotation,
    make_article,
    make_moderator,
    make_rating,
    make_reader,
    make_regular,
    make_reply,
    make_revision,
    make_source,
)

pytestmark = pytest.mark.django_db

HTMX = {"HX-Request": "true"}


@pytest.fixture
def annotation() -> Annotation:
    return make_annotation(creator=make_reader(username="anna"), exact="39,000 cars", body="Counted once.")


@pytest.fixture
def dispute(annotation: Annotation) -> Annotation:
    """Give a disagreement with the same words: who agrees with it stands against them."""
    return make_annotation(article=annotation.article, kind="disagreement", exact="It carries 39,000 cars")


@pytest.fixture
def committed(django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks) -> Any:
    """Give what does what waits for the end of a transaction."""
    return lambda: django_capture_on_commit_callbacks(execute=True)


def fresh(annotation: Annotation) -> Annotation:
    return Annotation.objects.get(pk=annotation.pk)


def address(annotation: Annotation) -> str:
    return f"/annotations/{annotation.pk}/rating/"


def sided(dispute: Annotation, side: str) -> User:
    """Give a reader who stands on a side of the disputed words."""
    reader = make_regular()
    positions.take(annotation=dispute, by=reader, is_agreeing=side == "against")
    return reader


def bridge(annotation: Annotation, dispute: Annotation) -> None:
    """Let three readers on each side find it helpful."""
    for side in ("for", "against") * 3:
        make_rating(annotation=annotation, by=sided(dispute, side))


def grow_older(reader: User, *, days: int) -> None:
    User.objects.filter(pk=reader.pk).update(date_joined=timezone.now() - timedelta(days=days, minutes=1))


# The act


def test_a_rating_is_kept_with_its_reasons_and_counted(annotation: Annotation) -> None:
    given = make_rating(annotation=annotation, reasons=("fair in tone", "clear"))
    assert (given.value, given.reasons, fresh(annotation).rating_count) == ("helpful", ["clear", "fair in tone"], 1)


def test_a_second_rating_replaces_the_first(annotation: Annotation) -> None:
    reader = make_regular()
    make_rating(annotation=annotation, by=reader)
    make_rating(annotation=annotation, by=reader, value="not", reasons=("unclear",))
    kept = annotation.ratings.get()
    assert (kept.value, kept.reasons, fresh(annotation).rating_count) == ("not", ["unclear"], 1)


def test_the_same_rating_again_changes_nothing(annotation: Annotation) -> None:
    reader = make_regular()
    first = make_rating(annotation=annotation, by=reader)
    second = make_rating(annotation=annotation, by=reader)
    assert (first.pk, first.changed_at) == (second.pk, second.changed_at)


def test_a_rating_that_is_taken_back_no_longer_counts(annotation: Annotation) -> None:
    given = make_rating(annotation=annotation)
    for _ in range(2):
        rating.take_back(annotation=annotation, by=given.reader)
    assert (annotation.ratings.count(), fresh(annotation).rating_count) == (0, 0)


def test_reasons_that_do_not_fit_the_value_are_left_out(annotation: Annotation) -> None:
    given = make_rating(annotation=annotation, value="not", reasons=("good sources", "loaded"))
    assert given.reasons == ["loaded"]


@pytest.mark.parametrize(
    ("value", "reasons", "field"),
    [
        pytest.param("helpful", (), "reasons", id="no reason"),
        pytest.param("helpful", ("wrong",), "reasons", id="no reason that fits"),
        pytest.param("somewhat", ("because",), "reasons", id="what is none of the reasons"),
        pytest.param("very", ("clear",), "value", id="what is no value"),
    ],
)
def test_a_rating_needs_a_value_and_a_reason_for_it(
    annotation: Annotation, value: str, reasons: tuple[str, ...], field: str
) -> None:
    with pytest.raises(NotAccepted) as refusal:
        rating.rate(annotation=annotation, by=make_reader(), value=value, reasons=reasons)
    assert (refusal.value.field, Rating.objects.count()) == (field, 0)


def close(annotation: Annotation) -> None:
    Article.objects.filter(pk=annotation.article_id).update(status=Article.Status.CLOSED)


def hide(annotation: Annotation) -> None:
    moderating.hide(annotation=annotation, by=make_moderator(), rule="attack", reason="An insult.")


def withdraw(annotation: Annotation) -> None:
    annotating.withdraw(annotation=annotation, by=annotation.creator)


@pytest.mark.parametrize("ending", [close, hide, withdraw])
def test_what_is_over_is_not_rated(annotation: Annotation, ending: Callable[[Annotation], None]) -> None:
    ending(annotation)
    with pytest.raises(NotAccepted):
        make_rating(annotation=annotation)
    assert not Rating.objects.exists()


def test_nobody_rates_their_own(annotation: Annotation) -> None:
    with pytest.raises(NotAccepted, match="your own"):
        make_rating(annotation=annotation, by=annotation.creator)


def test_questions_and_answers_are_not_rated(annotation: Annotation) -> None:
    question = make_annotation(article=annotation.article, kind="question")
    for one in (question, make_reply(parent=annotation)):
        with pytest.raises(NotAccepted, match="questions and answers not"):
            make_rating(annotation=one)


def test_a_reinstated_annotation_keeps_its_ratings(annotation: Annotation) -> None:
    make_rating(annotation=annotation)
    withdraw(annotation)
    annotating.reinstate(annotation=annotation, by=annotation.creator)
    assert fresh(annotation).rating_count == 1


def test_an_edited_annotation_keeps_its_ratings_and_says_how_many_are_older(annotation: Annotation) -> None:
    reader = make_regular()
    make_rating(annotation=annotation, by=reader)
    edited = annotating.edit(annotation=annotation, by=annotation.creator, version=1, body="Counted twice.")
    make_rating(annotation=annotation)
    quality = rating.of([edited], reader)[annotation.pk]
    assert (fresh(annotation).rating_count, quality.number_before_edit, quality.is_own_before_edit) == (2, 1, True)


def test_the_same_rating_after_an_edit_is_one_of_the_new_words(annotation: Annotation) -> None:
    reader = make_regular()
    make_rating(annotation=annotation, by=reader)
    edited = annotating.edit(annotation=annotation, by=annotation.creator, version=1, body="Counted twice.")
    make_rating(annotation=annotation, by=reader)
    assert rating.of([edited], reader)[annotation.pk].number_before_edit == 0


# The score


def test_the_fifth_rating_gives_a_score(annotation: Annotation) -> None:
    for _ in range(4):
        make_rating(annotation=annotation)
    assert fresh(annotation).score is None
    make_rating(annotation=annotation, value="not")
    found = fresh(annotation)
    assert (found.score, found.rating_share) == (ranking.wilson(4, 5), 0.8)
    assert found.top_reasons == ["good sources"]


def test_what_readers_of_both_sides_find_helpful_bridges(annotation: Annotation, dispute: Annotation) -> None:
    bridge(annotation, dispute)
    found = fresh(annotation)
    assert found.is_bridging
    assert found.score == ranking.bridge([Judgement(Value.HELPFUL, side=side) for side in (Side.FOR, Side.AGAINST) * 3])


def test_a_rating_costs_the_same_with_many_others_as_with_few(annotation: Annotation, dispute: Annotation) -> None:
    costs = []
    for _ in range(2):
        bridge(annotation, dispute)
        reader = make_regular()
        with CaptureQueriesContext(connection) as queries:
            make_rating(annotation=annotation, by=reader)
        costs.append(len(queries))
    assert costs[0] == costs[1] <= 20


def test_a_new_account_counts_a_fifth_and_grows_as_it_is_counted_anew(annotation: Annotation) -> None:
    given = make_rating(annotation=annotation, by=make_reader())
    weights = []
    for days in (0, 7, 14, 30):
        grow_older(given.reader, days=days)
        rating.recount([annotation.pk])
        weights.append(annotation.ratings.get().weight)
    make_annotation(article=annotation.article, creator=given.reader)
    rating.recount([annotation.pk])
    assert (weights, annotation.ratings.get().weight) == ([0.2, 0.5, 0.5, 0.5], 1.0)


@pytest.mark.parametrize("is_closing", [True, False], ids=["closed", "deleted"])
def test_an_account_that_is_gone_counts_no_more(annotation: Annotation, committed: Any, *, is_closing: bool) -> None:
    reader = make_reader()
    make_rating(annotation=annotation, by=reader)
    make_rating(annotation=annotation)
    with committed():
        if is_closing:
            reader.is_active = False
            reader.save()
        else:
            reader.delete()
    assert fresh(annotation).rating_count == 1


def test_an_account_opened_again_counts_again(annotation: Annotation, committed: Any) -> None:
    reader = make_regular()
    make_rating(annotation=annotation, by=reader)
    for is_active in (False, True):
        with committed():
            reader.is_active = is_active
            reader.save()
    assert fresh(annotation).rating_count == 1


def test_a_reader_who_leaves_takes_their_ratings_along(annotation: Annotation, committed: Any) -> None:
    given = make_rating(annotation=annotation)
    with committed():
        departing.forget(given.reader)
    assert fresh(annotation).rating_count == 0


# Sides


def side_of(annotation: Annotation, reader: User) -> str:
    make_rating(annotation=annotation, by=reader)
    return annotation.ratings.get(reader=reader).side


def dispute_words(annotation: Annotation, reader: User) -> None:
    make_annotation(article=annotation.article, creator=reader, kind="disagreement", exact="cars a day")


def cite_for(annotation: Annotation, reader: User) -> None:
    make_annotation(article=annotation.article, creator=reader, kind="source", exact="39,000")


def cite_against(annotation: Annotation, reader: User) -> None:
    sources = [make_source(stance="contradicts")]
    make_annotation(article=annotation.article, creator=reader, exact="39,000", sources=sources)


def note(annotation: Annotation, reader: User) -> None:
    make_annotation(article=annotation.article, creator=reader, exact="39,000")


def dispute_other_words(annotation: Annotation, reader: User) -> None:
    make_annotation(article=annotation.article, creator=reader, kind="disagreement", exact="they say")


def dispute_and_withdraw(annotation: Annotation, reader: User) -> None:
    withdraw(make_annotation(article=annotation.article, creator=reader, kind="disagreement", exact="39,000"))


@pytest.mark.parametrize(
    ("saying", "side"),
    [
        (dispute_words, "against"),
        (cite_for, "for"),
        (cite_against, "against"),
        (note, "none"),
        (dispute_other_words, "none"),
        (dispute_and_withdraw, "none"),
    ],
)
def test_a_side_is_what_a_reader_wrote_on_overlapping_words(
    annotation: Annotation, saying: Callable[[Annotation, User], None], side: str
) -> None:
    reader = make_regular()
    saying(annotation, reader)
    assert side_of(annotation, reader) == side


@pytest.mark.parametrize(("is_agreeing", "side"), [(True, "against"), (False, "for")])
def test_a_side_is_a_position_on_a_disagreement_there(
    annotation: Annotation, dispute: Annotation, *, is_agreeing: bool, side: str
) -> None:
    reader = make_regular()
    positions.take(annotation=dispute, by=reader, is_agreeing=is_agreeing)
    assert side_of(annotation, reader) == side


def test_who_disagrees_with_what_they_rate_stands_on_the_other_side(dispute: Annotation) -> None:
    reader = make_regular()
    positions.take(annotation=dispute, by=reader, is_agreeing=False)
    assert side_of(dispute, reader) == "for"


def test_of_the_whole_article_only_what_is_about_all_of_it_takes_a_side() -> None:
    article = make_article()
    about_all = [annotating_whole(article, kind) for kind in ("note", "disagreement")]
    elsewhere = make_annotation(article=article, kind="disagreement", exact="39,000")
    readers = [make_regular(), make_regular()]
    for reader, disputed in zip(readers, (about_all[1], elsewhere), strict=True):
        positions.take(annotation=disputed, by=reader, is_agreeing=True)
    assert [side_of(about_all[0], reader) for reader in readers] == ["against", "none"]


def annotating_whole(article: Article, kind: str) -> Annotation:
    return annotating.attach(
        article=article,
        creator=make_reader(),
        kind=kind,
        target=annotating.Target(revision_number=1),
        body="All of it.",
        token=uuid.uuid4(),
        grounds="number",
    )


# What follows when sides change


def dispute_anew(reader: User, annotation: Annotation, dispute: Annotation) -> None:
    dispute_words(annotation, reader)


def agree(reader: User, annotation: Annotation, dispute: Annotation) -> None:
    positions.take(annotation=dispute, by=reader, is_agreeing=True)


@pytest.mark.parametrize("act", [dispute_anew, agree])
def test_a_side_taken_after_a_rating_counts_with_it(
    annotation: Annotation, dispute: Annotation, committed: Any, act: Callable[[User, Annotation, Annotation], None]
) -> None:
    reader = make_regular()
    make_rating(annotation=annotation, by=reader)
    with committed():
        act(reader, annotation, dispute)
    assert annotation.ratings.get().side == "against"


def leave(annotation: Annotation, dispute: Annotation) -> None:
    for taken in dispute.positions.all():
        positions.leave(annotation=dispute, by=taken.reader)


def withdraw_dispute(annotation: Annotation, dispute: Annotation) -> None:
    withdraw(dispute)


def hide_dispute(annotation: Annotation, dispute: Annotation) -> None:
    hide(dispute)


def move(annotation: Annotation, dispute: Annotation) -> None:
    spot, seen = placing.Spot(block="p3"), anchor_of(dispute).key
    placing.set_by_hand(annotation=dispute, by=make_moderator(), spot=spot, reason="It is there.", seen=seen)


def revise(annotation: Annotation, dispute: Annotation) -> None:
    make_revision(annotation.article, "Something else entirely.")


@pytest.mark.parametrize("act", [leave, withdraw_dispute, hide_dispute, move, revise])
def test_what_readers_no_longer_say_of_the_words_no_longer_bridges(
    annotation: Annotation, dispute: Annotation, committed: Any, act: Callable[[Annotation, Annotation], None]
) -> None:
    bridge(annotation, dispute)
    assert fresh(annotation).is_bridging
    with committed():
        act(annotation, dispute)
    found = fresh(annotation)
    assert (found.is_bridging, found.score) == (False, ranking.wilson(6, 6))


def test_a_disagreement_that_is_shown_again_counts_again(
    annotation: Annotation, dispute: Annotation, committed: Any
) -> None:
    bridge(annotation, dispute)
    with committed():
        withdraw(dispute)
    with committed():
        annotating.reinstate(annotation=dispute, by=dispute.creator)
    assert fresh(annotation).is_bridging


# The brake


def test_one_reader_rates_so_many_of_one_writer_s_a_day(annotation: Annotation) -> None:
    reader = make_regular()
    others = [
        make_annotation(article=annotation.article, creator=annotation.creator)
        for _ in range(rating.MOST_OF_ONE_WRITER)
    ]
    for each in others:
        make_rating(annotation=each, by=reader)
    with pytest.raises(NotAccepted, match="10 annotations by anna within a day"):
        make_rating(annotation=annotation, by=reader)
    make_rating(annotation=others[0], by=reader, value="not")
    make_rating(annotation=make_annotation(article=annotation.article), by=reader)
    Rating.objects.filter(annotation=others[1]).update(changed_at=timezone.now() - rating.WITHIN)
    make_rating(annotation=annotation, by=reader)


# Two at once


def at_once(*acts: Callable[[], object]) -> list[Exception]:
    """Do these at the same moment, and give what was raised."""
    raised: list[Exception] = []
    start = threading.Barrier(len(acts))

    def run(act: Callable[[], object]) -> None:
        start.wait(5)
        try:
            act()
        except NotAccepted as error:
            raised.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return raised


@pytest.mark.django_db(transaction=True)
def test_ratings_given_at_once_are_all_counted(annotation: Annotation) -> None:
    readers = [make_regular() for _ in range(5)]
    at_once(*(lambda reader=reader: make_rating(annotation=annotation, by=reader) for reader in readers))
    assert (fresh(annotation).rating_count, fresh(annotation).score) == (5, ranking.wilson(5, 5))


@pytest.mark.django_db(transaction=True)
def test_a_double_post_is_one_rating(annotation: Annotation) -> None:
    reader = make_regular()
    at_once(*(lambda: make_rating(annotation=annotation, by=reader) for _ in range(3)))
    assert (annotation.ratings.count(), fresh(annotation).rating_count) == (1, 1)


@pytest.mark.django_db(transaction=True)
def test_the_brake_holds_for_two_at_once(annotation: Annotation) -> None:
    reader = make_regular()
    for _ in range(rating.MOST_OF_ONE_WRITER - 1):
        other = make_annotation(article=annotation.article, creator=annotation.creator)
        make_rating(annotation=other, by=reader)
    last = make_annotation(article=annotation.article, creator=annotation.creator)
    refused = at_once(*(lambda one=one: make_rating(annotation=one, by=reader) for one in (annotation, last)))
    assert (len(refused), Rating.objects.count()) == (1, rating.MOST_OF_ONE_WRITER)


@pytest.mark.django_db(transaction=True)
def test_a_rating_and_a_side_at_once_leave_a_score_that_knows_both(annotation: Annotation, dispute: Annotation) -> None:
    readers = [make_regular() for _ in range(4)]
    at_once(
        *(lambda reader=reader: make_rating(annotation=annotation, by=reader) for reader in readers),
        *(lambda reader=reader: positions.take(annotation=dispute, by=reader, is_agreeing=True) for reader in readers),
    )
    assert {given.side for given in annotation.ratings.all()} == {"against"}


# The page


@pytest.fixture
def reader(client: Client) -> User:
    """Sign a reader in."""
    user = make_regular(username="benedict")
    client.force_login(user)
    return user


def words(response: Any) -> str:
    return " ".join(response.content.decode().split())


def ticked(response: Any) -> list[str]:
    """Give what is chosen in the form."""
    form = response.content.decode().partition("rate-form")[2]
    return [re.findall(r'value="([^"]*)"', tag)[0] for tag in re.findall(r"<input [^>]*checked[^>]*>", form)]


def test_a_reader_rates_on_a_page_of_its_own(client: Client, annotation: Annotation, reader: User) -> None:
    form = client.get(address(annotation), {"value": "helpful"})
    assert ticked(form) == ["helpful"]
    assert "Good sources" in words(form)
    response = client.post(address(annotation), {"value": "helpful", "reasons": ["clear", "good sources"]}, follow=True)
    assert "Kept. Thank you for rating it." in words(response)
    assert "1 of 5 ratings so far" in words(response)
    assert annotation.ratings.get().reasons == ["good sources", "clear"]


def test_in_the_panel_the_thread_is_drawn_anew(client: Client, annotation: Annotation, reader: User) -> None:
    form = client.get(address(annotation), {"value": "not"}, headers=HTMX)
    assert "<html" not in words(form)
    response = client.post(address(annotation), {"value": "not", "reasons": ["unclear"]}, headers=HTMX)
    assert f'id="thread-{annotation.pk}"' in words(response)
    assert "1 of 5 ratings so far" in words(response)


def test_the_form_begins_with_what_was_said_before(client: Client, annotation: Annotation, reader: User) -> None:
    make_rating(annotation=annotation, by=reader, value="not", reasons=("loaded",))
    response = client.get(address(annotation))
    assert ticked(response) == ["not", "loaded"]
    assert "Take it back" in words(response)


def test_a_rating_is_taken_back_on_the_page(client: Client, annotation: Annotation, reader: User) -> None:
    make_rating(annotation=annotation, by=reader)
    assert "Taken back." in words(client.post(address(annotation), {"take-back": "1"}, follow=True))
    assert not annotation.ratings.exists()


@pytest.mark.parametrize(
    ("value", "reasons", "why", "kept"),
    [
        ("helpful", [], "Choose at least one reason", ["helpful"]),
        ("", ["clear", "loaded"], "Choose how helpful it is.", ["clear", "loaded"]),
        ("very", ["clear"], "Choose how helpful it is.", ["clear"]),
        ("helpful", ["clear", "because"], "“because” is none of the reasons.", ["helpful", "clear"]),
    ],
)
@pytest.mark.parametrize("headers", [{}, HTMX], ids=["page", "panel"])
def test_bad_input_is_told_and_what_was_ticked_is_kept(
    client: Client,
    annotation: Annotation,
    reader: User,
    *,
    value: str,
    reasons: list[str],
    why: str,
    kept: list[str],
    headers: dict[str, str],
) -> None:
    response = client.post(address(annotation), {"value": value, "reasons": reasons}, headers=headers)
    assert response.status_code == 422
    assert why in words(response)
    assert (ticked(response), Rating.objects.count()) == (kept, 0)


def test_the_brake_says_why_and_keeps_what_was_ticked(client: Client, annotation: Annotation, reader: User) -> None:
    for _ in range(rating.MOST_OF_ONE_WRITER):
        make_rating(annotation=make_annotation(article=annotation.article, creator=annotation.creator), by=reader)
    response = client.post(address(annotation), {"value": "helpful", "reasons": ["clear"]})
    assert response.status_code == 422
    assert "You can rate this one tomorrow." in words(response)
    assert ticked(response) == ["helpful", "clear"]


def test_a_stranger_signs_in_first(client: Client, annotation: Annotation) -> None:
    assert client.get(address(annotation)).headers["Location"].startswith("/accounts/login/")
    assert client.post(address(annotation), {"value": "not"}).headers["Location"].startswith("/accounts/login/")


@pytest.mark.parametrize("method", ["get", "post"])
def test_a_writer_is_turned_away_from_rating_their_own(client: Client, annotation: Annotation, method: str) -> None:
    client.force_login(annotation.creator)
    assert getattr(client, method)(address(annotation)).status_code == 403


def test_what_cannot_be_rated_has_no_such_page(client: Client, annotation: Annotation, reader: User) -> None:
    question = make_annotation(article=annotation.article, kind="question")
    hidden = make_annotation(article=annotation.article)
    hide(hidden)
    for one in (question, hidden, make_reply(parent=annotation)):
        assert client.get(address(one)).status_code == 404
    assert client.get("/annotations/987654321/rating/").status_code == 404


def test_a_rating_is_not_put(client: Client, annotation: Annotation, reader: User) -> None:
    assert client.put(address(annotation)).status_code == 405


# What a page tells


def post_of(client: Client, annotation: Annotation) -> str:
    page = words(client.get(annotation.get_absolute_url()))
    start = page.index(f'id="annotation-{annotation.pk}"')
    return page[start : page.index("</article>", start)]


def test_everybody_is_told_why_it_stands_there(client: Client, annotation: Annotation, dispute: Annotation) -> None:
    bridge(annotation, dispute)
    post = post_of(client, annotation)
    assert "Helpful to readers on both sides: good sources" in post
    assert "6 readers have rated how helpful this is" in post
    assert "nothing is hidden by them" in post


def test_before_anybody_rated_it_only_the_question_stands_there(client: Client, annotation: Annotation) -> None:
    post = post_of(client, annotation)
    assert f"{address(annotation)}?value=helpful" in post
    assert "ratings so far" not in post


def test_readers_see_which_they_chose_and_no_names(client: Client, annotation: Annotation, reader: User) -> None:
    make_rating(annotation=annotation, by=reader)
    make_rating(annotation=annotation, by=make_regular(username="carla"))
    post = post_of(client, annotation)
    assert '?value=helpful" rel="nofollow" aria-current="true"' in post
    assert "carla" not in post
    assert "benedict" not in post


def test_nobody_is_asked_about_their_own_or_on_a_closed_article(client: Client, annotation: Annotation) -> None:
    make_rating(annotation=annotation)
    close(annotation)
    assert address(annotation) not in post_of(client, annotation)
    client.force_login(annotation.creator)
    post = post_of(client, annotation)
    assert address(annotation) not in post
    assert "1 of 5 ratings so far" in post


def test_answers_and_questions_are_not_asked_about(client: Client, annotation: Annotation) -> None:
    question = make_annotation(article=annotation.article, kind="question")
    answer = make_reply(parent=annotation)
    page = words(client.get(annotation.get_absolute_url())) + words(client.get(question.get_absolute_url()))
    assert address(answer) not in page
    assert address(question) not in page


def test_a_post_says_how_many_ratings_are_older_than_its_words(client: Client, annotation: Annotation) -> None:
    make_rating(annotation=annotation)
    annotating.edit(annotation=annotation, by=annotation.creator, version=1, body="Counted twice.")
    assert "1 of 5 ratings so far · 1 from before its last edit" in post_of(client, annotation)
