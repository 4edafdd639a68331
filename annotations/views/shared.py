"""The shared page: one reading page for every reader who is not signed in, kept as bytes.

A page is named by everything it shows: article, revision, activity, the reader's preferences, the address of the site
and the code that drew it. A visible change raises the activity, so a kept page is never stale and never has to be
thrown away.
"""

import gzip
import hashlib
import re
from collections.abc import Callable
from functools import cache, lru_cache
from pathlib import Path
from typing import TypeVar

from django.conf import settings
from django.core.cache import caches
from django.http import HttpRequest, HttpResponse, HttpResponseNotModified
from django.utils.http import parse_etags

from reader import measuring
from reader.models.articles import ArticleState

Part = TypeVar("Part")

# An Accept-Encoding that names gzip, and not to refuse it.
_TAKES_GZIP = re.compile(r"\bgzip\b(?!\s*;\s*q=0(?:\.0*)?\s*(?:,|$))", re.IGNORECASE)


def is_for_everyone(request: HttpRequest) -> bool:
    """Say whether the request comes without anything personal: no session, so no account and no messages."""
    return settings.SESSION_COOKIE_NAME not in request.COOKIES


def answer(
    request: HttpRequest, state: ArticleState, variant: str, draw: Callable[[], str], *, is_kept: bool = True
) -> HttpResponse:
    """Answer with the kept page, drawn now if it is not kept yet; with 304 when the browser has it already.

    What could be asked for in endless ways is not kept, or made-up questions would push out the pages that are read.
    """
    # From META: `request.headers` would first give every header another name, which is a tenth of what a page costs.
    is_gzipped = bool(_TAKES_GZIP.search(request.META.get("HTTP_ACCEPT_ENCODING", "")))
    key = f"{state.id}.{state.revision_id}.{state.activity}.{variant}.{_site(request)}.{_code()}"
    etag = f'"{key}.gz"' if is_gzipped else f'"{key}"'
    headers = {"ETag": etag, "Cache-Control": "public, no-cache", "Vary": "Accept-Encoding, Cookie"}
    if has_it(request, etag):
        return HttpResponseNotModified(headers=headers)
    if is_gzipped:
        headers["Content-Encoding"] = "gzip"
    if is_kept:
        return HttpResponse(_page(key, draw, is_gzipped=is_gzipped), headers=headers)
    return HttpResponse(_forms(draw())[is_gzipped], headers=headers)


def part(state: ArticleState, draw: Callable[[], Part], *, name: str = "part") -> Part:
    """Give what of an article is the same for all, signed in or not, drawn now if it is not kept yet."""
    pages = caches["pages"]
    key = _name(name, state)
    kept: Part | None = pages.get(key)
    if kept is None:
        kept = draw()
        pages.set(key, kept)
    return kept


def tag(name: str, state: ArticleState) -> str:
    """Give the ETag of a part."""
    return f'"{_name(name, state)}"'


def _name(name: str, state: ArticleState) -> str:
    return f"{name}.{state.id}.{state.revision_id}.{state.activity}.{_code()}"


def _site(request: HttpRequest) -> str:
    """Name where the page is asked for: what it says of its own address is under that scheme and host."""
    return _short(f"{request.scheme}://{request.get_host()}")


@lru_cache(maxsize=64)
def _short(address: str) -> str:
    return hashlib.blake2b(address.encode(), digest_size=6).hexdigest()


def has_it(request: HttpRequest, etag: str) -> bool:
    """Say whether the browser has what bears this tag; a proxy may have made it a weak one."""
    wanted: str = request.META.get("HTTP_IF_NONE_MATCH", "")
    if wanted in {"", etag}:
        return wanted == etag
    tags = parse_etags(wanted)
    return "*" in tags or etag in (tag.removeprefix("W/") for tag in tags)


def _page(key: str, draw: Callable[[], str], *, is_gzipped: bool) -> bytes:
    """Give the kept page in one of its forms. Each is kept by itself, as what is kept is copied to be given."""
    pages = caches["pages"]
    names = f"{key}.plain", f"{key}.gzip"
    kept: bytes | None = pages.get(names[is_gzipped])
    measuring.kept_page(is_hit=kept is not None)
    if kept is not None:
        return kept
    forms = _forms(draw())
    pages.set_many(dict(zip(names, forms, strict=True)))
    return forms[is_gzipped]


def _forms(page: str) -> tuple[bytes, bytes]:
    """Give a page plain and packed."""
    plain = page.encode()
    return plain, gzip.compress(plain, compresslevel=6, mtime=0)


@cache
def _code() -> str:
    """Name the code that draws pages: our own, its templates and the static files they link to."""
    digest = hashlib.sha256()
    for pattern in ("annotations/**/*.py", "reader/**/*.py", "templates/**/*.html"):
        for path in sorted(Path(settings.BASE_DIR).glob(pattern)):
            digest.update(path.read_bytes())
    manifest = Path(settings.STATIC_ROOT, "staticfiles.json")
    if manifest.exists():
        digest.update(manifest.read_bytes())
    return digest.hexdigest()[:12]
