"""Readers who answer each other: quotations, folded answers, links to be copied, wordings, and the way back."""

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from annotations import annotating
from annotations.models import Annotation
from reader.models import Article, User
from tests.browser import hands
from tests.browser.conftest import PHONE, NewPage
from tests.browser.test_accessibility import Check
from tests.factories import make_annotation, make_reader, make_reply

WORDS = "soft on crime"
BODY = "They say so in **May**, and not in June."


@pytest.fixture
def note(first_article: Article) -> Annotation:
    return make_annotation(article=first_article, exact=WORDS, creator=make_reader(username="bob"), body=BODY)


@pytest.fixture
def answers(note: Annotation) -> list[Annotation]:
    """Give the answers of a thread so long that it begins folded, with a branch that folds by itself."""
    first = [make_reply(parent=note, body=f"Answer {number}.") for number in range(10)]
    return first + [make_reply(parent=first[0], body=f"Below, {number}.") for number in range(4)]


def opened(page: Page, note: Annotation) -> Locator:
    """Open the article's panel at an annotation, and give its thread."""
    hands.open_article(page, note.article)
    page.locator(f'.entry a[data-id="{note.pk}"]').click()
    thread = page.locator(f"#panel #thread-{note.pk}")
    expect(thread).to_be_visible()
    return thread


def select_in(post: Locator, words: str) -> None:
    post.locator(".body").evaluate(
        """(body, words) => {
          const walker = document.createTreeWalker(body, NodeFilter.SHOW_TEXT);
          for (let node = walker.nextNode(); node; node = walker.nextNode()) {
            const at = node.textContent.indexOf(words);
            if (at >= 0) return getSelection().setBaseAndExtent(node, at, node, at + words.length);
          }
        }""",
        words,
    )


def post_of(page: Page | Locator, annotation: Annotation) -> Locator:
    return page.locator(f"#annotation-{annotation.pk}")


# Quoting


def test_selected_words_of_a_post_are_quoted_and_nothing_else(signed_in_page: NewPage, note: Annotation) -> None:
    page = signed_in_page("ada")
    thread = opened(page, note)
    select_in(thread, "not in June")
    hands.more(thread.locator(".post").first, "Quote")
    field = thread.get_by_label("Your answer")
    expect(field).to_have_value("bob wrote:\n\n> not in June\n\n")
    expect(field).to_be_focused()
    page.keyboard.type("In July?")
    thread.get_by_role("button", name="Post reply").click()
    answer = thread.locator(".replies .post")
    expect(answer.locator("blockquote")).to_have_text("not in June")
    expect(answer.locator(".body > p").last).to_have_text("In July?")
    expect(answer).to_be_focused()


def test_a_second_quotation_comes_below_what_was_written(signed_in_page: NewPage, note: Annotation) -> None:
    page = signed_in_page("ada")
    thread = opened(page, note)
    select_in(thread, "They say so")
    hands.more(thread.locator(".post").first, "Quote")
    field = thread.get_by_label("Your answer")
    expect(field).to_be_focused()
    page.keyboard.type("Who?")
    select_in(thread, "not in June")
    hands.more(thread.locator(".post").first, "Quote")
    expect(field).to_have_value("bob wrote:\n\n> They say so\n\nWho?\n\nbob wrote:\n\n> not in June\n\n")


def test_without_scripts_all_of_it_is_quoted(signed_in_page: NewPage, note: Annotation) -> None:
    page = signed_in_page("ada", java_script_enabled=False)
    page.goto(note.get_absolute_url())
    hands.more(page.locator(".post").first, "Quote")
    expect(page.get_by_label("Your answer")).to_have_value(f"bob wrote:\n\n> {BODY}\n\n")


def test_a_cancelled_answer_gives_the_focus_back(signed_in_page: NewPage, note: Annotation) -> None:
    thread = opened(signed_in_page("ada"), note)
    thread.get_by_role("link", name="Reply to bob").click()
    expect(thread.get_by_label("Your answer")).to_be_focused()
    thread.get_by_role("link", name="Cancel").click()
    expect(thread.get_by_role("link", name="Reply to bob")).to_be_focused()
    expect(thread.get_by_label("Your answer")).to_have_count(0)


