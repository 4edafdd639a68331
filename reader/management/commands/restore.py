"""Put a backup in the place of what is there."""

from argparse import ArgumentParser
from pathlib import Path

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import Error

from reader import backups


class Command(BaseCommand):
    help = "Restore the database and the pictures from a file that `backup` wrote. Stop the site first."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, help="the backup")
        parser.add_argument(
            "--replace", action="store_true", help="though there are articles or accounts, which are lost"
        )

    def handle(self, *args: object, file: Path, replace: bool, **options: object) -> None:
        try:
            manifest = backups.restore(file.absolute(), is_replacing=replace)
        except backups.BackupError as refusal:
            raise CommandError(str(refusal)) from refusal
        except Error as error:
            raise CommandError(f"The database could not be used: {str(error).strip()}") from error
        # An older backup is brought up to date; the other tables are there already.
        call_command("migrate", interactive=False, verbosity=0)
        call_command("createcachetable", verbosity=0)
        self.stdout.write(f"Restored: {manifest.summary}.")
