"""The editors' desk: what is in the making, and the articles with what can be done about them."""

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from reader import drafting
from reader.draft_forms import STATUSES, StatusForm
from reader.drafting import DraftingError
from reader.editors import PERMISSION
from reader.models import Article, Draft
from reader.text.direction import isolated
from reader.views.requests import HtmxRequest, signed_in

_ARTICLES_PER_PAGE = 50
# Older ones can no longer be taken back from the page.
_DISCARDED = 20


@require_safe
@permission_required(PERMISSION, raise_exception=True)
@never_cache
def desk(request: HtmxRequest) -> HttpResponse:
    """List what is in the making, the articles, and what was thrown away lately."""
    drafts = Draft.objects.with_article().without_text()
    articles = Article.objects.published().with_revision().without_text()
    context = {
        "drafts": drafts.unfinished(),
        "page": Paginator(articles, _ARTICLES_PER_PAGE).get_page(request.GET.get("page")),
        "statuses": STATUSES,
        "discarded": drafts.discarded()[:_DISCARDED],
        "now": timezone.now(),
        "zone": timezone.get_current_timezone_name(),
    }
    return render(request, "reader/desk.html", context)


@require_POST
@permission_required(PERMISSION, raise_exception=True)
def revise(request: HtmxRequest, slug: str) -> HttpResponse:
    """Begin the next revision of an article, or go on with one's own."""
    try:
        draft = drafting.revise(article=get_object_or_404(Article, slug=slug), by=signed_in(request))
    except DraftingError as refusal:
        messages.error(request, str(refusal))
        return redirect("desk")
    return redirect(draft)


@require_POST
@permission_required(PERMISSION, raise_exception=True)
def status(request: HtmxRequest, slug: str) -> HttpResponse:
    """Open an article to annotations, close it to new ones, or put it away."""
    article = get_object_or_404(Article, slug=slug)
    form = StatusForm(request.POST)
    if not form.is_valid():
        messages.error(request, " ".join(map(str, form.errors["status"])))
        return redirect("desk")
    try:
        changed = drafting.set_status(article=article, by=signed_in(request), status=form.cleaned_data["status"])
    except DraftingError as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, f"“{isolated(article)}” is {changed.get_status_display().lower()} now.")
    return redirect("desk")
