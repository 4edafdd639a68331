"""Pages for what went wrong, where Django's own way to them knows too little of what it was."""

import logging
import math
import sys
from collections.abc import Iterator
from typing import Any, NamedTuple

from django.contrib.messages import get_messages
from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string

from reader import limiting, measuring, outages, preferences, rates
from reader.adapters import UNKNOWN_WAIT, wait_of
from reader.sizes import Refusal

logger = logging.getLogger(__name__)

_TOO_MUCH = (RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent)

# For when not even the page for faults can be drawn, as when static files were never collected.
_BARE = (
    '<!doctype html><html lang="en"><meta charset="utf-8"><title>Gloss could not answer</title>'
    "<h1>Gloss could not answer</h1><p>The fault is ours. Keep a copy of what you wrote, and try again in a minute."
)

# A database that was restarted is back within seconds.
RETRY_AFTER_SECONDS = 5

NOT_UTF_8 = Refusal(
    415, "This was sent in another encoding", "A program said that what it sends is not in UTF-8; nothing else is read."
)

# What allauth counts at its addresses, by the names of both.
_COUNTED = {
    "account_login": "login",
    "account_signup": "signup",
    "account_reset_password": "reset_password",
    "account_reset_password_from_key": "reset_password_from_key",
    "account_change_password": "change_password",
    "account_set_password": "change_password",
    "account_email": "manage_email",
    "account_reauthenticate": "reauthenticate",
}

# Whose forms are not repeated on a page: they hold passwords, or who somebody is.
_SECRET_PLACES = ("/accounts/", "/admin/login/", "/admin/password_change/")
# Sent with every form, and typed by nobody.
_TOKENS = {"csrfmiddlewaretoken", "token"}


class Field(NamedTuple):
    """Something that was sent with a form: the name it was sent under, and what it says."""

    name: str
    value: str

    @property
    def label(self) -> str:
        return self.name.rpartition("-")[2].replace("_", " ").capitalize()

    @property
    def is_written(self) -> bool:
        """Say whether somebody wrote this, and did not only choose it."""
        return self.name not in _TOKENS and any(mark in self.value for mark in (" ", "\n"))


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Say that a request cannot be read (400), or that there is too much of it (413).

    It may have failed before anybody asked who sent it, so the page is drawn without that.
    """
    if isinstance(exception, _TOO_MUCH):
        return too_much(request)
    if outage := outages.behind(exception):
        return away(request, outage)
    context = {"preferences": preferences.of(request)}
    return HttpResponse(render_to_string("400.html", context), status=400)


def too_much(request: HttpRequest) -> HttpResponse:
    """Say that more was sent than is taken at once (413)."""
    template = "_too_much.html" if "HX-Request" in request.headers else "413.html"
    return HttpResponse(render_to_string(template, {"preferences": preferences.of(request)}), status=413)


def refused(request: HttpRequest, refusal: Refusal) -> HttpResponse:
    """Say why something is not read at all."""
    if refusal.status == 413:
        return too_much(request)
    template = "_refused.html" if "HX-Request" in request.headers else "refused.html"
    context = {"preferences": preferences.of(request), "refusal": refusal}
    return HttpResponse(render_to_string(template, context), status=refusal.status)


def server_error(request: HttpRequest) -> HttpResponse:
    """Admit a fault of ours (500), whatever else does not work; say when it is only the database that is away (503)."""
    try:
        if outage := outages.behind(sys.exc_info()[1]):
            return away(request, outage)
        return HttpResponse(render_to_string("500.html", {"preferences": preferences.of(request)}), status=500)
    except Exception:
        logger.exception("The page for faults could not be drawn.")
        return HttpResponse(_BARE, status=500)


def too_often(request: HttpRequest, seconds: int, *, refusal: str = "") -> HttpResponse:
    """Say that something was done too often, and when to come back (429); give back what was typed, to be sent then.

    `refusal` is what the act itself said, which some views have put by for the next page: this one says it once.
    """
    context = _repeated(request) | {
        "wait": rates.said(seconds),
        "refusal": refusal.removeprefix(limiting.BEGINNING),
        "messages": [message for message in get_messages(request) if str(message) != refusal],
    }
    template = "_too_often.html" if "HX-Request" in request.headers else "429.html"
    headers = {"Retry-After": str(seconds), "Cache-Control": "no-store"}
    return HttpResponse(render_to_string(template, context, request), status=429, headers=headers)


def accounts_too_often(request: HttpRequest) -> HttpResponse:
    """Say the same where allauth asks for it, which does not say what it counted: the address tells."""
    name = request.resolver_match.url_name if request.resolver_match else ""
    action, key = _COUNTED.get(name or "", ""), request.POST.get("email", "").lower()
    return too_often(request, math.ceil(wait_of(request, action, key=key) if action else UNKNOWN_WAIT))


def away(request: HttpRequest, error: BaseException) -> HttpResponse:
    """Say that the database is away (503), and give back what was typed, to be copied or sent again."""
    # A line each, and not a traceback: who looks at the log knows what is amiss after the first.
    measuring.database_error()
    logger.error("The database is away, at %s: %s", request.path, str(error).strip().replace("\n", " "))
    context = _repeated(request) | {"seconds": RETRY_AFTER_SECONDS}
    context["has_files"] = bool(context["fields"] and request.FILES)
    template = "_away.html" if "HX-Request" in request.headers else "503.html"
    headers = {"Retry-After": str(RETRY_AFTER_SECONDS), "Cache-Control": "no-store"}
    response = HttpResponse(render_to_string(template, context), status=503, headers=headers)
    response._has_been_logged = True  # type: ignore[attr-defined]
    return response


def _repeated(request: HttpRequest) -> dict[str, Any]:
    """Give what a page needs on which what was sent can be sent again: where to, and what of it somebody wrote."""
    fields = list(_sent(request))
    return {
        "preferences": preferences.of(request),
        "address": request.get_full_path(),
        "is_post": request.method == "POST",
        "fields": fields,
        "written": [field for field in fields if field.is_written],
    }


def _sent(request: HttpRequest) -> Iterator[Field]:
    """Give the fields of the form that was sent, to be sent once more; nothing of what is secret."""
    if request.method != "POST" or request.path_info.startswith(_SECRET_PLACES):
        return
    try:
        form = request.POST
    except Exception:
        return
    if any("password" in name for name in form):
        return
    for name, values in form.lists():
        yield from (Field(name, str(value)) for value in values)
