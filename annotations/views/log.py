"""The public log of moderation, as a page and as a feed."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import cache_control
from django.views.decorators.http import conditional_page, require_safe

from annotations import logbook
from annotations.feeds import LogFeed
from annotations.forms.log import LogForm


@require_safe
@login_not_required
@cache_control(private=True, no_cache=True)
def log(request: HttpRequest) -> HttpResponse:
    """Show what was decided, the newest first; the address says what is looked for, and `?at=` a line to begin with."""
    form = LogForm(request.GET)
    page = logbook.page(form.entries(), number=request.GET.get("page", "1"), at=request.GET.get("at", ""))
    return render(request, "annotations/log.html", {"form": form, "page": page})


@require_safe
@login_not_required
@cache_control(public=True, no_cache=True)
@conditional_page
def feed(request: HttpRequest) -> HttpResponse:
    """Give the newest decisions as Atom; who has them already is told so."""
    return LogFeed()(request)
