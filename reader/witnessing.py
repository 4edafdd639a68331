"""What the host may want to know of every request, written down and counted around all else that happens to it."""

import secrets
import time
from collections.abc import Callable

from django.conf import settings
from django.core.exceptions import MiddlewareNotUsed
from django.http import HttpRequest, HttpResponse
from django.urls import Resolver404, resolve

from reader import logs, measuring

# Anything else somebody made up.
_METHODS = {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"}


class WitnessMiddleware:
    """Write down and count what was asked and answered, where the host wants either; else it is not there at all.

    It gives each request a name drawn at random, which stands in its answer and in every line that is logged about it.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        if not (settings.LOG_REQUESTS or measuring.is_on()):
            raise MiddlewareNotUsed
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        began_at = time.perf_counter()
        known = logs.request_id.set(secrets.token_hex(8))
        try:
            response = self.get_response(request)
            response.headers["X-Request-ID"] = logs.request_id.get()
            _tell(request, response, seconds=time.perf_counter() - began_at)
        finally:
            logs.request_id.reset(known)
        return response


def _tell(request: HttpRequest, response: HttpResponse, *, seconds: float) -> None:
    method = request.method if request.method in _METHODS else "other"
    route = _route(request)
    measuring.request(method=method, route=route, status=response.status_code, seconds=seconds)
    if settings.LOG_REQUESTS:
        size = response.headers.get("Content-Length")
        given = int(size) if size else None if response.streaming else len(response.content)
        logs.tell(method=method, route=route, status=response.status_code, seconds=seconds, size=given)


def _route(request: HttpRequest) -> str:
    """Give the name that the site map has for an address; what is answered before it is asked is looked up here."""
    if request.resolver_match:
        return request.resolver_match.view_name
    if request.path_info.startswith(f"/{settings.STATIC_URL.strip('/')}/"):
        return "static"
    try:
        return resolve(request.path_info).view_name
    except Resolver404:
        return "nothing"
