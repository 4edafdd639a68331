"""Keeping what a look found, and what it comes to: one document at a time, whole or not at all."""

from datetime import datetime, timedelta

from django.db import transaction

from annotations import sourcing
from annotations.checking.findings import Finding
from annotations.models import Document

Obstacle, Status = Document.Obstacle, Document.Status

# What each obstacle comes to, and after how many looks in a row. A server that keeps us out is believed at once, as
# that says nothing of the document; what may be over tomorrow is not.
_COMES_TO = {
    Obstacle.ROBOTS: (Status.BLOCKED, 1),
    Obstacle.REFUSED: (Status.BLOCKED, 1),
    Obstacle.SIGN_IN: (Status.BLOCKED, 1),
    Obstacle.NOT_PUBLIC: (Status.BLOCKED, 1),
    Obstacle.BUSY: (Status.BLOCKED, 3),
    Obstacle.UNTRUSTED: (Status.BLOCKED, 3),
    Obstacle.NOT_FOUND: (Status.DEAD, 3),
    Obstacle.NO_SERVER: (Status.DEAD, 4),
    Obstacle.NO_ANSWER: (Status.DEAD, 4),
}
# Days until the next look, after the first that did not find it, the second and so on: so three looks are four days,
# and four are eleven.
_GAPS = (1, 3, 7, 14, 30)
_DAYS_WHEN_THERE = 7
_DAYS_WHEN_IN_DOUBT = 1
_MOST_DAYS = 30

_FIELDS = (
    "status",
    "checked_at",
    "obstacle",
    "http_status",
    "found_title",
    "found_on",
    "moved_to",
    "first_hash",
    "content_hash",
    "etag",
    "last_modified",
    "failure_count",
    "check_after",
)


def record(document_id: int, finding: Finding, now: datetime) -> str:
    """Keep what a look found with one document, show it if that is something new, and give its status."""
    with transaction.atomic():
        document = sourcing.locked(document_id)
        before = document.shown
        if finding.obstacle:
            _miss(document, finding, now)
        else:
            _meet(document, finding, now)
        document.save(update_fields=_FIELDS)
        if document.shown != before:
            document.article.touch()
    return document.status


def _miss(document: Document, finding: Finding, now: datetime) -> None:
    """Keep that it was not found, and say so once that is sure."""
    status, looks = _COMES_TO[Obstacle(finding.obstacle)]
    # Different kinds of trouble do not bear each other out.
    earlier = _COMES_TO[Obstacle(document.obstacle)][0] if document.obstacle else None
    document.failure_count = min(document.failure_count + 1, 1000) if earlier == status else 1
    document.obstacle, document.http_status = finding.obstacle, finding.http_status
    if document.failure_count >= looks:
        document.status, document.checked_at, document.moved_to = status, now, ""
    days = _GAPS[min(document.failure_count, len(_GAPS)) - 1] if looks > 1 else _MOST_DAYS
    document.check_after = now + timedelta(days=days)
    if finding.retry_at:
        latest = now + timedelta(days=_MOST_DAYS)
        document.check_after = min(max(document.check_after, finding.retry_at), latest)


def _meet(document: Document, finding: Finding, now: datetime) -> None:
    """Keep that it was found, as it was or otherwise."""
    seen = document.content_hash if finding.is_unmodified else finding.content_hash
    is_new = bool(seen and document.first_hash and seen != document.first_hash)
    # Other words are believed when two looks in a row find the same; some pages say something else each time.
    is_changed = document.status == Status.CHANGED if is_new or not seen else False
    is_changed = is_changed or (is_new and seen == document.content_hash)
    document.moved_to = finding.moved_to if len(finding.moved_to) <= _length("moved_to") else ""
    if is_changed:
        document.status = Status.CHANGED
    else:
        document.status = Status.MOVED if document.moved_to else Status.ALIVE
    document.checked_at, document.obstacle, document.failure_count = now, "", 0
    document.http_status = finding.http_status
    document.first_hash = document.first_hash or seen
    document.content_hash = seen or document.content_hash
    if not finding.is_unmodified:
        document.found_title = finding.title[: _length("found_title")]
        document.found_on = finding.found_on
        document.etag, document.last_modified = (
            _fitting(finding.etag, "etag"),
            _fitting(finding.last_modified, "last_modified"),
        )
    is_in_doubt = is_new and not is_changed
    document.check_after = now + timedelta(days=_DAYS_WHEN_IN_DOUBT if is_in_doubt else _DAYS_WHEN_THERE)


def _fitting(text: str, field: str) -> str:
    """Give a text that its column has room for, or nothing: half of such a one is of no use."""
    return text if len(text) <= _length(field) and text.isprintable() else ""


def _length(field: str) -> int:
    length: int = Document._meta.get_field(field).max_length  # type: ignore[union-attr, assignment]
    return length
