"""What the site tells programs about itself: what to look at and what not, its name, its signs."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.templatetags.static import static
from django.urls import reverse
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from reader.preferences import PAPERS

_DAY = 24 * 60 * 60

# What only people have a use for: forms, and what belongs to one of them. `*` stands for anything, as RFC 9309 has it.
_NOT_FOR_ROBOTS = (
    "/accounts/",
    "/admin/",
    "/desk/",
    "/drafts/",
    "/preferences/",
    "/annotations/*/replies/",
    "/annotations/*/edit/",
    "/annotations/*/withdraw/",
    "/annotations/*/reports/",
    "/annotations/*/anchor/",
)


@require_safe
@login_not_required
@cache_control(public=True, max_age=_DAY)
def robots(request: HttpRequest) -> HttpResponse:
    """Tell search engines what to leave alone, and where everything else is listed."""
    rules = "".join(f"Disallow: {path}\n" for path in _NOT_FOR_ROBOTS)
    sitemap = request.build_absolute_uri(reverse("sitemap"))
    return HttpResponse(f"User-agent: *\n{rules}\nSitemap: {sitemap}\n", content_type="text/plain; charset=utf-8")


@require_safe
@login_not_required
@cache_control(public=True, max_age=_DAY)
def manifest(request: HttpRequest) -> JsonResponse:
    """Tell a phone how the site is called and what it looks like among its programs."""
    pictures = [
        {"src": static(f"img/icon-{size}.png"), "sizes": f"{size}x{size}", "type": "image/png", "purpose": purpose}
        for size in (192, 512)
        for purpose in ("any", "maskable")
    ]
    told = {
        "name": "Gloss",
        "short_name": "Gloss",
        "description": "Read a contested text with its evidence beside it.",
        "start_url": reverse("library"),
        "scope": reverse("library"),
        "display": "minimal-ui",
        "background_color": PAPERS["light"],
        "theme_color": PAPERS["light"],
        "icons": [{"src": static("img/gloss.svg"), "sizes": "any", "type": "image/svg+xml"}, *pictures],
    }
    return JsonResponse(told, content_type="application/manifest+json")


@require_safe
@login_not_required
@cache_control(public=True, max_age=_DAY)
def icon(request: HttpRequest, name: str) -> HttpResponseRedirect:
    """Lead from an address that browsers guess to the file they mean."""
    return HttpResponseRedirect(static(f"img/{name}"))
