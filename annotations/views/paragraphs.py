"""One paragraph, or the article as a whole: what readers say there, and the form to say something.

The same view is the page without JavaScript and, for htmx, the panel beside the text.
"""

import re
import uuid
from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from urllib.parse import urlsplit

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_POST, require_safe
from django.views.decorators.vary import vary_on_headers
from django_htmx.http import HttpResponseClientRedirect

from annotations import accepting, asking, drafts, ledger, margin, pacing, placing, threads, walking
from annotations.filtering import Filter
from annotations.forms.annotations import KINDS, AnnotationForm
from annotations.models import Annotation
from reader import history, limiting
from reader.history import Fate
from reader.models import Article, Paragraph
from reader.text.marking import Mark, mark
from reader.text.spans import Span
from reader.views.requests import HtmxRequest, reader_of

WHOLE = "whole"
_OFFSET = re.compile(r"[0-9]{1,9}")
_NAME = re.compile(r"[a-z][0-9]{1,10}")


@require_safe
@login_not_required
@cache_control(private=True, no_cache=True)
@vary_on_headers("HX-Request")
def paragraph(request: HtmxRequest, slug: str, name: str) -> HttpResponse:
    """Show what stands on one paragraph, with the form; `?start=&end=` chooses words, `?kind=` a kind.

    `?place=s1` shows what stands on its second sentence, and chooses that.
    """
    article, block = find(slug, name)
    if isinstance(block, Fate):
        return _show_gone(request, article, block)
    kept = drafts.kept(request, place=_address(article, name))
    form = AnnotationForm(kept) if kept else AnnotationForm(initial=_initial(request.GET, article, block))
    return _show(request, article, block, form, is_draft=kept is not None)


@require_POST
@login_not_required
@cache_control(private=True, no_cache=True)
@vary_on_headers("HX-Request")
def attach(request: HtmxRequest, slug: str, name: str) -> HttpResponse:
    """Attach an annotation, or do what another button of the form asks for."""
    article, block = find(slug, name)
    if isinstance(block, Fate):
        return _show_gone(request, article, block, AnnotationForm(request.POST))
    if "discard" in request.POST:
        drafts.drop(request, place=_address(article, name))
        return go_on(request, f"{_address(article, name)}#respond")
    if answered := _answered(request):
        return _answer_instead(request, answered, place=_address(article, name))
    if "preview" in request.POST:
        limiting.count("previews", by=reader_of(request))
        # Not bound: what is missing is no mistake yet.
        form = AnnotationForm(initial=dict(_renewed(request.POST.dict(), article, block)))
        preview = accepting.preview(request.POST.get("body", ""), kind=request.POST.get("kind", ""))
        return _show(request, article, block, form, preview=preview)
    return _attach(request, article, block)


def _attach(request: HtmxRequest, article: Article, block: Paragraph | None) -> HttpResponse:
    """Attach an annotation. Who is not signed in comes back to the same form afterwards."""
    place = _address(article, block.name if block else WHOLE)
    form = AnnotationForm(request.POST)
    if not request.user.is_authenticated:
        if drafts.keep(request, place=place, form=request.POST):
            return sign_in_first(request, back=f"{place}#respond")
        form.refuse_draft()
        return _show(request, article, block, form, status=422)
    annotation = form.attach(article=article, paragraph=block, creator=request.user)
    if annotation is None:
        form.data = _renewed(form.data, article, block)
        return _show(request, article, block, form, status=422)
    drafts.drop(request, place=place)
    if is_in_panel(request):
        return _posted(request, article, block, annotation, said=form.said)
    messages.success(request, form.said)
    return go_on(request, f"{place}?at={annotation.pk}#annotation-{annotation.pk}")


def is_in_panel(request: HtmxRequest) -> bool:
    """Say whether the answer is shown beside the text: it is a part of a page then, and the page stays."""
    return bool(request.htmx) and "alone" not in request.POST


def go_on(request: HtmxRequest, address: str) -> HttpResponse:
    """Send the reader to another page, whole, after what was sent."""
    return HttpResponseClientRedirect(address) if request.htmx else redirect(address)


def _answer_instead(request: HtmxRequest, answered: Annotation, *, place: str) -> HttpResponse:
    """Go to the form for an answer, and take along what was written."""
    address, body = reverse("replies", args=[answered.pk]), request.POST.get("body", "")
    drafts.drop(request, place=place)
    if body.strip():
        form = QueryDict(mutable=True)
        form.update({"body": body, "token": str(uuid.uuid4())})
        drafts.keep(request, place=address, form=form)
    return go_on(request, address)


def _answered(request: HtmxRequest) -> Annotation | None:
    """Give the annotation that the reader wants to answer instead of saying the same again."""
    wanted = request.POST.get("answer", "")
    if not _OFFSET.fullmatch(wanted):
        return None
    return Annotation.objects.visible_to(request.user).filter(pk=wanted).first()


def sign_in_first(request: HtmxRequest, *, back: str) -> HttpResponse:
    """Send a reader to sign in and then back; htmx is told to load the page whole."""
    response = redirect_to_login(back)
    return HttpResponseClientRedirect(response.url) if request.htmx else response


