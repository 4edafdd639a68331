"""The page on which editors bring texts in, and how far it is."""

import re
from collections.abc import Iterator
from datetime import timedelta
from html.parser import HTMLParser
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone
from pytest_django.fixtures import Settings

from reader.importing import fetching, receiving
from reader.models import Article, Draft
from tests import web
from tests.factories import make_article, make_editor, make_reader

pytestmark = pytest.mark.django_db

WORDS = "The bridge was built in 1990 with public money, and nobody has counted the traffic since that day. "
PLAIN = f"A Toll Bridge\nBy Jane Doe\n\n{WORDS}\n\nThe toll should go.\n"
HTML = (
    f"<html><head><title>A Toll Bridge</title></head><body><article><h1>A Toll Bridge</h1><p>{WORDS * 5}</p></article>"
)


@pytest.fixture
def editor(client: Client) -> Client:
    client.force_login(make_editor())
    return client


def bring(client: Client, way: str, at: str = "/desk/import/", /, **fields: Any) -> Any:
    return client.post(at, {"way": way, **fields})


def upload(client: Client, name: str, data: bytes) -> Any:
    return bring(client, "file", file=SimpleUploadedFile(name, data))


class Form(HTMLParser):
    """What the form of a page holds and complains of."""

    def __init__(self, page: Any) -> None:
        super().__init__()
        self.values: dict[str, str] = {}
        self._area = ""
        text = page.content.decode()
        self.feed(text)
        self.errors = " ".join(re.findall(r'<p class="error"[^>]*>(.*?)</p>', text))
        self.alert = "".join(re.findall(r'<div class="errors" role="alert">(.*?)</div>', text, re.DOTALL))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self._area = given.get("name") or "" if tag == "textarea" else ""
        if tag == "input":
            self.values[given.get("name") or ""] = given.get("value") or ""
        if tag == "option" and "selected" in given:
            self.values["format"] = given["value"] or ""

    def handle_endtag(self, tag: str) -> None:
        self._area = ""

    def handle_data(self, data: str) -> None:
        if self._area:
            self.values[self._area] = data.removeprefix("\n")


# Three ways


def test_what_is_pasted_becomes_a_draft(editor: Client) -> None:
    answer = bring(editor, "text", text=PLAIN, original_url="example.org/bridge")
    draft = Draft.objects.get()
    assert (answer.status_code, answer["Location"]) == (302, f"/drafts/{draft.pk}/")
    assert draft.article is not None
    assert (draft.state, draft.title, draft.article.original_url) == (
        "open",
        "A Toll Bridge",
        "https://example.org/bridge",
    )
    assert draft.creator is not None
    assert draft.creator.username == "editor"


@pytest.mark.parametrize(
    ("name", "data", "format"),
    [
        ("bridge.txt", PLAIN.encode(), "plain"),
        ("BRIDGE.MD", f"# A Toll Bridge\n\n{WORDS}".encode(), "markdown"),
        ("bridge.html", HTML.encode(), "html"),
        ("bridge.htm", HTML.replace("public", "öffentlich").encode("latin-1"), "html"),
    ],
)
def test_what_is_uploaded_becomes_a_draft(editor: Client, name: str, data: bytes, format: str) -> None:  # noqa: A002
    upload(editor, name, data)
    draft = Draft.objects.get()
    assert (draft.title, draft.format, draft.problem) == ("A Toll Bridge", format, "")


@pytest.fixture
def port(monkeypatch: pytest.MonkeyPatch) -> Iterator[int]:
    """Serve an article on this machine, at which every name leads to it."""
    with web.serving(web.saying({"/a": web.answer(HTML)})) as port:
        monkeypatch.setattr(fetching, "INTERNET", web.Network(port))
        yield port


def test_what_is_at_an_address_becomes_a_draft(editor: Client, port: int) -> None:
    bring(editor, "address", address=f"http://example.org:{port}/a")
    assert Draft.objects.get().title == "A Toll Bridge"


