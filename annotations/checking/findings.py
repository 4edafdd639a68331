"""What one look at an address finds, made of what its servers answer. Nothing of it is kept here."""

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from urllib.parse import urlsplit

from annotations import addresses
from annotations.checking.calling import MOST_REDIRECTS, Caller, Closed
from annotations.models import Document
from reader.importing import pages, trees
from reader.importing.decoding import DecodingError
from reader.importing.extraction import ExtractionError
from reader.importing.fetching import Answer, FetchError, Trouble
from reader.text.words import WORD

Obstacle = Document.Obstacle

_PERMANENT = {301, 308}
_HTML = {"text/html", "application/xhtml+xml"}
_TROUBLES = {
    Trouble.REFUSED: Obstacle.NOT_PUBLIC,
    Trouble.NO_SERVER: Obstacle.NO_SERVER,
    Trouble.UNTRUSTED: Obstacle.UNTRUSTED,
    Trouble.SLOW: Obstacle.NO_ANSWER,
    Trouble.BROKEN: Obstacle.NO_ANSWER,
    Trouble.UNUSABLE: Obstacle.NO_ANSWER,
}
_STATUSES = {
    401: Obstacle.SIGN_IN,
    402: Obstacle.SIGN_IN,
    404: Obstacle.NOT_FOUND,
    407: Obstacle.SIGN_IN,
    410: Obstacle.NOT_FOUND,
}
# Where sites send visitors who are to sign in first.
_SIGN_IN = re.compile(r"/(?:log-?in|sign-?in|sso|auth|authorize|oauth2?)(?:[./]|$)", re.IGNORECASE)
_SIGN_IN_HOST = re.compile(r"^(?:login|signin|sso|auth|accounts?|id|idp)\.", re.IGNORECASE)
# What pages are called that say in words alone that there is nothing.
_NOTHING_HERE = re.compile(
    r"(?:error )?404(?:\W*$|\W+(?:error|(?:page )?not found)\b)"
    r"|(?:(?:page|file|document) )?not found\W*(?:$|\s[|–—·-]\s)",
    re.IGNORECASE,
)
_UNSEEN = ("script", "style", "noscript", "template")


@dataclass(frozen=True, kw_only=True)
class Finding:
    """What a look found: an obstacle, or the document.

    `content_hash` is of its words, empty where they were not read; `is_unmodified` says that the server knows them to
    be those we had. `moved_to` is where it was moved for good. `retry_at` is when the server wants to be asked again.
    """

    obstacle: str = ""
    http_status: int | None = None
    title: str = ""
    found_on: date | None = None
    content_hash: str = ""
    is_unmodified: bool = False
    moved_to: str = ""
    etag: str = ""
    last_modified: str = ""
    retry_at: datetime | None = None


def look(address: str, *, name: str, conditions: Mapping[str, str], caller: Caller) -> Finding:
    """Look at an address, follow where it leads, and say what is there.

    `name` is the document's canonical address. `conditions` go with no question about another document.
    """
    caller.begin()
    try:
        return _followed(address, name=name, conditions=conditions, caller=caller)
    except Closed as closed:
        return Finding(obstacle=Obstacle.BUSY, http_status=closed.status, retry_at=closed.until)
    except FetchError as error:
        return Finding(obstacle=_TROUBLES[error.trouble])


def _followed(address: str, *, name: str, conditions: Mapping[str, str], caller: Caller) -> Finding:
    place, moved_to, is_for_good = address, "", True
    for _ in range(MOST_REDIRECTS + 1):
        if not caller.permits(place):
            return Finding(obstacle=Obstacle.ROBOTS)
        is_same = _is_named(place, name)
        answer = caller.ask(place, conditions=conditions if is_same else None)
        if not answer.next_address:
            moved_to = "" if _is_named(moved_to, name) else moved_to
            if answer.status == 304 and is_same and conditions:
                return Finding(http_status=304, is_unmodified=True, moved_to=moved_to)
            return _told(answer, asked=address, is_same=is_same, moved_to=moved_to)
        place = answer.next_address
        is_for_good = is_for_good and answer.status in _PERMANENT
        moved_to = place if is_for_good else moved_to
    return Finding(obstacle=Obstacle.NO_ANSWER, http_status=answer.status)


