"""Report an annotation to the moderators. Disagreeing with it is no reason to: that is said and counted by itself.

report  once a reader; three reports by readers in good standing hold it until a moderator has looked
"""

from django.db import IntegrityError, transaction
from django.db.models import QuerySet

from annotations import accepting, holding, notifying, pacing, trust
from annotations.models import Annotation, Flag, ModerationEntry, Notice, Rule, Suspension
from annotations.moving import Refused, StaleDecision
from reader.models import User

DETAILS_MAX_LENGTH = 1000
# So many readers in good standing hold what they report.
REPORTS_THAT_HOLD = 3


class AlreadyFlagged(Refused):
    """The reader has reported this annotation before."""


class OwnAnnotation(Refused):
    """Nobody reports themselves."""


def of(reader: User) -> QuerySet[Flag]:
    """Give what a reader reported, the latest first, with what a page says of it."""
    told = Flag.objects.by(reader).select_related("settled_by", "annotation__article__current_revision")
    return told.defer("annotation__article__current_revision__text")


def report(*, annotation: Annotation, by: User, reason: str, details: str = "") -> Flag:
    """Report a published annotation, once a reader; `reason` is one of Rule.

    A report for a reason for which it was looked at and kept is answered at once; it waits for a moderator again only
    for another reason, or when it was edited since. Raises Refused, OwnAnnotation, AlreadyFlagged, NotAccepted for who
    is suspended from reporting, and StaleDecision when the annotation is no longer shown.
    """
    if annotation.is_by(by):
        raise OwnAnnotation("This is your own. You can edit or withdraw it instead of reporting it.")
    if reason not in Rule.values:
        raise Refused("Please choose what is wrong with it.", field="reason")
    details = accepting.typed(details)
    if len(details) > DETAILS_MAX_LENGTH:
        raise Refused(
            f"This is {len(details):,} characters long; {DETAILS_MAX_LENGTH:,} is the most. Please shorten it.",
            field="details",
        )
    trust.refuse_suspended(by, Suspension.Scope.REPORTING)
    try:
        with transaction.atomic():
            current = Annotation.objects.locked().get(pk=annotation.pk)
            if not current.is_published:
                raise StaleDecision("This annotation is no longer shown, so there is nothing left to report.")
            kept = _kept_for(current, reason)
            flag = Flag.objects.create(annotation=current, creator=by, reason=reason, details=details, settled_by=kept)
            if kept and kept.moderator:
                notifying.tell(by, Notice.Event.REPORTED, annotation=current, actor=kept.moderator)
            if not kept:
                _hold_when_many(current)
            pacing.count("reports", by=by)
    except IntegrityError as error:
        raise AlreadyFlagged("You have reported this already, thank you. Once is enough for us to look.") from error
    return flag


def _kept_for(annotation: Annotation, reason: str) -> ModerationEntry | None:
    """Give the decision to keep it that answered a report for this reason, unless it was edited since."""
    kept = annotation.moderation_entries.filter(
        action=ModerationEntry.Action.KEEP, undone_by__isnull=True, settled_flags__reason=reason
    )
    if annotation.edited_at:
        kept = kept.filter(created_at__gt=annotation.edited_at)
    return kept.select_related("moderator").first()


def _hold_when_many(annotation: Annotation) -> None:
    waiting = annotation.flags.open().select_related("creator")
    trusted = [flag for flag in waiting if trust.is_in_good_standing(flag.creator)]
    if len({flag.creator_id for flag in trusted}) >= REPORTS_THAT_HOLD:
        said = ", ".join(sorted({flag.get_reason_display().lower() for flag in trusted}))
        holding.hold(annotation, f"{len(trusted)} reports: {said}")
