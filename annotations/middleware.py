"""What happens to a request before Django asks who sent it."""

import re
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from annotations.views import reading, shared

# The reading page's address; a test holds it to the site map.
ADDRESS = re.compile(r"/articles/(?P<slug>[-a-zA-Z0-9_]+)/")


class SharedPageMiddleware:
    """Give strangers the reading page at once.

    Everything after this looks for a session, an account and messages, which takes longer than the page itself. Nobody
    has been looked for when a stranger's page is drawn, so nothing personal can get into it.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        address = ADDRESS.fullmatch(request.path_info)
        if address and shared.is_for_everyone(request):
            return reading.reading(request, slug=address["slug"])
        return self.get_response(request)
