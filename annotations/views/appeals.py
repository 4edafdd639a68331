"""Appeals: the form in which a writer asks that another moderator looks at a decision again."""

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_http_methods
from django.views.decorators.vary import vary_on_headers

from annotations.forms.appeals import AppealForm
from annotations.models import Annotation
from annotations.views.annotations import done, show_form
from reader.views.requests import HtmxRequest, signed_in


@require_http_methods(["GET", "HEAD", "POST"])
@cache_control(private=True, no_cache=True)
@vary_on_headers("HX-Request")
def appeal(request: HtmxRequest, pk: int) -> HttpResponse:
    """Appeal against the decision by which one's own annotation was taken down."""
    found = get_object_or_404(Annotation.objects.visible_to(request.user).select_related("article"), pk=pk)
    if not found.is_by(request.user):
        raise PermissionDenied("Only its writer can appeal.")
    form = AppealForm(request.POST if request.method == "POST" else None, annotation=found)
    if request.method != "POST":
        return show_form(request, "appeal", found, form)
    if form.appeal(by=signed_in(request)) is None:
        return show_form(request, "appeal", found, form, status=422)
    return done(request, found, "Sent. Another moderator looks at it, and you are told.")
