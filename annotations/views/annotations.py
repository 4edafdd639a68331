"""One annotation: its page with its thread, its wordings, and the forms to answer, edit, withdraw and report it."""

import uuid
from collections.abc import Mapping

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.forms import BaseForm
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_http_methods, require_safe
from django.views.decorators.vary import vary_on_headers
from django_htmx.http import reswap, retarget

from annotations import (
    accepting,
    annotating,
    drafts,
    holding,
    markdown,
    pacing,
    positions,
    reporting,
    restating,
    settling,
    surroundings,
    threads,
    walking,
    wordings,
)
from annotations.forms.annotations import EditForm, ReplyForm
from annotations.forms.reports import FlagForm
from annotations.models import Annotation
from annotations.moving import Refused
from annotations.views.paragraphs import asked, go_on, is_in_panel, ledger_shown, place_of, refreshed, sign_in_first
from reader import limiting
from reader.text.direction import isolated
from reader.views.requests import HtmxRequest, reader_of, signed_in, way_back


@require_safe
@login_not_required
@cache_control(private=True, no_cache=True)
def annotation(request: HtmxRequest, pk: int) -> HttpResponse:
    """Show one annotation with its thread."""
    found = get_object_or_404(Annotation, pk=pk)
    thread = threads.around(found, request.user)
    post = thread.find(found) if thread else None
    if thread is None or post is None:
        raise Http404
    article = thread.head.annotation.article
    context = {
        "thread": thread,
        "post": post,
        "posted": post.annotation,
        "surroundings": surroundings.of(thread),
        "walk": walking.walk(article, request.user, narrowing=asked(request), at=str(pk)),
        "article": article,
        "revision": article.current_revision,
        "viewer": request.user,
    }
    return render(request, "annotations/annotation.html", context)


@require_safe
@login_not_required
@cache_control(private=True, no_cache=True)
@vary_on_headers("HX-Request")
def earlier(request: HtmxRequest, pk: int) -> HttpResponse:
    """Show what an annotation said before it was edited, to whoever may read it."""
    visible = Annotation.objects.visible_to(request.user).with_creator()
    found = get_object_or_404(visible.select_related("article__current_revision"), pk=pk)
    context = {
        "annotation": found,
        "article": found.article,
        "revision": found.article.current_revision,
        "history": wordings.of(found, page=request.GET.get("page", "1")),
    }
    template = "annotations/_wordings.html" if request.htmx else "annotations/wordings.html"
    return render(request, template, context)


@require_http_methods(["GET", "HEAD", "POST"])
@login_not_required
@cache_control(private=True, no_cache=True)
@vary_on_headers("HX-Request")
def replies(request: HtmxRequest, pk: int) -> HttpResponse:
    """Answer an annotation; `?quote=1` quotes it, or of it `words=`. Who is not signed in comes back to their words."""
    visible = Annotation.objects.visible_to(request.user).with_creator()
    parent = get_object_or_404(visible.select_related("article__slow_mode"), pk=pk)
    if request.method == "POST":
        return _answer(request, parent)
    kept = drafts.kept(request, place=_address(parent))
    initial = {"token": uuid.uuid4(), "body": _quoted(request, parent)}
    form = ReplyForm(kept, parent=parent) if kept else ReplyForm(initial=initial, parent=parent)
    return _show_reply(request, parent, form, is_draft=kept is not None)


def _answer(request: HtmxRequest, parent: Annotation) -> HttpResponse:
    """Post an answer, or do what another button of the form asks for."""
    place = _address(parent)
    if "discard" in request.POST:
        drafts.drop(request, place=place)
        return go_on(request, place)
    if "preview" in request.POST:
        limiting.count("previews", by=reader_of(request))
        return _show_reply(request, parent, ReplyForm(initial=request.POST.dict(), parent=parent))
    form = ReplyForm(request.POST, parent=parent)
    if not request.user.is_authenticated:
        if drafts.keep(request, place=place, form=request.POST):
            return sign_in_first(request, back=place)
        form.refuse_draft()
        return _show_reply(request, parent, form, status=422)
    answer = form.reply(parent=parent, creator=request.user)
    if answer is None:
        return _show_reply(request, parent, form, status=422)
    drafts.drop(request, place=place)
    restated = restating.by_reader(parent, request.user) if form.cleaned_data["restatement"] else None
    said = holding.said(answer)
    if restated and restated.is_held and answer.is_published:
        said += f" A moderator looks first at how you put what {isolated(parent.creator)} says."
    return done(request, answer, said, status=201, posted=answer)


