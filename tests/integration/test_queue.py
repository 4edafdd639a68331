"""The moderators' queue: what waits, what is told of it, and deciding right there."""

import re
from datetime import timedelta
from html import unescape
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from annotations import annotating, appealing, caseload, moderating, reporting, restraining, waiting
from annotations.models import Annotation, Flag, ModerationEntry, ReasonTemplate
from annotations.states import Action
from annotations.waiting import Choice
from reader.models import Article, User
from tests.factories import (
    ELSEWHERE,
    make_annotation,
    make_article,
    make_editor,
    make_moderator,
    make_reader,
    make_reply,
    make_source,
)
from tests.inline import inline_in

pytestmark = pytest.mark.django_db

QUEUE = "/admin/queue/"


@pytest.fixture
def moderator() -> User:
    return make_moderator()


@pytest.fixture
def panel(client: Client, moderator: User) -> Client:
    client.force_login(moderator)
    return client


@pytest.fixture
def article() -> Article:
    return make_article()


def make_held(article: Article, *, exact: str = "", days: int = 0, **fields: Any) -> Annotation:
    """Give what a new account wrote with a link to a site that is new here, so many days ago."""
    fields.setdefault("creator", make_reader(date_joined=timezone.now()))
    fields.setdefault("body", "See https://new.example.com/page.")
    held = make_annotation(article=article, exact=exact, **fields)
    assert held.is_pending
    return held


def make_reported(article: Article, *, times: int = 1, **fields: Any) -> Annotation:
    reported = make_annotation(article=article, **fields)
    for _ in range(times):
        reporting.report(annotation=reported, by=make_reader(), reason="attack", details="Rude.")
    return reported


def make_appealed(article: Article, *, by: User) -> Annotation:
    annotation = make_annotation(article=article)
    moderating.hide(annotation=annotation, by=by, rule="attack", reason="An insult.")
    appealing.appeal(annotation=annotation, by=annotation.creator, words="It was a quotation.")
    return annotation


def told(response: Any) -> str:
    # A name is a word of its sentence, whatever keeps it apart.
    content = re.sub(r"</?bdi>", "", response.content.decode())
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", content)).split())


def listed(response: Any) -> list[int]:
    """Give the cases on a page, in their order."""
    return [int(number) for number in re.findall(r'<article id="case-(\d+)"', response.content.decode())]


def address(annotation: Annotation) -> str:
    return reverse("case", args=[annotation.pk])


def form_of(annotation: Annotation, action: str, **said: Any) -> dict[str, Any]:
    """Give the form as the page has it now."""
    latest = annotation.moderation_entries.first()
    current = Annotation.objects.get(pk=annotation.pk)
    return {"action": action, "seen": current.key, "read_to": latest.pk if latest else 0, **said}


def latest(annotation: Annotation) -> ModerationEntry:
    """Give the last line of the log about it."""
    entry = annotation.moderation_entries.first()
    assert entry is not None
    return entry


def state_of(annotation: Annotation) -> str:
    return Annotation.objects.get(pk=annotation.pk).state


# What waits


def test_the_queue_is_what_moderators_see_first(panel: Client, article: Article) -> None:
    held = make_held(article)
    assert listed(panel.get("/admin/")) == listed(panel.get(QUEUE)) == [held.pk]


def test_held_reported_and_appealed_wait_and_nothing_else(panel: Client, article: Article) -> None:
    colleague = make_moderator(username="colleague")
    waits = [make_held(article), make_reported(article), make_appealed(article, by=colleague)]
    make_annotation(article=article)
    page = panel.get(QUEUE)
    assert sorted(listed(page)) == [annotation.pk for annotation in waits]
    assert "1 held, 1 reported, 1 appealed." in told(page)


def test_what_is_withdrawn_waits_for_nobody(panel: Client, article: Article) -> None:
    for annotation in (make_held(article), make_reported(article)):
        annotating.withdraw(annotation=annotation, by=annotation.creator)
    page = panel.get(QUEUE)
    assert listed(page) == []
    assert "Nothing waits. Thank you." in told(page)


def test_the_oldest_comes_first_by_when_it_began_to_wait(panel: Client, article: Article) -> None:
    first, second = make_annotation(article=article), make_held(article)
    reporting.report(annotation=first, by=make_reader(), reason="spam")
    assert listed(panel.get(QUEUE)) == [second.pk, first.pk]


