"""The buttons that set something between a reader and a person or a thread, and take it back."""

from collections.abc import Callable, Mapping

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render

from annotations import following, muting
from annotations.models import Annotation
from reader.models import User
from reader.views.requests import HtmxRequest, way_back


def pressed(
    request: HtmxRequest,
    subject: Annotation | User,
    act: Callable[[], None],
    *,
    said: str,
    template: str,
    context: Mapping[str, object],
) -> HttpResponse:
    """Do it and say so: with the button as it now stands for htmx, else where the reader was."""
    try:
        act()
    except (following.Refused, muting.Refused) as refusal:
        messages.warning(request, refusal.message)
        return redirect(subject)
    if request.htmx:
        return render(request, template, {**context, "said": said, "viewer": request.user})
    messages.success(request, said)
    return redirect(way_back(request, subject.get_absolute_url()))
