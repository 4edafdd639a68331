"""Leaving, and calling it off."""

import time

from allauth.account.models import EmailAddress
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_http_methods

from reader import leaving
from reader.adapters import LEAVING
from reader.forms import LeavingForm
from reader.leaving import NotLeaving
from reader.models import Departure
from reader.models.departures import CALLED_OFF_WITHIN
from reader.views.requests import password_again, signed_in

# So long after the password was shown an account can be opened without showing it again, in seconds.
_REOPENED_WITHIN = 15 * 60


@require_http_methods(["GET", "HEAD", "POST"])
@cache_control(private=True, no_store=True)
@password_again
def leave(request: HttpRequest) -> HttpResponse:
    """Close the reader's account, to be removed in a week."""
    reader = signed_in(request)
    form = LeavingForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            departure = leaving.announce(reader=reader, is_withdrawing=form.cleaned_data["words"] == "withdraw")
        except NotLeaving as refusal:
            form.add_error(None, refusal.message)
        else:
            logout(request)
            until = f"{departure.due_at:%-d %B %Y}"
            messages.success(request, f"Your account is closed. Sign in before {until} if you change your mind.")
            return redirect("library")
    context = {
        "reader": reader,
        "form": form,
        "week": CALLED_OFF_WITHIN,
        "refusal": leaving.refusal(reader),
        "address": EmailAddress.objects.get_primary(reader),
    }
    return render(request, "reader/account_leave.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@login_not_required
@cache_control(private=True, no_store=True)
def reopen(request: HttpRequest) -> HttpResponse:
    """Call leaving off, for who has just shown the password of the account."""
    departure = _departure(request)
    if departure is None:
        return redirect("account_login")
    if request.method == "POST":
        del request.session[LEAVING]
        if leaving.call_off(reader=departure.reader):
            messages.success(request, "Your account is open again. Please sign in.")
        return redirect("account_login")
    return render(request, "reader/account_reopen.html", {"departure": departure})


def _departure(request: HttpRequest) -> Departure | None:
    pk, at = request.session.get(LEAVING, (None, 0))
    if pk is None or time.time() - at > _REOPENED_WITHIN:
        return None
    return Departure.objects.select_related("reader").filter(reader=pk).first()
