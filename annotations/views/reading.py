"""The library and the reading page."""

from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from annotations import margin
from annotations.views import shared
from reader import preferences
from reader.models import Article
from reader.models.articles import ArticleState

ARTICLES_ON_A_PAGE = 20


@require_safe
@login_not_required
@cache_control(private=True, no_cache=True)
def library(request: HttpRequest) -> HttpResponse:
    """Show the articles, each with its map; `?archived=1` shows those that were put away."""
    is_archive = request.GET.get("archived") == "1"
    found = Article.objects.archived() if is_archive else Article.objects.listed()
    page = Paginator(found.with_revision(), ARTICLES_ON_A_PAGE).get_page(request.GET.get("page"))
    articles = list(page.object_list)
    maps = margin.read_maps(articles)
    entries = [(article, *maps[article.pk]) for article in articles]
    context = {"page": page, "entries": entries, "is_archive": is_archive}
    if not is_archive:
        context["has_archive"] = Article.objects.archived().exists()
    return render(request, "annotations/library.html", context)


@require_safe
@login_not_required
def reading(request: HttpRequest, slug: str) -> HttpResponse:
    """Show an article with its margin: one kept page for everyone, a drawn frame around it for who is signed in."""
    state = Article.objects.state_of(slug)
    if state is None:
        raise Http404
    if shared.is_for_everyone(request):
        return shared.answer(request, state, preferences.of(request).key, lambda: _draw(request, state))
    response = HttpResponse(_draw(request, state))
    response.headers["Cache-Control"] = "private, no-cache"
    return response


def _draw(request: HttpRequest, state: ArticleState) -> str:
    return render_to_string("annotations/reading.html", shared.part(state, lambda: _draw_text(state)), request)


def _draw_text(state: ArticleState) -> dict[str, object]:
    """Draw what is the same for every reader, and give it with what the rest of the page tells of the article."""
    reading = margin.read_revision(state.revision_id)
    context = {"article": reading.article, "revision": reading.revision}
    return {**context, "text": render_to_string("annotations/_reading.html", {**context, "reading": reading})}
