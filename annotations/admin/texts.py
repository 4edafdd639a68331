"""What moderators can do about one article: slow it down, close it to new annotations, and open it again."""

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from annotations import restraining
from annotations.admin.queue import moderator
from annotations.admin.readers import ReasonForm, is_done
from annotations.models import ModerationEntry, SlowMode
from reader.models import Article, User

PAUSES = (("30", "30 seconds"), ("120", "2 minutes"), ("600", "10 minutes"), ("3600", "1 hour"))
LASTING = (("1", "1 hour"), ("6", "6 hours"), ("24", "1 day"), ("72", "3 days"), ("168", "1 week"))


class SlowForm(ReasonForm):
    """Ask how long readers pause, and for how long that holds."""

    seconds = forms.TypedChoiceField(label="Between two annotations of one reader", choices=PAUSES, coerce=int)
    hours = forms.TypedChoiceField(label="For", choices=LASTING, coerce=int, initial="24")

    field_order = ("seconds", "hours", "reason")


@require_http_methods(["GET", "HEAD", "POST"])
def restraints(request: HttpRequest, slug: str) -> HttpResponse:
    """Show how an article stands, and slow it down, close it or open it."""
    by = moderator(request)
    article = get_object_or_404(Article.objects.published().with_revision().without_text(), slug=slug)
    if request.method != "POST":
        return _show(request, article)
    named = request.POST.get("act", "")
    if named not in _ACTS:
        return _show(request, article, status=422)
    form: forms.Form = SlowForm(request.POST) if named == "slow" else ReasonForm(request.POST)
    act, sentence = _ACTS[named]
    if is_done(form, lambda: act(article, by, form.cleaned_data)):
        messages.success(request, sentence)
        return HttpResponseRedirect(reverse("restraints", args=[article.slug]))
    return _show(request, article, status=422, refused=named, form=form)


def _slow(article: Article, by: User, said: Mapping[str, Any]) -> None:
    until = timezone.now() + timedelta(hours=said["hours"])
    restraining.slow(article=article, by=by, seconds=said["seconds"], until=until, reason=said["reason"])


def _quicken(article: Article, by: User, said: Mapping[str, Any]) -> None:
    restraining.quicken(article=article, by=by, reason=said["reason"])


def _close(article: Article, by: User, said: Mapping[str, Any]) -> None:
    restraining.close(article=article, by=by, reason=said["reason"])


def _reopen(article: Article, by: User, said: Mapping[str, Any]) -> None:
    restraining.reopen(article=article, by=by, reason=said["reason"])


_ACTS: Mapping[str, tuple[Callable[[Article, User, Mapping[str, Any]], None], str]] = {
    "slow": (_slow, "Readers pause between two annotations from now on."),
    "quicken": (_quicken, "Readers need not pause any more."),
    "close": (_close, "Nobody can add anything to it now."),
    "reopen": (_reopen, "Readers can add to it again."),
}


def _show(
    request: HttpRequest, article: Article, *, status: int = 200, refused: str = "", form: forms.Form | None = None
) -> HttpResponse:
    shown: dict[str, forms.Form] = {
        "slow": SlowForm(auto_id="slow_%s"),
        **{name: ReasonForm(auto_id=f"{name}_%s") for name in ("quicken", "close", "reopen")},
    }
    if form is not None:
        form.auto_id = f"{refused}_%s"
        shown[refused] = form
    context = {
        **admin.site.each_context(request),
        "title": article.title,
        "article": article,
        "mode": SlowMode.objects.on(article),
        "forms": shown,
        "entries": ModerationEntry.objects.with_people().about(article)[:50],
    }
    return TemplateResponse(request, "admin/restraints.html", context, status=status)