def test_the_most_reported_come_first_where_that_is_asked(panel: Client, article: Article) -> None:
    once, twice = make_reported(article), make_reported(article, times=2)
    assert listed(panel.get(f"{QUEUE}?order=reported")) == [twice.pk, once.pk]
    assert 'href="?order=reported"' in panel.get(QUEUE).content.decode()


def test_the_queue_narrows_to_an_article(panel: Client, article: Article) -> None:
    make_reported(article)
    elsewhere = make_reported(make_article(text=ELSEWHERE, slug="elsewhere"))
    page = panel.get(f"{QUEUE}?article=elsewhere&order=article")
    assert listed(page) == [elsewhere.pk]
    assert reverse("restraints", args=["elsewhere"]) in page.content.decode()


@pytest.mark.parametrize(
    "query", ["?order=nonsense", "?page=99", "?page=x", "?article=nowhere", "?done=x", "?done=9999999999999999999"]
)
def test_an_address_that_makes_no_sense_shows_the_queue(panel: Client, article: Article, query: str) -> None:
    make_reported(article)
    assert panel.get(QUEUE + query).status_code == 200


@pytest.mark.parametrize("method", ["put", "delete", "post"])
def test_the_queue_is_only_read(panel: Client, method: str) -> None:
    assert getattr(panel, method)(QUEUE).status_code == 405


# What is told of it


def test_a_case_says_why_it_was_held_and_shows_its_words_in_the_paragraph(panel: Client, article: Article) -> None:
    make_held(article, exact="39,000 cars")
    page = panel.get(QUEUE)
    assert "Held: a new account links to a site new here: example.com" in told(page)
    assert "It carries <mark>39,000 cars</mark> a day" in page.content.decode()


def test_a_case_tells_reports_and_appeals_in_their_words(panel: Client, article: Article) -> None:
    make_reported(article)
    make_appealed(article, by=make_moderator(username="colleague"))
    page = told(panel.get(QUEUE))
    for words in ("Personal attack , reports reader", "“Rude.”", "It was a quotation.", "by colleague. “An insult.”"):
        assert words in page


def test_a_case_tells_what_else_its_writer_did(panel: Client, article: Article) -> None:
    writer = make_reader(username="ada")
    colleague = make_moderator(username="colleague")
    make_annotation(article=article, creator=writer)
    hidden = make_annotation(article=article, creator=writer)
    moderating.hide(annotation=hidden, by=colleague, rule="attack", reason="An insult.")
    restraining.suspend(
        reader=writer, by=colleague, scope="rating", until=timezone.now() + timedelta(days=3), reason="Brigading."
    )
    make_reported(article, creator=writer)
    page = told(panel.get(QUEUE))
    assert "2 published, 1 hidden" in page
    assert "suspended from rating until" in page


def test_a_case_shows_what_was_changed_since_the_last_decision(panel: Client, article: Article) -> None:
    annotation = make_reported(article, body="A small claim.")
    moderating.keep(annotation=annotation, by=make_moderator(username="colleague"), reason="No insult.")
    annotating.edit(annotation=annotation, by=annotation.creator, version=1, body="A large claim.")
    reporting.report(annotation=annotation, by=make_reader(), reason="attack")
    page = panel.get(QUEUE)
    assert "Changed since a moderator decided" in told(page)
    assert "<del>small</del><ins>large</ins>" in page.content.decode().replace("</del> ", "</del>")


def test_a_case_that_is_as_it_was_decided_about_shows_no_change(panel: Client, article: Article) -> None:
    annotation = make_reported(article, body="A small claim.")
    annotating.edit(annotation=annotation, by=annotation.creator, version=1, body="A large claim.")
    moderating.keep(annotation=annotation, by=make_moderator(username="colleague"), reason="No insult.")
    reporting.report(annotation=annotation, by=make_reader(), reason="spam")
    page = told(panel.get(QUEUE))
    assert "Changed since" not in page
    assert "colleague: looked at, kept" in page


