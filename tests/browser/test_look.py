"""The look of reading: nothing over the text, nothing wider than the screen, and everything where a reader finds it."""

from itertools import product

import pytest
from playwright.sync_api import FloatRect, Locator, Page, expect
from pytest_django.live_server_helper import LiveServer

from reader import publishing
from reader.models import Article
from reader.text.blocks import Block
from tests.browser import hands
from tests.browser.conftest import PHONE, NewContext
from tests.browser.test_blocks import BLOCKS
from tests.factories import make_annotation, make_document, make_reader

LONG = "The bridge carries 39,000 cars a day, they say, and nobody has counted them since it was built. " * 4
MORE = tuple(
    block
    for number in range(1, 4)
    for block in (
        Block("heading", f"Part {number} of the inquiry, and what came of it", level=2),
        Block("paragraph", LONG),
        Block("quote", "It is safe, said the mayor. He had been asked what it cost."),
        Block("paragraph", f"Short, {number}."),
    )
)
LEAST = 44
# The parts of a row that lie over each other or over a part of the row before it, or that hold more than fits.
OVERLAPS = """
() => {
  const boxOf = (part) => part.getBoundingClientRect();
  const areApart = (one, other) => one.right <= other.left + 1 || other.right <= one.left + 1
    || one.bottom <= other.top + 1 || other.bottom <= one.top + 1;
  const parts = [...document.querySelectorAll(".row > *")].filter((part) => boxOf(part).height);
  const nameOf = (part) => `${part.parentElement.id} ${part.className}`;
  // A sign's padding, which nobody sees, may stand in the page's edge.
  const full = parts.filter((part) => part.scrollWidth > part.clientWidth + 16).map(nameOf);
  const near = (index) => parts.slice(index + 1, index + 6);
  const over = parts.flatMap((part, index) => near(index).filter((other) => !areApart(boxOf(part), boxOf(other)))
    .map((other) => `${nameOf(part)} over ${nameOf(other)}`));
  return [...full, ...over];
}
"""
SCROLL_INTO_THE_TEXT = """
(part) => {
  const { top, height } = document.querySelector(".rows").getBoundingClientRect();
  scrollBy({ top: top + part * (height - innerHeight), behavior: "instant" });
}
"""
READ = {
    "style sheet": """(wanted) => {
      const read = getComputedStyle(document.querySelector(".site"), "::after").scale;
      return Math.abs(Number(read.split(" ")[0]) - wanted) < 0.07;
    }""",
    "script": """(wanted) => {
      const read = document.querySelector(".site").style.getPropertyValue("--read");
      return read !== "" && Math.abs(Number(read) - wanted) < 0.07;
    }""",
}
LINE = """
(mark) => {
  const { textDecorationStyle, textDecorationThickness } = getComputedStyle(mark);
  return `${textDecorationStyle} ${textDecorationThickness}`;
}
"""


@pytest.fixture
def article(live_server: LiveServer) -> Article:
    """Give a long article with a block of every kind, and much said about some of them."""
    article = publishing.publish(make_document(*BLOCKS[:-1], *MORE, BLOCKS[-1]))
    creator = make_reader(username="somebody-with-a-long-name")
    for exact in ("built in", "it cost", "second thing", "part of it", "number 2 of", "def toll", "Yearbook"):
        make_annotation(article=article, creator=creator, exact=exact, kind="question", body="Where is that written?")
    for number in range(24):
        kind = ("note", "disagreement", "question")[number % 3]
        make_annotation(
            article=article, creator=creator, exact="39,000 cars", kind=kind, body="They counted axles. " * 9
        )
    return article


def test_nothing_lies_over_anything_and_nothing_scrolls_sideways(new_context: NewContext, article: Article) -> None:
    page = new_context().new_page()
    for size, margin in product(("small", "larger"), ("on", "off")):
        choose(page, article, size=size, margin=margin)
        for width in (320, 390, 820, 1100, 1440):
            page.set_viewport_size({"width": width, "height": 900})
            assert not hands.is_wider_than_the_screen(page), (width, size, margin)
            assert page.evaluate(OVERLAPS) == [], (width, size, margin)


def test_a_margin_does_not_push_the_text_apart(page: Page, article: Article) -> None:
    hands.open_article(page, article)
    row = page.locator(".row", has_text="carries 39,000").first
    expect(row.get_by_role("link", name="more")).to_be_visible()
    assert box(row.locator(".margin"))["height"] <= box(row.locator(".main"))["height"]
    for entry in row.locator(".entry .said").all():
        assert entry.evaluate("one => one.clientHeight / parseFloat(getComputedStyle(one).lineHeight)") < 2.1


def test_where_nothing_is_said_a_sign_for_a_fingertip_follows_the_last_word(
    new_context: NewContext, article: Article
) -> None:
    page = new_context(**PHONE, java_script_enabled=False).new_page()
    page.goto(article.get_absolute_url())
    signs = page.locator(".main > .respond")
    assert signs.count() > 8
    for sign in signs.all():
        assert min(box(sign)["height"], box(sign)["width"]) >= LEAST - 0.5
    for name in ("Short, 1.", "Part 1", "The first thing"):
        row = page.locator(".row").filter(has_text=name)
        words, sign_box = box(row.locator(".text")), box(row.locator(".respond"))
        assert words["y"] < sign_box["y"] + sign_box["height"] / 2 < words["y"] + words["height"]
    page.locator(".row").filter(has_text="Short, 1.").get_by_role("link", name="Respond to paragraph").tap()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Paragraph")


