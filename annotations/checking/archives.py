"""Looking once for a copy in an archive of what is not there any more as it was cited."""

import json
from datetime import datetime
from urllib.parse import urlencode

from django.db import transaction
from django.utils import timezone

from annotations import addresses, sourcing
from annotations.models import Document
from reader.importing import fetching
from reader.importing.fetching import FetchError, Internet

_ANSWER_BYTES = 100_000
_TYPES = ("application/json", "text/javascript", "application/javascript")


class Unanswered(Exception):
    """The archive did not say whether it has a copy; it may be asked again."""


def seek(document: Document, *, service: str, address: str, cited_at: datetime, network: Internet | None) -> bool:
    """Ask the archive for the copy closest to when the document was cited, keep it, and say whether there was one.

    Raises Unanswered.
    """
    query = urlencode({"url": address, "timestamp": f"{cited_at:%Y%m%d}"})
    question = f"{service}{'&' if '?' in service else '?'}{query}"
    try:
        fetched = fetching.fetch(question, accept=_TYPES, most_bytes=_ANSWER_BYTES, network=network)
        copy = _copy(json.loads(fetched.body), of=document)
    except (FetchError, ValueError, RecursionError) as error:
        raise Unanswered from error
    with transaction.atomic():
        current = sourcing.locked(document.pk)
        before = current.shown
        current.archive_sought_at = timezone.now()
        # Somebody may have given one meanwhile.
        current.archived_url = current.archived_url or copy
        current.save(update_fields=["archived_url", "archive_sought_at"])
        if current.shown != before:
            current.article.touch()
    return bool(copy)


def _copy(told: object, *, of: Document) -> str:
    """Give the address of the copy that the Wayback Machine tells of, if it is one of this document."""
    snapshots = told.get("archived_snapshots") if isinstance(told, dict) else None
    closest = snapshots.get("closest") if isinstance(snapshots, dict) else None
    if not isinstance(closest, dict) or closest.get("available") is not True:
        return ""
    url, status = str(closest.get("url", "")), str(closest.get("status", "200"))
    url = f"https://{url.removeprefix('http://')}" if url.startswith("http://") else url
    try:
        is_of_it = addresses.canonical(url) == of.canonical_url and addresses.is_archived(url)
    except addresses.AddressError:
        return ""
    return url if is_of_it and status.startswith("2") and url.isprintable() else ""
