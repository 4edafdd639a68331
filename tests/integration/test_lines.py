"""Lines beside annotations that wait for a moderator: who sees them, who is told, and what moderators do with them."""

import re
import threading
from collections.abc import Callable
from html import unescape
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from annotations import (
    archiving,
    caseload,
    copying,
    departing,
    moderating,
    restating,
    restraining,
    verdicts,
    vetting,
    waiting,
)
from annotations.accepting import NotAccepted
from annotations.models import (
    Annotation,
    Document,
    Line,
    ModerationEntry,
    Notice,
    OfferedCopy,
    Restatement,
    Source,
    SourceVerdict,
    WatchedTerm,
)
from annotations.states import Action
from annotations.waiting import Choice
from reader.models import User
from tests.factories import (
    ELSEWHERE,
    make_annotation,
    make_article,
    make_moderator,
    make_reader,
    make_reply,
    make_restatement,
)

pytestmark = pytest.mark.django_db

WORDS = "You say that the casino paid for it."
COPY = "https://elsewhere.example/casino.pdf"
WAITS = "Waiting for a moderator. Until then only you see"


@pytest.fixture(autouse=True)
def watched() -> WatchedTerm:
    return WatchedTerm.objects.create(words="casino")


@pytest.fixture
def bob() -> User:
    return make_reader(username="bob")


@pytest.fixture
def warden() -> User:
    return make_moderator()


@pytest.fixture
def panel(client: Client, warden: User) -> Client:
    client.force_login(warden)
    return client


@pytest.fixture
def cited() -> Annotation:
    """Give an annotation that can be restated and cites a source, by ada."""
    return make_annotation(kind="source", creator=make_reader(username="ada"), body="It was paid for.")


@pytest.fixture
def restated(cited: Annotation, bob: User) -> Restatement:
    restatement = make_restatement(of=cited, by=bob, body=WORDS)
    assert restatement.is_held
    return restatement


@pytest.fixture
def remarked(cited: Annotation, bob: User) -> SourceVerdict:
    return remark_on(cited, by=bob)


@pytest.fixture
def offered(cited: Annotation, bob: User) -> OfferedCopy:
    archiving.give(source=source_of(cited), by=bob, url=COPY)
    return OfferedCopy.objects.get()


@pytest.fixture(params=["restated", "remarked"])
def waiting_line(request: pytest.FixtureRequest) -> Line:
    """Give a line of each kind that waits and is read in its thread."""
    found: Line = request.getfixturevalue(request.param)
    return found


@pytest.fixture(params=["restated", "remarked", "offered"])
def any_line(request: pytest.FixtureRequest) -> Line:
    """Give a line of each kind that waits."""
    found: Line = request.getfixturevalue(request.param)
    return found


def source_of(annotation: Annotation) -> Source:
    return annotation.sources.get()


def remark_on(annotation: Annotation, *, by: User, remark: str = WORDS, verdict: str = "partly") -> SourceVerdict:
    return verdicts.give(source=source_of(annotation), by=by, verdict=verdict, remark=remark)


def signed_in(reader: User | None) -> Client:
    client = Client()
    if reader:
        client.force_login(reader)
    return client


def told(response: Any) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", response.content.decode())).split())


def page(annotation: Annotation, reader: User | None = None) -> str:
    return told(signed_in(reader).get(annotation.get_absolute_url()))


def current(line: Line) -> Line:
    return vetting.KINDS[line.kind].objects.get(pk=line.pk)


def address(line: Line) -> str:
    return reverse("line", args=[line.kind, line.pk])


def let_stand(line: Line, by: User) -> ModerationEntry:
    return vetting.let_stand(line=line, by=by, seen=current(line).key)


def remove(line: Line, by: User) -> ModerationEntry:
    return vetting.remove(line=line, by=by, reason="It mocks her.", seen=current(line).key)


# What waits


def test_a_restatement_with_watched_words_is_kept_and_waits(cited: Annotation, bob: User) -> None:
    form = {"restatement": WORDS}
    answer = signed_in(bob).post(reverse("restatement", args=[cited.pk]), form, follow=True)
    assert "Kept. A moderator looks at it first; until then only you see it." in told(answer)
    held = Restatement.objects.get().held
    assert held is not None
    assert (held.action, held.role, held.reader, held.details) == ("detain", "rule", bob, "watched words: casino")


