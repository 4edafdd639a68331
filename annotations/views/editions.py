"""The edition: the annotated text as a page to print."""

from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils import timezone
from django.views.decorators.http import require_safe

from annotations import edition as editions
from annotations.views import shared
from reader import preferences
from reader.models import Article
from reader.models.articles import ArticleState


@require_safe
@login_not_required
def edition(request: HttpRequest, slug: str) -> HttpResponse:
    """Show an article with everything said about it as a book has it: the same for everyone, as for reading.

    It says of what day it is, so that a day is part of its name. It may be a hundred times as long as an article, so
    it is kept once, without the frame that each browser's preferences give it.
    """
    state = Article.objects.state_of(slug)
    if state is None:
        raise Http404
    if shared.is_for_everyone(request):
        variant = f"edition-{timezone.localdate():%Y%m%d}-{preferences.of(request).key}"
        return shared.answer(request, state, variant, lambda: _draw(request, state), is_kept=False)
    response = HttpResponse(_draw(request, state))
    response.headers["Cache-Control"] = "private, no-cache"
    return response


def _draw(request: HttpRequest, state: ArticleState) -> str:
    kept = shared.part(state, lambda: _draw_text(state), name="edition")
    address = request.build_absolute_uri(kept["article"].get_absolute_url())
    context = kept | {"address": address, "today": timezone.localdate()}
    return render_to_string("annotations/edition.html", context, request)


def _draw_text(state: ArticleState) -> dict[str, Any]:
    """Draw the text, its notes and the bibliography, and give them with what the head of the page tells."""
    edition = editions.read(state.revision_id)
    context = {"article": edition.article, "revision": edition.revision}
    text = render_to_string("annotations/_edition.html", context | {"edition": edition})
    return context | {"text": text, "colophon": edition.colophon}
