"""Where annotations stand after a revision: those about words that are gone, and what people say about a place."""

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from django.views.decorators.vary import vary_on_headers

from annotations import placing, threads
from annotations.filtering import Filter
from annotations.forms.anchors import AnchorForm, ConfirmationForm
from annotations.models import Annotation
from annotations.moving import Refused
from annotations.views.annotations import done
from reader.models import Article, Paragraph
from reader.views.requests import HtmxRequest, signed_in

# Blocks told where the words stand today, of an annotation that is to be set by hand.
_MOST_HINTS = 6


@require_safe
@login_not_required
@cache_control(private=True, no_cache=True)
def orphans(request: HttpRequest, slug: str) -> HttpResponse:
    """Show what is about words that are gone, a page of threads at a time."""
    article = get_object_or_404(Article.objects.published().with_revision(), slug=slug)
    page, at = request.GET.get("page", "1"), request.GET.get("at", "")
    narrowing = Filter.parse(request.GET).for_viewer(request.user)
    found = threads.orphaned(article, request.user, page=page, at=at, narrowing=narrowing)
    context = {"article": article, "revision": article.current_revision, "threads": found, "viewer": request.user}
    return render(request, "annotations/orphans.html", context | {"filter": narrowing})


@require_POST
@cache_control(private=True, no_cache=True)
@vary_on_headers("HX-Request")
def confirm(request: HtmxRequest, pk: int) -> HttpResponse:
    """Let the writer of a changed passage say that what they wrote still applies."""
    found = get_object_or_404(Annotation.objects.visible_to(request.user).select_related("article"), pk=pk)
    form = ConfirmationForm(request.POST)
    seen = form.cleaned_data["seen"] if form.is_valid() else ""
    try:
        placing.confirm(annotation=found, by=signed_in(request), seen=seen)
    except Refused as refusal:
        if request.htmx:
            return done(request, found, refusal.message, status=422)
        messages.warning(request, refusal.message)
        return redirect(found)
    return done(request, found, "Noted: it still applies.")


@require_http_methods(["GET", "HEAD", "POST"])
@cache_control(private=True, no_cache=True)
def anchor(request: HtmxRequest, pk: int) -> HttpResponse:
    """Let a moderator or an editor say where an annotation belongs."""
    visible = Annotation.objects.visible_to(request.user)
    found = get_object_or_404(visible.select_related("article__current_revision", "revision", "creator"), pk=pk)
    if not placing.may_place(request.user):
        raise PermissionDenied
    if not placing.is_placeable(found):
        raise Http404
    revision = found.article.current_revision
    assert revision is not None  # noqa: S101  (annotations stand on published articles)
    standing = placing.anchor_in(found, revision.pk)
    blocks = list(revision.paragraphs.defer("html", "sentences"))
    if request.method == "POST":
        form = AnchorForm(request.POST, annotation=found, blocks=blocks)
        if form.set(by=signed_in(request), anchor=standing):
            messages.success(request, "Set. The log keeps why.")
            return redirect(found)
    else:
        form = AnchorForm.of(found, blocks, standing)
    context = {
        "annotation": found,
        "article": found.article,
        "revision": revision,
        "form": form,
        "anchor": standing,
        "now": revision.quote(standing.span) if standing and standing.span else "",
        "homes": list(found.revision.paragraphs.overlapping(found.span)) if found.span else [],
        "hints": _hints(found, blocks),
    }
    return render(request, "annotations/anchor.html", context, status=422 if form.errors else 200)


def _hints(annotation: Annotation, blocks: list[Paragraph]) -> list[Paragraph]:
    """Give the blocks in which the words stand today that it was written about."""
    return [block for block in blocks if annotation.exact in block.text][:_MOST_HINTS]
