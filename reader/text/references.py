"""Which blocks of a text link to which: the way back from a footnote."""

import re
from collections.abc import Iterable

_LINK = re.compile(r'<a href="#([a-z][0-9]+)">')


def references(blocks: Iterable[tuple[str, str]]) -> dict[str, list[str]]:
    """Give for each name that is linked to the names of the blocks that do, in order and each once.

    `blocks` are names with safe inline HTML.
    """
    found: dict[str, list[str]] = {}
    for name, html in blocks:
        if '<a href="#' in html:
            for target in dict.fromkeys(_LINK.findall(html)):
                found.setdefault(target, []).append(name)
    return found
