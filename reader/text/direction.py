"""Which way a language is written."""

# Languages written from right to left unless their tag names another script, and the scripts that are.
_LANGUAGES = {"ar", "arc", "ckb", "dv", "fa", "he", "ks", "pnb", "ps", "sd", "syr", "ug", "ur", "yi"}
_SCRIPTS = {"adlm", "arab", "hebr", "nkoo", "rohg", "syrc", "thaa"}
_SCRIPT_LENGTH = 4


def direction(language: str) -> str:
    """Give "rtl" or "ltr" for a BCP 47 tag, as HTML's `dir` has it."""
    first, *others = language.lower().split("-")
    script = next((part for part in others if len(part) == _SCRIPT_LENGTH and part.isalpha()), "")
    is_leftward = script in _SCRIPTS if script else first in _LANGUAGES
    return "rtl" if is_leftward else "ltr"
