"""What the content-security policy forbids in a page."""

from html.parser import HTMLParser
from typing import Any


class InlineFinder(HTMLParser):
    """Collect what the content-security policy forbids, and browsers therefore leave out."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        names = {name for name, _ in attrs}
        is_script = tag == "script" and "src" not in names
        if tag == "style" or is_script or "style" in names or any(name.startswith("on") for name in names):
            self.found.append(tag)


def inline_in(response: Any) -> list[str]:
    finder = InlineFinder()
    finder.feed(response.content.decode())
    return finder.found
