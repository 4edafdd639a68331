"""What readers do with their hands: drag over words, touch them, fill forms and look where things are."""

from typing import Any

from playwright.sync_api import Locator, Page, expect

from reader.models import Article
from tests.factories import PASSWORD

# Gives where words stand on the screen: the middle of the first letter's left edge and of the last letter's right edge.
_ENDS_OF = """
([first, last]) => {
  const letters = (words, isLast) => {
    for (const block of document.querySelectorAll(".rows .text")) {
      const at = block.textContent.indexOf(words);
      if (at < 0) continue;
      const wanted = isLast ? at + words.length : at;
      const walker = document.createTreeWalker(block, NodeFilter.SHOW_TEXT);
      let passed = 0;
      for (let node = walker.nextNode(); node; node = walker.nextNode()) {
        const end = passed + node.length;
        if (isLast ? wanted > passed && wanted <= end : wanted >= passed && wanted < end) {
          const range = document.createRange();
          range.setStart(node, wanted - passed);
          range.setEnd(node, wanted - passed);
          return range;
        }
        passed = end;
      }
    }
    throw new Error(`not in the text: ${words}`);
  };
  const from = letters(first, false);
  from.startContainer.parentElement.closest(".row").scrollIntoView({ block: "center", behavior: "instant" });
  const ends = [from, letters(last, true)].map((range) => range.getBoundingClientRect());
  return ends.map(({ x, y, height }) => [x, y + height / 2]);
}
"""


# Gives the place on the screen of the words that a form was opened for.
BOX_OF_CHOSEN = "[...CSS.highlights.get('chosen')][0].getBoundingClientRect().toJSON()"


def open_article(page: Page, article: Article) -> None:
    """Open the reading page and wait for what makes it smooth."""
    page.goto(article.get_absolute_url())
    expect(page.locator("html")).to_have_class("is-scripted")
    page.evaluate("document.fonts.ready")


def select(page: Page, words: str, *, to: str = "") -> None:
    """Drag the mouse over words of the text, or from one quotation to the end of another."""
    (x, y), (right, bottom) = page.evaluate(_ENDS_OF, [words, to or words])
    page.mouse.move(x + 0.5, y)
    page.mouse.down()
    page.mouse.move((x + right) / 2, (y + bottom) / 2)
    page.mouse.move(right, bottom)
    page.mouse.up()


def select_between(page: Page, first: str, last: str) -> None:
    """Select from the beginning of one element to the end of another, which may lie outside the text."""
    page.evaluate(
        """([first, last]) => {
          const [from, to] = [first, last].map((one) => document.querySelector(one));
          from.scrollIntoView({ block: "center", behavior: "instant" });
          getSelection().setBaseAndExtent(from, 0, to, to.childNodes.length);
        }""",
        [first, last],
    )


def touch(page: Page, words: str) -> None:
    """Select words as a long press does, which leaves no mouse behind."""
    page.evaluate(
        """(words) => {
          for (const block of document.querySelectorAll(".rows .text")) {
            const node = [...block.childNodes].find((child) => child.textContent.includes(words));
            if (!node) continue;
            block.scrollIntoView({ block: "center", behavior: "instant" });
            const at = node.textContent.indexOf(words);
            getSelection().setBaseAndExtent(node, at, node, at + words.length);
            return;
          }
          throw new Error(`not in the text: ${words}`);
        }""",
        words,
    )
    expect(page.get_by_role("toolbar")).to_be_visible()


def respond(page: Page, kind: str) -> Locator:
    """Choose a kind in the toolbar at the selected words, and give the form that opens."""
    page.get_by_role("toolbar").get_by_role("button", name=kind).click()
    form = page.locator("#panel form.composer")
    # Not the form of a place that was open before.
    expect(form.locator("[data-chosen]")).to_be_visible()
    return form


def post(form: Locator, body: str, **fields: Any) -> None:
    """Write, fill in what else is named, and post."""
    for name, value in fields.items():
        control = form.locator(f"[name={name}]")
        if control.evaluate("one => one.tagName") == "SELECT":
            control.select_option(value)
        else:
            control.fill(value)
    form.locator("[name=body]").fill(body)
    form.get_by_role("button", name="Post").click()


def sign_in(page: Page, username: str) -> None:
    """Fill in the sign-in page, which is open."""
    page.get_by_label("Name or e-mail address").fill(username)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("main").get_by_role("button", name="Sign in", exact=True).click()


def more(post: Locator, act: str) -> None:
    """Do what stands behind "More" under a post."""
    post.locator(".more-acts summary").first.click()
    post.locator(".more-body").first.get_by_text(act, exact=True).click()


def marked(page: Page, words: str) -> Locator:
    """Give the mark in the text that holds just these words."""
    return page.locator(".rows mark").filter(has_text=words)


def is_wider_than_the_screen(page: Page) -> bool:
    return bool(page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"))
