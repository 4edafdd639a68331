"""A copy of all that is kept about a reader: the page where they ask for it, and the file."""

from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_http_methods, require_safe

from annotations import copying
from annotations.models.exports import KEPT_FOR
from reader.views.requests import password_again, signed_in


@require_http_methods(["GET", "HEAD", "POST"])
@cache_control(private=True, no_store=True)
@password_again
def exports(request: HttpRequest) -> HttpResponseBase:
    """Show the reader's copies, or have one made."""
    reader = signed_in(request)
    if request.method == "POST":
        copying.ask(reader=reader)
        messages.success(request, "Your copy is being made. It is listed here when it is done.")
        return redirect("exports")
    return render(request, "annotations/exports.html", {"exports": copying.of(reader), "kept_for": KEPT_FOR})


@require_safe
@cache_control(private=True, no_store=True)
@password_again
def export(request: HttpRequest, token: str) -> HttpResponseBase:
    """Give a copy to its reader, and to nobody else."""
    found = get_object_or_404(copying.of(signed_in(request)), token=token, made_at__isnull=False)
    try:
        file = found.path.open("rb")
    except FileNotFoundError:
        raise Http404 from None
    return FileResponse(file, as_attachment=True, filename=f"gloss-{found.asked_at:%Y-%m-%d}.zip")
