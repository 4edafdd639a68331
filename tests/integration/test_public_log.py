"""The public log of moderation: what everybody may know of what was decided, and what nobody is told."""

import re
import xml.etree.ElementTree as ET
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from annotations import annotating, appealing, logbook, moderating, reporting, restraining
from annotations.models import Annotation, ModerationEntry, WatchedTerm
from reader import usernames
from reader.models import User
from tests.factories import (
    ELSEWHERE,
    make_annotation,
    make_article,
    make_moderator,
    make_reader,
    make_reply,
    make_revision,
)

pytestmark = pytest.mark.django_db

LOG = "/moderation/log/"
FEED = "/moderation/log/feed/"
ATOM = {"a": "http://www.w3.org/2005/Atom"}


@pytest.fixture
def moderator() -> User:
    return make_moderator()


def log(client: Client, **query: str) -> str:
    response = client.get(LOG, query)
    assert response.status_code == 200
    return response.content.decode()


def lines(page: str) -> list[str]:
    """Give the lines of a page as they are read."""
    return [" ".join(re.sub("<[^>]+>", " ", line).split()) for line in re.findall("<li .*?</li>", page, re.DOTALL)]


def hide(annotation: Annotation, by: User, **fields: Any) -> ModerationEntry:
    return moderating.hide(annotation=annotation, by=by, **{"rule": "attack", "reason": "An insult."} | fields)


def entries(client: Client) -> list[ET.Element]:
    return ET.fromstring(client.get(FEED).content).findall("a:entry", ATOM)


# What it says


def test_the_log_says_what_was_done_by_which_rule_about_which_words_by_whom(client: Client, moderator: User) -> None:
    hidden = make_annotation(exact="39,000 cars")
    hide(hidden, moderator)
    page = log(client)
    (line,) = lines(page)
    assert line.startswith("Hidden : personal attack 39,000 cars A Short Title Note by warden")
    assert f'href="/articles/{hidden.article.slug}/p2/">39,000 cars</a>' in page


def test_the_log_names_neither_writer_nor_reporter_and_nothing_they_wrote(client: Client, moderator: User) -> None:
    WatchedTerm.objects.create(words="casino")
    writer, reporter = make_reader(username="ada"), make_reader(username="babbage")
    annotation = make_annotation(creator=writer, body="Fools, all of them.")
    reporting.report(annotation=annotation, by=reporter, reason="attack", details="He began it.")
    hide(annotation, moderator, reason="Ada calls others fools.")
    appealing.appeal(annotation=annotation, by=writer, words="A quotation.")
    held = make_annotation(article=annotation.article, creator=writer, body="My casino.")
    moderating.deny(annotation=held, by=moderator, rule="spam", reason="An advert.")
    restraining.purge(reader=writer, by=moderator, reason="Ada sells things.")
    for page in (log(client).lower(), client.get(FEED).content.decode().lower()):
        for word in ("ada", "babbage", "fools", "he began", "quotation", "casino", "advert", "sells"):
            assert not re.search(rf"\b{word}\b", page), word


@pytest.mark.parametrize("act", ["withdraw", "reinstate", "resubmit"])
def test_what_writers_do_with_their_own_is_not_in_the_log(client: Client, moderator: User, act: str) -> None:
    annotation = make_annotation()
    if act == "resubmit":
        moderating.deny(annotation=annotation, by=moderator, rule="spam", reason="An advert.")
        annotating.edit(annotation=annotation, by=annotation.creator, version=1, body="Better.")
    else:
        annotating.withdraw(annotation=annotation, by=annotation.creator)
        annotating.reinstate(annotation=annotation, by=annotation.creator)
    assert len(lines(log(client))) == (1 if act == "resubmit" else 0)


def test_what_a_rule_of_the_site_held_is_in_the_log(client: Client) -> None:
    WatchedTerm.objects.create(words="casino")
    make_annotation(body="My casino.")
    assert lines(log(client))[0].startswith("Held for a moderator The bridge was built in 1990")
    assert "by a rule of the site" in log(client)