def test_a_remark_with_watched_words_waits_and_its_verdict_counts(cited: Annotation, bob: User) -> None:
    form = {"verdict": "supports", "remark": WORDS}
    answer = signed_in(bob).post(reverse("verdict", args=[source_of(cited).pk]), form, follow=True)
    assert "Kept. A moderator looks at your line first; until then only you see it." in told(answer)
    assert SourceVerdict.objects.get().is_held
    assert source_of(cited).is_verified
    assert "1 reader says it supports this" in page(cited)


@pytest.mark.parametrize(
    ("words", "is_held"),
    [
        ("You say that https://new.example.com/a shows it.", True),
        ("You say that New.Example.com shows it.", True),
        ("You say that www.example.com/a?b=c shows it.", True),
        ("You say that example.org shows it.", False),
        ("You say that it carries 39.000 cars, i.e. many, etc.", False),
        ("You say so, no.thing more.", False),
    ],
)
def test_a_site_that_is_new_here_named_by_a_new_account_is_held(cited: Annotation, words: str, is_held: bool) -> None:  # noqa: FBT001
    newcomer = make_reader(date_joined=timezone.now())
    assert make_restatement(of=cited, by=newcomer, body=words).is_held == is_held
    assert remark_on(cited, by=newcomer, remark=words).is_held == is_held


def test_who_has_been_here_for_a_week_names_new_sites(cited: Annotation, bob: User) -> None:
    assert not make_restatement(of=cited, by=bob, body="You say that new.example.com shows it.").is_held


def test_a_site_that_a_moderator_let_stand_is_known(cited: Annotation, warden: User) -> None:
    newcomer = make_reader(date_joined=timezone.now())
    words = "You say that new.example.com shows it."
    let_stand(make_restatement(of=cited, by=newcomer, body=words), warden)
    assert not remark_on(cited, by=newcomer, remark=words).is_held


@pytest.mark.parametrize("kind", ["restatement", "remark"])
def test_a_first_contribution_is_held_where_the_site_wants_that(
    cited: Annotation, bob: User, warden: User, settings: Any, kind: str
) -> None:
    settings.HOLD_FIRST_CONTRIBUTION = True
    is_restatement = kind == "restatement"
    first = make_restatement(of=cited, by=bob) if is_restatement else remark_on(cited, by=bob, remark="On page 2.")
    assert first.held is not None
    assert first.held.details == "the first contribution of this account"
    let_stand(first, warden)
    assert make_annotation(article=cited.article, creator=bob).is_published


def test_a_verdict_without_words_waits_for_nobody(cited: Annotation, bob: User, settings: Any) -> None:
    settings.HOLD_FIRST_CONTRIBUTION = True
    assert not remark_on(cited, by=bob, remark="").is_held
    assert not ModerationEntry.objects.filter(action="detain").exists()


def test_lines_of_moderators_and_samples_are_not_held(cited: Annotation, warden: User) -> None:
    for reader in (warden, make_reader(is_sample=True)):
        assert not make_restatement(of=cited, by=reader, body=WORDS).is_held
        assert not remark_on(cited, by=reader).is_held


def test_what_waits_goes_on_waiting_when_it_is_changed(restated: Restatement, cited: Annotation, bob: User) -> None:
    changed = make_restatement(of=cited, by=bob, body="You say that somebody paid.")
    assert changed.held == restated.held
    assert changed.is_changed_since_held
    assert ModerationEntry.objects.count() == 1


def test_what_stood_waits_when_it_is_changed_to_such_words(cited: Annotation, bob: User) -> None:
    restatement = make_restatement(of=cited, by=bob)
    restating.judge(restatement=restatement, by=cited.creator, judgement="fair", seen=restatement.key)
    changed = make_restatement(of=cited, by=bob, body=WORDS)
    assert (changed.is_held, changed.judgement) == (True, "")


@pytest.mark.parametrize("kind", ["restatement", "remark"])
def test_what_was_let_stand_is_not_looked_at_again(cited: Annotation, bob: User, warden: User, kind: str) -> None:
    if kind == "restatement":
        let_stand(make_restatement(of=cited, by=bob, body=WORDS), warden)
        assert not make_restatement(of=cited, by=bob, body=WORDS).is_held
    else:
        let_stand(remark_on(cited, by=bob), warden)
        assert not remark_on(cited, by=bob, verdict="supports").is_held


def test_a_remark_that_is_taken_out_waits_no_longer(remarked: SourceVerdict, cited: Annotation, bob: User) -> None:
    remark_on(cited, by=bob, remark="")
    assert not current(remarked).is_held
    assert waiting.sums().lines == 0


def test_what_is_taken_back_waits_no_longer(restated: Restatement, cited: Annotation, bob: User) -> None:
    restating.take_back(annotation=cited, by=bob)
    assert waiting.sums().lines == 0


