"""The form to say where an archived copy of a source is, or to take one away."""

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_http_methods
from django.views.decorators.vary import vary_on_headers

from annotations import archiving, holding
from annotations.forms.archiving import ArchivedCopyForm, TakeAwayForm
from annotations.models import Source
from annotations.views.annotations import done, show_form
from reader.views.requests import HtmxRequest, signed_in


@require_http_methods(["GET", "HEAD", "POST"])
@cache_control(private=True, no_cache=True)
@vary_on_headers("HX-Request")
def archived_copy(request: HtmxRequest, pk: int) -> HttpResponse:
    """Say where an archived copy of a source is, say where another is, or take it away."""
    reader = signed_in(request)
    source = get_object_or_404(Source.objects.published().with_annotation(), pk=pk)
    document = source.document
    waits = archiving.offered(source, reader)
    if not (waits or document.may_be_given_a_copy_by(reader) or archiving.may_take_away(document, reader)):
        raise PermissionDenied("Somebody has given an archived copy already, and only they can change it.")
    address = waits.url if waits else document.archived_url
    form = ArchivedCopyForm(initial={"archived_url": address}, source=source)
    taking = TakeAwayForm(source=source)
    if request.method != "POST":
        return _show(request, source, form, taking)
    if "take-away" in request.POST:
        taking = TakeAwayForm(request.POST, source=source)
        if taking.take_away(by=reader) is None:
            return _show(request, source, form, taking, status=422)
        return done(request, source.annotation, "Taken away.")
    form = ArchivedCopyForm(request.POST, source=source)
    if form.give(by=reader) is None:
        return _show(request, source, form, taking, status=422)
    is_offered = archiving.offered(source, reader) is not None
    return done(request, source.annotation, holding.WAITS if is_offered else "Kept. Thank you for looking.")


def _show(
    request: HtmxRequest, source: Source, form: ArchivedCopyForm, taking: TakeAwayForm, *, status: int = 200
) -> HttpResponse:
    reader, document = signed_in(request), source.document
    further = {
        "source": source,
        "document": document,
        "taking": taking,
        "may_give": document.may_be_given_a_copy_by(reader),
        "may_take_away": archiving.may_take_away(document, reader),
        "is_own": document.archived_by_id == reader.pk,
        "waits": archiving.offered(source, reader),
    }
    heading = "Where is a copy of this source?"
    return show_form(request, "archived_copy", source.annotation, form, status=status, heading=heading, further=further)
