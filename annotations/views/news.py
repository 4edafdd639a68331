"""What an open page asks from time to time: has anything changed, and what is new?"""

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotFound, HttpResponseNotModified
from django.template.loader import render_to_string
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe
from django.views.decorators.vary import vary_on_cookie

from annotations import filtering
from annotations import news as posts
from annotations.views import shared
from reader.models import Article


@require_safe
@login_not_required
def activity(request: HttpRequest, slug: str) -> HttpResponse:
    """Say in which state an article is: the id of its revision, and its activity, which rises with every change.

    The middleware gives this at once to everybody: it is the same for all.
    """
    state = Article.objects.state_of(slug)
    if state is None:
        return HttpResponseNotFound()
    etag = f'"{state.revision_id}.{state.activity}"'
    headers = {"ETag": etag, "Cache-Control": "public, no-cache"}
    if shared.has_it(request, etag):
        return HttpResponseNotModified(headers=headers)
    said = f'{{"revision": {state.revision_id}, "activity": {state.activity}}}'
    return HttpResponse(said, content_type="application/json", headers=headers)


@require_safe
@login_not_required
@cache_control(private=True, no_cache=True)
@vary_on_cookie
def news(request: HttpRequest, slug: str) -> HttpResponse:
    """Tell what others have posted: `?after=` is the newest that the page shows, `?revision=` the id of its revision.

    204 when it is nothing. The list is kept with the state it belongs to, so that a thousand pages that ask at once
    cost one query each, besides those for who is signed in.
    """
    state = Article.objects.state_of(slug)
    if state is None:
        raise Http404
    after = filtering.annotation_id(request.GET.get("after", ""))
    if after is None:
        return HttpResponse("Say after which annotation: ?after=0.\n", status=400, content_type="text/plain")
    viewer = None if shared.is_for_everyone(request) else request.user.pk
    found = posts.since(shared.part(state, lambda: posts.latest(state), name="news"), after, viewer=viewer)
    is_revised = request.GET.get("revision", str(state.revision_id)) != str(state.revision_id)
    if not found.number and not is_revised:
        return HttpResponse(status=204)
    # Without the request: nothing in it is about who asks.
    return HttpResponse(
        render_to_string("annotations/_news.html", {"news": found, "is_revised": is_revised, "slug": slug})
    )
