"""Bringing a text in: the page on which editors give it, and how far it is."""

from contextlib import suppress

from django.contrib.auth.decorators import permission_required
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods
from django.views.decorators.vary import vary_on_headers
from django_htmx.http import HttpResponseClientRedirect

from reader import drafting, tasks
from reader.drafting import DraftingError
from reader.import_forms import ImportForm
from reader.importing import receiving
from reader.models import Draft, User
from reader.publishing import PublishingError
from reader.views.drafts import draft_or_404
from reader.views.requests import HtmxRequest, signed_in

PERMISSION = "reader.add_article"


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required(PERMISSION, raise_exception=True)
@never_cache
def bring_in(request: HtmxRequest) -> HttpResponse:
    """Take a text or the address of one, and have it read in."""
    if request.method != "POST":
        return render(request, "reader/import.html", {"form": ImportForm()})
    form = ImportForm(request.POST, request.FILES)
    if not form.is_valid():
        return render(request, "reader/import.html", {"form": form}, status=422)
    with transaction.atomic():
        draft = receiving.receive(**form.received(), by=signed_in(request))
        tasks.read_draft.enqueue(draft.pk, draft.version)
    return redirect(draft)


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required(PERMISSION, raise_exception=True)
@never_cache
def bring_in_again(request: HtmxRequest, pk: int) -> HttpResponse:
    """Show what could not be read in and why, to be corrected and tried again."""
    draft = get_object_or_404(Draft.objects.unfinished(), pk=pk)
    if draft.is_busy or not receiving.is_unread(draft):
        return redirect(draft)
    context = {"draft": draft, "problem": draft.problem}
    if request.method != "POST":
        return render(request, "reader/import.html", context | {"form": ImportForm.of(draft)})
    form = ImportForm(request.POST, request.FILES)
    if not form.is_valid():
        return render(request, "reader/import.html", {"draft": draft, "form": form}, status=422)
    _read_again(draft, **form.received())
    return redirect(draft)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@vary_on_headers("HX-Request")
def progress(request: HtmxRequest, pk: int) -> HttpResponse:
    """Say how far the work on a draft is, or begin it again when it has stopped."""
    draft = draft_or_404(request, pk)
    if request.method == "POST":
        if draft.is_stuck:
            _begin_again(draft, by=signed_in(request))
        return redirect(draft)
    if not request.htmx:
        return redirect(_place(draft))
    if not draft.is_busy:
        return HttpResponseClientRedirect(_place(draft))
    if request.GET.get("at") == str(draft.progress) and not draft.is_stuck:
        return HttpResponse(status=204)
    return render(request, "reader/_progress.html", {"draft": draft})


def _place(draft: Draft) -> str:
    """Give where an editor goes on with the draft."""
    if not draft.is_busy and receiving.is_unread(draft):
        return reverse("import-again", args=[draft.pk])
    return draft.get_absolute_url()


def _begin_again(draft: Draft, *, by: User) -> None:
    """Do once more what has stopped. Of two who ask for it at once the second finds it begun."""
    if draft.state == Draft.State.READING:
        original_url = draft.facts.get("original_url", "")
        _read_again(draft, given=draft.given, format=draft.format, original_url=original_url)
    else:
        with suppress(DraftingError, PublishingError), transaction.atomic():
            begun = drafting.begin_publishing(draft=draft, by=by, version=draft.version)
            tasks.publish_draft.enqueue(begun.pk, begun.version)


def _read_again(draft: Draft, *, given: str, format: str, original_url: str) -> None:  # noqa: A002
    with suppress(receiving.ReceivingError), transaction.atomic():
        begun = receiving.receive_again(draft=draft, given=given, format=format, original_url=original_url)
        tasks.read_draft.enqueue(begun.pk, begun.version)
