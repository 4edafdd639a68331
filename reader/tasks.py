"""Long work that a page asks for and the worker does. Thin: the acts do it, and the draft says how far they are.

A page enqueues in the transaction of its act, so that neither is ever there without the other. What goes wrong becomes
a sentence in the draft, which is open again then, with all that an editor gave.
"""

import logging
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from django.utils import timezone
from django_tasks import task

from reader import drafting
from reader.importing import receiving
from reader.models import Draft
from reader.publishing import PublishingError, Tell

logger = logging.getLogger(__name__)

# Progress is written down no more often than a page can ask for it twice.
_PAUSE_SECONDS = 0.5

OUR_FAULT = "Something went wrong here, and it was not your doing. Nothing is lost; please try again."


@task()
def read_draft(draft_id: int, version: int) -> None:
    """Read a text in, unless another attempt has begun since or the draft was thrown away."""
    draft = Draft.objects.filter(pk=draft_id, version=version, state=Draft.State.READING).first()
    if draft is not None:
        with following(draft) as tell:
            receiving.read_in(draft, tell=tell)


@task()
def publish_draft(draft_id: int, version: int) -> None:
    """Publish a draft, unless it was changed, called off or published since; what stands in the way is kept with it."""
    draft = drafting.take_up(draft_id, version)
    if draft is not None:
        with following(draft) as tell, suppress(PublishingError):
            drafting.publish(draft, tell=tell)


@contextmanager
def following(draft: Draft) -> Iterator[Tell]:
    """Give what tells the draft's page how far the work is; a fault of ours leaves the draft open, and goes on up."""
    state = draft.state
    try:
        yield progress_of(draft)
    except Exception:
        logger.exception("Draft %s could not be finished", draft.pk)
        mine = Draft.objects.filter(pk=draft.pk, version=draft.version, state=state)
        mine.update(state=Draft.State.OPEN, problem=OUR_FAULT, step="", progress=0, updated_at=timezone.now())
        raise


def progress_of(draft: Draft) -> Tell:
    """Give a function that writes step and progress into the draft, at most twice a second."""
    mine = Draft.objects.filter(pk=draft.pk, version=draft.version, state=draft.state)
    told_at = -_PAUSE_SECONDS

    def tell(step: str, hundredths: int) -> None:
        nonlocal told_at
        now = time.monotonic()
        if now - told_at >= _PAUSE_SECONDS:
            told_at = now
            mine.update(step=step[:200], progress=hundredths, updated_at=timezone.now())

    return tell
