"""What every answer carries, and what no request may, that Django and its companions do not see to."""

import codecs
from collections.abc import Callable

from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse

from reader import signing_in
from reader.models import User
from reader.views.requests import came_from

# Reading asks nothing of the reader's device.
PERMISSIONS_POLICY = ", ".join(
    f"{feature}=()"
    for feature in (
        "accelerometer",
        "camera",
        "display-capture",
        "geolocation",
        "gyroscope",
        "magnetometer",
        "microphone",
        "payment",
        "usb",
    )
)


class PermissionsPolicyMiddleware:
    """Send a Permissions-Policy that gives up what an essay never needs."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response.headers["Permissions-Policy"] = PERMISSIONS_POLICY
        return response


class SignInMiddleware:
    """Write down, once an hour, that a session is used: so that people can see where they are signed in."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        key = request.session.session_key
        if key and not signing_in.is_told(key) and isinstance(request.user, User) and request.user.is_active:
            signing_in.note(reader=request.user, session_key=key, **came_from(request))
        return response


class PlainRequestMiddleware:
    """Refuse what no browser sends, before anything is done with it.

    PostgreSQL holds no NUL, so one in an address or a cookie would fail where it is looked up; forms refuse theirs
    themselves. And Python has encodings that are none of text, which fail where a form is read.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if "\0" in request.path_info or any("\0" in value for value in request.COOKIES.values()):
            raise BadRequest("There is a NUL in the address or in a cookie.")
        if request.encoding is not None and codecs.lookup(request.encoding).name != "utf-8":
            raise BadRequest("What is sent here has to be in UTF-8.")
        return self.get_response(request)
