"""Restrain readers and slow texts down: suspensions, the purge of a spammer, slow mode. Each with an end or a way back.

suspend   a reader may not write, rate or report until a day
lift      ends that before
purge     marks everything of a spammer as spam at once, and suspends them from writing
unpurge   puts everything back where it was
slow      readers pause between what they write beside one article, until a moment
quicken   ends that before
close     nobody adds anything to what is said of one article
reopen    they may again
"""

import uuid
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from annotations import moderating, moving, states, vetting
from annotations.models import Annotation, ModerationEntry, Rule, SlowMode, Suspension
from annotations.models.annotations import AnnotationQuerySet
from annotations.moving import Refused
from annotations.states import Action, State
from reader.models import Article, User

# The longest suspension; who should be kept away for longer has their account closed.
LONGEST = timedelta(days=366)
# Who was purged writes no more for so long; time enough for somebody to look at the account.
PURGED_FOR = timedelta(days=30)
LONGEST_PAUSE = timedelta(hours=1)

Scope = Suspension.Scope


def suspend(*, reader: User, by: User, scope: str, until: datetime, reason: str) -> Suspension:
    """Keep a reader from writing, rating or reporting until a moment. A longer one of the same kind replaces it.

    Raises PermissionDenied, Refused with the field it is about, and what `moderating.checked_reason` raises.
    """
    moderating.check_may(by)
    reason = moderating.checked_reason(reason)
    now = timezone.now()
    if scope not in Scope.values:
        raise Refused("Choose what the reader may not do.", field="scope")
    if not now < until <= now + LONGEST:
        raise Refused("Choose a day from tomorrow on, at most a year away.", field="until")
    if reader == by or reader.has_perm("annotations.moderate_annotation"):
        raise Refused("Moderators are not suspended; a superuser takes their rights away.")
    with transaction.atomic():
        User.objects.select_for_update(no_key=True).get(pk=reader.pk)
        reader.suspensions.in_force(now).filter(scope=scope).update(lifted_at=now)
        suspension = Suspension.objects.create(reader=reader, scope=scope, until=until, reason=reason, moderator=by)
        _log(ModerationEntry.Action.SUSPEND, by, reader=reader, reason=reason, details=_told(suspension))
    return suspension


def lift(*, suspension: Suspension, by: User, reason: str) -> None:
    """End a suspension before its day; twice does nothing more."""
    moderating.check_may(by)
    reason = moderating.checked_reason(reason)
    with transaction.atomic():
        if Suspension.objects.in_force().filter(pk=suspension.pk).update(lifted_at=timezone.now()):
            details = f"from {suspension.get_scope_display().lower()}"
            _log(ModerationEntry.Action.LIFT, by, reader=suspension.reader, reason=reason, details=details)


def purgeable(reader: User) -> AnnotationQuerySet:
    """Give what a purge would mark as spam."""
    return Annotation.objects.by(reader).filter(state__in=states.MOVES[Action.SPAM].sources - {State.REMOVED})


def purge(*, reader: User, by: User, reason: str, batch: uuid.UUID | None = None) -> uuid.UUID:
    """Mark everything that a spammer wrote as spam, and suspend them from writing; give the batch, to undo it by.

    Nobody else sees any more what they put beside others' words. What moderators removed already, and what was
    withdrawn, stays as it is. The same batch a second time purges nothing more. Raises as `suspend` does.
    """
    moderating.check_may(by)
    batch = batch or uuid.uuid4()
    with transaction.atomic():
        User.objects.select_for_update(no_key=True).get(pk=reader.pk)
        if ModerationEntry.objects.filter(batch=batch, action=ModerationEntry.Action.PURGE).exists():
            return batch
        until = timezone.now() + PURGED_FOR
        suspend(reader=reader, by=by, scope=Scope.WRITING, until=until, reason=reason)
        for annotation in purgeable(reader).locked().order_by("pk"):
            entry = moving.move(annotation, Action.SPAM, by=by, rule=Rule.SPAM, reason=reason, batch=batch)
            annotation.flags.filter(settled_by=None).update(settled_by=entry)
        entry = _log(ModerationEntry.Action.PURGE, by, reader=reader, reason=reason, batch=batch)
        vetting.withhold(reader=reader, purge=entry)
    return batch


