"""`manage.py import_article FILE`: read an article from plain text and publish it."""

import argparse
import sys
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.urls import reverse

from reader import publishing
from reader.importing import decoding, extraction
from reader.models import Article, Paragraph
from reader.text.blocks import Document


class Command(BaseCommand):
    help = "Import an article from a plain text file (UTF-8, up to 2 MB) and publish it. Refused, nothing is written."

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("file", metavar="FILE", help="the text, or - for standard input")
        parser.add_argument(
            "--slug", default="", help="the last part of its address here; made from the title if not given"
        )
        parser.add_argument("--publisher", default="", help="who published it first")
        parser.add_argument("--address", default="", help="where it was published first, http(s)://…")
        parser.add_argument("--language", default="en", help="BCP 47 tag, such as en or zh-Hans")

    def handle(self, *_args: Any, **options: Any) -> None:
        file = options["file"]
        try:
            document = extraction.from_plain_text(decoding.decode(_read(file)))
            article = publishing.publish(
                document,
                slug=options["slug"],
                publisher=options["publisher"],
                original_url=options["address"],
                language=options["language"],
            )
        except (decoding.DecodingError, extraction.ExtractionError, publishing.PublishingError) as error:
            raise CommandError(f"{_named(file)} was not imported. {error}") from error
        self.stdout.write(_report(article, document))


def _read(file: str) -> bytes:
    """Read as much of the file as an article may have, and one byte more, which tells that it has more."""
    if file == "-":
        return sys.stdin.buffer.read(decoding.MAX_BYTES + 1)
    try:
        with Path(file).open("rb") as stream:
            return stream.read(decoding.MAX_BYTES + 1)
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


def _report(article: Article, document: Document) -> str:
    """Say what came of it, a line each; what was dropped last, so that a mistake is seen."""
    names = Paragraph.objects.filter(revision=article.current_revision).values_list("name", flat=True)
    lines = [
        f"Title    {document.title}",
        f"Kicker   {document.kicker or '–'}",
        f"Byline   {document.byline or '–'}",
        f"Blocks   {' '.join(names)}",
        f"Address  {reverse('reading', args=[article.slug])}",
        *(f"Dropped  {line}" for line in document.dropped),
    ]
    return "\n".join(lines)
