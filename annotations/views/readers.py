"""What one reader wrote."""

from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from annotations import following, muting
from annotations.models import Annotation
from reader.models import User

ANNOTATIONS_ON_A_PAGE = 30


@require_safe
@login_not_required
@cache_control(private=True, no_cache=True)
def reader(request: HttpRequest, username: str) -> HttpResponse:
    """Show what a reader wrote, newest first. A name they gave up leads to the one they have."""
    found = User.objects.bearing(username)
    if found is None or not found.is_active:
        raise Http404
    if found.username != User.normalize_username(username):
        # Not for ever: after a year the name may be another's.
        return redirect(found)
    written = Annotation.objects.visible_to(request.user).filter(creator=found).order_by("-created_at", "-id")
    shown = written.select_related("article__current_revision", "parent__creator").prefetch_related("sources")
    page = Paginator(shown, ANNOTATIONS_ON_A_PAGE).get_page(request.GET.get("page"))
    viewer = request.user
    context = {"reader": found, "page": page, "viewer": viewer}
    if viewer.is_authenticated:
        context["is_followed"] = following.is_following(follower=viewer, person=found)
        context["is_muted"] = muting.is_muting(reader=viewer, person=found)
    return render(request, "annotations/reader.html", context)