def test_a_case_counts_who_else_cites_its_sites(panel: Client, article: Article) -> None:
    for number in range(2):
        cited = make_source(url=f"https://paper.example.com/{number}")
        make_annotation(article=article, kind="source", sources=[cited])
    make_annotation(article=article, kind="source", sources=[make_source(url="https://notexample.com/")])
    make_reported(article, kind="source", sources=[make_source(url="https://www.example.com/one")])
    assert "example.com : cited by 2 others" in told(panel.get(QUEUE))


def test_words_typed_by_readers_are_never_markup_in_the_queue(panel: Client, article: Article) -> None:
    annotation = make_annotation(article=article, body="Look: <img src=x onerror=alert(1)>")
    reporting.report(annotation=annotation, by=make_reader(), reason="spam", details="<script>alert(1)</script>")
    for place in (QUEUE, address(annotation), reverse("record", args=[annotation.creator.username])):
        assert inline_in(panel.get(place)) == []


def test_the_queue_asks_the_database_the_same_whatever_waits(
    panel: Client, article: Article, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    counts = []
    for number in range(30):
        annotation = make_reported(article, body=f"See https://site{number}.example.com/ for {number}.")
        make_reply(parent=annotation)
        if number in {2, 29}:
            with django_assert_max_num_queries(24) as asked:
                panel.get(QUEUE)
            counts.append(len(asked))
    assert counts[0] == counts[1]


# Deciding


def test_approving_publishes_it_and_leads_to_the_next(panel: Client, article: Article, moderator: User) -> None:
    first, second = make_held(article), make_held(article)
    answer = panel.post(f"{address(first)}?order=oldest&article=", form_of(first, "approve"))
    assert state_of(first) == "published"
    assert latest(first).moderator == moderator
    assert answer["Location"].endswith(f"#case-{second.pk}")
    assert f"Approved: Note {first.pk}" in told(panel.get(answer["Location"].partition("#")[0]))


def test_the_last_of_a_page_leads_to_the_next_page(article: Article) -> None:
    cases = [make_reported(article) for _ in range(waiting.PAGE_LENGTH + 2)]
    assert waiting.after(cases[waiting.PAGE_LENGTH - 1].pk, Choice()) == (cases[waiting.PAGE_LENGTH].pk, 1)
    assert waiting.after(cases[waiting.PAGE_LENGTH].pk, Choice()) == (cases[waiting.PAGE_LENGTH + 1].pk, 2)
    assert waiting.after(cases[-1].pk, Choice()) == (None, 2)


@pytest.mark.parametrize(
    ("action", "state"), [("deny", "denied"), ("hide", "hidden"), ("remove", "removed"), ("spam", "spam")]
)
def test_what_breaks_a_rule_is_taken_down_with_rule_and_reason(
    panel: Client, article: Article, action: str, state: str
) -> None:
    held = make_held(article)
    panel.post(address(held), form_of(held, action, rule="spam", reason="It sells shoes."))
    entry = latest(held)
    assert (state_of(held), entry.rule, entry.reason) == (state, "spam", "It sells shoes.")


def test_a_rule_that_a_decision_does_not_name_is_not_written_down(panel: Client, article: Article) -> None:
    held = make_held(article)
    panel.post(address(held), form_of(held, "approve", rule="attack", reason="Fine."))
    assert latest(held).rule == ""


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ({"rule": "", "reason": "Rude."}, "Please choose the rule that it breaks."),
        ({"rule": "attack", "reason": " "}, "Please say why, in a few words"),
        ({"rule": "attack", "reason": "x" * 1001}, "1,001 characters long; 1,000 is the most"),
        ({"rule": "boring", "reason": "Rude."}, "boring is not one of the available choices"),
        ({"rule": "attack", "reason": "Rude.", "action": "praise"}, "praise is not one of the available choices"),
        ({"rule": "attack", "reason": "Rude.", "seen": ""}, "This form was not complete."),
    ],
)
def test_what_is_missing_is_said_and_what_was_typed_is_kept(
    panel: Client, article: Article, said: dict[str, str], sentence: str
) -> None:
    held = make_held(article)
    answer = panel.post(address(held), form_of(held, "hide") | said)
    assert answer.status_code == 422
    assert sentence in told(answer)
    assert said["reason"].strip() in answer.content.decode()
    assert state_of(held) == "pending"


