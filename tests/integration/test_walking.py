"""The way from one annotation to the next, as the links in the head of a place lead."""

import re
from typing import Any, NamedTuple

import pytest
from django.test import Client

from annotations import annotating
from annotations.models import Annotation
from reader.models import Article
from tests.factories import make_annotation, make_article, make_reader, make_reply, make_revision
from tests.integration.test_filtering import about

pytestmark = pytest.mark.django_db


class Walk(NamedTuple):
    """What the page offers: the annotation before, where one stands, the annotation after; None where there is none."""

    previous: int | None
    place: str
    next: int | None


@pytest.fixture
def article() -> Article:
    """Give an article with four annotations, whose ids are in another order than their words."""
    article, ada = make_article(), make_reader(username="ada")
    for exact, kind in (("39,000 cars", "note"), ("1990", "source"), ("The toll", "note")):
        make_annotation(article=article, creator=ada, exact=exact, kind=kind)
    about(article, ada)
    return article


def ids(*places: int) -> list[int]:
    """Give the ids of annotations in the order in which they were written."""
    written = list(Annotation.objects.order_by("pk").values_list("pk", flat=True))
    return [written[place] for place in places]


def links(address: str) -> dict[str, str]:
    page = Client().get(address).content.decode()
    return dict(re.findall(r'<a class="walk-\w+" rel="(\w+)" href="([^"]+)"', page))


def walk(address: str) -> Walk:
    page = Client().get(address).content.decode()
    place = re.search(r'<span class="walk-place">([^<]+)<', page)
    steps = {rel: int(pk) for rel, pk in re.findall(r'rel="(prev|next)" href="[^"]*#annotation-(\d+)"', page)}
    return Walk(steps.get("prev"), place[1] if place else "", steps.get("next"))


def test_next_leads_through_all_in_the_order_of_the_words(article: Article) -> None:
    address, walked = f"{article.get_absolute_url()}p1/", []
    while address:
        walked.append(walk(address).place)
        address = links(address).get("next", "").replace("&amp;", "&")
    assert walked == ["4 in all", "1 of 4", "2 of 4", "3 of 4", "4 of 4"]


def test_previous_leads_back_as_next_led_on(article: Article) -> None:
    first, second, third, last = ids(1, 0, 2, 3)
    base = article.get_absolute_url()
    assert walk(f"{base}whole/?at={last}") == Walk(third, "4 of 4", None)
    assert walk(f"{base}p3/?at={third}") == Walk(second, "3 of 4", last)
    assert walk(f"{base}p1/?at={first}") == Walk(None, "1 of 4", second)


def test_steps_lead_to_an_annotation_in_its_place(article: Article) -> None:
    before, here, after = ids(1, 0, 2)
    base = article.get_absolute_url()
    assert links(f"{base}p2/?at={here}") == {
        "prev": f"{base}p1/?at={before}#annotation-{before}",
        "next": f"{base}p3/?at={after}#annotation-{after}",
    }


def test_from_a_paragraph_next_is_the_first_in_it_and_previous_the_last_before_it(article: Article) -> None:
    before, here = ids(1, 0)
    assert walk(f"{article.get_absolute_url()}p2/") == Walk(before, "4 in all", here)


def test_an_answer_is_where_its_thread_is(article: Article) -> None:
    before, here, after = ids(1, 0, 2)
    answer = make_reply(parent=Annotation.objects.get(pk=here))
    assert walk(f"{article.get_absolute_url()}p2/?at={answer.pk}") == Walk(before, "2 of 4", after)


def test_several_on_the_same_words_come_in_the_order_they_were_written(article: Article) -> None:
    here, after = ids(0, 2)
    second = make_annotation(article=article, exact="39,000 cars").pk
    assert walk(f"{article.get_absolute_url()}p2/?at={here}").next == second
    assert walk(f"{article.get_absolute_url()}p2/?at={second}").previous == here
    assert walk(f"{article.get_absolute_url()}p3/?at={after}").previous == second


def test_the_way_honours_the_filter_and_carries_it(article: Article) -> None:
    here, after = ids(0, 2)
    address = f"{article.get_absolute_url()}p2/?at={here}&show=note&by=ada"
    assert walk(address) == Walk(None, "1 of 3", after)
    assert links(address)["next"].endswith(f"?at={after}&amp;show=note&amp;by=ada#annotation-{after}")


def test_from_what_the_filter_leaves_out_one_comes_to_what_it_shows(article: Article) -> None:
    left_out, after = ids(1, 0)
    assert walk(f"{article.get_absolute_url()}p1/?at={left_out}&show=note") == Walk(None, "3 in all", after)


def test_what_is_withdrawn_or_about_words_that_are_gone_is_left_out(article: Article) -> None:
    make_revision(article, "The bridge was built in 1990 with public money.", "Nothing else.")
    article.refresh_from_db()
    source, last = ids(1, 3)
    assert walk(f"{article.get_absolute_url()}p1/?at={source}") == Walk(None, "1 of 2", last)
    annotating.withdraw(annotation=Annotation.objects.get(pk=last), by=Annotation.objects.get(pk=last).creator)
    assert walk(f"{article.get_absolute_url()}p1/?at={source}") == Walk(None, "1 of 1", None)


def test_where_nothing_stands_there_is_no_way(article: Article) -> None:
    assert walk(f"{make_article(text='Other' + chr(10) * 2 + 'Words.').get_absolute_url()}p1/") == Walk(None, "", None)
    assert walk(f"{article.get_absolute_url()}p1/?by=nobody") == Walk(None, "", None)


@pytest.mark.parametrize("at", ["x", "-1", "9" * 30, "0", "987654"])
def test_an_annotation_that_is_not_there_is_as_none(article: Article, at: str) -> None:
    base = f"{article.get_absolute_url()}p2/"
    assert walk(f"{base}?at={at}") == walk(base)


def test_an_annotation_of_another_article_is_as_none(article: Article) -> None:
    other = make_annotation(article=make_article(text="Other\n\nOther words.\n"))
    base = f"{article.get_absolute_url()}p2/"
    assert walk(f"{base}?at={other.pk}") == walk(base)


def test_an_annotation_s_own_page_is_on_the_way_too(article: Article) -> None:
    before, here, after = ids(1, 0, 2)
    assert walk(f"/annotations/{here}/") == Walk(before, "2 of 4", after)


def test_links_say_where_they_lead(article: Article) -> None:
    page = Client().get(f"/annotations/{ids(0)[0]}/").content.decode()
    assert '<span class="unseen">Previous annotation</span></a>' in page
    assert '<span class="unseen">Next annotation</span></a>' in page


@pytest.mark.parametrize("number", [1, 30])
@pytest.mark.parametrize("query", ["", "?show=note"])
def test_an_annotation_s_page_takes_as_many_queries_among_thirty_as_alone(
    number: int, query: str, django_assert_num_queries: Any
) -> None:
    article = make_article()
    annotations = [make_annotation(article=article) for _ in range(number)]
    with django_assert_num_queries(17):
        Client().get(f"/annotations/{annotations[number // 2].pk}/{query}")
