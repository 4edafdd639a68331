"""The text in a file's bytes, or a sentence on why there is none."""

import unicodedata

# A long book is about one; an article of that size is a mistake.
MAX_BYTES = 2_000_000

_WHITE_SPACE = frozenset("\t\n\v\f\r\x85")


class DecodingError(ValueError):
    """Bytes that hold no plain text, with a sentence for the person who chose the file."""


def decode(data: bytes) -> str:
    """Give the text of UTF-8 bytes.

    Raises DecodingError when they are nothing, too many, not UTF-8, or hold control characters, as no text does.
    """
    if len(data) > MAX_BYTES:
        raise DecodingError("It is over 2 MB, which no article is.")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise DecodingError(f"It is not UTF-8 text: byte {error.start + 1} fits no character.") from error
    if not text.strip():
        raise DecodingError("It is empty.")
    if any(unicodedata.category(character) == "Cc" for character in set(text) - _WHITE_SPACE):
        raise DecodingError("It is not plain text: it holds control characters.")
    return text