def test_enter_in_one_field_is_enough(editor: Client) -> None:
    bring(editor, "", text=PLAIN)
    assert Draft.objects.get().title == "A Toll Bridge"


def test_what_is_wrong_elsewhere_does_not_stand_in_the_way(editor: Client) -> None:
    assert bring(editor, "text", text=PLAIN, address="not an address").status_code == 302


def test_the_editor_may_say_what_a_text_is(editor: Client) -> None:
    bring(editor, "text", text=f"A Toll Bridge\n\n{WORDS}\n\n# Not a heading.\n", format="plain")
    assert [block.kind for block in Draft.objects.get().document.blocks] == ["paragraph", "paragraph"]


# What is refused


@pytest.mark.parametrize(
    ("way", "fields", "error"),
    [
        ("address", {"address": ""}, "Enter the address of a web page."),
        ("address", {"address": "no address"}, "Enter the whole address"),
        ("address", {"address": "ftp://example.org/a"}, "Enter the whole address"),
        ("file", {}, "Choose a file."),
        ("text", {"text": " \n"}, "Paste or write the text."),
        ("text", {"text": "Words.\x07"}, "control characters"),
        ("text", {"text": "Words. " * 300_000}, "over 2 MB"),
        ("text", {"text": PLAIN, "original_url": "no address"}, "Enter the whole address"),
        ("text", {"text": PLAIN, "format": "address"}, "Select a valid choice"),
    ],
)
def test_a_form_that_does_not_do_keeps_what_was_typed(
    editor: Client, way: str, fields: dict[str, str], error: str
) -> None:
    answer = bring(editor, way, **fields)
    form = Form(answer)
    assert answer.status_code == 422
    assert form.errors.count(error) == 1
    assert "please look at what is marked" in form.alert
    assert {name: form.values[name] for name in fields if name != "format"} == {
        name: value for name, value in fields.items() if name != "format"
    }
    assert not Draft.objects.exists()


def test_nothing_at_all_is_answered_in_a_sentence(editor: Client) -> None:
    assert "Give an address, a file or a text." in Form(bring(editor, "")).alert


@pytest.mark.parametrize(
    ("name", "data", "error"),
    [
        ("bridge.txt", b"Caf\xe9 and more\n\nWords.", "It is not UTF-8 text: byte 4 fits no character."),
        ("bridge.txt", b"", "It is empty."),
        ("bridge.html", b"", "It is empty."),
        ("bridge.pdf", b"%PDF-1.7", "Only text, Markdown and HTML files can be read"),
        ("bridge", b"Words.", "Only text, Markdown and HTML files can be read"),
        ("bridge.txt", b"words " * 400_000, "It is over 2 MB"),
        ("bridge.html", b"<p>words " * 600_000, "It is over 5 MB"),
    ],
)
def test_a_file_that_cannot_be_read_is_answered_in_a_sentence(
    editor: Client, name: str, data: bytes, error: str
) -> None:
    answer = upload(editor, name, data)
    assert answer.status_code == 422
    assert error in Form(answer).errors
    assert not Draft.objects.exists()


def test_a_page_of_nearly_five_megabytes_is_taken(editor: Client) -> None:
    filler = f"<!-- {'words ' * 800_000} -->"
    assert upload(editor, "bridge.html", f"{HTML}{filler}".encode()).status_code == 302
    assert bring(editor, "text", text=f"{HTML}{filler}").status_code == 302


def test_zero_bytes_in_a_page_are_no_fault_of_ours(editor: Client) -> None:
    upload(editor, "bridge.html", HTML.encode() + b"\0")
    assert "\0" not in Draft.objects.get().given
    assert Draft.objects.get().title == "A Toll Bridge"


# What could not be read in


