"""What helps while writing: how the words will look, and what the site knows of a source."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_POST, require_safe

from annotations import accepting
from annotations.forms.places import SourceSearchForm
from annotations.views import paragraphs
from reader import limiting
from reader.history import Fate
from reader.views.requests import reader_of


@require_POST
@login_not_required
@cache_control(private=True, no_store=True)
def preview(request: HttpRequest) -> HttpResponse:
    """Show words as they will look when they are posted. Nothing is kept."""
    limiting.count("previews", by=reader_of(request))
    preview = accepting.preview(request.POST.get("body", ""), kind=request.POST.get("kind", ""))
    return render(request, "annotations/_preview.html", {"preview": preview})


@require_safe
@login_not_required
@cache_control(private=True, no_cache=True)
def known_source(request: HttpRequest, slug: str, name: str) -> HttpResponse:
    """Tell what readers wrote about the document at `?url=` before, and where it stands already on the same words."""
    limiting.count("searches", by=reader_of(request))
    article, block = paragraphs.find(slug, name)
    form = SourceSearchForm(request.GET)
    context: dict[str, object] = {"article": article}
    if form.is_valid() and not isinstance(block, Fate):
        context |= {"known": form.known(), "citations": form.citations(article=article, paragraph=block)}
    return render(request, "annotations/_known_source.html", context)
