"""How one browser wants its pages: kept in cookies, so that reading needs no account."""

from typing import NamedTuple

from django.conf import settings
from django.http import HttpRequest, HttpResponse

YEAR = 365 * 24 * 60 * 60

# The paper of each theme in tokens.css, for the bars that a browser draws round a page; a test holds them together.
PAPERS = {"light": "#fcfaf6", "sepia": "#f3e8d2", "dark": "#121417"}


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

    @property
    def color_scheme(self) -> str:
        """Give the colours that the browser's own parts may have, before the style sheet is there to say so."""
        return {"system": "light dark", "dark": "dark"}.get(self.theme, "light")

    @property
    def papers(self) -> list[tuple[str, str]]:
        """Give the colour of the paper with the media query under which it is that; one without a query is always."""
        if self.theme != "system":
            return [("", PAPERS[self.theme])]
        return [(f"(prefers-color-scheme: {scheme})", PAPERS[scheme]) for scheme in ("light", "dark")]


CHOICES = {
    "theme": ("system", "light", "sepia", "dark"),
    "size": ("small", "medium", "large", "larger"),
    "marks": ("off", "quiet", "full"),
    "margin": ("on", "off"),
    "reading": ("annotated", "alone"),
    "toolbar": ("on", "off"),
    "keys": ("on", "off"),
}


_UNSAID = Preferences()


def of(request: HttpRequest) -> Preferences:
    """Give the browser's preferences; anything unknown counts as not said."""
    if not request.COOKIES:
        return _UNSAID
    said = {name: request.COOKIES.get(name, "") for name in CHOICES}
    return Preferences(**{name: value for name, value in said.items() if value in CHOICES[name]})


def remember(response: HttpResponse, *, name: str, value: str) -> None:
    """Keep one preference for a year. JavaScript may change it too."""
    if value in CHOICES.get(name, ()):
        keep(response, name=name, value=value)


def keep(response: HttpResponse, *, name: str, value: str) -> None:
    """Keep something in the reader's browser for a year."""
    response.set_cookie(name, value, max_age=YEAR, samesite="Lax", secure=settings.SESSION_COOKIE_SECURE)


def context(request: HttpRequest) -> dict[str, Preferences]:
    """Give every template the preferences (a context processor)."""
    return {"preferences": of(request)}
