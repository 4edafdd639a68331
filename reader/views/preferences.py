"""Remember how a reader wants pages to look."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from reader import preferences
from reader.views.requests import way_back


@csrf_exempt  # The form stands on pages that all readers share, and the worst a forger can do is dim the light.
@require_POST
@login_not_required
def remember(request: HttpRequest) -> HttpResponse:
    """Keep what was chosen in cookies and go back to where it was chosen."""
    response = HttpResponseRedirect(_back(request))
    for name in preferences.CHOICES:
        preferences.remember(response, name=name, value=request.POST.get(name, ""))
    return response


def _back(request: HttpRequest) -> str:
    """Give the page that the form stood on: as the browser tells it, else as the form does, without its query."""
    told = request.headers.get("Referer", "")
    if url_has_allowed_host_and_scheme(told, allowed_hosts={request.get_host()}):
        return told
    return way_back(request, "/")
