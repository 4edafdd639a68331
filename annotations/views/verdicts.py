"""Verdicts on a source: the form to give one, and the page of all that readers gave."""

from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_http_methods, require_safe
from django.views.decorators.vary import vary_on_headers

from annotations import holding, verdicts
from annotations.forms.verdicts import VerdictForm
from annotations.models import Source, SourceVerdict
from annotations.views.annotations import done, show_form
from reader.views.requests import HtmxRequest, signed_in


@require_http_methods(["GET", "HEAD", "POST"])
@cache_control(private=True, no_cache=True)
@vary_on_headers("HX-Request")
def verdict(request: HtmxRequest, pk: int) -> HttpResponse:
    """Say what one found in a source, say something else, or take it back."""
    reader = signed_in(request)
    source = _source(pk)
    if source.annotation.is_by(reader):
        raise PermissionDenied("Nobody gives a verdict on their own source.")
    given = verdicts.given_by(reader, source)
    if request.method != "POST":
        return _show(request, source, VerdictForm.of(source, given), given)
    if "take-back" in request.POST:
        verdicts.take_back(source=source, by=reader)
        return done(request, source.annotation, "Taken back.")
    form = VerdictForm(request.POST, source=source)
    said = form.give(by=reader)
    if said is None:
        return _show(request, source, form, given, status=422)
    return done(request, source.annotation, holding.LINE_WAITS if said.is_held else "Kept. Thank you for looking.")


@require_safe
@login_not_required
@cache_control(private=True, no_cache=True)
def given(request: HtmxRequest, pk: int) -> HttpResponse:
    """Show what all readers who opened a source say of it."""
    source = _source(pk)
    article = source.annotation.article
    context = {
        "source": source,
        "annotation": source.annotation,
        "told": verdicts.of_sources([source], request.user).get(source.pk),
        "page": verdicts.on(source, request.user, page=request.GET.get("page", "1")),
        "article": article,
        "revision": article.current_revision,
        "viewer": request.user,
    }
    return render(request, "annotations/verdicts.html", context)


def _source(pk: int) -> Source:
    return get_object_or_404(Source.objects.published().with_annotation(), pk=pk)


def _show(
    request: HtmxRequest, source: Source, form: VerdictForm, given: SourceVerdict | None, *, status: int = 200
) -> HttpResponse:
    further = {"source": source, "given": given}
    heading = "What did you find in this source?"
    return show_form(request, "verdict", source.annotation, form, status=status, heading=heading, further=further)
