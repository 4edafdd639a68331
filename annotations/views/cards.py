"""The picture of an article that shared links show."""

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotModified
from django.views.decorators.http import require_safe

from annotations import cards, margin
from annotations.views import shared
from reader.models import Article

# Seconds in which whoever has it need not ask again.
_FRESH = 600


@require_safe
@login_not_required
def card(request: HttpRequest, slug: str) -> HttpResponse:
    """Give the article's map under its title, drawn once for each state of the article."""
    state = Article.objects.state_of(slug)
    if state is None:
        raise Http404
    headers = {"ETag": shared.tag("card", state), "Cache-Control": f"public, max-age={_FRESH}"}
    if shared.has_it(request, headers["ETag"]):
        return HttpResponseNotModified(headers=headers)
    picture = shared.part(state, lambda: _draw(slug), name="card")
    return HttpResponse(picture, content_type="image/png", headers=headers)


def _draw(slug: str) -> bytes:
    article = Article.objects.published().with_revision().without_text().get(slug=slug)
    columns, counts = margin.read_maps([article])[article.pk]
    assert article.current_revision is not None  # noqa: S101  (published)
    return cards.draw(
        title=article.title,
        credit=" · ".join(filter(None, (article.current_revision.byline, article.publisher))),
        columns=columns,
        counts=counts,
    )
