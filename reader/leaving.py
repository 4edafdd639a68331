"""Close an account, and remove it a week later unless its bearer calls that off.

    announce   the account is closed and its sessions end; mail says until when it can be called off
    call_off   it is open again, as it was
    carry_out  all that is personal goes. A husk stays, for what others answered has to have been said by somebody

    remove_unconfirmed  an account that nobody ever came into goes altogether

The husk has a name that nobody can choose and is shown as "former reader". Former names stay taken for a year, as
hashes, so that nobody can pose as who has left.
"""

import logging
from datetime import timedelta

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.db.models import ProtectedError
from django.template.loader import render_to_string
from django.utils import timezone
from django_tasks import task

from reader import posting, signing_in, usernames
from reader.models import Departure, Draft, Name, User
from reader.models.departures import CALLED_OFF_WITHIN
from reader.signals import account_emptied, account_removed, leaving_asked, name_changed

logger = logging.getLogger(__name__)

# Longer than any link that confirms an address works, so that a new one can be asked for.
UNCONFIRMED_KEPT_FOR = timedelta(days=30)

# The worker looks a little after the moment, so that it has come.
_AFTER = timedelta(minutes=1)


class NotLeaving(ValueError):
    """Why somebody cannot leave now, in a sentence for them."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


def refusal(reader: User) -> str:
    """Give why a reader cannot leave now, in a sentence for them; empty when they can."""
    if reader.is_sample:
        return "A sample account stays: it shows how Gloss is used and is nobody."
    others = User.objects.filter(is_superuser=True, is_active=True).exclude(pk=reader.pk)
    if reader.is_superuser and not others.exists():
        return "You alone can give rights on this site. Give them to somebody else first."
    if Draft.objects.filter(creator=reader, state=Draft.State.PUBLISHING).exists():
        return "A text of yours is being published. Please wait until that is done."
    answers = (answer for _, answer in leaving_asked.send(sender=User, reader=reader))
    return next((answer for answer in answers if answer), "")


def announce(*, reader: User, is_withdrawing: bool) -> Departure:
    """Close an account and have it removed in a week; a second time changes nothing but what becomes of the words.

    Raises NotLeaving for who cannot leave now.
    """
    with transaction.atomic():
        current = User.objects.select_for_update(no_key=True).get(pk=reader.pk)
        if reason := refusal(current):
            raise NotLeaving(reason)
        due_at = timezone.now() + CALLED_OFF_WITHIN
        departure, is_new = Departure.objects.get_or_create(
            reader=current, defaults={"is_withdrawing": is_withdrawing, "due_at": due_at}
        )
        if not is_new:
            return departure
        current.is_active = False
        current.save(update_fields=["is_active"])
        signing_in.end_others(reader=current, but=None)
        _tell(departure)
        if remove_account.get_backend().supports_defer:
            remove_account.using(run_after=due_at + _AFTER).enqueue(departure.pk)
        name_changed.send(sender=User, reader=current)
    return departure


def call_off(*, reader: User) -> bool:
    """Open the account of who was about to leave, and say whether they were; too late there is nothing to open."""
    with transaction.atomic():
        current = User.objects.select_for_update(no_key=True).get(pk=reader.pk)
        gone, _ = Departure.objects.filter(reader=current).delete()
        if not gone:
            return False
        current.is_active = True
        current.save(update_fields=["is_active"])
        name_changed.send(sender=User, reader=current)
    return True


def carry_out_due() -> int:
    """Remove the accounts whose week is over, and say how many; one that fails is logged and tried again next time."""
    done = 0
    for departure in Departure.objects.due().select_related("reader"):
        try:
            carry_out(departure)
        except Exception:
            logger.exception("Account %s could not be removed", departure.reader_id)
        else:
            done += 1
    return done


def remove_unconfirmed() -> int:
    """Remove accounts of which nobody confirmed the address in time, and say how many: their names are free again.

    Where addresses have to be confirmed, nobody can have come into them, and the address may be a stranger's to them.
    """
    if settings.ACCOUNT_EMAIL_VERIFICATION != "mandatory":
        return 0
    made_before = timezone.now() - UNCONFIRMED_KEPT_FOR
    never_in = User.objects.filter(date_joined__lt=made_before, last_login=None, is_staff=False, is_sample=False)
    unconfirmed = never_in.filter(emailaddress__verified=False).exclude(emailaddress__verified=True)
    return sum(_remove_unconfirmed(pk) for pk in unconfirmed.values_list("pk", flat=True).distinct())


def _remove_unconfirmed(pk: int) -> bool:
    with transaction.atomic():
        # Whoever confirms it this moment waits, or was first.
        addresses = EmailAddress.objects.select_for_update().filter(user=pk)
        if any(address.verified for address in addresses):
            return False
        try:
            with transaction.atomic():
                User.objects.filter(pk=pk, last_login=None).delete()
        except ProtectedError:
            # Moderators have said something of it, and the log keeps that.
            return False
    return True


@task()
def remove_account(departure_id: int) -> None:
    """Remove an account whose week is over; one that was called off, or is not due yet, is left as it is."""
    departure = Departure.objects.due().select_related("reader").filter(pk=departure_id).first()
    if departure is not None:
        carry_out(departure)


def carry_out(departure: Departure) -> None:
    """Remove an account: first what is much, bit by bit, then all the rest in one transaction."""
    account_emptied.send(sender=User, reader=departure.reader, is_withdrawing=departure.is_withdrawing)
    with transaction.atomic():
        reader = User.objects.select_for_update().get(pk=departure.reader_id)
        if not Departure.objects.due().filter(pk=departure.pk).exists():
            return
        account_removed.send(sender=User, reader=reader)
        _forget(reader)
        Departure.objects.filter(pk=departure.pk).delete()
        name_changed.send(sender=User, reader=reader)


def _forget(reader: User) -> None:
    signing_in.end_others(reader=reader, but=None)
    EmailAddress.objects.filter(user=reader).delete()
    Authenticator.objects.filter(user=reader).delete()
    # Nobody's from now on, and what they were is told no more; but taken for the year.
    Name.objects.filter(reader=reader).update(reader=None, username="", given_up_at=timezone.now())
    people = ContentType.objects.get_for_model(User)
    LogEntry.objects.filter(content_type=people, object_id=str(reader.pk)).update(object_repr="former reader")
    reader.groups.clear()
    reader.user_permissions.clear()
    reader.username, reader.email, reader.last_login = usernames.former(reader.pk), "", None
    reader.is_staff = reader.is_superuser = False
    reader.set_unusable_password()
    reader.save()


def _tell(departure: Departure) -> None:
    """Write to the main address, so that who did not do this can undo it."""
    address = EmailAddress.objects.get_primary(departure.reader)
    if address is None:
        return
    context = {"departure": departure, "site": settings.SITE_ADDRESS}
    subject = " ".join(render_to_string("mail/leaving_subject.txt", context).split())
    posting.post(address=address.email, subject=subject, body=render_to_string("mail/leaving_message.txt", context))
