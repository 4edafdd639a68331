"""Report annotations, and hide, restore or keep them: the acts of readers who report and of moderators who decide.

    published ── hide ──▸ hidden ── restore ──▸ published
    published ── keep ──▸ published, with its reports answered
    withdrawn: its writer's word is final, and no decision leads out of it

A decision locks the annotation, writes state and log together, answers the reports that wait, and raises the article's
activity, in one transaction; where it no longer fits what it finds, it is refused and nothing is written. Who may
decide is asked here and not at the edge, so that no way in can forget it.
"""

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction

from annotations import rating, settling
from annotations.models import Annotation, Flag, ModerationEntry
from reader.models import User

REASON_MAX_LENGTH = 1000
PERMISSION = "annotations.moderate_annotation"

Action = ModerationEntry.Action
State = Annotation.State


class Refused(ValueError):
    """What was asked for was not done; `message` is a sentence for the person, `field` what it is about."""

    def __init__(self, message: str, *, field: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.field = field


class StaleDecision(Refused):
    """The annotation is no longer as the person saw it."""


class ReasonMissing(Refused):
    """No reason was given, or none that says anything."""


class ReasonTooLong(Refused):
    """More words than the log keeps."""


class AlreadyFlagged(Refused):
    """The reader has reported this annotation before."""


class OwnAnnotation(Refused):
    """Nobody reports themselves."""


def flag(*, annotation: Annotation, by: User, reason: str, details: str = "") -> Flag:
    """Report a published annotation to the moderators, once a reader.

    `reason` is one of Flag.Reason. Raises OwnAnnotation, AlreadyFlagged, ReasonMissing, ReasonTooLong for the details,
    and StaleDecision when the annotation was hidden or withdrawn meanwhile.
    """
    if annotation.is_by(by):
        raise OwnAnnotation("This is your own. You can edit or withdraw it instead of reporting it.")
    if reason not in Flag.Reason.values:
        raise ReasonMissing("Please choose what is wrong with it.", field="reason")
    details = _within_length(details, field="details")
    try:
        with transaction.atomic():
            _lock(annotation)
            if not annotation.is_published:
                raise StaleDecision("This annotation is no longer shown, so there is nothing left to report.")
            return Flag.objects.create(annotation=annotation, creator=by, reason=reason, details=details)
    except IntegrityError as error:
        raise AlreadyFlagged("You have reported this already, thank you. Once is enough for us to look.") from error


def hide(*, annotation: Annotation, by: User, reason: str, version: int | None = None) -> ModerationEntry:
    """Take a published annotation out of sight; its replies and its place in the thread stay.

    `version` is the edit the moderator read; None decides whatever it says now. The passed annotation shows the new
    state. Raises PermissionDenied, ReasonMissing, ReasonTooLong or StaleDecision.
    """
    return _decide(Action.HIDE, annotation, by=by, reason=reason, version=version)


def restore(*, annotation: Annotation, by: User, reason: str, version: int | None = None) -> ModerationEntry:
    """Show a hidden annotation again, where it was. Raises as `hide` does."""
    return _decide(Action.RESTORE, annotation, by=by, reason=reason, version=version)


def keep(*, annotation: Annotation, by: User, reason: str, version: int | None = None) -> ModerationEntry:
    """Answer the reports on an annotation that may stay as it is. Raises as `hide` does."""
    return _decide(Action.KEEP, annotation, by=by, reason=reason, version=version)


def checked_reason(reason: str) -> str:
    """Give the reason as it is kept. Raises ReasonMissing when it says nothing, ReasonTooLong past the log's length."""
    reason = _within_length(reason, field="reason")
    if not any(character.isalnum() for character in reason):
        raise ReasonMissing(
            "Please say why, in a few words: the log keeps it and the writer is shown it.", field="reason"
        )
    return reason


# What each decision needs to find and what it leaves.
_MOVES = {
    Action.HIDE: (State.PUBLISHED, State.HIDDEN),
    Action.RESTORE: (State.HIDDEN, State.PUBLISHED),
    Action.KEEP: (State.PUBLISHED, State.PUBLISHED),
}

_STALE = {
    (Action.HIDE, State.HIDDEN): "It is hidden already.",
    (Action.HIDE, State.WITHDRAWN): "Its writer has withdrawn it, so there is nothing left to hide.",
    (Action.RESTORE, State.PUBLISHED): "It is published already.",
    (Action.RESTORE, State.WITHDRAWN): "Its writer has withdrawn it, and only they may decide that it is shown.",
    (Action.KEEP, State.HIDDEN): "It is hidden. Restore it if it may stay.",
    (Action.KEEP, State.WITHDRAWN): "Its writer has withdrawn it, so there is nothing left to keep.",
}


def _decide(action: Action, annotation: Annotation, *, by: User, reason: str, version: int | None) -> ModerationEntry:
    if not by.has_perm(PERMISSION):
        raise PermissionDenied("Only moderators may do this.")
    reason = checked_reason(reason)
    before, after = _MOVES[action]
    with transaction.atomic():
        _lock(annotation)
        _check_fresh(action, annotation, before, version)
        entry = ModerationEntry.objects.create(
            annotation=annotation, moderator=by, action=action, from_state=before, to_state=after, reason=reason
        )
        annotation.flags.open().update(settled_by=entry)
        if after != before:
            annotation.state = after
            annotation.save(update_fields=["state"])
            settling.keep_in_step(annotation)
            annotation.article.touch()
            rating.follow(annotation)
    return entry


def _lock(annotation: Annotation) -> None:
    """Read what decides afresh and keep it so until the transaction ends."""
    # Not the key: a reply being posted holds the article's row and needs this one's key, and must not wait for us.
    locked = Annotation.objects.select_for_update(no_key=True)
    annotation.refresh_from_db(fields=["state", "version"], from_queryset=locked)


def _check_fresh(action: Action, annotation: Annotation, before: State, version: int | None) -> None:
    if annotation.state != before:
        raise StaleDecision(_STALE[action, State(annotation.state)])
    if version not in (None, annotation.version):
        raise StaleDecision("Its writer edited it while you were deciding. Please read it again.")
    if action == Action.KEEP and not annotation.flags.open().exists():
        raise StaleDecision("No report on it is waiting for an answer.")


def _within_length(words: str, *, field: str) -> str:
    words = words.replace("\r\n", "\n").replace("\x00", "").strip()
    if len(words) > REASON_MAX_LENGTH:
        raise ReasonTooLong(
            f"This is {len(words):,} characters long; {REASON_MAX_LENGTH:,} is the most. Please shorten it.",
            field=field,
        )
    return words