def _told(answer: Answer, *, asked: str, is_same: bool, moved_to: str) -> Finding:
    """Say what the last answer comes to; `is_same` is whether it came from the document's own address."""
    status = answer.status
    if obstacle := _obstacle(answer, asked):
        return Finding(obstacle=obstacle, http_status=status)
    contents = _contents(answer)
    if _NOTHING_HERE.match(contents.title):
        return Finding(obstacle=Obstacle.NOT_FOUND, http_status=status)
    return Finding(
        http_status=status,
        title=contents.title,
        found_on=contents.found_on,
        content_hash=contents.content_hash,
        moved_to=moved_to,
        etag=answer.headers.get("etag", "") if is_same else "",
        last_modified=answer.headers.get("last-modified", "") if is_same else "",
    )


def _obstacle(answer: Answer, asked: str) -> str:
    """Say what keeps the document from us, or nothing."""
    status = answer.status
    if status in _STATUSES:
        return _STATUSES[status]
    # Not modified since we never asked is no answer either.
    if 500 <= status < 600 or status == 304:
        return Obstacle.NO_ANSWER
    # Of the other successes none is a document; sites that suspect robots like to answer 202.
    if status not in {200, 203}:
        return Obstacle.REFUSED
    if _is_sign_in(answer.address) and not _is_sign_in(asked):
        return Obstacle.SIGN_IN
    # Sites that have lost a page often lead to their front page, and call that a success.
    if _is_front_page(answer.address) and not _is_front_page(asked):
        return Obstacle.NOT_FOUND
    is_empty = answer.is_whole and not answer.body.strip()
    return Obstacle.NO_ANSWER if is_empty else ""


def _is_named(address: str, name: str) -> bool:
    try:
        return addresses.canonical(address) == name
    except addresses.AddressError:
        return False


def _is_front_page(address: str) -> bool:
    try:
        parts = urlsplit(addresses.canonical(address))
    except addresses.AddressError:
        return False
    return parts.path == "/" and not parts.query


def _is_sign_in(address: str) -> bool:
    parts = urlsplit(address)
    return bool(_SIGN_IN.search(parts.path) or _SIGN_IN_HOST.match(parts.netloc))


@dataclass(frozen=True)
class _Contents:
    title: str = ""
    found_on: date | None = None
    content_hash: str = ""


def _contents(answer: Answer) -> _Contents:
    """Read a document: of a page its title, its date and its words, of anything else only whether it is the same."""
    if not answer.is_whole:
        return _Contents()
    if answer.content_type in _HTML:
        try:
            html = pages.decode(answer.body, f"{answer.content_type}; charset={answer.charset}")
            return _page(html, answer.address)
        except (DecodingError, trees.TooMuch):
            pass
    return _Contents(content_hash=hashlib.sha256(answer.body).hexdigest())


def _page(html: str, address: str) -> _Contents:
    """Read a page. Its words are those of the article in it, or all that it has where there is none."""
    try:
        found = pages.from_html(html, address=address)
    except ExtractionError:
        root = trees.parsed(html)
        titles = [trees.words(each) for each in root.iter("title")]
        for each in list(root.iter(*_UNSEEN)):
            trees.remove(each)
        return _Contents(_line(titles[0] if titles else ""), None, _hash(trees.words(trees.body_of(root))))
    return _Contents(_line(found.title), found.published_on, _hash("\n".join(block.text for block in found.blocks)))


def _hash(text: str) -> str:
    """Give the hash of the words alone; nothing for none, which would be those of many a page."""
    words = WORD.findall(text.lower())
    return hashlib.sha256(" ".join(words).encode("utf-8", "replace")).hexdigest() if words else ""


def _line(text: str) -> str:
    """Give the text on one line of what every database keeps."""
    return " ".join(text.replace("\0", " ").encode("utf-8", "replace").decode().split())
