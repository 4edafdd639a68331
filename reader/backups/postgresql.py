"""PostgreSQL's own programs for dumps, and what they need to know."""

import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings
from django.db import DatabaseError, connection, connections, transaction
from django.db.backends.postgresql.client import DatabaseClient

from reader.backups.errors import BackupError

# Where the old content stands while the new one comes in.
_ASIDE = "before_restore"
_DEBIAN = Path("/usr/lib/postgresql")


def dump(target: Path) -> None:
    """Dump the database as it is at one moment, in the custom format, which is packed."""
    arguments, environment = _where()
    command = [_program("pg_dump"), "--format=custom", "--no-owner", "--no-privileges", "--schema=public"]
    _run([*command, f"--file={target}", *arguments], environment)


def load(dumped: Path) -> None:
    """Put a dump in the place of what is there, in one transaction; what was there comes back when that fails.

    The old content only steps aside meanwhile. Dropping it piece by piece would leave what is in no dump, such as the
    tables of a later version, and would fail where those refer to others.
    """
    program = _program("pg_restore")
    arguments, environment = _where()
    command = [program, "--single-transaction", "--exit-on-error", "--no-owner", "--no-privileges", "--schema=public"]
    try:
        _set_aside()
        connections.close_all()
        try:
            _run([*command, f"--dbname={arguments.pop()}", *arguments, str(dumped)], environment)
        except BaseException:
            _put_back()
            raise
        with connection.cursor() as cursor:
            cursor.execute(f"DROP SCHEMA {_ASIDE} CASCADE")
    except DatabaseError as error:
        raise BackupError(f"The database could not be replaced: {str(error).strip()}") from error


def _set_aside() -> None:
    """Make room. What a restoration left aside that never ended comes back first."""
    if _is_aside():
        _put_back()
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"ALTER SCHEMA public RENAME TO {_ASIDE}")
        cursor.execute("CREATE SCHEMA public")


def _put_back() -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("DROP SCHEMA IF EXISTS public CASCADE")
        cursor.execute(f"ALTER SCHEMA {_ASIDE} RENAME TO public")


def _is_aside() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_namespace WHERE nspname = %s", [_ASIDE])
        return cursor.fetchone() is not None


def _where() -> tuple[list[str], dict[str, str]]:
    """Give the arguments that lead to the database, its name the last, and the variables with what is secret."""
    command, variables = DatabaseClient.settings_to_cmd_args_env(connection.settings_dict, [])
    return command[1:], os.environ | (variables or {})


def _program(name: str) -> str:
    """Give a program of PostgreSQL's that is at least as new as the server."""
    with connection.cursor() as cursor:
        cursor.execute("SHOW server_version_num")
        server = int(cursor.fetchone()[0]) // 10_000
    found = {path: _major(path) for path in _candidates(name)}
    for path, version in found.items():
        if version >= server:
            return path
    if found:
        raise BackupError(
            f"{name} is of version {max(found.values())}, older than the server's {server}. "
            f"Install the client programs of PostgreSQL {server}, or name their folder in PG_PROGRAMS."
        )
    raise BackupError(
        f"{name} is not installed. On Debian: apt-get install postgresql-client; or name its folder in PG_PROGRAMS."
    )


def _candidates(name: str) -> Iterator[str]:
    """Give where the program may be: in the folder that is named, on the way, and where Debian has each version."""
    folders = [settings.PG_PROGRAMS] if settings.PG_PROGRAMS else []
    debian = sorted(_DEBIAN.glob("*/bin"), key=lambda path: int(re.sub(r"\D", "", path.parent.name) or 0), reverse=True)
    for folder in (*folders, None, *map(str, debian)):
        if path := shutil.which(name, path=folder):
            yield path


def _major(program: str) -> int:
    said = subprocess.run([program, "--version"], capture_output=True, text=True, check=False).stdout  # noqa: S603
    number = re.search(r"\) (\d+)", said)
    return int(number[1]) if number else 0


def _run(command: list[str], environment: dict[str, str]) -> None:
    done = subprocess.run(  # noqa: S603  (found by us)
        command, env=environment, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False
    )
    if done.returncode:
        said = done.stderr.strip().splitlines() or ["no word of why"]
        raise BackupError(f"{Path(command[0]).name} failed: {said[0]}")