def unpurge(*, batch: uuid.UUID, by: User, reason: str) -> int:
    """Put everything that a purge marked back where it was, and end its suspension; give how many that are.

    What somebody decided about since stays as they decided.
    """
    moderating.check_may(by)
    reason = moderating.checked_reason(reason)
    with transaction.atomic():
        done = ModerationEntry.objects.filter(batch=batch, action=Action.SPAM, undone_by__isnull=True)
        entries = {entry.annotation_id: entry for entry in done if entry.annotation_id is not None}
        back = 0
        for annotation in Annotation.objects.locked().filter(pk__in=entries, state=State.SPAM).order_by("pk"):
            entry = entries[annotation.pk]
            moving.move(annotation, Action.UNDO, by=by, to=State(entry.from_state), reason=reason, undoes=entry)
            entry.settled_flags.update(settled_by=None)
            back += 1
        purged = ModerationEntry.objects.filter(batch=batch, action=ModerationEntry.Action.PURGE)
        for entry in purged.select_related("reader"):
            assert entry.reader is not None  # noqa: S101  (a purge is about a reader)
            vetting.give_back(purge=entry)
            # Not one that somebody put in its place since.
            own = entry.reader.suspensions.in_force().filter(scope=Scope.WRITING, reason=entry.reason)
            for suspension in own.filter(moderator=entry.moderator):
                lift(suspension=suspension, by=by, reason=reason)
    return back


def slow(*, article: Article, by: User, seconds: int, until: datetime, reason: str) -> SlowMode:
    """Let readers pause so many seconds between what they write beside one article, until a moment."""
    moderating.check_may(by)
    reason = moderating.checked_reason(reason)
    now = timezone.now()
    if not 0 < seconds <= LONGEST_PAUSE.total_seconds():
        raise Refused("Choose a pause of one second to an hour.", field="seconds")
    if not now < until <= now + LONGEST:
        raise Refused("Choose a moment from now on, at most a year away.", field="until")
    with transaction.atomic():
        said = {"seconds": seconds, "until": until, "moderator": by, "reason": reason}
        mode, _ = SlowMode.objects.update_or_create(article=article, defaults=said)
        details = f"{seconds} seconds until {timezone.localtime(until):%Y-%m-%d %H:%M}"
        _log(ModerationEntry.Action.SLOW, by, article=article, reason=reason, details=details)
        article.touch()
    return mode


def quicken(*, article: Article, by: User, reason: str) -> None:
    """End slow mode before its moment; twice does nothing more."""
    moderating.check_may(by)
    reason = moderating.checked_reason(reason)
    with transaction.atomic():
        if SlowMode.objects.filter(article=article).delete()[0]:
            _log(ModerationEntry.Action.SLOW, by, article=article, reason=reason, details="ended")
            article.touch()


def close(*, article: Article, by: User, reason: str) -> None:
    """Let nobody add anything to what is said of an article; twice does nothing more. Raises as `reopen` does."""
    _set_status(article, Article.Status.CLOSED, ModerationEntry.Action.CLOSE, by, reason)


def reopen(*, article: Article, by: User, reason: str) -> None:
    """Let readers add to what is said of an article again; twice does nothing more.

    Raises PermissionDenied, Refused for a draft and for what editors have put away, and what
    `moderating.checked_reason` raises.
    """
    _set_status(article, Article.Status.PUBLISHED, ModerationEntry.Action.OPEN, by, reason)


def _set_status(
    article: Article, status: Article.Status, action: ModerationEntry.Action, by: User, reason: str
) -> None:
    moderating.check_may(by)
    reason = moderating.checked_reason(reason)
    with transaction.atomic():
        locked = Article.objects.select_for_update(of=("self",)).get(pk=article.pk)
        if locked.status not in {Article.Status.PUBLISHED, Article.Status.CLOSED}:
            raise Refused("Editors have put this article away, or not published it yet: it is theirs to open.")
        if locked.status != status:
            locked.status = status
            locked.save(update_fields=["status"])
            _log(action, by, article=locked, reason=reason)
            locked.touch()
    article.status = locked.status


def _told(suspension: Suspension) -> str:
    return f"from {suspension.get_scope_display().lower()} until {timezone.localtime(suspension.until):%Y-%m-%d %H:%M}"


def _log(
    action: ModerationEntry.Action,
    by: User,
    *,
    reader: User | None = None,
    article: Article | None = None,
    reason: str,
    details: str = "",
    batch: uuid.UUID | None = None,
) -> ModerationEntry:
    return ModerationEntry.objects.create(
        action=action, moderator=by, reader=reader, article=article, reason=reason, details=details, batch=batch
    )
