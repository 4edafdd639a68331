"""`manage.py import_article`: what it says, and what it refuses with nothing written."""

import io
import sys
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from reader import publishing
from reader.models import Article, Revision

pytestmark = pytest.mark.django_db

FIRST_ARTICLE = Path(publishing.__file__).parent / "data" / "first-article.txt"
TEXT = "A Toll Bridge\nBy Jane Doe\nShare\n\nThe bridge was built in 1990. Nobody has counted the traffic since.\n"


def run(file: object, **options: str) -> str:
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
