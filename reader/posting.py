"""Send mail about accounts: written in the act it is about, and sent by the worker.

So that an answer takes as long for an address that has an account as for one that has none, and no page waits for a
mail server or fails because of it.
"""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import timedelta

from django.core.mail import EmailMessage
from django.db import transaction
from django.utils import timezone
from django_tasks import task

from reader import measuring
from reader.models import Letter

logger = logging.getLogger(__name__)

# After a mail server refused or was away; an hour and a half in all, for whoever waits for the mail is gone then.
PAUSES = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 20, 60))
# What could not be sent by then is thrown away: its links work no longer.
KEPT_FOR = timedelta(days=3)

_is_withheld: ContextVar[bool] = ContextVar("is_withheld", default=False)


@contextmanager
def withheld() -> Iterator[None]:
    """Write no mail inside of this: what is done in it is done for the time that it takes."""
    before = _is_withheld.set(True)
    try:
        yield
    finally:
        _is_withheld.reset(before)


def post(*, address: str, subject: str, body: str) -> Letter | None:
    """Write a mail down, to be sent by the worker, both or neither. None where it is withheld."""
    if _is_withheld.get():
        return None
    with transaction.atomic():
        letter = Letter.objects.create(address=address, subject=subject, body=body)
        send_letter.enqueue(letter.pk)
    return letter


@task()
def send_letter(letter_id: int, attempt: int = 0) -> None:
    """Send a mail and forget it. When it cannot be sent, try again later, a few times."""
    letter = Letter.objects.filter(pk=letter_id).first()
    if letter is None:
        return
    try:
        EmailMessage(letter.subject, letter.body, to=[letter.address]).send()
    except OSError:
        measuring.mail_failure()
        logger.exception("Mail %s could not be sent", letter.pk)
        _try_again(letter, attempt)
    else:
        letter.delete()


def forget_unsent() -> int:
    """Throw away what could not be sent for too long, and say how many that were."""
    return Letter.objects.filter(created_at__lt=timezone.now() - KEPT_FOR).delete()[0]


def _try_again(letter: Letter, attempt: int) -> None:
    if attempt < len(PAUSES) and send_letter.get_backend().supports_defer:
        send_letter.using(run_after=timezone.now() + PAUSES[attempt]).enqueue(letter.pk, attempt + 1)