def _show_reply(
    request: HtmxRequest, parent: Annotation, form: ReplyForm, *, status: int = 200, is_draft: bool = False
) -> HttpResponse:
    """Show the form to answer; who may also say first what it says, and has not yet, is offered that."""
    may_restate = restating.may_restate(parent, request.user) and not restating.by_reader(parent, request.user)
    further = {"may_restate": may_restate, "slow": pacing.notice(parent.article, request.user)}
    return show_form(request, "reply", parent, form, status=status, is_draft=is_draft, further=further)


def _address(parent: Annotation) -> str:
    return reverse("replies", args=[parent.pk])


def _quoted(request: HtmxRequest, parent: Annotation) -> str:
    """Give what the form begins with: nothing, or the words of what it answers as a quotation."""
    if "quote" not in request.GET or not parent.is_published:
        return ""
    return markdown.quote(parent.statement, by=str(parent.creator), words=request.GET.get("words", ""))


@require_http_methods(["GET", "HEAD", "POST"])
@cache_control(private=True, no_cache=True)
@vary_on_headers("HX-Request")
def edit(request: HtmxRequest, pk: int) -> HttpResponse:
    """Edit one's own annotation; of two edits at once the second is shown the first."""
    own = _own_or_403(request, pk)
    if request.method != "POST":
        return show_form(request, "edit", own, EditForm.of(own))
    if "preview" in request.POST:
        limiting.count("previews", by=reader_of(request))
        return show_form(request, "edit", own, EditForm(initial=request.POST.dict(), annotation=own))
    form = EditForm(request.POST, annotation=own)
    edited = form.save(by=signed_in(request))
    if edited is None:
        return show_form(request, "edit", form.annotation, form, status=422)
    if edited.version == form.cleaned_data["version"]:
        return done(request, edited, f"You changed nothing, so nothing was {'sent' if edited.is_denied else 'saved'}.")
    return done(request, edited, holding.said(edited, otherwise="Saved."))


@require_http_methods(["GET", "HEAD", "POST"])
@cache_control(private=True, no_cache=True)
@vary_on_headers("HX-Request")
def withdraw(request: HtmxRequest, pk: int) -> HttpResponse:
    """Ask, and take back one's own annotation."""
    own = _own_or_403(request, pk)
    if request.method != "POST":
        return show_form(request, "withdraw", own, None)
    try:
        withdrawn = annotating.withdraw(annotation=own, by=signed_in(request))
    except accepting.NotAccepted as refusal:
        return show_form(request, "withdraw", own, None, status=422, error=refusal.message)
    return done(request, withdrawn, "Withdrawn.", further=passed_on(request, withdrawn))


@require_http_methods(["GET", "HEAD", "POST"])
@cache_control(private=True, no_cache=True)
@vary_on_headers("HX-Request")
def reinstate(request: HtmxRequest, pk: int) -> HttpResponse:
    """Undo that one withdrew one's own annotation. Who had to sign in first is asked again."""
    written = Annotation.objects.by(signed_in(request)).select_related("article")
    own = get_object_or_404(written, pk=pk)
    if request.method != "POST":
        return show_form(request, "reinstate", own, None)
    stood = list(settling.heirs(own)) if own.is_withdrawn else []
    try:
        reinstated = annotating.reinstate(annotation=own, by=signed_in(request))
    except accepting.NotAccepted as refusal:
        return show_form(request, "reinstate", own, None, status=422, error=refusal.message)
    standing = set(settling.heirs(reinstated))
    further = {"question": reinstated, "gone": [each.pk for each in stood if each not in standing]}
    return done(request, reinstated, "Undone. It stands again as it stood.", posted=reinstated, further=further)


