"""The request as the middleware leaves it, and who sent it."""

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django_htmx.middleware import HtmxDetails

from reader.models import User


class HtmxRequest(HttpRequest):
    """A request that says whether htmx sent it: true in a condition when it did."""

    htmx: HtmxDetails


def signed_in(request: HttpRequest) -> User:
    """Give who asks, of a page that only people who are signed in can ask for."""
    if not isinstance(request.user, User):
        raise PermissionDenied
    return request.user
