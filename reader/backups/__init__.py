"""Backups: one file with the database, the pictures of articles, and what is needed to trust it.

`manage.py backup FILE` and `manage.py restore FILE` are the ways in.
"""

from reader.backups.archives import Manifest, make, restore
from reader.backups.errors import BackupError

__all__ = ["BackupError", "Manifest", "make", "restore"]
