"""What happens to a request before Django asks who sent it."""

import re
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from annotations.views import news, reading, shared

# The addresses of the reading page and of what it asks for while it is open; a test holds them to the site map.
ADDRESS = re.compile(r"/articles/(?P<slug>[-a-zA-Z0-9_]+)/(?P<part>activity/|news/)?")


class SharedPageMiddleware:
    """Give strangers the reading page and its news at once, and everybody the state of an article.

    Everything after this looks for a session, an account and messages, which takes longer than the page itself. Nobody
    has been looked for when a stranger's page is drawn, so nothing personal can get into it.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        address = ADDRESS.fullmatch(request.path_info)
        if address and address["part"] == "activity/":
            return news.activity(request, slug=address["slug"])
        if address and shared.is_for_everyone(request):
            view = news.news if address["part"] else reading.reading
            return view(request, slug=address["slug"])
        return self.get_response(request)
