"""When the database is away: telling that from a fault of ours, and reading on meanwhile."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import InterfaceError, OperationalError, connection

# Short enough for a page that could do without what it wants to write.
_HASTE_MILLISECONDS = 200


def is_outage(error: BaseException | None) -> bool:
    """Say whether an error means that the database is away, locked or full, so that asking again later may help.

    Of SQLite's, those about the question itself, such as a table that is not there, are faults like any other.
    """
    if not isinstance(error, OperationalError | InterfaceError):
        return False
    cause = error.__cause__
    if isinstance(cause, sqlite3.Error):
        return getattr(cause, "sqlite_errorcode", sqlite3.SQLITE_ERROR) & 0xFF != sqlite3.SQLITE_ERROR
    return True


def behind(error: BaseException | None) -> BaseException | None:
    """Give the outage that an error comes from, however it is called by now: Django says that a session was ended."""
    while error is not None and not is_outage(error):
        error = error.__cause__ or error.__context__
    return error


@contextmanager
def hastily() -> Iterator[None]:
    """Write what a page can do without: not at all where another program holds SQLite's lock, or nobody answers."""
    is_embedded = connection.vendor == "sqlite" and not connection.in_atomic_block
    if is_embedded:
        connection.ensure_connection()
        patience = connection.connection.execute("PRAGMA busy_timeout").fetchone()[0]
        connection.connection.execute(f"PRAGMA busy_timeout = {_HASTE_MILLISECONDS}")
    try:
        yield
    except OperationalError as error:
        if not is_outage(error):
            raise
    finally:
        if is_embedded and connection.connection:
            connection.connection.execute(f"PRAGMA busy_timeout = {patience:d}")
