"""What moderators know of a reader, and what they can do: suspend, lift, purge, and take a purge back."""

import uuid
from collections.abc import Callable
from datetime import datetime, time, timedelta
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from annotations import moderating, records, restraining, vetting
from annotations.admin.queue import moderator
from annotations.models import Suspension
from annotations.moving import Refused
from reader.models import User
from reader.text.direction import isolated

# What a moderator chooses mostly; another day is as near.
_SUSPENDED_FOR = timedelta(days=7)


class ReasonForm(forms.Form):
    """Ask why; the act says what is wrong with it."""

    reason = forms.CharField(
        label="Why",
        required=False,
        widget=forms.Textarea(attrs={"rows": 2, "maxlength": moderating.REASON_MAX_LENGTH}),
        help_text="The log keeps it beside your name.",
    )


class SuspensionForm(ReasonForm):
    """Ask what a reader may not do, and until which day."""

    scope = forms.ChoiceField(label="May not do", choices=Suspension.Scope.choices)
    until = forms.DateField(
        label="Until the end of",
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"required": "Choose a day.", "invalid": "This is no day. Write it as 2027-05-31."},
    )

    field_order = ("scope", "until", "reason")

    def clean_until(self) -> datetime:
        """Give the end of the day, as days are on the site."""
        return timezone.make_aware(datetime.combine(self.cleaned_data["until"], time.max))


class PurgeForm(ReasonForm):
    """Ask why, with the name of the purge: the same form sent twice purges once."""

    batch = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)


@require_safe
def record(request: HttpRequest, username: str) -> HttpResponse:
    """Show what a reader wrote, reported and was reported for, and what was done about it."""
    moderator(request)
    return _show(request, _reader(username))


@require_POST
def suspend(request: HttpRequest, username: str) -> HttpResponse:
    """Suspend a reader until a day."""
    by, reader = moderator(request), _reader(username)
    form = SuspensionForm(request.POST)
    if is_done(form, lambda: restraining.suspend(reader=reader, by=by, **form.cleaned_data)):
        messages.success(request, f"Suspended from {form.cleaned_data['scope']}: {isolated(reader)}.")
        return HttpResponseRedirect(address(reader))
    return _show(request, reader, suspension_form=form)


@require_POST
def lift(request: HttpRequest, pk: int) -> HttpResponse:
    """End a suspension before its day."""
    by = moderator(request)
    suspension = get_object_or_404(Suspension.objects.select_related("reader"), pk=pk)
    form = ReasonForm(request.POST)
    if is_done(form, lambda: restraining.lift(suspension=suspension, by=by, **form.cleaned_data)):
        messages.success(request, f"No longer suspended from {suspension.scope}: {isolated(suspension.reader)}.")
        return HttpResponseRedirect(address(suspension.reader))
    return _show(request, suspension.reader, lift_form=form, lifted=suspension.pk)


@require_http_methods(["GET", "HEAD", "POST"])
def purge(request: HttpRequest, username: str) -> HttpResponse:
    """Say how much a purge of a spammer would mark as spam, ask why, and do it."""
    by, reader = moderator(request), _reader(username)
    form = PurgeForm(request.POST or None)
    if request.method == "POST" and is_done(form, lambda: restraining.purge(reader=reader, by=by, **form.cleaned_data)):
        messages.success(request, f"Everything by {isolated(reader)} is marked as spam. You can undo that here.")
        return HttpResponseRedirect(address(reader))
    context = {
        **admin.site.each_context(request),
        "title": f"Purge everything by {reader}",
        "record": records.of(reader),
        "form": form,
        "line_count": vetting.number_of(reader),
        "days": restraining.PURGED_FOR.days,
    }
    return TemplateResponse(request, "admin/purge.html", context, status=422 if form.is_bound else 200)


@require_POST
def unpurge(request: HttpRequest, username: str) -> HttpResponse:
    """Put everything that a purge marked back where it was."""
    by, reader = moderator(request), _reader(username)
    purged = records.standing_purge(reader)
    form = ReasonForm(request.POST)
    if purged is None or purged.batch is None:
        messages.warning(request, "No purge stands, so there is nothing to undo.")
        return HttpResponseRedirect(address(reader))
    batch, numbers = purged.batch, list[int]()
    if is_done(form, lambda: numbers.append(restraining.unpurge(batch=batch, by=by, **form.cleaned_data))):
        messages.success(request, f"Put back where it was: {numbers[0]} by {isolated(reader)}. They may write again.")
        return HttpResponseRedirect(address(reader))
    return _show(request, reader, unpurge_form=form)


def address(reader: User) -> str:
    """Give the address of a reader's record."""
    return reverse("record", args=[reader.username])


def is_done(form: forms.Form, act: Callable[[], Any]) -> bool:
    """Do what a form asks for, and say whether it was done; where not, the form says why."""
    if not form.is_valid():
        return False
    try:
        act()
    except Refused as refusal:
        form.add_error(refusal.field if refusal.field in form.fields else None, refusal.message)
        return False
    return True


def _reader(username: str) -> User:
    return get_object_or_404(User, username=username)


def _show(request: HttpRequest, reader: User, **forms_: Any) -> HttpResponse:
    until = timezone.localdate() + _SUSPENDED_FOR
    context = {
        **admin.site.each_context(request),
        "title": str(reader),
        "record": records.of(reader, state=request.GET.get("state", ""), page=request.GET.get("page", "1")),
        "suspension_form": SuspensionForm(initial={"until": until}),
        "lift_form": ReasonForm(),
        "unpurge_form": ReasonForm(),
        **forms_,
    }
    is_refused = any(isinstance(form, forms.Form) for form in forms_.values())
    return TemplateResponse(request, "admin/record.html", context, status=422 if is_refused else 200)
