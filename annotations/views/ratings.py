"""Ratings: the form to say how helpful an annotation is, and why."""

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_http_methods
from django.views.decorators.vary import vary_on_headers

from annotations import rating as ratings
from annotations.forms.ratings import RatingForm
from annotations.models import Annotation, Rating
from annotations.views.annotations import done, show_form
from reader.views.requests import HtmxRequest, signed_in


@require_http_methods(["GET", "HEAD", "POST"])
@cache_control(private=True, no_cache=True)
@vary_on_headers("HX-Request")
def rating(request: HtmxRequest, pk: int) -> HttpResponse:
    """Say how helpful an annotation is, say something else, or take it back; `?value=` chooses beforehand."""
    reader = signed_in(request)
    found = get_object_or_404(ratings.rateable().with_creator().select_related("article"), pk=pk)
    if found.is_by(reader):
        raise PermissionDenied("Nobody rates what they wrote themselves.")
    given = ratings.given_by(reader, found)
    if request.method != "POST":
        form = RatingForm.of(found, given, value=request.GET.get("value", ""))
        return _show(request, found, form, given)
    if "take-back" in request.POST:
        ratings.take_back(annotation=found, by=reader)
        return done(request, found, "Taken back.")
    form = RatingForm(request.POST, annotation=found)
    if form.rate(by=reader) is None:
        return _show(request, found, form, given, status=422)
    return done(request, found, "Kept. Thank you for rating it.")


def _show(
    request: HtmxRequest, found: Annotation, form: RatingForm, given: Rating | None, *, status: int = 200
) -> HttpResponse:
    further = {"given": given}
    return show_form(request, "rate", found, form, status=status, heading="How helpful is this?", further=further)
