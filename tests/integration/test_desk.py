"""The desk and the pages of a draft: who may see them, and what their forms do with what is typed."""

import json
import re
from datetime import timedelta
from html import unescape
from io import BytesIO
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from lxml import html as lxml_html
from PIL import Image
from pytest_django import DjangoAssertNumQueries
from pytest_django.fixtures import Settings

from reader import drafting, publishing
from reader.draft_forms import PER_PAGE
from reader.importing import markdown
from reader.models import Article, Draft, Picture, Revision, User
from reader.text.blocks import Block
from tests.factories import make_article, make_document, make_editor, make_reader, make_revision

FIRST = "The bridge was built in 1990 with public money."
SECOND = "It carries 39,000 cars a day, they say."
THIRD = "Nobody has counted the traffic since."
pytestmark = pytest.mark.django_db


@pytest.fixture
def editor() -> User:
    return make_editor()


@pytest.fixture
def desk(client: Client, editor: User) -> Client:
    """Give the browser of an editor."""
    client.force_login(editor)
    return client


def make_draft(*, by: User, blocks: tuple[str | Block, ...] = (FIRST, SECOND, THIRD)) -> Draft:
    return drafting.revise(article=publishing.publish(make_document(*blocks)), by=by)


def make_import(*, by: User) -> Draft:
    document = make_document(FIRST, SECOND, dropped=("Subscribe now",))
    draft = Draft(
        article=publishing.open_article(document), creator=by, title=document.title, dropped=["Subscribe now"]
    )
    draft.put(document.blocks)
    draft.save()
    return draft


def fields(page: Any, form_id: str = "drafting") -> dict[str, Any]:
    """Give what a browser would send from a form of the page."""
    form: Any = lxml_html.fromstring(page.content.decode()).get_element_by_id(form_id)
    sent: dict[str, Any] = {}
    for name, value in form.form_values():
        # As a browser reads a text area: a line end right after the tag is not of the text.
        sent.setdefault(name, []).append(value.removeprefix("\n"))
    return sent


def said(page: Any) -> str:
    content: bytes = page.content
    return unescape(content.decode())


def texts(draft: Draft) -> list[str]:
    return [block["html"] for block in Draft.objects.get(pk=draft.pk).blocks]


PAGES = ["draft", "draft-text", "draft-conflict"]
ACTS = ["publish-draft", "discard-draft"]


# Who may


@pytest.mark.parametrize("name", [*PAGES, *ACTS])
def test_a_stranger_is_asked_to_sign_in(name: str, client: Client, editor: User) -> None:
    address = reverse(name, args=[make_draft(by=editor).pk])
    answer = client.get(address) if name in PAGES else client.post(address)
    assert answer.status_code == 302
    assert answer.headers["Location"].startswith(reverse("account_login"))


@pytest.mark.parametrize("name", [*PAGES, *ACTS])
def test_who_is_no_editor_does_not_learn_of_a_draft(name: str, client: Client, editor: User) -> None:
    draft = make_draft(by=editor)
    client.force_login(make_reader())
    address = reverse(name, args=[draft.pk])
    assert client.post(address, {"version": 1}).status_code == 404
    assert texts(draft) == [FIRST, SECOND, THIRD]
    if name in PAGES:
        assert client.get(address).status_code == 404


@pytest.mark.parametrize("name", ["desk", "revise", "article-status"])
def test_the_desk_is_for_editors(name: str, client: Client) -> None:
    address = reverse(name, args=[] if name == "desk" else [make_article().slug])
    ask = client.get if name == "desk" else client.post
    assert ask(address).headers["Location"].startswith(reverse("account_login"))
    client.force_login(make_reader())
    assert ask(address).status_code == 403
    assert not Draft.objects.exists()


@pytest.mark.parametrize("name", [*PAGES, *ACTS])
def test_a_draft_that_is_not_there(name: str, desk: Client) -> None:
    assert desk.post(reverse(name, args=[999])).status_code == 404


