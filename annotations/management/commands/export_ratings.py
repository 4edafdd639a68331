"""Write the ratings to a file, without a name, so that every score can be made again from it."""

from argparse import ArgumentParser
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from annotations import exporting
from reader.models import Article


class Command(BaseCommand):
    help = "Write ratings and scores as CSV, readers under pseudonyms that are drawn anew each time."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("article", nargs="?", help="the short name in its address; all articles without it")
        parser.add_argument("--output", help="the file to write; without it the ratings are printed")

    def handle(self, *args: object, article: str | None = None, output: str | None = None, **options: object) -> None:
        chosen = self._article(article)
        if output is None:
            exporting.write_ratings(self.stdout, article=chosen)
            return
        try:
            with Path(output).open("w", encoding="utf-8", newline="") as file:
                number = exporting.write_ratings(file, article=chosen)
        except OSError as error:
            raise CommandError(f"{output} cannot be written: {error.strerror or error}.") from error
        self.stdout.write(f"Wrote {number:,} ratings to {output}.")

    def _article(self, slug: str | None) -> Article | None:
        if slug is None:
            return None
        try:
            return Article.objects.get(slug=slug)
        except Article.DoesNotExist as error:
            raise CommandError(f"There is no article “{slug}”.") from error
