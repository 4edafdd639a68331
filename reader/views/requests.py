"""The request as the middleware leaves it, and who sent it."""

from collections.abc import Callable
from typing import TypeVar, cast

from allauth.account.decorators import reauthentication_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django_htmx.middleware import HtmxDetails

from reader.models import User

View = TypeVar("View", bound=Callable[..., HttpResponse])


class HtmxRequest(HttpRequest):
    """A request that says whether htmx sent it: true in a condition when it did."""

    htmx: HtmxDetails


def signed_in(request: HttpRequest) -> User:
    """Give who asks, of a page that only people who are signed in can ask for."""
    if not isinstance(request.user, User):
        raise PermissionDenied
    return request.user


def password_again(view: View) -> View:
    """Ask for the password once more before a view that changes the account; what was posted is done after that."""
    return cast("View", reauthentication_required(view))
