"""One line beside an annotation as the queue shows it: to let it stand or to remove it."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from annotations import moderating, vetting, waiting
from annotations.admin.queue import context_of, moderator
from annotations.models import Line, ModerationEntry
from annotations.waiting import Choice, WaitingLine
from reader.models import User

_STAND, _REMOVE = "stand", "remove"


class LineForm(forms.Form):
    """What a moderator decides about a line, and why where it goes; the act says what is wrong with that."""

    action = forms.ChoiceField(choices=[(_STAND, _STAND), (_REMOVE, _REMOVE)])
    reason = forms.CharField(required=False)
    seen = forms.CharField(max_length=64)


@require_http_methods(["GET", "HEAD", "POST"])
def line(request: HttpRequest, kind: str, pk: int) -> HttpResponse:
    """Show a line with what it stands beside, and decide about it."""
    by = moderator(request)
    found = waiting.line(kind, pk, by=by)
    if request.method != "POST":
        return _show(request, _there(found))
    if found is None:
        messages.warning(request, "It is gone already, so nothing was done.")
        return HttpResponseRedirect(_address(request))
    form = LineForm(request.POST)
    if not form.is_valid():
        return _show(request, found, form=form, status=422)
    choice = Choice.of(request.GET)
    following = waiting.following_line(found, choice, by=by)
    try:
        entry = _decide(found.line, by, **form.cleaned_data)
    except moderating.StaleDecision as refusal:
        # As it stands by now, where it still does.
        return _show(request, _there(waiting.line(kind, pk, by=by)), form=form, conflict=refusal.message, status=409)
    except moderating.Refused as refusal:
        form.add_error(refusal.field, refusal.message)
        return _show(request, found, form=form, status=422)
    place = f"case-{following.line.kind}-{following.line.pk}" if following else "lines"
    return HttpResponseRedirect(f"{_address(request)}&looked={entry.pk}#{place}")


def _decide(line: Line, by: User, *, action: str, reason: str, seen: str) -> ModerationEntry:
    if action == _STAND:
        return vetting.let_stand(line=line, by=by, seen=seen)
    return vetting.remove(line=line, by=by, reason=reason, seen=seen)


def _there(found: WaitingLine | None) -> WaitingLine:
    if found is None:
        raise Http404
    return found


def _address(request: HttpRequest) -> str:
    return f"{reverse('queue')}?{context_of(request)['query']}"


def _show(request: HttpRequest, found: WaitingLine, *, status: int = 200, **further: Any) -> HttpResponse:
    form = further.get("form")
    context = context_of(request) | {
        "title": f"{found.line.name}, by {found.line.writer}",
        "waits": found,
        "values": form.data if form else {},
        **further,
    }
    return TemplateResponse(request, "admin/line.html", context, status=status)