def test_what_could_not_be_read_in_is_shown_again_to_be_corrected(editor: Client) -> None:
    answer = editor.get(bring(editor, "text", text="  A title ", format="plain")["Location"])
    again = f"/desk/import/{Draft.objects.get().pk}/"
    assert answer["Location"] == again
    form = Form(editor.get(again))
    assert "There is no article in it" in form.alert
    assert (form.values["text"], form.values["format"]) == ("  A title ", "plain")
    bring(editor, "text", again, text=PLAIN)
    draft = Draft.objects.get()
    assert (draft.title, draft.problem) == ("A Toll Bridge", "")
    assert editor.get(again)["Location"] == f"/drafts/{draft.pk}/"


def test_an_address_that_could_not_be_fetched_is_shown_again(editor: Client, port: int) -> None:
    address = f"http://example.org:{port}/gone"
    bring(editor, "address", address=address)
    form = Form(editor.get(f"/desk/import/{Draft.objects.get().pk}/"))
    assert "404 Not Found" in form.alert
    assert form.values["address"] == address
    assert form.values["text"] == ""


def test_what_was_an_upload_can_be_corrected_as_text(editor: Client) -> None:
    upload(editor, "bridge.txt", b"A title")
    assert Form(editor.get(f"/desk/import/{Draft.objects.get().pk}/")).values["text"] == "A title"


def test_a_correction_that_does_not_do_keeps_what_was_typed(editor: Client) -> None:
    bring(editor, "text", text="A title")
    again = f"/desk/import/{Draft.objects.get().pk}/"
    answer = bring(editor, "address", again, address="no address", text="Another title")
    assert answer.status_code == 422
    assert Form(answer).values["text"] == "Another title"
    assert Draft.objects.get().given == "A title"


def test_a_text_that_is_here_already_is_named(editor: Client) -> None:
    make_article(text=PLAIN)
    bring(editor, "text", text=PLAIN)
    form = Form(editor.get(f"/desk/import/{Draft.objects.get().pk}/"))
    assert "This article is already here, as “A Toll Bridge” (a-toll-bridge)." in form.alert


def test_what_was_thrown_away_is_not_there(editor: Client) -> None:
    bring(editor, "text", text="A title")
    Draft.objects.update(state="discarded")
    assert editor.get(f"/desk/import/{Draft.objects.get().pk}/").status_code == 404


# How far it is


def busy(*, step: str = "Fetching picture 3 of 12", progress: int = 40, minutes: int = 0) -> Draft:
    draft = receiving.receive(given=PLAIN, format="plain", by=None)
    Draft.objects.filter(pk=draft.pk).update(
        step=step, progress=progress, updated_at=timezone.now() - timedelta(minutes=minutes)
    )
    return Draft.objects.get(pk=draft.pk)


def test_progress_is_told_in_words_and_hundredths(editor: Client) -> None:
    draft = busy()
    answer = editor.get(f"/drafts/{draft.pk}/progress/?at=20", headers={"HX-Request": "true"})
    text = answer.content.decode()
    assert '<p class="progress-step">Fetching picture 3 of 12</p>' in text
    assert '<progress max="100" value="40"' in text
    assert 'role="status"' in text
    assert "<html" not in text
    assert "HX-Request" in answer["Vary"]
    assert "Try again" not in text


def test_nothing_new_is_said_twice(editor: Client) -> None:
    answer = editor.get(f"/drafts/{busy().pk}/progress/?at=40", headers={"HX-Request": "true"})
    assert answer.status_code == 204


def test_when_it_is_done_the_page_goes_on_to_the_draft(editor: Client) -> None:
    bring(editor, "text", text=PLAIN)
    place = f"/drafts/{Draft.objects.get().pk}/"
    answer = editor.get(f"{place}progress/", headers={"HX-Request": "true"})
    assert (answer.status_code, answer["HX-Redirect"]) == (200, place)
    assert editor.get(f"{place}progress/")["Location"] == place


def test_when_it_failed_the_page_goes_back_to_what_was_given(editor: Client) -> None:
    bring(editor, "text", text="A title")
    draft = Draft.objects.get()
    answer = editor.get(f"/drafts/{draft.pk}/progress/", headers={"HX-Request": "true"})
    assert answer["HX-Redirect"] == f"/desk/import/{draft.pk}/"


