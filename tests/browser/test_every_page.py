"""What holds on every page, however small the screen, large the letters or strong the contrast."""

from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page

from annotations import annotating, archiving, following, restating, verdicts
from annotations.models import Annotation, Document, Source
from reader import drafting
from reader.models import Article, User
from tests.browser import hands
from tests.browser.conftest import AXE_COLOURS, PHONE, NewPage
from tests.factories import make_annotation, make_editor, make_reader, make_resolution, make_revision

THEMES = ("light", "sepia", "dark")
SMALLEST: dict[str, Any] = {**PHONE, "viewport": {"width": 320, "height": 640}}
# A desk of 1,440 by 900 pixels at 200 %, and at 400 %.
TWICE: dict[str, Any] = {"viewport": {"width": 720, "height": 450}}
FOUR_TIMES: dict[str, Any] = {"viewport": {"width": 360, "height": 225}}

# Names what can be touched and is smaller than a fingertip. Exempt, as in WCAG 2.5.8: links within a sentence, and
# drawings whose links stand beside them in words.
_SMALL = """() => {
  const targets = document.querySelectorAll(
    'a[href], button:not([aria-hidden]), summary, input:not([type=hidden]), select, textarea');
  const isInSentence = (element) => getComputedStyle(element).display === "inline"
    && [...element.parentNode.childNodes].some((node) => node !== element && node.textContent.trim());
  return [...targets]
    .map((element) => [element, element.closest("label") ?? element])
    .filter(([element, target]) => target.checkVisibility({ visibilityProperty: true }) && !element.closest("svg"))
    .filter(([element]) => !element.closest(".unseen, .skip, .ref") && !isInSentence(element))
    .map(([element, target]) => [element, target.getBoundingClientRect()])
    .filter(([, box]) => box.width < 43.5 || box.height < 43.5)
    .map(([element, box]) => `${element.outerHTML.slice(0, 90)}: ${box.width} by ${box.height}`);
}"""


@pytest.fixture
def reader() -> User:
    """Give an account with something of everything to its name."""
    return make_reader(username="ada")


@pytest.fixture
def addresses(sample_reading: Article, reader: User) -> list[str]:
    """Give the address of every kind of page that a reader sees."""
    own = make_annotation(article=sample_reading, creator=reader, kind="disagreement", exact="yell loudly")
    annotating.edit(annotation=own, by=reader, version=1, body="Nobody yells.", grounds="framing")
    head = Annotation.objects.filter(replies__isnull=False).exclude(kind=Annotation.Kind.QUESTION).earliest("pk")
    following.follow_thread(follower=reader, head=head)
    source = Source.objects.published().earliest("pk")
    archiving.give(source=source, by=reader, url="https://perma.cc/AB-12")
    moved_to = "https://example.org/" + "a-long-way-from-here" * 20
    Document.objects.update(status="changed", moved_to=moved_to, checked_at=timezone.now())
    restating.restate(annotation=own, by=head.creator, body="You are saying that they speak quietly.")
    claim = Annotation.objects.filter(kind="note").exclude(creator=reader).earliest("pk")
    restating.restate(annotation=claim, by=reader, body="You are saying that it is so.")
    make_resolution(of=own, by=make_editor(), outcome="answered", remark="They were heard.")
    assert sample_reading.current_revision
    blocks = [paragraph.block for paragraph in sample_reading.current_revision.paragraphs.all()]
    make_revision(sample_reading, *blocks[:3], *blocks[4:], note="One paragraph was a mistake.")
    home = sample_reading.get_absolute_url()
    names = ("library", "following", "account_email", "account_change_password", "account_logout")
    places = "", "?show=source&sort=newest", "?by=nobody", "p5/", "p3/", "whole/", "orphans/", "edition/", "revisions/"
    cited = "sources/", "sources/?by=publisher"
    disputed = "disputes/", "disputes/?state=settled", "?state=open"
    past = "revisions/1/", "revisions/1..2/", "requests/"
    acts = ("edit", "withdraw", "replies", "wordings")
    verdicts.give(source=source, by=reader, verdict="partly", remark="In the second table.")
    return [
        *map(reverse, names),
        *(f"{home}{place}" for place in (*places, *cited, *past, *disputed)),
        *(reverse(name, args=[own.pk]) for name in acts),
        reverse("flags", args=[head.pk]),
        reverse("archived-copy", args=[source.pk]),
        source.annotation.get_absolute_url(),
        reverse("restatement", args=[claim.pk]),
        claim.get_absolute_url(),
        own.get_absolute_url(),
        *(reverse(name, args=[source.pk]) for name in ("verdict", "verdicts")),
        reverse("same-story", args=[source.document_id]),
        head.get_absolute_url(),
        head.creator.get_absolute_url(),
        "/nothing/here/",
    ]


