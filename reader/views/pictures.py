"""Pictures of articles, under addresses that never mean anything else."""

from django.contrib.auth.decorators import login_not_required
from django.http import FileResponse, Http404, HttpRequest
from django.shortcuts import get_object_or_404
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from reader.models import Picture

_YEAR = 365 * 24 * 60 * 60


@require_safe
@login_not_required
@cache_control(public=True, max_age=_YEAR, immutable=True)
def picture(request: HttpRequest, hash: str) -> FileResponse:  # noqa: A002
    """Give a picture, to be kept for ever by whoever asks."""
    found = get_object_or_404(Picture, pk=hash)
    try:
        file = found.file.open("rb")
    except FileNotFoundError as error:
        raise Http404 from error
    return FileResponse(file, content_type="image/webp")
