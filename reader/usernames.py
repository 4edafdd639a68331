"""Which names people may take: readable, unmistakable, nobody else's.

Names are kept in small letters. Only so can "looks the same" and "is the same but for capitals" hold together: a
capital I looks like a small l, and nobody wants Ian and lan to be one name.
"""

import re
import string
import unicodedata
from functools import cache

from confusable_homoglyphs import categories
from confusable_homoglyphs.confusables import confusables_data
from django.core.exceptions import ValidationError

MIN_LENGTH = 3
MAX_LENGTH = 30

SEPARATORS = "._-"

# Words that speak for the site: refused alone, strung together ("gloss-support") and numbered ("admin2").
TITLES = """
    admin administrator admins editor editors editorial gloss hostmaster mod moderation moderator moderators mods
    official operator owner postmaster root sample samples security staff superuser support sudo sysadmin system team
    webmaster
"""
# Words that stand in the site's addresses and messages for something else than a person.
WORDS = """
    about abuse account accounts all annotation annotations anonymous anyone api article articles author authors
    billing bot contact deleted everyone feed feeds guest health healthz help info legal library login logout mail me
    news nobody none noreply null password privacy reader readers readyz removed search settings signin signup site
    static status terms undefined unknown user users withdrawn www you
"""
# The names of sample accounts begin with this, and no person's name does.
SAMPLE = "sample"

# What is left of an account that was removed is called so, with its number, and is shown without.
FORMER = "former-reader"

# Scripts that are customarily written together (UTS #39, section 5.1).
COMBINATIONS = (
    {"HAN", "HIRAGANA", "KATAKANA"},
    {"HAN", "HANGUL"},
    {"HAN", "BOPOMOFO"},
)


def normalize(username: str) -> str:
    """Give the one spelling in which a name is kept: NFKC, small letters."""
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", username).lower())


def skeleton(username: str) -> str:
    """Give the form in which two names that look alike are equal.

    The skeleton of UTS #39, section 4, blind to case: every character gives way to the one that stands for all that
    look like it, so that "rn" and "m", "0" and "o", "1" and "l" are equal. Not for showing to anyone.
    """
    name, before = normalize(username).casefold(), ""
    while name != before:
        before = name
        parts = (_stand_ins().get(character, character) for character in unicodedata.normalize("NFD", name))
        name = "".join(parts).casefold()
    return name


def former(number: int) -> str:
    """Give the name for what is left of an account that was removed."""
    return f"{FORMER}-{number}"


def is_former(username: str) -> bool:
    """Say whether a name is one for what is left of an account; nobody can choose such a name."""
    return username.startswith(f"{FORMER}-")


def shown(username: str) -> str:
    """Give a name as readers see it."""
    return "former reader" if is_former(username) else username


def validate_username(username: str) -> None:
    """Refuse a name with a sentence that says what is wrong with it.

    Judges the normalised name. Reserved words and names already taken are not its business: the site's own accounts
    may bear the first, and only the database knows the second.
    """
    name = normalize(username)
    _refuse_strange_characters(name)
    if not MIN_LENGTH <= len(name) <= MAX_LENGTH:
        raise ValidationError(f"A name has {MIN_LENGTH} to {MAX_LENGTH} characters.")
    if name[0] in SEPARATORS or name[-1] in SEPARATORS or _is_mark(name[0]):
        raise ValidationError("A name begins and ends with a letter or a figure.")
    if not _is_of_one_script(name):
        raise ValidationError("Please keep to one alphabet: letters of different alphabets can look the same.")


def refuse_reserved(username: str) -> None:
    """Refuse a name that could pass for the site itself, and the look-alikes of such names."""
    name = normalize(username)
    parts = [part for part in re.split(r"[._-]", name) if part.strip(string.digits)]
    is_of_titles = bool(parts) and (all(map(_is_title, parts)) or skeleton(parts[0]) == skeleton(SAMPLE))
    is_former_s = skeleton(re.sub(r"[._-]", "", name)).startswith(skeleton(FORMER.replace("-", "")))
    if skeleton(name) in _words() or _is_title(re.sub(r"[._-]", "", name)) or is_of_titles or is_former_s:
        raise ValidationError("This name is kept for the site itself. Please choose another.")


def _refuse_strange_characters(name: str) -> None:
    for character in name:
        if _is_invisible(character):
            raise ValidationError("A name cannot hold invisible or direction-changing characters.")
        if character not in SEPARATORS and not _is_letter_or_figure(character):
            raise ValidationError(
                "“%(character)s” cannot be part of a name: use letters, figures, dots, hyphens and underscores.",
                params={"character": character},
            )


def _is_invisible(character: str) -> bool:
    # Fillers and inherent vowels are letters and marks by category, and draw nothing.
    return unicodedata.category(character) in {"Cc", "Cf", "Zl", "Zp"} or character in "\u034f\u115f\u1160\u17b4\u17b5"


def _is_letter_or_figure(character: str) -> bool:
    if character in string.digits:
        return True
    # What belongs to no script (marks to stack, modifiers, mathematics) belongs to no name.
    kind = unicodedata.category(character)
    return (kind[0] == "L" or kind == "Nd" or _is_mark(character)) and _script(character) is not None


def _is_mark(character: str) -> bool:
    return unicodedata.category(character) in {"Mn", "Mc"}


def _is_of_one_script(name: str) -> bool:
    scripts = {script for character in name if (script := _script(character))}
    return len(scripts) <= 1 or any(scripts <= combination for combination in COMBINATIONS)


def _script(character: str) -> str | None:
    """Give the script a character belongs to, or None for what all scripts share."""
    # Shared on paper, but written with one: the sign of a long vowel.
    if character == "ー":
        return "KATAKANA"
    script: str = categories.alias(character)
    return None if script in {"COMMON", "INHERITED", "UNKNOWN"} else script


def _is_title(word: str) -> bool:
    return not _titles().isdisjoint((_title_skeleton(word), _title_skeleton(word.rstrip(string.digits))))


@cache
def _titles() -> frozenset[str]:
    return frozenset(map(_title_skeleton, TITLES.split()))


@cache
def _words() -> frozenset[str]:
    return frozenset(map(skeleton, WORDS.split()))


def _title_skeleton(word: str) -> str:
    # A figure 1 passes for i as easily as for l: adm1n.
    return skeleton(word).replace("i", "l")


@cache
def _stand_ins() -> dict[str, str]:
    """Give for each character the one (or the sequence) that stands for all that look like it.

    `confusable-homoglyphs` lists every look-alike both ways. In Unicode's own file each character has one prototype,
    so what has a single look-alike gives way to it, and a sequence is always a prototype. Where two are each other's
    only look-alike the direction is lost, and does not matter: the lower code point stands for both.
    """
    stand_ins = {}
    for character, others in _look_alikes().items():
        if len(character) == 1 and len(others) == 1:
            (other,) = others
            if _look_alikes().get(other) != {character} or other < character or len(other) > 1:
                stand_ins[character] = other
    return stand_ins


@cache
def _look_alikes() -> dict[str, set[str]]:
    look_alikes: dict[str, set[str]] = {}
    for character, others in confusables_data.items():
        # The data wraps right-to-left characters in marks of direction.
        look_alikes.setdefault(character.strip("\u200e"), set()).update(other["c"].strip("\u200e") for other in others)
    return look_alikes
