"""What a reader reported, and what became of it."""

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from annotations import reporting
from reader.views.requests import signed_in

REPORTS_ON_A_PAGE = 30


@require_safe
@cache_control(private=True, no_cache=True)
def reports(request: HttpRequest) -> HttpResponse:
    """Show a reader what they reported, the latest first, each with its outcome."""
    page = Paginator(reporting.of(signed_in(request)), REPORTS_ON_A_PAGE).get_page(request.GET.get("page"))
    return render(request, "annotations/reports.html", {"page": page})
