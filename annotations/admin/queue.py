"""The moderators' queue: what waits, each with all there is to judge it by, and the form to decide right there.

One annotation of it has a page of its own, which says what is missing, what changed meanwhile, and how it stands now.
"""

from typing import Any, cast
from urllib.parse import urlencode

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.html import format_html
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from annotations import caseload, moderating, plotting, vetting, waiting
from annotations.admin.deciding import DECISIONS
from annotations.admin.reading import link_to_page
from annotations.models import Annotation, ModerationEntry, ReasonTemplate, Rule
from annotations.states import Action
from annotations.waiting import Choice, Item
from reader.models import User

# The key of each decision. Three of them never fit at once: each lets stand what waits as it is.
KEYS = {
    Action.APPROVE: "a",
    Action.KEEP: "a",
    Action.RESTORE: "a",
    Action.UPHOLD: "u",
    Action.DENY: "d",
    Action.HIDE: "h",
    Action.SPAM: "s",
    Action.REMOVE: "x",
}


class CaseForm(forms.Form):
    """What a moderator decides about one annotation, by which rule, and why; the act says what it needs."""

    action = forms.ChoiceField(choices=[(action, action) for action in DECISIONS])
    rule = forms.ChoiceField(required=False, choices=[("", "Choose…"), *Rule.choices])
    reason = forms.CharField(required=False)
    seen = forms.RegexField(r"^[a-z]{1,10}\.[0-9]{1,9}$", max_length=24)
    read_to = forms.IntegerField(min_value=0)

    def clean(self) -> dict[str, Any]:
        """Hold what was typed to the rules of the act itself."""
        cleaned = super().clean() or self.cleaned_data
        if "action" in cleaned:
            try:
                moderating.checked(Action(cleaned["action"]), cleaned.get("rule", ""), cleaned.get("reason", ""))
            except moderating.Refused as refusal:
                self.add_error(refusal.field, refusal.message)
        return cleaned


def moderator(request: HttpRequest) -> User:
    """Give who asks, where they are a moderator. Raises PermissionDenied for everybody else."""
    if not request.user.has_perm(moderating.PERMISSION):
        raise PermissionDenied("Only moderators may do this.")
    return cast(User, request.user)


def context_of(request: HttpRequest) -> dict[str, Any]:
    """Give what every page of the queue shows, for how its address asks to look at it."""
    choice = Choice.of(request.GET)
    return {
        **admin.site.each_context(request),
        "choice": choice,
        "query": _query(choice),
        "templates": list(ReasonTemplate.objects.all()),
        "rules": Rule.choices,
        "reason_max_length": moderating.REASON_MAX_LENGTH,
    }


@require_safe
def front(request: HttpRequest) -> HttpResponse:
    """Show moderators the queue first, and everybody else the lists that they may open."""
    if request.user.has_perm(moderating.PERMISSION):
        return queue(request)
    return cast(HttpResponse, admin.site.index(request))


