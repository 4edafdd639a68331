"""Where readers stand: the buttons to agree, to disagree, and to say that something changed one's mind."""

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBadRequest
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_POST
from django_htmx.http import reswap, retarget

from annotations import minds, positions
from annotations.accepting import NotAccepted
from annotations.models import Annotation
from annotations.views.annotations import done
from reader.views.requests import HtmxRequest, signed_in, way_back

# What the buttons ask for, and what is said when it is done.
_POSITIONS = {
    "agree": "You agree.",
    "disagree": "You disagree.",
    "leave": "You take no position any more.",
}
_MINDS = {
    "change": "You said that it changed your mind. Nobody sees that it was you.",
    "unchange": "Taken back.",
}


@require_POST
@cache_control(private=True, no_cache=True)
def position(request: HtmxRequest, pk: int) -> HttpResponse:
    """Agree, disagree, or take no position any more, as the button asks."""
    found, reader = _find(request, pk), signed_in(request)
    act = request.POST.get("act", "")
    if act not in _POSITIONS:
        return HttpResponseBadRequest("Choose to agree or to disagree.", content_type="text/plain")
    try:
        if act == "leave":
            positions.leave(annotation=found, by=reader)
        else:
            positions.take(annotation=found, by=reader, is_agreeing=act == "agree")
    except NotAccepted as refusal:
        return _answer(request, found, "position", refusal.message, status=422)
    return _answer(request, found, "position", _POSITIONS[act])


@require_POST
@cache_control(private=True, no_cache=True)
def mind(request: HtmxRequest, pk: int) -> HttpResponse:
    """Say that an annotation changed one's mind, or say so no longer, as the button asks."""
    found, reader = _find(request, pk), signed_in(request)
    act = request.POST.get("act", "")
    if act not in _MINDS:
        return HttpResponseBadRequest("Choose whether it changed your mind.", content_type="text/plain")
    try:
        (minds.change if act == "change" else minds.unchange)(annotation=found, by=reader)
    except NotAccepted as refusal:
        return _answer(request, found, "mind", refusal.message, status=422)
    return _answer(request, found, "mind", _MINDS[act])


def _find(request: HtmxRequest, pk: int) -> Annotation:
    visible = Annotation.objects.visible_to(request.user).with_creator()
    return get_object_or_404(visible.select_related("article"), pk=pk)


def _answer(request: HtmxRequest, found: Annotation, name: str, said: str, *, status: int = 200) -> HttpResponse:
    """Say what came of it: with the button as it now stands for htmx, else where the reader was.

    From a form in the slot of a post (`whole`), the thread is drawn anew, which puts the form away.
    """
    is_refused = status != 200
    if request.htmx and "whole" in request.POST:
        if not is_refused:
            return done(request, found, said)
        response = render(request, "_errors.html", {"error": said}, status=status)
        return reswap(retarget(response, f"#slot-{found.pk}"), "innerHTML")
    if request.htmx:
        stand, changed = positions.of([found], request.user), minds.of([found], request.user)
        context = {"annotation": found, "stand": stand[found.pk], "minds": changed[found.pk]}
        context |= {"viewer": request.user, "said": said, "is_refused": is_refused, "is_swapped": True}
        return render(request, f"annotations/_{name}.html", context, status=status)
    (messages.warning if is_refused else messages.success)(request, said)
    return redirect(way_back(request, found.get_absolute_url()))
