"""A draft before it is published: the text as it will be, and what becomes of everything written about it."""

from collections.abc import Sequence
from typing import Any

from django.core.cache import caches
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from annotations import consequences
from annotations.consequences import Consequences
from reader.draft_forms import PublicationForm
from reader.models import Draft
from reader.publishing import NothingChanged, PublishingError
from reader.text.references import references
from reader.views.drafts import draft_or_404
from reader.views.requests import HtmxRequest

# The parts of a review, each on pages of its own where it is long: so many on such a page, and so many on the first.
PARTS = {"annotations": (50, 10), "changes": (60, 10), "text": (100, 40)}

# Working it out takes seconds for a long text, and a draft is looked at page by page.
_KEPT_SECONDS = 600


@require_safe
@never_cache
def review(request: HtmxRequest, pk: int) -> HttpResponse:
    """Show what publishing a draft would do, to an editor; `?part=` shows one part of it in full."""
    draft = draft_or_404(request, pk)
    if not draft.is_editable or draft.article is None:
        return redirect(draft)
    context: dict[str, Any] = {"draft": draft, "article": draft.article, "zone": timezone.get_current_timezone_name()}
    if draft.is_overtaken:
        return render(request, "annotations/review.html", context)
    try:
        found = _consequences(draft)
    except PublishingError as problem:
        return render(request, "annotations/review.html", context | {"problem": str(problem)})
    if found.plan.is_same:
        return render(request, "annotations/review.html", context | {"problem": str(NothingChanged())})
    part = request.GET.get("part", "")
    context |= {"consequences": found, "revision": found.plan.revision, "part": part if part in PARTS else ""}
    context |= _parts(found, part, request.GET.get("page", "1"))
    context["form"] = _form(draft)
    return render(request, "annotations/review.html", context)


def _form(draft: Draft) -> PublicationForm:
    form = PublicationForm(initial={"version": draft.version, "note": draft.note, "at": draft.publish_at})
    if draft.base_id:
        form.fields["note"].widget.attrs["required"] = True
    return form


def _consequences(draft: Draft) -> Consequences:
    """Work out what publishing would do, once for each state of the draft and of what stands."""
    assert draft.article is not None  # noqa: S101  (the caller looked)
    key = f"review.{draft.pk}.{draft.version}.{draft.article.activity}"
    kept: Consequences | None = caches["pages"].get(key)
    if kept is None:
        kept = consequences.of(draft)
        caches["pages"].set(key, kept, _KEPT_SECONDS)
    return kept


def _parts(found: Consequences, part: str, number: str) -> dict[str, Any]:
    """Give the part asked for, a page of it; or the beginnings of all."""
    blocks = found.plan.paragraphs
    whole: dict[str, Sequence[Any]] = {
        "annotations": found.effects,
        "changes": () if found.is_first else found.changes,
        "text": blocks,
    }
    if part in PARTS:
        page = Paginator(whole[part], PARTS[part][0]).get_page(number)
        shown = {part: list(page.object_list)}
        told: dict[str, Any] = {"page": page}
    else:
        shown = {name: list(whole[name][:most]) for name, (_, most) in PARTS.items()}
        told = {}
    linking = references((block.name, block.html) for block in blocks)
    return told | {
        "effects": consequences.with_annotations(shown.get("annotations", ())),
        "changes": shown.get("changes", ()),
        "blocks": [(block, linking.get(block.name, ())) for block in shown.get("text", ())],
        "totals": {name: len(items) for name, items in whole.items()},
        "more": {name: len(items) - len(shown.get(name, ())) for name, items in whole.items()},
    }
