"""SQLite's own way to copy a database while it is written to, and back."""

import sqlite3
from pathlib import Path

from django.db import connection, connections

from reader.backups.errors import BackupError


def dump(target: Path) -> None:
    """Copy the database as it is at one moment, into one file without a log beside it."""
    source = sqlite3.connect(f"file:{_path()}?mode=ro", uri=True)
    copy = sqlite3.connect(target)
    try:
        source.backup(copy)
        copy.execute("PRAGMA journal_mode = DELETE")
        _check(copy)
    except sqlite3.Error as error:
        raise BackupError(f"The database could not be copied: {error}.") from error
    finally:
        copy.close()
        source.close()


def load(dumped: Path) -> None:
    """Put a copy in the place of the database: by its name, at once. The site must not run meanwhile."""
    path = _path()
    connections.close_all()
    try:
        copy = sqlite3.connect(dumped)
        try:
            _check(copy)
        finally:
            copy.close()
        _empty_log(path)
    except sqlite3.Error as error:
        raise BackupError(f"The database is in use, or damaged: {error}. Is the site stopped?") from error
    # A log that was left there would be read into the new database.
    for name in ("-wal", "-shm"):
        path.with_name(path.name + name).unlink(missing_ok=True)
    if path.exists():
        dumped.chmod(path.stat().st_mode)
    dumped.replace(path)


def _path() -> Path:
    return Path(connection.settings_dict["NAME"])


def _check(copy: sqlite3.Connection) -> None:
    found = copy.execute("PRAGMA quick_check").fetchone()[0]
    if found != "ok":
        raise BackupError(f"The copy of the database is damaged: {found}.")


def _empty_log(path: Path) -> None:
    """Bring what is in the log into the old database, which is then whole until the moment it is replaced."""
    if not path.exists():
        return
    old = sqlite3.connect(path, timeout=1, isolation_level=None)
    try:
        if old.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]:
            raise sqlite3.OperationalError("somebody reads or writes it")
    finally:
        old.close()
