"""Disagreeing well: another's point in one's own words, what editors did, and an article's disagreements together."""

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from django.views.decorators.vary import vary_on_headers

from annotations import disputing, holding, moderating, resolving, restating, vetting
from annotations.accepting import NotAccepted
from annotations.forms.disagreement import RemovalForm, ResolutionForm, RestatementForm
from annotations.models import Annotation, Resolution, Restatement
from annotations.views.annotations import done, show_form
from reader import editors
from reader.models import Article
from reader.text.direction import isolated
from reader.views.requests import HtmxRequest, signed_in


@require_http_methods(["GET", "HEAD", "POST"])
@cache_control(private=True, no_cache=True)
@vary_on_headers("HX-Request")
def restatement(request: HtmxRequest, pk: int) -> HttpResponse:
    """Say another's point in one's own words, change that, or take it back."""
    found = _readable(request, pk)
    reader = signed_in(request)
    if found.is_by(reader):
        raise PermissionDenied("It is for others to say it in their words.")
    if not restating.is_restatable(found):
        raise Http404
    standing = restating.by_reader(found, reader)
    heading, further = f"Say in your words what {found.creator} says", {"standing": standing}
    if request.method != "POST":
        form = RestatementForm(initial={"restatement": standing.body if standing else ""}, annotation=found)
        return show_form(request, "restate", found, form, heading=heading, further=further)
    if "take_back" in request.POST:
        restating.take_back(annotation=found, by=reader)
        return done(request, found, "Taken back.")
    form = RestatementForm(request.POST, annotation=found)
    restated = form.restate(by=reader)
    if restated is None:
        return show_form(request, "restate", found, form, status=422, heading=heading, further=further)
    asked = f"Kept. {isolated(found.creator)} is asked whether it is fair."
    return done(request, found, holding.WAITS if restated.is_held else asked)


@require_POST
@cache_control(private=True, no_cache=True)
@vary_on_headers("HX-Request")
def judgement(request: HtmxRequest, pk: int) -> HttpResponse:
    """Let who wrote an annotation say whether another's words for it are fair."""
    found = get_object_or_404(Restatement, pk=pk)
    annotation = _readable(request, found.annotation_id)
    if not annotation.is_by(request.user):
        raise PermissionDenied("Only who wrote it can say whether that is fair.")
    said = {"judgement": request.POST.get("judgement", ""), "seen": request.POST.get("seen", "")}
    try:
        judged = restating.judge(restatement=found, by=signed_in(request), **said)
    except NotAccepted as refusal:
        return _refused(request, annotation, refusal.message)
    return done(request, annotation, f"Noted: {judged.get_judgement_display().lower()}.")


@require_http_methods(["GET", "HEAD", "POST"])
@cache_control(private=True, no_cache=True)
@vary_on_headers("HX-Request")
def removal(request: HtmxRequest, pk: int, kind: str) -> HttpResponse:
    """Let a moderator remove a line: what a reader said for another, or their remark on a source."""
    if not request.user.has_perm(moderating.PERMISSION):
        raise PermissionDenied("Only moderators may do this.")
    found = get_object_or_404(vetting.KINDS[kind].objects.with_all(), pk=pk)
    if not found.line:
        raise Http404
    annotation = _readable(request, found.beside.pk)
    heading, further = f"Remove the words of {isolated(found.writer)}", {"line": found}
    if request.method != "POST":
        form = RemovalForm(initial={"seen": found.key}, line=found)
        return show_form(request, "remove", annotation, form, heading=heading, further=further)
    form = RemovalForm(request.POST, line=found)
    if form.remove(by=signed_in(request)) is None:
        return show_form(request, "remove", annotation, form, status=422, heading=heading, further=further)
    return done(request, annotation, "Removed. The log keeps why.")


@require_http_methods(["GET", "HEAD", "POST"])
@cache_control(private=True, no_cache=True)
@vary_on_headers("HX-Request")
def resolution(request: HtmxRequest, pk: int) -> HttpResponse:
    """Let an editor say what was done about a disagreement."""
    if not editors.is_editor(request.user):
        raise PermissionDenied("Only editors may do this.")
    found = _readable(request, pk)
    if not resolving.may_resolve(found):
        raise Http404
    heading, editor = "Resolve this disagreement", signed_in(request)
    if request.method != "POST":
        form = ResolutionForm(initial=disputing.suggestion(found), annotation=found)
        further = {"resolved": resolving.of([found]).get(found.pk)}
        return show_form(request, "resolve", found, form, heading=heading, further=further)
    form = ResolutionForm(request.POST, annotation=found)
    if form.resolve(by=editor) is None:
        # As it stands by now: somebody may have been faster.
        further = {"resolved": resolving.of([found]).get(found.pk)}
        return show_form(request, "resolve", found, form, status=422, heading=heading, further=further)
    asked = "" if found.is_by(editor) else f" {found.creator} is asked whether that settles it."
    return done(request, found, f"Kept.{asked}")


@require_POST
@cache_control(private=True, no_cache=True)
@vary_on_headers("HX-Request")
def settlement(request: HtmxRequest, pk: int) -> HttpResponse:
    """Let who disagreed say whether a resolution settles it."""
    found = get_object_or_404(Resolution, pk=pk)
    annotation = _readable(request, found.annotation_id)
    if not annotation.is_by(request.user):
        raise PermissionDenied("Only who disagreed can say whether that settles it.")
    said = request.POST.get("settles", "")
    if said not in {"yes", "no"}:
        return _refused(request, annotation, "Say whether that settles it or not.")
    try:
        resolving.settle(resolution=found, by=signed_in(request), is_settling=said == "yes")
    except NotAccepted as refusal:
        return _refused(request, annotation, refusal.message)
    return done(request, annotation, "Noted: settled." if said == "yes" else "Noted: it stays open.")


@require_safe
@login_not_required
@cache_control(private=True, no_cache=True)
def disputes(request: HttpRequest, slug: str) -> HttpResponse:
    """Show an article's disagreements, the open ones first; `?state=` shows only the open or only the settled ones."""
    article = get_object_or_404(Article.objects.published().with_revision(), slug=slug)
    state = request.GET.get("state", "")
    found = disputing.on(article, state=state, page=request.GET.get("page", "1"))
    context = {
        "article": article,
        "revision": article.current_revision,
        "disputes": found,
        "page": found.page,
        "is_misunderstood": state != found.state,
        "is_editor": editors.is_editor(request.user),
    }
    return render(request, "annotations/disputes.html", context)


def _readable(request: HttpRequest, pk: int) -> Annotation:
    visible = Annotation.objects.visible_to(request.user).with_creator()
    return get_object_or_404(visible.select_related("article__current_revision", "revision"), pk=pk)


def _refused(request: HtmxRequest, annotation: Annotation, message: str) -> HttpResponse:
    """Show the thread as it stands by now, with what stood in the way."""
    if request.htmx:
        return done(request, annotation, message, status=422, refused=annotation)
    messages.warning(request, message)
    return redirect(annotation)
