"""Following people and threads: the list of what one follows, and the buttons."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_POST, require_safe

from annotations import following
from annotations.models import Annotation
from reader.models import User
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
    is_followed = request.POST.get("act") != "unfollow"
    if not is_followed:
        following.unfollow_thread(follower=signed_in(request), head=head)
    elif not head.is_readable_by(request.user):
        raise Http404
    else:
        try:
            following.follow_thread(follower=signed_in(request), head=head)
        except following.Refused as refusal:
            messages.warning(request, refusal.message)
            return redirect(head)
    said = "You follow this thread." if is_followed else "You no longer follow this thread."
    return _done(request, {"thread": head, "is_followed": is_followed}, said, back=head.get_absolute_url())


@require_POST
@cache_control(private=True, no_cache=True)
def person(request: HtmxRequest, username: str) -> HttpResponse:
    """Follow somebody, or no longer."""
    found = get_object_or_404(User, username=User.normalize_username(username))
    is_followed = request.POST.get("act") != "unfollow"
    if not is_followed:
        following.unfollow_person(follower=signed_in(request), person=found)
    elif not found.is_active:
        raise Http404
    else:
        try:
            following.follow_person(follower=signed_in(request), person=found)
        except following.Refused as refusal:
            messages.warning(request, refusal.message)
            return redirect(found)
    said = f"You follow {found}." if is_followed else f"You no longer follow {found}."
    return _done(request, {"person": found, "is_followed": is_followed}, said, back=found.get_absolute_url())


def _done(request: HtmxRequest, context: dict[str, object], said: str, *, back: str) -> HttpResponse:
    """Give the button anew for htmx; else go back to the page that it was on."""
    if request.htmx:
        return render(request, "annotations/_follow.html", {**context, "said": said, "viewer": request.user})
    messages.success(request, said)
    wanted = request.POST.get("next", "")
    return redirect(wanted if url_has_allowed_host_and_scheme(wanted, allowed_hosts=None) else back)
