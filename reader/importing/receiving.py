"""Bring a text in: from what an editor gives, a draft with its head matter, its blocks and its pictures.

What is given is kept first, and read in later by the worker, since that may take longer than a page may.
"""

from django.db import transaction

from reader import publishing
from reader.importing import decoding, extraction
from reader.models import Draft, User
from reader.publishing import Tell
from reader.text.blocks import Document

WAITING = "Waiting for its turn"


def receive(*, given: str, format: str, by: User | None, original_url: str = "") -> Draft:  # noqa: A002
    """Keep what an editor gives as a draft that is to be read in: a text, or the address of one."""
    return Draft.objects.create(given=given, format=format, creator=by, state=Draft.State.READING, step=WAITING)


def read_in(draft: Draft, *, tell: Tell) -> None:
    """Make of what was given the draft of a new article, or keep with it why that cannot be done.

    Nothing happens to a draft that was thrown away, or taken up anew, in the meantime.
    """
    try:
        tell("Reading the text", 10)
        document = extraction.from_plain_text(draft.given)
        with transaction.atomic():
            article = publishing.open_article(document)
            _fill(draft, document)
            draft.article = article
            draft.save()
    except (decoding.DecodingError, extraction.ExtractionError, publishing.PublishingError) as error:
        draft.state, draft.problem, draft.step, draft.progress = Draft.State.OPEN, str(error), "", 0
        draft.save()


def _fill(draft: Draft, document: Document) -> None:
    draft.title, draft.kicker = document.title, document.kicker
    draft.byline, draft.author_note = document.byline, document.author_note
    draft.put(document.blocks)
    draft.dropped = list(document.dropped)
    draft.state, draft.problem, draft.step, draft.progress = Draft.State.OPEN, "", "", 0
