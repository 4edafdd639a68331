"""Which names people may take: readable, unmistakable, nobody else's."""

import unicodedata

from django.core.exceptions import ValidationError


def skeleton(username: str) -> str:
    """Give the form in which two names that look alike are equal."""
    return unicodedata.normalize("NFKC", username).casefold()


def validate_username(username: str) -> None:
    """Refuse a name with a sentence that says what is wrong with it."""
    if not 3 <= len(username) <= 30:
        raise ValidationError("A name has 3 to 30 characters.")
