"""How a text begins, in a sentence or two: what search engines and shared links show of it."""

from collections.abc import Iterable

# Code points. Search engines show some 160, and a single short sentence tells too little.
_LEAST = 90
_MOST = 220


def opening(sentences: Iterable[str]) -> str:
    """Give the first sentences of a text as one line: enough to tell what it is about, whole where they are short.

    Empty when there are none.
    """
    found = ""
    for sentence in (" ".join(one.split()) for one in sentences):
        longer = f"{found} {sentence}".strip()
        if found and len(longer) > _MOST:
            break
        found = longer
        if len(found) >= _LEAST:
            break
    return found if len(found) <= _MOST else _cut(found)


def _cut(words: str) -> str:
    """Cut at the last whole word that fits; in a script without spaces, anywhere."""
    room = words[: _MOST - 1]
    whole, _, _ = room.rpartition(" ")
    return f"{whole or room}…"