def asked(request: HtmxRequest) -> Filter:
    """Give the filter in the address; of what a script sent, in the address of the page that it was sent from."""
    query = request.GET
    if request.method not in {"GET", "HEAD"}:
        query = QueryDict(urlsplit(request.htmx.current_url or "").query if request.htmx else "")
    return Filter.parse(query).for_viewer(request.user)


def refreshed(request: HtmxRequest, article: Article, span: Span | None) -> dict[str, Any]:
    """Give what the reading page must swap in after a change: the rows a passage touches, the map and the counts.

    Nothing where a script says that another page is open, such as an annotation's own: that has none of them.
    """
    open_page = urlsplit(request.htmx.current_url or "").path if request.htmx else ""
    if open_page and not open_page.startswith(article.get_absolute_url()):
        return {}
    reading = margin.read(article, margin.View(asked(request), request.user))
    return {"reading": reading, "rows": reading.rows_within(span) if span else []}


def place_of(head: Annotation) -> Span | None:
    """Give where the words of a thread are now; None for the whole article and for words that are gone."""
    anchor = placing.anchor_in(head, head.article.current_revision_id)
    return anchor.span if anchor else None


def find(slug: str, name: str) -> tuple[Article, Paragraph | Fate | None]:
    """Find the article and its block; None is the article as a whole, and a Fate a block that it once had."""
    article = get_object_or_404(Article.objects.published().with_revision().select_related("slow_mode"), slug=slug)
    if name == WHOLE:
        return article, None
    found = _block(article, name) or history.fate(article, name)
    if found is None:
        raise Http404
    return article, found


def _block(article: Article, name: str) -> Paragraph | None:
    assert article.current_revision is not None  # noqa: S101  (published)
    try:
        block = article.current_revision.paragraphs.select_related("picture").get(name=name)
    except Paragraph.DoesNotExist:
        return None
    block.revision = article.current_revision
    return block


def _address(article: Article, name: str) -> str:
    return reverse("paragraph", args=[article.slug, name])


def _initial(query: QueryDict, article: Article, block: Paragraph | None) -> dict[str, object]:
    revision = article.current_revision
    assert revision is not None  # noqa: S101  (published)
    kind = query.get("kind", "")
    initial: dict[str, object] = {
        "kind": kind if kind in dict(KINDS) else Annotation.Kind.NOTE,
        "revision": revision.number,
        "token": uuid.uuid4(),
        "place": _place(query, block) if block else "article",
    }
    span = _chosen(query, len(revision.text))
    if block and span:
        initial |= {"place": "words", "start": span.start, "end": span.end, "exact": revision.quote(span)}
    return initial


def _place(query: QueryDict, block: Paragraph) -> str:
    """Give what of a block is asked for: one of its sentences, or all of it."""
    place = query.get("place", "")
    return place if place in dict(block.sentence_choices) else "paragraph"


def _chosen(query: QueryDict, length: int) -> Span | None:
    start, end = query.get("start", ""), query.get("end", "")
    if not (_OFFSET.fullmatch(start) and _OFFSET.fullmatch(end)):
        return None
    span = Span(int(start), int(end))
    return span if span.start < span.end <= length else None


def _renewed(sent: Mapping[str, Any], article: Article, block: Paragraph | None) -> Mapping[str, Any]:
    """Give what was sent as it applies to the text as it is now, if that was revised since.

    The words are chosen where they stand in the block, once; else all of the block is.
    """
    revision = article.current_revision
    assert revision is not None  # noqa: S101  (published)
    number = str(revision.number)
    if sent.get("revision") == number:
        return sent
    exact = str(sent.get("exact", "")).replace("\r\n", "\n")
    renewed = {**dict(sent.items()), "revision": number, "place": "paragraph" if block else "article"}
    if block and exact and block.text.count(exact) == 1:
        start = block.start + block.text.index(exact)
        return renewed | {"place": "words", "start": start, "end": start + len(exact), "exact": exact}
    return renewed | {"start": "", "end": "", "exact": ""}


def _show(
    request: HtmxRequest,
    article: Article,
    block: Paragraph | None,
    form: AnnotationForm,
    *,
    status: int = 200,
    is_draft: bool = False,
    preview: accepting.Preview | None = None,
) -> HttpResponse:
    context = _context(request, article, block) | {"form": form, "is_draft": is_draft, "preview": preview}
    context["offers"] = form.offers(context["open"], chosen=_chosen_requests(request, context["open"], form, block))
    template = "annotations/_paragraph.html" if request.htmx else "annotations/paragraph.html"
    return render(request, template, context, status=status)