def test_an_answer_that_says_nothing_leaves_the_thread_and_says_what_is_missing(
    signed_in_page: NewPage, note: Annotation
) -> None:
    thread = opened(signed_in_page("ada"), note)
    thread.get_by_role("link", name="Reply to bob").click()
    thread.get_by_role("button", name="Post reply").click()
    expect(thread.get_by_text("Please write something.")).to_be_visible()
    expect(thread.locator(".body").first).to_contain_text("They say so")


# Folding, and links


def test_a_long_thread_unfolds_by_hand_branch_by_branch(
    page: Page, note: Annotation, answers: list[Annotation]
) -> None:
    thread = opened(page, note)
    expect(post_of(thread, answers[0])).to_be_hidden()
    thread.get_by_text("14 replies").click()
    expect(post_of(thread, answers[0])).to_be_visible()
    expect(post_of(thread, answers[-1])).to_be_hidden()
    thread.get_by_text("4 more below it").click()
    expect(post_of(thread, answers[-1])).to_be_visible()


@pytest.mark.parametrize("has_scripts", [True, False], ids=["with scripts", "without scripts"])
def test_a_link_to_a_folded_reply_shows_it(
    signed_in_page: NewPage, note: Annotation, answers: list[Annotation], *, has_scripts: bool
) -> None:
    page = signed_in_page("ada", java_script_enabled=has_scripts)
    page.goto(note.get_absolute_url())
    expect(post_of(page, answers[-1])).to_be_hidden()
    page.goto(answers[-1].get_absolute_url())
    expect(post_of(page, answers[-1])).to_be_visible()
    expect(page.get_by_role("heading", level=1)).to_have_text(f"Reply by {answers[-1].creator}")


def test_where_the_indent_ends_a_link_leads_to_what_is_answered(page: Page, note: Annotation) -> None:
    deep = [note]
    for name in ("ada", "cleo", "dora", "emil", "finn"):
        deep.append(make_reply(parent=deep[-1], creator=make_reader(username=name)))
    thread = opened(page, note)
    address = page.url
    post_of(thread, deep[5]).get_by_role("link", name="emil").click()
    expect(post_of(thread, deep[4])).to_be_focused()
    assert page.url == address


def test_the_link_of_a_post_goes_to_the_clipboard(page: Page, note: Annotation, live_server: object) -> None:
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    thread = opened(page, note)
    hands.more(thread, "Copy link")
    expect(thread.get_by_role("button", name="Link copied")).to_be_visible()
    expect(page.locator("#announcer")).to_have_text("Link copied.")
    assert page.evaluate("navigator.clipboard.readText()") == f"{live_server}{note.get_absolute_url()}"


def test_a_refused_clipboard_shows_the_link_to_be_copied_by_hand(
    page: Page, note: Annotation, live_server: object
) -> None:
    page.add_init_script("navigator.clipboard.writeText = () => Promise.reject(new Error('refused'))")
    page.goto(note.get_absolute_url())
    hands.more(page.locator(".post"), "Copy link")
    field = page.get_by_label("Copy the link from here")
    expect(field).to_be_focused()
    expect(field).to_have_value(f"{live_server}{note.get_absolute_url()}")
    assert page.evaluate("getSelection().toString()") == f"{live_server}{note.get_absolute_url()}"


def test_without_scripts_there_is_no_control_that_does_nothing(no_script_page: Page, note: Annotation) -> None:
    no_script_page.goto(note.get_absolute_url())
    no_script_page.get_by_text("More", exact=True).click()
    expect(no_script_page.get_by_role("link", name="Report")).to_be_visible()
    expect(no_script_page.get_by_role("button", name="Copy link")).to_have_count(0)


# Wordings


def test_the_wordings_unfold_below_the_post_and_fold_again(page: Page, note: Annotation) -> None:
    annotating.edit(annotation=note, by=note.creator, version=1, body="They say so in **April**, and not in June.")
    thread = opened(page, note)
    thread.get_by_role("link", name="Edited").click()
    wordings = thread.get_by_role("region", name="Wordings")
    expect(wordings).to_be_focused()
    expect(wordings.locator("del").nth(1)).to_have_text("May")
    expect(wordings.locator("ins").nth(1)).to_have_text("April")
    wordings.get_by_role("link", name="Close").click()
    expect(thread.get_by_role("link", name="Edited")).to_be_focused()


