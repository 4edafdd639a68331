"""The shared page: one reading page for every reader who is not signed in, kept as bytes.

A page is named by everything it shows: article, revision, activity, the reader's preferences and the code that drew
it. A visible change raises the activity, so a kept page is never stale and never has to be thrown away.
"""

import gzip
import hashlib
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import NamedTuple

from django.conf import settings
from django.core.cache import caches
from django.http import HttpRequest, HttpResponse, HttpResponseNotModified
from django.utils.cache import patch_vary_headers
from django.utils.http import parse_etags
from django.utils.safestring import SafeString

from reader.models.articles import ArticleState


class Page(NamedTuple):
    """A page in the two forms browsers ask for."""

    plain: bytes
    gzipped: bytes


def is_for_everyone(request: HttpRequest) -> bool:
    """Say whether the request comes without anything personal: no session, so no account and no messages."""
    return settings.SESSION_COOKIE_NAME not in request.COOKIES


def answer(request: HttpRequest, state: ArticleState, variant: str, draw: Callable[[], str]) -> HttpResponse:
    """Answer with the kept page, drawn now if it is not kept yet; with 304 when the browser has it already."""
    is_gzipped = "gzip" in request.headers.get("Accept-Encoding", "")
    key = f"{state.id}.{state.revision_id}.{state.activity}.{variant}.{_code()}"
    etag = f'"{key}.gz"' if is_gzipped else f'"{key}"'
    response = _not_modified(request, etag) or _page(key, draw, is_gzipped=is_gzipped)
    response.headers["ETag"] = etag
    response.headers["Cache-Control"] = "public, no-cache"
    patch_vary_headers(response, ["Accept-Encoding", "Cookie"])
    return response


def part(state: ArticleState, draw: Callable[[], str]) -> SafeString:
    """Give the part of the page that is the same for all, signed in or not, drawn now if it is not kept yet."""
    pages = caches["pages"]
    key = f"part.{state.id}.{state.revision_id}.{state.activity}.{_code()}"
    kept: str | None = pages.get(key)
    if kept is None:
        kept = draw()
        pages.set(key, kept)
    return SafeString(kept)


def _not_modified(request: HttpRequest, etag: str) -> HttpResponse | None:
    wanted = request.headers.get("If-None-Match")
    if wanted and etag in parse_etags(wanted):
        return HttpResponseNotModified()
    return None


def _page(key: str, draw: Callable[[], str], *, is_gzipped: bool) -> HttpResponse:
    pages = caches["pages"]
    page: Page | None = pages.get(key)
    if page is None:
        plain = draw().encode()
        page = Page(plain, gzip.compress(plain, compresslevel=6, mtime=0))
        pages.set(key, page)
    response = HttpResponse(page.gzipped if is_gzipped else page.plain)
    if is_gzipped:
        response.headers["Content-Encoding"] = "gzip"
    return response


@cache
def _code() -> str:
    """Name the code that draws pages: its templates and the static files they link to."""
    digest = hashlib.sha256()
    for path in sorted(Path(settings.BASE_DIR, "templates").rglob("*.html")):
        digest.update(path.read_bytes())
    manifest = Path(settings.STATIC_ROOT, "staticfiles.json")
    if manifest.exists():
        digest.update(manifest.read_bytes())
    return digest.hexdigest()[:12]
