"""Static files as a host has them: the tests' own settings take them from their sources."""

from pathlib import Path
from typing import Any

from django.conf import settings


def collected_in(folder: Path) -> dict[str, Any]:
    """Give the settings under which files are collected into this folder and served from it."""
    return {
        "STATIC_ROOT": folder,
        "STORAGES": settings.STORAGES | {"staticfiles": {"BACKEND": "reader.staticfiles.StaticFilesStorage"}},
        "WHITENOISE_USE_FINDERS": False,
        "WHITENOISE_AUTOREFRESH": False,
    }
