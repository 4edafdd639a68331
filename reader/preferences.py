"""How one browser wants its pages: kept in cookies, so that reading needs no account."""

from typing import NamedTuple

from django.http import HttpRequest, HttpResponse

_YEAR = 365 * 24 * 60 * 60


class Preferences(NamedTuple):
    """What a reader chose. The page carries these on its root element, where style sheet and scripts read them."""

    theme: str = "system"
    # How large the text is set.
    size: str = "medium"
    # Underlines in the text, and the column beside it.
    marks: str = "quiet"
    margin: str = "on"
    # "alone": nothing but the text until its end has been read.
    reading: str = "annotated"
    # The bar beside selected words, and keys of single letters.
    toolbar: str = "on"
    keys: str = "on"

    @property
    def key(self) -> str:
        """Give a short name for this combination, for the keys of cached pages."""
        return "-".join(self)


CHOICES = {
    "theme": ("system", "light", "sepia", "dark"),
    "size": ("small", "medium", "large", "larger"),
    "marks": ("off", "quiet", "full"),
    "margin": ("on", "off"),
    "reading": ("annotated", "alone"),
    "toolbar": ("on", "off"),
    "keys": ("on", "off"),
}


def of(request: HttpRequest) -> Preferences:
    """Give the browser's preferences; anything unknown counts as not said."""
    said = {name: request.COOKIES.get(name, "") for name in CHOICES}
    return Preferences(**{name: value for name, value in said.items() if value in CHOICES[name]})


def remember(response: HttpResponse, *, name: str, value: str) -> None:
    """Keep one preference for a year. JavaScript may change it too."""
    if value in CHOICES.get(name, ()):
        response.set_cookie(name, value, max_age=_YEAR, samesite="Lax")


def context(request: HttpRequest) -> dict[str, Preferences]:
    """Give every template the preferences (a context processor)."""
    return {"preferences": of(request)}
