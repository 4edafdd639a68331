"""Two states of an article compared."""

from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from reader import history
from reader.models import Article, Revision

# Parts of a comparison on one page, and how many characters of unchanged text it has room for.
PARTS_ON_A_PAGE = 60
UNCHANGED_ON_A_PAGE = 30_000


@require_safe
@login_not_required
@cache_control(private=True, no_cache=True)
def comparison(request: HttpRequest, slug: str, one: int, other: int) -> HttpResponse:
    """Show what changed between two states, the earlier first in whatever order they are named."""
    article = get_object_or_404(Article.objects.published().with_revision(), slug=slug)
    found = history.compare(article, _revision(article, one), _revision(article, other))
    page = Paginator(found.parts, PARTS_ON_A_PAGE).get_page(request.GET.get("page"))
    context = {
        "article": article,
        "revision": article.current_revision,
        "comparison": found,
        "page": page,
        "parts": history.shown(list(page.object_list), most=UNCHANGED_ON_A_PAGE),
    }
    return render(request, "reader/comparison.html", context)


def _revision(article: Article, number: int) -> Revision:
    return get_object_or_404(article.revisions.defer("text"), number=number)
