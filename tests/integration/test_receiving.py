"""Texts on their way in: what becomes of what an editor gave, and of its pictures."""

import base64
import io
import logging
import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.core.files.storage import InMemoryStorage
from PIL import Image
from pytest_django.fixtures import Settings

from reader import tasks
from reader.importing import fetching, pictures, receiving
from reader.models import Article, Draft, Picture
from reader.models.drafts import WAITING
from tests import web
from tests.factories import make_article, make_editor

pytestmark = pytest.mark.django_db

WORDS = "The bridge was built in 1990 with public money, and nobody has counted the traffic since that day. "
PLAIN = f"A Toll Bridge\nBy Jane Doe\n\n{WORDS}\n\nThe toll should go.\n"
MARKDOWN = f"# A Toll Bridge\n\n{WORDS}\n\n> The toll should go.\n"


def page(body: str, head: str = "") -> str:
    return (
        f'<!doctype html><html lang="en-GB"><head><title>A Toll Bridge</title>{head}</head>'
        f"<body><article><h1>A Toll Bridge</h1><p>{WORDS * 3}</p>{body}<p>{WORDS * 2}</p></article></body></html>"
    )


def picture(colour: str = "red") -> bytes:
    file = io.BytesIO()
    Image.new("RGB", (40, 30), colour).save(file, "PNG")
    return file.getvalue()


PICTURE = web.answer(picture(), type="image/png")


class Site:
    """A web site on this machine: what it answers at which path, and what it was asked for."""

    def __init__(self) -> None:
        self.answers: dict[str, bytes] = {}
        self.asked: list[str] = []
        self.address = ""

    def manner(self, connection: Any, request: str) -> None:
        self.asked.append(request.split(" ")[1])
        web.saying(self.answers)(connection, request)


@pytest.fixture
def site(monkeypatch: pytest.MonkeyPatch) -> Iterator[Site]:
    made = Site()
    with web.serving(made.manner) as port:
        monkeypatch.setattr(fetching, "INTERNET", web.Network(port))
        made.address = f"http://example.org:{port}"
        yield made


