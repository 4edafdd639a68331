"""What a supervisor asks: does the process live, can it work?"""

from django.contrib.auth.decorators import login_not_required
from django.db import Error, connection
from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe


@require_safe
@login_not_required
@never_cache
def alive(request: HttpRequest) -> HttpResponse:
    """Answer that the process lives, asking nothing of anyone."""
    return HttpResponse("alive\n", content_type="text/plain")


@require_safe
@login_not_required
@never_cache
def ready(request: HttpRequest) -> HttpResponse:
    """Answer that the database answers, or 503."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except Error:
        return HttpResponse("the database does not answer\n", content_type="text/plain", status=503)
    return HttpResponse("ready\n", content_type="text/plain")
