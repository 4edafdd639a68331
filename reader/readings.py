"""Which texts have been read to their end in a browser: kept in a cookie, so that reading needs no account."""

import re

from django.http import HttpRequest, HttpResponse

from reader import preferences

COOKIE = "read"

# The ids of articles, joined by dots, what was read last at the end.
_IDS = re.compile(r"[1-9][0-9]{0,17}(?:\.[1-9][0-9]{0,17})*")
# Characters: some two hundred articles, in a cookie that goes along with every request. The oldest are forgotten.
_MOST = 1_000


def is_alone(request: HttpRequest, article_id: int) -> bool:
    """Say whether this reader wants the text alone for now: until its end has been read in this browser."""
    return preferences.of(request).reading == "alone" and str(article_id) not in _read(request)


def remember(request: HttpRequest, response: HttpResponse, *, article_id: int) -> None:
    """Remember that an article has been read to its end."""
    ids = [*(one for one in _read(request) if one != str(article_id)), str(article_id)]
    while len(".".join(ids)) > _MOST:
        del ids[0]
    preferences.keep(response, name=COOKIE, value=".".join(ids))


def _read(request: HttpRequest) -> list[str]:
    """Give the ids that the browser sends, oldest first; anything but ids counts as nothing read."""
    said = request.COOKIES.get(COOKIE, "")
    return said.split(".") if _IDS.fullmatch(said) else []