@pytest.fixture(autouse=True)
def media(settings: Settings, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path


def told(_step: str, _hundredths: int) -> None:
    """Tell nobody."""


def read_in(given: str, format: str, **options: Any) -> Draft:  # noqa: A002
    draft = receiving.receive(given=given, format=format, by=make_editor(), **options)
    receiving.read_in(draft, tell=told)
    return Draft.objects.get(pk=draft.pk)


# From what was given to a draft


def test_what_is_given_is_kept_and_read_later() -> None:
    editor = make_editor()
    draft = receiving.receive(given=PLAIN, format="plain", by=editor)
    assert (draft.state, draft.given, draft.creator) == ("reading", PLAIN, editor)
    assert not draft.blocks


@pytest.mark.parametrize(
    ("given", "format"), [(PLAIN, "plain"), (MARKDOWN, "markdown"), (page("<p>The toll should go.</p>"), "html")]
)
def test_every_format_becomes_the_draft_of_an_article(given: str, format: str) -> None:  # noqa: A002
    draft = read_in(given, format)
    assert draft.article is not None
    assert (draft.state, draft.title, draft.article.slug) == ("open", "A Toll Bridge", "a-toll-bridge")
    assert "The toll should go." in [block.html for block in draft.document.blocks]
    assert (draft.step, draft.problem) == ("", "")


def test_no_reader_sees_what_was_read_in() -> None:
    draft = read_in(PLAIN, "plain")
    assert draft.article is not None
    assert draft.article.is_draft
    assert not Article.objects.published().exists()


def test_a_page_is_fetched_with_what_it_says_of_itself(site: Site) -> None:
    head = (
        '<meta property="og:site_name" content="The Norrhaven Courier">'
        '<meta property="article:published_time" content="2021-03-04T10:00:00Z">'
    )
    site.answers["/a"] = web.answer(page("", head))
    draft = read_in(f"{site.address}/a", "address")
    article = draft.article
    assert article is not None
    assert (article.publisher, article.language) == ("The Norrhaven Courier", "en-GB")
    assert (article.original_url, article.published_on) == (f"{site.address}/a", date(2021, 3, 4))


@pytest.mark.parametrize(
    ("path", "type", "body"),
    [
        ("/a", "text/plain; charset=utf-8", PLAIN),
        ("/a.md", "text/plain; charset=utf-8", MARKDOWN),
        ("/a", "text/markdown; charset=utf-8", MARKDOWN),
        ("/a", "text/html; charset=iso-8859-1", page("<p>Café.</p>").encode("latin-1")),
    ],
)
def test_what_a_server_calls_it_is_how_it_is_read(site: Site, path: str, type: str, body: str | bytes) -> None:  # noqa: A002
    site.answers[path] = web.answer(body, type=type)
    draft = read_in(f"{site.address}{path}", "address")
    assert draft.title == "A Toll Bridge"
    assert isinstance(body, str) or "Café." in [block.html for block in draft.document.blocks]


def test_where_a_text_was_first_is_as_the_editor_says() -> None:
    draft = read_in(PLAIN, "plain", original_url="https://example.org/bridge")
    assert draft.article is not None
    assert draft.article.original_url == "https://example.org/bridge"


def test_a_title_too_long_for_its_column_is_cut_for_the_editor_to_mend() -> None:
    draft = read_in(f"# {'Toll ' * 100}\n\n{WORDS}", "markdown")
    assert len(draft.title) < 301
    assert draft.title.endswith("Toll…")


@pytest.mark.parametrize(
    ("text", "name", "found"),
    [
        ("Words.", "a.md", "markdown"),
        ("# Words", "A.TXT", "plain"),
        ("Words.", "page.htm", "html"),
        ("Words.", "", "plain"),
        ("Words.\n\nHe paid $5 # 3 times * 2.", "notes", "plain"),
        ("<!DOCTYPE html>\n<p>Words.", "", "html"),
        ("Some\n  <p class='a'>Words.</p>", "", "html"),
        ("The <p> element is old.", "", "plain"),
        ("# Words\n\nMore.", "", "markdown"),
        ("Words with [a link](https://example.org).", "", "markdown"),
        ("Words that are **strong**.", "", "markdown"),
        ("Words\n\n```\ncode\n```", "", "markdown"),
        ("| a | b |\n|---|---|\n| 1 | 2 |", "", "markdown"),
        ("Words.[^1]\n\n[^1]: A note.", "", "markdown"),
        ("---\ntitle: Words\n---\nMore.", "", "markdown"),
    ],
)
def test_what_a_text_is_shows_in_its_name_or_its_looks(text: str, name: str, found: str) -> None:
    assert receiving.guess(text, name=name) == found


# What cannot be read in


@pytest.mark.parametrize(
    ("given", "format", "problem"),
    [
        pytest.param("A title", "plain", "There is no article in it", id="no body"),
        pytest.param("<p></p>", "html", "There is no article in it", id="an empty page"),
        pytest.param("ftp://example.org/a", "address", "http:// or https://", id="an address of no page"),
        pytest.param("http://127.0.0.1/", "address", "not on the public internet", id="this machine"),
    ],
)
def test_what_stands_in_the_way_is_kept_with_what_was_given(given: str, format: str, problem: str) -> None:  # noqa: A002
    draft = read_in(given, format)
    assert problem in draft.problem
    assert (draft.state, draft.given, draft.step, draft.progress) == ("open", given, "", 0)
    assert not Article.objects.exists()


def test_a_text_that_is_here_already_is_named() -> None:
    article = make_article(text=PLAIN)
    draft = read_in(PLAIN, "plain")
    assert f"“A Toll Bridge” ({article.slug})" in draft.problem
    assert draft.article is None


def test_a_text_thrown_away_meanwhile_stays_so() -> None:
    draft = receiving.receive(given=PLAIN, format="plain", by=make_editor())
    Draft.objects.update(state="discarded")
    receiving.read_in(draft, tell=told)
    assert Draft.objects.get().state == "discarded"
    assert not Article.objects.exists()


def test_of_two_attempts_the_later_one_counts() -> None:
    first = receiving.receive(given=PLAIN, format="plain", by=make_editor())
    later = receiving.receive_again(draft=first, given=MARKDOWN, format="markdown")
    receiving.read_in(first, tell=told)
    assert Draft.objects.get().state == "reading"
    receiving.read_in(later, tell=told)
    assert Draft.objects.get().document.blocks[-1].kind == "quote"
    assert Article.objects.count() == 1


def test_an_attempt_that_failed_late_does_not_end_the_one_after_it() -> None:
    first = receiving.receive(given="A title", format="plain", by=make_editor())
    receiving.receive_again(draft=first, given=MARKDOWN, format="markdown")
    receiving.read_in(first, tell=told)
    assert (Draft.objects.get().state, Draft.objects.get().problem) == ("reading", "")


def test_a_text_that_was_read_in_is_not_given_again() -> None:
    with pytest.raises(receiving.ReceivingError, match="read in already"):
        receiving.receive_again(draft=read_in(PLAIN, "plain"), given=MARKDOWN, format="markdown")


# Pictures


def figures(draft: Draft) -> list[tuple[str, str]]:
    """Give captions with the hashes of their pictures."""
    return [(block.html, block.image) for block in draft.document.blocks if block.kind == "figure"]


def test_pictures_come_along(site: Site) -> None:
    site.answers["/news/a"] = web.answer(
        page('<figure><img src="b.png" alt="The bridge"><figcaption>It is long.</figcaption></figure>')
    )
    site.answers["/news/b.png"] = PICTURE
    draft = read_in(f"{site.address}/news/a", "address")
    assert figures(draft) == [("It is long.", Picture.objects.get().hash)]
    assert [block.alt for block in draft.document.blocks if block.image] == ["The bridge"]


def test_a_picture_is_fetched_once_however_often_it_stands_there(site: Site) -> None:
    site.answers["/b.png"] = PICTURE
    html = page("".join(f'<figure><img src="/b.png"><figcaption>No. {n}.</figcaption></figure>' for n in range(3)))
    draft = read_in(html, "html", original_url=site.address)
    assert [image for _, image in figures(draft)] == [Picture.objects.get().hash] * 3
    assert site.asked == ["/b.png"]


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        pytest.param(b"", "failed or broke off", id="nobody answers"),
        pytest.param(web.answer("<svg/>", type="image/svg+xml"), "image/svg", id="a drawing with scripts"),
        pytest.param(
            web.answer("not a picture", type="image/png"), "no picture that can be shown", id="something else"
        ),
    ],
)
def test_a_figure_keeps_its_caption_without_its_picture(site: Site, answer: bytes, reason: str) -> None:
    site.answers["/b.png"] = answer
    html = page('<figure><img src="/b.png"><figcaption>It is long.</figcaption></figure><p><img src="/b.png"></p>')
    draft = read_in(html, "html", original_url=site.address)
    assert figures(draft) == [("It is long.", "")]
    line = next(line for line in draft.dropped if line.startswith("A picture was left out"))
    assert f"({site.address}/b.png)" in line
    assert reason in line


