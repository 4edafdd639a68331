"""Seal the moderation log in the database itself: a line that stands there is neither changed nor deleted.

The model refuses too, and says why; this stops what goes past it, such as a query by hand. The triggers are made after
every `migrate`, since SQLite drops them with a table that a migration makes anew.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db.backends.base.base import BaseDatabaseWrapper

from annotations.models import ModerationEntry

SENTENCE = "The moderation log is only ever added to."

_TABLE = ModerationEntry._meta.db_table

_SQLITE = {
    name: f"CREATE TRIGGER IF NOT EXISTS {name} BEFORE {event} ON {_TABLE} BEGIN SELECT RAISE(ABORT, '{SENTENCE}'); END"
    for name, event in (("moderation_log_update", "UPDATE"), ("moderation_log_delete", "DELETE"))
}
_POSTGRESQL_FUNCTION = f"""
    CREATE OR REPLACE FUNCTION moderation_log_is_sealed() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN RAISE EXCEPTION '{SENTENCE}' USING ERRCODE = 'integrity_constraint_violation'; END $$
"""
_POSTGRESQL = {
    "moderation_log_rows": f"CREATE OR REPLACE TRIGGER moderation_log_rows BEFORE UPDATE OR DELETE ON {_TABLE} "
    "FOR EACH ROW EXECUTE FUNCTION moderation_log_is_sealed()",
    "moderation_log_all": f"CREATE OR REPLACE TRIGGER moderation_log_all BEFORE TRUNCATE ON {_TABLE} "
    "FOR EACH STATEMENT EXECUTE FUNCTION moderation_log_is_sealed()",
}


def seal(connection: BaseDatabaseWrapper) -> None:
    """Make the triggers that are not there yet."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(_POSTGRESQL_FUNCTION)
        for statement in _triggers(connection).values():
            cursor.execute(statement)


@contextmanager
def unsealed(connection: BaseDatabaseWrapper) -> Iterator[None]:
    """Take the triggers away for a while: for migrations of the log itself, and for tests that empty all tables."""
    with connection.cursor() as cursor:
        for name in _triggers(connection):
            on_table = f" ON {_TABLE}" if connection.vendor == "postgresql" else ""
            cursor.execute(f"DROP TRIGGER IF EXISTS {name}{on_table}")
    yield
    seal(connection)


def _triggers(connection: BaseDatabaseWrapper) -> dict[str, str]:
    return _POSTGRESQL if connection.vendor == "postgresql" else _SQLITE
