"""Pages for what went wrong, where Django's own way to them knows too little of what it was."""

import logging

from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string

from reader import preferences

_TOO_MUCH = (RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent)

# For when not even the page for faults can be drawn, as when static files were never collected.
_BARE = (
    '<!doctype html><html lang="en"><meta charset="utf-8"><title>Gloss could not answer</title>'
    "<h1>Gloss could not answer</h1><p>The fault is ours. Keep a copy of what you wrote, and try again in a minute."
)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Say that a request cannot be read (400), or that there is too much of it (413).

    It may have failed before anybody asked who sent it, so the page is drawn without that.
    """
    context = {"preferences": preferences.of(request)}
    if not isinstance(exception, _TOO_MUCH):
        return HttpResponse(render_to_string("400.html", context), status=400)
    template = "_too_much.html" if "HX-Request" in request.headers else "413.html"
    return HttpResponse(render_to_string(template, context), status=413)


def server_error(request: HttpRequest) -> HttpResponse:
    """Admit a fault of ours (500), whatever else does not work."""
    try:
        return HttpResponse(render_to_string("500.html", {"preferences": preferences.of(request)}), status=500)
    except Exception:
        logging.getLogger(__name__).exception("The page for faults could not be drawn.")
        return HttpResponse(_BARE, status=500)