def packed(data: bytes) -> str:
    return f"data:image/png;base64,{base64.b64encode(data).decode()}"


def test_a_picture_in_the_text_itself_is_kept() -> None:
    draft = read_in(f"{MARKDOWN}\n\n![The bridge]({packed(picture())})\n", "markdown")
    assert [image for _, image in figures(draft)] == [Picture.objects.get().hash]


def test_a_picture_of_a_page_saved_as_one_file_is_kept() -> None:
    noise = io.BytesIO()
    Image.effect_noise((60, 60), 60).save(noise, "PNG")
    draft = read_in(page(f'<figure><img alt="The bridge" src="{packed(noise.getvalue())}"></figure>'), "html")
    assert [image for _, image in figures(draft)] == [Picture.objects.get().hash]


@pytest.mark.parametrize(
    "image", ["data:image/png;base64,a", "data:image/png,notapicture", "data:image/svg+xml,<svg/>"]
)
def test_what_is_no_picture_in_the_text_itself_is_left_out(image: str) -> None:
    draft = read_in(f"{MARKDOWN}\n\n![The bridge]({image})\n", "markdown")
    assert any(line.startswith("A picture was left out (in the text itself).") for line in draft.dropped)


def test_a_picture_that_is_here_already_stays() -> None:
    known = pictures.keep(pictures.encode(picture()))
    draft = read_in(f"{MARKDOWN}\n\n![The bridge]({known.hash})\n\n![A road]({'0' * 64})\n", "markdown")
    assert figures(draft) == [("", known.hash)]
    assert any("It is not here." in line for line in draft.dropped)


def test_a_relative_picture_of_nowhere_is_left_out() -> None:
    draft = read_in(f"{MARKDOWN}\n\n![The bridge](bridge.png)\n", "markdown")
    assert not Picture.objects.exists()
    assert "a picture without a usable address" in draft.dropped


