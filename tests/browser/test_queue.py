"""The moderators' queue under a keyboard, under a thumb, and without a script."""

from collections.abc import Callable

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from annotations import appealing, moderating, reporting
from annotations.models import Annotation, Restatement, WatchedTerm
from reader.models import Article
from tests.browser import hands
from tests.browser.conftest import PHONE, NewPage
from tests.factories import make_annotation, make_moderator, make_reader, make_restatement, make_source


@pytest.fixture
def reported(first_article: Article) -> list[Annotation]:
    """Give three that were reported, one after the other, and one whose writer appeals."""
    sources = [make_source(url="https://paper.example.com/count")]
    made = [make_annotation(article=first_article, exact="soft on crime", body=f"Number {n}.") for n in (1, 2)]
    made.append(make_annotation(article=first_article, kind="source", body="Number 3.", sources=sources))
    for annotation in made:
        reporting.report(annotation=annotation, by=make_reader(), reason="attack", details="Not the first time.")
    hidden = make_annotation(article=first_article, creator=make_reader(username="bea"))
    colleague = make_moderator(username="colleague")
    moderating.hide(annotation=hidden, by=colleague, rule="attack", reason="An insult.")
    appealing.appeal(annotation=hidden, by=hidden.creator, words="It was a quotation.")
    return made


@pytest.fixture
def held(first_article: Article) -> Restatement:
    """Give words for another's point that wait for a moderator."""
    WatchedTerm.objects.create(words="casino")
    return make_restatement(of=make_annotation(article=first_article), body="You say that the casino paid for it.")


@pytest.fixture
def warden() -> str:
    return make_moderator(username="warden").username


def state_of(annotation: Annotation) -> str:
    return Annotation.objects.get(pk=annotation.pk).state


def case(page: Page, annotation: Annotation) -> str:
    return f"#case-{annotation.pk}"


def test_a_moderator_goes_through_the_queue_with_keys_alone(
    signed_in_page: NewPage, reported: list[Annotation], warden: str
) -> None:
    page = signed_in_page(warden)
    page.goto("/admin/")
    page.keyboard.press("j")
    expect(page.locator(case(page, reported[0]))).to_be_focused()
    page.keyboard.press("n")
    expect(page.locator(case(page, reported[1]))).to_be_focused()
    page.keyboard.press("s")
    expect(page.locator("#done")).to_contain_text("Marked as spam: Note")
    # The keys go on with the next.
    expect(page.locator(case(page, reported[2]))).to_be_focused()
    assert state_of(reported[1]) == "spam"
    page.get_by_role("button", name="Undo this decision").press("Enter")
    expect(page.locator(".messagelist")).to_contain_text("Undone: Note")
    assert state_of(reported[1]) == "published"


def test_a_key_for_what_needs_a_rule_leads_to_it_first(
    signed_in_page: NewPage, reported: list[Annotation], warden: str
) -> None:
    page = signed_in_page(warden)
    page.goto("/admin/")
    page.keyboard.press("j")
    page.keyboard.press("h")
    first = page.locator(case(page, reported[0]))
    expect(first.get_by_label("Rule")).to_be_focused()
    # In a field letters are letters.
    page.keyboard.press("h")
    assert state_of(reported[0]) == "published"
    first.get_by_label("Begin with").select_option(label="An attack on a person")
    expect(first.get_by_label("Rule")).to_have_value("attack")
    expect(first.get_by_label("Why")).not_to_be_empty()
    first.focus()
    page.keyboard.press("h")
    expect(page.locator("#done")).to_contain_text("Hidden: Note")


def test_the_keys_are_told_and_can_be_switched_off(
    signed_in_page: NewPage, reported: list[Annotation], warden: str
) -> None:
    page = signed_in_page(warden)
    page.goto("/admin/")
    page.keyboard.press("?")
    keys = page.get_by_role("dialog", name="Keys")
    keys.get_by_label("Use the keys").uncheck()
    keys.get_by_role("button", name="Close").click()
    page.reload()
    page.keyboard.press("j")
    expect(page.locator(case(page, reported[0]))).not_to_be_focused()


def test_everything_is_done_without_a_script(signed_in_page: NewPage, reported: list[Annotation], warden: str) -> None:
    page = signed_in_page(warden, java_script_enabled=False)
    page.goto("/admin/")
    first = page.locator(case(page, reported[0]))
    first.get_by_label("Begin with").select_option(label="An attack on a person")
    first.get_by_role("button", name="Use it").click()
    page.get_by_role("button", name="Hide").click()
    expect(page.locator("#done")).to_contain_text("Hidden: Note")
    assert state_of(reported[0]) == "hidden"


def test_a_moderator_decides_about_lines_with_keys_alone(
    signed_in_page: NewPage, reported: list[Annotation], held: Restatement, warden: str
) -> None:
    page = signed_in_page(warden)
    page.goto("/admin/#lines")
    line = page.locator(f"#case-restatement-{held.pk}")
    line.focus()
    page.keyboard.press("x")
    expect(line.get_by_label("Why")).to_be_focused()
    page.keyboard.type("It mocks her.")
    line.focus()
    page.keyboard.press("x")
    expect(page.locator("#lines [role=status]")).to_contain_text("Removed another reader’s words for it")
    assert not Restatement.objects.exists()


def test_a_line_is_let_stand_without_a_script(signed_in_page: NewPage, held: Restatement, warden: str) -> None:
    page = signed_in_page(warden, java_script_enabled=False)
    page.goto("/admin/")
    page.get_by_role("button", name="Let it stand").click()
    expect(page.locator("#lines [role=status]")).to_contain_text("Let a line beside it stand")
    held.refresh_from_db()
    assert not held.is_held


def test_the_pages_of_moderators_fit_a_phone_and_keep_the_rules(
    signed_in_page: NewPage,
    reported: list[Annotation],
    held: Restatement,
    warden: str,
    check_accessibility: Callable[..., None],
) -> None:
    article = reported[0].article
    places = ["/admin/", reverse("case", args=[reported[2].pk]), reverse("figures")]
    places += [reverse(name, args=["bea"]) for name in ("record", "purge")]
    places += [reverse("restraints", args=[article.slug]), reverse("line", args=[held.kind, held.pk])]
    wide = signed_in_page(warden)
    phone = signed_in_page(warden, **PHONE)
    too_wide = []
    for place in places:
        wide.goto(place)
        check_accessibility(wide)
        phone.goto(place)
        too_wide += [place] if hands.is_wider_than_the_screen(phone) else []
        assert not phone.locator("#content-main button:visible").evaluate_all(
            "buttons => buttons.filter((one) => one.getBoundingClientRect().height < 44).map((one) => one.outerHTML)"
        )
    assert too_wide == []
