"""The bibliography that readers built, and the form to say that two documents in it are the same story."""

import re

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_http_methods, require_safe

from annotations import documents, stories
from annotations.forms.stories import SameStoryForm
from annotations.models import Document
from reader.models import Article
from reader.views.requests import signed_in, way_back

# The other document as a button brings it; no database counts farther.
_ID = re.compile(r"[0-9]{1,18}")


@require_safe
@login_not_required
@cache_control(private=True, no_cache=True)
def sources(request: HttpRequest, slug: str) -> HttpResponse:
    """Show every document that readers cite beside an article; `?by=paragraph` or `?by=publisher` for other orders."""
    article = get_object_or_404(Article.objects.published().with_revision(), slug=slug)
    found = documents.of(article, request.user, by=request.GET.get("by", ""), page=request.GET.get("page", "1"))
    context = {
        "article": article,
        "revision": article.current_revision,
        "bibliography": found,
        "page": found.page,
        "viewer": request.user,
    }
    return render(request, "annotations/sources.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@cache_control(private=True, no_cache=True)
def same_story(request: HttpRequest, pk: int) -> HttpResponse:
    """Say that a document tells the same story as another beside the article, that it does not, or take that back."""
    reader = signed_in(request)
    found = Document.objects.published().select_related("article__current_revision")
    document = get_object_or_404(found, pk=pk)
    names = documents.names(document.article)
    if document.pk not in names:
        raise Http404
    if request.method != "POST":
        form = SameStoryForm(initial={"other": request.GET.get("other", "")}, document=document, names=names)
        return _show(request, document, form)
    if "take-back" in request.POST:
        other = request.POST.get("other", "")
        stories.take_back(document=document, other=int(other) if _ID.fullmatch(other) else 0, by=reader)
        return _go_back(request, document, "Taken back.")
    form = SameStoryForm(request.POST, document=document, names=names)
    if not form.say(by=reader):
        return _show(request, document, form, status=422)
    return _go_back(request, document, "Kept. Thank you for comparing.")


def _show(request: HttpRequest, document: Document, form: SameStoryForm, *, status: int = 200) -> HttpResponse:
    article = document.article
    context = {
        "document": document,
        "name": form.names[document.pk],
        "article": article,
        "revision": article.current_revision,
        "form": form,
        "back": _back(request, document),
    }
    return render(request, "annotations/same_story.html", context, status=status)


def _go_back(request: HttpRequest, document: Document, said: str) -> HttpResponse:
    messages.success(request, said)
    return redirect(_back(request, document))


def _back(request: HttpRequest, document: Document) -> str:
    """Give the page of the bibliography that the reader came from, or its beginning."""
    return way_back(request, reverse("sources", args=[document.article.slug]))
