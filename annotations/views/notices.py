"""Notices: the page with what concerns a reader, whether they want mail about it, and the link that ends the mail."""

from collections.abc import Callable
from functools import partial

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import cache_control
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from annotations import mailing, notifying
from reader.models import User
from reader.views.requests import signed_in

NOTICES_ON_A_PAGE = 30


@require_safe
@cache_control(private=True, no_cache=True)
def notices(request: HttpRequest) -> HttpResponse:
    """Show what concerns the reader. What is shown counts as read from then on."""
    reader = signed_in(request)
    page = Paginator(notifying.told_to(reader), NOTICES_ON_A_PAGE).get_page(request.GET.get("page"))
    context = {"page": page, "is_mailed": notifying.is_mailed(reader)}
    response = render(request, "annotations/notices.html", context)
    if request.method == "GET":
        notifying.mark_read(reader, list(page))
    return response


@require_POST
@cache_control(private=True, no_cache=True)
def mail(request: HttpRequest) -> HttpResponse:
    """Send the reader mail about what concerns them, or no longer."""
    is_mailed = request.POST.get("mailed") == "yes"
    notifying.set_mailed(signed_in(request), is_mailed=is_mailed)
    messages.success(request, "You get mail about this." if is_mailed else "You get no more mail about this.")
    return redirect("notices")


@require_http_methods(["GET", "HEAD", "POST"])
@login_not_required
@csrf_exempt  # A mail program asks, which has seen no page of ours; the signed link says who wants it.
@cache_control(private=True, no_store=True)
def unsubscribe(request: HttpRequest, token: str) -> HttpResponse:
    """End mail to the reader whose link this is, signed in or not; a look at it asks first and changes nothing."""
    reader = mailing.reader_of(token)
    if reader is None:
        raise Http404
    if request.method == "POST":
        notifying.set_mailed(reader, is_mailed=False)
    return render(request, "annotations/unsubscribe.html", {"is_done": request.method == "POST", "reader": reader})


def context(request: HttpRequest) -> dict[str, Callable[[], int]]:
    """Give every template how many notices wait for the reader (a context processor); strangers have none."""
    return {"unread_notices": partial(_unread, request)}


def _unread(request: HttpRequest) -> int:
    user = getattr(request, "user", None)
    return notifying.unread_count(user) if isinstance(user, User) else 0
