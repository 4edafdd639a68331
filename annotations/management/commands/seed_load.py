"""Fill the database with made-up content, to try Gloss at size."""

import time
from argparse import ArgumentParser

from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError

from annotations import seeding

# The smallest and the largest of each; the largest are what one machine fills before dinner.
LIMITS = {
    "articles": (1, 100_000),
    "paragraphs": (1, 2_000),
    "annotations": (0, 10_000_000),
    "readers": (1, 999_999),
    "ratings": (0, 50_000_000),
    "seed": (0, 999_999),
}


class Command(BaseCommand):
    help = "Add made-up articles, readers and annotations; another seed adds others."

    def add_arguments(self, parser: ArgumentParser) -> None:
        # Read as words, so that a wrong one is answered with a sentence.
        parser.add_argument("--articles", default="10", help="how many articles (10)")
        parser.add_argument("--paragraphs", default="12", help="how many paragraphs each has (12)")
        parser.add_argument("--annotations", default="1000", help="how many annotations on all of them (1000)")
        parser.add_argument("--readers", default="50", help="how many readers write them (50)")
        parser.add_argument("--ratings", default="2000", help="how many ratings they give to what others wrote (2000)")
        parser.add_argument("--seed", default="1", help="the number that everything is drawn from (1)")

    def handle(self, *args: object, **options: object) -> None:
        started_at = time.monotonic()
        numbers = {name: _whole_number(name, options[name]) for name in LIMITS}
        seed = numbers.pop("seed")
        try:
            seeding.fill(seeding.Size(**numbers), seed=seed, tell=self.stdout.write)
        except seeding.SeedingError as error:
            raise CommandError(str(error)) from error
        except DatabaseError as error:
            raise CommandError(f"The database could not be used: {str(error).strip()}") from error
        self.stdout.write(f"Done in {time.monotonic() - started_at:.1f} seconds.")


def _whole_number(name: str, said: object) -> int:
    least, most = LIMITS[name]
    words = str(said)
    if not (words.isascii() and words.isdigit() and len(words) <= 10 and least <= int(words) <= most):
        raise CommandError(f"--{name} takes a whole number from {least:,} to {most:,}, not {words!r}.")
    return int(words)
