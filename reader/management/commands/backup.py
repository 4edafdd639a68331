"""Make a backup of the site: the database and the pictures, in one file."""

from argparse import ArgumentParser
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.db import Error

from reader import backups


class Command(BaseCommand):
    help = "Write the database and the pictures of articles into one file, while the site goes on."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "file", type=Path, help="the file to write, such as gloss-2026-01-31.tar; one there is replaced"
        )

    def handle(self, *args: object, file: Path, **options: object) -> None:
        try:
            manifest = backups.make(file.absolute())
        except backups.BackupError as refusal:
            raise CommandError(str(refusal)) from refusal
        except Error as error:
            raise CommandError(f"The database could not be used: {str(error).strip()}") from error
        self.stdout.write(f"{file}: {manifest.summary} ({file.stat().st_size:,} bytes).")
