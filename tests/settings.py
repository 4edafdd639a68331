"""Settings of the tests: the site's own, on data of their own, without what only costs time."""

import atexit
import os
import shutil
import tempfile
from pathlib import Path

# Before the site's settings are read: nothing of this machine's own installation may reach a test.
_var = tempfile.mkdtemp(prefix="gloss-tests-")
atexit.register(shutil.rmtree, _var, ignore_errors=True)
os.environ |= {
    "VAR_DIR": _var,
    "SECRET_KEY": "only for tests",
    "ALLOWED_HOSTS": "localhost,127.0.0.1,[::1]",
    "PRODUCTION": "false",
    "DEBUG": "false",
    "EMAIL_VERIFICATION": "optional",
    "EMAIL_URL": "console:",
    "LOG_LEVEL": "ERROR",
    "ARCHIVE_SEARCH": "",
    "LIMITS": "off",
}

from reader.settings import *  # noqa: E402, F403
from reader.settings import DATABASES, STATIC_ROOT, STORAGES  # noqa: E402

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]

CACHES = {
    "default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "LOCATION": "default"},
    "pages": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "LOCATION": "pages"},
    "people": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "LOCATION": "people"},
}

# Straight from their sources: collecting and packing them would take longer than the tests.
STORAGES |= {"staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
WHITENOISE_USE_FINDERS = WHITENOISE_AUTOREFRESH = True
STATIC_ROOT.mkdir()

if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    # A file, as the site has it: the live server's threads then wait for each other as they would there.
    DATABASES["default"]["TEST"] = {"NAME": Path(_var) / "test.sqlite3"}
    # It is thrown away, so nothing needs to reach the disk.
    DATABASES["default"]["OPTIONS"]["init_command"] = "PRAGMA journal_mode = WAL; PRAGMA synchronous = OFF"
else:
    # The live server's threads come and go, and a connection kept open would keep the database from being dropped.
    DATABASES["default"]["CONN_MAX_AGE"] = 0

# At once, in the request that asks for it: a test waits for no other process.
TASKS = {"default": {"BACKEND": "django_tasks.backends.immediate.ImmediateBackend"}}