def test_an_answer_stands_while_the_words_that_it_began_with_wait(cited: Annotation, bob: User) -> None:
    form = {"restatement": WORDS, "body": "No.", "token": "7b6c2c9c-5b0f-4b8e-9f0e-2d8a1f1f0f01"}
    answer = signed_in(bob).post(reverse("replies", args=[cited.pk]), form, follow=True)
    assert "A moderator looks first at how you put what ada says." in told(answer)
    assert Annotation.objects.get(parent=cited).is_published
    assert Restatement.objects.get().is_held


# Who sees it


def test_a_line_that_waits_is_seen_by_who_said_it_alone(
    waiting_line: Line, cited: Annotation, bob: User, warden: User
) -> None:
    for reader in (None, make_reader(), cited.creator, warden):
        assert WORDS not in page(cited, reader)
    assert WORDS in page(cited, bob)
    assert WAITS in page(cited, bob)


@pytest.mark.parametrize("who", ["stranger", "ada"])
def test_no_page_shows_a_line_that_waits_to_others(
    restated: Restatement, remarked: SourceVerdict, cited: Annotation, who: str
) -> None:
    client = signed_in(cited.creator if who == "ada" else None)
    slug = cited.article.slug
    for where in (
        cited.article.get_absolute_url(),
        f"{cited.article.get_absolute_url()}p1/",
        reverse("verdicts", args=[source_of(cited).pk]),
        reverse("sources", args=[slug]),
        reverse("disputes", args=[slug]),
        reverse("edition", args=[slug]),
        f"{reverse('news', args=[slug])}?after=0",
        reverse("reader", args=["bob"]),
        reverse("replies", args=[cited.pk]),
        reverse("moderation-log"),
        reverse("moderation-log-feed"),
    ):
        answer = client.get(where)
        assert answer.status_code in {200, 204}, where
        assert "casino" not in answer.content.decode(), where


def test_a_page_of_all_verdicts_shows_one_s_own_line_that_waits(remarked: SourceVerdict, bob: User) -> None:
    answer = told(signed_in(bob).get(reverse("verdicts", args=[remarked.source_id])))
    assert WORDS in answer
    assert WAITS in answer


def test_the_forms_say_that_it_waits(
    restated: Restatement, remarked: SourceVerdict, cited: Annotation, bob: User
) -> None:
    client = signed_in(bob)
    assert "wait for a moderator first" in told(client.get(reverse("restatement", args=[cited.pk])))
    assert "waits for a moderator" in told(client.get(reverse("verdict", args=[remarked.source_id])))


def test_one_s_own_copy_has_a_line_that_waits(restated: Restatement, remarked: SourceVerdict, bob: User) -> None:
    kept = copying.account(bob)
    assert (kept["restatements"][0]["body"], kept["verdicts"][0]["remark"]) == (WORDS, WORDS)


def test_the_copy_of_who_wrote_the_annotation_says_nothing_of_it(any_line: Line, cited: Annotation) -> None:
    kept = copying.account(cited.creator)
    assert (kept["decided_about_what_you_wrote"], kept["decided_about_you"], kept["notices"]) == ([], [], [])


def test_the_record_of_who_wrote_the_annotation_has_nothing_of_it(any_line: Line, panel: Client) -> None:
    assert "Held a line" not in told(panel.get(reverse("record", args=["ada"])))
    assert "Held a line" in told(panel.get(reverse("record", args=["bob"])))


# Who is told


def test_a_restatement_is_told_of_once_and_only_when_it_stands(
    restated: Restatement, cited: Annotation, bob: User, warden: User
) -> None:
    make_restatement(of=cited, by=bob, body=f"{WORDS} Twice.")
    assert not cited.creator.notices.exists()
    let_stand(restated, warden)
    assert cited.creator.notices.get().event == Notice.Event.RESTATED
    assert "put your point in other words" in told(signed_in(cited.creator).get("/notices/"))


def test_what_was_told_of_the_words_before_is_taken_back(cited: Annotation, bob: User) -> None:
    make_restatement(of=cited, by=bob)
    assert cited.creator.notices.count() == 1
    make_restatement(of=cited, by=bob, body=WORDS)
    assert not cited.creator.notices.exists()


def test_who_said_it_is_told_that_it_stands(any_line: Line, bob: User, warden: User) -> None:
    let_stand(any_line, warden)
    notices = told(signed_in(bob).get("/notices/"))
    assert "A moderator let stand what you put beside this: everybody sees it now." in notices
    assert "warden" not in notices