def test_without_javascript_the_draft_looks_again_by_itself(editor: Client) -> None:
    text = editor.get(f"/drafts/{busy().pk}/").content.decode()
    assert '<noscript><meta http-equiv="refresh" content="3"></noscript>' in text
    assert '<p class="progress-step">Fetching picture 3 of 12</p>' in text
    bring(editor, "text", text=PLAIN)
    assert "refresh" not in editor.get(f"/drafts/{Draft.objects.latest('pk').pk}/").content.decode()


def test_what_has_not_moved_for_two_minutes_can_be_tried_again(editor: Client) -> None:
    draft = busy(minutes=3)
    assert "Try again" in editor.get(f"/drafts/{draft.pk}/").content.decode()
    answer = editor.get(f"/drafts/{draft.pk}/progress/?at=40", headers={"HX-Request": "true"})
    assert "Try again" in answer.content.decode()
    assert editor.post(f"/drafts/{draft.pk}/progress/")["Location"] == f"/drafts/{draft.pk}/"
    assert Draft.objects.get().title == "A Toll Bridge"


def test_what_still_moves_is_not_begun_again(editor: Client) -> None:
    draft = busy(minutes=1)
    editor.post(f"/drafts/{draft.pk}/progress/")
    assert Draft.objects.get().state == "reading"


@pytest.fixture
def worker(settings: Settings) -> None:
    """Let tasks wait for a worker, as they do on a site."""
    settings.TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}


@pytest.mark.usefixtures("worker")
def test_the_page_does_not_wait_for_the_reading(editor: Client) -> None:
    bring(editor, "text", text=PLAIN)
    draft = Draft.objects.get()
    assert (draft.state, draft.step) == ("reading", "Waiting for its turn")
    assert not Article.objects.exists()
    assert "Waiting for its turn" in editor.get(f"/drafts/{draft.pk}/").content.decode()


# Who may


ADDRESSES = ["/desk/import/", "/desk/import/{}/", "/drafts/{}/progress/"]


@pytest.fixture
def failed() -> Draft:
    draft = receiving.receive(given="A title", format="plain", by=make_editor(username="someone"))
    receiving.read_in(draft, tell=lambda _step, _hundredths: None)
    return draft


@pytest.mark.parametrize("address", ADDRESSES)
def test_strangers_are_asked_to_sign_in(client: Client, address: str, failed: Draft) -> None:
    for answer in (client.get(address.format(failed.pk)), client.post(address.format(failed.pk))):
        assert answer.status_code == 302
        assert answer["Location"].startswith("/accounts/login/")


@pytest.mark.parametrize(("address", "status"), [(ADDRESSES[0], 403), (ADDRESSES[1], 403), (ADDRESSES[2], 404)])
def test_readers_may_not(client: Client, address: str, status: int, failed: Draft) -> None:
    client.force_login(make_reader())
    assert client.get(address.format(failed.pk)).status_code == status
    assert client.post(address.format(failed.pk), {"way": "text", "text": PLAIN}).status_code == status
    assert Draft.objects.get().given == "A title"


@pytest.mark.parametrize("address", ADDRESSES)
def test_pages_are_asked_for_or_filled_in(editor: Client, address: str, failed: Draft) -> None:
    assert editor.put(address.format(failed.pk)).status_code == 405
    assert editor.delete(address.format(failed.pk)).status_code == 405


@pytest.mark.parametrize("address", ADDRESSES[1:])
def test_there_is_no_other_draft(editor: Client, address: str) -> None:
    assert editor.get(address.format(99)).status_code == 404


def test_every_field_says_what_it_is(editor: Client) -> None:
    text = editor.get("/desk/import/").content.decode()
    for name in ("address", "file", "text", "format", "original_url"):
        assert f'<label for="id_{name}">' in text
    assert re.findall(r'name="way" value="(\w+)"', text) == ["address", "file", "text"]
