"""Mail to readers about what concerns them, and the link in it that ends such mail.

Only to main addresses that were confirmed, and never to sample accounts or closed ones.
"""

import logging

from allauth.account.models import EmailAddress
from django.conf import settings
from django.core import signing
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.urls import reverse
from django_tasks import task

from annotations.models import Notice, NoticePreference
from reader import measuring
from reader.models import User

logger = logging.getLogger(__name__)

# What is worth a mail; the rest waits among the notices.
MAILED = {Notice.Event.ANSWERED, Notice.Event.RESOLVED}

_SIGNER = signing.Signer(salt="annotations.mailing")


@task()
def send_notice(notice_id: int) -> None:
    """Mail one notice to its reader, unless they have read it, want no mail or have no address for it."""
    notice = Notice.objects.select_related("reader", "actor", "annotation__article").filter(pk=notice_id).first()
    if notice is None or notice.read_at is not None or not notice.annotation.is_published:
        return
    if address := _address_of(notice.reader):
        try:
            _message(notice, address).send()
        except OSError:
            measuring.mail_failure()
            logger.exception("The mail of notice %s could not be sent", notice.pk)


def unsubscribe_path(reader: User) -> str:
    """Give the address, on this site, that ends mail to a reader, whoever opens it. It works for ever."""
    return reverse("unsubscribe", args=[_SIGNER.sign(str(reader.pk))])


def reader_of(token: str) -> User | None:
    """Give whom the link is for that ends with this token, or None when it is no link of ours."""
    try:
        return User.objects.filter(pk=_SIGNER.unsign(token)).first()
    except signing.BadSignature:
        return None


def _address_of(reader: User) -> str:
    """Give where a reader takes mail; empty when nowhere."""
    if not reader.is_active or reader.is_sample:
        return ""
    if NoticePreference.objects.filter(reader=reader, is_mailed=False).exists():
        return ""
    addresses = EmailAddress.objects.filter(user=reader, primary=True, verified=True)
    return addresses.values_list("email", flat=True).first() or ""


def _message(notice: Notice, address: str) -> EmailMessage:
    unsubscribe = f"{settings.SITE_ADDRESS}{unsubscribe_path(notice.reader)}"
    context = {"notice": notice, "site": settings.SITE_ADDRESS, "unsubscribe": unsubscribe}
    subject = " ".join(render_to_string(f"mail/{notice.event}_subject.txt", context).split())
    body = render_to_string(f"mail/{notice.event}_message.txt", context)
    # RFC 8058: a mail program ends it by one request, with nobody signed in.
    headers = {"List-Unsubscribe": f"<{unsubscribe}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"}
    return EmailMessage(subject, body, to=[address], headers=headers)
