"""Make the database ready, and on request the samples, a moderator and the static files."""

import hashlib
import inspect
import secrets
from argparse import ArgumentParser
from pathlib import Path

from django.conf import settings
from django.contrib.auth.models import Group
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor

from annotations import sampling
from reader import bundling, measuring, staticfiles
from reader.models import User

MODERATOR = "moderator"
# What it may do; on a small site one person does both.
GROUPS = ("Moderators", "Editors")


class Command(BaseCommand):
    help = "Bring the database up to date; a second time changes nothing."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--static", action="store_true", help="collect the static files when they have changed")
        parser.add_argument("--samples", action="store_true", help="the first article with its sample reading")
        parser.add_argument(
            "--moderator", action="store_true", help="an account that moderates and edits, password printed"
        )

    def handle(self, *args: object, static: bool, samples: bool, moderator: bool, **options: object) -> None:
        if static:
            self.collect_static()
        measuring.tidy()
        try:
            self.migrate()
            if samples:
                sampling.ensure()
            if moderator:
                self.ensure_moderator()
        except DatabaseError as error:
            raise CommandError(f"The database could not be used: {str(error).strip()}") from error

    def collect_static(self) -> None:
        """Collect and pack the static files, unless those collected come from the sources as they are."""
        stamp = Path(settings.STATIC_ROOT) / ".sources"
        sources = _fingerprint()
        if stamp.exists() and stamp.read_text() == sources:
            return
        self.stdout.write("Packing the static files …")
        call_command("collectstatic", interactive=False, clear=True, verbosity=0)
        stamp.write_text(sources)

    def migrate(self) -> None:
        """Apply what is not yet applied."""
        settings.VAR_DIR.mkdir(parents=True, exist_ok=True)
        executor = MigrationExecutor(connection)
        if executor.migration_plan(executor.loader.graph.leaf_nodes()):
            self.stdout.write("Bringing the database up to date …")
            call_command("migrate", interactive=False, verbosity=0)
        call_command("createcachetable", verbosity=0)

    def ensure_moderator(self) -> None:
        """Make the moderator's account, once, and print its password, which nobody can read later."""
        if User.objects.filter(username=MODERATOR).exists():
            return
        password = secrets.token_urlsafe(12)
        moderator = User.objects.create_user(MODERATOR, password=password, is_staff=True)
        moderator.groups.add(*Group.objects.filter(name__in=GROUPS))
        self.stdout.write(
            f"\nAn account that may moderate, at /admin/, and edit, at /desk/: name {MODERATOR}, password {password}\n"
            "The password is shown this once.\n"
        )


def _fingerprint() -> str:
    """Name the sources of the static files, and the code that packs them."""
    digest = hashlib.sha256()
    for module in (bundling, staticfiles):
        digest.update(inspect.getsource(module).encode())
    for finder in get_finders():
        for path, storage in finder.list([]):
            file = Path(storage.path(path))
            digest.update(f"{file} {file.stat().st_mtime_ns} {file.stat().st_size}\n".encode())
    return digest.hexdigest()
