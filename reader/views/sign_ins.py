"""Where one is signed in, and signing out of there."""

from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_POST, require_safe

from reader import signing_in
from reader.models.sign_ins import NETWORK_KEPT_FOR
from reader.views.requests import signed_in

# More browsers than anybody has; whoever has, ends them all at once.
MOST_SHOWN = 100


@require_safe
@cache_control(private=True, no_store=True)
def sessions(request: HttpRequest) -> HttpResponse:
    """Show where the reader is signed in."""
    context = {
        "sign_ins": signing_in.standing(signed_in(request))[:MOST_SHOWN],
        "here": request.session.session_key,
        "kept_for": NETWORK_KEPT_FOR,
    }
    return render(request, "reader/account_sessions.html", context)


@require_POST
@cache_control(private=True, no_store=True)
def end(request: HttpRequest, pk: int) -> HttpResponse:
    """Sign the reader out of one browser."""
    signing_in.end(reader=signed_in(request), sign_in_id=pk)
    if not request.session.exists(request.session.session_key or ""):
        logout(request)
        return redirect("library")
    messages.success(request, "Signed out there.")
    return redirect("account-sessions")


@require_POST
@cache_control(private=True, no_store=True)
def end_others(request: HttpRequest) -> HttpResponse:
    """Sign the reader out everywhere but here."""
    signing_in.end_others(reader=signed_in(request), but=request.session.session_key)
    messages.success(request, "You are signed in here alone now.")
    return redirect("account-sessions")