def test_the_wordings_are_a_page_too(no_script_page: Page, note: Annotation) -> None:
    annotating.edit(annotation=note, by=note.creator, version=1, body="They say so in **April**, and not in June.")
    no_script_page.goto(note.get_absolute_url())
    no_script_page.get_by_role("link", name="Edited").click()
    expect(no_script_page.locator(".step")).to_have_count(2)
    expect(no_script_page.locator(".step ins")).to_have_text("April")
    no_script_page.get_by_role("link", name="As it stands, in its thread").click()
    expect(no_script_page).to_have_url(re.compile(f"{note.get_absolute_url()}$"))


# Withdrawing, and back


def test_a_withdrawal_is_undone_in_place(signed_in_page: NewPage, note: Annotation) -> None:
    page = signed_in_page("bob")
    thread = opened(page, note)
    hands.more(thread, "Withdraw")
    thread.get_by_role("button", name="Withdraw").click()
    expect(hands.marked(page, WORDS)).to_have_count(0)
    expect(post_of(thread, note)).to_be_focused()
    page.keyboard.press("Tab")
    expect(thread.get_by_role("button", name="Undo")).to_be_focused()
    page.keyboard.press("Enter")
    expect(thread.locator(".body")).to_contain_text("They say so")
    expect(hands.marked(page, WORDS)).to_have_count(1)
    expect(post_of(thread, note)).to_be_focused()
    assert Annotation.objects.get().is_published


def test_a_withdrawal_is_undone_without_scripts_on_another_day(signed_in_page: NewPage, note: Annotation) -> None:
    page = signed_in_page("bob", java_script_enabled=False)
    page.goto(note.get_absolute_url())
    hands.more(page.locator(".post"), "Withdraw")
    page.get_by_role("button", name="Withdraw").click()
    expect(page.get_by_role("button", name="Undo")).to_be_visible()
    row = re.search(r"/p\d+/", page.get_by_role("link", name="All that is said there").get_attribute("href") or "")
    assert row
    page.goto(f"{note.article.get_absolute_url()}{row[0].strip('/')}/")
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_text("It stands again as it stood.")).to_be_visible()
    assert Annotation.objects.get().is_published


# Everywhere


@pytest.mark.parametrize("width", [320, 390])
def test_a_deep_and_long_thread_can_be_read_on_a_phone(
    signed_in_page: NewPage, note: Annotation, answers: list[Annotation], width: int
) -> None:
    deepest = answers[-1]
    for number in range(6):
        deepest = make_reply(parent=deepest, body=f"Word {number} " + "verylongwordwithoutanyspace" * 4)
    page = signed_in_page("ada", **PHONE | {"viewport": {"width": width, "height": 800}})
    page.goto(deepest.get_absolute_url())
    assert not hands.is_wider_than_the_screen(page)
    box = post_of(page, deepest).locator(".body").bounding_box()
    assert box
    assert box["width"] > 0.6 * width


def test_threads_in_all_their_states_are_accessible(
    signed_in_page: NewPage, note: Annotation, answers: list[Annotation], check_accessibility: Check
) -> None:
    ada = make_reader(username="ada")
    annotating.edit(annotation=note, by=note.creator, version=1, body="Otherwise.")
    own = make_reply(parent=note, creator=ada)
    annotating.withdraw(annotation=own, by=ada)
    annotating.withdraw(annotation=answers[0], by=User.objects.get(pk=answers[0].creator_id))
    page = signed_in_page("ada")
    page.goto(own.get_absolute_url())
    hands.more(post_of(page, answers[1]), "Report")
    expect(page.locator(".reporting :focus")).to_have_count(1)
    page.get_by_role("link", name="Edited").click()
    expect(page.get_by_role("region", name="Wordings")).to_be_visible()
    check_accessibility(page)
    page.locator(".more-acts summary").first.click()
    check_accessibility(page)
    page.goto(f"{note.get_absolute_url()}wordings/")
    check_accessibility(page)