def test_the_counts_of_a_crowded_paragraph_are_one_line_on_a_phone(phone_page: Page, article: Article) -> None:
    hands.open_article(phone_page, article)
    row = phone_page.locator(".row", has_text="carries 39,000").first
    assert box(row.locator(".margin"))["height"] <= LEAST + 1
    expect(row.locator(".more")).to_be_hidden()
    targets = ".counts a, .ways .respond, .map-table summary, .contents summary"
    for target in phone_page.locator(targets).all():
        assert box(target)["height"] >= LEAST - 0.5


def test_a_footnote_stands_beside_its_paragraph_where_there_is_room_and_is_heard_once(
    page: Page, article: Article
) -> None:
    hands.open_article(page, article)
    copy = page.locator("#p1 .sidenote")
    expect(copy).to_be_visible()
    assert page.locator("#rows").aria_snapshot().count("of Roads") == 1
    copy.get_by_text("1", exact=True).click()
    expect(page.locator("#n1:target")).to_be_in_viewport()
    page.locator("#p1 .entry a").click()
    expect(page.locator("#panel h1")).to_be_visible()
    expect(copy).to_be_hidden()
    expect(page.locator("#p1 .counts")).to_be_visible()
    page.set_viewport_size({"width": 1000, "height": 900})
    expect(copy).to_be_hidden()


def test_contents_beside_the_text_say_which_part_is_read_and_give_way_to_the_panel(
    page: Page, article: Article
) -> None:
    hands.open_article(page, article)
    contents = page.get_by_role("navigation", name="Contents, beside the text")
    current = contents.locator("[aria-current]")
    for part in ("Part 2 of", "Part 1 of"):
        contents.get_by_role("link", name=part).click()
        expect(current).to_have_count(1)
        expect(current).to_contain_text(part)
        expect(page.locator(".row.heading", has_text=part)).to_be_in_viewport()
    rightmost = max(box(link)["x"] + box(link)["width"] for link in contents.get_by_role("link").all())
    assert rightmost < box(page.locator("#rows"))["x"]
    page.locator("#p1 .entry a").click()
    expect(page.locator("#panel h1")).to_be_visible()
    expect(contents.get_by_role("list")).to_be_hidden()


@pytest.mark.parametrize("width", [390, 1440])
def test_without_room_beside_the_text_contents_open_above_it(
    new_context: NewContext, article: Article, width: int
) -> None:
    page = new_context(viewport={"width": width, "height": 900}, java_script_enabled=False).new_page()
    choose(page, article, size="larger")
    contents = page.get_by_role("navigation", name="Contents", exact=True)
    expect(page.locator(".contents-beside ol")).to_be_hidden()
    contents.get_by_text("Contents").click()
    contents.get_by_role("link", name="Part 3").click()
    expect(page.locator(".row.heading:target")).to_contain_text("Part 3")


@pytest.mark.parametrize("is_drawn_by", ["style sheet", "script"])
def test_a_hairline_says_how_far_the_text_has_been_read(page: Page, article: Article, is_drawn_by: str) -> None:
    if is_drawn_by == "script":
        page.add_init_script(
            "const known = CSS.supports;"
            "CSS.supports = (...asked) => !String(asked).includes('timeline') && known.apply(CSS, asked);"
        )
    hands.open_article(page, article)
    for part, expected in ((0, 0), (0.5, 0.5), (1, 1)):
        page.evaluate(SCROLL_INTO_THE_TEXT, part)
        page.wait_for_function(READ[is_drawn_by], arg=expected)


def test_each_kind_of_mark_has_a_line_of_its_own(new_context: NewContext, article: Article) -> None:
    kinds = ("note", "context", "supports", "contradicts", "question", "disagreement")
    for forced in ("none", "active"):
        page = new_context(forced_colors=forced).new_page()
        hands.open_article(page, article)
        mark = page.locator(".rows .m").first
        lines = set()
        for kind in kinds:
            mark.evaluate("(mark, kind) => { mark.className = `m m-${kind}`; }", kind)
            lines.add(mark.evaluate(LINE))
        # Notes and what supports are both whole lines; their colours and signs part them.
        assert len(lines) >= len(kinds) - 1


def test_words_of_two_kinds_show_both(page: Page, article: Article) -> None:
    hands.open_article(page, article)
    mark = page.locator(".rows .m").first
    drawn = "mark => getComputedStyle(mark).backgroundImage"
    mark.evaluate("mark => { mark.className = 'm m-disagreement'; }")
    one = mark.evaluate(drawn)
    mark.evaluate("mark => { mark.className = 'm m-disagreement m-supports'; }")
    two = mark.evaluate(drawn)
    mark.evaluate("mark => { mark.className = 'm m-contradicts m-supports'; }")
    assert one != two == mark.evaluate(drawn)


def test_a_text_without_slanted_words_fetches_one_face(page: Page, sample_reading: Article) -> None:
    fetched: list[str] = []
    page.on("request", lambda request: fetched.append(request.url))
    hands.open_article(page, sample_reading)
    faces = [address.rpartition("/")[2] for address in fetched if "woff2" in address]
    assert [face.partition(".")[0] for face in faces] == ["literata-latin"]


def choose(page: Page, article: Article, **preferences: str) -> None:
    """Open the article as a reader who chose these preferences."""
    home = article.get_absolute_url()
    page.goto("/")
    address = page.url
    page.context.add_cookies([{"name": name, "value": value, "url": address} for name, value in preferences.items()])
    page.goto(home)
    for name, value in preferences.items():
        expect(page.locator("html")).to_have_attribute(f"data-{name}", value)


def box(target: Locator) -> FloatRect:
    found = target.bounding_box()
    assert found is not None
    return found