def test_pictures_have_a_limit_for_all_of_them(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(receiving, "_MOST_PICTURES", 2)
    html = "".join(f'<figure><img src="/{n}.png"><figcaption>No. {n}.</figcaption></figure>' for n in range(4))
    site.answers = {f"/{n}.png": web.answer(picture(f"#{n}00"), type="image/png") for n in range(4)}
    draft = read_in(page(html), "html", original_url=site.address)
    assert sum(bool(image) for _, image in figures(draft)) == 2
    assert sum("There are more than 2." in line for line in draft.dropped) == 2


@pytest.mark.parametrize("limit", ["_MOST_PICTURE_BYTES", "_MOST_PICTURE_SECONDS"])
def test_bytes_and_seconds_of_pictures_are_limited_together(
    site: Site, monkeypatch: pytest.MonkeyPatch, limit: str
) -> None:
    monkeypatch.setattr(receiving, limit, 0)
    site.answers["/b.png"] = PICTURE
    draft = read_in(
        page('<figure><img src="/b.png"><figcaption>It is long.</figcaption></figure>'),
        "html",
        original_url=site.address,
    )
    assert site.asked == []
    assert any("All of them together are too many." in line for line in draft.dropped)


# The task


class FullDisk(InMemoryStorage):
    """A storage that has no room."""

    def _save(self, name: str, content: Any) -> str:
        raise OSError("No space left on device")


def test_a_fault_of_ours_leaves_the_draft_open_and_is_logged(
    settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    settings.STORAGES = {**settings.STORAGES, "default": {"BACKEND": f"{__name__}.FullDisk"}}
    given = f"{MARKDOWN}\n\n![The bridge]({packed(picture())})\n"
    draft = receiving.receive(given=given, format="markdown", by=make_editor())
    with caplog.at_level(logging.ERROR):
        tasks.read_draft.enqueue(draft.pk, draft.version)
    kept = Draft.objects.get()
    assert (kept.state, kept.given, kept.problem) == ("open", given, tasks.OUR_FAULT)
    # Ours, as the worker is told to keep quiet about everything else.
    assert [record.getMessage() for record in caplog.records if record.name == "reader.tasks"] == [
        f"Draft {draft.pk} could not be finished"
    ]


def test_a_task_that_comes_too_late_does_nothing() -> None:
    draft = receiving.receive(given=PLAIN, format="plain", by=make_editor())
    tasks.read_draft.enqueue(draft.pk, draft.version + 1)
    assert Draft.objects.get().state == "reading"
    tasks.read_draft.enqueue(draft.pk, draft.version)
    tasks.read_draft.enqueue(draft.pk, draft.version)
    assert Draft.objects.get().state == "open"
    assert Article.objects.count() == 1


def test_nothing_is_fetched_for_a_draft_that_was_thrown_away(site: Site) -> None:
    draft = receiving.receive(given=f"{site.address}/a", format="address", by=make_editor())
    Draft.objects.update(state="discarded")
    tasks.read_draft.enqueue(draft.pk, draft.version)
    assert site.asked == []


def test_progress_is_written_down_no_more_than_twice_a_second() -> None:
    draft = receiving.receive(given=PLAIN, format="plain", by=make_editor())
    tell = tasks.progress_of(draft)
    tell("Fetching", 10)
    tell("Reading", 20)
    assert (Draft.objects.get().step, Draft.objects.get().progress) == ("Fetching", 10)


def test_progress_of_an_attempt_given_up_is_not_shown() -> None:
    draft = receiving.receive(given=PLAIN, format="plain", by=make_editor())
    receiving.receive_again(draft=draft, given=MARKDOWN, format="markdown")
    tasks.progress_of(draft)("Fetching", 10)
    assert Draft.objects.get().step == WAITING


def test_three_thousand_paragraphs_tell_how_far_they_are() -> None:
    steps: list[tuple[str, int]] = []
    given = "A Toll Bridge\n\n" + "".join(f"{WORDS}No. {number}.\n\n" for number in range(3000))
    draft = receiving.receive(given=given, format="plain", by=make_editor())
    receiving.read_in(draft, tell=lambda step, hundredths: steps.append((step, hundredths)))
    assert len(Draft.objects.get().blocks) == 3000
    hundredths = [number for _, number in steps]
    assert hundredths == sorted(hundredths)
    assert all(re.fullmatch(r"[A-Z].*", step) for step, _ in steps)
