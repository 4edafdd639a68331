"""What this app does when somebody signs in or chooses another password."""

from django.http import HttpRequest

from reader import signing_in
from reader.models import User
from reader.views.requests import came_from


def note_sign_in(*, request: HttpRequest, user: User, **_: object) -> None:
    """Write down where somebody signed in, unless the session has no key yet: then its next request tells it."""
    key = request.session.session_key
    if key and not signing_in.is_told(key):
        signing_in.note(reader=user, session_key=key, **came_from(request))


def end_others(*, request: HttpRequest, user: User, **_: object) -> None:
    """Sign out everywhere else who has a new password: whoever knew the old one is to be in no longer."""
    signing_in.end_others(reader=user, but=request.session.session_key)