def test_a_suspension_is_told_without_a_name(client: Client, moderator: User) -> None:
    until = timezone.now() + timedelta(days=3)
    restraining.suspend(
        reader=make_reader(username="ada"), by=moderator, scope="writing", until=until, reason="Three insults."
    )
    (line,) = lines(log(client))
    assert line.startswith("Suspended An account, from writing until")
    assert "insults" not in line


def test_an_undone_decision_stays_and_is_marked(client: Client, moderator: User) -> None:
    moderating.undo(entry=hide(make_annotation(), moderator), by=moderator)
    undoing, undone = lines(log(client))
    assert undoing.startswith("Decision undone , which was: hidden")
    assert undone.startswith("Hidden : personal attack undone")


def test_a_decision_on_an_appeal_says_so(client: Client, moderator: User) -> None:
    annotation = make_annotation()
    hide(annotation, moderator)
    appealing.appeal(annotation=annotation, by=annotation.creator, words="It was a joke.")
    moderating.restore(annotation=annotation, by=make_moderator(username="second"), reason="It was one.")
    assert [line.split(" The ")[0] for line in lines(log(client))] == [
        "Restored on appeal",
        "Hidden : personal attack",
    ]


def test_a_reply_is_told_by_the_words_its_thread_is_about(client: Client, moderator: User) -> None:
    reply = make_reply(parent=make_annotation(exact="39,000 cars"))
    hide(reply, moderator)
    assert "Hidden : personal attack 39,000 cars A Short Title Reply by" in lines(log(client))[0]


def test_words_that_are_gone_are_told_still(client: Client, moderator: User) -> None:
    annotation = make_annotation(exact="39,000 cars")
    hide(annotation, moderator)
    make_revision(annotation.article, "The bridge was built in 1990 with public money. Nobody has counted.")
    page = log(client)
    assert f'href="/articles/{annotation.article.slug}/orphans/">39,000 cars</a>' in page


def test_a_moderator_who_left_is_a_former_reader_in_the_log(client: Client, moderator: User) -> None:
    hide(make_annotation(), moderator)
    User.objects.filter(pk=moderator.pk).update(username=usernames.former(moderator.pk), is_active=False)
    assert "by former reader" in lines(log(client))[0]


# Looking for something


@pytest.mark.parametrize(
    ("query", "number"),
    [
        ({}, 3),
        ({"action": "hide"}, 2),
        ({"rule": "spam"}, 1),
        ({"moderator": "second"}, 1),
        ({"article": "other"}, 1),
        ({"action": "hide", "article": "other"}, 1),
        ({"action": "remove"}, 0),
        ({"month": "now"}, 3),
    ],
    ids=str,
)
def test_the_log_is_narrowed_by_what_the_address_asks_for(
    client: Client, moderator: User, query: dict[str, str], number: int
) -> None:
    here, elsewhere = make_article(), make_article(text=ELSEWHERE, slug="other")
    hide(make_annotation(article=here), moderator)
    hide(make_annotation(article=elsewhere), moderator, rule="spam")
    denied = make_annotation(article=here)
    moderating.deny(annotation=denied, by=make_moderator(username="second"), rule="legal", reason="A complaint.")
    query = {name: f"{timezone.localdate():%Y-%m}" if value == "now" else value for name, value in query.items()}
    assert len(lines(log(client, **query))) == number


@pytest.mark.parametrize("name", ["action", "rule", "article", "moderator", "month"])
@pytest.mark.parametrize("value", ["nothing", "2026-13", "ä"], ids=["unknown", "no month", "beyond ASCII"])
def test_what_the_log_does_not_know_is_said_and_hides_nothing(
    client: Client, moderator: User, name: str, value: str
) -> None:
    hide(make_annotation(), moderator)
    page = log(client, **{name: value})
    assert len(lines(page)) == 1
    assert "Nothing in the log is like this, so all of it is shown." in page