def test_a_template_fills_rule_and_words_without_a_script(panel: Client, article: Article) -> None:
    held = make_held(article)
    template = ReasonTemplate.objects.get(title="Advertising")
    page = panel.post(address(held), {"fill": "1", "template": template.pk}).content.decode()
    assert '<option value="spam" selected>' in page
    assert f">{template.words}</textarea>" in page
    assert state_of(held) == "pending"


def test_a_template_that_is_gone_leaves_what_was_typed(panel: Client, article: Article) -> None:
    held = make_held(article)
    page = panel.post(address(held), {"fill": "1", "template": "999", "rule": "legal", "reason": "A letter."})
    assert '<option value="legal" selected>' in page.content.decode()
    assert ">A letter.</textarea>" in page.content.decode()


def test_who_writes_in_the_thread_is_offered_no_decision(panel: Client, article: Article, moderator: User) -> None:
    annotation = make_reported(article)
    make_reply(parent=annotation, creator=moderator)
    assert "You write in this thread" in told(panel.get(QUEUE))
    answer = panel.post(address(annotation), form_of(annotation, "keep", reason="Fine."))
    assert answer.status_code == 422
    assert Flag.objects.open().count() == 1


def test_who_decided_is_offered_no_decision_about_the_appeal(panel: Client, article: Article, moderator: User) -> None:
    make_appealed(article, by=moderator)
    page = panel.get(QUEUE)
    assert "appeals against your own decision" in told(page)
    assert 'name="action"' not in page.content.decode()


def test_an_appeal_is_answered_either_way(panel: Client, article: Article) -> None:
    colleague = make_moderator(username="colleague")
    upheld, restored = make_appealed(article, by=colleague), make_appealed(article, by=colleague)
    panel.post(address(upheld), form_of(upheld, "uphold", reason="It was no quotation."))
    panel.post(address(restored), form_of(restored, "restore", reason="So it was."))
    assert (state_of(upheld), state_of(restored)) == ("hidden", "published")
    assert listed(panel.get(QUEUE)) == []


def test_a_case_that_is_not_there_is_404(panel: Client) -> None:
    assert panel.get("/admin/queue/4711/").status_code == 404
    assert panel.post("/admin/queue/decisions/4711/undo/").status_code == 404


# Stale decisions


def test_a_decision_after_a_colleague_s_shows_who_did_what_and_overwrites_nothing(
    panel: Client, article: Article
) -> None:
    annotation = make_reported(article)
    form = form_of(annotation, "hide", rule="attack", reason="My own words.")
    moderating.remove(
        annotation=annotation, by=make_moderator(username="colleague"), rule="private", reason="An address."
    )
    page = panel.post(address(annotation), form)
    assert page.status_code == 409
    assert state_of(annotation) == "removed"
    for words in ("it stood so: published. Now: removed by a moderator.", "colleague: removed (private information)"):
        assert words in told(page)
    assert "My own words." in page.content.decode()


def test_a_colleague_s_keep_is_no_less_a_conflict(panel: Client, article: Article) -> None:
    annotation = make_reported(article)
    form = form_of(annotation, "hide", rule="attack", reason="Rude.")
    moderating.keep(annotation=annotation, by=make_moderator(username="colleague"), reason="No insult.")
    page = panel.post(address(annotation), form)
    assert page.status_code == 409
    assert "colleague was faster: looked at, kept." in told(page)
    assert state_of(annotation) == "published"


def test_an_edit_meanwhile_is_compared_and_can_be_decided_about_anew(panel: Client, article: Article) -> None:
    annotation = make_reported(article, body="A small claim.")
    form = form_of(annotation, "hide", rule="attack", reason="Rude.")
    annotating.edit(annotation=annotation, by=annotation.creator, version=1, body="A large claim.")
    page = panel.post(address(annotation), form)
    assert page.status_code == 409
    assert "<del>small</del>" in page.content.decode()
    assert "<ins>large</ins>" in page.content.decode()
    [seen] = re.findall(r'name="seen" value="([^"]+)"', page.content.decode())
    panel.post(address(annotation), form | {"seen": seen})
    assert state_of(annotation) == "hidden"


def test_a_withdrawal_meanwhile_leaves_nothing_to_decide(panel: Client, article: Article) -> None:
    annotation = make_reported(article)
    form = form_of(annotation, "hide", rule="attack", reason="Rude.")
    annotating.withdraw(annotation=annotation, by=annotation.creator)
    page = panel.post(address(annotation), form)
    assert page.status_code == 409
    assert "There is nothing to decide about it as it stands." in told(page)


