"""How much a browser fetches at its first visit."""

import re
from html.parser import HTMLParser
from urllib.parse import urljoin

from benchmarks.rig.serving import Server

_IMPORT = re.compile(r"""\bimport\b[^"';]*["'](\./[^"']+)["']""")


def weigh(server: Server, path: str) -> dict[str, int]:
    """Give what the page and everything it asks for weigh, by address, in bytes as transferred to a browser.

    Counted: the page, its style sheet, its scripts with the modules they import, its icon, and the fonts it preloads.
    """
    page = server.get(path, accept_encoding="gzip")
    weights = {path: len(page.body)}
    waiting = _links(server.get(path).body.decode())
    while waiting:
        address = waiting.pop()
        if address not in weights:
            weights[address] = len(server.get(address, accept_encoding="gzip").body)
            if address.endswith(".js"):
                source = server.get(address).body.decode()
                waiting += [urljoin(address, name) for name in _IMPORT.findall(source)]
    return weights


def _links(html: str) -> list[str]:
    reader = _Reader()
    reader.feed(html)
    return reader.links


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.links: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = dict(attrs)
        if tag == "link" and said.get("rel") in {"stylesheet", "preload", "icon"}:
            self.links.append(said["href"] or "")
        if tag == "script" and said.get("src"):
            self.links.append(said["src"] or "")
