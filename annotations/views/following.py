"""Following people and threads: the list of what one follows, and the buttons."""

from collections.abc import Callable
from functools import partial

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_POST, require_safe

from annotations import following
from annotations.models import Annotation
from annotations.views.switching import pressed
from reader.models import User
from reader.text.direction import isolated
from reader.views.requests import HtmxRequest, signed_in

FOLLOWED_ON_A_PAGE = 50


@require_safe
@cache_control(private=True, no_cache=True)
def followed(request: HttpRequest) -> HttpResponse:
    """Show whom and what the reader follows."""
    found = following.followed_by(signed_in(request))
    page = Paginator(found, FOLLOWED_ON_A_PAGE).get_page(request.GET.get("page"))
    return render(request, "annotations/following.html", {"page": page, "viewer": request.user})


@require_POST
@cache_control(private=True, no_cache=True)
def thread(request: HtmxRequest, pk: int) -> HttpResponse:
    """Follow a thread by its head, or no longer."""
    head = get_object_or_404(Annotation.objects.with_creator(), pk=pk)
    ways = partial(following.follow_thread, head=head), partial(following.unfollow_thread, head=head)
    is_open = head.is_readable_by(request.user)
    return _set(request, head, *ways, kind="thread", name="this thread", is_open=is_open)


@require_POST
@cache_control(private=True, no_cache=True)
def person(request: HtmxRequest, username: str) -> HttpResponse:
    """Follow somebody, or no longer."""
    found = User.objects.bearing(username)
    if found is None:
        raise Http404
    ways = partial(following.follow_person, person=found), partial(following.unfollow_person, person=found)
    return _set(request, found, *ways, kind="person", name=isolated(found), is_open=found.is_active)


def _set(
    request: HtmxRequest,
    subject: Annotation | User,
    follow: Callable[..., None],
    unfollow: Callable[..., None],
    *,
    kind: str,
    name: str,
    is_open: bool,
) -> HttpResponse:
    """Follow it or no longer, as the form asks. What is not open to the reader can only be left."""
    is_followed = request.POST.get("act") != "unfollow"
    if is_followed and not is_open:
        raise Http404
    act = partial(follow if is_followed else unfollow, follower=signed_in(request))
    said = f"You follow {name}." if is_followed else f"You no longer follow {name}."
    context = {kind: subject, "is_followed": is_followed}
    return pressed(request, subject, act, said=said, template="annotations/_follow.html", context=context)