@pytest.mark.parametrize("is_held", [True, False], ids=["that waits", "that stands"])
def test_who_said_it_is_told_why_it_was_removed(waiting_line: Line, bob: User, warden: User, is_held: bool) -> None:  # noqa: FBT001
    if not is_held:
        let_stand(waiting_line, warden)
    remove(waiting_line, warden)
    notices = told(signed_in(bob).get("/notices/"))
    assert "A moderator removed your" in notices
    assert "“It mocks her.”" in notices
    assert "warden" not in notices


def test_of_two_removals_both_reasons_are_told(
    restated: Restatement, remarked: SourceVerdict, bob: User, warden: User
) -> None:
    vetting.remove(line=restated, by=warden, reason="Mocks.", seen=restated.key)
    vetting.remove(line=remarked, by=warden, reason="Insults.", seen=remarked.key)
    notices = told(signed_in(bob).get("/notices/"))
    assert "“Mocks.”" in notices
    assert "“Insults.”" in notices


def test_nobody_judges_what_waits(restated: Restatement, cited: Annotation) -> None:
    with pytest.raises(NotAccepted, match="were taken back"):
        restating.judge(restatement=restated, by=cited.creator, judgement="fair", seen=restated.key)
    form = {"judgement": "fair", "seen": restated.key}
    answer = signed_in(cited.creator).post(reverse("judgement", args=[restated.pk]), form, follow=True)
    assert WORDS not in told(answer)
    assert not Restatement.objects.get().judgement


# Letting it stand, and removing it


def test_what_is_let_stand_everybody_sees(waiting_line: Line, cited: Annotation, warden: User) -> None:
    entry = let_stand(waiting_line, warden)
    assert not current(waiting_line).is_held
    assert WORDS in page(cited)
    assert WAITS not in page(cited)
    assert (entry.action, entry.moderator, entry.reader) == ("pass", warden, waiting_line.writer)
    assert entry.answers == waiting_line.held


def test_a_restatement_that_stands_can_be_judged(restated: Restatement, cited: Annotation, warden: User) -> None:
    let_stand(restated, warden)
    seen = current(restated).key
    assert restating.judge(restatement=restated, by=cited.creator, judgement="fair", seen=seen).is_fair


@pytest.mark.parametrize("is_held", [True, False], ids=["that waits", "that stands"])
def test_a_removed_line_is_gone_and_the_log_keeps_it(waiting_line: Line, warden: User, is_held: bool) -> None:  # noqa: FBT001
    if not is_held:
        let_stand(waiting_line, warden)
    entry = remove(waiting_line, warden)
    assert entry.action == {"restatement": "cut", "remark": "strike"}[waiting_line.kind]
    assert (entry.reason, entry.details) == ("It mocks her.", f"bob: {WORDS}")
    assert (entry.answers is not None) == is_held
    assert waiting.sums().lines == 0


def test_a_removed_remark_leaves_its_verdict(remarked: SourceVerdict, cited: Annotation, warden: User) -> None:
    remove(remarked, warden)
    kept = SourceVerdict.objects.get()
    assert (kept.verdict, kept.remark, kept.changed_at) == ("partly", "", remarked.changed_at)
    assert "1 reader says partly" in page(cited)


def test_what_is_said_of_sources_is_shown_anew(remarked: SourceVerdict, cited: Annotation, warden: User) -> None:
    before = cited.article.activity
    let_stand(remarked, warden)
    cited.article.refresh_from_db()
    between = cited.article.activity
    remove(remarked, warden)
    cited.article.refresh_from_db()
    assert before < between < cited.article.activity


def test_of_two_moderators_the_second_is_told_who_was_faster(waiting_line: Line, warden: User) -> None:
    colleague, seen = make_moderator(username="colleague"), waiting_line.key
    let_stand(waiting_line, warden)
    with pytest.raises(moderating.StaleDecision, match="warden was faster, and let it stand"):
        vetting.let_stand(line=waiting_line, by=colleague, seen=seen)
    with pytest.raises(moderating.StaleDecision, match="warden was faster, and let it stand"):
        vetting.remove(line=waiting_line, by=colleague, reason="Mocks.", seen=seen)
    remove(waiting_line, warden)
    with pytest.raises(moderating.StaleDecision, match="gone already"):
        vetting.let_stand(line=waiting_line, by=colleague, seen=seen)