def test_the_months_go_back_to_the_first_entry(moderator: User, monkeypatch: pytest.MonkeyPatch) -> None:
    assert logbook.months() == []
    hide(make_annotation(), moderator)
    later = timezone.now().replace(year=timezone.now().year + 1, month=2, day=27)
    monkeypatch.setattr("django.utils.timezone.now", lambda: later)
    found = [month for month, _ in logbook.months()]
    assert found[:2] == [f"{later:%Y}-02", f"{later:%Y}-01"]
    assert len(found) == 15 - timezone.localdate(ModerationEntry.objects.get().created_at).month


# As a page


def test_the_log_is_found_from_the_library_and_has_its_feed(client: Client) -> None:
    assert f'href="{LOG}"' in client.get("/").content.decode()
    assert f'<link rel="alternate" type="application/atom+xml" title="Moderation log" href="{FEED}">' in log(client)
    assert reverse("moderation-log") == LOG


@pytest.mark.parametrize("address", [LOG, FEED])
def test_the_log_is_only_read(client: Client, address: str) -> None:
    assert client.post(address).status_code == 405


def test_an_empty_log_says_what_it_is_for(client: Client) -> None:
    assert "Nothing has been decided yet." in log(client)


def test_a_line_is_found_by_its_address_on_whichever_page_it_stands(
    client: Client, moderator: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(logbook, "LINES_ON_A_PAGE", 2)
    article = make_article()
    first = hide(make_annotation(article=article), moderator)
    for _ in range(4):
        hide(make_annotation(article=article), moderator)
    page = log(client, at=str(first.pk))
    assert f'id="line-{first.pk}"' in page
    assert "Page 3 of 3" in page
    assert client.get(LOG, {"at": "x", "page": "nothing"}).status_code == 200


@pytest.mark.parametrize("address", [LOG, FEED])
def test_the_log_takes_as_many_queries_for_sixty_lines_as_for_one(
    client: Client, moderator: User, address: str, django_assert_num_queries: Any
) -> None:
    number = 7 if address == LOG else 2
    head = make_annotation()
    hide(make_annotation(article=head.article), moderator)
    with django_assert_num_queries(number):
        client.get(address)
    for each in range(59):
        hide(make_reply(parent=head) if each % 2 else make_annotation(article=head.article), moderator)
    with django_assert_num_queries(number):
        client.get(address)


def test_a_page_far_down_is_found_by_the_numbers_of_its_lines_alone(
    client: Client, moderator: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(logbook, "LINES_ON_A_PAGE", 1)
    article = make_article()
    first, _ = (hide(make_annotation(article=article), moderator) for _ in range(2))
    with CaptureQueriesContext(connection) as queries:
        assert f'id="line-{first.pk}"' in log(client, page="2")
    [skipping] = [query["sql"] for query in queries if "OFFSET" in query["sql"]]
    assert "JOIN" not in skipping


# As a feed


def test_the_feed_has_the_newest_decisions_with_their_addresses(client: Client, moderator: User) -> None:
    entry = hide(make_annotation(exact="39,000 cars"), moderator)
    (found,) = entries(client)
    link = found.find("a:link", ATOM)
    assert found.findtext("a:title", namespaces=ATOM) == "Hidden: personal attack"
    assert found.findtext("a:summary", namespaces=ATOM) == "Note “39,000 cars” in A Short Title"
    assert found.findtext("a:author/a:name", namespaces=ATOM) == "warden"
    assert link is not None
    assert link.get("href") == f"http://testserver{LOG}?at={entry.pk}#line-{entry.pk}"


def test_who_has_the_feed_already_is_told_so(client: Client, moderator: User) -> None:
    entry = hide(make_annotation(), moderator)
    response = client.get(FEED)
    assert response["Content-Type"] == "application/atom+xml; charset=utf-8"
    assert client.get(FEED, headers={"If-None-Match": response["ETag"]}).status_code == 304
    moderating.undo(entry=entry, by=moderator)
    assert client.get(FEED, headers={"If-None-Match": response["ETag"]}).status_code == 200