@require_http_methods(["GET", "HEAD", "POST"])
@cache_control(private=True, no_cache=True)
@vary_on_headers("HX-Request")
def flags(request: HtmxRequest, pk: int) -> HttpResponse:
    """Report an annotation to the moderators."""
    found = get_object_or_404(Annotation.objects.visible_to(request.user).select_related("article"), pk=pk)
    form = FlagForm(request.POST if request.method == "POST" else None)
    further = {"stand": positions.of([found], request.user)[found.pk]}
    if request.method != "POST" or not form.is_valid():
        status = 422 if request.method == "POST" else 200
        return show_form(request, "report", found, form, status=status, further=further)
    try:
        flag = reporting.report(annotation=found, by=signed_in(request), **form.cleaned_data)
    except (Refused, accepting.NotAccepted) as refusal:
        return show_form(request, "report", found, form, status=422, error=refusal.message, further=further)
    is_answered = flag.settled_by_id is not None
    said = "A moderator has looked at this before, and it was kept." if is_answered else "A moderator will look at it."
    return done(request, found, f"Reported. {said}")


def passed_on(request: HtmxRequest, question: Annotation) -> dict[str, object]:
    """Give the threads in which others go on asking what its writer withdrew, for a page that is open."""
    heirs = settling.heirs(question) if question.is_withdrawn else ()
    found = (threads.around(heir, request.user) for heir in heirs)
    return {"question": question, "heirs": [thread for thread in found if thread]}


def _own_or_403(request: HtmxRequest, pk: int) -> Annotation:
    visible = Annotation.objects.visible_to(request.user).select_related("article")
    found = get_object_or_404(visible, pk=pk)
    if not found.is_by(request.user):
        raise PermissionDenied("Only its writer can change an annotation.")
    return found


def show_form(
    request: HtmxRequest,
    name: str,
    found: Annotation,
    form: BaseForm | None,
    *,
    status: int = 200,
    error: str = "",
    is_draft: bool = False,
    heading: str = "",
    further: Mapping[str, object] | None = None,
) -> HttpResponse:
    """Show the form annotations/_<name>.html: alone in its slot for htmx, else on a page with the annotation."""
    article = found.article
    context = {
        "annotation": found,
        "article": article,
        "revision": article.current_revision,
        "form": form,
        "error": error,
        "is_draft": is_draft,
        "preview": accepting.preview(**_written(request)) if "preview" in request.POST else None,
        "form_template": f"annotations/_{name}.html",
        "heading": heading or _HEADINGS[name],
        "back": way_back(request, ""),
        **(further or {}),
    }
    template = f"annotations/_{name}.html" if request.htmx else "annotations/form.html"
    response = render(request, template, context, status=status)
    if is_in_panel(request) and status == 422:
        # What is right replaces the thread; what is wrong stays in the slot below the annotation.
        return reswap(retarget(response, f"#slot-{found.pk}"), "innerHTML")
    return response


def _written(request: HtmxRequest) -> dict[str, str]:
    return {"body": request.POST.get("body", ""), "kind": request.POST.get("kind", "")}


_HEADINGS = {
    "reply": "Reply",
    "edit": "Edit your annotation",
    "withdraw": "Withdraw your annotation",
    "reinstate": "Undo a withdrawal",
    "report": "Report this annotation",
    "appeal": "Appeal",
}


def done(
    request: HtmxRequest,
    found: Annotation,
    message: str,
    *,
    status: int = 200,
    posted: Annotation | None = None,
    refused: Annotation | None = None,
    further: Mapping[str, object] | None = None,
) -> HttpResponse:
    """Show what came of it: the thread anew for htmx, else the page that the form came from, or the annotation's.

    What was `posted` is lit; below what was `refused` the message says why.
    """
    head = found.root or found
    thread = threads.around(found, request.user)
    if is_in_panel(request):
        context: dict[str, object] = {"thread": thread, "head": head, "viewer": request.user, "article": found.article}
        context |= {"message": message, "posted": posted, "refused": refused, **(further or {})}
        context |= ledger_shown(request, found.article) | refreshed(request, found.article, place_of(head))
        return render(request, "annotations/_thread_changed.html", context, status=status)
    messages.success(request, message)
    is_shown = thread and thread.find(found)
    return go_on(request, way_back(request, (found if is_shown else found.article).get_absolute_url()))
