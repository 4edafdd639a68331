"""The library and the reading page."""

from collections.abc import Iterator
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.models import AnonymousUser
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.safestring import mark_safe
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from annotations import filtering, following, margin
from annotations.filtering import Filter
from annotations.views import shared
from reader import outages, preferences, readings
from reader.models import Article, Paragraph, User
from reader.models.articles import ArticleState
from reader.text.openings import opening

ARTICLES_ON_A_PAGE = 20

# Where in the shared part the filter stands, which is drawn for each reader.
_FILTER = "<!-- filter -->"


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
    """Show an article with its margin: one kept page for everyone, a drawn frame around it for who is signed in.

    With a filter in its address it is drawn anew, for strangers too.
    """
    state = Article.objects.state_of(slug)
    if state is None:
        raise Http404
    asked = Filter.parse(request.GET) if request.META.get("QUERY_STRING") else filtering.ALL
    if shared.is_for_everyone(request):
        variant = _variant(request, state, asked)
        return shared.answer(request, state, variant, lambda: _draw(request, state, asked), is_kept=asked.is_plain)
    response = HttpResponse(_draw(request, state, asked))
    response.headers["Cache-Control"] = "private, no-cache"
    return response


def _variant(request: HttpRequest, state: ArticleState, asked: Filter) -> str:
    """Name what a page shows beside the article and its state: what this browser wants, and what the address asks."""
    parts = [preferences.of(request).key]
    if readings.is_alone(request, state.id):
        parts.append("first")
    if not asked.is_plain:
        parts.append(asked.digest)
    return "-".join(parts)


def _draw(request: HttpRequest, state: ArticleState, asked: Filter) -> str:
    # Before accounts are looked for, nobody is known.
    viewer: User | AnonymousUser = getattr(request, "user", AnonymousUser())
    last = following.last_visit(reader=viewer, article_id=state.id) if viewer.is_authenticated else None
    since = following.seen_by_now(last, now=timezone.now())
    view = margin.View(asked.for_viewer(viewer), viewer, since)
    kept = shared.part(state, lambda: _draw_text(state)) if asked.is_plain else _draw_text(state, view)
    context = kept | {"filter": view.filter, "is_alone": readings.is_alone(request, state.id), "viewer": viewer}
    if viewer.is_authenticated:
        newest = kept["newest"]
        context["unseen"] = following.unseen(reader=viewer, revision_id=state.revision_id, since=since, newest=newest)
        if _is_reading(request):
            with outages.hastily():
                following.visit(reader=viewer, article_id=state.id, last=last, newest=newest)
    return render_to_string("annotations/reading.html", context, request)


def _is_reading(request: HttpRequest) -> bool:
    """Say whether somebody is to see the answer: not a script's question, and not a browser's guess."""
    is_guess = "prefetch" in request.headers.get("Sec-Purpose", request.headers.get("Purpose", ""))
    return request.method == "GET" and not is_guess and "HX-Request" not in request.headers


def _draw_text(state: ArticleState, view: margin.View = margin.EVERYTHING) -> dict[str, Any]:
    """Draw what does not depend on who reads, or on nothing but the view; give it with what the frame tells of it."""
    reading = margin.read_revision(state.revision_id, view)
    context: dict[str, Any] = {"article": reading.article, "revision": reading.revision}
    context["description"] = opening(_sentences(reading))
    before, _, after = render_to_string("annotations/_reading.html", {**context, "reading": reading}).partition(_FILTER)
    return {
        **context,
        "before": mark_safe(before),  # noqa: S308  (a template drew it)
        "after": mark_safe(after),  # noqa: S308
        "whole": reading.whole,
        "total": reading.total,
        "gone": reading.orphans.total,
        "writers": reading.writers,
        "newest": reading.newest,
    }


def _sentences(reading: margin.Reading) -> Iterator[str]:
    """Give the text's sentences from its first paragraph on, without captions and headings; lazily, few are wanted."""
    for row in reading.rows:
        if row.paragraph.kind == Paragraph.Kind.PARAGRAPH:
            yield from (words for _, words in row.paragraph.sentence_choices)
