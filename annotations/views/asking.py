"""Requests for sources: to ask by one click, to ask too, to say what answers, and the lists of what is asked."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required, permission_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBadRequest
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.cache import cache_control, never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from django.views.decorators.vary import vary_on_headers

from annotations import asking, requesting, threads
from annotations.accepting import NotAccepted
from annotations.forms.asking import AnswerForm, AskForm
from annotations.models import Annotation, Answer
from annotations.views.annotations import done, passed_on, show_form
from annotations.views.paragraphs import find, is_in_panel, ledger_shown, place_of, refreshed
from reader.editors import PERMISSION
from reader.history import Fate
from reader.models import Article, Paragraph
from reader.views.requests import HtmxRequest, signed_in, way_back


@require_http_methods(["GET", "HEAD", "POST"])
@cache_control(private=True, no_cache=True)
@vary_on_headers("HX-Request")
def ask(request: HtmxRequest, slug: str, name: str) -> HttpResponse:
    """Ask for the source of the words from `?start=` to `&end=` of `&revision=`, by one click.

    Who had to sign in first comes back to a page with that click on it.
    """
    article, block = find(slug, name)
    if isinstance(block, Fate):
        return redirect("paragraph", slug, name)
    form = AskForm(request.GET)
    if request.method != "POST":
        target = form.target(article, block)
        return _show_ask(request, article, block, form, words=target.exact if target else "")
    asked = form.ask(article=article, block=block, by=signed_in(request))
    if asked is None:
        if request.htmx:
            return _changed(request, article, None, said=_problem(form), status=422)
        return _show_ask(request, article, block, form, status=422)
    if request.htmx:
        return _changed(request, article, asked.question, said=asked.sentence, is_new=asked.is_new)
    messages.success(request, asked.sentence)
    return redirect(f"{reverse('paragraph', args=[slug, name])}?at={asked.question.pk}#annotation-{asked.question.pk}")


@require_POST
@cache_control(private=True, no_cache=True)
@vary_on_headers("HX-Request")
def asks(request: HtmxRequest, pk: int) -> HttpResponse:
    """Ask too what another asks, or ask it no longer, as the button says."""
    question, reader = _question(request, pk), signed_in(request)
    act = request.POST.get("act", "")
    if act not in {"join", "leave"}:
        return HttpResponseBadRequest("Choose to ask or to ask no longer.", content_type="text/plain")
    try:
        if act == "leave":
            asking.take_back(question=question, by=reader)
            question.refresh_from_db(fields=["state"])
            said = "You ask this no longer."
        else:
            said = "You ask this too now." if asking.join(question=question, by=reader) else "You ask this already."
    except NotAccepted as refusal:
        return _answered(request, question, refusal.message, is_refused=True)
    return _answered(request, question, said)


@require_http_methods(["GET", "HEAD", "POST"])
@cache_control(private=True, no_cache=True)
@vary_on_headers("HX-Request")
def answers(request: HtmxRequest, pk: int) -> HttpResponse:
    """Say which of the annotations that are there answers a question."""
    question, reader = _question(request, pk), signed_in(request)
    heading = "What answers this?"
    if request.method != "POST":
        return show_form(request, "answers", question, AnswerForm(question=question), heading=heading)
    form = AnswerForm(request.POST, question=question)
    if form.answer(by=reader) is None:
        return show_form(request, "answers", question, form, status=422, heading=heading)
    return done(request, question, "Noted. Who asked is told.")


@require_POST
@cache_control(private=True, no_cache=True)
@vary_on_headers("HX-Request")
def answer(request: HtmxRequest, pk: int) -> HttpResponse:
    """Let who asks say that something does not answer, or that it does after all."""
    given = get_object_or_404(Answer.objects.shown().select_related("question"), pk=pk)
    question, reader = _question(request, given.question_id), signed_in(request)
    act = request.POST.get("act", "")
    if act not in {"decline", "accept"}:
        return HttpResponseBadRequest("Say whether it answers.", content_type="text/plain")
    try:
        (asking.decline if act == "decline" else asking.accept)(given=given, by=reader)
    except NotAccepted as refusal:
        return _answered(request, question, refusal.message, is_refused=True)
    return _answered(request, question, "Noted: it does not answer." if act == "decline" else "Noted: it answers.")


@require_safe
@login_not_required
@cache_control(private=True, no_cache=True)
def requests(request: HttpRequest, slug: str) -> HttpResponse:
    """Show the requests for sources in an article; `?state=answered` shows those that have an answer."""
    article = get_object_or_404(Article.objects.published().with_revision(), slug=slug)
    found = requesting.on(article, request.user, **_wanted(request))
    context = _listed(request, found) | {"article": article, "revision": article.current_revision}
    return render(request, "annotations/requests.html", context)


@require_safe
@login_not_required
@cache_control(private=True, no_cache=True)
def all_requests(request: HttpRequest) -> HttpResponse:
    """Show the requests for sources on all articles that can still be answered."""
    found = requesting.everywhere(request.user, **_wanted(request))
    return render(request, "annotations/all_requests.html", _listed(request, found))


@require_safe
@permission_required(PERMISSION, raise_exception=True)
@never_cache
def desk_requests(request: HttpRequest) -> HttpResponse:
    """Show an editor what readers ask for; `?drafts=own` on the articles alone that they are revising."""
    is_own = request.GET.get("drafts") == "own"
    found = requesting.for_editor(signed_in(request), is_own=is_own, page=request.GET.get("page", "1"))
    return render(request, "annotations/desk_requests.html", _listed(request, found) | {"is_own": is_own})


def _wanted(request: HttpRequest) -> dict[str, Any]:
    return {"is_answered": request.GET.get("state") == "answered", "page": request.GET.get("page", "1")}


def _listed(request: HttpRequest, found: requesting.Requests) -> dict[str, object]:
    return {"requests": found, "page": found.page, "viewer": request.user}


def _question(request: HttpRequest, pk: int) -> Annotation:
    visible = Annotation.objects.visible_to(request.user).with_creator().select_related("article__current_revision")
    return get_object_or_404(visible, pk=pk, kind=Annotation.Kind.QUESTION)


def _show_ask(
    request: HtmxRequest,
    article: Article,
    block: Paragraph | None,
    form: AskForm,
    *,
    words: str = "",
    status: int = 200,
) -> HttpResponse:
    """Show the one click on a page of its own. Where the words are not there any more, it says so instead."""
    is_wrong = form.is_bound and not form.is_valid() and not form.non_field_errors()
    if is_wrong:
        raise Http404
    context = {
        "article": article,
        "revision": article.current_revision,
        "paragraph": block,
        "name": block.name if block else "whole",
        "form": form,
        "words": words,
        "address": request.get_full_path(),
        "query": request.GET,
    }
    return render(request, "annotations/ask.html", context, status=status)


def _problem(form: AskForm) -> str:
    return " ".join(map(str, form.non_field_errors())) or "Please choose the words again."


def _answered(request: HtmxRequest, question: Annotation, said: str, *, is_refused: bool = False) -> HttpResponse:
    """Say what came of it, and show how it stands by now: in place, or on the page the reader came from."""
    if request.htmx:
        return _changed(request, question.article, question, said=said, status=422 if is_refused else 200)
    (messages.warning if is_refused else messages.success)(request, said)
    return _back(request, question)


def _back(request: HtmxRequest, question: Annotation) -> HttpResponse:
    thread = threads.around(question, request.user)
    shown = question if thread and thread.find(question) else question.article
    return redirect(way_back(request, shown.get_absolute_url()))


def _changed(
    request: HtmxRequest,
    article: Article,
    question: Annotation | None,
    *,
    said: str,
    status: int = 200,
    is_new: bool = False,
) -> HttpResponse:
    """Swap what changes, wherever it stands: the state of the evidence, the thread, and beside the text its margin.

    A refusal is said once, where the button stands: beside the sentences, or below the post.
    """
    place = threads.around(question, request.user) if question else None
    context = {"article": article, "said": said, "is_refused": status != 200, "is_new": is_new, "question": question}
    if status != 200 and (question is None or request.POST.get("at") == "sentence"):
        context |= {"error": said}
    elif status != 200:
        context |= {"refused": question, "message": said}
    context |= {"is_declined_open": request.POST.get("act") == "decline"}
    context |= {"thread": place, "viewer": request.user}
    context |= passed_on(request, question) if question else {}
    context |= ledger_shown(request, article)
    if question and status == 200 and is_in_panel(request):
        context |= refreshed(request, article, place_of(question))
    return render(request, "annotations/_asked.html", context, status=status)