def _context(
    request: HtmxRequest, article: Article, block: Paragraph | None, *, posted: Annotation | None = None
) -> dict[str, Any]:
    page, at = request.GET.get("page", "1"), str(posted.pk) if posted else request.GET.get("at", "")
    narrowing = asked(request)
    evidence = ledger_of(request, article, block, place="" if at else request.GET.get("place", ""))
    within = evidence["sentence"].span if evidence["sentence"] else None
    found = (
        threads.on_paragraph(block, request.user, within=within, page=page, at=at, narrowing=narrowing)
        if block
        else threads.about_article(article, request.user, page=page, at=at, narrowing=narrowing)
    )
    return {
        **evidence,
        "filter": narrowing,
        "walk": walking.walk(article, request.user, narrowing=narrowing, at=at, block=block),
        "article": article,
        "revision": article.current_revision,
        "paragraph": block,
        "name": block.name if block else WHOLE,
        "marked": _marked(block, found.object_list) if block else "",
        "threads": found,
        "viewer": request.user,
        "slow": pacing.notice(article, request.user),
    }


def ledger_of(request: HtmxRequest, article: Article, block: Paragraph | None, *, place: str) -> dict[str, Any]:
    """Give the state of the evidence of a block, with the open requests about it; `place` is the sentence chosen."""
    lines = ledger.of_paragraph(block) if block else []
    sentence = next((line for line in lines if line.key == place), None)
    found = asking.on(article, block, request.user)
    text = article.current_revision.text if found and article.current_revision else ""
    return {
        "told": [line for line in lines if line.tallies or line == sentence],
        "bare": [line for line in lines if not line.tallies and line != sentence],
        "sentence": sentence,
        "open": found,
        "requests": asking.on_sentences({line.key: line.span for line in lines if found}, found, text),
    }


def ledger_shown(request: HtmxRequest, article: Article) -> dict[str, Any]:
    """Give the same of the block whose page the reader looks at, where a script asks; nothing on any other page."""
    address = urlsplit(request.htmx.current_url or "")
    name = address.path.removeprefix(article.get_absolute_url()).strip("/")
    block = _block(article, name) if _NAME.fullmatch(name) else None
    if block is None:
        return {}
    place = QueryDict(address.query).get("place", "")
    context = {"paragraph": block, "name": name, "article": article, "filter": asked(request), "viewer": request.user}
    return context | ledger_of(request, article, block, place=place)


def _chosen_requests(
    request: HtmxRequest, found: Sequence[asking.Open], form: AnnotationForm, block: Paragraph | None
) -> list[int]:
    """Give the requests that are to be answered: the one in the address, and those about just the words chosen."""
    wanted, revision = request.GET.get("answers", ""), block.revision if block else None
    chosen = _chosen(request.GET, len(revision.text)) if revision else None
    if block and chosen is None:
        chosen = dict(zip((key for key, _ in block.sentence_choices), block.sentence_spans, strict=True)).get(
            str(form.initial.get("place", ""))
        )
    core = asking.core_of(revision.text, chosen) if revision and chosen else None
    return [each.id for each in found if str(each.id) == wanted or (core and each.core == core)]


def _marked(block: Paragraph, shown: Iterable[threads.Thread]) -> str:
    """Give the paragraph with the words of the shown threads marked."""
    marks = [
        Mark(place.shifted(-block.start), str(thread.head.annotation.pk), thread.head.annotation.sign)
        for thread in shown
        if (place := thread.head.place) and thread.head.annotation.is_published
    ]
    return mark(block.html, marks)


def _show_gone(request: HtmxRequest, article: Article, fate: Fate, form: AnnotationForm | None = None) -> HttpResponse:
    """Show a block that the text no longer has; `form` was written about it and may be posted about what is left."""
    reading = margin.read_revision(fate.block.revision_id)
    context = _context(request, article, fate.block) | {"fate": fate, "row": reading.row(fate.block.name)}
    if form is not None:
        heir = _heir(article, fate)
        form.is_valid()
        form.add_error(
            None,
            f"{fate.sentence} while you were writing, so this was not posted. What you wrote is here: "
            f"post it about {heir.label.lower() if heir else 'the whole article'}, or copy it.",
        )
        form.data = _renewed(form.data, article, heir)
        context |= {"form": form, "heir": heir, "heir_name": heir.name if heir else WHOLE}
        context["offers"] = form.offers(asking.on(article, heir, request.user))
    template = "annotations/_gone.html" if request.htmx else "annotations/gone.html"
    return render(request, template, context, status=200 if form is None else 422)


def _heir(article: Article, fate: Fate) -> Paragraph | None:
    """Give the block that has its words now, through as many revisions as there were."""
    following: Fate | None = fate
    while following and following.into:
        if block := _block(article, following.into):
            return block
        following = history.fate(article, following.into)
    return None


def _posted(
    request: HtmxRequest, article: Article, block: Paragraph | None, annotation: Annotation, *, said: str
) -> HttpResponse:
    fresh_form = AnnotationForm(initial=_initial(QueryDict(), article, block))
    context = _context(request, article, block, posted=annotation)
    context |= {"form": fresh_form, "posted": annotation, "said": said, "offers": fresh_form.offers(context["open"])}
    context |= refreshed(request, article, place_of(annotation.root or annotation))
    return render(request, "annotations/_paragraph.html", context, status=201)