@require_safe
def queue(request: HttpRequest) -> HttpResponse:
    """List what waits for a decision."""
    by = moderator(request)
    choice = Choice.of(request.GET)
    page = waiting.queue(choice, by=by, page=request.GET.get("page", "1"))
    context = context_of(request) | {
        "title": "What waits for a decision",
        "page": page,
        "cases": [(item, _buttons(item)) for item in page],
        "sums": waiting.sums(),
        "articles": waiting.articles(),
        "orders": waiting.ORDERS.items(),
        "lines": waiting.lines(choice, by=by),
        "most_lines": waiting.MOST_LINES,
        "done": _done(request, by),
        "looked": _looked(request, by),
        "app_list": admin.site.get_app_list(request),
    }
    return TemplateResponse(request, "admin/queue.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def case(request: HttpRequest, pk: int) -> HttpResponse:
    """Show one annotation as the queue does, and decide about it."""
    by = moderator(request)
    if request.method != "POST":
        return _show(request, _found(pk, by), done=_done(request, by))
    if "fill" in request.POST:
        return _fill(request, _found(pk, by))
    form = CaseForm(request.POST)
    if not form.is_valid():
        return _show(request, _found(pk, by), form=form, status=422)
    choice = Choice.of(request.GET)
    following, page = waiting.after(pk, choice)
    said = form.cleaned_data | {"action": Action(form.cleaned_data["action"])}
    try:
        entry = moderating.decide(annotation=get_object_or_404(Annotation, pk=pk), by=by, **said)
    except moderating.StaleDecision as refusal:
        return _conflict(request, _found(pk, by), form, refusal.message)
    except moderating.Refused as refusal:
        form.add_error(None, refusal.message)
        return _show(request, _found(pk, by), form=form, status=422)
    query = {"order": choice.order, "article": choice.article, "page": str(page), "done": str(entry.pk)}
    # At the end of the queue there is nothing to go on to.
    place = f"#case-{following}" if following else ""
    return HttpResponseRedirect(f"{reverse('queue')}?{urlencode(query)}{place}")


@require_POST
def undo(request: HttpRequest, pk: int) -> HttpResponse:
    """Undo a decision of one's own."""
    by = moderator(request)
    entry = get_object_or_404(ModerationEntry.objects.select_related("annotation"), pk=pk, annotation__isnull=False)
    annotation = cast(Annotation, entry.annotation)
    try:
        moderating.undo(entry=entry, by=by)
    except moderating.Refused as refusal:
        messages.warning(request, refusal.message)
    else:
        messages.success(request, format_html("Undone: {}", link_to_page(annotation)))
    return HttpResponseRedirect(f"{reverse('case', args=[annotation.pk])}?{_query(Choice.of(request.GET))}")


@require_safe
def figures(request: HttpRequest) -> HttpResponse:
    """Show how much came in and went in the last thirty days, and how long that took."""
    moderator(request)
    context = {
        **admin.site.each_context(request),
        "title": "The last thirty days",
        "sums": waiting.sums(),
        "caseload": caseload.lately(),
        "width": plotting.WIDTH,
        "height": plotting.HEIGHT,
    }
    return TemplateResponse(request, "admin/figures.html", context)


def _found(pk: int, by: User) -> Item:
    try:
        return waiting.item(pk, by=by)
    except Annotation.DoesNotExist as error:
        raise Http404 from error


def _show(request: HttpRequest, item: Item, *, status: int = 200, **further: Any) -> HttpResponse:
    form = further.get("form")
    context = context_of(request) | {
        "title": str(item.annotation),
        "item": item,
        "decisions": _buttons(item),
        "values": form.data if form else {},
        **further,
    }
    return TemplateResponse(request, "admin/case.html", context, status=status)


def _fill(request: HttpRequest, item: Item) -> HttpResponse:
    """Put the rule and the words of a template into the form, as who has no script asks for."""
    chosen = request.POST.get("template", "")
    template = next((each for each in ReasonTemplate.objects.all() if str(each.pk) == chosen), None)
    filled = {"rule": template.rule, "reason": template.words} if template else request.POST
    values = {"rule": filled.get("rule", ""), "reason": filled.get("reason", ""), "template": chosen}
    return _show(request, item, values=values)


def _conflict(request: HttpRequest, item: Item, form: CaseForm, sentence: str) -> HttpResponse:
    """Show what changed since the moderator read it, and offer to decide again about what stands now."""
    state, _, version = form.cleaned_data["seen"].partition(".")
    read_to = form.cleaned_data["read_to"]
    context = {
        "sentence": sentence,
        "state_then": dict(Annotation.State.choices).get(state, state),
        "since": [entry for entry in item.entries if entry.pk > read_to],
        "change": item.since(int(version)),
    }
    return _show(request, item, form=form, conflict=context, status=409)


def _done(request: HttpRequest, by: User) -> ModerationEntry | None:
    """Give the decision that was just made, as long as it can be undone."""
    number = _number(request, "done")
    return moderating.undoable(number, by) if number else None


def _looked(request: HttpRequest, by: User) -> ModerationEntry | None:
    """Give the decision about a line that was just made."""
    number = _number(request, "looked")
    return vetting.decision(number, by) if number else None


def _number(request: HttpRequest, name: str) -> int:
    """Give the number that an address has by this name, 0 where it has none."""
    said = request.GET.get(name, "")
    return int(said) if said.isdecimal() and len(said) < 19 else 0


def _query(choice: Choice) -> str:
    return urlencode({"order": choice.order, "article": choice.article})


def _buttons(item: Item) -> list[tuple[Any, str]]:
    return [(DECISIONS[action], KEYS[action]) for action in item.decisions]
