"""One draft: its words block by block or as one text, what was published meanwhile, and its publication."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from reader import drafting
from reader.draft_forms import KINDS, PER_PAGE, ConflictForm, DraftForm, PublicationForm, TextForm, VersionForm
from reader.drafting import DraftConflict, DraftingError, NoteMissing
from reader.editors import is_editor
from reader.importing import receiving
from reader.models import Draft
from reader.publishing import Overtaken
from reader.text.direction import isolated
from reader.views.requests import HtmxRequest, signed_in


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def draft(request: HtmxRequest, pk: int) -> HttpResponse:
    """Edit a draft block by block, a hundred on a page; see how far it is while something is done to it."""
    found = draft_or_404(request, pk)
    if request.method == "POST":
        return _saved(request, DraftForm.posted(found, request.POST, request.FILES))
    if found.state == Draft.State.PUBLISHED and found.article:
        return redirect(found.article)
    if receiving.is_unread(found) and found.is_editable:
        return redirect("import-again", pk)
    if not found.is_editable:
        return render(request, "reader/draft.html", {"draft": found})
    return _page(request, DraftForm.of(found, request.GET.get("page", 1)))


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def text(request: HtmxRequest, pk: int) -> HttpResponse:
    """Edit a draft as one text, in Markdown."""
    found = draft_or_404(request, pk)
    if request.method != "POST":
        if not found.is_editable:
            return redirect(found)
        return render(request, "reader/draft_text.html", {"draft": found, "form": TextForm.of(found)})
    form = TextForm(request.POST, draft=found)
    saved = form.save(by=signed_in(request))
    if saved is None:
        return render(request, "reader/draft_text.html", {"draft": form.draft, "form": form}, status=422)
    messages.success(request, _told(found, saved))
    return redirect("review" if "review" in request.POST else "draft-text", saved.pk)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def conflict(request: HtmxRequest, pk: int) -> HttpResponse:
    """Bring a draft together with what was published since it was begun."""
    found = draft_or_404(request, pk)
    if not (found.is_editable and found.is_overtaken):
        return redirect(found)
    form = ConflictForm(found, request.POST if request.method == "POST" else None)
    saved = form.save(by=signed_in(request)) if request.method == "POST" else None
    if saved:
        messages.success(request, "Both texts are together now. Look at what will be published.")
        return redirect("review", saved.pk)
    context = {"draft": form.draft, "conflict": form, "error": form.error}
    return render(request, "reader/draft_conflict.html", context, status=422 if form.error else 200)


@require_POST
@never_cache
def publication(request: HtmxRequest, pk: int) -> HttpResponse:
    """Publish a draft now or at a time, or call that off."""
    found = draft_or_404(request, pk)
    can_begin_again = found.state == Draft.State.PUBLISHING and found.is_stuck
    if found.state == Draft.State.PUBLISHED or (found.is_busy and not can_begin_again):
        # A double click: what was asked for is being done, or done.
        return redirect(found)
    form = PublicationForm(request.POST)
    if not form.is_valid():
        return _unpublished(request, found, form)
    try:
        if "unschedule" in request.POST:
            form.call_off(draft=found, by=signed_in(request))
            messages.success(request, "It no longer waits; you can edit it, and publish it when you like.")
            return redirect("review", pk)
        waiting = form.begin(draft=found, by=signed_in(request))
    except Overtaken:
        messages.warning(request, _OVERTAKEN)
        return redirect("draft-conflict", pk)
    except DraftConflict as refusal:
        found = refusal.draft
        form.renew(found)
    except NoteMissing as refusal:
        form.add_error("note", str(refusal))
    except DraftingError as refusal:
        form.add_error(None, str(refusal))
    else:
        if waiting.publish_at:
            messages.success(request, "It will be published at its time, unless it is changed before.")
        return redirect("desk" if waiting.publish_at else waiting)
    return _unpublished(request, found, form)


_OVERTAKEN = "Another revision was published since this draft was begun. Bring both texts together first."


@require_POST
@never_cache
def discard(request: HtmxRequest, pk: int) -> HttpResponse:
    """Throw a draft away, or take it back."""
    found = draft_or_404(request, pk)
    form = VersionForm(request.POST)
    try:
        if "restore" in request.POST:
            restored = drafting.restore(draft=found, by=signed_in(request))
            messages.success(request, f"“{isolated(restored)}” is back.")
            return redirect(restored)
        if not form.is_valid():
            raise DraftingError("The form did not arrive whole. Please try again.")
        drafting.discard(draft=found, by=signed_in(request), version=form.cleaned_data["version"])
        messages.success(request, f"“{isolated(found)}” was thrown away. You can take it back below.")
    except DraftConflict:
        messages.error(request, "This draft was saved elsewhere meanwhile, and was not thrown away. Look at it first.")
    except DraftingError as refusal:
        messages.error(request, str(refusal))
    return redirect("desk")


def draft_or_404(request: HtmxRequest, pk: int) -> Draft:
    """Give the draft to an editor; nobody else may know that there is one."""
    if not is_editor(request.user):
        raise Http404
    return get_object_or_404(Draft.objects.with_article(), pk=pk)


def _saved(request: HtmxRequest, form: DraftForm) -> HttpResponse:
    was = form.draft
    saved = form.save(by=signed_in(request))
    if saved is None:
        return _page(request, form, status=422)
    if form.pressed.act == "review":
        return redirect("draft-conflict" if saved.is_overtaken else "review", saved.pk)
    address = reverse("draft", args=[saved.pk])
    if form.place is not None:
        return redirect(f"{address}?page={form.place // PER_PAGE + 1}#b{form.place}")
    messages.success(request, _told(was, saved))
    return redirect(f"{address}?page={form.page(request.POST.get('page')).number}")


def _told(was: Draft, saved: Draft) -> str:
    if was.state == Draft.State.SCHEDULED:
        return "Saved. It no longer waits for its time: review it, and publish or schedule it again."
    return "Saved. Nobody but editors sees it until it is published."


def _page(request: HtmxRequest, form: DraftForm, *, status: int = 200) -> HttpResponse:
    context = {
        "draft": form.draft,
        "form": form,
        "page": form.page(),
        "kinds": KINDS,
    }
    return render(request, "reader/draft.html", context, status=status)


def _unpublished(request: HtmxRequest, found: Draft, form: PublicationForm) -> HttpResponse:
    """Say why it was not published, with what was filled in."""
    context = {"draft": found, "form": form, "zone": timezone.get_current_timezone_name()}
    return render(request, "reader/draft_unpublished.html", context, status=422)