@pytest.mark.parametrize(
    ("name", "method"),
    [
        ("desk", "post"),
        ("draft", "delete"),
        ("draft-text", "put"),
        ("draft-conflict", "put"),
        ("publish-draft", "get"),
        ("discard-draft", "get"),
        ("revise", "get"),
        ("article-status", "get"),
    ],
)
def test_other_methods_are_refused(name: str, method: str, desk: Client, editor: User) -> None:
    draft = make_draft(by=editor)
    assert draft.article is not None
    about_article = name in {"revise", "article-status"}
    arguments = [draft.article.slug] if about_article else [] if name == "desk" else [draft.pk]
    assert getattr(desk, method)(reverse(name, args=arguments)).status_code == 405


def test_only_editors_are_shown_the_way_to_the_desk(client: Client, editor: User) -> None:
    link = f'href="{reverse("desk")}"'.encode()
    assert link not in client.get("/").content
    client.force_login(make_reader())
    assert link not in client.get("/").content
    client.force_login(editor)
    assert link in client.get("/").content


# The desk


def test_the_desk_lists_what_is_in_the_making_and_what_is_published(desk: Client, editor: User) -> None:
    draft = make_draft(by=editor)
    Draft.objects.update(problem="A picture is missing.")
    page = said(desk.get(reverse("desk")))
    assert f'href="{draft.get_absolute_url()}"' in page
    assert "In the making" in page
    assert "follows revision 1" in page
    assert "A picture is missing." in page
    assert f'action="{reverse("revise", args=["a-short-title"])}"' in page
    assert f'href="{reverse("revisions", args=["a-short-title"])}"' in page


def test_what_was_published_or_thrown_away_is_no_longer_in_the_making(desk: Client, editor: User) -> None:
    draft = make_draft(by=editor)
    desk.post(reverse("discard-draft", args=[draft.pk]), {"version": 1})
    page = lxml_html.fromstring(desk.get(reverse("desk")).content.decode())
    row = page.get_element_by_id(f"draft-{draft.pk}")
    assert row.xpath("ancestor::details")
    assert "Take back" in row.text_content()