def test_the_same_decision_posted_twice_is_made_once(panel: Client, article: Article) -> None:
    held = make_held(article)
    form = form_of(held, "approve")
    panel.post(address(held), form)
    assert panel.post(address(held), form).status_code == 409
    assert held.moderation_entries.filter(action="approve").count() == 1


# Undoing


def test_a_decision_is_undone_by_the_button_that_follows_it(panel: Client, article: Article) -> None:
    annotation = make_reported(article)
    answer = panel.post(address(annotation), form_of(annotation, "hide", rule="attack", reason="Rude."), follow=True)
    [undo] = re.findall(r'action="([^"]+/undo/)\?', answer.content.decode())
    page = panel.post(undo, follow=True)
    assert "Undone: Note" in told(page)
    assert state_of(annotation) == "published"
    assert listed(panel.get(QUEUE)) == [annotation.pk]


def test_what_a_colleague_decided_is_not_undone(panel: Client, article: Article) -> None:
    annotation = make_annotation(article=article)
    entry = moderating.hide(
        annotation=annotation, by=make_moderator(username="colleague"), rule="attack", reason="Rude."
    )
    page = panel.post(reverse("undo-decision", args=[entry.pk]), follow=True)
    assert "A decision can be undone for a minute, by whoever made it." in told(page)
    assert state_of(annotation) == "hidden"
    assert "Undo" not in told(panel.get(f"{QUEUE}?done={entry.pk}"))


def test_undoing_is_posted(panel: Client, article: Article) -> None:
    assert panel.get(reverse("undo-decision", args=[1])).status_code == 405


# Who may


@pytest.mark.parametrize("name", ["queue", "figures", "case"])
def test_strangers_sign_in_and_others_are_turned_away(client: Client, article: Article, name: str) -> None:
    place = reverse(name, args=[make_reported(article).pk] if name == "case" else [])
    assert "/accounts/login/" in client.get(place)["Location"]
    client.force_login(make_reader(is_staff=True))
    assert client.get(place).status_code == 403


def test_editors_find_their_lists_first(client: Client) -> None:
    editor = make_editor()
    User.objects.filter(pk=editor.pk).update(is_staff=True)
    client.force_login(editor)
    page = client.get("/admin/")
    assert page.status_code == 200
    assert "What waits for a decision" not in told(page)


# The last thirty days


def test_what_came_and_what_was_decided_is_counted_by_day(article: Article, moderator: User) -> None:
    held = make_held(article)
    make_reported(article, times=2)
    moderating.approve(annotation=held, by=moderator)
    lately = caseload.lately()
    assert (lately.came_count, lately.decided_count) == (3, 1)
    assert (lately.came[-1].number, lately.decided[-1].number) == (3, 1)
    assert lately.median == "1 minute"


def test_a_decision_undone_is_counted_as_none(article: Article, moderator: User) -> None:
    annotation = make_reported(article)
    entry = moderating.decide(Action.KEEP, annotation=annotation, by=moderator, reason="Fine.")
    moderating.undo(entry=entry, by=moderator)
    lately = caseload.lately()
    assert (lately.decided_count, lately.median) == (0, "")


def test_how_long_it_took_is_told_from_the_first_report_on(article: Article, moderator: User) -> None:
    annotation = make_reported(article)
    annotation.flags.update(created_at=timezone.now() - timedelta(hours=5))
    moderating.keep(annotation=annotation, by=moderator, reason="Fine.")
    lately = caseload.lately()
    assert (lately.median, lately.nine_in_ten) == ("5 hours", "5 hours")


def test_the_figures_ask_the_database_the_same_whatever_there_was(
    panel: Client, article: Article, moderator: User, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for _ in range(5):
        make_reported(article)
        moderating.keep(annotation=make_reported(article), by=moderator, reason="Fine.")
        # Session, person, their permissions twice, what waits twice, and four of the last days.
        with django_assert_num_queries(10):
            page = panel.get(reverse("figures"))
    assert "<rect" in page.content.decode()
    assert "5 reported" in told(page)
    assert ModerationEntry.objects.count() == 5
