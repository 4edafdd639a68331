"""The list of pages for search engines: an index, and a list of at most a thousand articles at each address in it."""

from django.contrib.auth.decorators import login_not_required
from django.contrib.sitemaps import views
from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from annotations.sitemaps import SITEMAPS

_HOUR = 60 * 60


@require_safe
@login_not_required
@cache_control(public=True, max_age=_HOUR)
def index(request: HttpRequest) -> HttpResponse:
    """Give the addresses of the lists."""
    return views.index(request, sitemaps=SITEMAPS, sitemap_url_name="sitemap-section").render()


@require_safe
@login_not_required
@cache_control(public=True, max_age=_HOUR)
def section(request: HttpRequest, section: str) -> HttpResponse:
    """Give one list, `?p=2` its second page."""
    return views.sitemap(request, sitemaps=SITEMAPS, section=section).render()
