"""The databases that a benchmark can run on."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg

from benchmarks.rig import serving

NAMES = ("sqlite", "postgresql")


@contextmanager
def address(name: str) -> Iterator[str]:
    """Give the address of a throw-away PostgreSQL, or nothing for the SQLite that a site brings along."""
    if name == "sqlite":
        yield ""
        return
    command = [sys.executable, "-W", "ignore", "-m", "tools.postgresql"]
    with subprocess.Popen(
        command, cwd=serving.ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdin
        assert process.stdout
        found = process.stdout.readline().strip()
        server, _, database = found.rpartition("/")
        with psycopg.connect(f"{server}/postgres", autocommit=True) as connection:
            connection.execute(f'CREATE DATABASE "{database}"')
        yield found
        process.stdin.close()
