"""A paragraph's page without the text around it: what is done there finds its place, and no browser complains."""

from playwright.sync_api import Locator, Page, expect

from annotations.models import Annotation
from reader.models import Article, User
from tests.browser import hands
from tests.browser.conftest import NewPage
from tests.factories import make_annotation, make_reader

SENTENCE = "Of those, three issues concern law enforcement cooperation."
WORDS = "suspension or termination of cooperation"


def opened(page: Page, annotation: Annotation) -> Locator:
    """Open the page of the third paragraph alone, and give an annotation's post there."""
    page.goto(f"{annotation.article.get_absolute_url()}p3/?at={annotation.pk}")
    expect(page.locator("html")).to_have_class("is-scripted")
    return page.locator(f"#annotation-{annotation.pk}")


def expect_said(page: Page, words: str) -> None:
    expect(page.locator("#announcer")).to_contain_text(words)


def test_readers_judge_and_answer_on_the_page_alone(signed_in_page: NewPage, first_article: Article) -> None:
    found = make_annotation(article=first_article, kind="source", exact=WORDS, creator=make_reader(username="bob"))
    page = signed_in_page("ada")
    post = opened(page, found)
    page.locator(f"#agree-{found.pk}").click()
    expect(page.locator(f"#agree-{found.pk}")).to_have_attribute("aria-pressed", "true")
    hands.more(post, "This changed my mind")
    expect(post.locator(".stand")).to_contain_text("Changed your mind")
    post.locator(".rate").get_by_role("link", name="Yes").click()
    page.get_by_role("checkbox", name="Good sources", exact=True).check()
    page.get_by_role("button", name="Keep it").click()
    expect_said(page, "Kept. Thank you for rating it.")
    post.get_by_role("link", name="Opened it?").click()
    page.get_by_role("radio", name="Partly").check()
    page.get_by_role("button", name="Keep it").click()
    expect_said(page, "Kept. Thank you for looking.")
    post.get_by_role("link", name="Reply to bob").click()
    page.get_by_label("Your answer").fill("And where in it?")
    page.get_by_role("button", name="Post reply").click()
    expect(page.locator(".replies .post")).to_contain_text("And where in it?")
    hands.more(post, "Report")
    page.get_by_role("radio", name="Spam").check()
    page.get_by_role("button", name="Report").click()
    expect_said(page, "Reported.")


def test_a_request_is_asked_joined_and_passed_on_on_the_page_alone(
    signed_in_page: NewPage, first_article: Article
) -> None:
    question = make_annotation(article=first_article, kind="question", exact=SENTENCE, creator=make_reader(), body="")
    bob, ada = signed_in_page("bob"), signed_in_page("ada")
    post = opened(bob, question)
    post.get_by_role("button", name="Ask too").click()
    expect(post).to_contain_text("2 readers ask this")
    other = bob.get_by_role("button", name="Source? Ask for that of sentence 1")
    bob.locator(".bare").evaluate_all("folds => folds.forEach((fold) => { fold.open = true; })")
    other.click()
    expect(other).to_have_attribute("aria-pressed", "true")
    expect(bob.locator("#threads .thread")).to_have_count(2)

    own = make_annotation(
        article=first_article, kind="question", exact=WORDS, creator=User.objects.get(username="ada"), body=""
    )
    post = opened(bob, own)
    post.get_by_role("button", name="Ask too").click()
    expect(post).to_contain_text("2 readers ask this")
    post = opened(ada, own)
    hands.more(post, "Withdraw")
    ada.get_by_role("button", name="Withdraw").click()
    expect(ada.locator(f"#thread-{own.pk}")).to_contain_text("You can undo this")
    heir = Annotation.objects.published().latest("pk")
    expect(ada.locator(f"#annotation-{heir.pk}")).to_contain_text("1 reader asks this.")
    ada.get_by_role("button", name="Undo").click()
    expect(ada.locator(f"#annotation-{own.pk}")).to_contain_text("2 readers ask this")
    expect(ada.locator(f"#annotation-{heir.pk}")).to_have_count(0)


def test_what_is_beside_a_filter_is_asked_too_beside_its_sentence(
    signed_in_page: NewPage, first_article: Article
) -> None:
    make_annotation(article=first_article, kind="question", exact=SENTENCE, body="")
    page = signed_in_page("ada")
    page.goto(f"{first_article.get_absolute_url()}p3/?show=note")
    button = page.get_by_role("button", name="Source? Ask for that of sentence 3")
    page.locator(".bare").evaluate_all("folds => folds.forEach((fold) => { fold.open = true; })")
    button.click()
    expect(button).to_have_attribute("aria-pressed", "true")
