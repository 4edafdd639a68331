"""Which watched words stand in what somebody wrote, however they dressed them up.

Pure. Capitals, compatibility forms, invisible characters and runs of white space make no difference.
"""

import re
import unicodedata
from collections.abc import Iterable


def found(terms: Iterable[str], words: str) -> list[str]:
    """Give the terms that stand in the words as whole words, in their order."""
    plain = normalized(words)
    return [term for term in terms if _stands_in(normalized(term), plain)]


def normalized(words: str) -> str:
    """Give words as they are compared: without capitals, invisible characters and more than one space at a time."""
    seen = (character for character in unicodedata.normalize("NFKC", words) if unicodedata.category(character) != "Cf")
    return " ".join("".join(seen).casefold().split())


def _stands_in(term: str, words: str) -> bool:
    return bool(term) and re.search(rf"(?<!\w){re.escape(term)}(?!\w)", words) is not None
