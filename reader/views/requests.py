"""The request as the middleware leaves it, and who sent it."""

from collections.abc import Callable
from typing import TypeVar, cast

from allauth.account.adapter import get_adapter
from allauth.account.decorators import reauthentication_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponseBase
from django.utils.http import url_has_allowed_host_and_scheme
from django_htmx.middleware import HtmxDetails

from reader.models import User

View = TypeVar("View", bound=Callable[..., HttpResponseBase])


class HtmxRequest(HttpRequest):
    """A request that says whether htmx sent it: true in a condition when it did."""

    htmx: HtmxDetails


def signed_in(request: HttpRequest) -> User:
    """Give who asks, of a page that only people who are signed in can ask for."""
    if not isinstance(request.user, User):
        raise PermissionDenied
    return request.user


def reader_of(request: HttpRequest) -> User | None:
    """Give who asks, or None for a stranger."""
    return request.user if isinstance(request.user, User) else None


def address_of(request: HttpRequest) -> str:
    """Give the address that a request comes from, whatever stands in between (see the adapter)."""
    return str(get_adapter(request).get_client_ip(request))


def way_back(request: HttpRequest, otherwise: str) -> str:
    """Give the page of this site that a form or a link names as the one to go back to, or another where it names none.

    A path alone: what else has no host is the name of a view to Django, and fails where there is none of that name.
    """
    wanted = request.POST.get("next") or request.GET.get("next", "")
    is_ours = wanted.startswith("/") and url_has_allowed_host_and_scheme(wanted, allowed_hosts=None)
    return wanted if is_ours else otherwise


def came_from(request: HttpRequest) -> dict[str, str]:
    """Give what a request tells of where it came from; nothing of it is kept as it is."""
    return {"user_agent": request.META.get("HTTP_USER_AGENT", ""), "address": address_of(request)}


def password_again(view: View) -> View:
    """Ask for the password once more before a view that changes the account; what was posted is done after that."""
    return cast("View", reauthentication_required(view))
