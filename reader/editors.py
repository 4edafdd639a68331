"""Who edits: whether a person may, asked rarely, since every page says so."""

from collections.abc import Callable
from functools import partial

from django.contrib.auth.models import AnonymousUser
from django.core.cache import caches
from django.http import HttpRequest

from reader.models import User

PERMISSION = "reader.change_article"


def is_editor(user: User | AnonymousUser) -> bool:
    """Say whether a person may work on texts."""
    return user.has_perm(PERMISSION)


def context(request: HttpRequest) -> dict[str, Callable[[], bool]]:
    """Give every template whether the reader is to see the link to the desk (a context processor).

    The answer may be a minute old; nothing but that link depends on it.
    """
    return {"sees_desk": partial(_sees_desk, request)}


def _sees_desk(request: HttpRequest) -> bool:
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return False
    return bool(caches["people"].get_or_set(f"editor.{user.pk}", partial(is_editor, user)))
