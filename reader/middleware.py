"""What every answer carries, and what no request may, that Django and its companions do not see to."""

import codecs
from collections.abc import Callable

from allauth.mfa.models import Authenticator
from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import BadRequest, FieldDoesNotExist, MiddlewareNotUsed
from django.db import DataError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from reader import limiting, outages, signing_in, sizes
from reader.editors import is_editor
from reader.models import User
from reader.views import errors
from reader.views.requests import address_of, came_from

# The pages of staff and of editors.
GUARDED = ("/admin/", "/desk/", "/drafts/")

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


# How a form comes back that cannot be kept: ours, and those of allauth.
_SAID_OTHERWISE = {200, 422}

# A number beyond what a column or a calendar counts to, and the name of no field.
_NOT_TO_BE_LOOKED_UP = (OverflowError, DataError, FieldDoesNotExist)


class PermissionsPolicyMiddleware:
    """Send a Permissions-Policy that gives up what an essay never needs."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response.headers["Permissions-Policy"] = PERMISSIONS_POLICY
        return response


class SignInMiddleware:
    """Write down, once an hour, that a session is used: so that people can see where they are signed in.

    What is drawn for a session, by whichever application, is kept by nobody but its browser.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        key = request.session.session_key
        if key:
            response.headers.setdefault("Cache-Control", "private, no-cache")
        if key and not signing_in.is_told(key) and isinstance(request.user, User) and request.user.is_active:
            with outages.hastily():
                signing_in.note(reader=request.user, session_key=key, **came_from(request))
        return response


class LimitsMiddleware:
    """Say where a request comes from to whatever counts it, and when to come back where that was too often.

    A form that is refused comes back as it was typed, like any that cannot be kept (422); here that becomes 429. What
    shows no form, such as a button, is answered by a page that says it.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        with limiting.asking_from(address_of(request)) as visit:
            response = self.get_response(request)
        if not visit.wait:
            return response
        if response.status_code in _SAID_OTHERWISE:
            response.status_code = 429
            # htmx swaps it in like a form that cannot be kept, and no page of a machine on the way.
            response.headers["Limited"] = "yes"
        elif response.status_code != 429:
            response = errors.too_often(request, visit.wait, refusal=visit.refusal)
        response.headers["Retry-After"] = str(visit.wait)
        return response

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Answer what nobody caught: it was no form."""
        return (
            errors.too_often(request, exception.seconds, refusal=exception.message)
            if isinstance(exception, limiting.TooOften)
            else None
        )


class StaffTwoFactorMiddleware:
    """Where the site demands it, let staff and editors into their pages only with two-factor sign-in."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        if settings.STAFF_TWO_FACTOR != "required":
            raise MiddlewareNotUsed
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path_info.startswith(GUARDED) and _lacks_second_factor(request.user):
            messages.warning(request, "This site asks for two-factor sign-in here. Please set it up first.")
            return redirect("mfa_index")
        return self.get_response(request)


def _lacks_second_factor(user: User | AnonymousUser) -> bool:
    if not (user.is_authenticated and (user.is_staff or is_editor(user))):
        return False
    # Recovery codes are a way back, and no factor of their own.
    return not is_mfa_enabled(user, [Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN])


class PlainRequestMiddleware:
    """Refuse what no browser sends and what is too much, before anything is done with it or read of it.

    PostgreSQL holds no NUL, so one in an address or a cookie would fail where it is looked up; forms refuse theirs
    themselves. Python has encodings that are none of text, which fail where a form is read, and in Django's check of
    its token beyond what any page for errors could mend.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        refusal = sizes.refusal(request.META, is_known=settings.SESSION_COOKIE_NAME in request.COOKIES)
        if refusal:
            return errors.refused(request, refusal)
        if _has_nul(request):
            raise BadRequest("There is a NUL in the address or in a cookie.")
        if request.content_params and not _is_utf_8(request.content_params.get("charset", "utf-8")):
            return errors.refused(request, errors.NOT_UTF_8)
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Refuse what was asked of the panel and no database can look up: Django hands it on as it is typed."""
        if request.path_info.startswith("/admin/") and isinstance(exception, _NOT_TO_BE_LOOKED_UP):
            return errors.bad_request(request, exception)
        return None


def _has_nul(request: HttpRequest) -> bool:
    query = request.META.get("QUERY_STRING", "")
    if "\0" in request.path_info or (query and ("%00" in query or "\0" in query)):
        return True
    return any("\0" in value for value in request.COOKIES.values())


def _is_utf_8(charset: str) -> bool:
    try:
        return codecs.lookup(charset).name in {"utf-8", "ascii"}
    except (LookupError, ValueError):
        return False