@pytest.mark.django_db(transaction=True)
def test_of_two_moderators_at_once_one_is_told(any_line: Line, warden: User) -> None:
    seen, refused = any_line.key, list[str]()

    def decide(act: Callable[[], ModerationEntry]) -> None:
        try:
            act()
        except moderating.StaleDecision as error:
            refused.append(error.message)
        finally:
            connection.close()

    colleague = make_moderator(username="colleague")
    acts = (
        lambda: vetting.let_stand(line=any_line, by=warden, seen=seen),
        lambda: vetting.remove(line=any_line, by=colleague, reason="It mocks her.", seen=seen),
    )
    threads = [threading.Thread(target=decide, args=[act]) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(refused) == 1
    assert ModerationEntry.objects.filter(role="moderator").count() == 1


def test_other_words_than_were_read_are_not_decided_about(waiting_line: Line, cited: Annotation, warden: User) -> None:
    bob = waiting_line.writer
    make_restatement(of=cited, by=bob, body=f"{WORDS} Twice.")
    remark_on(cited, by=bob, remark=f"{WORDS} Twice.")
    with pytest.raises(moderating.StaleDecision, match="changed while you were deciding"):
        vetting.let_stand(line=waiting_line, by=warden, seen=waiting_line.key)
    assert current(waiting_line).is_held


def test_who_writes_in_the_thread_decides_nothing(any_line: Line, cited: Annotation, warden: User) -> None:
    make_reply(parent=cited, creator=warden)
    with pytest.raises(moderating.OwnThread, match="You write in this thread"):
        let_stand(any_line, warden)
    with pytest.raises(moderating.OwnThread, match="You write in this thread"):
        remove(any_line, warden)
    assert current(any_line).is_held


def test_nobody_decides_about_their_own_line(cited: Annotation, warden: User) -> None:
    own = make_restatement(of=cited, by=warden)
    with pytest.raises(moderating.OwnThread, match="your own"):
        remove(own, warden)


@pytest.mark.parametrize("who", ["ada", "bob", "reader"])
def test_readers_decide_nothing(any_line: Line, cited: Annotation, bob: User, who: str) -> None:
    reader = {"ada": cited.creator, "bob": bob}.get(who) or make_reader()
    with pytest.raises(PermissionDenied):
        let_stand(any_line, reader)
    with pytest.raises(PermissionDenied):
        remove(any_line, reader)


def test_what_stands_is_not_let_stand(cited: Annotation, warden: User) -> None:
    stands = make_restatement(of=cited)
    with pytest.raises(moderating.Refused, match="does not wait"):
        let_stand(stands, warden)


def test_a_line_makes_no_decision_about_the_annotation_stale(any_line: Line, cited: Annotation, warden: User) -> None:
    seen = cited.key
    let_stand(any_line, make_moderator(username="colleague"))
    entry = moderating.decide(
        Action.HIDE, annotation=cited, by=warden, rule="attack", reason="An insult.", seen=seen, read_to=0
    )
    assert entry.to_state == "hidden"


def test_a_line_keeps_no_decision_about_the_annotation_from_being_undone(
    any_line: Line, cited: Annotation, warden: User
) -> None:
    entry = moderating.hide(annotation=cited, by=warden, rule="attack", reason="An insult.")
    remove(any_line, make_moderator(username="colleague"))
    assert moderating.undo(entry=entry, by=warden).undoes == entry


def test_undoing_a_decision_leaves_what_was_told_of_a_line(restated: Restatement, bob: User, warden: User) -> None:
    entry = moderating.hide(annotation=restated.annotation, by=warden, rule="attack", reason="An insult.")
    let_stand(restated, warden)
    moderating.undo(entry=entry, by=warden)
    assert bob.notices.filter(event=Notice.Event.LINE).exists()


def test_the_public_log_tells_of_it_without_words_and_writer(waiting_line: Line, warden: User) -> None:
    let_stand(waiting_line, warden)
    remove(waiting_line, warden)
    log = told(Client().get(reverse("moderation-log")))
    for what in ("Held a line beside it for a moderator", "Let a line beside it stand", "Removed a"):
        assert what in log
    for hidden in ("casino", "bob", "It mocks her."):
        assert hidden not in log


# Below the annotation


def test_a_moderator_removes_a_remark_where_it_stands(
    remarked: SourceVerdict, cited: Annotation, panel: Client, warden: User
) -> None:
    let_stand(remarked, warden)
    place = reverse("remark-removal", args=[remarked.pk])
    assert place in panel.get(cited.get_absolute_url()).content.decode()
    assert WORDS in told(panel.get(place))
    form = {"reason": "It mocks her.", "seen": current(remarked).key}
    assert "Removed. The log keeps why." in told(panel.post(place, form, follow=True))
    assert SourceVerdict.objects.get().remark == ""


def test_a_removal_of_a_remark_needs_a_reason(remarked: SourceVerdict, panel: Client) -> None:
    answer = panel.post(reverse("remark-removal", args=[remarked.pk]), {"reason": "", "seen": remarked.key})
    assert answer.status_code == 422
    assert "Please say why, in a few words" in told(answer)


def test_a_verdict_without_words_has_nothing_to_remove(cited: Annotation, bob: User, panel: Client) -> None:
    verdict = remark_on(cited, by=bob, remark="")
    assert panel.get(reverse("remark-removal", args=[verdict.pk])).status_code == 404


def test_readers_are_not_offered_to_remove_a_remark(cited: Annotation, bob: User) -> None:
    verdict = remark_on(cited, by=bob, remark="On page 2.")
    place = reverse("remark-removal", args=[verdict.pk])
    reader = signed_in(make_reader())
    assert place not in reader.get(cited.get_absolute_url()).content.decode()
    assert (reader.get(place).status_code, reader.put(place).status_code) == (403, 405)
    assert Client().get(place)["Location"].startswith("/accounts/login/")


# The queue


def test_the_queue_has_the_lines_that_wait(restated: Restatement, remarked: SourceVerdict, panel: Client) -> None:
    answer = panel.get("/admin/")
    assert "0 held, 0 reported, 0 appealed, 2 lines beside annotations" in told(answer)
    assert told(answer).count(WORDS) == 2
    assert "Held: watched words: casino" in told(answer)
    assert answer.content.decode().count('href="/admin/readers/bob/"') == 2
    assert "Nothing waits" not in told(answer)


def test_a_line_that_was_changed_since_says_so(restated: Restatement, bob: User, panel: Client) -> None:
    assert "changed it since" not in told(panel.get("/admin/"))
    make_restatement(of=restated.annotation, by=bob, body=f"{WORDS} Twice.")
    assert "Its writer has changed it since" in told(panel.get("/admin/"))


def test_the_lines_of_one_article_alone(restated: Restatement, bob: User, warden: User) -> None:
    elsewhere = make_annotation(article=make_article(text=ELSEWHERE, slug="elsewhere"))
    other = make_restatement(of=elsewhere, by=bob, body=WORDS)
    assert [each.line for each in waiting.lines(Choice(article="elsewhere"), by=warden)] == [other]
    assert [each.line for each in waiting.lines(Choice(), by=warden)] == [restated, other]
    assert {(line.slug, line.number) for line in waiting.articles()} == {
        ("elsewhere", 1),
        (restated.annotation.article.slug, 1),
    }


def test_a_moderator_lets_a_line_stand_in_the_queue(
    restated: Restatement, remarked: SourceVerdict, panel: Client
) -> None:
    answer = panel.post(address(restated), {"action": "stand", "seen": restated.key, "reason": ""})
    assert answer["Location"].endswith(f"#case-remark-{remarked.pk}")
    page_after = told(panel.get(answer["Location"]))
    assert f"Let a line beside it stand: bob: {WORDS}" in page_after
    assert "1 line beside an annotation" in page_after
    assert not current(restated).is_held


def test_a_moderator_removes_a_line_in_the_queue(restated: Restatement, panel: Client) -> None:
    form = {"action": "remove", "seen": restated.key, "reason": "It mocks her."}
    answer = panel.post(address(restated), form)
    assert answer["Location"].endswith("#lines")
    assert "Removed another reader’s words for it" in told(panel.get(answer["Location"]))
    assert not Restatement.objects.exists()


def test_removing_a_line_needs_a_reason(any_line: Line, panel: Client) -> None:
    answer = panel.post(address(any_line), {"action": "remove", "seen": any_line.key, "reason": " "})
    assert answer.status_code == 422
    assert "Please say why, in a few words" in told(answer)
    assert any_line.line in told(answer)
    assert current(any_line).is_held


@pytest.mark.parametrize("missing", ["action", "seen"])
def test_a_form_that_is_not_complete_decides_nothing(any_line: Line, panel: Client, missing: str) -> None:
    form = {"action": "stand", "seen": any_line.key, "reason": "Fine words."} | {missing: ""}
    answer = panel.post(address(any_line), form)
    assert answer.status_code == 422
    assert "This form was not complete." in told(answer)
    assert "Fine words." in told(answer)
    assert current(any_line).is_held


def test_what_changed_meanwhile_is_shown_with_what_was_typed(restated: Restatement, bob: User, panel: Client) -> None:
    make_restatement(of=restated.annotation, by=bob, body="You say that she paid the casino.")
    answer = panel.post(address(restated), {"action": "remove", "seen": restated.key, "reason": "It mocks her."})
    assert answer.status_code == 409
    for words in ("changed while you were deciding", "You say that she paid the casino.", "It mocks her."):
        assert words in told(answer)
    assert f'value="{current(restated).key}"' in answer.content.decode()


def test_what_is_gone_meanwhile_is_said(restated: Restatement, bob: User, panel: Client) -> None:
    restating.take_back(annotation=restated.annotation, by=bob)
    answer = panel.post(address(restated), {"action": "stand", "seen": restated.key}, follow=True)
    assert "It is gone already, so nothing was done." in told(answer)
    assert panel.get(address(restated)).status_code == 404


def test_who_writes_in_the_thread_is_told_so_in_the_queue(any_line: Line, panel: Client, warden: User) -> None:
    make_reply(parent=any_line.beside, creator=warden)
    assert "You write in this thread" in told(panel.get("/admin/"))
    assert "Let it stand" not in told(panel.get(address(any_line)))
    answer = panel.post(address(any_line), {"action": "stand", "seen": any_line.key})
    assert answer.status_code == 422
    assert current(any_line).is_held


def test_only_moderators_look_at_lines(any_line: Line, bob: User) -> None:
    assert signed_in(None).get(address(any_line))["Location"].startswith("/accounts/login/")
    for act in (signed_in(bob).get, signed_in(bob).post):
        answer = act(address(any_line))
        assert answer.status_code in {302, 403}
        assert any_line.line not in answer.content.decode()


def test_a_line_is_only_got_and_posted(any_line: Line, panel: Client) -> None:
    assert panel.get(address(any_line)).status_code == 200
    assert panel.put(address(any_line)).status_code == 405
    assert panel.get(reverse("line", args=["poem", any_line.pk])).status_code == 404


def test_twenty_lines_cost_the_queue_as_many_queries_as_two(
    cited: Annotation, panel: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for _ in range(2):
        for _ in range(10):
            make_restatement(of=cited, body=WORDS)
            remark_on(cited, by=make_reader())
        panel.get("/admin/")
        # Session, person, their permissions twice, cases, sums twice, articles twice, lines of three kinds, and in
        # which threads one writes; templates.
        with django_assert_num_queries(14):
            answer = panel.get("/admin/")
    assert told(answer).count(WORDS) == waiting.MOST_LINES
    assert "The 20 that wait longest of 40." in told(answer)


# Archived copies


def test_a_copy_on_a_site_that_is_new_here_from_a_new_account_waits(cited: Annotation) -> None:
    newcomer, source = make_reader(date_joined=timezone.now()), source_of(cited)
    client = signed_in(newcomer)
    form = {"archived_url": "https://elsewhere.example/count.pdf"}
    answer = client.post(reverse("archived-copy", args=[source.pk]), form, follow=True)
    assert "Kept. A moderator looks at it first; until then only you see it." in told(answer)
    assert Document.objects.get().archived_url == ""
    page_of_form = client.get(reverse("archived-copy", args=[source.pk]))
    assert "waits for a moderator" in told(page_of_form)
    assert form["archived_url"] in page_of_form.content.decode()


def test_a_copy_in_an_archive_is_shown_at_once(cited: Annotation) -> None:
    source = source_of(cited)
    url = f"https://web.archive.org/web/2020/{source.url}"
    given = archiving.give(source=source, by=make_reader(date_joined=timezone.now()), url=url)
    assert given.archived_url == url


def test_a_copy_that_waits_is_shown_to_nobody_else(offered: OfferedCopy, cited: Annotation, warden: User) -> None:
    for reader in (None, cited.creator, warden):
        answer = signed_in(reader).get(cited.get_absolute_url())
        assert "elsewhere.example" not in answer.content.decode()
    form = signed_in(make_reader()).get(reverse("archived-copy", args=[offered.source_id]))
    assert "elsewhere.example" not in form.content.decode()


def test_a_copy_that_is_let_stand_is_the_document_s(offered: OfferedCopy, warden: User) -> None:
    activity = offered.beside.article.activity
    let_stand(offered, warden)
    document = Document.objects.select_related("article").get()
    assert (document.archived_url, document.archived_by) == (COPY, offered.reader)
    assert document.article.activity > activity
    assert not OfferedCopy.objects.exists()


def test_a_copy_that_is_removed_leaves_the_one_there_was(offered: OfferedCopy, bob: User, warden: User) -> None:
    Document.objects.update(archived_url="https://perma.cc/AB-12", archived_by=bob)
    entry = remove(offered, warden)
    assert (entry.action, entry.details) == ("unlink", f"bob: {COPY}")
    assert Document.objects.get().archived_url == "https://perma.cc/AB-12"
    assert "took away the archived copy that you gave here" in told(signed_in(bob).get("/notices/"))


def test_a_copy_that_waits_keeps_nobody_from_giving_another(offered: OfferedCopy, warden: User, panel: Client) -> None:
    other = make_reader(username="carl")
    archiving.give(source=offered.source, by=other, url="https://perma.cc/AB-12")
    answer = panel.post(address(offered), {"action": "stand", "seen": offered.key})
    assert answer.status_code == 422
    assert "carl has given an archived copy meanwhile" in told(answer)
    assert Document.objects.get().archived_by == other


def test_a_copy_that_waits_is_changed_and_taken_away_by_who_gave_it(offered: OfferedCopy, bob: User) -> None:
    archiving.give(source=offered.source, by=bob, url="https://perma.cc/AB-12")
    assert OfferedCopy.objects.get().url == "https://perma.cc/AB-12"
    assert OfferedCopy.objects.get().is_held
    form = {"take-away": "1", "archived_url": ""}
    assert signed_in(bob).post(reverse("archived-copy", args=[offered.source_id]), form).status_code == 302
    assert not OfferedCopy.objects.exists()


def test_the_same_copy_again_changes_nothing(offered: OfferedCopy, bob: User) -> None:
    archiving.give(source=offered.source, by=bob, url=COPY)
    assert current(offered).key == offered.key


def test_one_s_own_copy_has_an_address_that_waits(offered: OfferedCopy, bob: User) -> None:
    assert copying.account(bob)["archived_copies_that_wait"][0]["url"] == COPY


def test_a_copy_that_waits_goes_with_the_account(offered: OfferedCopy, bob: User) -> None:
    departing.forget(bob)
    assert not OfferedCopy.objects.exists()


# Counting


def test_lines_are_counted_in_the_last_thirty_days(waiting_line: Line, warden: User) -> None:
    lately = caseload.lately()
    assert (lately.came_count, lately.decided_count) == (1, 0)
    let_stand(waiting_line, warden)
    remove(waiting_line, warden)
    lately = caseload.lately()
    assert (lately.came_count, lately.decided_count, lately.median) == (1, 1, "1 minute")


def test_the_last_moderator_does_not_leave_while_a_line_waits(any_line: Line, warden: User) -> None:
    assert departing.refusal(warden)
    let_stand(any_line, warden)
    assert not departing.refusal(warden)


# With all that an account wrote


def test_a_purge_takes_all_lines_out_of_sight_and_its_undoing_gives_them_back(
    cited: Annotation, bob: User, warden: User
) -> None:
    stands = make_restatement(of=cited, by=bob, body="You say that it was counted.")
    remark = verdicts.give(source=cited.sources.get(), by=bob, verdict="partly", remark="Only half of it.")
    archiving.give(
        source=cited.sources.get(), by=bob, url="https://web.archive.org/web/2020/" + cited.sources.get().url
    )
    batch = restraining.purge(reader=bob, by=warden, reason="A spammer.")
    remark.refresh_from_db()
    assert not Restatement.objects.visible_to(warden).exists()
    assert remark.is_held
    assert not Document.objects.exclude(archived_url="").exists()
    assert waiting.sums().lines == 0
    restraining.unpurge(batch=batch, by=warden, reason="The wrong account.")
    remark.refresh_from_db()
    assert Restatement.objects.visible_to(warden).get() == stands
    assert not remark.is_held
    assert Document.objects.get().archived_by == bob
    assert not OfferedCopy.objects.exists()


def test_what_waited_before_a_purge_waits_after_its_undoing(restated: Restatement, bob: User, warden: User) -> None:
    held = restated.held
    batch = restraining.purge(reader=bob, by=warden, reason="A spammer.")
    restated.refresh_from_db()
    assert restated.held != held
    assert not Restatement.objects.held().exists()
    restraining.unpurge(batch=batch, by=warden, reason="The wrong account.")
    restated.refresh_from_db()
    assert restated.held == held


def test_a_purge_says_how_many_lines_there_are_and_of_these_alone_it_is_undone(
    restated: Restatement, bob: User, panel: Client
) -> None:
    assert "(1: restatements, remarks, archived copies)" in panel.get(reverse("purge", args=["bob"])).content.decode()
    restraining.purge(reader=bob, by=make_moderator(username="other"), reason="A spammer.")
    assert "Undo the purge" in panel.get(reverse("record", args=["bob"])).content.decode()
    panel.post(reverse("unpurge", args=["bob"]), {"reason": "The wrong account."})
    assert Restatement.objects.held().get() == restated
