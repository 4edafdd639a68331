"""Tell readers what concerns them: an answer to what they asked, and what others did about what they wrote.

An act tells in its own transaction, so that there is never a notice of what did not happen. What is mailed as well goes
out after that, by the worker, and no act fails because a mail does.
"""

from datetime import datetime
from functools import partial

from django.core.cache import caches
from django.db import transaction
from django.db.models import OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce, Now
from django.utils import timezone

from annotations import mailing
from annotations.models import Annotation, ModerationEntry, Mute, Notice, NoticePreference
from annotations.models.notices import DECIDED
from annotations.states import MOVES, Action, Role
from reader.models import User

# What moderators decide about annotations; undoing takes back what was told.
_DECISIONS = [action for action, way in MOVES.items() if way.role == Role.MODERATOR and action != Action.UNDO]


def tell(
    reader: User, event: str, *, annotation: Annotation, actor: User, entry: ModerationEntry | None = None
) -> Notice | None:
    """Tell a reader of one of Notice.Event, done by the actor; `annotation` is what to look at.

    `entry` is the decision about a line of the reader's, of which they are told the reason.

    Call it inside the act's transaction. Nobody is told of what they did themselves or whom they muted did, but for
    decisions of moderators; and while the same stands there unread it is not told again: None in all these cases.
    """
    is_muted = event not in DECIDED and Mute.objects.filter(reader=reader, person=actor).exists()
    if reader == actor or is_muted:
        return None
    notice, is_new = Notice.objects.get_or_create(
        reader=reader, event=event, annotation=annotation, actor=actor, entry=entry, read_at=None
    )
    if not is_new:
        return None
    transaction.on_commit(partial(_forget_count, reader), robust=True)
    if event in mailing.MAILED:
        transaction.on_commit(partial(mailing.send_notice.enqueue, notice.pk), robust=True)
    return notice


def take_back(*, annotation: Annotation, actor: User, since: datetime) -> None:
    """Take back what was told of a decision that is undone, whether it was read or not. Call it as `tell`."""
    told = Notice.objects.filter(annotation=annotation, actor=actor, event__in=DECIDED, created_at__gte=since)
    _take_back(told.filter(entry__isnull=True))


def take_back_unread(event: str, *, annotation: Annotation, actor: User) -> None:
    """Take back what was told of an actor's act, as long as nobody has read it. Call it as `tell`."""
    _take_back(Notice.objects.unread().filter(event=event, annotation=annotation, actor=actor))


def told_to(reader: User) -> QuerySet[Notice]:
    """Give what a reader was told, newest first, with what a page says of it.

    Of what moderators decided, `decision` is what: their last about it, or the last that the reader can have known of.
    """
    decided = ModerationEntry.objects.filter(
        annotation=OuterRef("annotation"),
        moderator=OuterRef("actor"),
        action__in=_DECISIONS,
        undone_by__isnull=True,
        created_at__lte=Coalesce(OuterRef("read_at"), Now()),
    ).order_by("-id")
    told = Notice.objects.to(reader).select_related("actor", "entry", "annotation__article__current_revision")
    return told.defer("annotation__article__current_revision__text").annotate(
        decision=Subquery(decided.values("action")[:1])
    )


def mark_read(reader: User, notices: list[Notice]) -> None:
    """Note that a reader has been shown these; the given ones still say which of them were new."""
    unread = Notice.objects.to(reader).unread().filter(pk__in=[notice.pk for notice in notices])
    if unread.update(read_at=timezone.now()):
        _forget_count(reader)


def unread_count(reader: User) -> int:
    """Give how many notices wait for a reader. Asked for every page they open, so the answer may be a minute old."""
    return int(caches["people"].get_or_set(_key(reader), Notice.objects.to(reader).unread().count) or 0)


def is_mailed(reader: User) -> bool:
    """Say whether a reader wants mail; they do until they say that they do not."""
    return not NoticePreference.objects.filter(reader=reader, is_mailed=False).exists()


def set_mailed(reader: User, *, is_mailed: bool) -> None:
    """Send a reader mail about what concerns them, or no longer."""
    NoticePreference.objects.update_or_create(reader=reader, defaults={"is_mailed": is_mailed})


def _take_back(told: QuerySet[Notice]) -> None:
    for notice in told.select_related("reader"):
        transaction.on_commit(partial(_forget_count, notice.reader), robust=True)
    told.delete()


def _forget_count(reader: User) -> None:
    caches["people"].delete(_key(reader))


def _key(reader: User) -> str:
    return f"unread.{reader.pk}"
