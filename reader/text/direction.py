"""Which way a language is written, and words of another way kept apart from the sentence they stand in."""

import unicodedata

# Languages written from right to left unless their tag names another script, and the scripts that are.
_LANGUAGES = {"ar", "arc", "ckb", "dv", "fa", "he", "ks", "pnb", "ps", "sd", "syr", "ug", "ur", "yi"}
_SCRIPTS = {"adlm", "arab", "hebr", "nkoo", "rohg", "syrc", "thaa"}
_SCRIPT_LENGTH = 4


# What begins and ends words whose direction is their own, in plain text; HTML has an element for it.
_FIRST_STRONG_ISOLATE, _POP_DIRECTIONAL_ISOLATE = "\u2068", "\u2069"
_LEFTWARD = {"R", "AL", "AN"}


def direction(language: str) -> str:
    """Give "rtl" or "ltr" for a BCP 47 tag, as HTML's `dir` has it."""
    first, *others = language.lower().split("-")
    script = next((part for part in others if len(part) == _SCRIPT_LENGTH and part.isalpha()), "")
    is_leftward = script in _SCRIPTS if script else first in _LANGUAGES
    return "rtl" if is_leftward else "ltr"


def isolated(told: object) -> str:
    """Give the words of something for a plain sentence, so that they turn nothing round that stands beside them.

    Words that are written from left to right are given as they are.
    """
    words = str(told)
    is_leftward = not words.isascii() and any(unicodedata.bidirectional(character) in _LEFTWARD for character in words)
    return f"{_FIRST_STRONG_ISOLATE}{words}{_POP_DIRECTIONAL_ISOLATE}" if is_leftward else words
