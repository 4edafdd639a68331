"""`manage.py import_article FILE_OR_ADDRESS`: read an article in and publish it, or leave it to the editors."""

import argparse
import sys
from pathlib import Path
from time import monotonic as now
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.urls import reverse

from reader import publishing
from reader.importing import pages, receiving
from reader.models import Article, Draft, Paragraph
from reader.text.blocks import Document

# What is done sooner needs no word on how far it is.
_QUIET_SECONDS = 1.0


class Command(BaseCommand):
    help = (
        "Import an article from a file of text, Markdown or HTML, or from a web address, with its pictures, and "
        "publish it. Of what is refused no article is written."
    )

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument(
            "file",
            metavar="FILE_OR_ADDRESS",
            help="the text (UTF-8, up to 2 MB; HTML up to 5 MB), - for standard input, or http(s)://…",
        )
        parser.add_argument(
            "--format",
            choices=[each.value for each in Draft.Format if each != Draft.Format.ADDRESS],
            default="",
            help="what the file holds; found out from its name, or else from the text, if not given",
        )
        parser.add_argument("--draft", action="store_true", help="leave it at the desk, for editors to publish")
        parser.add_argument(
            "--slug", default="", help="the last part of its address here; made from the title if not given"
        )
        parser.add_argument("--publisher", default="", help="who published it first")
        parser.add_argument("--address", default="", help="where it was published first, http(s)://…")
        parser.add_argument(
            "--language", default="", help="BCP 47 tag, such as en or zh-Hans; what the text says, or en, if not given"
        )

    def handle(self, *_args: Any, **options: Any) -> None:
        file = options["file"]
        try:
            given, found = _given(file, options["format"])
            document = receiving.read(given, format=found, original_url=options["address"], tell=self._teller())
            origin = receiving.origin(
                document,
                slug=options["slug"],
                publisher=options["publisher"],
                original_url=options["address"],
                language=options["language"],
            )
            if options["draft"]:
                draft = receiving.open_draft(document, by=None, origin=origin)
                self.stdout.write(_report(document, _of_draft(draft)))
            else:
                article = publishing.publish(document, **origin)
                self.stdout.write(_report(document, _of_article(article)))
        except receiving.Refusals as error:
            raise CommandError(f"{_named(file)} was not imported. {error}") from error

    def _teller(self) -> publishing.Tell:
        """Give what says each step on standard error, once it has taken a while."""
        started_at = now()

        def tell(step: str, _hundredths: int) -> None:
            if now() - started_at >= _QUIET_SECONDS:
                self.stderr.write(f"{step} …")

        return tell


def _given(file: str, named: str) -> tuple[str, str]:
    """Give the text, or the address, and its format. Raises DecodingError."""
    if file.startswith(("http://", "https://")):
        return file, Draft.Format.ADDRESS
    data = _read(file)
    # Read as Latin-1 for its looks only: that fits any bytes, and what tells the formats apart is ASCII.
    found = named or receiving.guess(data.decode("latin-1"), name=file)
    return receiving.decoded(data, format=found), found


def _read(file: str) -> bytes:
    """Read as much of the file as an article may have, and one byte more, which tells that it has more."""
    most = pages.MAX_BYTES + 1
    if file == "-":
        return sys.stdin.buffer.read(most)
    try:
        with Path(file).open("rb") as stream:
            return stream.read(most)
    except FileNotFoundError as error:
        raise CommandError(f"There is no file {file}.") from error
    except IsADirectoryError as error:
        raise CommandError(f"{file} is a folder; name the file with the article's text.") from error
    except PermissionError as error:
        raise CommandError(f"{file} may not be read by this user.") from error
    except (OSError, ValueError) as error:
        raise CommandError(f"{file} cannot be read: {error}.") from error


def _named(file: str) -> str:
    return "Standard input" if file == "-" else file


def _of_article(article: Article) -> list[str]:
    names = Paragraph.objects.filter(revision=article.current_revision).values_list("name", flat=True)
    return [f"Blocks   {' '.join(names)}", f"Address  {reverse('reading', args=[article.slug])}"]


def _of_draft(draft: Draft) -> list[str]:
    return [f"Blocks   {len(draft.blocks)}", f"Draft    {draft.get_absolute_url()}"]


def _report(document: Document, made: list[str]) -> str:
    """Say what came of it, a line each; what was dropped last, so that a mistake is seen."""
    lines = [
        f"Title    {document.title}",
        f"Kicker   {document.kicker or '–'}",
        f"Byline   {document.byline or '–'}",
        *made,
        *(f"Dropped  {line}" for line in document.dropped),
    ]
    return "\n".join(lines)
