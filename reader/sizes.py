"""How much one request may bring, known from its first lines, before anything of it is read."""

import re
from typing import NamedTuple

# A reader's words are bounded at a few thousand characters; this holds them many times over.
MOST_BYTES = 256 * 1024
# Editors paste and send whole pages, of up to 5 MB, and beside a draft pictures of up to 10 MB.
MOST_BYTES_OF_TEXTS = 6_000_000
MOST_BYTES_OF_DRAFTS = 16_000_000
# An address with everything that our own pages put into one is a tenth of these.
LONGEST_PATH = 2_000
LONGEST_QUERY = 4_000
MOST_PARAMETERS = 100

# The addresses of the forms that texts are brought with; a test holds them to the site map.
_TEXTS = re.compile(r"/desk/import/(?:\d+/)?|/drafts/\d+/(?:text|conflict)/")
_DRAFTS = re.compile(r"/drafts/\d+/")
_DIGITS = re.compile(r"[0-9]{1,18}")


class Refusal(NamedTuple):
    """Why a request is not read: the status to answer with, and words for its page."""

    status: int
    heading: str
    reason: str


TOO_LONG = Refusal(414, "This address is too long", "It was not made by a page of this site, or it was pasted twice.")
TOO_MANY = Refusal(400, "This address asks for too much", f"It has more than {MOST_PARAMETERS} parts after its “?”.")
NO_LENGTH = Refusal(411, "This was sent without its length", "A program that posts here has to say how much it sends.")
NO_NUMBER = Refusal(400, "This was sent with a length that is no number", "A program that posts here got it wrong.")
TOO_BIG = Refusal(413, "This is too much at once", "What you sent is larger than this site takes in one piece.")


def refusal(environ: dict[str, str], *, is_known: bool) -> Refusal | None:
    """Give why a request with these WSGI variables is not read, or None. `is_known`: it comes with a session."""
    query = environ.get("QUERY_STRING", "")
    if len(environ["PATH_INFO"]) > LONGEST_PATH or len(query) > LONGEST_QUERY:
        return TOO_LONG
    if query and query.count("&") >= MOST_PARAMETERS:
        return TOO_MANY
    length = environ.get("CONTENT_LENGTH", "")
    if not length:
        return NO_LENGTH if "HTTP_TRANSFER_ENCODING" in environ else None
    if not _DIGITS.fullmatch(length):
        return NO_NUMBER
    return TOO_BIG if int(length) > most_bytes(environ["PATH_INFO"], is_known=is_known) else None


def most_bytes(path: str, *, is_known: bool) -> int:
    """Give the most that may be sent to an address. Who has no session has no text to bring."""
    if is_known and _TEXTS.fullmatch(path):
        return MOST_BYTES_OF_TEXTS
    if is_known and _DRAFTS.fullmatch(path):
        return MOST_BYTES_OF_DRAFTS
    return MOST_BYTES
