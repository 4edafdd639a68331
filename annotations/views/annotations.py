"""One annotation: its page with its thread, and the forms to answer, edit, withdraw and report it."""

import uuid

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.forms import BaseForm
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_http_methods, require_safe
from django.views.decorators.vary import vary_on_headers

from annotations import annotating, drafts, moderating, placing, threads
from annotations.forms import EditForm, FlagForm, ReplyForm
from annotations.models import Annotation
from annotations.views.paragraphs import refreshed, sign_in_first
from reader.text.spans import Span
from reader.views.requests import HtmxRequest, signed_in


@require_safe
@login_not_required
@cache_control(private=True, no_cache=True)
def annotation(request: HtmxRequest, pk: int) -> HttpResponse:
    """Show one annotation with its thread."""
    found = get_object_or_404(Annotation, pk=pk)
    thread = threads.around(found, request.user)
    post = thread and thread.find(found)
    if thread is None or post is None:
        raise Http404
    article = thread.head.annotation.article
    context = {"thread": thread, "post": post, "article": article, "viewer": request.user}
    return render(request, "annotations/annotation.html", context | {"revision": article.current_revision})


@require_http_methods(["GET", "HEAD", "POST"])
@login_not_required
@cache_control(private=True, no_cache=True)
@vary_on_headers("HX-Request")
def replies(request: HtmxRequest, pk: int) -> HttpResponse:
    """Answer an annotation. Who is not signed in comes back to what they wrote."""
    parent = get_object_or_404(Annotation.objects.visible_to(request.user).select_related("article"), pk=pk)
    place = reverse("replies", args=[pk])
    if request.method != "POST":
        kept = drafts.kept(request, place=place)
        form = ReplyForm(kept) if kept else ReplyForm(initial={"token": uuid.uuid4()})
        return _form(request, "reply", parent, form)
    form = ReplyForm(request.POST)
    if not request.user.is_authenticated:
        if drafts.keep(request, place=place):
            return sign_in_first(request, back=place)
        form.refuse_draft()
        return _form(request, "reply", parent, form, status=422)
    answer = form.reply(parent=parent, creator=request.user)
    if answer is None:
        return _form(request, "reply", parent, form, status=422)
    drafts.drop(request, place=place)
    return done(request, answer, "Posted. Thank you.", status=201)


@require_http_methods(["GET", "HEAD", "POST"])
@cache_control(private=True, no_cache=True)
@vary_on_headers("HX-Request")
def edit(request: HtmxRequest, pk: int) -> HttpResponse:
    """Edit one's own annotation; of two edits at once the second is shown the first."""
    own = _own_or_403(request, pk)
    if request.method != "POST":
        return _form(request, "edit", own, EditForm.of(own))
    form = EditForm(request.POST, annotation=own)
    edited = form.save(by=signed_in(request))
    if edited is None:
        return _form(request, "edit", form.annotation, form, status=422)
    return done(request, edited, "Saved.")


@require_http_methods(["GET", "HEAD", "POST"])
@cache_control(private=True, no_cache=True)
@vary_on_headers("HX-Request")
def withdraw(request: HtmxRequest, pk: int) -> HttpResponse:
    """Ask, and take back one's own annotation."""
    own = _own_or_403(request, pk)
    if request.method != "POST":
        return _form(request, "withdraw", own, None)
    try:
        withdrawn = annotating.withdraw(annotation=own, by=signed_in(request))
    except annotating.NotAccepted as refusal:
        return _form(request, "withdraw", own, None, status=422, error=refusal.message)
    return done(request, withdrawn, "Withdrawn.")


@require_http_methods(["GET", "HEAD", "POST"])
@cache_control(private=True, no_cache=True)
@vary_on_headers("HX-Request")
def flags(request: HtmxRequest, pk: int) -> HttpResponse:
    """Report an annotation to the moderators."""
    found = get_object_or_404(Annotation.objects.visible_to(request.user).select_related("article"), pk=pk)
    form = FlagForm(request.POST if request.method == "POST" else None)
    if request.method != "POST" or not form.is_valid():
        return _form(request, "report", found, form, status=422 if request.method == "POST" else 200)
    try:
        moderating.flag(annotation=found, by=signed_in(request), **form.cleaned_data)
    except moderating.Refused as refusal:
        return _form(request, "report", found, form, status=422, error=str(refusal))
    return done(request, found, "Reported. A moderator will look at it.")


def _place(head: Annotation) -> Span | None:
    """Give where the words of a thread are now; None for the whole article and for words that are gone."""
    anchor = placing.anchor_in(head, head.article.current_revision_id)
    return anchor.span if anchor else None


def _own_or_403(request: HtmxRequest, pk: int) -> Annotation:
    visible = Annotation.objects.visible_to(request.user).select_related("article")
    found = get_object_or_404(visible, pk=pk)
    if not found.is_by(request.user):
        raise PermissionDenied("Only its writer can change an annotation.")
    return found


def _form(
    request: HtmxRequest, name: str, found: Annotation, form: BaseForm | None, *, status: int = 200, error: str = ""
) -> HttpResponse:
    """Show a form about an annotation: alone in its slot for htmx, else on a page with the annotation."""
    article = found.article
    context = {
        "annotation": found,
        "article": article,
        "revision": article.current_revision,
        "form": form,
        "error": error,
        "form_template": f"annotations/_{name}.html",
        "heading": _HEADINGS[name],
    }
    template = f"annotations/_{name}.html" if request.htmx else "annotations/form.html"
    return render(request, template, context, status=status)


_HEADINGS = {
    "reply": "Reply",
    "edit": "Edit your annotation",
    "withdraw": "Withdraw your annotation",
    "report": "Report this annotation",
}


def done(request: HtmxRequest, found: Annotation, message: str, *, status: int = 200) -> HttpResponse:
    """Show what came of it: the thread anew for htmx, else the annotation's page."""
    head = found.root or found
    thread = threads.around(found, request.user)
    if request.htmx:
        context = {"thread": thread, "head": head, "viewer": request.user, "message": message, "article": found.article}
        context |= refreshed(found.article, _place(head))
        return render(request, "annotations/_thread_changed.html", context, status=status)
    messages.success(request, message)
    if thread and thread.find(found):
        return redirect(found)
    return redirect(found.article)
