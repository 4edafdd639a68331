"""`manage.py import_article`: what it says, and what it refuses with no article written."""

import io
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from PIL import Image
from pytest_django.fixtures import Settings

from reader import publishing
from reader.importing import fetching
from reader.models import Article, Draft, Picture, Revision
from tests import web

pytestmark = pytest.mark.django_db

FIRST_ARTICLE = Path(publishing.__file__).parent / "data" / "first-article.txt"
TEXT = "A Toll Bridge\nBy Jane Doe\nShare\n\nThe bridge was built in 1990. Nobody has counted the traffic since.\n"


def run(file: object, **options: object) -> str:
    said = io.StringIO()
    call_command("import_article", str(file), stdout=said, **options)
    return said.getvalue()


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "bridge.txt"
    path.write_text(TEXT, encoding="utf-8")
    return path


def test_it_says_what_came_of_the_file(file: Path) -> None:
    assert run(file).splitlines() == [
        "Title    A Toll Bridge",
        "Kicker   –",
        "Byline   Jane Doe",
        "Blocks   p1",
        "Address  /articles/a-toll-bridge/",
        "Dropped  Share",
    ]


def test_the_first_article_comes_in() -> None:
    assert "Blocks   f1 p1 p2 p3 p4 p5 p6 p7 p8 p9 n1" in run(FIRST_ARTICLE)


def test_what_the_options_say_is_kept(file: Path) -> None:
    run(file, slug="bridge", publisher="The Times", address="https://example.org/a", language="en-GB")
    article = Article.objects.get(slug="bridge")
    assert (article.publisher, article.original_url, article.language) == (
        "The Times",
        "https://example.org/a",
        "en-GB",
    )


def test_a_dash_is_standard_input(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(TEXT.encode())))
    run("-")
    assert Article.objects.get().title == "A Toll Bridge"


@pytest.mark.parametrize(
    ("data", "message"),
    [
        pytest.param(b"", "It is empty", id="empty"),
        pytest.param(b"\xef\xbb\xbf \r\n", "It is empty", id="nothing but white space"),
        pytest.param(b"A title\n\nwith a\0byte.", "control characters", id="a zero byte"),
        pytest.param(b"\x1b[1mA title\x1b[0m\n\nand text.", "control characters", id="a terminal's colours"),
        pytest.param("A title\n\nDon\x92t.".encode(), "control characters", id="text decoded wrongly before"),
        pytest.param(b"A title\n\nCaf\xe9.", "not UTF-8 text: byte 13", id="Latin-1"),
        pytest.param("A title\n\nand text.".encode("utf-16"), "not UTF-8", id="UTF-16"),
        pytest.param(b"\x89PNG\r\n\x1a\n", "not UTF-8", id="a picture"),
        pytest.param(b"A title\n\n" + b"word " * 400_000, "over 2 MB", id="too large"),
        pytest.param(b"A title", "There is no article in it", id="no body"),
        pytest.param(b"Share\n0:00\n", "There is no article in it", id="furniture only"),
    ],
)
def test_what_is_no_article_is_refused(tmp_path: Path, data: bytes, message: str) -> None:
    path = tmp_path / "file.txt"
    path.write_bytes(data)
    with pytest.raises(CommandError, match=message):
        run(path)
    assert not Article.objects.exists()


def test_every_way_to_end_a_line_is_read(tmp_path: Path) -> None:
    path = tmp_path / "file.txt"
    path.write_bytes("A title\r\n\x85It is one.\fIt is two.\vIt is three.\n".encode())
    assert "Blocks   p1 p2 p3" in run(path)


def test_a_text_of_just_two_megabytes_comes_in(tmp_path: Path) -> None:
    path = tmp_path / "file.txt"
    path.write_bytes((b"A title\n\n" + (b"This is a sentence. " * 500 + b"\n") * 200)[:2_000_000])
    run(path)
    assert len(Revision.objects.get().text) > 1_900_000


@pytest.mark.parametrize(
    ("name", "message"),
    [("missing.txt", "There is no file .*missing.txt"), (".", "is a folder"), ("a\0b", "cannot be read")],
)
def test_what_is_no_file_is_refused(tmp_path: Path, name: str, message: str) -> None:
    with pytest.raises(CommandError, match=message):
        run(f"{tmp_path}/{name}")


