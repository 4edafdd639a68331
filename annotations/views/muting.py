"""Muting people: the button, and the list of whom one muted."""

from functools import partial

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_POST, require_safe

from annotations import muting
from annotations.views.switching import pressed
from reader.models import User
from reader.text.direction import isolated
from reader.views.requests import HtmxRequest, signed_in

MUTED_ON_A_PAGE = 50


@require_safe
@cache_control(private=True, no_cache=True)
def muted(request: HttpRequest) -> HttpResponse:
    """Show whom the reader muted."""
    found = muting.muted_by(signed_in(request))
    page = Paginator(found, MUTED_ON_A_PAGE).get_page(request.GET.get("page"))
    return render(request, "annotations/muted.html", {"page": page, "viewer": request.user})


@require_POST
@cache_control(private=True, no_cache=True)
def mute(request: HtmxRequest, username: str) -> HttpResponse:
    """Mute somebody, or hear from them again. Whose account is closed can only be heard from again."""
    person = User.objects.bearing(username)
    is_muted = request.POST.get("act") != "unmute"
    if person is None or (is_muted and not person.is_active):
        raise Http404
    act = partial(muting.mute if is_muted else muting.unmute, reader=signed_in(request), person=person)
    name = isolated(person)
    said = f"You muted {name}: what they wrote is folded." if is_muted else f"You hear from {name} again."
    context = {"person": person, "is_muted": is_muted, "at": _number(request.POST.get("at", ""))}
    return pressed(request, person, act, said=said, template="annotations/_mute.html", context=context)


def _number(given: str) -> str:
    """Give the number of the annotation under which the button stood, or nothing."""
    return given if given.isdecimal() else ""