@pytest.mark.parametrize(
    "screen",
    [
        pytest.param(SMALLEST, id="320 pixels"),
        pytest.param(TWICE, id="twice as large"),
        pytest.param(FOUR_TIMES, id="four times as large"),
    ],
)
def test_no_page_scrolls_sideways(
    signed_in_page: NewPage, reader: User, addresses: list[str], screen: dict[str, Any]
) -> None:
    page = signed_in_page(reader.username, **screen)
    wide = []
    for address in addresses:
        page.goto(address)
        page.evaluate("document.documentElement.dataset.size = 'larger'")
        wide += [address] if hands.is_wider_than_the_screen(page) else []
    assert wide == []


def test_everything_that_is_touched_has_the_room_of_a_fingertip(
    signed_in_page: NewPage, reader: User, addresses: list[str]
) -> None:
    page = signed_in_page(reader.username, **SMALLEST)
    small = []
    for address in addresses:
        page.goto(address)
        small += [f"{address} {target}" for target in page.evaluate(_SMALL)]
    assert not small, "\n".join(small)


def test_editors_pages_fit_a_small_screen_too(signed_in_page: NewPage, sample_reading: Article) -> None:
    editor = make_editor()
    draft = drafting.revise(article=sample_reading, by=editor)
    page = signed_in_page(editor.username, **SMALLEST)
    places = [reverse("desk"), reverse("import")]
    places += [reverse(name, args=[draft.pk]) for name in ("draft", "draft-text", "review")]
    places += [reverse("resolution", args=[Annotation.objects.filter(kind="disagreement").earliest("pk").pk])]
    wide = []
    for address in places:
        page.goto(address)
        wide += [address] if hands.is_wider_than_the_screen(page) else []
    assert wide == []


@pytest.mark.parametrize("theme", THEMES)
def test_the_rules_hold_for_who_wants_more_contrast(
    signed_in_page: NewPage, reader: User, addresses: list[str], axe: Axe, theme: str
) -> None:
    page = signed_in_page(reader.username, contrast="more")
    # Each page in one of them: a third of all pages has every colour many times over.
    for address in addresses[THEMES.index(theme) :: len(THEMES)]:
        page.goto(address)
        page.evaluate("(theme) => { document.documentElement.dataset.theme = theme; }", theme)
        results = axe.run(page, options=AXE_COLOURS)
        assert results.violations_count == 0, f"{address}\n{results.generate_report()}"


def test_forced_colours_leave_every_kind_of_mark_and_the_place_of_the_focus(
    page: Page, sample_reading: Article
) -> None:
    page.emulate_media(forced_colors="active")
    hands.open_article(page, sample_reading)
    lines = page.locator(".rows .m").evaluate_all(
        "marks => marks.map((mark) => `${getComputedStyle(mark).textDecorationLine} ${mark.className}`)"
    )
    assert lines
    assert all(line.startswith("underline") for line in lines)
    page.locator("#p3 .entry a").first.focus()
    assert page.locator("#p3 .entry a").first.evaluate("link => getComputedStyle(link).outlineStyle") != "none"
