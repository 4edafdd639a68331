"""One old state of an article, with what readers said about it where it stood then."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from annotations import margin
from reader.models import Article


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
