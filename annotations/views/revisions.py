"""The history of an article with the disagreements behind it, and one old state with what readers said there then."""

import re

from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from annotations import disputing, margin
from reader.models import Article

REVISIONS_ON_A_PAGE = 50

_NUMBER = re.compile(r"[0-9]{1,9}")


@require_safe
@login_not_required
@cache_control(private=True, no_cache=True)
def revisions(request: HttpRequest, slug: str) -> HttpResponse:
    """Show every revision, newest first; `?one=2&other=4` leads to a comparison."""
    article = get_object_or_404(Article.objects.published().with_revision(), slug=slug)
    one, other = request.GET.get("one", ""), request.GET.get("other", "")
    if _NUMBER.fullmatch(one) and _NUMBER.fullmatch(other):
        return redirect("comparison", slug, int(one), int(other))
    found = disputing.corrections(article)
    page = Paginator(found, REVISIONS_ON_A_PAGE).get_page(request.GET.get("page"))
    context = {
        "article": article,
        "revision": article.current_revision,
        "page": page,
        "corrections": found,
        "disputes": disputing.count(article),
    }
    return render(request, "annotations/corrections.html", context)


@require_safe
@login_not_required
@cache_control(private=True, no_cache=True)
def revision(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """Show one state of the article with its margin; nothing can be added to it."""
    article = get_object_or_404(Article.objects.published().with_revision(), slug=slug)
    found = get_object_or_404(article.revisions.defer("text"), number=number)
    context = {
        "article": article,
        "revision": found,
        "reading": margin.read_revision(found.pk),
        "following": found.following,
    }
    return render(request, "annotations/revision.html", context)
