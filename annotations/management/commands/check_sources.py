"""`manage.py check_sources`: look whether what readers cite is still there, and still what it was; for a timer."""

from argparse import ArgumentParser

from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError

from annotations import checking

# The largest are a day's work of a polite visitor.
LIMITS = {"most": (1, 10_000), "seconds": (1, 86_400)}


class Command(BaseCommand):
    help = (
        "Look at the cited addresses that are due. It may be killed at any time, and two at once share the work. What "
        "is there is due again after a week."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        # Read as words, so that a wrong one is answered with a sentence.
        parser.add_argument("--most", default="500", help="how many addresses at the most (500)")
        parser.add_argument("--seconds", default="600", help="after how many seconds to begin with no other (600)")

    def handle(self, *args: object, **options: object) -> None:
        most, seconds = (_whole_number(name, options[name]) for name in LIMITS)
        try:
            report = checking.run(most=most, seconds=seconds)
        except DatabaseError as error:
            raise CommandError(f"The database could not be used: {str(error).strip()}") from error
        self.stdout.write(str(report))


def _whole_number(name: str, said: object) -> int:
    least, most = LIMITS[name]
    words = str(said)
    if not (words.isascii() and words.isdigit() and len(words) <= 10 and least <= int(words) <= most):
        raise CommandError(f"--{name} takes a whole number from {least:,} to {most:,}, not {words!r}.")
    return int(words)
