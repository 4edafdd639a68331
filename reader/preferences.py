"""How one browser wants its pages: kept in cookies, so that reading needs no account."""

from typing import NamedTuple

from django.http import HttpRequest, HttpResponse

_YEAR = 365 * 24 * 60 * 60


class Preferences(NamedTuple):
    """What a reader chose. The page carries these on its root element, where the style sheet reads them."""

    theme: str = "system"
    marks: str = "on"

    @property
    def key(self) -> str:
        """Give a short name for this combination, for the keys of cached pages."""
        return f"{self.theme}-{self.marks}"


CHOICES = {"theme": ("system", "light", "dark"), "marks": ("on", "off")}


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