def test_the_desk_takes_as_many_queries_for_many_as_for_one(
    desk: Client, editor: User, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(12):
        article = make_article(text=f"Title {number}\n\nThe text of it says {number} words here.\n")
        draft = drafting.revise(article=article, by=editor)
        if number % 2:
            drafting.discard(draft=draft, by=editor, version=1)
    desk.get("/")
    # Session, person, two for permissions, drafts, count and page of articles, discarded.
    with django_assert_num_queries(8):
        desk.get(reverse("desk"))


def test_revise_opens_a_draft(desk: Client) -> None:
    article = make_article()
    answer = desk.post(reverse("revise", args=[article.slug]))
    assert answer.headers["Location"] == Draft.objects.get().get_absolute_url()


def test_there_is_nothing_to_revise_where_there_is_no_article(desk: Client) -> None:
    assert desk.post(reverse("revise", args=["nothing"])).status_code == 404


@pytest.mark.parametrize(
    ("status", "expected", "sentence"),
    [
        ("closed", "closed", "is closed to new annotations now"),
        ("draft", "published", "Choose what the article is to be"),
        ("", "published", "Choose what the article is to be"),
    ],
)
def test_the_status_is_set_from_the_desk(status: str, expected: str, sentence: str, desk: Client) -> None:
    address = reverse("article-status", args=[make_article().slug])
    page = desk.post(address, {"status": status}, follow=True)
    assert Article.objects.get().status == expected
    assert sentence in said(page)


def test_a_draft_thrown_away_is_taken_back_from_the_desk(desk: Client, editor: User) -> None:
    draft = make_draft(by=editor)
    address = reverse("discard-draft", args=[draft.pk])
    assert "was thrown away" in said(desk.post(address, {"version": 1}, follow=True))
    assert "is back" in said(desk.post(address, {"restore": "1"}, follow=True))
    assert Draft.objects.get().is_editable


@pytest.mark.parametrize("sent", [{}, {"version": "x"}, {"version": 7}])
def test_a_draft_that_is_another_than_was_seen_is_not_thrown_away(sent: Any, desk: Client, editor: User) -> None:
    draft = make_draft(by=editor)
    desk.post(reverse("discard-draft", args=[draft.pk]), sent)
    assert Draft.objects.get().is_editable


# Block by block


def test_saving_a_page_as_it_is_changes_nothing(desk: Client, editor: User) -> None:
    blocks = (
        FIRST,
        Block("heading", "A *starred* one", level=3),
        Block("quote", "Said <em>so</em>."),
        Block("list item", "One.", marker="1.", level=1),
        Block("code", "if x:\n    y &lt; 1"),
        Block("table", "<tbody><tr><th>a </th><td>b</td></tr></tbody>"),
        Block("note", "The end."),
    )
    draft = make_draft(by=editor, blocks=blocks)
    desk.post(draft.get_absolute_url(), fields(desk.get(draft.get_absolute_url())))
    saved = Draft.objects.get()
    assert (saved.version, saved.document) == (2, draft.document)


def test_words_are_changed_in_their_block(desk: Client, editor: User) -> None:
    draft = make_draft(by=editor)
    sent = fields(desk.get(draft.get_absolute_url())) | {"1-text": "It carries *40,000* cars.", "title": "Tolls"}
    answer = desk.post(draft.get_absolute_url(), sent, follow=True)
    assert "Saved." in said(answer)
    saved = Draft.objects.get()
    assert (saved.title, texts(draft)) == ("Tolls", [FIRST, "It carries <em>40,000</em> cars.", THIRD])
    assert [block.name for block in saved.document.blocks] == ["p1", "p2", "p3"]


@pytest.mark.parametrize(
    ("sent", "expected"),
    [
        pytest.param({"1-text": "One.\r\n\r\nTwo."}, [FIRST, "One.", "Two.", THIRD], id="split by an empty line"),
        pytest.param({"1-text": "  "}, [FIRST, THIRD], id="emptied"),
        pytest.param({"1-removed": "on"}, [FIRST, THIRD], id="ticked to be taken out"),
        pytest.param({"up": "1"}, [SECOND, FIRST, THIRD], id="moved up"),
        pytest.param({"down": "1"}, [FIRST, THIRD, SECOND], id="moved down"),
        pytest.param({"up": "0"}, [FIRST, SECOND, THIRD], id="the first moved up"),
        pytest.param({"down": "2"}, [FIRST, SECOND, THIRD], id="the last moved down"),
        pytest.param({"add": "1"}, [FIRST, SECOND, "", THIRD], id="one added below"),
        pytest.param({"add": ""}, ["", FIRST, SECOND, THIRD], id="one added above all"),
        pytest.param({"up": "9"}, [FIRST, SECOND, THIRD], id="one moved that is not there"),
        pytest.param({"0-text": "<script>alert(1)</script>Hm"}, ["Hm", SECOND, THIRD], id="with a script in it"),
    ],
)
def test_a_block_is(sent: Any, expected: list[str], desk: Client, editor: User) -> None:
    draft = make_draft(by=editor)
    page = desk.get(draft.get_absolute_url())
    assert desk.post(draft.get_absolute_url(), fields(page) | sent).status_code == 302
    assert texts(draft) == expected


def test_the_blocks_of_a_new_text_show_the_names_they_will_have(desk: Client, editor: User) -> None:
    draft = make_import(by=editor)
    draft.put([Block("heading", "A bridge", level=2), *draft.document.blocks, Block("paragraph", "")])
    draft.save()
    legends = re.findall(r'<legend class="block-name">(\w+)</legend>', said(desk.get(draft.get_absolute_url())))
    assert legends == ["h1", "p1", "p2", "new"]


def test_the_kind_of_a_block_is_chosen(desk: Client, editor: User) -> None:
    draft = make_draft(by=editor)
    kinds = {"0-kind": "heading 3", "1-kind": "quote", "2-kind": "nonsense"}
    desk.post(draft.get_absolute_url(), fields(desk.get(draft.get_absolute_url())) | kinds)
    found = [(block.kind, block.level) for block in Draft.objects.get().document.blocks]
    assert found == [("heading", 3), ("quote", 0), ("paragraph", 0)]


def test_what_a_browser_makes_up_about_a_block_reaches_no_page(desk: Client, editor: User) -> None:
    draft = make_draft(by=editor)
    html = '<em onclick="alert(1)">Hm</em>'
    made_up = {"kind": "heading", "html": html, "image": "<b>", "level": 10**9, "name": "p1", "more": 1}
    sent = fields(desk.get(draft.get_absolute_url())) | {
        "0-like": json.dumps(["", made_up]),
        "0-kind": "heading",
        "0-text": markdown.block_to_markdown(Block("heading", html)),
        "1-like": "no JSON",
        "2-like": json.dumps(["", {"kind": "figure", "image": "<b>"}]),
        "2-kind": "figure",
    }
    assert desk.post(draft.get_absolute_url(), sent, follow=True).status_code == 200
    blocks = Draft.objects.get().document.blocks
    assert [block.html for block in blocks] == ["<em>Hm</em>", SECOND, THIRD]
    assert blocks[0].level < 10


def test_a_missing_title_is_asked_for_and_nothing_typed_is_lost(desk: Client, editor: User) -> None:
    draft = make_draft(by=editor)
    sent = fields(desk.get(draft.get_absolute_url())) | {"title": "", "1-text": "Typed for an hour."}
    page = desk.post(draft.get_absolute_url(), sent)
    assert page.status_code == 422
    assert "Give the text a title" in said(page)
    assert fields(page)["1-text"] == ["Typed for an hour."]
    assert texts(draft) == [FIRST, SECOND, THIRD]


def test_a_form_that_did_not_arrive_whole_is_not_saved(desk: Client, editor: User) -> None:
    draft = make_draft(by=editor)
    page = desk.post(draft.get_absolute_url(), {"title": "T", "block": "0", "0-text": "All that came."})
    assert page.status_code == 422
    assert "All that came." in said(page)
    assert texts(draft) == [FIRST, SECOND, THIRD]


def test_of_two_editors_the_second_sees_both_texts_and_may_replace(desk: Client, editor: User) -> None:
    draft = make_draft(by=editor)
    page = desk.get(draft.get_absolute_url())
    desk.post(draft.get_absolute_url(), fields(page) | {"0-text": "By the first.", "title": "First"})
    conflict = desk.post(draft.get_absolute_url(), fields(page) | {"0-text": "By the second.", "title": "Second"})
    assert conflict.status_code == 422
    assert "saved elsewhere" in said(conflict)
    standing = lxml_html.fromstring(said(conflict)).xpath("//section[contains(@class, 'standing')]")[0]
    assert [gone.text for gone in standing.iter("del")][1:] == ["First", "first"]
    assert [new.text for new in standing.iter("ins")][1:] == ["Second", "second"]
    assert texts(draft)[0] == "By the first."
    assert desk.post(draft.get_absolute_url(), fields(conflict)).status_code == 302
    assert texts(draft) == ["By the second.", SECOND, THIRD]


def test_the_same_form_sent_twice_is_no_conflict(desk: Client, editor: User) -> None:
    draft = make_draft(by=editor)
    sent = fields(desk.get(draft.get_absolute_url())) | {"0-text": "Once.", "down": "0"}
    assert [desk.post(draft.get_absolute_url(), sent).status_code for _ in range(2)] == [302, 302]
    assert texts(draft) == [SECOND, "Once.", THIRD]


def test_after_a_conflict_what_others_did_on_other_pages_stays(desk: Client, editor: User) -> None:
    draft = make_draft(by=editor, blocks=tuple(f"Words of block {number}." for number in range(PER_PAGE + 20)))
    first, second = (desk.get(draft.get_absolute_url(), {"page": number}) for number in (1, 2))
    desk.post(draft.get_absolute_url(), fields(first) | {"3-removed": "on", "4-text": "New.\n\nAnd new.\n\nNew too."})
    conflict = desk.post(draft.get_absolute_url(), fields(second) | {"5-text": "On the second page."})
    assert conflict.status_code == 422
    assert desk.post(draft.get_absolute_url(), fields(conflict)).status_code == 302
    found = texts(draft)
    assert (len(found), found[4], found[PER_PAGE + 6]) == (PER_PAGE + 21, "And new.", "On the second page.")
    assert found[-1] == f"Words of block {PER_PAGE + 19}."


def test_a_block_is_moved_from_one_page_to_another(desk: Client, editor: User) -> None:
    draft = make_draft(by=editor, blocks=tuple(f"Words of block {number}." for number in range(PER_PAGE + 2)))
    sent = fields(desk.get(draft.get_absolute_url(), {"page": 2})) | {"up": "0"}
    answer = desk.post(draft.get_absolute_url(), sent)
    assert answer.headers["Location"].endswith(f"?page=1#b{PER_PAGE - 1}")
    assert texts(draft)[PER_PAGE - 1] == f"Words of block {PER_PAGE}."


def test_three_thousand_blocks_are_edited_a_page_at_a_time(desk: Client, editor: User) -> None:
    draft = make_draft(by=editor, blocks=tuple(f"Words of block {number}." for number in range(3000)))
    page = desk.get(draft.get_absolute_url(), {"page": 30})
    assert len(page.content) < 400_000
    answer = desk.post(draft.get_absolute_url(), fields(page) | {"99-text": "The very last."})
    assert answer.status_code == 302
    found = texts(draft)
    assert (len(found), found[0], found[-1]) == (3000, "Words of block 0.", "The very last.")


def test_a_page_of_blocks_that_all_have_numbers_can_be_sent(desk: Client, editor: User) -> None:
    items = tuple(Block("list item", f"Item {number}.", marker=f"{number}.") for number in range(PER_PAGE))
    draft = make_draft(by=editor, blocks=items)
    sent = fields(desk.get(draft.get_absolute_url()))
    ticks = {f"{number}-removed": "on" for number in range(1, PER_PAGE)}
    assert desk.post(draft.get_absolute_url(), sent | ticks).status_code == 302
    assert texts(draft) == ["Item 0."]


def test_where_a_new_article_comes_from_is_said_on_its_page(desk: Client, editor: User) -> None:
    draft = make_import(by=editor)
    page = desk.get(draft.get_absolute_url())
    assert "Subscribe now" in said(page)
    sent = fields(page) | {"slug": "toll", "publisher": "The Paper", "published_on": "2015-09-11"}
    desk.post(draft.get_absolute_url(), sent)
    article = Article.objects.get()
    assert (article.slug, article.publisher, str(article.published_on)) == ("toll", "The Paper", "2015-09-11")


@pytest.mark.parametrize(
    ("sent", "sentence"),
    [
        ({"slug": "a-short-title"}, "belongs to"),
        ({"slug": "two words"}, "without spaces"),
        ({"original_url": "ftp://x"}, "http://"),
        ({"published_on": "soon"}, "2015-09-11"),
        ({"language": ""}, "required"),
    ],
)
def test_what_is_wrong_about_it_is_said(sent: Any, sentence: str, desk: Client, editor: User) -> None:
    make_article()
    draft = make_import(by=editor)
    page = desk.post(draft.get_absolute_url(), fields(desk.get(draft.get_absolute_url())) | {"slug": "toll"} | sent)
    assert page.status_code == 422
    assert sentence in said(page)


def test_a_picture_is_put_into_a_figure(desk: Client, editor: User, settings: Settings, tmp_path: Any) -> None:
    settings.MEDIA_ROOT = tmp_path
    draft = make_draft(by=editor)
    file = BytesIO()
    Image.new("RGB", (40, 30), "red").save(file, "PNG")
    file.seek(0)
    file.name = "bridge.png"
    sent = fields(desk.get(draft.get_absolute_url())) | {"0-kind": "figure", "0-alt": "A bridge.", "0-picture": file}
    desk.post(draft.get_absolute_url(), sent)
    figure = Draft.objects.get().document.blocks[0]
    assert (figure.kind, figure.html, figure.alt, figure.image) == (
        "figure",
        FIRST,
        "A bridge.",
        Picture.objects.get().pk,
    )
    assert Picture.objects.get().get_absolute_url() in said(desk.get(draft.get_absolute_url()))


def test_what_is_no_picture_is_refused_and_nothing_typed_is_lost(desk: Client, editor: User) -> None:
    draft = make_draft(by=editor)
    file = BytesIO(b"nothing to see")
    file.name = "bridge.png"
    sent = fields(desk.get(draft.get_absolute_url())) | {"0-kind": "figure", "0-picture": file, "1-text": "Typed."}
    page = desk.post(draft.get_absolute_url(), sent)
    assert page.status_code == 422
    assert "cannot be used" in said(page)
    assert fields(page)["1-text"] == ["Typed."]


@pytest.mark.parametrize(
    ("state", "sentence"),
    [(Draft.State.PUBLISHING, "Waiting for its turn"), (Draft.State.DISCARDED, "was thrown away")],
)
def test_a_draft_that_nobody_may_edit_shows_no_form(state: str, sentence: str, desk: Client, editor: User) -> None:
    draft = make_draft(by=editor)
    Draft.objects.update(state=state, step="")
    page = desk.get(draft.get_absolute_url())
    assert sentence in said(page)
    assert 'id="drafting"' not in said(page)


def test_a_published_draft_leads_to_its_article(desk: Client, editor: User) -> None:
    draft = make_draft(by=editor)
    Draft.objects.update(state=Draft.State.PUBLISHED)
    assert draft.article is not None
    assert desk.get(draft.get_absolute_url()).headers["Location"] == draft.article.get_absolute_url()


# The whole text


def test_the_whole_text_is_edited_as_markdown(desk: Client, editor: User) -> None:
    draft = make_draft(by=editor, blocks=(FIRST, Block("heading", "More", level=2), SECOND))
    address = reverse("draft-text", args=[draft.pk])
    sent = fields(desk.get(address))
    assert sent["text"] == [f"{FIRST}\n\n## More\n\n{SECOND}\n"]
    answer = desk.post(address, sent | {"text": f"{FIRST}\r\n\r\n## More of it\r\n\r\n{SECOND}\r\n"}, follow=True)
    assert "Saved." in said(answer)
    assert texts(draft) == [FIRST, "More of it", SECOND]
    assert [block.name for block in Draft.objects.get().document.blocks] == ["p1", "h1", "p2"]


def test_of_two_who_edit_the_whole_text_the_second_sees_both(desk: Client, editor: User) -> None:
    draft = make_draft(by=editor)
    address = reverse("draft-text", args=[draft.pk])
    sent = fields(desk.get(address))
    desk.post(address, sent | {"text": "By the first."})
    conflict = desk.post(address, sent | {"text": "By the second."})
    assert conflict.status_code == 422
    assert "<del>first</del>" in said(conflict)
    assert fields(conflict)["text"] == ["By the second."]
    assert desk.post(address, fields(conflict)).status_code == 302
    assert texts(draft) == ["By the second."]


@pytest.mark.parametrize("sent", [{"text": ""}, {"version": "x"}, {}])
def test_a_text_that_is_none_is_not_saved(sent: Any, desk: Client, editor: User) -> None:
    draft = make_draft(by=editor)
    address = reverse("draft-text", args=[draft.pk])
    answer = desk.post(address, {"version": 1, "text": "Words."} | sent if sent else {})
    assert answer.status_code == 422
    assert texts(draft) == [FIRST, SECOND, THIRD]


# Overtaken


def make_overtaken(by: User) -> Draft:
    draft = make_draft(by=by)
    blocks = [Block("paragraph", FIRST.replace("1990", "1991"), name="p1"), *draft.document.blocks[1:]]
    head = drafting.Head(title="Mine")
    drafting.save(draft=draft, by=by, version=1, head=head, blocks=blocks, note="")
    make_revision(Article.objects.get(), FIRST.replace("1990", "1992"), SECOND, THIRD, "They count again.")
    return Draft.objects.get()


def test_an_overtaken_draft_shows_both_texts_and_takes_what_is_chosen(desk: Client, editor: User) -> None:
    draft = make_overtaken(editor)
    address = reverse("draft-conflict", args=[draft.pk])
    assert f'href="{address}"' in said(desk.get(draft.get_absolute_url()))
    page = desk.get(address)
    choices = lxml_html.fromstring(said(page)).xpath("//fieldset[contains(@class, 'choice')]")
    assert [[new.text for new in choice.iter("ins")] for choice in choices] == [["1991", "1992"]]
    assert "without asking: p4." in said(page)
    assert "Kept from this draft: Title." in said(page)
    answer = desk.post(address, {"version": draft.version, "onto": 2, "p1": "theirs"})
    assert answer.headers["Location"] == reverse("review", args=[draft.pk])
    after = Draft.objects.get()
    assert (after.title, texts(draft)[0], len(texts(draft))) == ("Mine", FIRST.replace("1990", "1992"), 4)


@pytest.mark.parametrize(
    ("sent", "sentence"),
    [
        ({}, "Choose one of the two"),
        ({"p1": "both"}, "Choose one of the two"),
        ({"p1": "mine", "onto": "1"}, "Yet another revision"),
        ({"p1": "mine", "version": "1"}, "saved elsewhere"),
        ({"p1": "mine", "version": ""}, "did not arrive whole"),
    ],
)
def test_both_texts_are_shown_again_when(sent: Any, sentence: str, desk: Client, editor: User) -> None:
    draft = make_overtaken(editor)
    page = desk.post(reverse("draft-conflict", args=[draft.pk]), {"version": draft.version, "onto": 2} | sent)
    assert page.status_code == 422
    assert sentence in said(page)
    assert Draft.objects.get().is_overtaken


def test_there_is_no_conflict_page_without_a_conflict(desk: Client, editor: User) -> None:
    draft = make_draft(by=editor)
    address = reverse("draft-conflict", args=[draft.pk])
    assert desk.get(address).headers["Location"] == draft.get_absolute_url()
    assert desk.post(address).headers["Location"] == draft.get_absolute_url()


# Publication


def make_changed(by: User) -> Draft:
    draft = make_draft(by=by)
    blocks = draft.document.blocks[:2]
    head = drafting.Head(title="A Short Title")
    return drafting.save(draft=draft, by=by, version=1, head=head, blocks=blocks, note="")


def test_a_draft_is_published_from_its_page(desk: Client, editor: User) -> None:
    draft = make_changed(editor)
    address = reverse("publish-draft", args=[draft.pk])
    answer = desk.post(address, {"version": draft.version, "note": "One was wrong."})
    assert answer.headers["Location"] == draft.get_absolute_url()
    revision = Revision.objects.latest("pk")
    assert (revision.number, revision.note) == (2, "One was wrong.")
    assert Draft.objects.get().state == Draft.State.PUBLISHED


def test_a_double_click_publishes_once(desk: Client, editor: User) -> None:
    draft = make_changed(editor)
    sent = {"version": draft.version, "note": "Counted again."}
    answers = [desk.post(reverse("publish-draft", args=[draft.pk]), sent) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [302, 302]
    assert Revision.objects.count() == 2


@pytest.mark.parametrize(
    ("sent", "sentence"),
    [
        ({"at": "soon"}, "Write day and time"),
        ({"at": "2001-01-01T09:00"}, "That time has passed"),
        ({"version": ""}, "required"),
        ({"version": "1"}, "saved elsewhere since you looked"),
    ],
)
def test_why_a_draft_was_not_published_is_said(sent: Any, sentence: str, desk: Client, editor: User) -> None:
    draft = make_changed(editor)
    given = {"version": draft.version, "note": "A long thought."}
    page = desk.post(reverse("publish-draft", args=[draft.pk]), given | sent)
    assert page.status_code == 422
    assert sentence in said(page)
    assert "A long thought." in said(page)
    assert Revision.objects.count() == 1


def test_a_text_whose_reading_has_stopped_is_not_published(desk: Client, editor: User) -> None:
    draft = Draft.objects.create(creator=editor, state=Draft.State.READING, given="A Title")
    Draft.objects.update(updated_at=timezone.now() - timedelta(hours=1))
    answer = desk.post(reverse("publish-draft", args=[draft.pk]), {"version": draft.version})
    assert (answer.status_code, answer.headers["Location"]) == (302, draft.get_absolute_url())


def test_a_correction_without_a_word_is_asked_for_one(desk: Client, editor: User) -> None:
    draft = make_changed(editor)
    page = desk.post(reverse("publish-draft", args=[draft.pk]), {"version": draft.version, "note": " "})
    assert page.status_code == 422
    assert "Say in a few words what was wrong" in said(page)
    assert Revision.objects.count() == 1


def test_a_draft_whose_time_has_come_in_vain_is_told_of(desk: Client, editor: User) -> None:
    make_draft(by=editor)
    Draft.objects.update(state=Draft.State.SCHEDULED, publish_at=timezone.now() - timedelta(minutes=5))
    assert "Its time has come, and the worker has not taken it up yet." in said(desk.get(reverse("desk")))


def test_a_draft_saved_meanwhile_can_be_published_once_that_is_said(desk: Client, editor: User) -> None:
    draft = make_changed(editor)
    address = reverse("publish-draft", args=[draft.pk])
    page = desk.post(address, {"version": 1, "note": "Counted again."})
    form: Any = lxml_html.fromstring(said(page)).xpath("//main//form")[0]
    assert desk.post(address, dict(form.form_values())).status_code == 302
    assert Revision.objects.count() == 2


def test_an_overtaken_draft_leads_to_both_texts(desk: Client, editor: User) -> None:
    draft = make_overtaken(editor)
    answer = desk.post(reverse("publish-draft", args=[draft.pk]), {"version": draft.version})
    assert answer.headers["Location"] == reverse("draft-conflict", args=[draft.pk])


def test_a_scheduled_draft_is_called_off_from_its_page(desk: Client, editor: User) -> None:
    draft = make_changed(editor)
    at = timezone.now() + timedelta(hours=1)
    waiting = drafting.schedule(draft=draft, by=editor, version=draft.version, at=at, note="Later.")
    page = said(desk.get(reverse("desk")))
    assert "To be published on" in page
    assert "Its time has come" not in page
    desk.post(
        reverse("publish-draft", args=[draft.pk]), {"version": waiting.version, "unschedule": "1", "note": "Not yet."}
    )
    assert (Draft.objects.get().state, Draft.objects.get().note) == (Draft.State.OPEN, "Not yet.")