def test_a_file_that_may_not_be_read_is_refused(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def deny(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied")

    # A test that runs as root may read any file.
    monkeypatch.setattr(Path, "open", deny)
    with pytest.raises(CommandError, match="may not be read by this user"):
        run(file)


def test_an_article_that_is_there_is_refused(file: Path) -> None:
    run(file)
    with pytest.raises(CommandError, match=r"already here, as “A Toll Bridge” \(a-toll-bridge\)"):
        run(file, slug="again")
    assert Article.objects.count() == 1


@pytest.mark.parametrize("options", [{"address": "ftp://example.org/a"}, {"slug": "a b"}, {"language": "?"}])
def test_options_that_do_not_fit_are_refused(file: Path, options: dict[str, str]) -> None:
    with pytest.raises(CommandError, match=r"bridge.txt was not imported\."):
        run(file, **options)
    assert not Article.objects.exists()


@pytest.mark.parametrize(
    ("name", "text", "options"),
    [
        pytest.param("a.md", "# A Toll Bridge\n\n> It is *long*.", {}, id="Markdown by its name"),
        pytest.param("a", "# A Toll Bridge\n\n> It is *long*.", {}, id="Markdown by its looks"),
        pytest.param("a.txt", "# A Toll Bridge\n\n> It is *long*.", {"format": "markdown"}, id="Markdown as told"),
        pytest.param(
            "a.html", "<h1>A Toll Bridge</h1><blockquote>It is <i>long</i>.</blockquote>", {}, id="HTML by name"
        ),
        pytest.param(
            "a", "<h1>A Toll Bridge</h1><blockquote>It is <i>long</i>.</blockquote>", {}, id="HTML by its looks"
        ),
    ],
)
def test_what_a_file_holds_is_found_out(tmp_path: Path, name: str, text: str, options: dict[str, str]) -> None:
    (tmp_path / name).write_text(text)
    run(tmp_path / name, **options)
    block = Article.objects.get().current_revision.paragraphs.get()  # type: ignore[union-attr]
    assert (block.kind, block.html) == ("quote", "It is <em>long</em>.")


def test_a_page_in_an_older_encoding_comes_in(tmp_path: Path) -> None:
    path = tmp_path / "a.html"
    path.write_bytes('<meta charset="latin1"><h1>A Toll Bridge</h1><p>The café is open.</p>'.encode("latin-1"))
    run(path)
    assert Revision.objects.get().text == "The café is open."


@pytest.fixture
def site(monkeypatch: pytest.MonkeyPatch, settings: Settings, tmp_path: Path) -> Iterator[str]:
    """Give the address of a page with a picture."""
    settings.MEDIA_ROOT = tmp_path
    drawn = io.BytesIO()
    Image.new("RGB", (40, 30)).save(drawn, "PNG")
    words = "The bridge was built in 1990 with public money, and nobody has counted the traffic since that day. "
    figure = '<figure><img alt="It." src="b.png"></figure>'
    body = f"<article><h1>A Toll Bridge</h1><p>{words * 3}</p>{figure}<p>{words * 2}</p></article>"
    page = f"<!doctype html><html><head><title>A Toll Bridge</title></head><body>{body}</body></html>"
    answers = {"/a": web.answer(page), "/b.png": web.answer(drawn.getvalue(), type="image/png")}
    with web.serving(web.saying(answers)) as port:
        monkeypatch.setattr(fetching, "INTERNET", web.Network(port))
        yield f"http://example.org:{port}/a"


def test_an_address_comes_in_with_its_pictures(site: str) -> None:
    run(site)
    article = Article.objects.get()
    assert article.current_revision is not None
    assert article.original_url == site
    assert article.current_revision.paragraphs.get(kind="figure").picture == Picture.objects.get()


def test_an_address_that_cannot_be_fetched_is_refused(site: str) -> None:
    with pytest.raises(CommandError, match=r"was not imported\. The server answered “404 Not Found”\."):
        run(f"{site}/b")
    with pytest.raises(CommandError, match="is not on the public internet"):
        run("http://127.0.0.1/")


def test_a_draft_is_left_to_the_editors(file: Path) -> None:
    said = run(file, draft=True, slug="bridge", publisher="The Times")
    draft = Draft.objects.get()
    assert draft.article is not None
    assert (draft.state, draft.title, draft.article.slug) == ("open", "A Toll Bridge", "bridge")
    assert draft.article.is_draft
    assert "Blocks   1\nDraft    /drafts/" in said
    with pytest.raises(CommandError, match="“bridge” belongs to"):
        run(file, draft=True, slug="bridge")


def test_what_takes_long_says_on_standard_error_how_far_it_is(site: str, monkeypatch: pytest.MonkeyPatch) -> None:
    quick, slow = io.StringIO(), io.StringIO()
    call_command("import_article", site, draft=True, stderr=quick)
    clock = iter(range(0, 1000, 10))
    monkeypatch.setattr("reader.management.commands.import_article.now", lambda: next(clock))
    call_command("import_article", site, draft=True, stderr=slow)
    assert quick.getvalue() == ""
    assert slow.getvalue().splitlines() == [
        "Fetching the page …",
        "Finding the article in it …",
        "Fetching picture 1 of 1 …",
    ]
