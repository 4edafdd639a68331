"""Remember that a text was read to its end, so that what readers say is shown beside it from now on."""

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from reader import readings
from reader.models import Article

# Where a reader goes on who asked at the end of the text: below it. Who asked above begins at the top.
_BELOW = "#whole"


@csrf_exempt  # The form stands on pages that all readers share, and the worst a forger can do is show what is public.
@require_POST
@login_not_required
def remember(request: HttpRequest, slug: str) -> HttpResponse:
    """Keep in a cookie that the article was read, and go back to it; `at=end` tells where the reader was."""
    state = Article.objects.state_of(slug)
    if state is None:
        raise Http404
    below = _BELOW if request.POST.get("at") == "end" else ""
    response = HttpResponseRedirect(reverse("reading", args=[slug]) + below)
    readings.remember(request, response, article_id=state.id)
    return response
